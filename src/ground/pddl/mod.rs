//! A lifted PDDL model to a [`Task`](crate::task::Task).
mod arena;
mod atoms;
mod draft;
mod instantiate;
mod join;
mod lifted;
mod load;
mod metric;
mod normalise;
mod plan;
mod reach;
mod relation;
mod world;
