//! What the targets share.
#![allow(dead_code, reason = "each target uses a part of this")]

pub mod engines;
pub mod findings;
pub mod mutate;
