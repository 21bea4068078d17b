//! Finds which bracket is missing, or one too many, where brackets do not match.
//!
//! Each section of a file has its own balance of brackets, since a section cannot begin inside another: a bracket
//! that is missing in one action does not change how the next action is read. Within a section, keys of actions tell
//! which lists must have ended, and `guess` finds the others.

use super::super::codes;
use super::super::findings::Findings;
use super::super::model::DEPTH_MAX;
use super::frame::Frame;
use super::layout::{Indent, indent};
use super::lexer::{Segment, Unmatched, too_deep};
use super::rules::is_key;
use super::symbols::{Symbol, words};
use super::tree::{Kind, Node, NodeId, Tree};
use crate::diagnostic::{Diagnostic, Severity, Span};

/// Goes through the tokens of a text once more, and pairs all brackets.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are no states of one machine")]
pub struct Repair {
    source: usize,
    /// Tokens as they were cut, the next one last.
    pub(super) old: Vec<Node>,
    /// Tokens put back.
    next: usize,
    /// Whether all tokens are out of the tree.
    is_begun: bool,
    /// First token of the text in the tree.
    first: u32,
    segments: Vec<Segment>,
    segment: usize,
    pub(super) frames: Vec<Frame>,
    /// The list that was closed last, where nothing has come since.
    pub(super) closed: Option<Frame>,
    pub(super) missing: i64,
    pub(super) surplus: i64,
    /// Whether the current section has been reported on.
    is_flawed: bool,
    is_over: bool,
    is_too_deep: bool,
}

impl Repair {
    /// Takes the tokens of a text out of the tree, to put them back in pairs.
    pub(in super::super) fn new(unmatched: Unmatched, tree: &Tree) -> Self {
        let Unmatched { source, first, segments } = unmatched;
        let old = Vec::with_capacity(tree.nodes.len() - first as usize);
        let mut repair = Self {
            source,
            old,
            next: 0,
            is_begun: false,
            first,
            segments,
            segment: 0,
            frames: Vec::new(),
            closed: None,
            missing: 0,
            surplus: 0,
            is_flawed: false,
            is_over: false,
            is_too_deep: false,
        };
        repair.measure();
        repair
    }

    /// Puts one token back; whether there are more.
    pub(in super::super) fn advance(&mut self, tree: &mut Tree, findings: &mut Findings) -> bool {
        if !self.is_begun {
            self.is_begun = tree.nodes.len() <= self.first as usize;
            if !self.is_begun {
                self.old.extend(tree.nodes.pop());
            }
            return true;
        }
        let Some(&node) = self.old.last() else { return false };
        let ahead = self.segments.get(self.segment + 1).copied();
        if let Some(ahead) = ahead.filter(|ahead| ahead.first as usize == self.first as usize + self.next) {
            self.enter(ahead, node.start, tree, findings);
        }
        self.next += 1;
        self.old.pop();
        if self.is_over && node.kind() != Kind::Close {
            self.trailing(node, tree, findings);
            return true;
        }
        match node.kind() {
            Kind::Open => self.open(node, tree, findings),
            Kind::Close => self.close(node, tree, findings),
            Kind::Word(symbol) => self.word(node, symbol, tree, findings),
        }
        true
    }

    /// Closes what is open. The index of the text.
    pub(in super::super) fn finish(mut self, tree: &mut Tree, findings: &mut Findings) -> usize {
        let end = tree.sources[self.source].start + tree.sources[self.source].text.len() as u32;
        if self.is_too_deep {
            return self.source;
        }
        while !self.frames.is_empty() {
            self.leave_open(end, tree, findings);
        }
        let is_there = tree.nodes.get(self.first as usize).is_some_and(|node| node.kind() == Kind::Open);
        tree.sources[self.source].root = is_there.then_some(NodeId(self.first));
        self.source
    }

    /// Bytes held.
    pub(in super::super) fn memory_bytes(&self) -> usize {
        self.old.capacity() * size_of::<Node>()
    }

