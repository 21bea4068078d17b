//! Decimal commas: `1,5` in an object is a number to its author, and a comma and a key to the grammar.

use super::super::codes;
use super::super::findings::Findings;
use super::frame::{Flow, State};
use super::lexer::TokenKind;
use super::parser::Parser;
use super::tree::Data;
use crate::diagnostic::{Diagnostic, Span};

impl Parser {
    /// Whether the number at the cursor is what follows the comma of the value before it: nothing stands
    /// between the three, and no colon makes it a key.
    pub(super) fn is_after_decimal_comma(&self) -> bool {
        let Some(at) = self.cursor.checked_sub(2) else { return false };
        let is_key = self.tokens.get(self.cursor + 1).is_some_and(|next| next.kind == TokenKind::Colon);
        !is_key && self.is_joined(at)
    }

    /// Whether the tokens from `at` on are a number, a comma and digits with nothing between them.
    fn is_joined(&self, at: usize) -> bool {
        let Some([whole, comma, digits]) = self.tokens.get(at..at + 3) else { return false };
        let text = digits.span.of(&self.source);
        (whole.kind, comma.kind, digits.kind) == (TokenKind::Number, TokenKind::Comma, TokenKind::Number)
            && (whole.span.end, comma.span.end) == (comma.span.start, digits.span.start)
            && text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Takes the digits at the cursor, and all that follow behind commas, into the number before them.
    pub(super) fn decimal_comma(&mut self, findings: &mut Findings) -> Flow {
        let first = self.tokens[self.cursor - 2].span;
        let mut groups = 1;
        while self.is_joined(self.cursor) {
            self.cursor += 2;
            groups += 1;
        }
        let last = self.tokens[self.cursor].span;
        let span = first.to(last);
        let text = span.of(&self.source);
        // Groups of three digits part thousands, unless a zero stands before them.
        let is_grouped = text.split(',').skip(1).all(|group| group.len() == 3)
            && !matches!(first.of(&self.source), "0" | "-0");
        let right = if is_grouped || groups > 1 { text.replace(',', "") } else { text.replace(',', ".") };
        findings.push(
            Diagnostic::error(codes::BAD_NUMBER, span, format!("`{text}` is not a number"))
                .with_help(format!("decimals have a point, and thousands nothing: `{right}`"))
                .with_fix(format!("Change to `{right}`"), span, right),
        );
        self.break_last_value(last);
        self.set_state(State::Comma);
        Flow::Next
    }

    /// Marks the value before the cursor as broken, so that nothing else is reported about it.
    fn break_last_value(&mut self, end: Span) {
        let Some(frame) = self.frames.last_mut() else { return };
        frame.end = end.end;
        let value = match &self.tree.node(frame.node).data {
            Data::Object(members) => members.last().map(|member| member.value),
            _ => None,
        };
        if let Some(value) = value {
            self.tree.node_mut(value).data = Data::Broken;
        }
    }
}
