//! GOAP documents (`*.goap.json`): text to [`Model`].
//!
//! [`Parse`] reads a text in steps: tokens, tree, checks, then what can be reached at all. Where
//! brackets do not match, values stand in the wrong places, and nothing beyond the syntax is
//! checked; every other syntax error leaves the rest to be checked as far as it could be read.

pub mod canonical;
pub mod check;
pub mod codes;
mod findings;
pub mod grounded;
pub mod instance;
pub mod model;
mod odometer;
mod parse;
pub mod range;
pub mod reach;
pub mod resolve;
pub mod syntax;
pub mod text;

pub use findings::MAX_FINDINGS;
pub use instance::{Instances, resolve_goal};
pub use model::Model;
pub use parse::{Parse, Parsed, parse};
