//! The tree as a list: walking it by keys, and the nodes around the selected one as assistive
//! technology reads them.

use crate::trace::{NONE, Trace};

use super::tree::TreeLayout;

/// Most siblings or children listed before and after the one in focus.
const AROUND: usize = 12;

/// A step from node to node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the parent.
    Parent,
    /// To the first child.
    Child,
    /// To the sibling before.
    Before,
    /// To the sibling after.
    After,
    /// To the node generated before.
    Earlier,
    /// To the node generated after.
    Later,
    /// To the root.
    First,
    /// To the node generated last.
    Last,
}

/// Where a step leads; `None` where there is nothing, or nothing yet at `cursor`.
pub fn step(trace: &Trace, layout: &TreeLayout, cursor: Option<u32>, from: u32, step: Step) -> Option<u32> {
    let known = trace.nodes_at(cursor).min(layout.len()) as u32;
    let parent = *trace.parent.get(from as usize)?;
    let to = match step {
        Step::Parent => parent,
        Step::Child => layout.first_child(from),
        Step::Before if parent == NONE => NONE,
        Step::Before => layout.children(parent).take_while(|&child| child != from).last().unwrap_or(NONE),
        Step::After => layout.next_sibling(from),
        Step::Earlier => from.checked_sub(1).unwrap_or(NONE),
        Step::Later => from + 1,
        Step::First => 0,
        Step::Last => known.checked_sub(1).unwrap_or(NONE),
    };
    (to < known).then_some(to)
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    /// The node.
    pub node: u32,
    /// Depth in the tree, the root at 1.
    pub level: u32,
    /// Place among its siblings, from 1.
    pub position: u32,
    /// How many siblings there are, itself included.
    pub siblings: u32,
    /// Whether it has children.
    pub inner: bool,
}

/// The parent of `node`, the node between its nearest siblings, and its first children.
pub fn around(trace: &Trace, layout: &TreeLayout, cursor: Option<u32>, node: u32) -> Vec<Line> {
    let known = trace.nodes_at(cursor).min(layout.len()) as u32;
    let mut lines = Vec::new();
    if node >= known {
        return lines;
    }
    let inner = |node: u32| layout.first_child(node) < known;
    let parent = trace.parent[node as usize];
    let level = |node: u32| trace.depth[node as usize] + 1;
    if parent != NONE {
        let (position, siblings) = match trace.parent[parent as usize] {
            NONE => (1, 1),
            above => place_among(layout, above, parent, known),
        };
        lines.push(Line { node: parent, level: level(parent), position, siblings, inner: true });
    }
    let family: Vec<u32> = match parent {
        NONE => vec![node],
        _ => layout.children(parent).take_while(|&child| child < known).collect(),
    };
    let at = family.iter().position(|&child| child == node).unwrap_or(0);
    let siblings = family.len() as u32;
    for (index, &sibling) in family.iter().enumerate().skip(at.saturating_sub(AROUND)).take(2 * AROUND) {
        let position = index as u32 + 1;
        lines.push(Line { node: sibling, level: level(sibling), position, siblings, inner: inner(sibling) });
        if sibling == node {
            let children = layout.children(node).take_while(|&child| child < known).count() as u32;
            for (index, child) in layout.children(node).take(AROUND.min(children as usize)).enumerate() {
                let position = index as u32 + 1;
                lines.push(Line {
                    node: child,
                    level: level(child),
                    position,
                    siblings: children,
                    inner: inner(child),
                });
            }
        }
    }
    lines
}

fn place_among(layout: &TreeLayout, parent: u32, child: u32, known: u32) -> (u32, u32) {
    let mut place = (1, 0);
    for sibling in layout.children(parent).take_while(|&sibling| sibling < known) {
        place.1 += 1;
        if sibling == child {
            place.0 = place.1;
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::super::sample::random_tree;
    use super::*;

    fn drawing() -> (Trace, TreeLayout) {
        let trace = random_tree(71, 800);
        let mut layout = TreeLayout::default();
        while !layout.update(&trace, 200) {}
        (trace, layout)
    }

    #[test]
    fn steps_lead_there_and_back() {
        let (trace, layout) = drawing();
        for node in 0..800 {
            let go = |from, by| step(&trace, &layout, None, from, by);
            if let Some(child) = go(node, Step::Child) {
                assert_eq!(go(child, Step::Parent), Some(node));
            }
            if let Some(after) = go(node, Step::After) {
                assert_eq!(go(after, Step::Before), Some(node));
            }
        }
        assert_eq!(step(&trace, &layout, None, 0, Step::Parent), None);
        assert_eq!(step(&trace, &layout, None, 799, Step::Later), None);
        assert_eq!(step(&trace, &layout, Some(0), 0, Step::Child), None);
        assert_eq!(step(&trace, &layout, None, 400, Step::First), Some(0));
        assert_eq!(step(&trace, &layout, None, 400, Step::Last), Some(799));
    }

    #[test]
    fn levels_are_those_of_the_tree() {
        let (trace, layout) = drawing();
        for node in 0..800 {
            for line in around(&trace, &layout, None, node) {
                assert_eq!(line.level, trace.depth[line.node as usize] + 1);
            }
        }
    }

    #[test]
    fn the_list_is_bounded_and_holds_the_node_once() {
        let (trace, layout) = drawing();
        for node in 0..800 {
            let lines = around(&trace, &layout, None, node);
            assert_eq!(lines.iter().filter(|line| line.node == node).count(), 1);
            assert!(lines.len() <= 1 + 3 * AROUND);
            assert!(lines.iter().all(|line| line.position >= 1 && line.position <= line.siblings));
        }
        assert!(around(&trace, &layout, Some(0), 700).is_empty());
    }
}
