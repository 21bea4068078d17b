//! PDDL: a domain and a problem to a checked lifted model.

pub mod model;

pub use model::Model;
