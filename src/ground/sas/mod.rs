//! Tasks as Fast Downward's translator output, version 3 (SAS+).
//!
//! What the format cannot express becomes a derived variable with axioms: disjunctions, and that a variable
//! with three or more values does not have one of them. Equal conditions share a variable. Effects are
//! written in the order in which a [`Task`] applies them: later effects win over earlier ones, in the format
//! as in the planner. Of numbers, only constant costs can be expressed.

mod lower;

use std::fmt::Write;

use crate::task::{Cost, Fact, Instance, Operator, OperatorId, Task, VariableId};
use lower::{Lowered, Lowering, Pair};

/// Largest cost of one operator that readers of the format accept.
const COST_MAX: i64 = i32::MAX as i64;

/// The names of facts and operators. A name has one line.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// Of a fact: `Atom on(a, b)`, `NegatedAtom on(a, b)`, `<none of those>`; see [`fact_name`].
    pub fact: &'a dyn Fn(Fact) -> String,
    /// Of an operator: `stack a b`.
    pub operator: &'a dyn Fn(OperatorId) -> String,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Report {
    /// Derived variables that were made for conditions which the format cannot express.
    pub auxiliary_variables: usize,
    /// Axioms, those of auxiliary variables among them.
    pub axioms: usize,
    /// Operators; those that can never apply, or change nothing, are left out.
    pub operators: usize,
    /// Value of one unit of the written costs in the document's terms: 1, unless the costs are not
    /// integers there.
    pub cost_unit: f64,
}

/// Why a task can't be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SasError {
    /// A condition or effect is numeric.
    #[error("numeric conditions and effects cannot be said in SAS+")]
    Numeric,
    /// An operator's cost depends on the state.
    #[error("a cost that depends on the state cannot be said in SAS+")]
    StateDependentCost,
    /// A cost has no room in 32 bits.
    #[error("a cost is larger than SAS+ has room for")]
    CostTooLarge,
    /// An effect copies a variable to another.
    #[error("an effect that copies a variable cannot be said in SAS+")]
    Copy,
    /// The writer refused.
    #[error("the output could not be written")]
    Write(#[from] std::fmt::Error),
}

/// Writes the task with this initial state and goal. `mutexes` are sets of facts of which at most one holds,
/// besides those that a single variable implies; there may be none. O(size of the task).
///
/// # Errors
/// [`SasError`]; something may have been written by then.
pub fn write(
    task: &Task,
    instance: &Instance,
    mutexes: &[Vec<Fact>],
    names: Names<'_>,
    out: &mut dyn Write,
) -> Result<Report, SasError> {
    let mut writer = Writer { task, names, lowering: Lowering::new(task), out };
    let (factor, cost_unit) = writer.cost_factor()?;
    let goal = writer.lowering.conjunction(&instance.goal)?;
    let operators = writer.prepare()?;
    let is_unit_cost =
        factor == 1 && task.operators.iter().all(|operator| operator.cost == Cost::Constant(1));
    let metric = u8::from(!is_unit_cost);
    writeln!(writer.out, "begin_version\n3\nend_version\nbegin_metric\n{metric}\nend_metric")?;
    let is_trivial = goal.as_ref().is_none_or(Vec::is_empty);
    writer.variables(is_trivial)?;
    writer.mutexes(mutexes)?;
    writer.state(instance, is_trivial)?;
    writer.goal(goal)?;
    writeln!(writer.out, "{operators}")?;
    for id in (0..task.operators.len() as u32).map(OperatorId) {
        writer.operator(id, factor)?;
    }
    let axioms = writer.axioms()?;
    Ok(Report { auxiliary_variables: writer.lowering.auxiliary().len(), axioms, operators, cost_unit })
}

/// The format's name of an atom that is written `on a b`: `Atom on(a, b)`, or `NegatedAtom on(a, b)`.
fn atom_name(words: &str, is_positive: bool) -> String {
    let sign = if is_positive { "Atom" } else { "NegatedAtom" };
    let (name, arguments) = words.split_once(' ').unwrap_or((words, ""));
    format!("{sign} {name}({})", arguments.replace(' ', ", "))
}

/// The format's name of a fact that is written `on a b`, `not (on a b)` or `none of those`.
pub fn fact_name(words: &str) -> String {
    match words.strip_prefix("not (").and_then(|rest| rest.strip_suffix(')')) {
        Some(atom) => atom_name(atom, false),
        None if words == "none of those" => "<none of those>".to_owned(),
        None => atom_name(words, true),
    }
}

