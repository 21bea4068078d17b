//! Names to indices: templates under a binding become variables and values.

use std::collections::HashMap;

use super::grounded::{GroundCondition, Operand};
use super::model::{Condition, Kind, Model, Parameter, Piece, Template, Term, Value, Variable};

/// Arguments for an action's parameters.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// The action's parameters.
    pub parameters: &'a [Parameter],
    /// For each of them, an index into its values.
    pub arguments: &'a [usize],
}

impl Binding<'_> {
    /// The binding where there are no parameters, as in goals.
    pub const EMPTY: Binding<'static> = Binding { parameters: &[], arguments: &[] };

    /// The value of a parameter and the text that stands for it.
    pub fn argument(&self, parameter: usize) -> Option<&super::model::Argument> {
        self.parameters.get(parameter)?.values.get(*self.arguments.get(parameter)?)
    }

    /// For people: `to = shop, n = 2`; empty without parameters.
    pub fn describe(&self) -> String {
        let pairs = self.parameters.iter().enumerate().filter_map(|(index, parameter)| {
            self.argument(index).map(|argument| format!("{} = {}", parameter.name, argument.text))
        });
        pairs.collect::<Vec<_>>().join(", ")
    }
}

/// Where each variable stands, by name. Asked in O(length of the name).
#[derive(Clone, Debug, Default)]
pub struct Names(HashMap<String, usize>);

impl Names {
    /// The names of `variables`.
    pub fn new(variables: &[Variable]) -> Self {
        Self(variables.iter().enumerate().map(|(index, variable)| (variable.name.clone(), index)).collect())
    }

    /// Lets `name` stand for the variable at `index`.
    pub(super) fn insert(&mut self, name: &str, index: usize) {
        self.0.insert(name.to_owned(), index);
    }

    /// The index of the variable called `name`.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.0.get(name).copied()
    }
}

/// Puts the arguments of `binding` into `template`. `buffer` keeps its allocation between calls.
pub fn substitute<'t>(template: &'t Template, binding: Binding<'_>, buffer: &'t mut String) -> &'t str {
    if let [Piece::Text(text)] = template.pieces.as_slice() {
        return text;
    }
    buffer.clear();
    for piece in &template.pieces {
        match piece {
            Piece::Text(text) => buffer.push_str(text),
            Piece::Parameter(parameter) => {
                buffer.push_str(binding.argument(*parameter).map_or("", |argument| &argument.text));
            }
        }
    }
    buffer
}

/// Resolves names of one model. It does not borrow the model, so that a stepper can hold both. Every `buffer`
/// argument keeps its allocation between calls.
#[derive(Clone, Debug, Default)]
pub struct Resolver {
    names: Names,
    /// For each variable, whether it is a float.
    floats: Vec<bool>,
}

impl Resolver {
    /// A resolver; O(variables).
    pub fn new(model: &Model) -> Self {
        let floats = model.variables.iter().map(|one| matches!(one.kind, Kind::Float(_))).collect();
        Self { names: Names::new(&model.variables), floats }
    }

    /// The variable that `template` names under `binding`. `None` where there is none, which a
    /// checked model excludes for every binding that is not dropped.
    pub fn variable(&self, template: &Template, binding: Binding<'_>, buffer: &mut String) -> Option<usize> {
        self.names.find(substitute(template, binding, buffer))
    }

    /// What `term` stands for beside the variable `left`, converted to its type.
    pub fn operand(
        &self,
        term: &Term,
        left: usize,
        binding: Binding<'_>,
        buffer: &mut String,
    ) -> Option<Operand> {
        Some(match term {
            Term::Literal(value) => Operand::Value(self.converted(value.clone(), left)),
            Term::Parameter(parameter) => {
                Operand::Value(self.converted(binding.argument(*parameter)?.value.clone(), left))
            }
            Term::Symbol(template) => {
                Operand::Value(Value::Symbol(substitute(template, binding, buffer).to_owned()))
            }
            Term::Variable(template) => Operand::Variable(self.variable(template, binding, buffer)?),
        })
    }

