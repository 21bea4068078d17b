//! The tree of lists: the tokens themselves, in which brackets know their partners.
//!
//! Tokens of the domain come first, then those of the problem. Places count through both texts.

use std::sync::Arc;

use super::symbols::{Symbol, Symbols};
use crate::diagnostic::Span;

/// Index of a token: a word, or the opening bracket of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

const OPEN: u32 = 1 << 31;
const CLOSE: u32 = 1 << 30;

/// A token: where it starts, and its symbol or its partner. A bracket that the text lacks has its
/// place where it should stand, and no length.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) start: u32,
    data: u32,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word(Symbol),
    Open,
    Close,
}

impl Node {
    pub(super) fn word(start: u32, symbol: Symbol) -> Self {
        Self { start, data: symbol.0 }
    }

    pub(super) fn open(start: u32) -> Self {
        Self { start, data: OPEN }
    }

    pub(super) fn close(start: u32) -> Self {
        Self { start, data: CLOSE }
    }

    pub(super) fn kind(self) -> Kind {
        match self.data {
            data if data & OPEN != 0 => Kind::Open,
            data if data & CLOSE != 0 => Kind::Close,
            data => Kind::Word(Symbol(data)),
        }
    }
}

/// One text within a [`Tree`].
#[derive(Clone, Debug)]
pub struct Source {
    /// The text.
    pub text: Arc<str>,
    /// The place of its first byte among all texts.
    pub start: u32,
    /// Its outermost list.
    pub root: Option<NodeId>,
    /// Whether every bracket found its partner in it.
    pub is_sound: bool,
    pub(super) lines: Lines,
}

/// How many lines end before each block of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    before: Vec<u32>,
    count: u32,
}

/// Bytes in a block of lines.
const BLOCK: usize = 1 << 12;

impl Lines {
    /// Notes that a line ends at this byte, after all lines noted so far.
    pub(super) fn end_at(&mut self, at: usize) {
        if self.before.len() <= at / BLOCK {
            self.before.resize(at / BLOCK + 1, self.count);
        }
        self.count += 1;
    }

    /// The line of a byte, from 1.
    fn line(&self, text: &str, at: usize) -> usize {
        let Some(&before) = self.before.get(at / BLOCK) else { return 1 + self.count as usize };
        let block = text.as_bytes().get(at / BLOCK * BLOCK..at).unwrap_or_default();
        before as usize + block.split(|&byte| byte == b'\n').count()
    }
}

/// The texts as lists of words.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Domain, then problem.
    pub sources: Vec<Source>,
    /// The words.
    pub symbols: Symbols,
    pub(super) nodes: Vec<Node>,
    /// Lists that a bracket is missing in, or one too many: what stands in them may belong elsewhere.
    /// In the order of the texts.
    pub(super) broken: Vec<NodeId>,
    /// Where words start whose text is longer or shorter than their name, ascending, and its length.
    lengths: Vec<(u32, u32)>,
}

impl Tree {
    /// Texts without tokens yet.
    pub(in super::super) fn new(texts: Vec<Arc<str>>) -> Self {
        let bytes = texts.iter().map(|text| text.len()).sum::<usize>();
        let mut start = 0;
        let place = |text: Arc<str>| {
            let source = Source { start, root: None, is_sound: true, lines: Lines::default(), text };
            start += source.text.len() as u32 + 1;
            source
        };
        let sources = texts.into_iter().map(place).collect();
        let nodes = Vec::with_capacity(bytes / 4);
        Self { sources, symbols: Symbols::new(bytes), nodes, broken: Vec::new(), lengths: Vec::new() }
    }

    pub(super) fn link(&mut self, open: NodeId, close: NodeId) {
        self.nodes[open.0 as usize].data = OPEN | close.0;
        self.nodes[close.0 as usize].data = CLOSE | open.0;
    }

    /// Notes that the word that starts here has so many bytes, which its name has not.
    pub(super) fn set_length(&mut self, start: u32, bytes: u32) {
        match self.lengths.binary_search_by_key(&start, |one| one.0) {
            Ok(at) => self.lengths[at].1 = bytes,
            Err(at) => self.lengths.insert(at, (start, bytes)),
        }
    }

    /// Where a word ends.
    pub(super) fn word_end(&self, start: u32, symbol: Symbol) -> u32 {
        let found = self.lengths.binary_search_by_key(&start, |one| one.0);
        start + found.map_or_else(|_| self.symbols.length(symbol), |at| self.lengths[at].1)
    }

    fn partner(&self, list: NodeId) -> NodeId {
        NodeId(self.nodes[list.0 as usize].data & !(OPEN | CLOSE))
    }

    /// The word that stands here; none for a list.
    pub fn word(&self, node: NodeId) -> Option<Symbol> {
        match self.nodes[node.0 as usize].kind() {
            Kind::Word(symbol) => Some(symbol),
            Kind::Open | Kind::Close => None,
        }
    }

    /// The word that starts at a place of the texts.
    pub fn word_at(&self, start: u32) -> Option<Symbol> {
        // Brackets that are not in the text may have the same place.
        let from = self.nodes.partition_point(|node| node.start < start);
        let mut here = self.nodes[from..].iter().take_while(|node| node.start == start);
        here.find_map(|node| match node.kind() {
            Kind::Word(symbol) => Some(symbol),
            Kind::Open | Kind::Close => None,
        })
    }

