//! The arrays and objects that are open while the text is read, and what may come next in them.

use super::lexer::{Token, TokenKind};
use super::seen::Seen;
use super::tree::NodeId;
use crate::diagnostic::Span;

/// An open array or object.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) node: NodeId,
    pub(super) opening: Token,
    pub(super) state: State,
    /// The key before the value to come; none where it could not be read.
    pub(super) key: Option<String>,
    pub(super) key_span: Span,
    pub(super) seen: Seen,
    /// Where the last element ends.
    pub(super) end: u32,
}

impl Frame {
    /// A frame whose bracket is `opening`, before its first element.
    pub(super) fn new(node: NodeId, opening: Token) -> Self {
        let span = opening.span;
        Self {
            node,
            opening,
            state: State::Item,
            key: None,
            key_span: span,
            seen: Seen::default(),
            end: span.end,
        }
    }

    pub(super) fn is_object(&self) -> bool {
        self.opening.kind == TokenKind::OpenBrace
    }
}

/// What may come next in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// A key or an element, or the closing bracket.
    Item,
    /// The colon after a key.
    Colon,
    /// The value after a colon.
    Value,
    /// A comma or the closing bracket.
    Comma,
}

/// Whether a token was used or has to be looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Next,
    Again,
}
