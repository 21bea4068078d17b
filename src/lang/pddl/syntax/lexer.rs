//! One text to tokens; brackets find their partners on the way.
//!
//! Sections (`(:action …`) stand one level below the outermost list and nowhere else. Where they do not,
//! or where brackets are left over, [`Repair`](super::Repair) goes through the tokens once more.

use std::sync::Arc;

use super::super::codes;
use super::super::findings::Findings;
use super::super::model::DEPTH_MAX;
use super::symbols::{Symbol, words};
use super::tree::{Node, NodeId, Tree};
use crate::diagnostic::{Diagnostic, Span};

/// Bytes of whitespace and comments passed over in one step.
const SKIP_MAX: usize = 1 << 8;

/// Longest word in bytes.
const WORD_MAX: usize = 1 << 10;

/// Depth of lists in which a section opens: within `define`.
const SECTION_DEPTH: usize = 1;

/// Cuts one text of a [`Tree`].
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are no states of one machine")]
pub struct Lexer {
    source: usize,
    text: Arc<str>,
    base: u32,
    at: usize,
    in_comment: bool,
    leads: bool,
    /// Opening brackets without partners so far.
    open: Vec<NodeId>,
    /// The text's first token.
    first: u32,
    is_matched: bool,
    is_too_deep: bool,
    segments: Vec<Segment>,
}

/// The tokens from where one section opens to where the next does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    /// Its first token.
    pub(super) first: u32,
    /// Opening brackets less closing ones.
    pub(super) balance: i64,
    /// Whether the bracket before its first word is missing.
    pub(super) is_bare: bool,
}

/// What the lexer leaves for the repair of brackets.
#[derive(Debug)]
pub(in super::super) struct Unmatched {
    pub(super) source: usize,
    pub(super) first: u32,
    pub(super) segments: Vec<Segment>,
}

impl Lexer {
    /// A lexer at the start of a text, past a byte order mark.
    pub(in super::super) fn new(tree: &Tree, source: usize) -> Self {
        let text = tree.sources[source].text.clone();
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let first = tree.nodes.len() as u32;
        Self {
            source,
            base: tree.sources[source].start,
            text,
            at,
            in_comment: false,
            leads: true,
            open: Vec::new(),
            first,
            is_matched: true,
            is_too_deep: false,
            segments: vec![Segment { first, balance: 0, is_bare: false }],
        }
    }

    /// Cuts one token; whether there may be more.
    pub(in super::super) fn advance(&mut self, tree: &mut Tree, findings: &mut Findings) -> bool {
        if !self.skip(tree) {
            return self.at < self.text.len();
        }
        let Some(&byte) = self.text.as_bytes().get(self.at) else { return false };
        match byte {
            b'(' => self.opening(tree, findings),
            b')' => self.closing(tree),
            _ => self.word(tree, findings),
        }
        self.leads = false;
        true
    }

    /// What is left to repair; none where all brackets match, or nest too deep to go on.
    pub(in super::super) fn into_unmatched(
        self,
        tree: &mut Tree,
        findings: &mut Findings,
    ) -> Option<Unmatched> {
        let is_empty = tree.nodes.len() as u32 == self.first;
        let is_matched = self.is_matched && self.open.is_empty();
        let source = &mut tree.sources[self.source];
        source.is_sound = is_matched && !self.is_too_deep && !is_empty;
        source.root = source.is_sound.then_some(NodeId(self.first));
        if is_empty {
            let at = Span { start: self.base, end: self.base };
            findings.push(
                Diagnostic::error(codes::EMPTY_FILE, at, "the file is empty")
                    .with_help("begin with `(define (domain name)` or `(define (problem name)`"),
            );
        }
        let Self { source, first, segments, .. } = self;
        (!is_matched && !self.is_too_deep).then_some(Unmatched { source, first, segments })
    }

