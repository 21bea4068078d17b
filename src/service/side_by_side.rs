//! Several searches on one thread that take turns of a few units.

use std::cell::RefCell;
use std::rc::Rc;

use super::goal_search::GoalSearch;
use crate::runtime::Paced;
use crate::search::{Finished, SearchEnd};
use crate::step::{Budget, Progress, Stepper};

/// Units of a turn.
const QUANTUM: u64 = 64;

/// Searches that share a budget. Done when all are, unless the first plan suffices.
pub(super) struct SideBySide {
    searches: Vec<Rc<RefCell<GoalSearch>>>,
    results: Vec<Option<Finished>>,
    turn: usize,
    left: u64,
    /// Whether it is done when one search has a plan, or the last one has ended.
    until_first_plan: bool,
}

impl SideBySide {
    pub(super) fn new(searches: Vec<Rc<RefCell<GoalSearch>>>) -> Self {
        let results = vec![None; searches.len()];
        Self { searches, results, turn: 0, left: QUANTUM, until_first_plan: false }
    }

    /// The same, which is done as soon as one search has a plan (its result, or an improvement), or the last one has
    /// ended, which knows no less than the others.
    pub(super) fn until_first_plan(searches: Vec<Rc<RefCell<GoalSearch>>>) -> Self {
        Self { until_first_plan: true, ..Self::new(searches) }
    }

    fn is_decided(&self) -> bool {
        let is_solved =
            |result: &Option<Finished>| result.as_ref().is_some_and(|found| found.end == SearchEnd::Solved);
        self.results.last().is_some_and(Option::is_some)
            || self.results.iter().any(is_solved)
            || self.searches.iter().any(|search| !search.borrow().improvements().is_empty())
    }

    /// The result of each search, as far as it has one.
    pub(super) fn into_results(self) -> Vec<Option<Finished>> {
        self.results
    }

    fn pass_on(&mut self) {
        self.turn = (self.turn + 1) % self.searches.len();
        self.left = QUANTUM;
    }
}

impl Stepper for SideBySide {
    type Output = ();

    fn step(&mut self, budget: &mut Budget) -> Progress<()> {
        while self.results.iter().any(Option::is_none) {
            if self.results[self.turn].is_some() {
                self.pass_on();
                continue;
            }
            let granted = self.left.min(budget.units_left());
            if granted == 0 || (budget.has_no_expansions() && !self.is_mid_expansion()) {
                return Progress::Pending;
            }
            let mut own = Budget::units(granted).with_expansions(budget.expansions_left());
            let mut search = self.searches[self.turn].borrow_mut();
            let before = search.expansions();
            let progress = search.step(&mut own);
            let expanded = search.expansions() - before;
            drop(search);
            let spent = granted - own.units_left();
            budget.spend(spent);
            (0..expanded.min(budget.expansions_left())).for_each(|_| budget.spend_expansion());
            self.left -= spent;
            if let Progress::Done(finished) = progress {
                self.results[self.turn] = Some(finished);
            }
            if self.until_first_plan && self.is_decided() {
                break;
            }
            if self.left == 0 || self.results[self.turn].is_some() {
                self.pass_on();
            } else if spent == 0 {
                return Progress::Pending;
            }
        }
        Progress::Done(())
    }
}

impl Paced for SideBySide {
    const HAS_EXPANSIONS: bool = true;

    fn expansions(&self) -> u64 {
        self.searches.iter().map(|search| search.borrow().expansions()).sum()
    }

    fn is_mid_expansion(&self) -> bool {
        // Without any search, none is in the middle of an expansion.
        self.searches.get(self.turn).is_some_and(|search| search.borrow().is_mid_expansion())
    }
}
