//! From data to what is drawn and read: tree layout, charts, colours and formatting.
//!
//! Pure: columns in, rectangles and labels out. Nothing here reads a clock or touches the
//! document; everything is tested without a browser.

pub mod anchor;
pub mod chart;
pub mod ledger;
pub mod outline;
pub mod palette;
#[cfg(test)]
mod sample;
pub mod scene;
pub mod trail;
pub mod tree;
pub mod viewport;
pub mod walk;
#[cfg(test)]
mod walk_tests;
