//! Memory that is left.

use crate::task::OutOfMemory;

/// Bytes that may still be allocated. What grows asks first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room(pub(super) usize);

impl Room {
    /// Makes room for one more element.
    pub(super) fn grow<T>(self, list: &mut Vec<T>) -> Result<(), OutOfMemory> {
        if list.len() < list.capacity() {
            return Ok(());
        }
        // By half, so that the old and the new list together take at most two and a half times what is there.
        self.reserve(list, (list.len() / 2).max(4))
    }

    /// Makes room for `more` elements.
    pub(super) fn reserve<T>(self, list: &mut Vec<T>, more: usize) -> Result<(), OutOfMemory> {
        if (list.len() + more) * size_of::<T>() > self.0 {
            return Err(OutOfMemory);
        }
        list.try_reserve_exact(more).map_err(|_| OutOfMemory)
    }
}
