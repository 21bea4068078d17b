//! What several test files share: seeded documents, and a planner that is too simple to be wrong.
#![allow(dead_code, reason = "each test file uses a part of this")]

pub mod brute_force;
pub mod cancelled;
pub mod engines;
pub mod generators;
pub mod large_pddl;
pub mod lifted_brute;
pub mod naive_ground;
pub mod random_floats;
pub mod random_goap;
pub mod random_pddl;
pub mod served;
pub mod trace_hashes;