    /// Passes over whitespace and comments; whether it came to something else.
    fn skip(&mut self, tree: &mut Tree) -> bool {
        let bytes = self.text.as_bytes();
        let limit = self.at.saturating_add(SKIP_MAX);
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'\n' => {
                    tree.sources[self.source].lines.end_at(self.at);
                    (self.in_comment, self.leads) = (false, true);
                }
                _ if self.in_comment => {}
                b' ' | b'\t' | b'\r' | 0x0B | 0x0C => {}
                b';' => self.in_comment = true,
                _ => return true,
            }
            self.at += 1;
            if self.at >= limit {
                return false;
            }
        }
        false
    }

    fn opening(&mut self, tree: &mut Tree, findings: &mut Findings) {
        // Sections that stand too deep are put right by the repair of brackets.
        if self.open.len() == DEPTH_MAX && self.is_matched {
            self.is_too_deep = true;
            findings.push(too_deep(self.span(1)));
            self.at = self.text.len();
            return;
        }
        // A second list at the outermost level.
        self.is_matched &= !self.open.is_empty() || tree.nodes.len() as u32 == self.first;
        self.open.push(NodeId(tree.nodes.len() as u32));
        tree.nodes.push(Node::open(self.base + self.at as u32));
        self.balance(1);
        self.at += 1;
    }

    fn closing(&mut self, tree: &mut Tree) {
        let close = NodeId(tree.nodes.len() as u32);
        tree.nodes.push(Node::close(self.base + self.at as u32));
        match self.open.pop() {
            Some(open) => tree.link(open, close),
            None => self.is_matched = false,
        }
        self.balance(-1);
        self.at += 1;
    }

    fn balance(&mut self, change: i64) {
        if let Some(segment) = self.segments.last_mut() {
            segment.balance += change;
        }
    }

    fn word(&mut self, tree: &mut Tree, findings: &mut Findings) {
        let length = word_length(&self.text[self.at..]);
        if length == 0 {
            return self.stray(findings);
        }
        let rest = &self.text[self.at..self.at + length];
        let symbol = tree.symbols.intern(rest);
        if symbol == words::DEFINE && self.is_second(tree) {
            return self.second(tree, findings);
        }
        // Nothing but a list stands at the outermost level.
        self.is_matched &= !self.open.is_empty();
        self.section(symbol, tree);
        tree.nodes.push(Node::word(self.base + self.at as u32, symbol));
        let is_cut = length == WORD_MAX;
        if is_cut {
            let message = format!("a word of more than {WORD_MAX} bytes");
            findings.push(
                Diagnostic::error(codes::UNEXPECTED_CHARACTER, self.span(length), message)
                    .with_help("give it a shorter name"),
            );
        }
        self.at += length;
    }

    /// Whether `define` stands behind a bracket that is not the text's first.
    fn is_second(&self, tree: &Tree) -> bool {
        let index = tree.nodes.len() as u32;
        self.open.last().is_some_and(|open| open.0 + 1 == index && open.0 != self.first)
    }

    /// A second definition: nothing of it is read.
    fn second(&mut self, tree: &mut Tree, findings: &mut Findings) {
        self.open.pop();
        self.balance(-1);
        let start = tree.nodes.pop().map_or(self.base, |bracket| bracket.start);
        let span = Span { start, end: self.span("define".len()).end };
        findings.push(
            Diagnostic::error(codes::TRAILING_TEXT, span, "a second definition begins here")
                .with_help("a file holds one domain or one problem: move this one to a file of its own"),
        );
        self.at = self.text.len();
    }

    /// Takes note where a section begins.
    fn section(&mut self, symbol: Symbol, tree: &Tree) {
        if symbol < words::SECTION_DOMAIN || symbol > words::LENGTH {
            return;
        }
        let index = tree.nodes.len() as u32;
        let bracket = self.open.last().is_some_and(|open| open.0 + 1 == index);
        let is_bare = !bracket && self.leads && symbol != words::CONSTRAINTS;
        if bracket {
            self.is_matched &= self.open.len() == SECTION_DEPTH + 1;
            self.balance(-1);
            self.segments.push(Segment { first: index - 1, balance: 1, is_bare });
        } else if is_bare {
            self.is_matched = false;
            self.segments.push(Segment { first: index, balance: 1, is_bare });
        }
    }

    fn stray(&mut self, findings: &mut Findings) {
        let is_usual = |c: char| c.is_ascii() && !c.is_ascii_control() || c.is_alphanumeric();
        let rest = &self.text[self.at..];
        let length = rest.find(|c: char| is_usual(c) || c.is_ascii_whitespace()).unwrap_or(rest.len());
        let length = if length > WORD_MAX { first_length(rest) } else { length };
        let shown: String = rest[..length].chars().take(8).flat_map(char::escape_debug).collect();
        let blank = rest[..length].chars().all(char::is_whitespace);
        let span = self.span(length);
        findings.push(
            Diagnostic::error(codes::UNEXPECTED_CHARACTER, span, format!("unexpected character `{shown}`"))
                .with_help("names have letters, digits, `-` and `_`; other characters belong in comments")
                .with_fix(
                    if blank { "Change to a space" } else { "Remove it" },
                    span,
                    if blank { " " } else { "" },
                ),
        );
        self.at += length;
    }

    fn span(&self, length: usize) -> Span {
        let start = self.base as usize + self.at;
        Span::new(start, start + length)
    }
}

/// A bracket that opens deeper than is read.
pub(super) fn too_deep(bracket: Span) -> Diagnostic {
    let message = format!("brackets are nested more than {DEPTH_MAX} deep");
    Diagnostic::error(codes::NESTED_TOO_DEEP, bracket, message)
        .with_help("close brackets earlier, or move a part into a derived predicate")
}

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// Bytes of the word at the start. A `?` begins a word of its own, as in `?x?y`.
fn word_length(text: &str) -> usize {
    let mut length = 0;
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        match byte {
            b'(' | b')' | b';' | 0..=b' ' | 0x7F => break,
            b'?' if at > 0 => break,
            0x80.. => return length + wide_length(&text[at..], WORD_MAX.saturating_sub(at)),
            _ => length = at + 1,
        }
        if length == WORD_MAX {
            break;
        }
    }
    length
}

/// The rest of a word from its first letter outside of ASCII on.
fn wide_length(text: &str, max: usize) -> usize {
    let mut length = 0;
    for (at, c) in text.char_indices() {
        let is_inside = match c {
            '(' | ')' | ';' | '?' | '\0'..=' ' | '\x7F' => false,
            _ => c.is_ascii() || c.is_alphanumeric(),
        };
        if !is_inside || at >= max {
            break;
        }
        length = at + c.len_utf8();
    }
    length
}
