//! What can be done in a state, and conditions in words.

use crate::diagnostic::Span;
use crate::lang::goap::model::{Argument, Comparator, Condition, Term};
use crate::lang::plan::Step;

use super::evaluate::{Applied, Bound, fill};
use super::{State, Validator};

/// Bindings tried at most for one question, so that it is answered within a frame or two.
const MAX_TRIED: usize = 20_000;

/// The steps that can be taken in a state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applicable {
    /// Each with what it does: actions in file order, first parameter slowest.
    pub steps: Vec<(Step, Applied)>,
    /// Whether these are all.
    pub complete: bool,
}

impl Validator<'_> {
    /// The first `limit` steps that can be taken in `state`.
    pub fn enumerate_applicable(&self, state: &State, limit: usize) -> Applicable {
        let mut found = Applicable::default();
        let mut tried = 0;
        for action in &self.model.actions {
            let mut counter = vec![0usize; action.parameters.len()];
            let mut over = action.parameters.iter().any(|parameter| parameter.values.is_empty());
            while !over {
                if tried == MAX_TRIED || found.steps.len() == limit {
                    return found;
                }
                tried += 1;
                let pairs = action.parameters.iter().zip(&counter);
                let arguments: Vec<&Argument> = pairs.map(|(parameter, &at)| &parameter.values[at]).collect();
                let values = arguments.iter().map(|argument| argument.value.clone()).collect();
                if let Ok(applied) = self.apply_bound(state, &Bound { action, arguments }) {
                    found.steps.push((Step { action: action.name.clone(), arguments: values }, applied));
                }
                over = !count_up(&mut counter, |digit| action.parameters[digit].values.len());
            }
        }
        found.complete = true;
        found
    }
}

/// `condition` with its arguments in place; collects the variables it names and the place it has
/// in the source.
pub(super) fn describe(
    condition: &Condition,
    arguments: &[&Argument],
    names: &mut Vec<String>,
    span: &mut Option<Span>,
) -> String {
    let mut list = |parts: &[Condition]| {
        let parts: Vec<_> = parts.iter().map(|part| describe(part, arguments, names, span)).collect();
        parts.join(", ")
    };
    match condition {
        Condition::All(parts) => format!("all({})", list(parts)),
        Condition::Any(parts) => format!("any({})", list(parts)),
        Condition::Not(part) => format!("not({})", list(std::slice::from_ref(part))),
        Condition::Compare(comparison) => {
            *span = Some(span.map_or(comparison.span, |span| span.to(comparison.span)));
            let left = fill(&comparison.variable, arguments);
            let right = match &comparison.right {
                Term::Literal(value) => value.to_string(),
                Term::Parameter(parameter) => {
                    arguments.get(*parameter).map_or(String::new(), |one| one.value.to_string())
                }
                Term::Symbol(template) | Term::Variable(template) => fill(template, arguments),
            };
            let text = format!("{left} {} {right}", symbol(comparison.operator));
            let other = matches!(comparison.right, Term::Variable(_)).then_some(right);
            for name in std::iter::once(left).chain(other) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            text
        }
    }
}

/// Turns the last digit first; whether there was a next number.
fn count_up(counter: &mut [usize], size: impl Fn(usize) -> usize) -> bool {
    for digit in (0..counter.len()).rev() {
        counter[digit] += 1;
        if counter[digit] < size(digit) {
            return true;
        }
        counter[digit] = 0;
    }
    false
}

fn symbol(operator: Comparator) -> &'static str {
    match operator {
        Comparator::Equal => "=",
        Comparator::NotEqual => "≠",
        Comparator::Less => "<",
        Comparator::AtMost => "≤",
        Comparator::Greater => ">",
        Comparator::AtLeast => "≥",
    }
}
