//! JSON with comments and trailing commas, read by a small recovering parser of our own.
//!
//! The published parsers that give ranges stop at the first error; an editor wants them all.
//! [`Lexer`] cuts the text into tokens (comments included, so that tokens and the whitespace
//! between them are the whole text), [`Parser`] builds a [`Tree`] of values with spans. The tree is
//! an arena and the parser keeps its own stack: depth is bounded by [`MAX_NESTING`], and nothing
//! here recurses. What cannot be read becomes [`Data::Broken`], already reported.

mod balance;
mod decimal;
mod frame;
mod lexer;
mod parser;
mod recover;
mod scalar;
mod seen;
mod tree;

pub use lexer::{Lexer, Token, TokenKind};
pub use parser::Parser;
pub(in super::super) use scalar::{decode_string, mended, quoted, shortened};
pub use tree::{Data, Member, Node, NodeId, Tree};

use std::sync::Arc;

use super::findings::Findings;
use crate::diagnostic::Diagnostic;

/// Bytes a document may have.
pub const MAX_BYTES: usize = 1 << 20;

/// Brackets that may be open at once.
pub const MAX_NESTING: usize = 128;

/// All tokens of `text`, the end last. For highlighting; what is wrong is left to [`tree`].
pub fn tokens(text: &str) -> Vec<Token> {
    lex(text.into(), &mut Findings::default())
}

/// The tree of `text` and what is wrong with it, in one go. Nothing is read of a text over
/// [`MAX_BYTES`].
pub fn tree(text: &str) -> (Tree, Vec<Diagnostic>) {
    let mut findings = Findings::default();
    let source: Arc<str> = if text.len() > MAX_BYTES { "".into() } else { text.into() };
    let tokens = lex(source.clone(), &mut findings);
    let mut parser = Parser::new(source, tokens);
    while parser.advance(&mut findings) {}
    (parser.into_tree(), findings.into_sorted())
}

fn lex(source: Arc<str>, findings: &mut Findings) -> Vec<Token> {
    let mut lexer = Lexer::new(source);
    let mut tokens = Vec::new();
    while tokens.last().is_none_or(|token: &Token| token.kind != TokenKind::End) {
        tokens.push(lexer.next(findings));
    }
    tokens
}
