//! Open lists that take turns (Röger & Helmert 2010).

/// A list that nodes wait in until they are expanded.
pub(super) trait Waiting {
    /// Entries that wait, stale ones included.
    fn len(&self) -> usize;

    /// Bytes held.
    fn memory_bytes(&self) -> usize;
}

/// Open lists with their priorities. The list with the least priority goes next, the first one among equals; each
/// time that a list goes, its priority grows by one.
#[derive(Debug)]
pub(super) struct Alternation<L> {
    lists: Vec<(L, i64)>,
}

impl<L: Waiting> Alternation<L> {
    pub(super) fn new(lists: impl Iterator<Item = L>) -> Self {
        Self { lists: lists.map(|list| (list, 0)).collect() }
    }

    /// The list that goes next, with its priority; `None` where nothing waits.
    #[inline]
    pub(super) fn next(&mut self) -> Option<&mut (L, i64)> {
        if self.lists.len() == 1 {
            return self.lists.first_mut();
        }
        let waiting = self.lists.iter_mut().filter(|(list, _)| list.len() > 0);
        waiting.min_by_key(|(_, priority)| *priority)
    }

    /// Takes `amount` off the priorities of some lists, which go next then.
    pub(super) fn favour(&mut self, amount: i64, which: impl Fn(&L) -> bool) {
        for (_, priority) in self.lists.iter_mut().filter(|(list, _)| which(list)) {
            *priority -= amount;
        }
    }

    pub(super) fn lists(&mut self) -> impl Iterator<Item = &mut L> {
        self.lists.iter_mut().map(|(list, _)| list)
    }

    /// The list, where there is only one: no other takes turns with it.
    #[inline]
    pub(super) fn only(&mut self) -> Option<&mut L> {
        match self.lists.as_mut_slice() {
            [(list, _)] => Some(list),
            _ => None,
        }
    }

    /// How many lists there are.
    pub(super) fn count(&self) -> usize {
        self.lists.len()
    }

    /// Entries of all lists.
    pub(super) fn len(&self) -> usize {
        self.lists.iter().map(|(list, _)| list.len()).sum()
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.lists.iter().map(|(list, _)| list.memory_bytes()).sum()
    }
}
