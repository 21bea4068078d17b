//! Registered states, each with its g and the step that leads to it.

use crate::task::{Column, Layout, OperatorId, OutOfMemory, StateId, StateRegistry};

/// "No parent, no operator".
const NONE: u32 = u32::MAX;

/// The present path of a registered state: its cost and its last step.
#[derive(Clone, Copy, Debug)]
struct Link {
    g: i64,
    parent: u32,
    operator: u32,
}

/// Registered states with their paths.
#[derive(Debug)]
pub(super) struct Space {
    pub(super) registry: StateRegistry,
    links: Column<Link>,
}

impl Space {
    pub(super) fn new(layout: &Layout) -> Self {
        Self { registry: StateRegistry::new(layout), links: Column::new(1) }
    }

    /// The id of a full state, and whether it was registered just now.
    ///
    /// # Errors
    /// [`OutOfMemory`] where that takes more than `room` bytes, or where the allocator refuses. What it takes
    /// is taken off `room`.
    #[inline]
    pub(super) fn insert(&mut self, state: &[u64], room: &mut u64) -> Result<(StateId, bool), OutOfMemory> {
        let before = self.registry.memory_bytes();
        let inserted = self.registry.insert(state, *room)?;
        *room = room.saturating_sub((self.registry.memory_bytes() - before) as u64);
        Ok(inserted)
    }

    /// Stores the path of the state that was registered last.
    ///
    /// # Errors
    /// [`OutOfMemory`] where that takes more than `room` bytes, or where the allocator refuses. What it takes
    /// is taken off `room`.
    #[inline]
    pub(super) fn link(
        &mut self,
        from: Option<(StateId, OperatorId)>,
        g: i64,
        room: &mut u64,
    ) -> Result<StateId, OutOfMemory> {
        take(room, self.links.growth_bytes())?;
        let (parent, operator) = from.map_or((NONE, NONE), |(node, operator)| (node.0, operator.0));
        self.links.push(&[Link { g, parent, operator }])?;
        Ok(StateId(self.links.len() as u32 - 1))
    }

    /// Replaces the path of a state.
    #[inline]
    pub(super) fn relink(&mut self, node: StateId, from: (StateId, OperatorId), g: i64) {
        *self.links.at_mut(node.0 as usize) = Link { g, parent: from.0.0, operator: from.1.0 };
    }

    #[inline]
    pub(super) fn g(&self, node: StateId) -> i64 {
        self.links.at(node.0 as usize).g
    }

    /// Parent and operator; `None` for the root.
    #[inline]
    pub(super) fn from(&self, node: StateId) -> Option<(StateId, OperatorId)> {
        let link = self.links.at(node.0 as usize);
        (link.parent != NONE).then_some((StateId(link.parent), OperatorId(link.operator)))
    }

    /// The states from the initial one to a registered one, both included. O(length).
    pub(super) fn states_to(&self, node: StateId) -> Vec<StateId> {
        let mut path = vec![node];
        let mut at = node;
        while let Some((parent, _)) = self.from(at) {
            path.push(parent);
            at = parent;
        }
        path.reverse();
        path
    }

    /// The operators from the initial state to a registered one, then one more. O(length).
    pub(super) fn operators_through(&self, node: StateId, operator: OperatorId) -> Vec<OperatorId> {
        let mut path = self.operators_to(node);
        path.push(operator);
        path
    }

    /// The operators from the initial state to a registered one. O(length).
    pub(super) fn operators_to(&self, node: StateId) -> Vec<OperatorId> {
        let mut path = Vec::new();
        let mut at = node;
        while (at.0 as usize) < self.links.len()
            && let Some((parent, operator)) = self.from(at)
        {
            path.push(operator);
            at = parent;
        }
        path.reverse();
        path
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.registry.memory_bytes() + self.links.memory_bytes()
    }
}

/// Reserves bytes of the room that is left.
///
/// # Errors
/// [`OutOfMemory`] where there is less.
#[inline]
pub(super) fn take(room: &mut u64, bytes: usize) -> Result<(), OutOfMemory> {
    *room = room.checked_sub(bytes as u64).ok_or(OutOfMemory)?;
    Ok(())
}
