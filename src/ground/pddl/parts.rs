//! The parts of formulas that are being put together.

use super::room::Room;
use crate::task::{Formula, OutOfMemory};

/// Lists of so many parts are not copied where they are all that there is.
const LONG: usize = 1 << 12;

/// The parts of all lists that are open, one list behind the other, and the bytes that they point to.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    parts: Vec<Formula>,
    inner_bytes: usize,
}

impl Parts {
    /// How many parts there are: where those of the next list begin.
    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    /// Adds a part to the last list.
    pub(super) fn push(&mut self, part: Formula, room: Room) -> Result<(), OutOfMemory> {
        room.grow(&mut self.parts)?;
        self.inner_bytes += part.inner_bytes();
        self.parts.push(part);
        Ok(())
    }

    /// Adds some parts to the last list.
    pub(super) fn append(&mut self, parts: Vec<Formula>, room: Room) -> Result<(), OutOfMemory> {
        room.reserve_some(&mut self.parts, parts.len())?;
        self.inner_bytes += parts.iter().map(Formula::inner_bytes).sum::<usize>();
        self.parts.extend(parts);
        Ok(())
    }

    /// Removes the last part.
    pub(super) fn pop(&mut self) -> Option<Formula> {
        let last = self.parts.pop()?;
        self.inner_bytes -= last.inner_bytes();
        Some(last)
    }

    /// Drops the parts from `begin` on.
    pub(super) fn truncate(&mut self, begin: usize) {
        self.inner_bytes -= self.parts.drain(begin..).map(|part| part.inner_bytes()).sum::<usize>();
    }

    /// Makes one formula of the parts from `begin` on. Most such lists are short, and there are many of them: shrunk
    /// in place, each would leave a hole that is too small for another one.
    pub(super) fn close(&mut self, begin: usize, is_and: bool, room: Room) -> Result<Formula, OutOfMemory> {
        let parts = if begin == 0 && self.parts.len() >= LONG {
            let mut whole = std::mem::take(&mut self.parts);
            whole.shrink_to_fit();
            whole
        } else {
            room.ask((self.parts.len() - begin) * size_of::<Formula>())?;
            self.parts.drain(begin..).collect()
        };
        self.inner_bytes -= parts.iter().map(Formula::inner_bytes).sum::<usize>();
        Ok(if is_and { Formula::And(parts) } else { Formula::Or(parts) })
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.parts.capacity() * size_of::<Formula>() + self.inner_bytes
    }
}
