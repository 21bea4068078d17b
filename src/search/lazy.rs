//! Lazy expansion: a state is generated and evaluated only when it is its turn.
//!
//! Successors wait under their parent's estimates (Helmert 2006, §5; Richter & Helmert 2009). Several
//! heuristics have alternating [`Queues`]. With FF and landmarks, preferred operators and a boost of 1,000
//! this is the first iteration of LAMA (Richter & Westphal 2010), as Fast Downward's `lama-first`
//! has it. It differs in one point: a state that is met again on a cheaper path keeps that path,
//! without being opened again.

use super::best_first::{BestFirst, Expansion};
use super::core::{Applied, Core, Evaluation, Stepped};
use super::evaluators::DEAD_END;
use super::finished::{Finished, SearchEnd};
use super::observer::Observer;
use super::policy::{Key, Policy};
use super::queues::Queues;
use crate::step::Budget;
use crate::task::{OperatorId, OutOfMemory, StateId, Task};

/// Lazy best-first search: greedy, or weighted A*, by its policy.
pub type Lazy<O> = BestFirst<Deferred, O>;

/// Units of work of an expansion: the state goes into the queues, and is unpacked for its successors.
const EXPANSION_UNITS: u64 = 6;
/// Applicable operators that are listed in one unit.
const LISTED_PER_UNIT: u64 = 4;

/// Successors that wait, not generated yet.
pub struct Deferred {
    queues: Queues,
    /// The keys of the state that is being expanded, one for each heuristic.
    keys: Vec<Key>,
}

impl Deferred {
    /// Puts the successors of the state in `successor`, which has been evaluated, into the queues.
    fn expand<O: Observer>(&mut self, core: &mut Core<O>, node: StateId) -> Stepped {
        let is_progress = core.evaluators.note_progress();
        let first = core.evaluators.iter().next();
        let (h, best_h) = first.map_or((DEAD_END, DEAD_END), |evaluator| (evaluator.h, evaluator.best));
        core.best_h = best_h;
        if core.is_goal(&core.successor) {
            return Ok(Some(core.solved(node)));
        }
        if is_progress {
            self.queues.boost();
        }
        if core.held > core.memory_limit {
            return Err(OutOfMemory);
        }
        core.note_expansion(node, h, self.queues.len());
        core.applicable.clear();
        list_applicable(&core.task, &core.successor, &mut core.stack, &mut core.applicable);
        let applicable = core.applicable.len();
        let preferred = note_preferred(core, node)?;
        core.statistics.generated += applicable as u64;
        core.work += EXPANSION_UNITS + applicable as u64 / LISTED_PER_UNIT;
        self.keys.clear();
        let (g, policy) = (core.space.g(node), &core.policy);
        self.keys.extend(core.evaluators.iter().map(|evaluator| policy.key(g, evaluator.h, true)));
        self.queues.push(&self.keys, node, (applicable, preferred), &mut core.room)?;
        core.tell(self.queues.len(), true);
        Ok(None)
    }

    /// Handles a state that is registered already. On a cheaper path it is evaluated anew, except if it is a
    /// dead end: a cheaper path does not lead out of it.
    fn arrive<O: Observer>(core: &mut Core<O>, node: StateId, from: (StateId, OperatorId), g: i64) {
        let is_cheaper = g < core.space.g(node);
        if is_cheaper {
            core.space.relink(node, from, g);
        }
        let is_reopened = is_cheaper && core.policy.reopens() && !core.marks.is_dead_end(node);
        core.observer.arrived(node, from, g, is_cheaper, is_reopened);
        if is_reopened {
            core.statistics.reopened += 1;
            core.task.derive_with(&mut core.successor, &mut core.stack);
            core.await_estimate(Evaluation { node, from: Some(from), is_new: false });
        }
    }
}

impl Expansion for Deferred {
    const EXPANDS_AT_EVALUATION: bool = true;

    fn new(policy: &Policy, heuristics: usize) -> Self {
        Self { queues: Queues::new(heuristics, policy), keys: Vec::new() }
    }

    fn open_size(&self) -> usize {
        self.queues.len()
    }

    fn memory_bytes(&self) -> usize {
        self.queues.memory_bytes()
    }

    fn is_mid_expansion(&self) -> bool {
        // An expansion is over once its successors wait.
        false
    }

    fn start<O: Observer>(&mut self, core: &mut Core<O>) -> Result<(), OutOfMemory> {
        core.register_initial()?;
        core.marks.push(&mut core.room)
    }

    fn evaluated<O: Observer>(
        &mut self,
        core: &mut Core<O>,
        evaluation: Evaluation,
        h: Option<i64>,
    ) -> Stepped {
        let Evaluation { node, from, is_new } = evaluation;
        if is_new {
            core.observer.registered(node, from, core.space.g(node), h);
        }
        let Some(h) = h else {
            core.statistics.dead_ends += 1;
            core.marks.note_dead_end(node);
            return Ok(None);
        };
        if from.is_none() {
            core.initial_h = h;
        }
        self.expand(core, node)
    }

    /// Takes the next successor from the queues and generates it.
    fn advance<O: Observer>(&mut self, core: &mut Core<O>, _: &mut Budget) -> Stepped {
        if core.statistics.evaluated >= core.evaluations {
            return Ok(Some(Finished::without_plan(SearchEnd::Exhausted)));
        }
        let popped = self.queues.pop(|node, is_preferred, operators| {
            if is_preferred {
                core.marks.list(node, operators);
                return;
            }
            core.load(node);
            list_applicable(&core.task, &core.state, &mut core.stack, operators);
        });
        let Some((parent, id)) = popped else {
            let end = if core.is_cut { SearchEnd::Exhausted } else { SearchEnd::Unsolvable };
            return Ok(Some(Finished::without_plan(end)));
        };
        core.load(parent);
        let g = match core.apply(parent, id) {
            Applied::Successor(g) => g,
            Applied::Nothing => return Ok(None),
            Applied::NegativeCost(cost) => return Ok(Some(core.refused(parent, id, cost))),
        };
        if g >= core.bound {
            return Ok(None);
        }
        let (node, is_new) = core.space.insert(&core.successor, &mut core.room)?;
        if is_new {
            core.task.derive_with(&mut core.successor, &mut core.stack);
            core.register(Some((parent, id)), g)?;
            core.marks.push(&mut core.room)?;
        } else {
            Self::arrive(core, node, (parent, id), g);
        }
        Ok(None)
    }
}

/// Stores the preferred operators of the evaluated state; answers how many there are. They are the applicable
/// ones among them, in their order.
fn note_preferred<O>(core: &mut Core<O>, node: StateId) -> Result<usize, OutOfMemory> {
    if !core.policy.uses_preferred() {
        return Ok(0);
    }
    core.evaluators.list_preferred(&mut core.preferred);
    let Core { applicable, preferred, marks, room, .. } = core;
    applicable.retain(|operator| preferred.binary_search(operator).is_ok());
    marks.prefer(node, applicable, room)?;
    Ok(applicable.len())
}

/// Appends the operators that apply in a full state.
fn list_applicable(task: &Task, state: &[u64], stack: &mut Vec<u32>, operators: &mut Vec<OperatorId>) {
    task.successors.facts_hold(&task.layout, state, stack, operators);
    operators.retain(|id| task.operators[id.0 as usize].precondition.rest_holds(&task.layout, state));
}
