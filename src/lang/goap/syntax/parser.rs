//! Builds a [`Tree`] from tokens, with a stack of its own instead of recursion. It goes on after every error.
//!
//! After an error the parser assumes the smallest edit that makes the text good: a comma or colon
//! that was forgotten, a comma too many, a word without quotes. Brackets are the exception: where
//! they do not match, the rest of the text may stand at the wrong depth (see `recover`).

use std::sync::Arc;

use super::super::codes;
use super::super::findings::Findings;
use super::balance::Balance;
use super::frame::{Flow, Frame, State};
use super::lexer::{Token, TokenKind};
use super::tree::{Data, Member, NodeId, Tree};
use super::{MAX_NESTING, scalar};
use crate::diagnostic::{Diagnostic, Span};

/// Builds the tree of a list of tokens that ends with [`TokenKind::End`].
#[derive(Debug)]
pub struct Parser {
    pub(super) source: Arc<str>,
    pub(super) tokens: Vec<Token>,
    pub(super) cursor: usize,
    pub(super) tree: Tree,
    pub(super) frames: Vec<Frame>,
    /// Brackets open inside of what is skipped for being nested too deep.
    skipping: usize,
    /// The first bracket whose partner is indented less than it.
    pub(super) suspect: Option<Token>,
    pub(super) balance: Balance,
    trailing_reported: bool,
}

impl Parser {
    /// A parser of `tokens`, which the lexer cut from `source`.
    pub fn new(source: Arc<str>, tokens: Vec<Token>) -> Self {
        let tree = Tree::new(source.clone());
        let balance = Balance::of(&tokens);
        Self {
            balance,
            source,
            tokens,
            cursor: 0,
            tree,
            frames: Vec::new(),
            skipping: 0,
            suspect: None,
            trailing_reported: false,
        }
    }

    /// Reads one token; whether there was one.
    pub(in super::super) fn advance(&mut self, findings: &mut Findings) -> bool {
        let Some(&token) = self.tokens.get(self.cursor) else { return false };
        match token.kind {
            TokenKind::Comment | TokenKind::Stray => {}
            TokenKind::End => self.finish(token, findings),
            _ if self.skipping > 0 => self.skip(token),
            _ => while self.read(token, findings) == Flow::Again {},
        }
        self.cursor += 1;
        true
    }

    /// The tree of what was read.
    pub fn into_tree(self) -> Tree {
        self.tree
    }

    fn read(&mut self, token: Token, findings: &mut Findings) -> Flow {
        let Some(frame) = self.frames.last() else { return self.at_root(token, findings) };
        match (frame.is_object(), frame.state) {
            (true, State::Item) => self.key(token, findings),
            (true, State::Colon) => self.colon(token, findings),
            (true, State::Value) => self.member_value(token, findings),
            (false, State::Item | State::Value | State::Colon) => self.element(token, findings),
            (_, State::Comma) => self.comma(token, findings),
        }
    }

    fn at_root(&mut self, token: Token, findings: &mut Findings) -> Flow {
        if self.tree.root.is_none() && begins_value(token.kind) {
            self.value(token, findings);
        } else if self.tree.root.is_none() {
            findings.push(unexpected(token.span, token.span.of(&self.source)));
        } else if !self.trailing_reported {
            self.trailing_reported = true;
            self.tree.brackets_match = false;
            findings.push(
                Diagnostic::error(codes::TRAILING_TEXT, token.span, "the document ended before this")
                    .with_help("remove what follows the last bracket, or check that the brackets match"),
            );
        }
        Flow::Next
    }

