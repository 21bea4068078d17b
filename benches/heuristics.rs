//! Setting heuristics up, and evaluating them over states along random walks.

mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use planscope::hash::SplitMix64;
use planscope::search::HeuristicKind;
use support::generators::{delivery, economy};
use support::{Prepared, astar};

const KINDS: [HeuristicKind; 7] = [
    HeuristicKind::Blind,
    HeuristicKind::GoalCount,
    HeuristicKind::Hmax,
    HeuristicKind::Add,
    HeuristicKind::Ff,
    HeuristicKind::Lmcut,
    HeuristicKind::Landmarks,
];

/// States that are evaluated, on walks that begin anew every twenty steps.
const STATES: usize = 100;

fn walk(task: &Prepared) -> Vec<Vec<u64>> {
    let (layout, operators) = (&task.compiled.task.layout, &task.compiled.task.operators);
    let mut random = SplitMix64::new(1);
    let mut states = vec![task.instance.initial.clone()];
    let (mut stack, mut candidates) = (Vec::new(), Vec::new());
    while states.len() < STATES {
        let begins = states.len() % 20 == 0;
        let state = if begins { task.instance.initial.clone() } else { states[states.len() - 1].clone() };
        candidates.clear();
        task.compiled.task.successors.facts_hold(layout, &state, &mut stack, &mut candidates);
        let mut after = state.clone();
        let operator = &operators[candidates[random.below(candidates.len() as u64) as usize].0 as usize];
        let applies = operator.precondition.rest_holds(layout, &state)
            && task.compiled.task.apply(operator, &state, &mut after).is_some();
        states.push(if applies { after } else { state });
    }
    states
}

fn evaluate(criterion: &mut Criterion) {
    let families =
        [Prepared::new("delivery", delivery(1, 5, 4)), Prepared::new("economy", economy(1, 8, 90))];
    for task in support::tasks().into_iter().chain(families) {
        let states = walk(&task);
        let mut group = criterion.benchmark_group(format!("evaluate: {}", task.name));
        group.throughput(Throughput::Elements(states.len() as u64));
        for kind in KINDS {
            let mut heuristic = astar(kind).heuristic_for(&task.compiled.task, &task.instance);
            group.bench_function(kind.to_string(), |bencher| {
                bencher.iter(|| states.iter().filter_map(|state| heuristic.evaluate(state)).sum::<i64>());
            });
        }
        group.finish();
    }
}

fn set_up(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("set up");
    for task in support::tasks() {
        for kind in KINDS {
            group.bench_function(format!("{}: {kind}", task.name), |bencher| {
                bencher.iter(|| astar(kind).heuristic_for(&task.compiled.task, &task.instance));
            });
        }
    }
    group.finish();
}

criterion_group! { name = benches; config = support::briefly(); targets = evaluate, set_up }
criterion_main!(benches);
