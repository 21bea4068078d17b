//! What operators do to axes, in space linear in effects and conditions.
//!
//! An effect on a slot concerns every axis with that slot. Axes of one slot are few; where those of several
//! slots are so many that all pairs would be more than linear, their writers are shared: an operator that
//! changes one of their slots makes a proposition true, and that makes their atoms true.

use super::axis::{Axis, Change};
use super::{ATOM, Influence, Literal, NONE, Numeric, Rows};
use crate::task::{NumericEffect, SlotId, Task};

/// Pairs of writer and axis that are kept for each effect and each atom.
const PAIRS_EACH: usize = 16;
/// Pairs that are kept in any case.
const PAIRS_LEAST: usize = 4096;
/// Operators looked at per piece.
const CHUNK: usize = 4;

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
        Self { own: of(false), shared: of(true), changed: vec![NONE; slots] }
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

    /// Where a piece of work that begins at `from` ends: an operator is not taken apart.
    pub(super) fn chunk(changes: &[Changes], from: usize) -> usize {
        let end = changes.len().min(from + CHUNK);
        let Some(last) = end.checked_sub(1).and_then(|last| changes.get(last)) else { return end };
        end + changes[end..].iter().take_while(|other| other.source == last.source).count()
    }

    /// Notes what these operators do.
    pub(super) fn note(
        &self,
        task: &Task,
        changes: &[Changes],
        numeric: &mut Numeric,
        adds: &mut Vec<(u32, Literal)>,
    ) {
        let mut on = Vec::new();
        for of_source in changes.chunk_by(|one, other| one.source == other.source) {
            for one in of_source {
                let effects = effects_of(task, one);
                let slots = effects.iter().map(|effect| effect.slot.0 as usize);
                let shared = slots.clone().map(|slot| self.changed[slot]).filter(|&changed| changed != NONE);
                adds.extend(shared.map(|changed| (one.relaxed, changed)));
                on.clear();
                on.extend(slots.flat_map(|slot| self.own.row(slot)));
                on.sort_unstable();
                on.dedup();
                for &id in &on {
                    // What also changes beside these effects is not known here.
                    let mut others = of_source.iter().filter(|other| other.relaxed != one.relaxed);
                    let axis = &numeric.axes[id as usize];
                    let is_shared = others.any(|other| touches(effects_of(task, other), &axis.terms));
                    let change = if is_shared { Some(Change::Varies) } else { axis.change(effects) };
                    let Some(change) = change else { continue };
                    adds.extend(numeric.reached_by(id, change).map(|atom| (one.relaxed, ATOM | atom)));
                    if change != Change::Varies {
                        numeric.influences.push((one.relaxed, Influence { axis: id, change }));
                    }
                }
            }
        }
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

fn touches(effects: &[NumericEffect], terms: &[(SlotId, f64)]) -> bool {
    effects.iter().any(|effect| terms.iter().any(|&(slot, _)| slot == effect.slot))
}
