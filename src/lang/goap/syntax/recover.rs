//! Closing brackets, and what to make of those that do not match.

use super::super::codes;
use super::super::findings::Findings;
use super::lexer::{Token, TokenKind};
use super::parser::{Flow, Parser};
use crate::diagnostic::Diagnostic;

/// What is wrong where a closing bracket does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// It should be of the other kind.
    Wrong,
    /// The innermost bracket is not closed before it.
    Unclosed,
    /// It should not be there.
    Stray,
}

/// Closing brackets less opening ones: `[]` first, then `{}`.
pub(super) fn surplus(tokens: &[Token]) -> [i64; 2] {
    let mut surplus = [0, 0];
    for token in tokens {
        match token.kind {
            TokenKind::OpenBracket => surplus[0] -= 1,
            TokenKind::CloseBracket => surplus[0] += 1,
            TokenKind::OpenBrace => surplus[1] -= 1,
            TokenKind::CloseBrace => surplus[1] += 1,
            _ => {}
        }
    }
    surplus
}

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
        match self.judge(braces) {
            Fault::Wrong => {
                self.surplus[usize::from(braces)] -= 1;
                self.surplus[usize::from(!braces)] += 1;
                self.change_bracket(token, opening, findings)
            }
            Fault::Unclosed => {
                self.surplus[usize::from(!braces)] += 1;
                self.tree.brackets_match = false;
                findings.push(unclosed(opening));
                self.pop(token.span.start);
                Flow::Again
            }
            Fault::Stray => {
                self.surplus[usize::from(braces)] -= 1;
                findings.push(wrong(token).with_help("no bracket of this kind is open; remove it").with_fix(
                    "Remove it",
                    token.span,
                    "",
                ));
                Flow::Next
            }
        }
    }

    /// What to make of a closing bracket (a brace or not) that does not fit the innermost frame.
    ///
    /// The count of brackets over the whole text decides; where that says nothing, how the text
    /// goes on.
    fn judge(&self, braces: bool) -> Fault {
        let innermost = self.frames.len() - 1;
        let partner = self.frames.iter().rposition(|frame| frame.is_object() == braces);
        let (same, other) = (self.surplus[usize::from(braces)], self.surplus[usize::from(!braces)]);
        match partner {
            _ if same > 0 && other < 0 => Fault::Wrong,
            _ if same > 0 && other == 0 => Fault::Stray,
            Some(_) if same <= 0 && other < 0 => Fault::Unclosed,
            Some(depth) if self.goes_on_after(innermost) && !self.goes_on_after(depth) => Fault::Wrong,
            Some(_) => Fault::Unclosed,
            None if self.goes_on_after(innermost) => Fault::Wrong,
            None => Fault::Stray,
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

    /// Whether the text goes on as it may where the token at the cursor closed the frame at `depth`.
    fn goes_on_after(&self, depth: usize) -> bool {
        let following = self.tokens.get(self.cursor + 1..).unwrap_or_default().iter();
        let mut following = following.map(|token| token.kind).filter(|&kind| kind != TokenKind::Comment);
        let parent = depth.checked_sub(1).map(|parent| self.frames[parent].is_object());
        match (following.next(), parent) {
            (Some(TokenKind::End), None) => true,
            (Some(TokenKind::CloseBrace), Some(in_object)) => in_object,
            (Some(TokenKind::CloseBracket), Some(in_object)) => !in_object,
            (Some(TokenKind::Comma), Some(in_object)) => {
                let next = (following.next(), following.next());
                in_object == (next == (Some(TokenKind::String), Some(TokenKind::Colon)))
            }
            _ => false,
        }
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
