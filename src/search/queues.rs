//! Alternating queues (Röger & Helmert 2010), as LAMA uses them (Richter & Westphal 2010).
//!
//! Each heuristic has a queue, and one more that takes preferred operators only. The queue with the
//! least priority goes next, and each time it does its priority grows by one; progress takes `boost`
//! off the priorities of the preferred queues. In a queue the least key goes first, equal keys in the order of
//! pushing.
//!
//! All successors of one expansion have the key of their parent, so a queue holds one entry
//! ([`Edges`]) for all of them: eight bytes an expansion and queue. Which operators it stands for is worked
//! out again where it comes to the front.
//!
//! A softmin type-based queue (Kuroiwa & Beck 2022) may stand beside them: it groups entries by h, draws a
//! group with a probability that falls with e^−h, and takes a random entry of it.

use super::edges::Edges;
use super::open::OpenList;
use super::ordering::{Key, Ordering};
use super::softmin::Softmin;
use crate::task::{OperatorId, OutOfMemory, StateId};

/// One queue.
#[derive(Debug)]
struct Queue {
    open: OpenList<Edges>,
    priority: i64,
    is_preferred: bool,
    /// The node at the front, and the operators that its entry stands for.
    front: Option<u32>,
    operators: Vec<OperatorId>,
}

/// The queues of a lazy search.
#[derive(Debug)]
pub(super) struct Queues {
    queues: Vec<Queue>,
    /// With how often it has gone.
    softmin: Option<(Softmin, i64)>,
    boost: i64,
    edges: u64,
}

impl Queues {
    /// Queues for `heuristics` heuristics, as the ordering has them.
    pub(super) fn new(heuristics: usize, ordering: &Ordering) -> Self {
        let kinds: &[bool] = if ordering.has_preferred_queues() { &[false, true] } else { &[false] };
        let queue = |&is_preferred: &bool| Queue {
            open: OpenList::new(ordering.is_lifo()),
            priority: 0,
            is_preferred,
            front: None,
            operators: Vec::new(),
        };
        let queues = (0..heuristics).flat_map(|_| kinds.iter().map(queue)).collect();
        let softmin = ordering.has_softmin().then(|| (Softmin::new(ordering.seed()), 0));
        Self { queues, softmin, boost: ordering.boost(), edges: 0 }
    }

    /// Successors that wait, each once per queue that it stands in.
    pub(super) fn len(&self) -> usize {
        self.edges as usize
    }

    /// Favours preferred operators for a while.
    pub(super) fn boost(&mut self) {
        for queue in &mut self.queues {
            if queue.is_preferred {
                queue.priority -= self.boost;
            }
        }
    }

    /// Adds the successors of a node: `counts` are all of them and the preferred ones, `keys` has one
    /// per heuristic.
    ///
    /// # Errors
    /// [`OutOfMemory`] where that takes more than `room` bytes.
    pub(super) fn push(
        &mut self,
        keys: &[Key],
        node: StateId,
        counts: (usize, usize),
        mut room: u64,
    ) -> Result<(), OutOfMemory> {
        let per_key = self.queues.len() / keys.len();
        for (at, queue) in self.queues.iter_mut().enumerate() {
            let count = if queue.is_preferred { counts.1 } else { counts.0 };
            if count > 0 {
                let before = queue.open.memory_bytes();
                queue.open.push(keys[at / per_key], Edges { node: node.0, next: 0 }, room)?;
                room = room.saturating_sub((queue.open.memory_bytes() - before) as u64);
                self.edges += count as u64;
            }
        }
        if let Some((softmin, _)) = &mut self.softmin
            && counts.0 > 0
        {
            softmin.push(keys[0].0, Edges { node: node.0, next: 0 }, room)?;
            self.edges += counts.0 as u64;
        }
        Ok(())
    }

    /// The next successor: a node and an operator. `list` writes the operators of a node in the order
    /// that they are to be taken, all or the preferred ones.
    pub(super) fn pop(
        &mut self,
        mut list: impl FnMut(StateId, bool, &mut Vec<OperatorId>),
    ) -> Option<(StateId, OperatorId)> {
        loop {
            let waiting = self.queues.iter_mut().filter(|queue| queue.open.len() > 0);
            // The first among equals.
            let queue = waiting.min_by_key(|queue| queue.priority);
            if let Some((softmin, priority)) = &mut self.softmin
                && queue.as_ref().is_none_or(|queue| *priority < queue.priority)
                && let Some(edge) = softmin.pop(&mut list)
            {
                *priority += 1;
                self.edges -= 1;
                return Some(edge);
            }
            let queue = queue?;
            let edges = queue.open.front()?;
            let node = StateId(edges.node);
            if queue.front != Some(edges.node) {
                queue.front = Some(edges.node);
                queue.operators.clear();
                list(node, queue.is_preferred, &mut queue.operators);
            }
            let operator = queue.operators.get(edges.next as usize).copied();
            edges.next += 1;
            if edges.next as usize >= queue.operators.len() {
                queue.open.pop();
                queue.front = None;
            }
            if let Some(operator) = operator {
                queue.priority += 1;
                self.edges -= 1;
                return Some((node, operator));
            }
        }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let softmin = self.softmin.as_ref().map_or(0, |(softmin, _)| softmin.memory_bytes());
        let queues = self.queues.iter();
        queues.map(|queue| queue.open.memory_bytes() + queue.operators.capacity() * 4).sum::<usize>()
            + softmin
    }
}
