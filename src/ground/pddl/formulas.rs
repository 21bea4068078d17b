//! Lifted conditions and numbers under a binding, simplified.

use super::draft::Drafts;
use super::instantiate::Instantiate;
use super::lifted::{Class, Nnf, Number, Quantified};
use super::world::{Odometer, World, compare};
use crate::task::{Fact, Formula, NumericTest, Operand, OutOfMemory, SlotId, Value, VariableId};

pub(super) const TRUE: Formula = Formula::And(Vec::new());
pub(super) const FALSE: Formula = Formula::Or(Vec::new());

impl Instantiate {
    /// A condition given that the atoms in `holds` hold and those in `fails` do not.
    pub(super) fn given(&self, formula: Formula) -> Formula {
        match formula {
            Formula::Fact(fact) if self.holds.binary_search(&fact.variable.0).is_ok() => TRUE,
            Formula::Fact(fact) if self.fails.binary_search(&fact.variable.0).is_ok() => FALSE,
            Formula::NotFact(fact) if self.holds.binary_search(&fact.variable.0).is_ok() => FALSE,
            Formula::NotFact(fact) if self.fails.binary_search(&fact.variable.0).is_ok() => TRUE,
            Formula::And(parts) => all(parts.into_iter().map(|part| self.given(part))),
            Formula::Or(parts) => any(parts.into_iter().map(|part| self.given(part))),
            other => other,
        }
    }

    /// A condition under the binding, simplified.
    pub(super) fn formula(
        &mut self,
        world: &mut World,
        drafts: &mut Drafts,
        condition: &Nnf,
    ) -> Result<Formula, OutOfMemory> {
        Ok(match condition {
            Nnf::Literal(literal) => {
                let fact = |atom| Fact { variable: VariableId(atom), value: 1 };
                let is_static = world.lifted.classes[literal.symbol as usize] == Class::Static;
                match (world.find(literal, &self.bound), literal.is_positive) {
                    (Some(atom), is_positive) if is_static || world.is_constant(atom) => truth(is_positive),
                    (Some(atom), true) => Formula::Fact(fact(atom)),
                    (Some(atom), false) => Formula::NotFact(fact(atom)),
                    (None, is_positive) => truth(!is_positive),
                }
            }
            Nnf::Equal { left, right, is_positive } => {
                truth((left.value(&self.bound) == right.value(&self.bound)) == *is_positive)
            }
            Nnf::Test(test) => {
                let (left, comparison, right) = &**test;
                let left = self.operand(world, drafts, left)?;
                let right = self.operand(world, drafts, right)?;
                match (left, right) {
                    (Operand::Constant(left), Operand::Constant(right)) => {
                        truth(compare(*comparison, left.as_f64(), right.as_f64()))
                    }
                    _ => Formula::Numeric(NumericTest { left, comparison: *comparison, right }),
                }
            }
            Nnf::And(parts) => all(self.formulas(world, drafts, parts)?),
            Nnf::Or(parts) => any(self.formulas(world, drafts, parts)?),
            Nnf::Quantified(quantified) => self.quantified(world, drafts, quantified)?,
        })
    }

    fn formulas(
        &mut self,
        world: &mut World,
        drafts: &mut Drafts,
        parts: &[Nnf],
    ) -> Result<Vec<Formula>, OutOfMemory> {
        parts.iter().map(|part| self.formula(world, drafts, part)).collect()
    }

    fn quantified(
        &mut self,
        world: &mut World,
        drafts: &mut Drafts,
        quantified: &Quantified,
    ) -> Result<Formula, OutOfMemory> {
        let mut formulas = Vec::new();
        let (zero, unit) = (truth(!quantified.is_forall), truth(quantified.is_forall));
        let mut odometer = Odometer::new(&quantified.bindings);
        while odometer.next(world, &quantified.bindings, &mut self.bound) {
            self.bindings += 1;
            let formula = self.formula(world, drafts, &quantified.body)?;
            if formula == zero {
                return Ok(zero);
            }
            if formula != unit {
                formulas.push(formula);
            }
        }
        Ok(if quantified.is_forall { all(formulas) } else { any(formulas) })
    }

    /// The goal.
    pub(super) fn goal(&mut self, world: &mut World, drafts: &mut Drafts) -> Result<Formula, OutOfMemory> {
        self.bound.clear();
        self.bound.resize(world.lifted.goal_slots as usize, 0);
        let goal = std::mem::replace(&mut world.lifted.goal, Nnf::And(Vec::new()));
        let formula = self.formula(world, drafts, &goal);
        world.lifted.goal = goal;
        formula
    }

    pub(super) fn operand(
        &mut self,
        world: &mut World,
        drafts: &mut Drafts,
        number: &Number,
    ) -> Result<Operand, OutOfMemory> {
        let constant = |value: f64| Operand::Constant(Value::Float(value));
        match number {
            Number::Constant(value) => Ok(constant(*value)),
            Number::Fluent(function, arguments) => {
                self.arguments.clear();
                self.arguments.extend(arguments.iter().map(|one| one.value(&self.bound)));
                if !world.lifted.functions[*function as usize].is_changed {
                    return Ok(constant(world.initial_value(*function, &self.arguments)));
                }
                Ok(Operand::Slot(SlotId(world.fluent(*function, &self.arguments)?)))
            }
            Number::Binary(operator, sides) => {
                let left = self.operand(world, drafts, &sides[0])?;
                let right = self.operand(world, drafts, &sides[1])?;
                drafts.expression(*operator, left, right)
            }
        }
    }
}

fn truth(is_true: bool) -> Formula {
    if is_true { TRUE } else { FALSE }
}

/// The conjunction, simplified.
pub(super) fn all(parts: impl IntoIterator<Item = Formula>) -> Formula {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Formula::And(inner) => flat.extend(inner),
            Formula::Or(inner) if inner.is_empty() => return FALSE,
            other => flat.push(other),
        }
    }
    if flat.len() == 1 { flat.remove(0) } else { Formula::And(flat) }
}

/// The disjunction, simplified.
pub(super) fn any(parts: impl IntoIterator<Item = Formula>) -> Formula {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Formula::Or(inner) => flat.extend(inner),
            Formula::And(inner) if inner.is_empty() => return TRUE,
            other => flat.push(other),
        }
    }
    if flat.len() == 1 { flat.remove(0) } else { Formula::Or(flat) }
}
