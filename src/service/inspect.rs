//! Opening a node: its state and what became of each action, by replaying the way to it.
//!
//! The search is borrowed only between two slices, so that it may go on meanwhile.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::goal_search::GoalSearch;
use super::guidance::guidance;
use super::job_state::JobCore;
use super::node::{Became, NodeReport, OperatorReport, StateRow};
use super::subject::Subject;
use super::way::{replay, way_to};
use crate::ground::pddl::{PddlState, PddlTask};
use crate::lang::goap::model::Value;
use crate::lang::plan::Step;
use crate::lang::{goap, pddl};
use crate::runtime::in_slices;
use crate::step::{Budget, Progress, Stepper};
use crate::task::{OperatorId, Task};
use crate::trace::{Arrival, NONE, NodeStatus, Trace};
use crate::validate::{Applicable, Applied, Enumerating, State, Validator};

/// Most actions listed for one node.
const ACTIONS_MAX: usize = 500;

/// The report on a recorded node after `time` expansions, or at present; `None` if the node is not recorded.
pub(super) async fn inspect(core: &JobCore, node: u32, time: Option<u32>) -> Option<NodeReport> {
    let search = core.shown()?;
    let model = match &search.try_borrow().ok()?.target.subject {
        Subject::Goap(model, _) => Some(Arc::clone(model)),
        // The nodes of PDDL tasks are opened on the compiled task.
        Subject::Pddl(..) => None,
    };
    let source = match model {
        None => None,
        Some(model) => {
            let way = source_way(&*search.try_borrow().ok()?, node)?;
            Some(in_slices(&core.pacing, OnSource::new(&model, way)).await?)
        }
    };
    report(&*search.try_borrow().ok()?, node, time, source)
}

/// The steps to a recorded node, in the document's words.
fn source_way(search: &GoalSearch, node: u32) -> Option<Vec<Step>> {
    let trace = search.trace().filter(|trace| (node as usize) < trace.len())?;
    way_to(trace, node).into_iter().map(|operator| search.step_of(operator)).collect()
}

/// A node of a GOAP search, replayed on the source model. There, actions apply that the task left out.
struct SourceNode {
    /// The states of its parent and of itself.
    states: [State; 2],
    accepted: Applicable,
}

/// Replays the way to a node on the source model, and tries what applies there.
struct OnSource<'m> {
    validator: Validator<'m>,
    way: std::vec::IntoIter<Step>,
    states: [State; 2],
    enumerating: Enumerating,
}

impl<'m> OnSource<'m> {
    fn new(model: &'m goap::Model, way: Vec<Step>) -> Self {
        let validator = Validator::new(model);
        let states = [validator.initial(), validator.initial()];
        Self { validator, way: way.into_iter(), states, enumerating: Enumerating::new(ACTIONS_MAX) }
    }
}

impl Stepper for OnSource<'_> {
    /// `None` where a step does not apply, which no recording has.
    type Output = Option<SourceNode>;

    /// A step or a binding a unit.
    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output> {
        while !budget.is_spent() {
            budget.spend(1);
            let [_, state] = &self.states;
            if let Some(step) = self.way.next() {
                let Ok(applied) = self.validator.apply(state, &step) else { return Progress::Done(None) };
                self.states.swap(0, 1);
                self.states[1] = applied.state;
            } else if self.enumerating.advance(&self.validator, state) {
                let enumerated = std::mem::replace(&mut self.enumerating, Enumerating::new(0));
                let (states, accepted) = (self.states.clone(), enumerated.into_found());
                return Progress::Done(Some(SourceNode { states, accepted }));
            }
        }
        Progress::Pending
    }
}

