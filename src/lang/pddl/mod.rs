//! PDDL: a domain and a problem to a [`Model`].
//!
//! [`Parse`] reads both texts in steps: tokens with their brackets, then sections, then what they say.
//! Where brackets do not match, a second pass tells by sections, keywords and indentation where one is
//! missing or too many; the sections it happened in are left out of the checks that follow.
//!
//! What is read: STRIPS, types (`either` too), equality, ADL, costs of actions, derived predicates and
//! numbers. Durations, preferences, constraints, functions to objects, processes and timed facts are
//! recognised and named as not supported.

pub mod canonical;
mod check;
pub mod codes;
mod findings;
mod ids;
mod initial;
pub mod model;
mod parse;
pub mod syntax;
pub mod text;

pub use check::supported_requirements;
pub use codes::is_unsupported;
pub use findings::MAX_FINDINGS;
pub use model::Model;
pub use parse::{BYTES_MAX, Parse, Parsed, Verdict, parse, parse_domain};
