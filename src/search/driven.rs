//! The interface between a planner and its searches, eager or lazy.

use super::core::Core;
use super::finished::Finished;
use crate::step::Stepper;

/// A search under way.
pub(super) trait Driven<O>: Stepper<Output = Finished> {
    /// Counters, heuristics, limits, and the observer.
    fn core(&self) -> &Core<O>;

    fn core_mut(&mut self) -> &mut Core<O>;

    /// Ends the search and hands over its observer.
    fn into_observer(self: Box<Self>) -> O;

    /// Entries in the open lists.
    fn open_size(&self) -> usize;

    /// Most bytes held at once.
    fn peak_memory_bytes(&self) -> u64 {
        self.core().peak.max(self.memory_bytes())
    }

    /// Whether an expansion has begun and is not over.
    fn is_mid_expansion(&self) -> bool;

    /// Lets the search work so many units more before it pauses. It pauses between two evaluations, at the same
    /// place however it is sliced.
    fn begin_turn(&mut self, units: u64);

    /// Whether it has worked for its turn, and pauses.
    fn is_turn_over(&self) -> bool;
}
