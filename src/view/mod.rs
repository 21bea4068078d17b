//! What is shown, worked out without a browser: columns and results in, figures, words, marks
//! and lines out.
//!
//! Nothing here draws, listens, reads a clock or knows a component.

pub mod anchor;
pub mod batch;
pub mod bench;
pub mod chart;
pub mod drawing;
pub mod effort;
pub mod format;
pub mod glossary;
pub mod incoming;
pub mod ledger;
pub mod limits;
pub mod outline;
pub mod pace;
pub mod palette;
pub mod past;
pub mod plan;
#[cfg(test)]
mod sample;
pub mod scene;
mod settle;
pub mod subtrees;
pub mod system;
pub mod trail;
pub mod tree;
pub mod utf16;
pub mod viewport;
pub mod visible;
pub mod walk;
pub mod walk_input;
#[cfg(test)]
mod walk_tests;
pub mod witness;
pub mod words;
