//! Explains why goals that are proven unreachable cannot be reached.

use std::cell::RefCell;
use std::sync::Arc;

use super::goals::Candidates;
use super::subject::Subject;
use super::work::Work;
use crate::lang::goap::reach::Reach;
use crate::plan::explain;
use crate::plan::explain_pddl::Explaining;
use crate::runtime::{Paced, Stop};

impl Paced for Reach {}
impl Paced for Explaining<'_> {}

/// Most goals that are explained: each takes time in proportion to the document.
const EXPLAINED_MAX: usize = 8;

impl Work<'_> {
    /// Explains the first of the goals that are proven unreachable.
    pub(super) async fn explain(&self, subject: &Subject, candidates: &mut Candidates) -> Result<(), Stop> {
        let goals: Vec<usize> = candidates.unsolvable().take(EXPLAINED_MAX).collect();
        if goals.is_empty() {
            return Ok(());
        }
        match subject {
            Subject::Goap(model, _) => {
                let reached = self.drive(&RefCell::new(Reach::new(Arc::clone(model)))).await?;
                for goal in goals {
                    candidates.explain(goal, explain::explain(model, &reached, goal));
                }
            }
            Subject::Pddl(model, compiled) if compiled.instance.goal.is_false => {
                for goal in goals {
                    let name = subject.model().goal_name(goal).to_owned();
                    let explaining = Explaining::new(model, compiled.reached(), name);
                    let explanation = self.drive(&RefCell::new(explaining)).await?;
                    candidates.explain(goal, explanation);
                }
            }
            Subject::Pddl(..) => {}
        }
        Ok(())
    }
}
