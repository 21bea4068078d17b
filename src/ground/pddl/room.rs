//! The memory that may still be allocated.

use crate::task::OutOfMemory;

/// Bytes that may still be allocated; asked before a list grows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room(pub(super) usize);

impl Room {
    /// Whether so many bytes may be allocated.
    pub(super) fn ask(self, bytes: usize) -> Result<(), OutOfMemory> {
        if bytes > self.0 { Err(OutOfMemory) } else { Ok(()) }
    }

    /// Makes room for one more element.
    pub(super) fn grow<T>(self, list: &mut Vec<T>) -> Result<(), OutOfMemory> {
        if list.len() < list.capacity() {
            return Ok(());
        }
        // By half, so that the old and the new list together take at most two and a half times the list's
        // size.
        self.reserve(list, (list.len() / 2).max(4))
    }

    /// Makes room for `more` elements where they do not fit, and then for some beyond these.
    pub(super) fn reserve_some<T>(self, list: &mut Vec<T>, more: usize) -> Result<(), OutOfMemory> {
        if more <= list.capacity() - list.len() {
            return Ok(());
        }
        self.reserve(list, more.max(list.len() / 2))
    }

    /// Makes room for `more` elements.
    pub(super) fn reserve<T>(self, list: &mut Vec<T>, more: usize) -> Result<(), OutOfMemory> {
        self.ask((list.len() + more) * size_of::<T>())?;
        list.try_reserve_exact(more).map_err(|_| OutOfMemory)
    }
}
