//! What searches do with states that they know already.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::driven::Driven;
use super::*;
use crate::heuristic::{Heuristic, Preparation};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{
    Conjunction, Cost, Fact, Formula, Instance, Layout, Operator, OperatorId, Placement, Task, VariableId,
};

/// Says 1 of every state, but that one value of the only variable is a dead end.
struct DeadEndAt(u64);

impl Heuristic for DeadEndAt {
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        (state[0] != self.0).then_some(1)
    }
}

/// From place 0 straight to place 2, which is dear, or by way of place 1; to place 3 from nowhere.
fn detour() -> (Arc<Task>, Instance) {
    let layout = Layout::new(&[(4, Placement::Dynamic)], &[]);
    let at = |value| Fact { variable: VariableId(0), value };
    let holds = |value| Conjunction::new(Formula::Fact(at(value)));
    let moves = [(0, 2, 5), (0, 1, 1), (1, 2, 1)];
    let operators = (0..).zip(moves).map(|(source, (from, to, cost))| Operator {
        precondition: holds(from),
        facts: vec![at(to)].into(),
        conditional: Vec::new(),
        copies: [].into(),
        numeric: [].into(),
        cost: Cost::Constant(cost),
        source,
    });
    let instance = Instance { initial: vec![0; layout.words()], goal: holds(3).into() };
    (Arc::new(Task::new(layout, operators.collect(), 1.0)), instance)
}

fn searched(dead_end: u64) -> Statistics {
    let (task, instance) = detour();
    let heuristics = vec![Preparation::Ready(Box::new(DeadEndAt(dead_end)))];
    let policy = Policy::new(&EngineConfig::default()).lazy_weighted(1.0);
    let mut search = Lazy::with_heuristics(&task, instance, heuristics, policy, u64::MAX, NoObserver);
    let ended = search.step(&mut Budget::unlimited());
    assert!(matches!(ended, Progress::Done(Finished { end: SearchEnd::Unsolvable, .. })));
    search.statistics()
}

#[test]
fn a_known_dead_end_is_not_reopened_on_a_cheaper_path() {
    let reopened = searched(9);
    assert_eq!((reopened.evaluated, reopened.reopened, reopened.dead_ends), (4, 1, 0));
    let dead = searched(2);
    assert_eq!((dead.evaluated, dead.reopened, dead.dead_ends), (3, 0, 1));
}

/// Prefers the operator 1, and counts how often it is asked.
struct Counting(Rc<Cell<u64>>);

impl Heuristic for Counting {
    fn evaluate(&mut self, _: &[u64]) -> Option<i64> {
        self.0.set(self.0.get() + 1);
        Some(1)
    }

    fn has_preferred(&self) -> bool {
        true
    }

    fn preferred(&self) -> &[OperatorId] {
        &[OperatorId(1)]
    }
}

#[test]
fn greedy_search_asks_a_heuristic_once_a_state_though_it_prefers_operators() {
    let (task, instance) = detour();
    let asked = Rc::new(Cell::new(0));
    let heuristic: Box<dyn Heuristic> = Box::new(Counting(Rc::clone(&asked)));
    let policy = Policy::new(&EngineConfig { search: SearchKind::Gbfs, ..EngineConfig::default() });
    let mut search = Search::new(&task, instance, heuristic, policy, u64::MAX, NoObserver);
    let ended = search.step(&mut Budget::unlimited());
    assert!(matches!(ended, Progress::Done(Finished { end: SearchEnd::Unsolvable, .. })));
    assert_eq!((search.statistics().expanded, search.statistics().evaluated), (3, 3));
    assert_eq!(asked.get(), 3);
}

