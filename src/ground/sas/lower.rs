//! Lowers conditions to conjunctions of facts; everything else becomes derived variables.

use std::collections::BTreeMap;

use super::SasError;
use crate::task::{Conjunction, Fact, Formula, Task, VariableId};

/// A variable and its value.
pub(super) type Pair = (u32, u32);

/// A conjunction, sorted by variable; `None` if it never holds.
pub(super) type Lowered = Option<Vec<Pair>>;

/// A derived variable that stands for a condition.
#[derive(Debug)]
pub(super) struct Auxiliary {
    /// 0; or, if it reads derived variables of the task, the layer above all of the task's axioms.
    pub layer: u32,
    /// It is 1 if one of these conjunctions holds.
    pub bodies: Vec<Vec<Pair>>,
}

/// Lowers conditions. Equal conditions get the same variables.
pub(super) struct Lowering<'a> {
    task: &'a Task,
    /// The layer above all axioms of the task.
    top: u32,
    auxiliary: Vec<Auxiliary>,
    known: BTreeMap<Vec<Vec<Pair>>, u32>,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(task: &'a Task) -> Self {
        let top = task.axioms.rules().iter().map(|rule| rule.stratum + 1).max().unwrap_or(0);
        Self { task, top, auxiliary: Vec::new(), known: BTreeMap::new() }
    }

    /// The variables made so far, numbered behind those of the task.
    pub(super) fn auxiliary(&self) -> &[Auxiliary] {
        &self.auxiliary
    }

    pub(super) fn conjunction(&mut self, conjunction: &Conjunction) -> Result<Lowered, SasError> {
        if !conjunction.tests.is_empty() {
            return Err(SasError::Numeric);
        }
        if conjunction.is_false {
            return Ok(None);
        }
        let mut pairs: Vec<Pair> = conjunction.facts.iter().copied().map(pair).collect();
        for &fact in &conjunction.not_facts {
            pairs.push(self.not_fact(fact));
        }
        for formula in &conjunction.formulas {
            if !self.add(formula, &mut pairs)? {
                return Ok(None);
            }
        }
        Ok(consistent(pairs))
    }

    /// Adds the facts that hold where the formula does; answers `false` if it never does.
    fn add(&mut self, formula: &Formula, pairs: &mut Vec<Pair>) -> Result<bool, SasError> {
        match formula {
            Formula::Fact(fact) => pairs.push(pair(*fact)),
            Formula::NotFact(fact) => pairs.push(self.not_fact(*fact)),
            Formula::Numeric(_) => return Err(SasError::Numeric),
            Formula::And(parts) => {
                for part in parts {
                    if !self.add(part, pairs)? {
                        return Ok(false);
                    }
                }
            }
            Formula::Or(parts) => {
                let mut bodies = Vec::with_capacity(parts.len());
                for part in parts {
                    let mut body = Vec::new();
                    if self.add(part, &mut body)? {
                        bodies.extend(consistent(body));
                    }
                }
                return Ok(self.any(bodies, pairs));
            }
        }
        Ok(true)
    }

    /// Adds the condition that one of the bodies holds; answers `false` if none ever does.
    fn any(&mut self, mut bodies: Vec<Vec<Pair>>, pairs: &mut Vec<Pair>) -> bool {
        bodies.sort_unstable();
        bodies.dedup();
        if bodies.len() < 2 {
            let only = bodies.pop();
            pairs.extend(only.iter().flatten());
            return only.is_some();
        }
        // An empty body always holds, and sorts first.
        if !bodies[0].is_empty() {
            pairs.push((self.variable(bodies), 1));
        }
        true
    }

    fn not_fact(&mut self, fact: Fact) -> Pair {
        let domain = self.task.layout.domains[fact.variable.0 as usize];
        if domain == 2 {
            return (fact.variable.0, 1 - fact.value);
        }
        let others = (0..domain).filter(|&value| value != fact.value);
        (self.variable(others.map(|value| vec![(fact.variable.0, value)]).collect()), 1)
    }

    /// The variable that is 1 if one of the bodies holds. It may read derived variables of the task negated;
    /// the axioms of the task only read variables in layer 0.
    fn variable(&mut self, bodies: Vec<Vec<Pair>>) -> u32 {
        if let Some(&variable) = self.known.get(&bodies) {
            return variable;
        }
        let layout = &self.task.layout;
        let own = layout.domains.len() as u32;
        let layer = |&(variable, _): &Pair| match variable.checked_sub(own) {
            Some(index) => self.auxiliary[index as usize].layer,
            None => u32::from(layout.is_derived(VariableId(variable))) * self.top,
        };
        let layer = bodies.iter().flatten().map(layer).max().unwrap_or(0);
        let variable = own + self.auxiliary.len() as u32;
        self.known.insert(bodies.clone(), variable);
        self.auxiliary.push(Auxiliary { layer, bodies });
        variable
    }
}

fn pair(fact: Fact) -> Pair {
    (fact.variable.0, fact.value)
}

/// The pairs sorted, each once; `None` where a variable would need two values.
fn consistent(mut pairs: Vec<Pair>) -> Lowered {
    pairs.sort_unstable();
    pairs.dedup();
    let is_consistent = pairs.windows(2).all(|two| two[0].0 != two[1].0);
    is_consistent.then_some(pairs)
}
