//! stub
#![allow(missing_docs)]
use crate::diagnostic::Diagnostic;
use crate::lang::goap::model::Value;
use crate::lang::pddl::Model;
use crate::lang::plan::Step;
use crate::step::*;
use crate::task::*;
use std::sync::Arc;
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Counts {
    pub atoms: u64,
}
pub enum Failure {
    Diagnostics(Vec<Diagnostic>),
    MemoryLimit,
}
pub struct Ground;
#[derive(Default)]
pub struct GroundOptions {
    pub memory_bytes: u64,
    pub x: u8,
}
#[derive(Clone, Copy, PartialEq)]
pub enum Phase {
    A,
}
impl Phase {
    pub fn name(self) -> &'static str {
        ""
    }
}
#[derive(Debug)]
pub struct PddlTask {
    pub task: Arc<Task>,
    pub instance: Instance,
    pub counts: Counts,
    pub has_uniform_cost: bool,
}
impl PddlTask {
    pub fn step(&self, _m: &Model, _o: OperatorId) -> Option<Step> {
        None
    }
    pub fn compare(&self, _m: &Model, _a: &[u64], _b: &[u64]) -> Vec<(String, Value, Value)> {
        vec![]
    }
    pub fn memory_bytes(&self) -> u64 {
        0
    }
}
impl Ground {
    pub fn new(_m: Arc<Model>, _o: GroundOptions) -> Self {
        Self
    }
    pub fn phase(&self) -> Phase {
        Phase::A
    }
    pub fn counts(&self) -> Counts {
        Counts::default()
    }
}
impl Stepper for Ground {
    type Output = Result<PddlTask, Failure>;
    fn step(&mut self, _b: &mut Budget) -> Progress<Self::Output> {
        Progress::Pending
    }
}
