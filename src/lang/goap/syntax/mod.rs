//! JSON with comments and trailing commas, read by a small recovering parser of our own.
//!
//! The published parsers that give ranges stop at the first error; an editor wants them all.
//! [`Lexer`] cuts the text into tokens (comments included, so that tokens and the whitespace
//! between them are the whole text), [`Parser`] builds a [`Tree`] of values with spans. The tree is
//! an arena and the parser keeps its own stack: depth is bounded by [`MAX_NESTING`], and nothing
//! here recurses. What cannot be read becomes [`Data::Broken`], already reported.

mod lexer;
mod parser;
mod recover;
mod scalar;
mod tree;

pub use lexer::{Lexer, Token, TokenKind};
pub use parser::Parser;
pub(super) use scalar::{quoted, shortened};
pub use tree::{Data, Member, Node, NodeId, Tree};

/// Bytes a document may have.
pub const MAX_BYTES: usize = 1 << 20;

/// Brackets that may be open at once.
pub const MAX_NESTING: usize = 128;
