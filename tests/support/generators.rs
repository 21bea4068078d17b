//! Seeded GOAP documents of any size, by their generators in the library.

pub use planscope::examples::goap::*;
