//! Opening a node: its state and what became of each action, by replaying the way to it.

use std::collections::{HashMap, HashSet};

use super::goal_search::GoalSearch;
use super::guidance::guidance;
use super::node::{Became, NodeReport, OperatorReport, StateRow};
use super::subject::Subject;
use super::way::{replay, way_to};
use crate::ground::pddl::{PddlState, PddlTask};
use crate::lang::goap::model::Value;
use crate::lang::plan::Step;
use crate::lang::{goap, pddl};
use crate::trace::{Arrival, NONE, NodeStatus, Trace};
use crate::validate::{State, Validator};

/// Most actions listed for one node.
const ACTIONS_MAX: usize = 500;

/// The report on a recorded node after `time` expansions, or now; `None` where it is not recorded.
pub(super) fn inspect(search: &GoalSearch, node: u32, time: Option<u32>) -> Option<NodeReport> {
    let trace = search.trace()?;
    let known = Known::new(trace, node, time);
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
    let Looked { state, mut operators, truncated } = match &target.subject {
        Subject::Goap(model, _) => by_validator(search, &known, model, &way)?,
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

/// What a node holds, and what applies there.
struct Looked {
    state: Vec<StateRow>,
    operators: Vec<OperatorReport>,
    truncated: bool,
}

/// Opens a node of a GOAP search on the source model, where actions apply that the task left out.
fn by_validator(search: &GoalSearch, known: &Known<'_>, model: &goap::Model, way: &[u32]) -> Option<Looked> {
    let validator = Validator::new(model);
    let mut state = validator.initial();
    let mut before = state.clone();
    for &operator in way {
        let after = validator.apply(&state, &search.step_of(operator)?).ok()?.state;
        before = std::mem::replace(&mut state, after);
    }
    let (operators, truncated) = operators(search, known, &validator, &state);
    let names = model.variables.iter().map(|variable| variable.name.clone());
    let values = before.values.into_iter().zip(state.values);
    let row = |(name, (from, to))| StateRow { name, from, to };
    Some(Looked { state: names.zip(values).map(row).collect(), operators, truncated })
}

/// Opens a node of a PDDL search on the task.
fn by_task(
    known: &Known<'_>,
    model: &pddl::Model,
    compiled: &PddlTask,
    [before, state]: [&[u64]; 2],
) -> Option<Looked> {
    let task = &compiled.task;
    let mut applicable = Vec::new();
    task.successors.facts_hold(&task.layout, state, &mut Vec::new(), &mut applicable);
    applicable.sort_unstable();
    let mut successor = state.to_vec();
    let mut operators = Vec::new();
    let mut truncated = false;
    for id in applicable {
        let operator = &task.operators[id.0 as usize];
        if !operator.precondition.rest_holds(&task.layout, state) {
            continue;
        }
        let Some(cost) = task.apply(operator, state, &mut successor) else { continue };
        if operators.len() == ACTIONS_MAX {
            truncated = true;
            break;
        }
        let step = compiled.step(model, id)?;
        let became = known.became(id.0);
        operators.push(OperatorReport { step, cost: cost as f64 * task.unit, is_preferred: false, became });
    }
    let state = compare(&compiled.state(model, before), &compiled.state(model, state));
    Some(Looked { state, operators, truncated })
}

/// The atoms that hold in either state, those that changed first, and the fluents.
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

fn operators(
    search: &GoalSearch,
    known: &Known<'_>,
    validator: &Validator<'_>,
    state: &State,
) -> (Vec<OperatorReport>, bool) {
    let applicable = validator.enumerate_applicable(state, ACTIONS_MAX);
    let count = search.target.subject.task().operators.len() as u32;
    let named = (0..count).filter_map(|id| Some((name(&search.step_of(id)?), id)));
    let named: HashMap<String, u32> = named.collect();
    let report = |(step, applied): (Step, crate::validate::Applied)| OperatorReport {
        cost: applied.metric,
        is_preferred: false,
        became: match named.get(&name(&step)) {
            Some(&operator) => known.became(operator),
            None => Became::Irrelevant,
        },
        step,
    };
    (applicable.steps.into_iter().map(report).collect(), !applicable.complete)
}

/// What the recording says about a node's successors, by operator, at a time.
struct Known<'a> {
    trace: &'a Trace,
    node: u32,
    time: Option<u32>,
    children: HashMap<u32, u32>,
    arrivals: HashMap<u32, Arrival>,
}

impl<'a> Known<'a> {
    fn new(trace: &'a Trace, node: u32, time: Option<u32>) -> Self {
        // A child is registered after its parent.
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

/// A key for a step; no action's name holds a line end that its arguments do not.
fn name(step: &Step) -> String {
    let arguments: Vec<String> = step.arguments.iter().map(ToString::to_string).collect();
    format!("{}\n{}", step.action, arguments.join("\n"))
}
