//! Which bracket is at fault where a closing bracket does not fit the innermost open one.

use super::frame::Frame;
use super::lexer::{Token, TokenKind};

/// What is wrong where a closing bracket does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It should be of the other kind.
    Wrong,
    /// The innermost bracket is not closed before it.
    Unclosed,
    /// It should not be there.
    Stray,
}

/// How many more closing than opening brackets the whole text has: `[]` first, then `{}`. Brackets whose fault was
/// found are no longer counted.
#[derive(Debug)]
pub(super) struct Balance([i64; 2]);

impl Balance {
    pub(super) fn of(tokens: &[Token]) -> Self {
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
        Self(surplus)
    }

    /// What is wrong with a closing bracket (`braces`: a brace) that does not fit the last of `frames`, and that
    /// `following` comes after.
    ///
    /// The count of brackets over the whole text decides. Where it decides nothing, the fault is the one after which
    /// the text goes on as it may.
    pub(super) fn judge(&mut self, frames: &[Frame], following: &[Token], braces: bool) -> Fault {
        let (own, other) = (usize::from(braces), usize::from(!braces));
        let fault = self.fault(frames, following, braces);
        match fault {
            Fault::Wrong => {
                self.0[own] -= 1;
                self.0[other] += 1;
            }
            Fault::Unclosed => self.0[other] += 1,
            Fault::Stray => self.0[own] -= 1,
        }
        fault
    }

    fn fault(&self, frames: &[Frame], following: &[Token], braces: bool) -> Fault {
        let innermost = frames.len() - 1;
        let partner = frames.iter().rposition(|frame| frame.is_object() == braces);
        let (same, other) = (self.0[usize::from(braces)], self.0[usize::from(!braces)]);
        let goes_on_after = |depth| goes_on_after(frames, depth, following);
        match partner {
            _ if same > 0 && other < 0 => Fault::Wrong,
            _ if same > 0 && other == 0 => Fault::Stray,
            Some(_) if same <= 0 && other < 0 => Fault::Unclosed,
            Some(depth) if goes_on_after(innermost) && !goes_on_after(depth) => Fault::Wrong,
            Some(_) => Fault::Unclosed,
            None if goes_on_after(innermost) => Fault::Wrong,
            None => Fault::Stray,
        }
    }
}

/// Whether `following` may come after the end of the frame at `depth`.
fn goes_on_after(frames: &[Frame], depth: usize, following: &[Token]) -> bool {
    let kinds = following.iter().map(|token| token.kind);
    let mut following = kinds.filter(|&kind| kind != TokenKind::Comment);
    let parent = depth.checked_sub(1).map(|parent| frames[parent].is_object());
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
