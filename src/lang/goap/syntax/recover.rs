//! How the parser goes on at closing brackets, and at those that do not match.

use super::super::codes;
use super::super::findings::Findings;
use super::balance::Fault;
use super::frame::Flow;
use super::lexer::{Token, TokenKind};
use super::parser::Parser;
use crate::diagnostic::Diagnostic;

impl Parser {
    /// Closes the innermost frame with `token`, or works out which bracket is at fault.
    pub(super) fn close(&mut self, token: Token, findings: &mut Findings) -> Flow {
        let braces = token.kind == TokenKind::CloseBrace;
        let Some(frame) = self.frames.last() else { return Flow::Next };
        if frame.is_object() == braces {
            let opening = frame.opening;
            let moved_out = token.leads && opening.indent > token.indent;
            if moved_out && self.suspect.is_none() {
                self.suspect = Some(opening);
            }
            self.pop(token.span.end);
            return Flow::Next;
        }
        let opening = frame.opening;
        let following = self.tokens.get(self.cursor + 1..).unwrap_or_default();
        match self.balance.judge(&self.frames, following, braces) {
            Fault::Wrong => self.change_bracket(token, opening, findings),
            Fault::Unclosed => {
                self.tree.brackets_match = false;
                findings.push(unclosed(opening));
                self.pop(token.span.start);
                Flow::Again
            }
            Fault::Stray => {
                findings.push(wrong(token).with_help("no bracket of this kind is open; remove it").with_fix(
                    "Remove it",
                    token.span,
                    "",
                ));
                Flow::Next
            }
        }
    }

    /// Takes `token` for the bracket that closes the innermost frame.
    fn change_bracket(&mut self, token: Token, opening: Token, findings: &mut Findings) -> Flow {
        let line = self.tree.line(opening.span);
        let expected = partner(opening);
        findings.push(
            wrong(token)
                .with_help(format!("the bracket opened on line {line} is closed by `{expected}`"))
                .with_fix(format!("Change to `{expected}`"), token.span, expected),
        );
        self.pop(token.span.end);
        Flow::Next
    }

    /// Reports the brackets that are still open at the end of the text.
    ///
    /// Where one bracket is missing, every later one closes its neighbour's partner and the
    /// outermost stays open. Indentation tells which one is really meant.
    pub(super) fn unclosed_at_end(&mut self, end: Token, findings: &mut Findings) {
        self.tree.brackets_match = false;
        let only = self.frames.len() == 1;
        for (depth, frame) in self.frames.iter().enumerate() {
            findings.push(match self.suspect {
                Some(suspect) if depth == 0 => unclosed(suspect),
                _ if only => {
                    let bracket = partner(frame.opening);
                    let label = format!("Insert `{bracket}` at the end");
                    unclosed(frame.opening).with_fix(label, end.span, bracket)
                }
                _ => unclosed(frame.opening),
            });
        }
    }
}

fn partner(opening: Token) -> &'static str {
    if opening.kind == TokenKind::OpenBrace { "}" } else { "]" }
}

fn unclosed(opening: Token) -> Diagnostic {
    let (open, close) = if opening.kind == TokenKind::OpenBrace { ("{", "}") } else { ("[", "]") };
    Diagnostic::error(codes::UNCLOSED_BRACKET, opening.span, format!("this `{open}` is never closed"))
        .with_help(format!("add `{close}` where it should end"))
}

fn wrong(token: Token) -> Diagnostic {
    let found = if token.kind == TokenKind::CloseBrace { "}" } else { "]" };
    Diagnostic::error(codes::WRONG_BRACKET, token.span, format!("`{found}` closes nothing here"))
}