    fn converted(&self, value: Value, left: usize) -> Value {
        match value {
            Value::Int(value) if self.floats.get(left) == Some(&true) => Value::Float(value as f64),
            value => value,
        }
    }

    /// `condition` with every name resolved. Recursion is bounded by the nesting of documents.
    pub fn condition(
        &self,
        condition: &Condition,
        binding: Binding<'_>,
        buffer: &mut String,
    ) -> Option<GroundCondition> {
        Some(match condition {
            Condition::All(parts) => GroundCondition::All(self.conditions(parts, binding, buffer)?),
            Condition::Any(parts) => GroundCondition::Any(self.conditions(parts, binding, buffer)?),
            Condition::Not(part) => GroundCondition::Not(Box::new(self.condition(part, binding, buffer)?)),
            Condition::Compare(comparison) => {
                let variable = self.variable(&comparison.variable, binding, buffer)?;
                let right = self.operand(&comparison.right, variable, binding, buffer)?;
                GroundCondition::Compare {
                    variable,
                    operator: comparison.operator,
                    right,
                    span: comparison.span,
                }
            }
        })
    }

    fn conditions(
        &self,
        parts: &[Condition],
        binding: Binding<'_>,
        buffer: &mut String,
    ) -> Option<Vec<GroundCondition>> {
        parts.iter().map(|part| self.condition(part, binding, buffer)).collect()
    }

    /// Changes a condition that was resolved under another binding to this binding. If the answer is `None`,
    /// the condition is changed in part; the next call makes it whole again.
    pub(super) fn rebind_condition(
        &self,
        condition: &Condition,
        binding: Binding<'_>,
        ground: &mut GroundCondition,
        buffer: &mut String,
    ) -> Option<()> {
        match (condition, ground) {
            (Condition::All(parts), GroundCondition::All(ground))
            | (Condition::Any(parts), GroundCondition::Any(ground)) => {
                let mut pairs = parts.iter().zip(ground);
                pairs.try_for_each(|(part, own)| self.rebind_condition(part, binding, own, buffer))
            }
            (Condition::Not(part), GroundCondition::Not(own)) => {
                self.rebind_condition(part, binding, own, buffer)
            }
            (Condition::Compare(comparison), GroundCondition::Compare { variable, right, .. }) => {
                let own = (variable, right);
                self.rebind_pair(&comparison.variable, &comparison.right, binding, own, buffer)
            }
            // It was resolved from another condition.
            _ => None,
        }
    }

    /// Changes a variable and the operand beside it to this binding.
    pub(super) fn rebind_pair(
        &self,
        left: &Template,
        right: &Term,
        binding: Binding<'_>,
        (variable, operand): (&mut usize, &mut Operand),
        buffer: &mut String,
    ) -> Option<()> {
        let is_fixed = left.is_fixed();
        if !is_fixed {
            *variable = self.variable(left, binding, buffer)?;
        }
        match (right, &mut *operand) {
            (Term::Literal(_), _) if is_fixed => {}
            (Term::Symbol(template) | Term::Variable(template), _) if is_fixed && template.is_fixed() => {}
            (Term::Parameter(parameter), Operand::Value(own)) => {
                match (&binding.argument(*parameter)?.value, own) {
                    // Written in place, because a copy would allocate.
                    (Value::Symbol(symbol), Value::Symbol(own)) => own.clone_from(symbol),
                    (value, own) => *own = self.converted(value.clone(), *variable),
                }
            }
            (Term::Symbol(template), Operand::Value(Value::Symbol(own))) => {
                substitute(template, binding, buffer).clone_into(own);
            }
            _ => *operand = self.operand(right, *variable, binding, buffer)?,
        }
        Some(())
    }
}
