//! The lists that are open while brackets are paired anew.

use super::layout::Indent;
use super::rules::{Shape, has_keys, shape};
use super::symbols::{Symbol, words};
use super::tree::{Kind, Node, NodeId, Tree};

/// A list that is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) node: NodeId,
    pub(super) head: Option<Symbol>,
    /// Items behind the first word.
    pub(super) items: usize,
    /// Whether the last item was a key of an action.
    pub(super) is_behind_key: bool,
    pub(super) indent: Indent,
    /// Column of the first item that leads a line.
    pub(super) inner: Option<u32>,
    /// Its opening bracket is not in the text.
    pub(super) is_made_up: bool,
}

impl Frame {
    pub(super) fn new(node: NodeId, first: Option<Kind>, indent: Indent) -> Self {
        let head = match first {
            Some(Kind::Word(symbol)) => Some(symbol),
            _ => None,
        };
        Self { node, head, items: 0, is_behind_key: false, indent, inner: None, is_made_up: false }
    }

    pub(super) fn shape(&self) -> Shape {
        shape(self.head)
    }

    /// Whether no further item can stand in it.
    pub(super) fn is_full(&self) -> bool {
        match self.shape() {
            Shape::Lists(max) | Shape::Items(max) => self.items >= max,
            Shape::Words | Shape::Action | Shape::Open => false,
        }
    }

    pub(super) fn is_action(&self) -> bool {
        self.head.is_some_and(has_keys)
    }

    /// The shape of a list, where `at` may begin an atom or something timed.
    pub(super) fn shape_in(&self, tree: &Tree) -> Shape {
        if self.head != Some(words::AT) {
            return self.shape();
        }
        let second = tree.nodes.get(self.node.0 as usize + 2).copied();
        let is_timed = second.is_some_and(|second| {
            is_number(second, tree)
                || matches!(second.kind(), Kind::Word(words::START | words::END | words::ALL))
        });
        if is_timed { Shape::Open } else { Shape::Words }
    }
}

/// Whether a token begins like a number.
pub(super) fn is_number(node: Node, tree: &Tree) -> bool {
    let Kind::Word(symbol) = node.kind() else { return false };
    tree.symbols.text(symbol).starts_with(|c: char| c.is_ascii_digit())
}
