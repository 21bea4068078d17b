//! The grounded task against the lifted model, on random tasks: what an independent brute force over the
//! lifted model says a plan costs, every optimal engine finds, with and without invariants and relevance.

use std::sync::Arc;

use crate::support::lifted_brute::{Answer, Written};
use crate::support::random_pddl::{self, Features, RandomTask};
use planscope::ground::pddl::{Failure, Ground, GroundOptions, PddlTask};
use planscope::lang::pddl::{Model, is_unsupported, parse};
use planscope::lang::plan::Step;
use planscope::search::{
    EngineConfig, HeuristicKind, NoObserver, Optimality, Planner, SearchEnd, SearchKind,
};
use planscope::step::{Budget, Progress, Stepper, run};
use planscope::task::Cost;
use planscope::validate::pddl::replay;

const MEMORY: u64 = 48 << 20;
/// The same where numbers may grow for nothing: some of these searches have no end.
const MEMORY_FREE: u64 = 6 << 20;
/// The same where costs depend on the state: many of these searches have no end.
const MEMORY_OPEN: u64 = 2 << 20;
const STATES_MAX: usize = 4_000;

fn model(task: &RandomTask) -> Arc<Model> {
    let parsed = parse(&task.domain, &task.problem);
    let model = parsed.model;
    Arc::new(model.unwrap_or_else(|| panic!("{:?}\n{}\n{}", parsed.diagnostics, task.domain, task.problem)))
}

/// The task; `None` where the metric cannot be planned for, which shows only when it is grounded.
fn ground(model: &Arc<Model>, invariants: bool, relevance: bool) -> Option<PddlTask> {
    let options = GroundOptions { memory_bytes: MEMORY, invariants, relevance };
    match run(Ground::new(Arc::clone(model), options)) {
        Ok(task) => Some(task),
        Err(Failure::Diagnostics(findings)) => {
            assert!(findings.iter().all(|finding| is_unsupported(&finding.code)), "{findings:?}");
            None
        }
        Err(Failure::MemoryLimit) => panic!("out of memory"),
    }
}

fn engine(search: SearchKind, heuristic: HeuristicKind) -> EngineConfig {
    EngineConfig { search, heuristic: heuristic.into(), ..EngineConfig::default() }
}

/// What a search came to.
enum Found {
    /// The plan, and what it costs by the task.
    Plan(Vec<Step>, f64, Optimality),
    /// It is proven that there is none.
    Nothing,
    /// Operators that cost nothing let a fluent grow without end: depth comes first among equal f.
    Endless,
    /// A step would cost less than nothing.
    Refused,
}

fn solve(model: &Model, task: &PddlTask, engine: &EngineConfig) -> Found {
    let (instance, uniform) = (task.instance.clone(), task.has_uniform_cost);
    let memory = match task {
        task if has_open_costs(task) => MEMORY_OPEN,
        task if can_be_endless(task) => MEMORY_FREE,
        _ => MEMORY,
    };
    let mut planner = Planner::new(&task.task, instance, engine, uniform, memory, Box::new(|_| NoObserver));
    let finished = loop {
        if let Progress::Done(finished) = planner.step(&mut Budget::unlimited()) {
            break finished;
        }
    };
    match finished.end {
        SearchEnd::Solved => {
            let steps: Vec<Step> = finished.plan.iter().map(|&id| task.step(model, id).unwrap()).collect();
            Found::Plan(steps, finished.cost as f64 * task.task.unit, planner.optimality())
        }
        SearchEnd::Unsolvable => Found::Nothing,
        SearchEnd::NegativeCost if has_open_costs(task) => Found::Refused,
        SearchEnd::MemoryLimit if can_be_endless(task) => Found::Endless,
        end => panic!("{end:?} {engine} {:?}", task.counts),
    }
}

/// Whether there are numbers, and operators that cost nothing.
fn can_be_endless(task: &PddlTask) -> bool {
    task.counts.slots > 0
        && task.task.operators.iter().any(|operator| !matches!(operator.cost, Cost::Constant(1..)))
}

/// Whether costs depend on the state: then steps of other plans may cost less than nothing.
fn has_open_costs(task: &PddlTask) -> bool {
    task.task.operators.iter().any(|operator| {
        let mut effects = operator.conditional.iter();
        !matches!(operator.cost, Cost::Constant(_)) || effects.any(|effect| effect.cost != Cost::ZERO)
    })
}

/// What the cheapest plan costs by the brute force, `None` without a plan.
///
/// # Errors
/// The answer for a task that is too large.
fn least_cost(model: &Model) -> Result<Option<f64>, Answer> {
    match Written::new(model).solve(STATES_MAX) {
        Answer::Solved { cost, .. } => Ok(Some(cost)),
        Answer::Unsolvable => Ok(None),
        too_large @ Answer::TooLarge => Err(too_large),
    }
}

fn agree(expected: f64, found: f64) -> bool {
    (expected - found).abs() <= 1e-6 * (1.0 + expected.abs())
}

