//! Whether what one type admits can be what another asks for.

use super::super::model::TypeId;

const CACHE: usize = 1 << 10;

/// How types of an argument stand to those that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// Every object of the one is an object of the other.
    Inside,
    /// Some objects may be both.
    Partly,
    /// None can be both.
    Never,
}

/// The graph of types, cycles and all.
#[derive(Debug, Default)]
pub(super) struct Lattice {
    /// Supertypes as declared, indexed by type.
    pub(super) supers: Vec<Vec<TypeId>>,
    /// Types of objects that have several.
    pub(super) several: Vec<Vec<TypeId>>,
    stamps: Vec<u32>,
    stamp: u32,
    cache: Vec<Option<(TypeId, TypeId, Fit)>>,
}

impl Lattice {
    /// How an argument of any of the types `actual` fits where `wanted` are declared.
    pub(super) fn fit(&mut self, actual: &[TypeId], wanted: &[TypeId]) -> Fit {
        if actual == wanted || wanted.contains(&TypeId(0)) {
            return Fit::Inside;
        }
        let mut best = Fit::Never;
        let mut worst = Fit::Inside;
        for &one in actual {
            let mut own = Fit::Never;
            for &other in wanted {
                match self.pair(one, other) {
                    Fit::Inside => own = Fit::Inside,
                    Fit::Partly if own == Fit::Never => own = Fit::Partly,
                    Fit::Partly | Fit::Never => {}
                }
            }
            best = if own == Fit::Never { best } else { Fit::Partly };
            worst = if own == Fit::Inside { worst } else { Fit::Partly };
        }
        if best == Fit::Never { Fit::Never } else { worst }
    }

    /// A type with all its supertypes, `object` included. O(ancestors).
    pub(super) fn ancestors(&mut self, of: TypeId) -> Vec<TypeId> {
        self.stamps.resize(self.supers.len(), 0);
        self.stamp += 1;
        let mut found = vec![of];
        self.stamps[of.0 as usize] = self.stamp;
        let mut at = 0;
        while let Some(&one) = found.get(at) {
            at += 1;
            let up = &self.supers[one.0 as usize];
            for &next in up.iter().chain([&TypeId(0)]) {
                if std::mem::replace(&mut self.stamps[next.0 as usize], self.stamp) != self.stamp {
                    found.push(next);
                }
            }
        }
        found
    }

    fn pair(&mut self, one: TypeId, other: TypeId) -> Fit {
        if one == other || other == TypeId(0) {
            return Fit::Inside;
        }
        self.cache.resize(CACHE, None);
        let slot = (one.0 as usize * 31 + other.0 as usize) % CACHE;
        if let Some((a, b, fit)) = self.cache[slot]
            && (a, b) == (one, other)
        {
            return fit;
        }
        let fit = self.compare(one, other);
        self.cache[slot] = Some((one, other, fit));
        fit
    }

    fn compare(&mut self, one: TypeId, other: TypeId) -> Fit {
        if self.ancestors(one).contains(&other) {
            return Fit::Inside;
        }
        if self.ancestors(other).contains(&one) {
            return Fit::Partly;
        }
        let joins: Vec<TypeId> = (0..self.supers.len() as u32)
            .map(TypeId)
            .filter(|join| self.supers[join.0 as usize].len() > 1)
            .collect();
        let is_both = |above: &[TypeId]| above.contains(&one) && above.contains(&other);
        if joins.into_iter().any(|join| is_both(&self.ancestors(join))) {
            return Fit::Partly;
        }
        for index in 0..self.several.len() {
            let types = self.several[index].clone();
            let above: Vec<TypeId> = types.into_iter().flat_map(|of| self.ancestors(of)).collect();
            if is_both(&above) {
                return Fit::Partly;
            }
        }
        Fit::Never
    }
}
