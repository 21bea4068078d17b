//! Ground conditions to formulas of the task.

use std::ops::Range;

use super::classes::Classes;
use super::{Target, index_of, number};
use crate::lang::goap::Model;
use crate::lang::goap::grounded::{GroundCondition, Operand};
use crate::lang::goap::model::{Comparator, Kind, Value};
use crate::task::{self, Comparison, Conjunction, Fact, Formula, NumericTest, VariableId};

/// Translates conditions over the model's variables.
#[derive(Clone, Copy)]
pub(super) struct Translator<'a> {
    pub(super) model: &'a Model,
    pub(super) targets: &'a [Target],
    pub(super) classes: &'a [Classes],
}

const TRUE: Formula = Formula::And(Vec::new());
const FALSE: Formula = Formula::Or(Vec::new());

impl Translator<'_> {
    /// The formula of a condition in negation normal form. Nesting is bounded by the language.
    pub(super) fn formula(&self, condition: &GroundCondition, is_negated: bool) -> Formula {
        match condition {
            GroundCondition::All(parts) => self.parts(parts, is_negated, !is_negated),
            GroundCondition::Any(parts) => self.parts(parts, is_negated, is_negated),
            GroundCondition::Not(inner) => self.formula(inner, !is_negated),
            GroundCondition::Compare { variable, operator, right, .. } => {
                let comparison = comparison(*operator);
                let comparison = if is_negated { comparison.negated() } else { comparison };
                self.compare(*variable, comparison, right)
            }
        }
    }

    /// A condition as a conjunction, built without the formula in between.
    pub(super) fn conjunction(&self, condition: &GroundCondition) -> Conjunction {
        let mut conjunction = Conjunction::default();
        self.require(condition, &mut conjunction);
        conjunction.settle();
        conjunction
    }

    fn require(&self, condition: &GroundCondition, conjunction: &mut Conjunction) {
        match condition {
            GroundCondition::All(parts) => parts.iter().for_each(|part| self.require(part, conjunction)),
            other => conjunction.add(self.formula(other, false)),
        }
    }

    fn parts(&self, parts: &[GroundCondition], is_negated: bool, is_conjunction: bool) -> Formula {
        let (unit, zero) = if is_conjunction { (TRUE, FALSE) } else { (FALSE, TRUE) };
        let mut formulas = Vec::with_capacity(parts.len());
        for part in parts {
            let formula = self.formula(part, is_negated);
            if formula == zero {
                return zero;
            }
            if formula != unit {
                formulas.push(formula);
            }
        }
        if is_conjunction { Formula::And(formulas) } else { Formula::Or(formulas) }
    }

    fn compare(&self, variable: usize, comparison: Comparison, right: &Operand) -> Formula {
        match (self.targets[variable], right) {
            (Target::Slot(slot), _) => {
                let operand = match right {
                    Operand::Value(value) => match number(value) {
                        Some(value) => task::Operand::Constant(value),
                        None => return FALSE,
                    },
                    Operand::Variable(other) if *other == variable => {
                        let reflexive = [Comparison::Equal, Comparison::AtMost, Comparison::AtLeast];
                        return if reflexive.contains(&comparison) { TRUE } else { FALSE };
                    }
                    Operand::Variable(other) => match self.targets[*other] {
                        Target::Slot(other) => task::Operand::Slot(other),
                        _ => return FALSE,
                    },
                };
                let left = task::Operand::Slot(slot);
                Formula::Numeric(NumericTest { left, comparison, right: operand })
            }
            (Target::Variable(id), Operand::Value(value)) => {
                self.compare_value(variable, id, comparison, value)
            }
            (Target::Classes(id, classes), Operand::Value(value)) => {
                let classes = &self.classes[classes as usize];
                number(value).map_or(FALSE, |value| among(id, classes, comparison, value.as_f64()))
            }
            // A number with classes is never compared with another variable.
            (Target::Classes(..), Operand::Variable(_)) => FALSE,
            (Target::Variable(id), Operand::Variable(other)) => {
                self.compare_variables(variable, id, comparison, *other)
            }
            // Every variable that a condition mentions is relevant.
            (Target::LeftOut, _) => FALSE,
        }
    }

    fn compare_value(
        &self,
        variable: usize,
        id: VariableId,
        comparison: Comparison,
        value: &Value,
    ) -> Formula {
        let index = index_of(&self.model.variables[variable].kind, value);
        match (comparison, index) {
            (Comparison::Equal, Some(value)) => Formula::Fact(Fact { variable: id, value }),
            (Comparison::NotEqual, Some(value)) => Formula::NotFact(Fact { variable: id, value }),
            (Comparison::NotEqual, None) => TRUE,
            _ => FALSE,
        }
    }

    /// Two variables are equal if both have a common value. They are different if one has a value that the
    /// other does not have.
    fn compare_variables(
        &self,
        left: usize,
        id: VariableId,
        comparison: Comparison,
        right: usize,
    ) -> Formula {
        let Target::Variable(other) = self.targets[right] else { return FALSE };
        let is_equal = comparison == Comparison::Equal;
        if other == id {
            return if is_equal { TRUE } else { FALSE };
        }
        let values = values(&self.model.variables[left].kind);
        let kind = &self.model.variables[right].kind;
        let alternatives = (0u32..).zip(&values).filter_map(|(index, value)| {
            let here = Formula::Fact(Fact { variable: id, value: index });
            match (index_of(kind, value), is_equal) {
                (Some(there), true) => {
                    let there = Formula::Fact(Fact { variable: other, value: there });
                    Some(Formula::And(vec![here, there]))
                }
                (Some(there), false) => {
                    let elsewhere = Formula::NotFact(Fact { variable: other, value: there });
                    Some(Formula::And(vec![here, elsewhere]))
                }
                (None, true) => None,
                (None, false) => Some(here),
            }
        });
        Formula::Or(alternatives.collect())
    }
}

/// The variable's class is one of those that fulfil the comparison.
fn among(id: VariableId, classes: &Classes, comparison: Comparison, right: f64) -> Formula {
    let named = classes.comparing(comparison, right);
    let none_of = |mut values: Range<u32>| match values.next() {
        Some(value) => Formula::NotFact(Fact { variable: id, value }),
        None => TRUE,
    };
    let all = classes.len() as u32;
    match (comparison, named.len() as u32) {
        (Comparison::NotEqual, _) if all == 1 && !named.is_empty() => FALSE,
        (Comparison::NotEqual, _) => none_of(named),
        (_, count) if count == all => TRUE,
        (_, 1) => Formula::Fact(Fact { variable: id, value: named.start }),
        (_, count) if count > 1 && count + 1 == all => {
            none_of(if named.start == 0 { named.end..all } else { 0..named.start })
        }
        _ => Formula::Or(named.map(|value| Formula::Fact(Fact { variable: id, value })).collect()),
    }
}

/// The values of a finite kind in the order of its domain.
pub(super) fn values(kind: &Kind) -> Vec<Value> {
    match kind {
        Kind::Bool => vec![Value::Bool(false), Value::Bool(true)],
        Kind::Enum(symbols) => symbols.iter().cloned().map(Value::Symbol).collect(),
        Kind::Int(_) | Kind::Float(_) => Vec::new(),
    }
}

pub(super) fn comparison(operator: Comparator) -> Comparison {
    match operator {
        Comparator::Equal => Comparison::Equal,
        Comparator::NotEqual => Comparison::NotEqual,
        Comparator::Less => Comparison::Less,
        Comparator::AtMost => Comparison::AtMost,
        Comparator::Greater => Comparison::Greater,
        Comparator::AtLeast => Comparison::AtLeast,
    }
}
