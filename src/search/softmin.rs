//! A type-based queue with softmin over h (Kuroiwa & Beck 2022, with temperature 1).

use std::collections::BTreeMap;

use super::alternation::Waiting;
use super::edges::Edges;
use crate::hash::SplitMix64;
use crate::task::{OperatorId, OutOfMemory, StateId};

/// A group whose h is larger than the least h by more than this is never drawn: its probability would be below
/// 10^−17.
const REACH: i64 = 40;
/// Bytes of a group beside its entries.
const GROUP_BYTES: usize = 64;

/// Successors that wait, in groups of equal h.
#[derive(Debug)]
pub(super) struct Softmin {
    groups: BTreeMap<i64, Vec<Edges>>,
    random: SplitMix64,
    operators: Vec<OperatorId>,
    len: usize,
    bytes: usize,
}

impl Softmin {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            groups: BTreeMap::new(),
            random: SplitMix64::new(seed),
            operators: Vec::new(),
            len: 0,
            bytes: 0,
        }
    }

    /// Adds the successors of a node with this h.
    ///
    /// # Errors
    /// [`OutOfMemory`] where that takes more than `room` bytes, or where the allocator refuses. What it
    /// takes is taken off `room`.
    pub(super) fn push(&mut self, h: i64, edges: Edges, room: &mut u64) -> Result<(), OutOfMemory> {
        let is_new = !self.groups.contains_key(&h);
        let group = self.groups.entry(h).or_default();
        if group.len() == group.capacity() {
            let more = group.len().max(4);
            // Old and new stand side by side for a while.
            if ((group.len() + more) * size_of::<Edges>()) as u64 > *room {
                return Err(OutOfMemory);
            }
            group.try_reserve_exact(more).map_err(|_| OutOfMemory)?;
            let grown = more * size_of::<Edges>() + if is_new { GROUP_BYTES } else { 0 };
            self.bytes += grown;
            *room = room.saturating_sub(grown as u64);
        }
        group.push(edges);
        self.len += 1;
        Ok(())
    }

    /// Removes a successor drawn at random. `list` writes the operators of a node.
    pub(super) fn pop(
        &mut self,
        list: &mut impl FnMut(StateId, bool, &mut Vec<OperatorId>),
    ) -> Option<(StateId, OperatorId)> {
        loop {
            let h = self.draw()?;
            let group = self.groups.get_mut(&h)?;
            let at = self.random.below(group.len() as u64) as usize;
            let edges = &mut group[at];
            let node = StateId(edges.node);
            self.operators.clear();
            list(node, false, &mut self.operators);
            let operator = self.operators.get(edges.next as usize).copied();
            edges.next += 1;
            if edges.next as usize >= self.operators.len() {
                group.swap_remove(at);
                self.len -= 1;
                if group.is_empty() {
                    self.bytes =
                        self.bytes.saturating_sub(group.capacity() * size_of::<Edges>() + GROUP_BYTES);
                    self.groups.remove(&h);
                }
            }
            if let Some(operator) = operator {
                return Some((node, operator));
            }
        }
    }

    /// Draws a group with a probability in proportion to e^−h; answers its h.
    fn draw(&mut self) -> Option<i64> {
        let (&least, _) = self.groups.first_key_value()?;
        let near = || self.groups.range(least..=least.saturating_add(REACH)).map(|(&h, _)| h);
        let weight = |h: i64| libm::exp(-((h - least) as f64));
        let total: f64 = near().map(weight).sum();
        // A random number from 0 to 1, with 53 bits.
        let mut left = (self.random.next_u64() >> 11) as f64 / (1u64 << 53) as f64 * total;
        for h in near() {
            left -= weight(h);
            if left < 0.0 {
                return Some(h);
            }
        }
        Some(least)
    }
}

impl Waiting for Softmin {
    fn len(&self) -> usize {
        self.len
    }

    fn memory_bytes(&self) -> usize {
        self.bytes
    }
}
