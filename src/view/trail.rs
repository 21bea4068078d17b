//! Paths through the tree that the scope marks: the plan, the best so far, and the way to the
//! selected node.

use crate::trace::{NONE, Trace};

use super::scene::{Place, Scene};

/// The marked paths, and the set of nodes that must therefore not be folded.
#[derive(Debug, Default)]
pub struct Trails {
    key: Key,
    path: Vec<u32>,
    plan: bool,
    tree_path: bool,
    keep: Keep,
}

/// What the trails were made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Key {
    plan: usize,
    best: Option<u32>,
    selected: Option<u32>,
}

/// A set of nodes that is closed under parents.
#[derive(Debug, Default)]
pub struct Keep {
    words: Vec<u64>,
    marked: Vec<u32>,
}

impl Keep {
    /// Whether it holds `node`.
    pub fn contains(&self, node: u32) -> bool {
        let word = self.words.get(node as usize / 64).copied().unwrap_or(0);
        word & (1 << (node % 64)) != 0
    }

    /// Adds a node and its ancestors.
    fn insert(&mut self, trace: &Trace, node: u32) {
        let mut at = node;
        while at != NONE && (at as usize) < trace.len() && !self.contains(at) {
            let word = at as usize / 64;
            if self.words.len() <= word {
                self.words.resize(word + 1, 0);
            }
            self.words[word] |= 1 << (at % 64);
            self.marked.push(at);
            at = trace.parent[at as usize];
        }
    }

    fn clear(&mut self) {
        for node in self.marked.drain(..) {
            self.words[node as usize / 64] = 0;
        }
    }
}

impl Trails {
    /// Follows the trace: the plan once all of it is in sight, else the path to the least h.
    pub fn update(&mut self, trace: &Trace, cursor: Option<u32>, selected: Option<u32>) {
        let whole = cursor.is_none_or(|t| t as usize >= trace.expansions());
        let plan = if whole { trace.plan.len() } else { 0 };
        let recorded = |node: &u32| (*node as usize) < trace.len();
        let best = trace.best_at(cursor).map(|record| record.node).filter(recorded);
        let best = best.filter(|_| plan == 0);
        let selected = selected.filter(recorded);
        let key = Key { plan, best, selected };
        if key == self.key && (trace.is_empty() || !self.path.is_empty()) {
            return;
        }
        self.key = key;
        self.plan = plan > 0;
        self.path = if self.plan { trace.plan.clone() } else { path_to(trace, best) };
        self.path.retain(|&node| (node as usize) < trace.len());
        self.tree_path = self.path.first().is_none_or(|&node| trace.parent[node as usize] == NONE)
            && self.path.windows(2).all(|pair| trace.parent[pair[1] as usize] == pair[0]);
        self.keep.clear();
        for &node in &self.path {
            self.keep.insert(trace, node);
        }
        if let Some(node) = selected {
            self.keep.insert(trace, node);
        }
    }

    /// Nodes that are never folded.
    pub fn keep(&self) -> &Keep {
        &self.keep
    }

    /// The marked path, from the root.
    pub fn path(&self) -> &[u32] {
        &self.path
    }

    /// Whether the marked path is the plan, and not the best so far.
    pub fn is_plan(&self) -> bool {
        self.plan
    }

    /// The nodes of the marked path that stand in or next to the scene's window, from the root.
    pub fn places<'a>(&'a self, scene: &'a Scene) -> impl Iterator<Item = Place> + 'a {
        // Where the path is one of the tree, a node's index is its depth, and only some are drawn.
        let (_, _, top, bottom) = scene.view.window();
        let stride = if self.tree_path { scene.stride as usize } else { 1 };
        let range = if self.tree_path {
            let end = (bottom.max(0.0) as usize + 2 * stride + 1).min(self.path.len());
            let start = (top.max(0.0) as usize).saturating_sub(stride) / stride * stride;
            start.min(end)..end
        } else {
            0..self.path.len()
        };
        self.path[range].iter().step_by(stride).filter_map(|&node| scene.place(node))
    }
}

/// The nodes from the root to `node`.
pub fn path_to(trace: &Trace, node: Option<u32>) -> Vec<u32> {
    let mut path = Vec::new();
    let mut at = node.unwrap_or(NONE);
    while at != NONE {
        path.push(at);
        at = trace.parent[at as usize];
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::super::sample::random_tree;
    use super::*;

    #[test]
    fn what_is_kept_holds_the_path_the_selection_and_their_ancestors() {
        let trace = random_tree(7, 500);
        let mut trails = Trails::default();
        trails.update(&trace, None, Some(123));
        let best = trace.best_at(None).map(|record| record.node);
        assert_eq!(trails.path().last().copied(), best);
        for node in path_to(&trace, Some(123)).into_iter().chain(path_to(&trace, best)) {
            assert!(trails.keep().contains(node));
        }
        trails.update(&trace, Some(0), None);
        assert_eq!(trails.path(), [0]);
        assert!(!trails.keep().contains(123));
    }
}
