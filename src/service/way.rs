//! The recorded way to a node, and the states on it.

use crate::task::{Instance, Task};
use crate::trace::{NONE, Trace};

/// The operators of the recorded way to a node.
pub(super) fn way_to(trace: &Trace, node: u32) -> Vec<u32> {
    let mut path = Vec::new();
    let mut at = node;
    while trace.parent[at as usize] != NONE {
        path.push(trace.operator[at as usize]);
        at = trace.parent[at as usize];
    }
    path.reverse();
    path
}

/// Calls `each` with the states on a way, the initial one first; `None` where an operator does not apply, which no
/// recording has.
pub(super) fn replay(
    task: &Task,
    instance: &Instance,
    way: &[u32],
    mut each: impl FnMut(&[u64]),
) -> Option<()> {
    let mut state = instance.initial.clone();
    let mut before = state.clone();
    each(&state);
    for &operator in way {
        before.copy_from_slice(&state);
        task.apply(task.operators.get(operator as usize)?, &before, &mut state)?;
        task.derive(&mut state);
        each(&state);
    }
    Some(())
}
