//! Recordings for tests: random searches, and deep chains.

use crate::hash::SplitMix64;
use crate::trace::{Arrival, NONE, NodeStatus, Record, Trace, UNKNOWN_H};

fn empty() -> Trace {
    Trace { unit: 1.0, h_unit: 1.0, weight: 1.0, ..Trace::default() }
}

fn push(trace: &mut Trace, parent: u32, at: u32, h: i64) -> u32 {
    let id = trace.len() as u32;
    let above = |column: &[u32]| if parent == NONE { 0 } else { column[parent as usize] + 1 };
    let depth = above(&trace.depth);
    trace.parent.push(parent);
    trace.operator.push(if parent == NONE { NONE } else { id % 7 });
    trace.depth.push(depth);
    trace.g.push(i64::from(depth));
    trace.h.push(h);
    trace.generated_at.push(at);
    trace.expanded_at.push(NONE);
    trace.reopened_at.push(NONE);
    trace.status.push(if h == UNKNOWN_H { NodeStatus::DeadEnd } else { NodeStatus::Open });
    if trace.records.last().map_or(UNKNOWN_H, |last| last.h) > h {
        trace.records.push(Record { at, node: id, h });
    }
    id
}

fn expand(trace: &mut Trace, node: u32, open: usize) -> u32 {
    trace.expanded_node.push(node);
    let at = trace.expansions() as u32;
    if trace.expanded_at[node as usize] == NONE {
        trace.expanded_at[node as usize] = at;
    }
    trace.status[node as usize] = NodeStatus::Expanded;
    trace.open_size.push(open as u32);
    trace.memory_kib.push(64 + trace.len() as u32 / 8);
    at
}

/// A search that expands random open nodes until `nodes` are recorded; with dead ends,
/// duplicates and reopenings.
pub fn random_tree(seed: u64, nodes: usize) -> Trace {
    let mut random = SplitMix64::new(seed);
    let mut trace = empty();
    let mut open = vec![push(&mut trace, NONE, 0, 60)];
    while trace.len() < nodes && !open.is_empty() {
        let pick = random.below(open.len() as u64) as usize;
        let node = open.swap_remove(pick);
        let at = expand(&mut trace, node, open.len());
        for _ in 0..random.below(6).max(u64::from(open.is_empty())) {
            if trace.len() == nodes {
                break;
            }
            let dead = random.below(12) == 0 && !open.is_empty();
            let near = (trace.h[node as usize] - random.below(4) as i64 + 1).max(1);
            let child = push(&mut trace, node, at, if dead { UNKNOWN_H } else { near });
            if !dead {
                open.push(child);
            }
        }
        if random.below(3) == 0 {
            let known = random.below(trace.len() as u64) as u32;
            let was = trace.expanded_at[known as usize];
            let cheaper = was != NONE && was < at && random.below(2) == 0;
            let arrival =
                Arrival { node: known, parent: node, operator: 0, g: 0, at, cheaper, reopened: cheaper };
            trace.arrivals.push(arrival);
            if cheaper {
                trace.status[known as usize] = NodeStatus::Reopened;
                let first = &mut trace.reopened_at[known as usize];
                *first = (*first).min(at);
                open.push(known);
            }
        }
    }
    trace
}

/// A chain of `levels` levels whose every node has `children` children, the last one expanded.
pub fn chain_with_leaves(levels: usize, children: usize) -> Trace {
    let mut trace = empty();
    let mut node = push(&mut trace, NONE, 0, levels as i64);
    for level in 0..levels {
        trace.expanded_node.push(node);
        let at = trace.expansions() as u32;
        trace.expanded_at[node as usize] = at;
        trace.status[node as usize] = NodeStatus::Expanded;
        let h = (levels - level) as i64;
        trace.open_size.push((level * (children - 1)) as u32);
        trace.memory_kib.push(level as u32);
        for child in 0..children {
            let last = child + 1 == children;
            let id = push(&mut trace, node, at, if last { h - 1 } else { h });
            if last {
                node = id;
            }
        }
    }
    trace
}

/// The recording as it was when it had `nodes` nodes. Statuses are those of the end.
pub fn prefix(trace: &Trace, nodes: usize) -> Trace {
    let nodes = nodes.min(trace.len());
    let mut part = trace.clone();
    for column in [&mut part.parent, &mut part.operator, &mut part.depth] {
        column.truncate(nodes);
    }
    part.generated_at.truncate(nodes);
    part.expanded_at.truncate(nodes);
    part.reopened_at.truncate(nodes);
    part.records.retain(|record| (record.node as usize) < nodes);
    part.g.truncate(nodes);
    part.h.truncate(nodes);
    part.status.truncate(nodes);
    part.expanded_node.clear();
    part.arrivals.clear();
    part
}
