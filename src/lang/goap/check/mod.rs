//! From the tree of values to a [`Model`](super::Model): reads every part, then checks each use of a name under
//! every binding.
//!
//! Reading never stops at a finding. What could not be read is left out and never reported again
//! by what builds on it. A model comes out only where there was no error.

mod action;
mod alias;
mod condition;
mod declared;
mod document;
mod effect;
mod fit;
mod goal;
mod joined;
pub mod keys;
mod lowest;
mod meant;
mod obligation;
mod parameters;
mod reader;
mod scope;
mod state;
mod verify;

pub(super) use document::Check;
pub use document::{MAX_INSTANCES, MAX_PARTS};
