//! Which part of a condition keeps it from holding, and for which objects.

use super::formula::{Ask, Slots};
use super::number::{Numbers, Undefined};
use super::scope::Scope;
use super::solve::Solver;
use super::state::State;
use super::text;
use super::{Fault, Reason, Validator};
use crate::lang::pddl::Model;
use crate::lang::pddl::model::{Condition, ConditionKind, Expression, ObjectId, Quantified};
use crate::step::Pace;

/// The fault of reading a fluent without a value, or of dividing by zero.
pub(super) fn undefined(model: &Model, fault: Undefined<'_>, scope: &Scope<'_>) -> Fault {
    let (Undefined::Fluent(part) | Undefined::Result(part)) = fault;
    let mut variables = Vec::new();
    let text = text::expression(model, scope, part, &mut variables);
    let binding = scope.binding(model, variables);
    let reason = match fault {
        Undefined::Fluent(_) => Reason::UndefinedFluent { fluent: text, binding },
        Undefined::Result(_) => Reason::DivisionByZero { expression: text, binding },
    };
    (part.span, reason)
}

impl<'m> Validator<'m> {
    /// Fails where the condition is not true, with the smallest part that keeps it from being true.
    pub(super) async fn demand(
        &self,
        pace: &Pace,
        state: &State,
        condition: &'m Condition,
        scope: &mut Scope<'m>,
    ) -> Result<(), Fault> {
        if self.asks(pace, state, condition, &scope.objects, (true, Ask::Strictly)).await {
            return Ok(());
        }
        Err(self.blame(pace, state, condition, true, scope).await)
    }

    /// The smallest part for which the condition is not as it has to be: true (`holds`) or false.
    pub(super) async fn blame(
        &self,
        pace: &Pace,
        state: &State,
        condition: &'m Condition,
        holds: bool,
        scope: &mut Scope<'m>,
    ) -> Fault {
        let depth = scope.objects.len();
        let (mut condition, mut holds) = (condition, holds);
        let fault = loop {
            match &condition.kind {
                ConditionKind::Compare(_, left, right) => {
                    break self.comparison(state, condition, [left, right], holds, scope);
                }
                ConditionKind::Not(part) => (condition, holds) = (part, !holds),
                ConditionKind::Forall(quantified) | ConditionKind::Exists(quantified) => {
                    let needs_all = matches!(condition.kind, ConditionKind::Forall(_)) == holds;
                    // Where the body has to be as asked for all objects, look for objects for which it may be
                    // otherwise. Where one binding is enough, look for objects for which the body is undefined.
                    let question = if needs_all { !holds } else { holds };
                    let Some(binding) = self.example(pace, state, quantified, question, scope).await else {
                        break self.whole(condition, holds, scope, String::new());
                    };
                    scope.enter(&quantified.parameters, &binding);
                    condition = &quantified.body;
                }
                _ => match self.part(pace, state, condition, holds, scope).await {
                    Some(found) => (condition, holds) = found,
                    None => break self.whole(condition, holds, scope, String::new()),
                },
            }
        };
        scope.leave(depth);
        fault
    }

    /// The part of a connective that is to blame.
    async fn part(
        &self,
        pace: &Pace,
        state: &State,
        condition: &'m Condition,
        holds: bool,
        scope: &Scope<'m>,
    ) -> Option<(&'m Condition, bool)> {
        let parts: Vec<(&'m Condition, bool)> = match &condition.kind {
            ConditionKind::And(parts) | ConditionKind::Or(parts) => {
                parts.iter().map(|part| (part, holds)).collect()
            }
            ConditionKind::Imply(parts) => vec![(&parts[0], !holds), (&parts[1], holds)],
            _ => return None,
        };
        let needs_all = matches!(condition.kind, ConditionKind::And(_)) == holds;
        if !needs_all && parts.len() == 1 {
            return parts.first().copied();
        }
        let ask = if needs_all { Ask::Strictly } else { Ask::Leniently };
        for (part, holds) in parts {
            if self.asks(pace, state, part, &scope.objects, (holds, ask)).await != needs_all {
                return Some((part, holds));
            }
        }
        None
    }

    /// Objects for which the body may be true (`holds`) or false, the first that are found.
    async fn example(
        &self,
        pace: &Pace,
        state: &State,
        quantified: &'m Quantified<Condition>,
        holds: bool,
        scope: &Scope<'m>,
    ) -> Option<Vec<ObjectId>> {
        let bound = scope.objects.len();
        let mut slots = Slots::bound(bound);
        let mut agenda = slots.open(quantified);
        agenda.push(slots.formula(&quantified.body, (holds, Ask::Leniently)));
        let own = bound..bound + quantified.parameters.len();
        let mut example = None;
        let agenda: Vec<_> = agenda.iter().collect();
        let view = self.view(pace, state).await;
        let mut found = |slots: &[u32]| {
            example = Some(slots[own.clone()].iter().map(|&word| ObjectId(word)).collect());
            true
        };
        Solver::new(view, pace, &slots.types, &scope.objects).solve(&agenda, &mut found).await;
        example
    }

    fn comparison(
        &self,
        state: &State,
        condition: &Condition,
        sides: [&Expression; 2],
        holds: bool,
        scope: &Scope<'m>,
    ) -> Fault {
        let numbers = Numbers::of(&state.fluents);
        let object = |term| scope.object(term);
        for side in sides {
            if let Err(fault) = numbers.value(side, &object) {
                return undefined(self.model, fault, scope);
            }
        }
        let mut values = Vec::new();
        for side in sides {
            text::fluents(side, &mut |fluent| {
                let name = text::expression(self.model, scope, fluent, &mut Vec::new());
                let value = numbers.value(fluent, &object).map_or(String::new(), |value| value.to_string());
                let text = format!("{name} = {value}");
                if !values.contains(&text) {
                    values.push(text);
                }
            });
        }
        self.whole(condition, holds, scope, values.join(", "))
    }

    fn whole(&self, condition: &Condition, holds: bool, scope: &Scope<'m>, values: String) -> Fault {
        let mut variables = Vec::new();
        let text = text::condition(self.model, scope, condition, &mut variables);
        let text = text::shortened(if holds { text } else { format!("(not {text})") });
        let binding = scope.binding(self.model, variables);
        (condition.span, Reason::Unsatisfied { condition: text, binding, values })
    }
}
