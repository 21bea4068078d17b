//! What the targets share.
#![allow(dead_code, reason = "each target uses a part of this")]

pub mod findings;
pub mod mutate;
