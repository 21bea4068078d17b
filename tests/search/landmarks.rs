//! The landmark heuristic against all states of small random tasks: what it calls a landmark is one, orders
//! hold, what it calls a dead end is one, and the bits of a state are those that its path says.

use std::collections::HashMap;
use std::sync::Arc;

use crate::support::random_goap;
use crate::support::random_pddl::{self, Features};
use planscope::ground::goap;
use planscope::ground::pddl::{Ground, GroundOptions};
use planscope::hash::SplitMix64;
use planscope::heuristic::{Heuristic, Landmarks, Measure, OrderKind, Preparation, Status};
use planscope::lang;
use planscope::step::{Budget, run};
use planscope::task::{
    ConditionalEffect, Conjunction, Cost, Fact, Formula, Instance, Layout, MutexGroups, Operator, OperatorId,
    Placement, StateId, Task, VariableId,
};

/// States at most; larger tasks are left out.
const STATES_MAX: usize = 3000;

/// All states of a task with what leads from where to where; the initial state is the first one.
struct Space {
    states: Vec<Vec<u64>>,
    /// Per state operators and where they lead.
    next: Vec<Vec<(OperatorId, usize)>>,
    is_goal: Vec<bool>,
}

impl Space {
    fn new(task: &Task, instance: &Instance) -> Option<Self> {
        let mut ids = HashMap::from([(instance.initial.clone(), 0)]);
        let mut space =
            Self { states: vec![instance.initial.clone()], next: Vec::new(), is_goal: Vec::new() };
        while let Some(state) = space.states.get(space.next.len()).cloned() {
            space.is_goal.push(instance.goal.holds(&task.layout, &state));
            let mut next = Vec::new();
            for (id, operator) in (0..).zip(&task.operators) {
                let mut successor = state.clone();
                if !operator.precondition.holds(&task.layout, &state)
                    || task.apply(operator, &state, &mut successor).is_none()
                {
                    continue;
                }
                task.derive(&mut successor);
                let place = *ids.entry(successor.clone()).or_insert(space.states.len());
                if place == space.states.len() {
                    space.states.push(successor);
                }
                next.push((OperatorId(id), place));
            }
            space.next.push(next);
            if space.states.len() > STATES_MAX {
                return None;
            }
        }
        Some(space)
    }

    /// States that can be reached from the initial one by states that are `open`.
    fn reached(&self, open: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut is_reached = vec![false; self.states.len()];
        let mut stack = Vec::new();
        if open(0) {
            is_reached[0] = true;
            stack.push(0);
        }
        while let Some(state) = stack.pop() {
            for &(_, next) in &self.next[state] {
                if !is_reached[next] && open(next) {
                    is_reached[next] = true;
                    stack.push(next);
                }
            }
        }
        is_reached
    }

    /// Per state whether the goal can be reached from it.
    fn solvable(&self) -> Vec<bool> {
        let mut solvable = self.is_goal.clone();
        let mut has_changed = true;
        while std::mem::take(&mut has_changed) {
            for state in 0..solvable.len() {
                if !solvable[state] && self.next[state].iter().any(|&(_, next)| solvable[next]) {
                    solvable[state] = true;
                    has_changed = true;
                }
            }
        }
        solvable
    }
}

/// Per landmark and state whether it holds there.
fn holds(task: &Task, landmarks: &Landmarks, states: &[Vec<u64>]) -> Vec<Vec<bool>> {
    let holds = |facts: &[Fact], state: &[u64]| facts.iter().any(|&fact| task.layout.holds(fact, state));
    let of = |facts: &[Fact]| states.iter().map(|state| holds(facts, state)).collect();
    landmarks.landmarks().iter().map(|landmark| of(&landmark.facts)).collect()
}

/// Checks the landmarks of a task; answers what there was to check. In a task without a plan every fact is
/// a landmark, and they are not counted.
fn check(task: &Arc<Task>, instance: &Instance, name: &str) -> Option<Found> {
    let space = Space::new(task, instance)?;
    let mut landmarks = Landmarks::new(task, instance, Measure::Steps);
    let holds = holds(task, &landmarks, &space.states);
    let solvable = space.solvable();
    let mut found = Found { is_solvable: solvable[0], ..Found::default() };
    for (id, landmark) in landmarks.landmarks().iter().enumerate() {
        let without = space.reached(|state| !holds[id][state]);
        let is_avoided = (0..space.states.len()).any(|state| without[state] && space.is_goal[state]);
        assert!(!is_avoided, "{name}: {:?} is no landmark", landmark.facts);
        found.landmarks += usize::from(solvable[0] && !holds[id][0] && !landmark.is_goal);
        found.disjunctive += usize::from(solvable[0] && landmark.facts.len() > 1);
    }
    if solvable[0] {
        check_orders(task, &landmarks, &space, &holds, name, &mut found);
    }
    found.dead_ends = walk(&mut landmarks, &space, &solvable, name);
    Some(found)
}

