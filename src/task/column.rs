//! A growing column in segments: nothing is copied when it grows large, and growth can fail.

/// The allocator or the memory budget said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("out of memory")]
pub struct OutOfMemory;

/// Bytes of a full segment, roughly.
const SEGMENT_BYTES: usize = 1 << 19;

/// Values in segments of a power of two; the first one grows by doubling, the rest are allocated
/// whole. Each value is a run of `stride` elements.
#[derive(Debug)]
pub struct Column<T> {
    segments: Vec<Vec<T>>,
    stride: usize,
    bits: u32,
    len: usize,
    bytes: usize,
}

impl<T: Copy> Column<T> {
    /// An empty column of runs of `stride` elements (at least 1).
    pub fn new(stride: usize) -> Self {
        let per_segment = (SEGMENT_BYTES / (size_of::<T>() * stride)).clamp(1, 1 << 16);
        Self { segments: vec![Vec::new()], stride, bits: per_segment.ilog2(), len: 0, bytes: 0 }
    }

    /// Runs stored.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The run at `index`.
    #[inline]
    pub fn run(&self, index: usize) -> &[T] {
        let offset = (index & ((1 << self.bits) - 1)) * self.stride;
        &self.segments[index >> self.bits][offset..offset + self.stride]
    }

    /// The run at `index`, to change.
    #[inline]
    pub fn run_mut(&mut self, index: usize) -> &mut [T] {
        let offset = (index & ((1 << self.bits) - 1)) * self.stride;
        &mut self.segments[index >> self.bits][offset..offset + self.stride]
    }

    /// The first element of the run at `index`.
    #[inline]
    pub fn at(&self, index: usize) -> &T {
        &self.segments[index >> self.bits][(index & ((1 << self.bits) - 1)) * self.stride]
    }

    /// The first element of the run at `index`, to change.
    #[inline]
    pub fn at_mut(&mut self, index: usize) -> &mut T {
        &mut self.segments[index >> self.bits][(index & ((1 << self.bits) - 1)) * self.stride]
    }

    /// Bytes that the next [`push`](Self::push) would allocate.
    #[inline]
    pub fn growth_bytes(&self) -> usize {
        let last = &self.segments[self.segments.len() - 1];
        if last.len() < last.capacity() {
            return 0;
        }
        self.next_capacity() * size_of::<T>()
    }

    /// Makes room for one run more.
    ///
    /// # Errors
    /// [`OutOfMemory`] where the allocator refuses; the column is as before.
    #[inline]
    pub fn reserve(&mut self) -> Result<(), OutOfMemory> {
        if self.growth_bytes() > 0 { self.grow() } else { Ok(()) }
    }

    /// Appends a run.
    ///
    /// # Errors
    /// [`OutOfMemory`] where the allocator refuses; the column is as before.
    #[inline]
    pub fn push(&mut self, run: &[T]) -> Result<(), OutOfMemory> {
        debug_assert_eq!(run.len(), self.stride);
        self.reserve()?;
        let last = self.segments.len() - 1;
        self.segments[last].extend_from_slice(run);
        self.len += 1;
        Ok(())
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.bytes
    }

    /// Elements of the segment that the next growth makes.
    fn next_capacity(&self) -> usize {
        let full = self.stride << self.bits;
        let first = self.segments[0].capacity();
        if self.segments.len() > 1 || first >= full { full } else { (first * 2).clamp(self.stride * 8, full) }
    }

    #[cold]
    fn grow(&mut self) -> Result<(), OutOfMemory> {
        let capacity = self.next_capacity();
        let full = self.stride << self.bits;
        if self.segments.len() == 1 && self.segments[0].capacity() < full {
            let first = &mut self.segments[0];
            first.try_reserve_exact(capacity - first.len()).map_err(|_| OutOfMemory)?;
            self.bytes = first.capacity() * size_of::<T>();
            return Ok(());
        }
        let mut segment = Vec::new();
        segment.try_reserve_exact(capacity).map_err(|_| OutOfMemory)?;
        self.bytes += segment.capacity() * size_of::<T>();
        self.segments.push(segment);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_survive_growth_over_segments() {
        let mut column = Column::new(3);
        for i in 0..70_000u64 {
            column.push(&[i, i + 1, i + 2]).expect("room");
        }
        assert_eq!(column.len(), 70_000);
        assert!((0..70_000u64).all(|i| column.run(i as usize) == [i, i + 1, i + 2]));
        *column.at_mut(66_000) = 7;
        assert_eq!(*column.at(66_000), 7);
        assert!(column.memory_bytes() >= 70_000 * 24);
    }
}
