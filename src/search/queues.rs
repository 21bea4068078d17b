//! Queues of lazy search (Röger & Helmert 2010), as LAMA uses them (Richter & Westphal 2010).
//!
//! Each heuristic has a queue, and one more that takes preferred operators only. They take turns
//! ([`Alternation`]); progress takes `boost` off the priorities of the preferred queues, so that these go next for a
//! while. In a queue the least key goes first, equal keys in the order of pushing.
//!
//! All successors of one expansion have the same key, so a queue holds one entry ([`Edges`]) for all of them:
//! eight bytes for each expansion and queue. Which operators the entry stands for is computed again when it
//! comes to the front.
//!
//! A softmin type-based queue (Kuroiwa & Beck 2022) may stand beside them: it groups entries by h, draws a
//! group with a probability that falls with e^−h, and takes a random entry of it.

use super::alternation::{Alternation, Waiting};
use super::edges::Edges;
use super::open::OpenList;
use super::policy::{Key, Policy};
use super::softmin::Softmin;
use crate::task::{OperatorId, OutOfMemory, StateId};

/// One queue.
#[derive(Debug)]
enum Queue {
    ByKey(ByKey),
    Softmin(Softmin),
}

/// A queue whose least key goes first.
#[derive(Debug)]
struct ByKey {
    open: OpenList<Edges>,
    is_preferred: bool,
    /// The index of its heuristic.
    heuristic: usize,
    /// The node at the front whose operators are listed, and these operators: those that its entry stands
    /// for.
    front: Option<u32>,
    operators: Vec<OperatorId>,
}

/// The queues of a lazy search.
#[derive(Debug)]
pub(super) struct Queues {
    queues: Alternation<Queue>,
    boost: i64,
    edges: u64,
}

impl Queues {
    /// Queues for `heuristics` heuristics, as the policy has them.
    pub(super) fn new(heuristics: usize, policy: &Policy) -> Self {
        let kinds: &[bool] = if policy.has_preferred_queues() { &[false, true] } else { &[false] };
        let by_key = |heuristic| {
            kinds.iter().map(move |&is_preferred| {
                let open = OpenList::new(policy.is_lifo());
                Queue::ByKey(ByKey { open, is_preferred, heuristic, front: None, operators: Vec::new() })
            })
        };
        let softmin = policy.has_softmin().then(|| Queue::Softmin(Softmin::new(policy.seed())));
        let queues = Alternation::new((0..heuristics).flat_map(by_key).chain(softmin));
        Self { queues, boost: policy.boost(), edges: 0 }
    }

    /// Successors that wait, counted once for each queue.
    pub(super) fn len(&self) -> usize {
        self.edges as usize
    }

    /// Favours the queues of preferred operators for a while.
    pub(super) fn boost(&mut self) {
        let is_preferred = |queue: &Queue| matches!(queue, Queue::ByKey(queue) if queue.is_preferred);
        self.queues.favour(self.boost, is_preferred);
    }

    /// Adds the successors of a node. `counts` are the numbers of all successors and of the preferred ones;
    /// `keys` has one key for each heuristic.
    ///
    /// # Errors
    /// [`OutOfMemory`] where that takes more than `room` bytes. What it takes is taken off `room`.
    pub(super) fn push(
        &mut self,
        keys: &[Key],
        node: StateId,
        counts: (usize, usize),
        room: &mut u64,
    ) -> Result<(), OutOfMemory> {
        let edges = Edges { node: node.0, next: 0 };
        for queue in self.queues.lists() {
            let is_preferred = matches!(queue, Queue::ByKey(queue) if queue.is_preferred);
            let count = if is_preferred { counts.1 } else { counts.0 };
            if count == 0 {
                continue;
            }
            match queue {
                Queue::ByKey(queue) => queue.open.push(keys[queue.heuristic], edges, room)?,
                Queue::Softmin(softmin) => softmin.push(keys[0].0, edges, room)?,
            }
            self.edges += count as u64;
        }
        Ok(())
    }

    /// Removes the next successor: a node and an operator. `list` writes the operators of a node, all or the
    /// preferred ones, in the order in which they are generated.
    pub(super) fn pop(
        &mut self,
        mut list: impl FnMut(StateId, bool, &mut Vec<OperatorId>),
    ) -> Option<(StateId, OperatorId)> {
        loop {
            let (queue, priority) = self.queues.next()?;
            let edge = match queue {
                Queue::ByKey(queue) => queue.pop(&mut list),
                Queue::Softmin(softmin) => softmin.pop(&mut list),
            };
            if edge.is_some() {
                *priority += 1;
                self.edges -= 1;
                return edge;
            }
            // All entries of that queue were used up. If all queues are empty, there is no successor left.
            if self.queues.len() == 0 {
                return None;
            }
        }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.queues.memory_bytes()
    }
}

impl ByKey {
    fn pop(
        &mut self,
        list: &mut impl FnMut(StateId, bool, &mut Vec<OperatorId>),
    ) -> Option<(StateId, OperatorId)> {
        loop {
            let edges = self.open.front()?;
            let node = StateId(edges.node);
            if self.front != Some(edges.node) {
                self.front = Some(edges.node);
                self.operators.clear();
                list(node, self.is_preferred, &mut self.operators);
            }
            let operator = self.operators.get(edges.next as usize).copied();
            edges.next += 1;
            if edges.next as usize >= self.operators.len() {
                self.open.pop();
                self.front = None;
            }
            if let Some(operator) = operator {
                return Some((node, operator));
            }
        }
    }
}

impl Waiting for Queue {
    fn len(&self) -> usize {
        match self {
            Self::ByKey(queue) => queue.open.len(),
            Self::Softmin(softmin) => softmin.len(),
        }
    }

    fn memory_bytes(&self) -> usize {
        match self {
            Self::ByKey(queue) => queue.open.memory_bytes() + queue.operators.capacity() * 4,
            Self::Softmin(softmin) => softmin.memory_bytes(),
        }
    }
}