#[derive(Debug, Default)]
struct Found {
    is_solvable: bool,
    landmarks: usize,
    disjunctive: usize,
    necessary: usize,
    natural: usize,
    reasonable: usize,
    dead_ends: usize,
}

fn check_orders(
    task: &Task,
    landmarks: &Landmarks,
    space: &Space,
    holds: &[Vec<bool>],
    name: &str,
    found: &mut Found,
) {
    for order in landmarks.orders() {
        let (before, after) = (&holds[order.before as usize], &holds[order.after as usize]);
        let told = || {
            let facts = |id: u32| landmarks.landmarks()[id as usize].facts.clone();
            format!("{name}: {:?} before {:?}", facts(order.before), facts(order.after))
        };
        match order.kind {
            OrderKind::Reasonable => found.reasonable += 1,
            OrderKind::Natural => {
                found.natural += 1;
                let never = space.reached(|state| !before[state]);
                assert!((0..never.len()).all(|state| !never[state] || !after[state]), "{}", told());
            }
            OrderKind::GreedyNecessary => {
                found.necessary += 1;
                let never = space.reached(|state| !after[state]);
                for state in (0..never.len()).filter(|&state| never[state]) {
                    for &(_, next) in &space.next[state] {
                        // Axioms set what comes later in the state that what comes before is in.
                        let held = before[state] || (!task.axioms.is_empty() && before[next]);
                        assert!(held || !after[next], "{}", told());
                    }
                }
            }
        }
    }
}

/// What the definition of progression says of a successor, bit by bit.
fn progressed(landmarks: &Landmarks, before: &[Status], holds: impl Fn(usize) -> bool) -> Vec<Status> {
    let mut after: Vec<Status> = (before.iter().enumerate())
        .map(|(id, status)| {
            let (is_past, is_future) = (status.is_past || holds(id), status.is_future && !holds(id));
            Status { is_past, is_future }
        })
        .collect();
    for (id, landmark) in landmarks.landmarks().iter().enumerate() {
        after[id].is_future |= landmark.is_goal && !holds(id);
    }
    for order in landmarks.orders() {
        let (tail, head) = (order.before as usize, order.after as usize);
        match order.kind {
            OrderKind::GreedyNecessary => after[tail].is_future |= !after[head].is_past && !holds(tail),
            OrderKind::Reasonable => after[head].is_future |= !after[tail].is_past,
            OrderKind::Natural => {}
        }
    }
    after
}

/// Registers all states breadth first, as a search does, and compares the bits of each with what its path
/// says; answers how many are dead ends.
fn walk(landmarks: &mut Landmarks, space: &Space, solvable: &[bool], name: &str) -> usize {
    let facts: Vec<Vec<Fact>> = landmarks.landmarks().iter().map(|one| one.facts.clone()).collect();
    assert!(facts.iter().all(|facts| !facts.is_empty()));
    let mut parents: Vec<Option<(StateId, OperatorId)>> = vec![None; space.states.len()];
    for (state, next) in space.next.iter().enumerate() {
        for &(operator, next) in next {
            if next > 0 && parents[next].is_none() {
                parents[next] = Some((StateId(state as u32), operator));
            }
        }
    }
    let mut dead_ends = 0;
    for (state, parent) in parents.iter().enumerate() {
        let node = StateId(state as u32);
        let estimate = landmarks.evaluate_node(node, *parent, &space.states[state]);
        let status = landmarks.status(node).unwrap();
        match estimate {
            Some(h) => {
                let future = status.iter().filter(|one| one.is_future).count();
                assert_eq!(h, future as i64, "{name}: state {state}");
                assert!(!space.is_goal[state] || status.iter().all(|one| one.is_past), "{name}: {state}");
            }
            None => {
                assert!(!solvable[state], "{name}: state {state} is no dead end");
                dead_ends += 1;
            }
        }
        if landmarks.evaluate(&space.states[state]).is_none() {
            assert!(!solvable[state], "{name}: state {state} is no dead end, wherever from");
        }
    }
    dead_ends
}

