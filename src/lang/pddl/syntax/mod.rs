//! Turns texts into lists of words. Nothing here knows what the words mean, except as far as it is needed to tell
//! where a bracket is missing.

pub mod chains;
mod frame;
mod guess;
mod layout;
mod lexer;
mod odd;
mod repair;
mod rules;
pub mod symbols;
pub mod tree;
mod word;

pub(super) use lexer::Lexer;
pub(super) use repair::Repair;
pub use symbols::{Symbol, Symbols, words};
pub use tree::{Cursor, Items, NodeId, Source, Tree};