    fn key(&mut self, token: Token, findings: &mut Findings) -> Flow {
        let text = token.span.of(&self.source).to_owned();
        let key = match token.kind {
            TokenKind::String => scalar::decode(&self.source, token.span, findings),
            TokenKind::BadString => scalar::in_other_quotes(&text),
            TokenKind::Number if self.is_after_decimal_comma() => return self.decimal_comma(findings),
            TokenKind::Word | TokenKind::Number => {
                findings.push(scalar::missing_quotes(&text, token.span));
                Some(text)
            }
            TokenKind::CloseBrace | TokenKind::CloseBracket => return self.close(token, findings),
            TokenKind::Colon => {
                findings.push(missing("key", token.span, "write a key in double quotes before the colon"));
                self.set_state(State::Value);
                return Flow::Next;
            }
            TokenKind::OpenBrace | TokenKind::OpenBracket => {
                findings.push(missing("key", token.span, "every value in an object has a key: `\"key\": …`"));
                self.set_state(State::Value);
                return Flow::Again;
            }
            _ => {
                findings.push(extra_comma(token.span));
                return Flow::Next;
            }
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.key = key;
            frame.key_span = token.span;
            frame.end = token.span.end;
            frame.state = State::Colon;
        }
        Flow::Next
    }

    fn colon(&mut self, token: Token, findings: &mut Findings) -> Flow {
        let end = self.frames.last().map_or(0, |frame| frame.end as usize);
        let after_key = Span::new(end, end);
        self.set_state(State::Value);
        match token.kind {
            TokenKind::Colon => Flow::Next,
            kind if begins_value(kind) => {
                findings.push(
                    Diagnostic::error(
                        codes::MISSING_COLON,
                        token.span,
                        "a colon is missing before this value",
                    )
                    .with_help("a key and its value are parted by `:`")
                    .with_fix("Insert `:`", after_key, ":"),
                );
                Flow::Again
            }
            _ => {
                let key = self.frames.last().map_or(after_key, |frame| frame.key_span);
                findings.push(missing("value", key, "a key needs a value: `\"key\": …`"));
                self.attach_broken(after_key);
                Flow::Again
            }
        }
    }

    fn member_value(&mut self, token: Token, findings: &mut Findings) -> Flow {
        if begins_value(token.kind) {
            self.value(token, findings);
            return Flow::Next;
        }
        if token.kind == TokenKind::Colon {
            findings.push(unexpected(token.span, ":"));
            return Flow::Next;
        }
        findings.push(missing("value", token.span, "write a value after the colon"));
        self.attach_broken(Span::new(token.span.start as usize, token.span.start as usize));
        Flow::Again
    }

    fn element(&mut self, token: Token, findings: &mut Findings) -> Flow {
        match token.kind {
            kind if begins_value(kind) => self.value(token, findings),
            TokenKind::CloseBrace | TokenKind::CloseBracket => return self.close(token, findings),
            TokenKind::Comma => findings.push(extra_comma(token.span)),
            _ => findings.push(unexpected(token.span, token.span.of(&self.source))),
        }
        Flow::Next
    }

    fn comma(&mut self, token: Token, findings: &mut Findings) -> Flow {
        match token.kind {
            TokenKind::Comma => self.set_state(State::Item),
            TokenKind::CloseBrace | TokenKind::CloseBracket => return self.close(token, findings),
            TokenKind::Colon => findings.push(unexpected(token.span, ":")),
            _ => {
                let end = self.frames.last().map_or(0, |frame| frame.end as usize);
                findings.push(
                    Diagnostic::error(codes::MISSING_COMMA, token.span, "a comma is missing before this")
                        .with_help("write `,` after what stands before")
                        .with_fix("Insert `,`", Span::new(end, end), ","),
                );
                self.set_state(State::Item);
                return Flow::Again;
            }
        }
        Flow::Next
    }

    /// Takes the value that begins with `token` into the innermost frame.
    fn value(&mut self, token: Token, findings: &mut Findings) {
        let text = token.span.of(&self.source);
        let data = match token.kind {
            TokenKind::String => {
                scalar::decode(&self.source, token.span, findings).map_or(Data::Broken, Data::String)
            }
            TokenKind::Number => scalar::number(text, token.span, findings),
            TokenKind::Word => scalar::word(text, token.span, findings),
            TokenKind::BadString => scalar::in_other_quotes(text).map_or(Data::Broken, Data::String),
            TokenKind::OpenBrace => return self.open(token, Data::Object(Vec::new()), findings),
            TokenKind::OpenBracket => return self.open(token, Data::Array(Vec::new()), findings),
            _ => Data::Broken,
        };
        let node = self.tree.add(data, token.span);
        self.attach(node, token.span, findings);
    }

