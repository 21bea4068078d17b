//! What searches do with states that they know already.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

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

    fn is_admissible(&self) -> bool {
        false
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
        facts: vec![at(to)],
        conditional: Vec::new(),
        copies: Vec::new(),
        numeric: Vec::new(),
        cost: Cost::Constant(cost),
        source,
    });
    let instance = Instance { initial: vec![0; layout.words()], goal: holds(3) };
    (Arc::new(Task::new(layout, operators.collect(), 1.0)), instance)
}

fn searched(dead_end: u64) -> Statistics {
    let (task, instance) = detour();
    let heuristics = vec![Preparation::Ready(Box::new(DeadEndAt(dead_end)))];
    let ordering = Ordering::new(&EngineConfig::default()).lazy_weighted(1.0);
    let mut search = Lazy::new(&task, instance, heuristics, ordering, u64::MAX, NoObserver);
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

    fn is_admissible(&self) -> bool {
        false
    }
}

#[test]
fn greedy_search_asks_a_heuristic_once_a_state_though_it_prefers_operators() {
    let (task, instance) = detour();
    let asked = Rc::new(Cell::new(0));
    let heuristic: Box<dyn Heuristic> = Box::new(Counting(Rc::clone(&asked)));
    let ordering = Ordering::new(&EngineConfig { search: SearchKind::Gbfs, ..EngineConfig::default() });
    let mut search = Search::new(&task, instance, heuristic, ordering, u64::MAX, NoObserver);
    let ended = search.step(&mut Budget::unlimited());
    assert!(matches!(ended, Progress::Done(Finished { end: SearchEnd::Unsolvable, .. })));
    assert_eq!((search.statistics().expanded, search.statistics().evaluated), (3, 3));
    assert_eq!(asked.get(), 3);
}