/// The same along one random path, against the definition.
fn check_progression(task: &Arc<Task>, instance: &Instance, seed: u64) {
    let Some(space) = Space::new(task, instance) else { return };
    let mut landmarks = Landmarks::new(task, instance, Measure::Steps);
    let holds = holds(task, &landmarks, &space.states);
    let mut random = SplitMix64::new(seed);
    landmarks.evaluate_node(StateId(0), None, &space.states[0]);
    let mut expected = landmarks.status(StateId(0)).unwrap();
    for (id, status) in expected.iter().enumerate() {
        assert_eq!(status.is_past, holds[id][0]);
        let is_after = |order: &&planscope::heuristic::Order| {
            order.after as usize == id && !holds[order.before as usize][0]
        };
        let must = !holds[id][0] || landmarks.orders().iter().any(|order| is_after(&order));
        assert_eq!(status.is_future, must);
    }
    let mut state = 0;
    // Every other id is skipped, as if those states were dead ends by another heuristic.
    for step in 1..60u32 {
        let next = &space.next[state];
        if next.is_empty() {
            break;
        }
        let (operator, after) = next[random.below(next.len() as u64) as usize];
        state = after;
        let (parent, node) = (StateId(2 * (step - 1)), StateId(2 * step));
        landmarks.evaluate_node(node, Some((parent, operator)), &space.states[state]);
        expected = progressed(&landmarks, &expected, |id| holds[id][state]);
        assert_eq!(landmarks.status(node).unwrap(), expected, "seed {seed}, step {step}");
    }
}

/// A task of a few variables, with chains of preconditions, side effects and conditional effects.
fn random_task(seed: u64) -> (Arc<Task>, Instance) {
    let mut random = SplitMix64::new(seed);
    let mut below = move |bound: u32| random.below(u64::from(bound)) as u32;
    let domains: Vec<u32> = (0..3 + below(3)).map(|_| 2 + below(4)).collect();
    let variables: Vec<_> = domains.iter().map(|&domain| (domain, Placement::Dynamic)).collect();
    let layout = Layout::new(&variables, &[]);
    let mut facts = |count: u32, taken: &[u32]| {
        let mut facts: Vec<Fact> = Vec::new();
        for _ in 0..count {
            let variable = below(domains.len() as u32);
            if !taken.contains(&variable) && facts.iter().all(|fact| fact.variable.0 != variable) {
                facts.push(Fact { variable: VariableId(variable), value: below(domains[variable as usize]) });
            }
        }
        facts
    };
    let conjunction = |facts: &[Fact]| {
        Conjunction::new(Formula::And(facts.iter().map(|&fact| Formula::Fact(fact)).collect()))
    };
    let mut operators = Vec::new();
    let count = 6 + facts(4, &[]).len() * 3;
    for source in 0..count as u32 {
        let (needs, makes) = (facts(3, &[]), facts(2, &[]));
        let conditional = if source % 4 == 3 { facts(1, &[]) } else { Vec::new() };
        let condition = conjunction(&facts(2, &[]));
        let conditional = conditional.into_iter().map(|fact| ConditionalEffect {
            condition: condition.clone(),
            facts: vec![fact].into(),
            numeric: [].into(),
            cost: Cost::ZERO,
            is_delete: source % 8 == 3,
        });
        operators.push(Operator {
            precondition: conjunction(&needs),
            facts: makes.into(),
            conditional: conditional.collect(),
            copies: [].into(),
            numeric: [].into(),
            cost: Cost::Constant(1),
            source,
        });
    }
    let initial = vec![0; layout.words()];
    let goal = loop {
        let goal = conjunction(&facts(3, &[]));
        if !goal.holds(&layout, &initial) {
            break goal;
        }
    };
    let families = (0..).zip(&layout.domains);
    let families = families.flat_map(|(family, &domain)| vec![family / 2; domain as usize]).collect();
    let task = Task::new(layout, operators, 1.0).with_facts(families, MutexGroups::default());
    (Arc::new(task), Instance { initial, goal: goal.into() })
}

fn pddl(seed: u64, features: Features) -> Option<(Arc<Task>, Instance)> {
    let text = random_pddl::task(seed, features);
    let model = Arc::new(lang::pddl::parse(&text.domain, &text.problem).model?);
    let ground = run(Ground::new(model, GroundOptions::default())).ok()?;
    Some((ground.task, ground.instance))
}

fn goap_task(seed: u64) -> Option<(Arc<Task>, Instance)> {
    let model = lang::goap::parse(&random_goap::document(seed)).model?;
    let compiled = goap::compile(&model).ok()?;
    let values: Vec<_> = model.variables.iter().map(|variable| variable.initial.clone()).collect();
    let instance = compiled.instance(&model, &values, 0)?;
    Some((compiled.task, instance))
}

