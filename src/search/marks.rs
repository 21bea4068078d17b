//! What a search remembers of each evaluated state beside its estimate: the preferred operators, or that the
//! state is a dead end.

use super::space::take;
use crate::task::{Column, OperatorId, OutOfMemory, StateId};

/// This bit is set in the last preferred operator of a node.
const LAST: u32 = 1 << 31;
/// "No preferred operators".
const NONE: u32 = u32::MAX;
/// "A known dead end".
const DEAD_END: u32 = u32::MAX - 1;

/// The marks of all registered states.
#[derive(Debug)]
pub(super) struct Marks {
    /// Indexed by node: where its preferred operators begin in `operators`, or [`NONE`], or [`DEAD_END`].
    starts: Column<u32>,
    /// The preferred operators of all nodes, one node after the other.
    operators: Column<u32>,
}

impl Marks {
    pub(super) fn new() -> Self {
        Self { starts: Column::new(1), operators: Column::new(1) }
    }

    /// Adds an entry for the node that was registered last; nothing is known of it yet.
    ///
    /// # Errors
    /// [`OutOfMemory`] where that takes more than `room` bytes, or where the allocator refuses. What it takes is
    /// taken off `room`.
    pub(super) fn push(&mut self, room: &mut u64) -> Result<(), OutOfMemory> {
        take(room, self.starts.growth_bytes())?;
        self.starts.push(&[NONE])
    }

    /// Stores the preferred operators of a node in place of earlier ones.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub(super) fn prefer(
        &mut self,
        node: StateId,
        operators: &[OperatorId],
        room: &mut u64,
    ) -> Result<(), OutOfMemory> {
        let start = if operators.is_empty() { NONE } else { self.operators.len() as u32 };
        *self.starts.at_mut(node.0 as usize) = start;
        for (at, operator) in operators.iter().enumerate() {
            let last = if at + 1 == operators.len() { LAST } else { 0 };
            take(room, self.operators.growth_bytes())?;
            self.operators.push(&[operator.0 | last])?;
        }
        Ok(())
    }

    /// Appends the preferred operators of a node.
    pub(super) fn list(&self, node: StateId, operators: &mut Vec<OperatorId>) {
        let start = *self.starts.at(node.0 as usize);
        if start >= DEAD_END {
            return;
        }
        for at in start as usize.. {
            let entry = *self.operators.at(at);
            operators.push(OperatorId(entry & !LAST));
            if entry & LAST != 0 {
                return;
            }
        }
    }

    /// Marks a node as a dead end, for good.
    pub(super) fn note_dead_end(&mut self, node: StateId) {
        *self.starts.at_mut(node.0 as usize) = DEAD_END;
    }

    pub(super) fn is_dead_end(&self, node: StateId) -> bool {
        *self.starts.at(node.0 as usize) == DEAD_END
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.starts.memory_bytes() + self.operators.memory_bytes()
    }
}
