//! Steps that happen together.

use std::collections::BTreeMap;
use std::ops::Range;

use super::touch::{Clash, ClashKind, Key, Reads, Touched, Write, atom, fluent};
use super::{Applied, Fault, Fired, Reason, State, Validator, Violation, text};
use crate::lang::plan::{self, Step};
use crate::step::Pace;

/// Goes through the steps of one happening twice: whether they interfere, then what each does.
#[derive(Clone, Debug)]
pub(super) struct Happening {
    steps: Range<usize>,
    applied: Vec<Applied>,
}

impl Happening {
    /// The steps of a plan in this range.
    pub fn new(steps: Range<usize>) -> Self {
        Self { steps, applied: Vec::new() }
    }

    /// What each step does, all in the state before.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub async fn happen(
        mut self,
        pace: &Pace,
        validator: &Validator<'_>,
        state: &State,
        plan: &[Step],
    ) -> Result<Vec<Applied>, Violation> {
        // A step by itself interferes with none.
        if self.steps.len() > 1 {
            let mut touched = Touched::default();
            for own in self.steps.clone() {
                pace.pass().await;
                let fault = validator.touch(pace, state, plan, own, &mut touched).await;
                fault.map_err(|(span, reason)| Violation {
                    step: own,
                    action: plan::pddl_step(&plan[own]),
                    span,
                    reason,
                })?;
            }
        }
        for own in self.steps.clone() {
            pace.pass().await;
            let applied = validator.apply_at(pace, state, &plan[own]).await;
            self.applied.push(applied.map_err(|violation| Violation { step: own, ..violation })?);
        }
        if self.steps.len() > 1 {
            self.add_shifts(pace, state).await;
        }
        Ok(self.applied)
    }

    /// Where several steps shift a fluent, the last of them carries the sum of all shifts.
    async fn add_shifts(&mut self, pace: &Pace, state: &State) {
        let mut shifts: BTreeMap<Box<[u32]>, f64> = BTreeMap::new();
        for applied in &mut self.applied {
            for (key, value) in &mut applied.changed {
                pace.pass().await;
                let before = state.fluents.get(key).copied().unwrap_or_default();
                match shifts.get_mut(key) {
                    Some(sum) => {
                        *sum += *value - before;
                        *value = *sum + 0.0;
                    }
                    None => {
                        shifts.insert(key.clone(), *value);
                    }
                }
            }
        }
    }
}

impl Validator<'_> {
    /// Notes what a step reads and writes.
    async fn touch(
        &self,
        pace: &Pace,
        state: &State,
        plan: &[Step],
        own: usize,
        touched: &mut Touched,
    ) -> Result<(), Fault> {
        let (action, objects) = self.bind(&plan[own])?;
        let mut reads = Reads::new(self.model, &objects);
        reads.condition(&action.precondition);
        reads.effects(&action.effects);
        let fired = self.fired(pace, state, action, objects).await?;
        let clash = touched.add(own, self.model, reads, &writes(&fired));
        clash.map_err(|clash| (action.span, self.interferes(clash, plan)))
    }

    fn interferes(&self, Clash { other, key, kind }: Clash, plan: &[Step]) -> Reason {
        let what = text::key_of_touched(self.model, &key);
        let how = match kind {
            ClashKind::Reads => "which that one changes and this one reads",
            ClashKind::Writes => "which this one changes and that one reads",
            ClashKind::Both => "which both change",
        };
        Reason::Interferes { other, action: plan::pddl_step(&plan[other]), what, how: how.to_owned() }
    }
}

fn writes(fired: &Fired<'_>) -> BTreeMap<Key, Write> {
    let mut writes = BTreeMap::new();
    let key = |row: &[u32]| atom(super::state::predicate_of(row), row[1..].iter().copied());
    writes.extend(fired.deleted.iter().map(|row| (key(row), Write::Delete)));
    writes.extend(fired.added.iter().map(|row| (key(row), Write::Add)));
    for change in &fired.changes {
        let write = Write::of(change.assignment);
        let own = writes.entry(fluent(&change.fluent)).or_insert(write);
        *own = if *own == write { write } else { Write::Set };
    }
    writes
}
