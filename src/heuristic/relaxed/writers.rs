//! What operators do to axes, in space linear in effects and conditions.
//!
//! An effect on a slot concerns every axis with that slot. Axes of one slot are few; where those of several
//! slots are so many that all pairs would be more than linear, their writers are shared: an operator that
//! changes one of their slots makes a proposition true, and that makes their atoms true.

use super::axis::{Axis, Change};
use super::{ATOM, Influence, Literal, NONE, Numeric, Rows};
use crate::task::{NumericEffect, Task};

/// Pairs of writer and axis that are kept for each effect and each atom.
const PAIRS_EACH: usize = 16;
/// Pairs that are kept in any case.
const PAIRS_LEAST: usize = 4096;
/// Effects and pairs looked at per piece.
const PER_PIECE: usize = 1024;

/// Numeric effects of a relaxed operator: those of a task operator, or of one of its conditional effects.
#[derive(Clone, Copy)]
pub(super) struct Changes {
    pub(super) relaxed: u32,
    pub(super) source: u32,
    pub(super) conditional: Option<u32>,
}

/// Slots and the axes that they lie on.
pub(super) struct Writers {
    /// Slot to axes that know their writers one by one.
    own: Rows,
    /// Slot to axes that share their writers.
    shared: Rows,
    /// Per slot with shared axes the proposition that it was changed; [`NONE`] for others.
    changed: Vec<Literal>,
    /// Per axis that knows its writers how many of the present task operator's changes touch it.
    touching: Vec<u32>,
    /// Axes that are touched at all.
    touched: Vec<u32>,
    /// Up to which entry changes were counted there, and whether these are all of the task operator.
    counted: usize,
    is_counted: bool,
}

impl Writers {
    /// Decides which axes share their writers. O(effects + axes).
    pub(super) fn new(task: &Task, axes: &[Axis], changes: &[Changes]) -> Self {
        let slots = task.layout.slots.len();
        let mut written = vec![0usize; slots];
        let mut effects = 0;
        for one in changes {
            for effect in effects_of(task, one) {
                written[effect.slot.0 as usize] += 1;
                effects += 1;
            }
        }
        let atoms = axes.last().map_or(0, |axis| axis.atoms.end);
        let mut left = PAIRS_LEAST + PAIRS_EACH * (effects + atoms);
        let mut is_shared = vec![false; axes.len()];
        let is_simple = |axis: &Axis| matches!(axis.terms.as_slice(), [(_, factor)] if (1.0..=1.0).contains(&factor.abs()));
        for simple in [true, false] {
            for (axis, is_shared) in axes.iter().zip(&mut is_shared) {
                if is_simple(axis) == simple {
                    let pairs: usize = axis.terms.iter().map(|&(slot, _)| written[slot.0 as usize]).sum();
                    *is_shared = !simple && pairs > left;
                    left = left.saturating_sub(if *is_shared { 0 } else { pairs });
                }
            }
        }
        let of = |shared: bool| {
            let axes = (0u32..).zip(axes).zip(&is_shared).filter(|(_, is_shared)| **is_shared == shared);
            let pairs =
                axes.flat_map(|((id, axis), _)| axis.terms.iter().map(move |&(slot, _)| (slot.0, id)));
            let pairs: Vec<(u32, u32)> = pairs.collect();
            Rows::new(slots, pairs.into_iter())
        };
        let (touching, touched) = (vec![0; axes.len()], Vec::new());
        let (own, shared, changed) = (of(false), of(true), vec![NONE; slots]);
        Self { own, shared, changed, touching, touched, counted: 0, is_counted: false }
    }

    /// Gives the propositions of shared slots ids from `first` on; answers how many there are.
    pub(super) fn place(&mut self, first: u32) -> u32 {
        let mut count = 0;
        for (slot, changed) in self.changed.iter_mut().enumerate() {
            if !self.shared.row(slot).is_empty() {
                *changed = first + count;
                count += 1;
            }
        }
        count
    }

