//! Engines that look for better plans: what they find, when, and when they end.

use std::sync::Arc;

use planscope::examples::Generator;
use planscope::ground::pddl::{Ground, GroundOptions, PddlTask};
use planscope::lang::pddl::{Model, parse};
use planscope::lang::plan::Step;
use planscope::search::{EngineConfig, Finished, NoObserver, Optimality, Planner, SearchEnd, SearchKind};
use planscope::step::{Budget, Progress, Stepper, run};
use planscope::validate::pddl::replay;

/// Room for a search, in bytes.
const MEMORY: u64 = 256 << 20;

struct Problem {
    model: Arc<Model>,
    task: PddlTask,
}

/// People who take elevators.
fn elevators(people: u32, seed: u64) -> Problem {
    let domain = include_str!("../../www/examples/pddl/elevators.domain.pddl");
    let problem = Generator::Elevators.problem(people, seed);
    let model = Arc::new(parse(domain, &problem).model.unwrap());
    let task = run(Ground::new(Arc::clone(&model), GroundOptions::default())).unwrap();
    Problem { model, task }
}

impl Problem {
    fn planner(&self, search: SearchKind) -> Planner<NoObserver> {
        let config = EngineConfig { search, ..EngineConfig::default() };
        let instance = self.task.instance.clone();
        let observe = Box::new(|_: &_| NoObserver);
        Planner::new(&self.task.task, instance, &config, self.task.has_uniform_cost, MEMORY, observe)
    }

    fn steps(&self, finished: &Finished) -> Vec<Step> {
        finished.plan.iter().map(|&id| self.task.step(&self.model, id).unwrap()).collect()
    }
}

/// Runs it until it ends or has made so many expansions, `units` at a time.
fn expand(planner: &mut Planner<NoObserver>, expansions: u64, units: u64) -> Option<Finished> {
    loop {
        let left = expansions.saturating_sub(planner.statistics().expanded);
        if left == 0 {
            return planner.stop();
        }
        if let Progress::Done(finished) = planner.step(&mut Budget::units(units).with_expansions(left)) {
            return Some(finished);
        }
    }
}

#[test]
fn a_plan_gets_cheaper_step_by_step_and_each_one_holds() {
    let problem = elevators(24, 3);
    let first = run(problem.planner(SearchKind::LamaFirst));
    let mut planner = problem.planner(SearchKind::Lama);
    let best = expand(&mut planner, 6_000, u64::MAX).unwrap();
    let costs: Vec<i64> = planner.improvements().iter().map(|plan| plan.cost).collect();
    assert!(costs.windows(2).all(|pair| pair[1] < pair[0]), "{costs:?}");
    assert_eq!((costs[0], *costs.last().unwrap()), (first.cost, best.cost));
    assert!(best.cost * 20 <= first.cost * 19, "{costs:?}");
    let total = replay(&problem.model, &problem.steps(&best)).unwrap().total;
    assert!((total - best.cost as f64 * problem.task.task.unit).abs() < 1e-6, "{total} {}", best.cost);
}

#[test]
fn how_the_work_is_sliced_changes_nothing_about_the_plans() {
    let problem = elevators(12, 5);
    // The search without the relaxation, which `auto` has beside the others, expands fast.
    for (search, expansions) in [(SearchKind::Lama, 1_500), (SearchKind::Auto, 10_000)] {
        let found = [7, 1_000, u64::MAX].map(|units| {
            let mut planner = problem.planner(search);
            let best = expand(&mut planner, expansions, units).unwrap();
            (best.plan, planner.improvements().to_vec())
        });
        assert_eq!(found[0], found[2], "{search:?}");
        assert_eq!(found[1], found[2], "{search:?}");
    }
}

/// Units of work until there is a plan, and its cost.
fn first_plan(mut planner: Planner<NoObserver>) -> (u64, i64) {
    let mut work = 0;
    loop {
        let mut budget = Budget::units(500);
        let progress = planner.step(&mut budget);
        work += 500 - budget.units_left() + budget.overrun();
        match (progress, planner.improvements()) {
            (Progress::Done(finished), _) => return (work, finished.cost),
            (_, [first, ..]) => return (work, first.cost),
            _ => {}
        }
    }
}

#[test]
fn auto_has_its_first_plan_about_when_lama_first_has_it() {
    for seed in 1..4 {
        let problem = elevators(16, seed);
        let (alone, cost) = first_plan(problem.planner(SearchKind::LamaFirst));
        let (beside, found) = first_plan(problem.planner(SearchKind::Auto));
        assert_eq!(found, cost, "seed {seed}");
        // The others have a third of the work at most after their head starts.
        assert!(2 * beside <= 3 * alone + 2 * 175_000, "seed {seed}: {beside} {alone}");
    }
}

#[test]
fn auto_ends_with_the_proof_that_its_plan_is_optimal() {
    let small = elevators(2, 1);
    let mut planner = small.planner(SearchKind::Auto);
    let proven = expand(&mut planner, u64::MAX, u64::MAX).unwrap();
    assert_eq!((proven.end, planner.optimality()), (SearchEnd::Solved, Optimality::Proven));
    let by_astar = run(small.planner(SearchKind::AstarLmcut));
    assert_eq!(proven.cost, by_astar.cost);
}
