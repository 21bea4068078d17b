//! PDDL
#![allow(missing_docs)]
pub mod model;
mod stub;
pub use model::Model;
pub use stub::*;
