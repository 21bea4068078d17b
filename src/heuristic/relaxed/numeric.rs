//! Axes with their atoms, and which operators move along them.

use std::ops::Range;

use super::axis::{Axis, Change, Left, Threshold, repetitions};
use crate::task::{Layout, SlotId};

/// A change of an axis by a relaxed operator that its add effects do not cover.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::heuristic) struct Influence {
    pub(in crate::heuristic) axis: u32,
    /// The axis grows; or it gets a value from which other operators make it grow.
    pub(in crate::heuristic) change: Change,
}

/// The numeric part of a relaxation. Atoms are numbered from 0 here; atom `i` is proposition `atom_base + i`.
#[derive(Clone, Debug, Default)]
pub(in crate::heuristic) struct Numeric {
    pub(in crate::heuristic) axes: Vec<Axis>,
    /// Per atom what it asks, by axis, ascending.
    pub(super) thresholds: Vec<Threshold>,
    /// Per atom its axis.
    pub(in crate::heuristic) axis_of: Vec<u32>,
    /// By relaxed operator, ascending.
    pub(super) influences: Vec<(u32, Influence)>,
    /// Terms of all axes.
    terms: usize,
    /// Per relaxed operator where its influences begin, one more at the end; empty where no operator has any.
    starts: Vec<u32>,
}

/// The value of an axis in a state.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::heuristic) struct Standing {
    pub(in crate::heuristic) left: Left,
    /// The first atom that is not met.
    pub(in crate::heuristic) unmet: usize,
}

impl Numeric {
    /// Adds an axis; answers its id.
    pub(super) fn add_axis(&mut self, axis: Axis) -> u32 {
        self.terms += axis.terms.len();
        self.axes.push(axis);
        self.axes.len() as u32 - 1
    }

    /// Where a state stands on each axis.
    pub(in crate::heuristic) fn stand(&self, layout: &Layout, state: &[u64], standing: &mut Vec<Standing>) {
        standing.clear();
        standing.extend(self.axes.iter().map(|axis| {
            let left = axis.left(layout, state);
            Standing { left, unmet: self.first_unmet(axis, left) }
        }));
    }

    /// Atoms that hold in a state that stands there.
    pub(in crate::heuristic) fn held<'a>(
        &'a self,
        standing: &'a [Standing],
    ) -> impl Iterator<Item = usize> + 'a {
        self.axes.iter().zip(standing).flat_map(|(axis, standing)| axis.atoms.start..standing.unmet)
    }

    fn first_unmet(&self, axis: &Axis, left: Left) -> usize {
        let own = &self.thresholds[axis.atoms.clone()];
        axis.atoms.start + own.partition_point(|&threshold| axis.is_met(threshold, left))
    }

    /// The last atom that a change makes true; it implies the atoms before it.
    pub(super) fn reached_by(&self, axis: u32, change: Change) -> Option<u32> {
        let axis = &self.axes[axis as usize];
        let end = match change {
            Change::Grows(_) => return None,
            Change::Becomes(value) => self.first_unmet(axis, Left::assigned(value)),
            Change::Varies => axis.atoms.end,
        };
        (end > axis.atoms.start).then(|| end as u32 - 1)
    }

    /// Whether some operator has an influence.
    pub(in crate::heuristic) fn has_influences(&self) -> bool {
        !self.starts.is_empty()
    }

    /// Where the influences of a relaxed operator stand among all of them.
    #[inline]
    pub(in crate::heuristic) fn range(&self, operator: usize) -> Range<usize> {
        match self.starts.get(operator..operator + 2) {
            Some(ends) => ends[0] as usize..ends[1] as usize,
            None => 0..0,
        }
    }

    /// The influences of a relaxed operator.
    #[inline]
    pub(in crate::heuristic) fn of(&self, operator: usize) -> impl Iterator<Item = Influence> {
        self.influences[self.range(operator)].iter().map(|&(_, influence)| influence)
    }

    /// All influences with their relaxed operators.
    pub(in crate::heuristic) fn influences(&self) -> &[(u32, Influence)] {
        &self.influences
    }

    /// A lower bound on how often a step must be repeated until an atom holds.
    #[inline]
    pub(in crate::heuristic) fn repetitions(&self, atom: usize, delta: f64, left: Left) -> i64 {
        let (axis, threshold) = (&self.axes[self.axis_of[atom] as usize], self.thresholds[atom]);
        repetitions(axis.deficit(threshold, left), axis.gain(delta, threshold, left))
    }

    /// A lower bound on how much the left side must grow until an atom holds.
    #[inline]
    pub(in crate::heuristic) fn deficit(&self, atom: usize, left: Left) -> f64 {
        self.axes[self.axis_of[atom] as usize].deficit(self.thresholds[atom], left).max(0.0)
    }

    /// An upper bound on what a step adds on the way to an atom.
    #[inline]
    pub(in crate::heuristic) fn gain(&self, atom: usize, delta: f64, left: Left) -> f64 {
        self.axes[self.axis_of[atom] as usize].gain(delta, self.thresholds[atom], left)
    }

    /// The first atom of an axis that an assigned value does not meet.
    pub(in crate::heuristic) fn unmet_after(&self, axis: u32, left: Left) -> usize {
        self.first_unmet(&self.axes[axis as usize], left)
    }

    /// Drops assignments from which no operator makes the axis grow, and indexes the rest.
    pub(super) fn index(&mut self, operators: usize) {
        let mut grows = vec![false; self.axes.len()];
        for (_, influence) in &self.influences {
            grows[influence.axis as usize] |= matches!(influence.change, Change::Grows(_));
        }
        self.influences.retain(|(_, influence)| grows[influence.axis as usize]);
        if self.influences.is_empty() {
            return;
        }
        self.starts = vec![0; operators + 1];
        for &(operator, _) in &self.influences {
            self.starts[operator as usize + 1] += 1;
        }
        for operator in 0..operators {
            self.starts[operator + 1] += self.starts[operator];
        }
    }

    /// Bytes held.
    pub(in crate::heuristic) fn memory_bytes(&self) -> usize {
        self.axes.len() * size_of::<Axis>()
            + self.terms * size_of::<(SlotId, f64)>()
            + self.thresholds.len() * (size_of::<Threshold>() + 4)
            + self.influences.capacity() * size_of::<(u32, Influence)>()
            + self.starts.len() * 4
    }
}