    /// Counts the brackets that are missing from the current section, and those that are too many.
    fn measure(&mut self) {
        let Some(segment) = self.segments.get(self.segment) else { return };
        // The first one opens the outermost list, the last one closes it.
        let opens = i64::from(self.segment == 0);
        let closes = i64::from(self.segment + 1 == self.segments.len());
        let wrong = segment.balance - opens + closes;
        (self.missing, self.surplus) = (wrong.max(0), (-wrong).max(0));
        self.is_flawed = false;
    }

    /// Ends what is open, and begins a section.
    fn enter(&mut self, segment: Segment, at: u32, tree: &mut Tree, findings: &mut Findings) {
        while self.frames.len() > 1 {
            self.leave_open(at, tree, findings);
        }
        self.segment += 1;
        self.closed = None;
        self.measure();
        if segment.is_bare {
            let head = self.old.last().map(|node| node.kind());
            self.open_before(at, head, tree, findings);
        }
    }

    /// Adds the opening bracket that is missing before a word.
    fn open_before(&mut self, at: u32, head: Option<Kind>, tree: &mut Tree, findings: &mut Findings) {
        let word = Span { start: at, end: at };
        // Other wrong beginnings of a text are found where its head is read.
        if head == Some(Kind::Word(words::DEFINE)) || !self.frames.is_empty() {
            findings.push(
                Diagnostic::error(codes::MISSING_BRACKET, word, "an opening bracket is missing here")
                    .with_help("put a `(` before this word")
                    .with_fix("Add the bracket", word, "("),
            );
        }
        let node = NodeId(tree.nodes.len() as u32);
        tree.nodes.push(Node::open(at));
        let frame = Frame { is_made_up: true, ..Frame::new(node, head, self.indent(at, tree)) };
        self.frames.push(frame);
        self.closed = None;
        self.flaw(tree);
    }

    fn open(&mut self, node: Node, tree: &mut Tree, findings: &mut Findings) {
        if self.frames.len() == DEPTH_MAX {
            self.is_too_deep = true;
            self.old.clear();
            return findings.push(too_deep(Span { start: node.start, end: node.start + 1 }));
        }
        if self.surplus > 0 {
            self.reopen_before(true, tree, findings);
        }
        if self.missing > 0 {
            self.leave_before(node, true, tree, findings);
        }
        let indent = self.indent(node.start, tree);
        if let Some(parent) = self.frames.last_mut() {
            parent.items += usize::from(parent.head.is_some());
            parent.is_behind_key = false;
            if indent.leads && parent.inner.is_none() && parent.indent.line != indent.line {
                parent.inner = indent.column;
            }
        }
        let id = NodeId(tree.nodes.len() as u32);
        tree.nodes.push(node);
        let head = self.old.last().map(|node| node.kind());
        self.frames.push(Frame::new(id, head, indent));
        self.closed = None;
    }

    fn word(&mut self, node: Node, symbol: Symbol, tree: &mut Tree, findings: &mut Findings) {
        if self.frames.is_empty() {
            self.open_before(node.start, Some(node.kind()), tree, findings);
        }
        if is_key(symbol) {
            self.key(node, tree, findings);
        } else {
            if self.surplus > 0 {
                self.reopen_before(false, tree, findings);
            }
            if self.missing > 0 {
                self.leave_before(node, false, tree, findings);
            }
        }
        let is_head = self.is_head(tree);
        if let Some(frame) = self.frames.last_mut() {
            frame.items += usize::from(!is_head);
            frame.is_behind_key = is_key(symbol);
        }
        self.closed = None;
        tree.nodes.push(node);
    }

    /// Whether the next token is the first of its list.
    pub(super) fn is_head(&self, tree: &Tree) -> bool {
        self.frames.last().is_some_and(|frame| frame.node.0 as usize + 1 == tree.nodes.len())
    }

    /// A key of an action ends what is open within the action, or shows that it was closed too early.
    fn key(&mut self, node: Node, tree: &mut Tree, findings: &mut Findings) {
        if self.frames.get(1).is_some_and(Frame::is_action) {
            while self.frames.len() > 2 {
                self.leave_open(node.start, tree, findings);
            }
        } else if self.frames.len() == 1
            && let Some(action) = self.closed.take().filter(Frame::is_action)
        {
            self.reopen(action, tree, findings);
        }
    }