#[test]
fn optimal_engines_cost_what_the_brute_force_costs_on_1000_random_tasks() {
    let (mut solved, mut unsolvable, mut seed, mut endless) = (0, 0, 0, 0);
    while solved + unsolvable < 1000 {
        seed += 1;
        assert!(seed < 4000, "too many tasks are too large: {solved} solved, {unsolvable} unsolvable");
        let text = random_pddl::task(seed, Features::ALL);
        let model = model(&text);
        let Ok(expected) = least_cost(&model) else { continue };
        let what = || format!("seed {seed}\n{}\n{}", text.domain, text.problem);
        for (invariants, relevance) in [(true, true), (false, true), (true, false)] {
            let Some(task) = ground(&model, invariants, relevance) else { continue };
            for heuristic in [HeuristicKind::Blind, HeuristicKind::Hmax, HeuristicKind::Lmcut] {
                let options = format!("{heuristic} {invariants} {relevance}");
                match (solve(&model, &task, &engine(SearchKind::Astar, heuristic)), expected) {
                    (Found::Plan(steps, cost, _), Some(expected)) => {
                        let replayed = replay(&model, &steps);
                        let total =
                            replayed.unwrap_or_else(|violation| panic!("{violation}\n{}", what())).total;
                        let figures = format!("{expected} {cost} {total} {options}");
                        let is_least = agree(expected, cost) || has_open_costs(&task) && expected < cost;
                        assert!(is_least && agree(cost, total), "{figures} {}", what());
                    }
                    (Found::Nothing, None) => {}
                    (Found::Endless, _) if has_open_costs(&task) => {}
                    (Found::Endless, _) => endless += 1,
                    (Found::Refused, _) => {}
                    (Found::Plan(..), None) => panic!("a plan where there is none, {options} {}", what()),
                    (Found::Nothing, Some(_)) => panic!("no plan where there is one, {options} {}", what()),
                }
            }
        }
        *(if expected.is_some() { &mut solved } else { &mut unsolvable }) += 1;
    }
    assert!(endless < 20, "{endless} of 9000 searches were endless");
    assert!(solved > 300 && unsolvable > 50, "{solved} solved, {unsolvable} unsolvable");
}

#[test]
fn every_engine_finds_plans_that_hold_and_are_as_good_as_it_says_or_proves_that_there_are_none() {
    for seed in 5000..5150 {
        let text = random_pddl::task(seed, Features::ALL);
        let model = model(&text);
        let Ok(expected) = least_cost(&model) else { continue };
        let Some(task) = ground(&model, true, true) else { continue };
        let presets = SearchKind::all().iter().map(|&(_, kind)| kind).filter(|kind| kind.is_preset());
        let presets = presets.map(|search| EngineConfig { search, ..EngineConfig::default() });
        let others = [
            engine(SearchKind::Gbfs, HeuristicKind::Ff),
            engine(SearchKind::Gbfs, HeuristicKind::Add),
            engine(SearchKind::Gbfs, HeuristicKind::Landmarks),
            engine(SearchKind::Lazy, HeuristicKind::Add),
            engine(SearchKind::Ehc, HeuristicKind::Ff),
            engine(SearchKind::Wastar, HeuristicKind::GoalCount),
            engine(SearchKind::Bfs, HeuristicKind::Blind),
        ];
        for engine in presets.chain(others) {
            let found = solve(&model, &task, &engine);
            let what = || format!("{engine} seed {seed}\n{}\n{}", text.domain, text.problem);
            match found {
                Found::Plan(steps, cost, optimality) => {
                    assert!(replay(&model, &steps).is_ok(), "{}", what());
                    let is_claimed = optimality == Optimality::Proven && !has_open_costs(&task);
                    let holds = expected.is_some_and(|expected| !is_claimed || agree(expected, cost));
                    assert!(holds, "{expected:?} {cost} {optimality:?} {}", what());
                }
                Found::Nothing => assert!(expected.is_none(), "{}", what()),
                Found::Endless | Found::Refused => {}
            }
        }
    }
}

#[test]
fn slicing_changes_nothing() {
    for seed in 7000..7060 {
        let model = model(&random_pddl::task(seed, Features::ALL));
        let Some(whole) = ground(&model, true, true) else { continue };
        let mut stepper = Ground::new(Arc::clone(&model), GroundOptions::default());
        let sliced = loop {
            match stepper.step(&mut Budget::units(1)) {
                Progress::Pending => {}
                Progress::Done(Ok(task)) => break task,
                Progress::Done(Err(failure)) => panic!("{failure:?}"),
            }
        };
        assert_eq!(whole.counts, sliced.counts, "seed {seed}");
        assert_eq!(whole.instance.initial, sliced.instance.initial, "seed {seed}");
        let names = |task: &PddlTask| {
            let ids = (0..task.task.operators.len() as u32).map(planscope::task::OperatorId);
            ids.map(|id| format!("{:?}", task.step(&model, id))).collect::<Vec<_>>()
        };
        assert_eq!(names(&whole), names(&sliced), "seed {seed}");
    }
}
