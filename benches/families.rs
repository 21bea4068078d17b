//! The field's families, from our own generators: each heuristic over states along random walks, and each
//! engine from a grounded task to a plan.

mod support;

use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use planscope::examples::Generator;
use planscope::ground::pddl::{Ground, GroundOptions, PddlTask};
use planscope::hash::SplitMix64;
use planscope::lang::pddl;
use planscope::search::{EngineConfig, HeuristicKind, NoObserver, Planner, SearchEnd, SearchKind};

/// States that are evaluated, on walks that begin anew every twenty steps.
const STATES: usize = 50;
/// Families and their sizes: for heuristics and satisficing search, and for optimal search.
const FAMILIES: [(Generator, u32, u32); 9] = [
    (Generator::Blocksworld, 16, 6),
    (Generator::Gripper, 16, 4),
    (Generator::Logistics, 5, 2),
    (Generator::Tiles, 4, 3),
    (Generator::VisitAll, 12, 4),
    (Generator::Sokoban, 8, 6),
    (Generator::Elevators, 8, 3),
    (Generator::TourBus, 10, 4),
    (Generator::Fuel, 6, 2),
];
const SATISFICING: [SearchKind; 5] =
    [SearchKind::LazyFf, SearchKind::LamaFirst, SearchKind::SoftminLama, SearchKind::Bfws, SearchKind::Ehc];
const OPTIMAL: [(SearchKind, HeuristicKind); 3] = [
    (SearchKind::Astar, HeuristicKind::Blind),
    (SearchKind::Astar, HeuristicKind::Hmax),
    (SearchKind::AstarLmcut, HeuristicKind::Lmcut),
];

fn grounded(family: Generator, size: u32) -> PddlTask {
    let domain = format!("www/examples/pddl/{}.domain.pddl", family.example());
    let domain = std::fs::read_to_string(domain).expect("the domain of an example");
    let model = pddl::parse(&domain, &family.problem(size, 1)).model.expect("texts without errors");
    planscope::step::run(Ground::new(Arc::new(model), GroundOptions::default())).expect("a task that fits")
}

/// States on random walks.
fn walk(grounded: &PddlTask) -> Vec<Vec<u64>> {
    let (task, mut random) = (&grounded.task, SplitMix64::new(1));
    let mut states = vec![grounded.instance.initial.clone()];
    let (mut stack, mut candidates) = (Vec::new(), Vec::new());
    while states.len() < STATES {
        let from = if states.len() % 20 == 0 { 0 } else { states.len() - 1 };
        let mut after = states[from].clone();
        candidates.clear();
        task.successors.facts_hold(&task.layout, &states[from], &mut stack, &mut candidates);
        if !candidates.is_empty() {
            let chosen = candidates[random.below(candidates.len() as u64) as usize].0 as usize;
            let operator = &task.operators[chosen];
            if operator.precondition.rest_holds(&task.layout, &states[from])
                && task.apply(operator, &states[from], &mut after).is_some()
            {
                task.derive(&mut after);
            }
        }
        states.push(after);
    }
    states
}

fn heuristics(criterion: &mut Criterion) {
    for (family, size, _) in FAMILIES {
        let grounded = grounded(family, size);
        let states = walk(&grounded);
        let mut group = criterion.benchmark_group(format!("evaluate: {} {size}", family.example()));
        group.throughput(Throughput::Elements(states.len() as u64)).sample_size(10);
        for &(name, kind) in HeuristicKind::all().iter().filter(|(_, kind)| *kind != HeuristicKind::Novelty) {
            let config = EngineConfig { heuristic: kind.into(), ..EngineConfig::default() };
            let mut heuristic = config.heuristic_for(&grounded.task, &grounded.instance);
            group.bench_function(name, |bencher| {
                bencher.iter(|| states.iter().filter_map(|state| heuristic.evaluate(state)).sum::<i64>());
            });
        }
        group.finish();
    }
}

fn solve(grounded: &PddlTask, config: &EngineConfig) {
    let observe = Box::new(|_: &_| NoObserver);
    let (task, instance) = (&grounded.task, grounded.instance.clone());
    let planner = Planner::new(task, instance, config, grounded.has_uniform_cost, 1 << 32, observe);
    assert_eq!(planscope::step::run(planner).end, SearchEnd::Solved, "{config}");
}

fn searches(criterion: &mut Criterion) {
    for (family, size, small) in FAMILIES {
        let mut group = criterion.benchmark_group(format!("search: {}", family.example()));
        group.sample_size(10);
        let large = grounded(family, size);
        for search in SATISFICING {
            let config = EngineConfig { search, ..EngineConfig::default() };
            let name = format!("{}, size {size}", search.name());
            group.bench_function(name, |bencher| bencher.iter(|| solve(&large, &config)));
        }
        let small_task = grounded(family, small);
        for (search, heuristic) in OPTIMAL {
            let config = EngineConfig { search, heuristic: heuristic.into(), ..EngineConfig::default() };
            let name = format!("{config}, size {small}");
            group.bench_function(name, |bencher| bencher.iter(|| solve(&small_task, &config)));
        }
        group.finish();
    }
}

criterion_group! { name = benches; config = support::briefly(); targets = heuristics, searches }
criterion_main!(benches);