struct Writer<'a> {
    task: &'a Task,
    names: Names<'a>,
    lowering: Lowering<'a>,
    out: &'a mut dyn Write,
}

impl Writer<'_> {
    /// The written cost of one task unit, and the value of a written unit.
    fn cost_factor(&self) -> Result<(i64, f64), SasError> {
        let mut largest = 0;
        for operator in &self.task.operators {
            match operator.cost {
                Cost::Constant(cost) => largest = largest.max(cost),
                Cost::Linear(_) | Cost::Rounded(_) => return Err(SasError::StateDependentCost),
            }
        }
        let unit = self.task.unit;
        // A unit that is too large for every cost except zero is left to the reader.
        let is_integral = unit >= 1.0 && unit <= COST_MAX as f64 && libm::trunc(unit) >= unit;
        let factor = if is_integral { unit as i64 } else { 1 };
        match largest.checked_mul(factor) {
            Some(cost) if cost <= COST_MAX => Ok((factor, unit / factor as f64)),
            _ if largest <= COST_MAX => Ok((1, unit)),
            _ => Err(SasError::CostTooLarge),
        }
    }

    /// Finds the auxiliary variables of all conditions; answers how many operators there are to write.
    fn prepare(&mut self) -> Result<usize, SasError> {
        let mut operators = 0;
        for operator in &self.task.operators {
            if !operator.copies.is_empty() {
                return Err(SasError::Copy);
            }
            if !operator.numeric.is_empty() {
                return Err(SasError::Numeric);
            }
            let applies = self.lowering.conjunction(&operator.precondition)?.is_some();
            let mut has_effect = !operator.facts.is_empty();
            for effect in &operator.conditional {
                has_effect |=
                    self.lowering.conjunction(&effect.condition)?.is_some() && !effect.facts.is_empty();
                if !effect.numeric.is_empty() {
                    return Err(SasError::Numeric);
                }
                if effect.cost != Cost::ZERO {
                    return Err(SasError::StateDependentCost);
                }
            }
            operators += usize::from(applies && has_effect);
        }
        for axiom in self.task.axioms.rules() {
            self.lowering.conjunction(&axiom.body)?;
        }
        Ok(operators)
    }

    /// Adds a variable if the goal is trivial: the format's goals must mention a variable.
    fn variables(&mut self, is_trivial: bool) -> Result<(), SasError> {
        let domains = &self.task.layout.domains;
        let mut layers = vec![-1; domains.len()];
        for axiom in self.task.axioms.rules() {
            layers[axiom.head.0 as usize] = i64::from(axiom.stratum);
        }
        let auxiliary = self.lowering.auxiliary();
        writeln!(self.out, "{}", domains.len() + auxiliary.len() + usize::from(is_trivial))?;
        for (index, (&domain, layer)) in domains.iter().zip(layers).enumerate() {
            writeln!(self.out, "begin_variable\nvar{index}\n{layer}\n{domain}")?;
            for value in 0..domain {
                let fact = Fact { variable: VariableId(index as u32), value };
                writeln!(self.out, "{}", (self.names.fact)(fact))?;
            }
            writeln!(self.out, "end_variable")?;
        }
        let layers = auxiliary.iter().map(|one| i64::from(one.layer)).chain(is_trivial.then_some(-1));
        for (index, layer) in layers.enumerate() {
            let variable = domains.len() + index;
            writeln!(self.out, "begin_variable\nvar{variable}\n{layer}\n2")?;
            writeln!(self.out, "NegatedAtom auxiliary-{index}()\nAtom auxiliary-{index}()\nend_variable")?;
        }
        Ok(())
    }

    fn mutexes(&mut self, mutexes: &[Vec<Fact>]) -> Result<(), SasError> {
        writeln!(self.out, "{}", mutexes.len())?;
        for group in mutexes {
            writeln!(self.out, "begin_mutex_group\n{}", group.len())?;
            for fact in group {
                writeln!(self.out, "{} {}", fact.variable.0, fact.value)?;
            }
            writeln!(self.out, "end_mutex_group")?;
        }
        Ok(())
    }

    fn state(&mut self, instance: &Instance, is_trivial: bool) -> Result<(), SasError> {
        let layout = &self.task.layout;
        writeln!(self.out, "begin_state")?;
        for variable in (0..layout.domains.len() as u32).map(VariableId) {
            let is_derived = layout.is_derived(variable);
            let value = if is_derived { 0 } else { layout.variable(variable).read(&instance.initial) };
            writeln!(self.out, "{value}")?;
        }
        let more = self.lowering.auxiliary().len() + usize::from(is_trivial);
        (0..more).try_for_each(|_| writeln!(self.out, "0"))?;
        Ok(writeln!(self.out, "end_state")?)
    }

    fn goal(&mut self, goal: Lowered) -> Result<(), SasError> {
        let trivial = (self.task.layout.domains.len() + self.lowering.auxiliary().len()) as u32;
        let goal = match goal {
            None => vec![(trivial, 1)],
            Some(goal) if goal.is_empty() => vec![(trivial, 0)],
            Some(goal) => goal,
        };
        writeln!(self.out, "begin_goal")?;
        self.conditions(&goal)?;
        Ok(writeln!(self.out, "end_goal")?)
    }

    /// A count, then a line for each.
    fn conditions(&mut self, conditions: &[Pair]) -> Result<(), SasError> {
        writeln!(self.out, "{}", conditions.len())?;
        for (variable, value) in conditions {
            writeln!(self.out, "{variable} {value}")?;
        }
        Ok(())
    }

    fn operator(&mut self, id: OperatorId, factor: i64) -> Result<(), SasError> {
        let operator = &self.task.operators[id.0 as usize];
        let Some(mut precondition) = self.lowering.conjunction(&operator.precondition)? else {
            return Ok(());
        };
        let effects = self.effects(operator)?;
        if effects.is_empty() {
            return Ok(());
        }
        let is_changed = |&(variable, _): &Pair| effects.iter().any(|effect| effect.1.0 == variable);
        let prevail: Vec<Pair> = precondition.iter().copied().filter(|pair| !is_changed(pair)).collect();
        precondition.retain(is_changed);
        writeln!(self.out, "begin_operator\n{}", (self.names.operator)(id))?;
        self.conditions(&prevail)?;
        writeln!(self.out, "{}", effects.len())?;
        for (condition, (variable, value)) in effects {
            write!(self.out, "{}", condition.len())?;
            for (variable, value) in condition {
                write!(self.out, " {variable} {value}")?;
            }
            // The precondition is written once, with the variable's first effect.
            let required = precondition.iter().position(|pair| pair.0 == variable);
            let required = required.map_or(-1, |index| i64::from(precondition.remove(index).1));
            writeln!(self.out, " {variable} {required} {value}")?;
        }
        let Cost::Constant(cost) = operator.cost else { return Err(SasError::StateDependentCost) };
        Ok(writeln!(self.out, "{}\nend_operator", cost * factor)?)
    }

    /// The effects with their conditions, in the order in which they are applied.
    fn effects(&mut self, operator: &Operator) -> Result<Vec<(Vec<Pair>, Pair)>, SasError> {
        let mut effects = Vec::new();
        let pair = |fact: &Fact| (fact.variable.0, fact.value);
        for is_delete in [true, false] {
            if !is_delete {
                effects.extend(operator.facts.iter().map(|fact| (Vec::new(), pair(fact))));
            }
            for effect in operator.conditional.iter().filter(|effect| effect.is_delete == is_delete) {
                if let Some(condition) = self.lowering.conjunction(&effect.condition)? {
                    effects.extend(effect.facts.iter().map(|fact| (condition.clone(), pair(fact))));
                }
            }
        }
        Ok(effects)
    }

    /// Writes the axioms; answers how many there are.
    fn axioms(&mut self) -> Result<usize, SasError> {
        let mut rules: Vec<(Vec<Pair>, u32)> = Vec::new();
        for axiom in self.task.axioms.rules() {
            let body = self.lowering.conjunction(&axiom.body)?;
            rules.extend(body.map(|body| (body, axiom.head.0)));
        }
        for (head, auxiliary) in (self.task.layout.domains.len() as u32..).zip(self.lowering.auxiliary()) {
            rules.extend(auxiliary.bodies.iter().map(|body| (body.clone(), head)));
        }
        writeln!(self.out, "{}", rules.len())?;
        for (body, head) in &rules {
            writeln!(self.out, "begin_rule")?;
            self.conditions(body)?;
            writeln!(self.out, "{head} 0 1\nend_rule")?;
        }
        Ok(rules.len())
    }
}

#[cfg(test)]
mod tests;
