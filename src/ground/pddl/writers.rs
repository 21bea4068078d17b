//! Which operators write an atom or a fluent, and with which of their parts.

use std::ops::Range;

use super::draft::Drafts;
use super::room::Room;
use super::world::NONE;
use crate::task::OutOfMemory;

/// Operators that are looked at per unit of work.
const OPERATORS_PER_UNIT: usize = 16;

/// An index from atoms and fluents to the operators that write them. First it counts them, then it lists
/// them.
#[derive(Debug)]
pub(super) struct Writers {
    /// Where writers begin: for each atom, those that add it and those that delete it; then for each fluent.
    starts: Vec<u32>,
    operators: Vec<u32>,
    /// Indexed by writer: the part of the operator that writes (see [`Drafts::writes`]). Empty if no operator
    /// has other parts than atoms.
    parts: Vec<u32>,
    first_fluent: u32,
    has_parts: bool,
    is_counted: bool,
    next: usize,
}

impl Writers {
    /// An index with nothing listed yet. O(atoms + fluents).
    pub(super) fn new(atoms: usize, fluents: usize, drafts: &Drafts) -> Self {
        Self {
            starts: vec![0; 2 * atoms + fluents + 1],
            operators: Vec::new(),
            parts: Vec::new(),
            first_fluent: 2 * atoms as u32,
            has_parts: !drafts.extras.is_empty(),
            is_counted: false,
            next: 0,
        }
    }

    /// One unit of work; answers true when all writers are listed.
    pub(super) fn unit(&mut self, drafts: &Drafts, room: Room) -> Result<bool, OutOfMemory> {
        let end = (self.next + OPERATORS_PER_UNIT).min(drafts.len());
        for id in self.next..end {
            drafts.writes(id, self.first_fluent, &mut |key, part| {
                let start = &mut self.starts[key as usize];
                if !self.is_counted {
                    *start += 1;
                    return;
                }
                *start -= 1;
                let at = *start as usize;
                self.operators[at] = id as u32;
                if let Some(slot) = self.parts.get_mut(at) {
                    *slot = part;
                }
            });
        }
        self.next = end;
        if end < drafts.len() {
            return Ok(false);
        }
        self.next = 0;
        if self.is_counted {
            return Ok(true);
        }
        self.is_counted = true;
        for key in 1..self.starts.len() {
            self.starts[key] += self.starts[key - 1];
        }
        let count = self.starts.last().map_or(0, |&last| last as usize);
        let parts = if self.has_parts { count } else { 0 };
        room.ask((count + parts) * 4)?;
        self.operators = vec![0; count];
        self.parts = vec![NONE; parts];
        Ok(false)
    }

    /// The writers of an atom: where those that add it begin, those that delete it, and what comes behind.
    pub(super) fn of_atom(&self, atom: u32) -> (u32, u32, u32) {
        let key = 2 * atom as usize;
        (self.starts[key], self.starts[key + 1], self.starts[key + 2])
    }

    /// The writers of a fluent.
    pub(super) fn of_fluent(&self, fluent: u32) -> Range<u32> {
        let key = (self.first_fluent + fluent) as usize;
        self.starts[key]..self.starts[key + 1]
    }

    /// A writer and which part of it writes; [`NONE`] for the atoms that it always changes.
    pub(super) fn at(&self, writer: u32) -> (usize, u32) {
        let part = self.parts.get(writer as usize).copied().unwrap_or(NONE);
        (self.operators[writer as usize] as usize, part)
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        (self.starts.len() + self.operators.len() + self.parts.len()) * 4
    }
}
