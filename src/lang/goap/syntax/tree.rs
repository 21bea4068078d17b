//! The tree of values: an arena, so that no depth of it needs a stack to walk or to drop.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::{Span, line_ends};

/// Index into the tree's nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub data: Data,
    /// Where, brackets and quotes included.
    pub span: Span,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number in JSON's grammar; its lexeme is the text at the node's span.
    Number,
    /// A string, decoded.
    String(String),
    /// Elements in order.
    Array(Vec<NodeId>),
    /// Members in order, without repeated keys.
    Object(Vec<Member>),
    /// Something that could not be read and was reported.
    Broken,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key, decoded.
    pub key: String,
    /// Where the key stands, with its quotes.
    pub key_span: Span,
    /// The value.
    pub value: NodeId,
}

/// A document's values.
#[derive(Clone, Debug)]
pub struct Tree {
    source: Arc<str>,
    nodes: Vec<Node>,
    /// Where each line but the first begins; computed at the first question.
    lines: OnceCell<Vec<usize>>,
    /// By object, the members whose key stands in the object already.
    repeated: HashMap<NodeId, Vec<Member>>,
    /// The outermost value; none where the document has none.
    pub root: Option<NodeId>,
    /// Whether every bracket found its partner. Where not, values may stand under wrong parents.
    pub brackets_match: bool,
}

impl Tree {
    pub(super) fn new(source: Arc<str>) -> Self {
        let (nodes, lines, repeated) = (Vec::new(), OnceCell::new(), HashMap::new());
        Self { source, nodes, lines, repeated, root: None, brackets_match: true }
    }

    pub(super) fn add(&mut self, data: Data, span: Span) -> NodeId {
        self.nodes.push(Node { data, span });
        NodeId(self.nodes.len() as u32 - 1)
    }

    pub(super) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    /// Keeps a member of the object `id` that is not among its members, for its key stands there already.
    pub(super) fn add_repeated(&mut self, id: NodeId, member: Member) {
        self.repeated.entry(id).or_default().push(member);
    }

    /// The members of the object `id` that repeat a key, in order.
    pub fn repeated(&self, id: NodeId) -> &[Member] {
        self.repeated.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The node `id`, which must be of this tree.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The text of a node as written.
    pub fn text(&self, id: NodeId) -> &str {
        self.node(id).span.of(&self.source)
    }

    /// The line on which `span` begins, from 1. O(bytes) the first time: for messages.
    pub fn line(&self, span: Span) -> usize {
        let starts = self.lines.get_or_init(|| line_ends(self.source.as_bytes()).collect());
        1 + starts.partition_point(|&start| start <= span.start as usize)
    }

    /// The whole text.
    pub fn source(&self) -> &str {
        &self.source
    }
}