    /// Does a piece of the work: notes what changes from `next` on do, which it moves on. All changes of a task
    /// operator are counted before the first of them is noted. Answers what it looked at.
    pub(super) fn piece(
        &mut self,
        task: &Task,
        (changes, next): (&[Changes], &mut usize),
        numeric: &mut Numeric,
        adds: &mut Vec<(u32, Literal)>,
    ) -> usize {
        let (mut looked_at, mut on) = (0, Vec::new());
        while *next < changes.len() && looked_at < PER_PIECE {
            if self.counted == *next {
                self.touched.drain(..).for_each(|axis| self.touching[axis as usize] = 0);
                self.is_counted = false;
            }
            let source = changes[*next].source;
            if !self.is_counted {
                match changes.get(self.counted).filter(|one| one.source == source) {
                    Some(one) => looked_at += self.count(effects_of(task, one), &mut on),
                    None => self.is_counted = true,
                }
                continue;
            }
            looked_at += self.note(task, &changes[*next], numeric, adds, &mut on);
            *next += 1;
        }
        looked_at
    }

    /// The axes with own writers that effects touch, each once; answers how many pairs were looked at.
    fn axes_of(&self, effects: &[NumericEffect], on: &mut Vec<u32>) -> usize {
        on.clear();
        on.extend(effects.iter().flat_map(|effect| self.own.row(effect.slot.0 as usize)));
        let pairs = 1 + effects.len() + on.len();
        on.sort_unstable();
        on.dedup();
        pairs
    }

    /// Counts the next changes of a task operator.
    fn count(&mut self, effects: &[NumericEffect], on: &mut Vec<u32>) -> usize {
        let pairs = self.axes_of(effects, on);
        for &axis in on.iter() {
            if self.touching[axis as usize] == 0 {
                self.touched.push(axis);
            }
            self.touching[axis as usize] += 1;
        }
        self.counted += 1;
        pairs
    }

    /// Notes what one relaxed operator does.
    fn note(
        &self,
        task: &Task,
        one: &Changes,
        numeric: &mut Numeric,
        adds: &mut Vec<(u32, Literal)>,
        on: &mut Vec<u32>,
    ) -> usize {
        let mut effects = effects_of(task, one).to_vec();
        // Stable: what is done to one slot stays in order.
        effects.sort_by_key(|effect| effect.slot);
        let slots = effects.iter().map(|effect| effect.slot.0 as usize);
        let shared = slots.map(|slot| self.changed[slot]).filter(|&changed| changed != NONE);
        adds.extend(shared.map(|changed| (one.relaxed, changed)));
        let pairs = self.axes_of(&effects, on);
        for &id in on.iter() {
            // What also changes beside these effects is not known here.
            let is_shared = self.touching[id as usize] > 1;
            let change =
                if is_shared { Some(Change::Varies) } else { numeric.axes[id as usize].change(&effects) };
            let Some(change) = change else { continue };
            adds.extend(numeric.reached_by(id, change).map(|atom| (one.relaxed, ATOM | atom)));
            if change != Change::Varies {
                numeric.influences.push((one.relaxed, Influence { axis: id, change }));
            }
        }
        pairs
    }

    /// Per slot with shared axes its proposition, with the last atom of each of these axes.
    pub(super) fn into_shared(self, axes: &[Axis]) -> Vec<(Literal, Vec<Literal>)> {
        let slots = self.changed.iter().enumerate().filter(|(_, changed)| **changed != NONE);
        let last = |&axis: &u32| ATOM | (axes[axis as usize].atoms.end as u32 - 1);
        slots.map(|(slot, &changed)| (changed, self.shared.row(slot).iter().map(last).collect())).collect()
    }
}

fn effects_of<'t>(task: &'t Task, changes: &Changes) -> &'t [NumericEffect] {
    let operator = &task.operators[changes.source as usize];
    match changes.conditional {
        Some(index) => &operator.conditional[index as usize].numeric,
        None => &operator.numeric,
    }
}
