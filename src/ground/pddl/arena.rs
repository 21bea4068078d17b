//! Runs of numbers of any length, in segments that never move.

use crate::task::OutOfMemory;

/// Numbers of a segment. Its first one grows by doubling.
const SEGMENT: usize = 1 << 16;

/// An arena of runs of `u32`. A run never crosses a segment, so it can be borrowed whole.
#[derive(Debug, Default)]
pub(super) struct Arena {
    segments: Vec<Vec<u32>>,
    bytes: usize,
}

impl Arena {
    /// Stores a run; answers where. O(length), and at most one segment is moved: the first, while small.
    pub(super) fn push(&mut self, run: &[u32]) -> Result<u32, OutOfMemory> {
        let fits = |last: &Vec<u32>| last.len() < SEGMENT && last.len() + run.len() <= SEGMENT;
        let fits = self.segments.last().is_some_and(fits);
        if !fits {
            self.open(run.len())?;
        }
        let segment = self.segments.len() - 1;
        let last = &mut self.segments[segment];
        let at = last.len();
        if last.capacity() - at < run.len() {
            let more = (at * 2).clamp(at + run.len(), SEGMENT.max(run.len()));
            self.bytes -= last.capacity() * 4;
            let result = last.try_reserve_exact(more - at);
            self.bytes += last.capacity() * 4;
            result.map_err(|_| OutOfMemory)?;
        }
        last.extend_from_slice(run);
        Ok((segment * SEGMENT + at) as u32)
    }

    /// Opens a segment for a run. A run that is longer than a segment gets one of its own length.
    #[cold]
    fn open(&mut self, length: usize) -> Result<(), OutOfMemory> {
        if self.segments.len() >= u32::MAX as usize / SEGMENT {
            return Err(OutOfMemory);
        }
        let capacity = if self.segments.is_empty() { length.max(256) } else { SEGMENT.max(length) };
        let mut segment = Vec::new();
        segment.try_reserve_exact(capacity).map_err(|_| OutOfMemory)?;
        self.bytes += segment.capacity() * 4;
        self.segments.push(segment);
        Ok(())
    }

    /// The `length` numbers from `at` on.
    #[inline]
    pub(super) fn run(&self, at: u32, length: usize) -> &[u32] {
        let at = at as usize;
        &self.segments[at / SEGMENT][at % SEGMENT..at % SEGMENT + length]
    }

    /// The same to be changed.
    pub(super) fn run_mut(&mut self, at: u32, length: usize) -> &mut [u32] {
        let at = at as usize;
        &mut self.segments[at / SEGMENT][at % SEGMENT..at % SEGMENT + length]
    }

    /// The number at `at`.
    #[inline]
    pub(super) fn at(&self, at: u32) -> u32 {
        self.segments[at as usize / SEGMENT][at as usize % SEGMENT]
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_any_length_are_found_again() {
        let mut arena = Arena::default();
        let lengths = [3, 0, SEGMENT - 1, 5, SEGMENT * 2 + 7, 2, SEGMENT, 1];
        let mut places = Vec::new();
        for (number, &length) in lengths.iter().enumerate() {
            places.push(arena.push(&vec![number as u32; length]).expect("room"));
        }
        for (number, &length) in lengths.iter().enumerate() {
            let run = arena.run(places[number], length);
            assert!(run.iter().all(|&found| found == number as u32));
        }
    }
}
