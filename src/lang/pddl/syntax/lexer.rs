//! Cuts one text into tokens, and pairs brackets on the way.
//!
//! Sections (`(:action …`) stand one level below the outermost list and nowhere else. Where they do not,
//! or where brackets are left over, [`Repair`](super::Repair) goes through the tokens once more.

use std::sync::Arc;

use super::super::codes;
use super::super::findings::Findings;
use super::super::model::DEPTH_MAX;
use super::odd::{self, Pending, Place};
use super::symbols::{Symbol, words};
use super::tree::{Node, NodeId, Tree};
use super::word::{self, WORD_MAX};
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::define;

/// Bytes of whitespace and comments passed over in one step.
const SKIP_MAX: usize = 1 << 8;

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
    /// Whether the text is written in another language, which is reported.
    is_foreign: bool,
    segments: Vec<Segment>,
    pending: Pending,
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
            is_foreign: false,
            pending: Pending::default(),
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
            b')' | b']' | b'}' => self.closing(byte == b')', tree, findings),
            b'[' | b'{' => self.square(tree, findings),
            b',' => {
                self.pending.comma(self.open.last().copied(), self.at);
                self.at += 1;
            }
            _ => self.word(tree, findings),
        }
        self.leads = false;
        true
    }

    /// What is left to repair; none where all brackets match, or nest too deep to go on.
    pub(in super::super) fn into_unmatched(
        mut self,
        tree: &mut Tree,
        findings: &mut Findings,
    ) -> Option<Unmatched> {
        let text = Arc::clone(&self.text);
        self.pending.ended(Place { text: &text, base: self.base }, findings);
        let is_empty = tree.nodes.len() as u32 == self.first;
        let is_matched = self.is_matched && self.open.is_empty();
        let source = &mut tree.sources[self.source];
        source.is_sound = is_matched && !self.is_too_deep && !is_empty;
        source.root = source.is_sound.then_some(NodeId(self.first));
        if is_empty && !self.is_foreign {
            let at = Span { start: self.base, end: self.base };
            findings.push(
                Diagnostic::error(codes::EMPTY_FILE, at, "the file is empty")
                    .with_help("begin with `(define (domain name)` or `(define (problem name)`"),
            );
        }
        let Self { source, first, segments, .. } = self;
        (!is_matched && !self.is_too_deep).then_some(Unmatched { source, first, segments })
    }

    /// Passes over whitespace and comments; answers whether something else follows.
    fn skip(&mut self, tree: &mut Tree) -> bool {
        let bytes = self.text.as_bytes();
        let limit = self.at.saturating_add(SKIP_MAX);
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'\n' => {
                    tree.sources[self.source].lines.end_at(self.at);
                    (self.in_comment, self.leads) = (false, true);
                }
                // A carriage return ends a line, alone or before a line feed.
                b'\r' => self.in_comment = false,
                _ if self.in_comment => {}
                b' ' | b'\t' | 0x0B | 0x0C => {}
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
        // A second list at the outermost level is not matched.
        self.is_matched &= !self.open.is_empty() || tree.nodes.len() as u32 == self.first;
        self.open.push(NodeId(tree.nodes.len() as u32));
        tree.nodes.push(Node::open(self.base + self.at as u32));
        self.balance(1);
        self.at += 1;
    }

    /// Reads a square or curly bracket as a round one, and reports it.
    fn square(&mut self, tree: &mut Tree, findings: &mut Findings) {
        let list = NodeId(tree.nodes.len() as u32);
        if list.0 == self.first {
            self.is_foreign = true;
            findings.push(foreign(&self.text[self.at..], self.span(1)));
            self.at = self.text.len();
            return;
        }
        let at = self.at;
        self.opening(tree, findings);
        if !self.is_too_deep {
            self.pending.square(list, at);
        }
    }

    fn closing(&mut self, is_round: bool, tree: &mut Tree, findings: &mut Findings) {
        let close = NodeId(tree.nodes.len() as u32);
        tree.nodes.push(Node::close(self.base + self.at as u32));
        let open = self.open.pop();
        let place = Place { text: &self.text, base: self.base };
        self.pending.closed(open, self.at, is_round, place, findings);
        match open {
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
        let text = Arc::clone(&self.text);
        let mut raw = &text[self.at..self.at + word::length(&text[self.at..])];
        if raw.is_empty() {
            return self.stray(findings);
        }
        let colon = typing_colon(raw, &text[self.at + raw.len()..]);
        if let Some(colon) = colon {
            let place = Place { text: &text, base: self.base };
            findings.push(odd::typing_colon(place, self.at + colon));
            raw = &raw[..colon];
        } else if let Some(finding) = odd::word(raw, self.at, self.base) {
            findings.push(finding);
        }
        let name = word::clean(raw);
        if name.is_empty() && colon.is_none() {
            self.at += raw.len();
            return;
        }
        let symbol = tree.symbols.intern(&name);
        if symbol == words::DEFINE && self.is_second(raw.len(), tree) {
            return self.second(raw.len(), tree, findings);
        }
        // Nothing but a list stands at the outermost level.
        self.is_matched &= !self.open.is_empty();
        self.section(symbol, tree);
        if !name.is_empty() {
            self.token(raw.len(), symbol, tree);
        }
        if raw.len() >= WORD_MAX {
            let message = format!("a word of more than {WORD_MAX} bytes");
            findings.push(
                Diagnostic::error(codes::UNEXPECTED_CHARACTER, self.span(raw.len()), message)
                    .with_help("give it a shorter name"),
            );
        }
        self.at += raw.len();
        if colon.is_some() {
            self.token(1, words::MINUS, tree);
            self.at += 1;
        }
    }

    /// Puts a word of so many bytes into the tree.
    fn token(&self, bytes: usize, symbol: Symbol, tree: &mut Tree) {
        let start = self.base + self.at as u32;
        tree.nodes.push(Node::word(start, symbol));
        if tree.symbols.length(symbol) as usize != bytes {
            tree.set_length(start, bytes as u32);
        }
    }

    /// Whether `define` stands behind a bracket that is not the text's first, and before the name of a
    /// domain or problem. Elsewhere it is a name as any other.
    fn is_second(&self, bytes: usize, tree: &Tree) -> bool {
        let index = tree.nodes.len() as u32;
        let is_head = self.open.last().is_some_and(|open| open.0 + 1 == index && open.0 != self.first);
        is_head && define::named(&self.text[self.at + bytes..]).is_some()
    }

    /// Reports a second definition. Nothing of it is read.
    fn second(&mut self, bytes: usize, tree: &mut Tree, findings: &mut Findings) {
        self.open.pop();
        self.balance(-1);
        let start = tree.nodes.pop().map_or(self.base, |bracket| bracket.start);
        let span = Span { start, end: self.span(bytes).end };
        findings.push(
            Diagnostic::error(codes::TRAILING_TEXT, span, "a second definition begins here")
                .with_help("a file holds one domain or one problem: move this one to a file of its own"),
        );
        self.at = self.text.len();
    }

    /// Notes where a section begins.
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
        let rest = &self.text[self.at..];
        let is_stray = |c: char| !c.is_ascii_whitespace() && (c.is_ascii_control() || c.is_whitespace());
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let length = rest.find(|c: char| !is_stray(c)).unwrap_or(rest.len()).max(first);
        findings.push(odd::stray(&rest[..length], self.span(length)));
        self.at += length;
    }

    fn span(&self, length: usize) -> Span {
        let start = self.base as usize + self.at;
        Span::new(start, start + length)
    }
}

