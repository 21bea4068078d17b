//! Whether objects of one type can stand where another type is asked for.

use super::super::model::TypeId;

const CACHE: usize = 1 << 10;

/// How the types of an argument relate to the types that its parameter asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// Every object of the argument's types is of the parameter's.
    Inside,
    /// Some objects may be of both.
    Partly,
    /// No object can be of both.
    Never,
}

/// The graph of types, which may have cycles.
#[derive(Debug, Default)]
pub(super) struct Lattice {
    /// Supertypes as declared, indexed by type.
    pub(super) supers: Vec<Vec<TypeId>>,
    /// Types of objects that have several.
    pub(super) several: Vec<Vec<TypeId>>,
    /// Subtypes, indexed by type; computed at the first question.
    subs: Vec<Vec<TypeId>>,
    /// Steps taken through the graph since they were last counted.
    pub(super) steps: usize,
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

    /// Types with all their supertypes, `object` included. O(ancestors).
    pub(super) fn ancestors(&mut self, of: &[TypeId]) -> Vec<TypeId> {
        let mut found = self.begin(of);
        let mut at = 0;
        while let Some(&one) = found.get(at) {
            at += 1;
            let up = self.supers[one.0 as usize].iter().chain([&TypeId(0)]);
            Self::reach(&mut self.stamps, self.stamp, up, &mut found);
        }
        self.steps += found.len();
        found
    }

    /// A type with all its subtypes. O(descendants).
    fn descendants(&mut self, of: TypeId) -> Vec<TypeId> {
        if self.subs.len() < self.supers.len() {
            self.subs.resize(self.supers.len(), Vec::new());
            for (own, supers) in self.supers.iter().enumerate() {
                supers.iter().for_each(|above| self.subs[above.0 as usize].push(TypeId(own as u32)));
            }
        }
        let mut found = self.begin(&[of]);
        let mut at = 0;
        while let Some(&one) = found.get(at) {
            at += 1;
            Self::reach(&mut self.stamps, self.stamp, self.subs[one.0 as usize].iter(), &mut found);
        }
        self.steps += found.len();
        found
    }

    /// Begins a search that has found only the types `of`.
    fn begin(&mut self, of: &[TypeId]) -> Vec<TypeId> {
        self.stamps.resize(self.supers.len(), 0);
        self.stamp += 1;
        let mut found = Vec::new();
        Self::reach(&mut self.stamps, self.stamp, of.iter(), &mut found);
        found
    }

    fn reach<'a>(
        stamps: &mut [u32],
        stamp: u32,
        types: impl Iterator<Item = &'a TypeId>,
        found: &mut Vec<TypeId>,
    ) {
        for &one in types {
            if std::mem::replace(&mut stamps[one.0 as usize], stamp) != stamp {
                found.push(one);
            }
        }
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
        if self.ancestors(&[one]).contains(&other) {
            return Fit::Inside;
        }
        if self.ancestors(&[other]).contains(&one) {
            return Fit::Partly;
        }
        let below_one = self.descendants(one);
        let below_other = self.descendants(other);
        // The stamps tell which types are below `other`.
        let is_below = |of: &TypeId| self.stamps[of.0 as usize] == self.stamp;
        if below_one.iter().any(is_below) {
            return Fit::Partly;
        }
        let (mut sorted, mut others) = (below_one, below_other);
        sorted.sort_unstable();
        others.sort_unstable();
        self.steps += self.several.len();
        let has =
            |sorted: &[TypeId], types: &[TypeId]| types.iter().any(|one| sorted.binary_search(one).is_ok());
        let is_both = |types: &Vec<TypeId>| has(&sorted, types) && has(&others, types);
        if self.several.iter().any(is_both) { Fit::Partly } else { Fit::Never }
    }
}