fn report(
    search: &GoalSearch,
    node: u32,
    time: Option<u32>,
    source: Option<SourceNode>,
) -> Option<NodeReport> {
    let trace = search.trace()?;
    let known = RecordedSuccessors::new(trace, node, time);
    let index = node as usize;
    let parent = *trace.parent.get(index)?;
    let step = (parent != NONE).then(|| search.step_of(trace.operator[index])).flatten();
    let way = way_to(trace, node);
    let target = &search.target;
    let instance = target.subject.instance(target.goal)?;
    let mut before = instance.initial.clone();
    let mut state = before.clone();
    replay(target.subject.task(), &instance, &way, |next| {
        before.copy_from_slice(&state);
        state.copy_from_slice(next);
    })?;
    let guidance = guidance(search, &instance, &way, &state);
    let Opened { state, mut operators, truncated } = match &target.subject {
        Subject::Goap(model, _) => by_validator(search, &known, model, source?, &state),
        Subject::Pddl(model, compiled) => by_task(&known, model, compiled, [&before, &state])?,
    };
    if let Some(guidance) = &guidance {
        let preferred = guidance.preferred.iter().filter_map(|operator| search.step_of(operator.0));
        let preferred: HashSet<String> = preferred.map(|step| name(&step)).collect();
        operators.iter_mut().for_each(|one| one.is_preferred = preferred.contains(&name(&one.step)));
    }
    Some(NodeReport {
        node,
        parent: (parent != NONE).then_some(parent),
        depth: trace.depth[index],
        g: trace.g_value(node, time),
        h: known.estimate(node),
        f: known.total(node),
        status: trace.status[index],
        generated_at: trace.generated_at[index],
        expanded_at: Some(trace.expanded_at[index]).filter(|&at| at != NONE),
        step,
        state,
        operators,
        truncated,
        guidance: guidance.map(|guidance| guidance.report),
    })
}

/// The state of a node and the actions that apply there.
struct Opened {
    state: Vec<StateRow>,
    operators: Vec<OperatorReport>,
    truncated: bool,
}

/// Opens a node of a GOAP search by what the validator found there.
fn by_validator(
    search: &GoalSearch,
    known: &RecordedSuccessors<'_>,
    model: &goap::Model,
    source: SourceNode,
    packed: &[u64],
) -> Opened {
    let SourceNode { states: [before, state], accepted } = source;
    let truncated = !accepted.complete;
    let operators = operators(search, known, accepted, packed);
    let names = model.variables.iter().map(|variable| variable.name.clone());
    let values = before.values.into_iter().zip(state.values);
    let row = |(name, (from, to))| StateRow { name, from, to };
    Opened { state: names.zip(values).map(row).collect(), operators, truncated }
}

/// Opens a node of a PDDL search on the task.
fn by_task(
    known: &RecordedSuccessors<'_>,
    model: &pddl::Model,
    compiled: &PddlTask,
    [before, state]: [&[u64]; 2],
) -> Option<Opened> {
    let task = &compiled.task;
    let mut operators = Vec::new();
    let mut truncated = false;
    for (id, cost) in applicable(task, state) {
        if operators.len() == ACTIONS_MAX {
            truncated = true;
            break;
        }
        let step = compiled.step(model, id)?;
        let became = known.became(id.0);
        operators.push(OperatorReport { step, cost: cost as f64 * task.unit, is_preferred: false, became });
    }
    let state = compare(&compiled.state(model, before), &compiled.state(model, state));
    Some(Opened { state, operators, truncated })
}

/// The atoms that hold in either state, and the fluents. Atoms that changed come first.
fn compare(before: &PddlState, after: &PddlState) -> Vec<StateRow> {
    let held: HashSet<&str> = before.atoms.iter().map(String::as_str).collect();
    let hold: HashSet<&str> = after.atoms.iter().map(String::as_str).collect();
    let gone = before.atoms.iter().filter(|atom| !hold.contains(atom.as_str()));
    let new = after.atoms.iter().filter(|atom| !held.contains(atom.as_str()));
    let kept = after.atoms.iter().filter(|atom| held.contains(atom.as_str()));
    let row = |from: bool, to: bool| {
        move |atom: &String| StateRow {
            name: format!("({atom})"),
            from: Value::Bool(from),
            to: Value::Bool(to),
        }
    };
    let mut rows: Vec<StateRow> = gone.map(row(true, false)).chain(new.map(row(false, true))).collect();
    rows.extend(before.values.iter().zip(&after.values).map(|(from, to)| StateRow {
        name: format!("({})", to.0),
        from: Value::Float(from.1),
        to: Value::Float(to.1),
    }));
    rows.extend(kept.map(row(true, true)));
    rows
}

