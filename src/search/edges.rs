//! Entries of queues.

/// Successors of one node that are still to be generated: those from the `next`-th on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edges {
    pub(super) node: u32,
    pub(super) next: u32,
}
