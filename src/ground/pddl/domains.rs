//! What variables and arguments range over.

use std::collections::HashMap;

use crate::hash;

/// Lists of objects, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Domains {
    lists: Vec<Vec<u32>>,
    /// From a list's hash to its index.
    index: HashMap<u64, Vec<u32>>,
    masks: Vec<Vec<u64>>,
}

impl Domains {
    /// The index of a list, ascending.
    pub(super) fn intern(&mut self, list: Vec<u32>) -> u32 {
        let hash = list.iter().fold(5, |hash, &object| hash::mix(hash, u64::from(object)));
        let same = self.index.entry(hash).or_default();
        if let Some(&found) = same.iter().find(|&&known| self.lists[known as usize] == list) {
            return found;
        }
        same.push(self.lists.len() as u32);
        let words = list.last().map_or(0, |&last| last as usize / 64 + 1);
        let mut mask = vec![0u64; words];
        for &object in &list {
            mask[object as usize / 64] |= 1 << (object % 64);
        }
        self.lists.push(list);
        self.masks.push(mask);
        self.lists.len() as u32 - 1
    }

    /// The objects, ascending.
    #[inline]
    pub(super) fn objects(&self, domain: u32) -> &[u32] {
        &self.lists[domain as usize]
    }

    /// Whether the object is one of them.
    #[inline]
    pub(super) fn contains(&self, domain: u32, object: u32) -> bool {
        let word = self.masks[domain as usize].get(object as usize / 64);
        word.is_some_and(|word| word >> (object % 64) & 1 != 0)
    }
}
