//! Steps along the axes of numeric atoms within one evaluation.
//!
//! The atoms of an axis are reached in order, since each one implies those before it. So only the next atom
//! is offered, at the least cost by any step: an evaluation takes time linear in steps and atoms.

use super::super::amount::Amount;
use super::super::relaxed::{Numeric, Standing};

/// The steps taken so far along all axes.
#[derive(Debug)]
pub(super) struct Amounts<C> {
    /// Where the state stands on each axis.
    pub(super) standing: Vec<Standing>,
    axes: Vec<Taken<C>>,
}

/// The steps taken so far along one axis.
#[derive(Clone, Copy, Debug)]
struct Taken<C> {
    /// The first atom that is not reached yet.
    next: usize,
    /// Steps that no other step dominates. Where they are more than fit, the last one is replaced.
    steps: [Option<Step<C>>; STEPS_MAX],
}

/// A step along an axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<C> {
    /// The relaxed operator that makes it.
    pub(super) operator: u32,
    /// What its preconditions cost.
    pub(super) paid: C,
    /// What each repetition costs.
    pub(super) own: C,
    /// What each repetition adds.
    pub(super) delta: f64,
}

/// An atom that steps lead to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer<C> {
    pub(super) atom: usize,
    pub(super) cost: C,
    pub(super) operator: u32,
}

/// Steps remembered for an axis.
const STEPS_MAX: usize = 8;

impl<C: Amount> Amounts<C> {
    pub(super) fn new(numeric: &Numeric) -> Self {
        let none = Taken { next: 0, steps: [None; STEPS_MAX] };
        Self { standing: Vec::new(), axes: vec![none; numeric.axes.len()] }
    }

    /// Starts over for the state that `standing` describes.
    pub(super) fn clear(&mut self) {
        for (axis, standing) in self.axes.iter_mut().zip(&self.standing) {
            *axis = Taken { next: standing.unmet, steps: [None; STEPS_MAX] };
        }
    }

    /// Notes a step. Answers the next atom, unless a step taken before costs no more and adds at least as
    /// much.
    pub(super) fn take(&mut self, numeric: &Numeric, axis: usize, step: Step<C>) -> Option<Offer<C>> {
        let steps = &mut self.axes[axis].steps;
        let beats = |one: &Step<C>, other: &Step<C>| {
            one.paid <= other.paid && one.own <= other.own && one.delta >= other.delta
        };
        if steps.iter().flatten().any(|taken| beats(taken, &step)) {
            return None;
        }
        let free = steps.iter().position(|taken| taken.as_ref().is_none_or(|taken| beats(&step, taken)));
        steps[free.unwrap_or(STEPS_MAX - 1)] = Some(step);
        self.offer(numeric, axis)
    }

    /// Notes that an atom was reached. Answers the next atom if a step leads there.
    pub(super) fn reach(&mut self, numeric: &Numeric, atom: usize) -> Option<Offer<C>> {
        let axis = numeric.axis_of[atom] as usize;
        let next = &mut self.axes[axis].next;
        if atom < *next {
            return None;
        }
        *next = atom + 1;
        self.offer(numeric, axis)
    }

    /// The next atom of an axis, at the least cost by any step.
    fn offer(&self, numeric: &Numeric, axis: usize) -> Option<Offer<C>> {
        let Taken { next: atom, steps } = &self.axes[axis];
        if *atom >= numeric.axes[axis].atoms.end {
            return None;
        }
        let left = self.standing[axis].left;
        let offers = steps.iter().flatten().map(|step| {
            let times = numeric.repetitions(*atom, step.delta, left);
            Offer { atom: *atom, cost: step.paid.plus(step.own.times(times)), operator: step.operator }
        });
        offers.min_by_key(|offer| offer.cost)
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.axes.len() * (size_of::<Taken<C>>() + size_of::<Standing>())
    }
}