/// What was found in many tasks, so that the checks are known to have checked something.
fn check_all(tasks: impl Iterator<Item = (String, Option<(Arc<Task>, Instance)>)>) -> Found {
    let mut all = Found::default();
    for (name, task) in tasks {
        let Some((task, instance)) = task else { continue };
        let Some(found) = check(&task, &instance, &name) else { continue };
        all.landmarks += found.landmarks;
        all.disjunctive += found.disjunctive;
        all.necessary += found.necessary;
        all.natural += found.natural;
        all.reasonable += found.reasonable;
        all.dead_ends += found.dead_ends;
        all.is_solvable |= found.is_solvable;
    }
    assert!(all.is_solvable);
    all
}

#[test]
fn landmarks_and_orders_hold_in_tasks_of_finite_variables() {
    let found = check_all((0..3000).map(|seed| (format!("seed {seed}"), Some(random_task(seed)))));
    assert!(found.landmarks > 200 && found.disjunctive > 10 && found.dead_ends > 50, "{found:?}");
    assert!(found.necessary > 500 && found.natural > 50 && found.reasonable > 50, "{found:?}");
}

#[test]
fn landmarks_and_orders_hold_in_pddl_tasks() {
    let features = |seed: u64| match seed % 4 {
        0 => Features::strips_only(),
        1 => Features::ALL.without_numbers().without_axioms(),
        2 => Features::ALL.without_numbers(),
        _ => Features::ALL,
    };
    let task = |seed| (format!("seed {seed}"), pddl(seed, features(seed)));
    let found = check_all((0..1200).map(task));
    assert!(found.landmarks > 50 && found.necessary > 50, "{found:?}");
}

#[test]
fn landmarks_and_orders_hold_in_goap_tasks() {
    let found = check_all((0..600).map(|seed| (format!("seed {seed}"), goap_task(seed))));
    assert!(found.necessary > 20, "{found:?}");
}

#[test]
fn the_bits_of_a_state_are_those_that_its_path_says() {
    for seed in 0..600 {
        let (task, instance) = random_task(seed);
        check_progression(&task, &instance, seed);
        if let Some((task, instance)) = pddl(seed, Features::ALL) {
            check_progression(&task, &instance, seed);
        }
    }
}

#[test]
fn slices_change_nothing_and_a_limit_refuses_at_the_same_place() {
    for seed in 0..200 {
        let (task, instance) = random_task(seed);
        let (one, other) = (
            Landmarks::new(&task, &instance, Measure::Cost),
            Landmarks::new(&task, &instance, Measure::Cost),
        );
        assert_eq!(one.landmarks(), other.landmarks());
        assert_eq!(one.orders(), other.orders());
        let sliced = |units: u64, limit: u64| {
            let mut preparation = Preparation::landmarks(&task, &instance, Measure::Cost);
            let mut largest = 0;
            while matches!(preparation, Preparation::Building(_)) {
                preparation.step(&mut Budget::units(units), limit).ok()?;
                largest = largest.max(preparation.memory_bytes());
            }
            let mut heuristic = preparation.finish();
            Some((heuristic.evaluate_node(StateId(0), None, &instance.initial), largest))
        };
        let (h, largest) = sliced(1, u64::MAX).unwrap();
        assert_eq!(sliced(u64::MAX, u64::MAX).map(|found| found.0), Some(h));
        for limit in (0..largest + 64).step_by(1 + largest as usize / 16) {
            let whole = sliced(u64::MAX, limit).is_some();
            assert_eq!(sliced(1, limit).is_some(), whole, "seed {seed}, limit {limit}");
            assert_eq!(sliced(3, limit).is_some(), whole, "seed {seed}, limit {limit}");
        }
    }
}

#[test]
fn what_is_kept_of_states_is_counted() {
    let (task, instance) = random_task(7);
    let mut landmarks = Landmarks::new(&task, &instance, Measure::Steps);
    let words = landmarks.landmarks().len().div_ceil(64) as u64;
    let before = landmarks.memory_bytes();
    for node in 0..100_000u32 {
        let from = node.checked_sub(1).map(|parent| (StateId(parent), OperatorId(0)));
        landmarks.evaluate_node(StateId(node), from, &instance.initial);
    }
    assert!(landmarks.memory_bytes() >= before + 100_000 * 2 * words * 8);
    assert!(landmarks.memory_bytes() <= before + 100_000 * 2 * words * 8 + (1 << 20));
    assert_eq!(landmarks.status(StateId(100_000)), None);
}