/// So many variables, each of which an operator of its own takes to 1, as the goal wants all of them.
pub(super) fn switches(count: u32) -> (Arc<Task>, Instance) {
    let layout = Layout::new(&vec![(2, Placement::Dynamic); count as usize], &[]);
    let on = |variable| Fact { variable: VariableId(variable), value: 1 };
    let operators = (0..count).map(|variable| Operator {
        precondition: Conjunction::default(),
        facts: vec![on(variable)].into(),
        conditional: Vec::new(),
        copies: [].into(),
        numeric: [].into(),
        cost: Cost::Constant(1),
        source: variable,
    });
    let goal =
        Conjunction::new(Formula::And((0..count).map(|variable| Formula::Fact(on(variable))).collect()));
    let instance = Instance { initial: vec![0; layout.words()], goal: goal.into() };
    (Arc::new(Task::new(layout, operators.collect(), 1.0)), instance)
}

/// Counts its evaluations, each of which takes as long as generating a thousand successors.
struct Slow(u64);

impl Heuristic for Slow {
    fn evaluate(&mut self, _: &[u64]) -> Option<i64> {
        self.0 += 1;
        Some(1)
    }

    fn evaluation_units(&self) -> u64 {
        1_000
    }
}

#[test]
fn a_turn_ends_between_two_evaluations_of_the_same_expansion() {
    let evaluated = |units| {
        let (task, instance) = switches(100);
        let heuristic: Box<dyn Heuristic> = Box::new(Slow(0));
        let policy = Policy::new(&EngineConfig { search: SearchKind::Gbfs, ..EngineConfig::default() });
        let mut search = Search::new(&task, instance, heuristic, policy, u64::MAX, NoObserver);
        search.begin_turn(5_000);
        while !search.is_turn_over() {
            assert_eq!(search.step(&mut Budget::units(units)), Progress::Pending);
        }
        (search.statistics().expanded, search.statistics().evaluated)
    };
    assert_eq!([1, 700, u64::MAX].map(evaluated), [(1, 5); 3]);
}

#[test]
fn setting_up_a_heuristic_counts_as_work_however_it_is_sliced() {
    let worked = |units| {
        let (task, instance) = switches(400);
        let config = EngineConfig { search: SearchKind::Gbfs, ..EngineConfig::default() };
        let heuristic = config.prepare(&task, &instance);
        let mut search = Search::new(&task, instance, heuristic, Policy::new(&config), u64::MAX, NoObserver);
        // The initial state is evaluated, and none is expanded.
        while search.best_and_initial_h().1.is_none() {
            assert_eq!(search.step(&mut Budget::units(units).with_expansions(0)), Progress::Pending);
        }
        search.core().work_units()
    };
    let all = [1, 100, 10_000].map(worked);
    assert!(all[0] > 200, "{all:?}");
    assert_eq!(all, [all[0]; 3]);
}

#[test]
fn auto_has_a_plan_before_a_slow_relaxation_says_anything() {
    let (task, instance) = switches(600);
    let observe = Box::new(|_: &_| NoObserver);
    let mut planner = Planner::new(&task, instance, &EngineConfig::auto(), true, u64::MAX, observe);
    let mut evaluated = 0;
    while planner.improvements().is_empty() {
        assert_eq!(planner.step(&mut Budget::units(1_000)), Progress::Pending);
        evaluated = planner.statistics().evaluated;
    }
    // One state for each step of the plan, and few more: no engine evaluates all successors of many states.
    assert!(evaluated < 3 * 600, "{evaluated} evaluations");
}

#[test]
fn an_engine_that_is_stopped_while_it_shortens_its_first_plan_has_that_plan() {
    let (task, instance) = switches(80);
    let config = EngineConfig { search: SearchKind::LamaFirst, ..EngineConfig::default() };
    let observe = Box::new(|_: &Policy| NoObserver);
    let mut planner = Planner::new(&task, instance, &config, true, u64::MAX, observe);
    assert_eq!(planner.stop(), None);
    let stopped = loop {
        assert_eq!(planner.step(&mut Budget::units(1)), Progress::Pending);
        if let Some(stopped) = planner.stop() {
            break stopped;
        }
    };
    assert_eq!((stopped.end, stopped.plan.len(), stopped.cost), (SearchEnd::Solved, 80, 80));
    assert_eq!(planner.optimality(), Optimality::Stopped);
}
