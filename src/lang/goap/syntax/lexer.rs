//! Text to tokens, with a place for everything that is not whitespace.

use std::sync::Arc;

use super::super::codes;
use super::super::findings::Findings;
use super::scalar;
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::invisible;

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
        let kind = self.scan(findings);
        self.leads = false;
        Token { kind, span: Span::new(start, self.at), leads, indent }
    }

    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn skip_whitespace(&mut self) {
        let bytes = self.source.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                // Some old editors end lines with a carriage return alone.
                b'\n' | b'\r' => (self.leads, self.indent) = (true, 0),
                b' ' | b'\t' if self.leads => self.indent += 1,
                b' ' | b'\t' => {}
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
            '"' | '\'' | '`' | '“' | '”' | '„' | '‘' | '’' | '‚' | '«' | '»' => {
                self.string(first, findings)
            }
            '/' if self.rest().starts_with("//") => self.line_comment(),
            '/' if self.rest().starts_with("/*") => self.block_comment(findings),
            '#' | ';' | '-' | '<' if self.foreign_comment().is_some() => self.other_comment(findings),
            _ if invisible::is_invisible(first) || invisible::is_odd_space(first) => self.unseen(findings),
            '-' | '+' | '.' | '0'..='9' => self.run(TokenKind::Number),
            _ if is_word(first) => self.run(TokenKind::Word),
            _ => self.stray(findings),
        }
    }

    fn run(&mut self, kind: TokenKind) -> TokenKind {
        let more = |c: char| is_word(c) || matches!(c, '-' | '+' | '.') || invisible::is_invisible(c);
        let length = self.rest().find(|c| !more(c)).unwrap_or(self.rest().len());
        // An invisible character belongs to a word only between its letters.
        let text = self.rest().get(..length).unwrap_or_default();
        self.at += text.trim_end_matches(invisible::is_invisible).len();
        kind
    }

    fn line_comment(&mut self) -> TokenKind {
        self.at += self.rest().find(['\n', '\r']).unwrap_or(self.rest().len());
        TokenKind::Comment
    }

    /// The sign that begins a comment in another language, where the rest of the line reads like a comment.
    fn foreign_comment(&self) -> Option<&'static str> {
        let rest = self.rest();
        let line = rest.split(['\n', '\r']).next().unwrap_or_default();
        let dashes =
            line.strip_prefix("--").is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
        match rest.chars().next() {
            Some('#') if self.is_set_off(line) => Some("#"),
            Some(';') if self.leads && !line.contains(['"', '{', '}', '[', ']']) => Some(";"),
            Some('-') if dashes => Some("--"),
            Some('<') if rest.starts_with("<!--") => Some("<!--"),
            _ => None,
        }
    }

    /// Whether a number sign is set off from what stands before it or after it, as those of comments are.
    fn is_set_off(&self, line: &str) -> bool {
        let after = line.trim_start_matches('#');
        let before = self.source.get(..self.at).and_then(|before| before.chars().next_back());
        let is_first = self.leads || before.is_none_or(char::is_whitespace);
        is_first || after.len() + 1 < line.len() || after.starts_with(' ')
    }

    /// Reads a comment of another language as a comment, and reports how comments are written here.
    fn other_comment(&mut self, findings: &mut Findings) -> TokenKind {
        let sign = self.foreign_comment().unwrap_or_default();
        let start = self.at;
        let again = self.rest().trim_start_matches(sign);
        let marked = Span::new(start, self.source.len() - again.len());
        let report = |span, right: String| {
            Diagnostic::error(codes::UNEXPECTED_CHARACTER, span, format!("`{sign}` begins no comment here"))
                .with_help("comments are `// …` to the end of the line, or `/* … */`")
                .with_fix("Make it a comment", span, right)
        };
        if sign != "<!--" {
            findings.push(report(marked, "//".to_owned()));
            return self.line_comment();
        }
        let end = self.rest().find("-->").unwrap_or(self.rest().len() - sign.len());
        self.at = (start + end + "-->".len()).min(self.source.len());
        let inside = self.source.get(start + sign.len()..start + end).unwrap_or_default();
        let right = format!("/*{}*/", inside.replace("*/", "* /"));
        findings.push(report(Span::new(start, self.at), right));
        TokenKind::Comment
    }

    /// Skips invisible characters, and reports them.
    fn unseen(&mut self, findings: &mut Findings) -> TokenKind {
        let start = self.at;
        let rest = self.rest();
        let is_unseen = |c: char| invisible::is_invisible(c) || invisible::is_odd_space(c);
        let length = rest.find(|c| !is_unseen(c)).unwrap_or(rest.len());
        let text = rest.get(..length).unwrap_or_default();
        let has_space = text.contains(invisible::is_odd_space);
        let name = text.chars().next().map(invisible::name).unwrap_or_default();
        self.at += length;
        let span = Span::new(start, self.at);
        let report = Diagnostic::warning(
            codes::INVISIBLE_CHARACTER,
            span,
            format!("{name} stands between the values"),
        );
        findings.push(if has_space {
            report.with_help("write a plain space").with_fix("Change to a space", span, " ")
        } else {
            report.with_help("remove it; it is passed over").with_fix("Remove it", span, "")
        });
        TokenKind::Stray
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
        let usual = |c: char| {
            is_word(c)
                || c.is_whitespace()
                || invisible::is_invisible(c)
                || "{}[],:\"'`“”„‘’‚«»/-+.".contains(c)
        };
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
        '‘' | '’' | '‚' => matches!(c, '‘' | '’' | '\''),
        '«' | '»' => matches!(c, '«' | '»'),
        _ => c == open,
    };
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        if matches!(c, '\n' | '\r') {
            return (at, None);
        }
        if !escaped && closes(c) {
            return (at, Some(c));
        }
        escaped = !escaped && c == '\\';
    }
    (body.len(), None)
}
