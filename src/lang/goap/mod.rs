//! GOAP documents (`*.goap.json`): text to [`Model`].

pub mod instance;
pub mod model;

pub use model::Model;