    /// Gives a word another name; its text stays as it is.
    pub fn rename(&mut self, node: NodeId, name: &str) {
        let Kind::Word(old) = self.nodes[node.0 as usize].kind() else { return };
        let start = self.nodes[node.0 as usize].start;
        let bytes = self.word_end(start, old) - start;
        let symbol = self.symbols.intern(name);
        self.nodes[node.0 as usize] = Node::word(start, symbol);
        if self.symbols.length(symbol) != bytes {
            self.set_length(start, bytes);
        }
    }

    /// How often a word stands in the texts, counted up to `most`. O(tokens).
    pub fn count(&self, symbol: Symbol, most: usize) -> usize {
        self.nodes.iter().filter(|node| node.kind() == Kind::Word(symbol)).take(most).count()
    }

    /// Whether there is a token of this number and a list opens with it.
    pub fn is_list_at(&self, node: NodeId) -> bool {
        (node.0 as usize) < self.nodes.len() && self.is_list(node)
    }

    /// Whether a list opens here.
    pub fn is_list(&self, node: NodeId) -> bool {
        self.nodes[node.0 as usize].kind() == Kind::Open
    }

    /// The first of a list, where that is a word.
    pub fn head(&self, list: NodeId) -> Option<Symbol> {
        self.items(list).next().and_then(|first| self.word(first))
    }

    /// What a list holds; nothing for a word.
    pub fn items(&self, list: NodeId) -> Items<'_> {
        Items { tree: self, cursor: self.cursor(list) }
    }

    /// The same, without borrowing the tree.
    pub fn cursor(&self, list: NodeId) -> Cursor {
        match self.nodes[list.0 as usize].kind() {
            Kind::Open => Cursor { next: list.0 + 1, end: self.partner(list).0 },
            Kind::Word(_) | Kind::Close => Cursor { next: list.0, end: list.0 },
        }
    }

    /// Where it stands, brackets included.
    pub fn span(&self, node: NodeId) -> Span {
        let start = self.nodes[node.0 as usize].start;
        match self.nodes[node.0 as usize].kind() {
            Kind::Word(symbol) => Span { start, end: self.word_end(start, symbol) },
            Kind::Open | Kind::Close => {
                let close = self.nodes[self.partner(node).0 as usize].start;
                Span { start, end: close + u32::from(self.is_closing(close)) }
            }
        }
    }

    /// Whether a closing bracket stands here.
    pub(super) fn is_closing(&self, at: u32) -> bool {
        matches!(self.text(Span { start: at, end: at + 1 }), ")" | "]" | "}")
    }

    /// The bracket that opens a list, or the word.
    pub fn opening(&self, node: NodeId) -> Span {
        let start = self.nodes[node.0 as usize].start;
        if self.is_list(node) { Span { start, end: start + 1 } } else { self.span(node) }
    }

    /// Where the first of a list stands; its opening bracket where the list is empty.
    pub fn head_span(&self, list: NodeId) -> Span {
        self.items(list).next().map_or_else(|| self.opening(list), |head| self.opening(head))
    }

    /// The text of a word, folded; empty for a list.
    pub fn name(&self, node: NodeId) -> &str {
        self.word(node).map_or("", |symbol| self.symbols.text(symbol))
    }

    /// The text at a place.
    pub fn text(&self, span: Span) -> &str {
        let Some(source) = self.source(span) else { return "" };
        Span { start: span.start - source.start, end: span.end - source.start }.of(&source.text)
    }

    /// The text that a place lies in.
    pub fn source(&self, span: Span) -> Option<&Source> {
        self.sources.iter().rev().find(|source| source.start <= span.start)
    }

    /// The line of a place in its text, from 1.
    pub fn line(&self, span: Span) -> usize {
        let Some(source) = self.source(span) else { return 1 };
        source.lines.line(&source.text, (span.start - source.start) as usize)
    }

    /// Whether brackets within this list do not match.
    pub fn is_broken(&self, list: NodeId) -> bool {
        self.broken.binary_search(&list).is_ok()
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>()
            + self.lengths.capacity() * size_of::<(u32, u32)>()
            + self.symbols.memory_bytes()
    }

    fn after(&self, node: u32) -> u32 {
        match self.nodes[node as usize].kind() {
            Kind::Open => self.partner(NodeId(node)).0 + 1,
            Kind::Word(_) | Kind::Close => node + 1,
        }
    }
}

/// A place between the items of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    next: u32,
    end: u32,
}

impl Cursor {
    /// The next item, and steps over it.
    pub fn take(&mut self, tree: &Tree) -> Option<NodeId> {
        let node = self.peek()?;
        self.next = tree.after(node.0);
        Some(node)
    }

    /// The next item.
    pub fn peek(&self) -> Option<NodeId> {
        (self.next < self.end).then_some(NodeId(self.next))
    }

    /// About how many tokens are left.
    pub fn tokens(&self) -> usize {
        (self.end - self.next) as usize
    }
}

/// The items of a list.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    tree: &'a Tree,
    cursor: Cursor,
}

impl Iterator for Items<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        self.cursor.take(self.tree)
    }
}
