//! What several test files share: seeded documents, and a planner that is too simple to be wrong.
#![expect(clippy::allow_attributes, reason = "which parts a test file uses differs")]
#![allow(dead_code, reason = "each test file uses a part of this")]

pub mod brute_force;
pub mod engines;
pub mod generators;
pub mod random_goap;
pub mod trace_hashes;