    fn close(&mut self, node: Node, tree: &mut Tree, findings: &mut Findings) {
        if self.missing > 0 {
            self.leave_indented(node, tree, findings);
        }
        let is_last = self.segment + 1 == self.segments.len();
        if self.frames.is_empty() || (self.frames.len() == 1 && !is_last) {
            self.surplus -= 1;
            self.flaw(tree);
            return extra(node.start, findings);
        }
        let Some(frame) = self.frames.pop() else { return };
        let close = NodeId(tree.nodes.len() as u32);
        tree.nodes.push(node);
        tree.link(frame.node, close);
        self.closed = Some(frame);
        self.is_over = self.frames.is_empty();
    }

    /// Reports the innermost list as never closed, and closes it.
    pub(super) fn leave_open(&mut self, at: u32, tree: &mut Tree, findings: &mut Findings) {
        let Some(frame) = self.frames.pop() else { return };
        self.missing -= 1;
        let close = NodeId(tree.nodes.len() as u32);
        let end = end_before(tree).min(at);
        tree.nodes.push(Node::close(end));
        tree.link(frame.node, close);
        self.flaw_at(frame.node, tree);
        if frame.is_made_up || !findings.wants(Severity::Error) {
            return;
        }
        let start = tree.nodes[frame.node.0 as usize].start;
        let name = frame.head.map_or("", |head| tree.symbols.text(head));
        let message = match name {
            "" => "this bracket is never closed".to_owned(),
            name => format!("the bracket of `{name}` is never closed"),
        };
        let end = Span { start: end, end };
        findings.push(
            Diagnostic::error(codes::UNCLOSED_BRACKET, Span { start, end: start + 1 }, message)
                .with_help("close it with `)`")
                .with_fix("Close the bracket", end, ")"),
        );
    }

    /// Reports the bracket that closed a list as one too many, and opens the list again.
    pub(super) fn reopen(&mut self, frame: Frame, tree: &mut Tree, findings: &mut Findings) {
        self.closed = None;
        let Some(close) = tree.nodes.pop() else { return };
        self.surplus -= 1;
        self.frames.push(frame);
        self.flaw(tree);
        extra(close.start, findings);
    }

    fn trailing(&mut self, node: Node, tree: &Tree, findings: &mut Findings) {
        self.old.clear();
        let end = tree.sources[self.source].start + tree.sources[self.source].text.len() as u32;
        let span = match node.kind() {
            Kind::Word(symbol) => Span { start: node.start, end: tree.word_end(node.start, symbol) },
            _ => Span { start: node.start, end: (node.start + 1).min(end) },
        };
        findings.push(
            Diagnostic::error(codes::TRAILING_TEXT, span, "the definition ended before this")
                .with_help("remove what follows it: a file holds one domain or one problem"),
        );
    }

    pub(super) fn indent(&self, at: u32, tree: &Tree) -> Indent {
        let source = &tree.sources[self.source];
        indent(&source.text, (at - source.start) as usize)
    }

    /// Marks the section that is being read as broken.
    fn flaw(&mut self, tree: &mut Tree) {
        if let Some(section) = self.frames.get(1).map(|frame| frame.node) {
            self.flaw_at(section, tree);
        }
    }

    /// The same, where `node` is the list that has just ended.
    fn flaw_at(&mut self, node: NodeId, tree: &mut Tree) {
        if self.frames.is_empty() {
            return;
        }
        let section = self.frames.get(1).map_or(node, |frame| frame.node);
        if !std::mem::replace(&mut self.is_flawed, true) {
            tree.broken.push(section);
        }
    }
}

fn extra(at: u32, findings: &mut Findings) {
    if !findings.wants(Severity::Error) {
        return;
    }
    let span = Span { start: at, end: at + 1 };
    findings.push(
        Diagnostic::error(codes::EXTRA_BRACKET, span, "a closing bracket without an opening one")
            .with_help("remove it, or open a list before")
            .with_fix("Remove the bracket", span, ""),
    );
}

/// Where the last token that was put back ends.
fn end_before(tree: &Tree) -> u32 {
    let Some(last) = tree.nodes.last() else { return 0 };
    match last.kind() {
        Kind::Word(symbol) => tree.word_end(last.start, symbol),
        Kind::Open => last.start + 1,
        Kind::Close => last.start + u32::from(tree.is_closing(last.start)),
    }
}