/// The operators of the task that apply in a packed state, in order, each with its cost there.
fn applicable<'a>(task: &'a Task, state: &'a [u64]) -> impl Iterator<Item = (OperatorId, i64)> + 'a {
    let mut found = Vec::new();
    task.successors.facts_hold(&task.layout, state, &mut Vec::new(), &mut found);
    found.sort_unstable();
    let mut successor = state.to_vec();
    found.into_iter().filter_map(move |id| {
        let operator = &task.operators[id.0 as usize];
        let holds = operator.precondition.rest_holds(&task.layout, state);
        let cost = holds.then(|| task.apply(operator, state, &mut successor)).flatten()?;
        Some((id, cost))
    })
}

/// The steps that the validator accepts in a state, and what became of those that the task has. Only
/// operators that apply in the state are put into words: a task may have hundreds of thousands.
fn operators(
    search: &GoalSearch,
    known: &RecordedSuccessors<'_>,
    accepted: Applicable,
    packed: &[u64],
) -> Vec<OperatorReport> {
    let named = applicable(search.target.subject.task(), packed)
        .filter_map(|(id, _)| Some((name(&search.step_of(id.0)?), id.0)));
    let named: HashMap<String, u32> = named.collect();
    let report = |(step, applied): (Step, Applied)| OperatorReport {
        cost: applied.metric,
        is_preferred: false,
        became: match named.get(&name(&step)) {
            Some(&operator) => known.became(operator),
            None => Became::Irrelevant,
        },
        step,
    };
    accepted.steps.into_iter().map(report).collect()
}

/// What the recording says about a node's successors, by operator, at a time.
struct RecordedSuccessors<'a> {
    trace: &'a Trace,
    node: u32,
    time: Option<u32>,
    children: HashMap<u32, u32>,
    arrivals: HashMap<u32, Arrival>,
}

impl<'a> RecordedSuccessors<'a> {
    fn new(trace: &'a Trace, node: u32, time: Option<u32>) -> Self {
        // A child is registered after its parent, so its number is larger.
        let later = node as usize + 1..trace.nodes_at(time).max(node as usize + 1);
        let children = later.filter(|&child| trace.parent[child] == node);
        let until = trace.arrivals.partition_point(|arrival| arrival.at <= time.unwrap_or(NONE));
        let arrivals = trace.arrivals[..until].iter().filter(|arrival| arrival.parent == node);
        Self {
            trace,
            node,
            time,
            children: children.map(|child| (trace.operator[child], child as u32)).collect(),
            arrivals: arrivals.map(|&arrival| (arrival.operator, arrival)).collect(),
        }
    }

    fn estimate(&self, node: u32) -> Option<f64> {
        self.trace.h_value(self.trace.h[node as usize])
    }

    fn total(&self, node: u32) -> Option<f64> {
        Some(self.trace.f_value(self.trace.g_value(node, self.time), self.estimate(node)?))
    }

    fn became(&self, operator: u32) -> Became {
        let trace = self.trace;
        if let Some(&child) = self.children.get(&operator) {
            return match trace.status[child as usize] {
                NodeStatus::DeadEnd => Became::DeadEnd { node: child },
                _ => Became::New { node: child, h: self.estimate(child), f: self.total(child) },
            };
        }
        let expanded_at = trace.expanded_at[self.node as usize];
        match self.arrivals.get(&operator) {
            Some(arrival) => Became::Duplicate { node: arrival.node, cheaper: arrival.cheaper },
            None if expanded_at > self.time.unwrap_or(NONE - 1) => Became::NotYet,
            None if trace.dropped_nodes + trace.dropped_arrivals == 0 => Became::NotGenerated,
            None => Became::NotRecorded,
        }
    }
}

/// A key for a step: its words joined with a line feed, which names cannot contain.
fn name(step: &Step) -> String {
    let arguments: Vec<String> = step.arguments.iter().map(ToString::to_string).collect();
    format!("{}\n{}", step.action, arguments.join("\n"))
}
