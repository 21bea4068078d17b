//! What a planner asks of a search, whether it evaluates states when they are generated or when it is their turn.

use super::engine::{Finished, Search};
use super::evaluators::HeuristicStart;
use super::lazy::Lazy;
use super::observer::Observer;
use super::statistics::Statistics;
use crate::step::Stepper;

/// A search under way. See [`Search`] for what each answers.
pub(super) trait Driven<O>: Stepper<Output = Finished> {
    fn statistics(&self) -> Statistics;
    fn observer(&self) -> &O;
    fn into_observer(self: Box<Self>) -> O;
    fn best_and_initial_h(&self) -> (Option<i64>, Option<i64>);
    fn heuristic_starts(&self) -> Vec<HeuristicStart>;
    fn open_size(&self) -> usize;
    fn peak_memory_bytes(&self) -> u64;
    fn is_mid_expansion(&self) -> bool;
    fn work_units(&self) -> u64;
    fn begin_turn(&mut self, units: u64);
    fn is_turn_over(&self) -> bool;
    fn tighten(&mut self, bound: i64);
    fn set_memory_limit(&mut self, bytes: u64);
}

macro_rules! driven {
    ($search:ident, $is_mid_expansion:expr) => {
        impl<O: Observer> Driven<O> for $search<O> {
            fn statistics(&self) -> Statistics {
                self.statistics()
            }

            fn observer(&self) -> &O {
                self.observer()
            }

            fn into_observer(self: Box<Self>) -> O {
                (*self).into_observer()
            }

            fn best_and_initial_h(&self) -> (Option<i64>, Option<i64>) {
                self.best_and_initial_h()
            }

            fn heuristic_starts(&self) -> Vec<HeuristicStart> {
                self.heuristic_starts()
            }

            fn open_size(&self) -> usize {
                self.open_size()
            }

            fn peak_memory_bytes(&self) -> u64 {
                self.peak_memory_bytes()
            }

            fn is_mid_expansion(&self) -> bool {
                $is_mid_expansion(self)
            }

            fn work_units(&self) -> u64 {
                self.work_units()
            }

            fn begin_turn(&mut self, units: u64) {
                self.begin_turn(units);
            }

            fn is_turn_over(&self) -> bool {
                self.is_turn_over()
            }

            fn tighten(&mut self, bound: i64) {
                self.tighten(bound);
            }

            fn set_memory_limit(&mut self, bytes: u64) {
                self.set_memory_limit(bytes);
            }
        }
    };
}

driven!(Search, Search::is_mid_expansion);
// It generates one successor at a time: an expansion is over at once.
driven!(Lazy, |_: &Lazy<O>| false);
