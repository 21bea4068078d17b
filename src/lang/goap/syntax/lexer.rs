//! Text to tokens, with a place for everything that is not whitespace.

use std::sync::Arc;

use super::super::codes;
use super::super::findings::Findings;
use super::scalar;
use crate::diagnostic::{Diagnostic, Span};

/// A piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where.
    pub span: Span,
    /// Whether nothing but whitespace stands before it on its line.
    pub leads: bool,
    /// Bytes of whitespace at the start of its line.
    pub indent: u32,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// Text in double quotes, on one line.
    String,
    /// A string that is not closed on its line, or stands in other quotes; already reported.
    BadString,
    /// Something that begins like a number.
    Number,
    /// A run of letters and digits without quotes.
    Word,
    /// `//` to the end of the line, or `/* … */`.
    Comment,
    /// Other characters, already reported.
    Stray,
    /// The end of the text.
    End,
}

/// Cuts a text into tokens; a cursor, so that it can stop after any of them.
#[derive(Clone, Debug)]
pub struct Lexer {
    source: Arc<str>,
    at: usize,
    leads: bool,
    indent: u32,
}

impl Lexer {
    /// A lexer at the start of `source`, past a byte order mark.
    pub fn new(source: Arc<str>) -> Self {
        let at = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { source, at, leads: true, indent: 0 }
    }

    /// The next token; [`TokenKind::End`] again and again at the end.
    pub(in super::super) fn next(&mut self, findings: &mut Findings) -> Token {
        self.skip_whitespace();
        let start = self.at;
        let (leads, indent) = (self.leads, self.indent);
        self.leads = false;
        let kind = self.scan(findings);
        Token { kind, span: Span::new(start, self.at), leads, indent }
    }

    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn skip_whitespace(&mut self) {
        let bytes = self.source.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'\n' => (self.leads, self.indent) = (true, 0),
                b' ' | b'\t' | b'\r' if self.leads => self.indent += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => return,
            }
            self.at += 1;
        }
    }

    fn scan(&mut self, findings: &mut Findings) -> TokenKind {
        let Some(first) = self.rest().chars().next() else { return TokenKind::End };
        let single = match first {
            '{' => Some(TokenKind::OpenBrace),
            '}' => Some(TokenKind::CloseBrace),
            '[' => Some(TokenKind::OpenBracket),
            ']' => Some(TokenKind::CloseBracket),
            ',' => Some(TokenKind::Comma),
            ':' => Some(TokenKind::Colon),
            _ => None,
        };
        if let Some(kind) = single {
            self.at += 1;
            return kind;
        }
        match first {
            '"' | '\'' | '`' | '“' | '”' | '„' => self.string(first, findings),
            '/' if self.rest().starts_with("//") => {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                TokenKind::Comment
            }
            '/' if self.rest().starts_with("/*") => self.block_comment(findings),
            '-' | '+' | '.' | '0'..='9' => self.run(TokenKind::Number),
            _ if is_word(first) => self.run(TokenKind::Word),
            _ => self.stray(findings),
        }
    }

    fn run(&mut self, kind: TokenKind) -> TokenKind {
        let more = |c: char| is_word(c) || matches!(c, '-' | '+' | '.');
        self.at += self.rest().find(|c| !more(c)).unwrap_or(self.rest().len());
        kind
    }

    fn block_comment(&mut self, findings: &mut Findings) -> TokenKind {
        if let Some(length) = self.rest().get(2..).and_then(|rest| rest.find("*/")) {
            self.at += length + 4;
            return TokenKind::Comment;
        }
        let opening = Span::new(self.at, self.at + 2);
        self.at = self.source.len();
        let end = Span::new(self.at, self.at);
        findings.push(
            Diagnostic::error(codes::UNCLOSED_COMMENT, opening, "this comment does not end")
                .with_help("close it with `*/`")
                .with_fix("Close the comment", end, " */"),
        );
        TokenKind::Comment
    }

    fn string(&mut self, quote: char, findings: &mut Findings) -> TokenKind {
        let start = self.at;
        let body_start = start + quote.len_utf8();
        let body = self.source.get(body_start..).unwrap_or_default();
        let (length, closing) = string_end(body, quote);
        let body = &body[..length];
        if let Some(closing) = closing {
            self.at = body_start + length + closing.len_utf8();
            if quote == '"' {
                return TokenKind::String;
            }
            findings.push(scalar::other_quotes(Span::new(start, self.at), body));
            return TokenKind::BadString;
        }
        let text = body.trim_end_matches(|c: char| c.is_whitespace() || ",:]}".contains(c));
        self.at = body_start + text.len();
        findings.push(
            Diagnostic::error(codes::UNCLOSED_STRING, Span::new(start, self.at), "this string does not end")
                .with_help("close it with `\"` on the same line; write a line break as `\\n`")
                .with_fix("Close the string", Span::new(self.at, self.at), "\""),
        );
        TokenKind::BadString
    }

    fn stray(&mut self, findings: &mut Findings) -> TokenKind {
        let start = self.at;
        let usual = |c: char| is_word(c) || c.is_whitespace() || "{}[],:\"'`“”„/-+.".contains(c);
        let first = self.rest().chars().next().map_or(0, char::len_utf8);
        let rest = self.rest().get(first..).unwrap_or_default();
        self.at += first + rest.find(usual).unwrap_or(rest.len());
        let span = Span::new(start, self.at);
        let text = span.of(&self.source).to_owned();
        let report = |message: String| Diagnostic::error(codes::UNEXPECTED_CHARACTER, span, message);
        findings.push(match text.as_str() {
            "=" | ";" | "=>" => {
                let right = if text == ";" { "," } else { ":" };
                let what = if text == ";" { "between members" } else { "between a key and its value" };
                report(format!("`{text}` does not stand {what}"))
                    .with_help(format!("write `{right}`"))
                    .with_fix(format!("Change to `{right}`"), span, right)
            }
            _ => report(format!("unexpected `{}`", scalar::shortened(&text)))
                .with_help("remove it, or put it inside a string")
                .with_fix("Remove it", span, ""),
        });
        match text.as_str() {
            "=" | "=>" => TokenKind::Colon,
            ";" => TokenKind::Comma,
            _ => TokenKind::Stray,
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Length of the string's insides, and the quote that closes it; none where the line ends first.
fn string_end(body: &str, open: char) -> (usize, Option<char>) {
    let closes = |c: char| match open {
        '“' | '”' | '„' => matches!(c, '“' | '”' | '"'),
        _ => c == open,
    };
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        if c == '\n' {
            return (at, None);
        }
        if !escaped && closes(c) {
            return (at, Some(c));
        }
        escaped = !escaped && c == '\\';
    }
    (body.len(), None)
}