    fn open(&mut self, token: Token, data: Data, findings: &mut Findings) {
        if self.frames.len() >= MAX_NESTING {
            findings.push(
                Diagnostic::error(
                    codes::NESTED_TOO_DEEP,
                    token.span,
                    format!("brackets are nested more than {MAX_NESTING} deep here"),
                )
                .with_help("write the conditions flatter: nested `all` and `any` can be merged"),
            );
            self.skipping = 1;
            self.attach_broken(token.span);
            return;
        }
        let node = self.tree.add(data, token.span);
        self.attach(node, token.span, findings);
        self.frames.push(Frame::new(node, token));
    }

    /// Makes `node` the next element of the innermost frame, or the root.
    fn attach(&mut self, node: NodeId, span: Span, findings: &mut Findings) {
        let Some(frame) = self.frames.last_mut() else {
            self.tree.root = Some(node);
            return;
        };
        frame.state = State::Comma;
        frame.end = span.end;
        let (object, key, key_span) = (frame.node, frame.key.take(), frame.key_span);
        match (&mut self.tree.node_mut(object).data, key) {
            (Data::Array(elements), _) => elements.push(node),
            (Data::Object(members), Some(key)) => match frame.seen.find(members, &key) {
                None => members.push(Member { key, key_span, value: node }),
                Some(first) => {
                    let is_full = findings.is_full();
                    let line = if is_full { 0 } else { self.tree.line(first) };
                    findings.push(duplicate(&key, key_span, line));
                    if !is_full {
                        self.tree.add_repeated(object, Member { key, key_span, value: node });
                    }
                }
            },
            _ => {}
        }
    }

    fn attach_broken(&mut self, span: Span) {
        let node = self.tree.add(Data::Broken, span);
        self.attach(node, span, &mut Findings::default());
    }

    pub(super) fn set_state(&mut self, state: State) {
        if let Some(frame) = self.frames.last_mut() {
            frame.state = state;
        }
    }

    /// Ends the innermost frame at `end`.
    pub(super) fn pop(&mut self, end: u32) {
        let Some(frame) = self.frames.pop() else { return };
        self.tree.node_mut(frame.node).span.end = end;
        if let Some(parent) = self.frames.last_mut() {
            parent.end = end;
        }
    }

    fn skip(&mut self, token: Token) {
        match token.kind {
            TokenKind::OpenBrace | TokenKind::OpenBracket => self.skipping += 1,
            TokenKind::CloseBrace | TokenKind::CloseBracket => self.skipping -= 1,
            _ => {}
        }
    }

    fn finish(&mut self, end: Token, findings: &mut Findings) {
        if self.tree.root.is_none() {
            findings.push(
                Diagnostic::error(codes::EMPTY_DOCUMENT, end.span, "the document is empty")
                    .with_help("a document is an object: { \"format\": \"planscope-goap/1\", … }"),
            );
        } else if self.skipping > 0 {
            self.tree.brackets_match = false;
        } else if !self.frames.is_empty() {
            self.unclosed_at_end(end, findings);
        }
        while !self.frames.is_empty() {
            self.pop(end.span.end);
        }
    }
}

pub(super) fn begins_value(kind: TokenKind) -> bool {
    use TokenKind::{BadString, Number, OpenBrace, OpenBracket, String, Word};
    matches!(kind, OpenBrace | OpenBracket | String | BadString | Number | Word)
}

fn missing(what: &str, span: Span, help: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSING_VALUE, span, format!("a {what} is missing here")).with_help(help)
}

fn extra_comma(span: Span) -> Diagnostic {
    unexpected(span, ",").with_help("one comma parts two values; remove this one").with_fix(
        "Remove it",
        span,
        "",
    )
}

pub(super) fn unexpected(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        codes::UNEXPECTED_TOKEN,
        span,
        format!("`{}` does not belong here", scalar::shortened(text)),
    )
    .with_help("remove it")
    .with_fix("Remove it", span, "")
}

fn duplicate(key: &str, span: Span, line: usize) -> Diagnostic {
    Diagnostic::error(
        codes::DUPLICATE_KEY,
        span,
        format!("the key \"{}\" stands twice", scalar::shortened(key)),
    )
    .with_help(format!("it stands on line {line} already; rename or remove one of them"))
}
