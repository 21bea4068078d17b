//! stub
#![allow(missing_docs)]
use super::Violation;
use crate::lang::goap::model::Value;
use crate::lang::pddl::Model;
use crate::lang::plan::Step;
use crate::step::*;
pub struct Replaying<'m>(&'m Model);
impl<'m> Replaying<'m> {
    pub fn new(m: &'m Model, _s: Vec<Step>) -> Self {
        Self(m)
    }
}
pub struct Change {
    pub name: String,
    pub from: Value,
    pub to: Value,
}
pub struct ReplayedStep {
    pub cost: f64,
    pub total: f64,
    pub changes: Vec<Change>,
}
pub struct Replay {
    pub steps: Vec<ReplayedStep>,
    pub total: f64,
}
impl Stepper for Replaying<'_> {
    type Output = Result<Replay, Violation>;
    fn step(&mut self, _b: &mut Budget) -> Progress<Self::Output> {
        Progress::Pending
    }
}
