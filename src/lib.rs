//! Planscope: a planning playground that runs wholly in the browser tab, and natively.

pub mod diagnostic;
pub mod hash;
pub mod lang;
pub mod search;
pub mod step;
pub mod validate;
