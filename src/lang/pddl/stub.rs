use super::Model;
use crate::diagnostic::Diagnostic;
use crate::step::*;
use std::sync::Arc;
pub struct Parse;
pub struct Parsed {
    pub model: Option<Model>,
    pub diagnostics: Vec<Diagnostic>,
}
#[derive(PartialEq)]
pub enum Verdict {
    Fine,
    Errors,
    Unsupported,
}
impl Parsed {
    pub fn verdict(&self) -> Verdict {
        Verdict::Errors
    }
}
impl Parse {
    pub fn new(_d: Arc<str>, _p: Arc<str>) -> Self {
        Self
    }
    pub fn domain(_d: Arc<str>) -> Self {
        Self
    }
    pub fn with_limit(_d: Arc<str>, _p: Arc<str>, _l: u64) -> Self {
        Self
    }
}
impl Stepper for Parse {
    type Output = Parsed;
    fn step(&mut self, _b: &mut Budget) -> Progress<Parsed> {
        Progress::Done(Parsed { model: None, diagnostics: vec![] })
    }
}
pub fn parse_domain(_d: &str) -> Parsed {
    Parsed { model: None, diagnostics: vec![] }
}
pub fn is_unsupported(_c: &str) -> bool {
    false
}
pub mod canonical {
    use super::*;
    pub fn domain_bytes(_m: &Model) -> Vec<u8> {
        vec![]
    }
    pub fn instance_bytes(_m: &Model) -> Vec<u8> {
        vec![]
    }
}