/// The finding about a bracket that opens deeper than is read.
pub(super) fn too_deep(bracket: Span) -> Diagnostic {
    let message = format!("brackets are nested more than {DEPTH_MAX} deep");
    Diagnostic::error(codes::NESTED_TOO_DEEP, bracket, message)
        .with_help("close brackets earlier, or move a part into a derived predicate")
}

/// Where a colon stands in place of the `-` before a type, as in `?x: block`, `?x:block` and `?x : block`.
fn typing_colon(word: &str, behind: &str) -> Option<usize> {
    let colon = word.find(':').filter(|&at| at > 0 || word == ":")?;
    let is_last = colon + 1 == word.len();
    let next = behind.trim_start_matches([' ', '\t']).chars().next();
    let is_before_type =
        is_last && next.is_some_and(|c| c.is_alphabetic() || c == '(') && !word.starts_with("::");
    let is_glued = !is_last && word.starts_with('?');
    let is_key = word.starts_with(':') && word.len() > 1;
    (!is_key && (is_glued || is_before_type && word != ":=")).then_some(colon)
}

/// The finding about a text that begins with a bracket that is not round.
fn foreign(text: &str, bracket: Span) -> Diagnostic {
    let is_goap = text.contains("planscope-goap");
    let (message, help) = if is_goap {
        ("this is a GOAP document, not PDDL", "open it by itself, as a document of its own")
    } else {
        (
            "this is not PDDL: it begins as JSON does",
            "PDDL begins with `(define (domain name)` or `(define (problem name)`",
        )
    };
    Diagnostic::error(codes::NOT_A_DEFINITION, bracket, message).with_help(help)
}
