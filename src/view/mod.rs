//! What is shown, worked out without a browser: columns and results in, figures and words out.
//!
//! Nothing here draws, listens, reads a clock or knows a component.

pub mod format;
pub mod limits;
pub mod plan;
pub mod words;
