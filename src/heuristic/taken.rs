//! Which steps along the axes of numeric atoms were taken in an evaluation, so that a step that another one
//! dominates costs nothing: without it, every step would offer every atom.

use super::amount::Amount;
use super::relaxed::{Numeric, Standing};

/// How far operators lead along the axes of numeric atoms.
#[derive(Debug)]
pub(super) struct Amounts<C> {
    /// Where the state stands on each axis.
    pub(super) standing: Vec<Standing>,
    /// Per axis the last steps taken that no other dominates; all others lead nowhere cheaper.
    steps: Vec<[Option<Taken<C>>; STEPS_MAX]>,
}

/// A step along an axis that was taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken<C> {
    /// What the preconditions cost.
    pub(super) paid: C,
    /// What each repetition costs.
    pub(super) own: C,
    /// What each repetition adds.
    pub(super) delta: f64,
}

/// Steps remembered for an axis.
const STEPS_MAX: usize = 4;

impl<C: Amount> Amounts<C> {
    pub(super) fn new(numeric: &Numeric) -> Self {
        Self { standing: Vec::new(), steps: vec![[None; STEPS_MAX]; numeric.axes.len()] }
    }

    /// Notes a step; `false` where one that was taken leads wherever it leads, and no dearer.
    pub(super) fn take(&mut self, axis: usize, step: Taken<C>) -> bool {
        let steps = &mut self.steps[axis];
        let beats = |one: &Taken<C>, other: &Taken<C>| {
            one.paid <= other.paid && one.own <= other.own && one.delta >= other.delta
        };
        if steps.iter().flatten().any(|taken| beats(taken, &step)) {
            return false;
        }
        let free = steps.iter().position(|taken| taken.as_ref().is_none_or(|taken| beats(&step, taken)));
        steps[free.unwrap_or(STEPS_MAX - 1)] = Some(step);
        true
    }

    /// Begins with a state: nothing is taken yet.
    pub(super) fn clear(&mut self) {
        self.steps.fill([None; STEPS_MAX]);
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.steps.len() * (size_of::<[Option<Taken<C>>; STEPS_MAX]>() + size_of::<Standing>())
    }
}
