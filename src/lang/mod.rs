//! Languages a problem can be written in: source text in, a checked model and diagnostics out.
//!
//! Nothing here knows how a problem is solved. Parsers recover and report every finding with its
//! place; they bound input size and depth.

pub mod bytes;
pub mod code;
pub mod define;
pub mod goap;
pub mod invisible;
pub mod letters;
pub mod nearest;
pub mod pddl;
pub mod plan;
