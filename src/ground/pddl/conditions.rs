//! Conditions of the model in negation normal form.

use super::lifted::{Nnf, Number};
use super::miniscope::quantify;
use super::normalise::Normalise;
use super::terms::{Scope, arg, equal, literal, number};
use crate::lang::pddl::model::{Comparator, Condition, ConditionKind};
use crate::task::Comparison;

impl Normalise<'_> {
    pub(super) fn condition(&mut self, condition: &Condition, is_positive: bool, scope: &mut Scope) -> Nnf {
        match &condition.kind {
            ConditionKind::Atom(predicate, terms) => {
                Nnf::Literal(literal(predicate.0, terms, is_positive, scope))
            }
            ConditionKind::Equal(left, right) => equal(arg(*left, scope), arg(*right, scope), is_positive),
            ConditionKind::Compare(comparator, left, right) => {
                let (left, right) = (number(left, scope), number(right, scope));
                self.compare(*comparator, left, right, is_positive)
            }
            ConditionKind::Not(inner) => self.condition(inner, !is_positive, scope),
            ConditionKind::And(parts) | ConditionKind::Or(parts) => {
                let is_and = matches!(condition.kind, ConditionKind::And(_)) == is_positive;
                let parts: Vec<Nnf> =
                    parts.iter().map(|part| self.condition(part, is_positive, scope)).collect();
                if is_and { Nnf::all(parts) } else { Nnf::any(parts) }
            }
            ConditionKind::Imply(parts) => {
                let sides = [
                    self.condition(&parts[0], !is_positive, scope),
                    self.condition(&parts[1], is_positive, scope),
                ];
                if is_positive { Nnf::any(sides) } else { Nnf::all(sides) }
            }
            ConditionKind::Forall(quantified) | ConditionKind::Exists(quantified) => {
                let is_forall = matches!(condition.kind, ConditionKind::Forall(_)) == is_positive;
                let variables = self.variables(&quantified.parameters, quantified.first, scope);
                let body = self.condition(&quantified.body, is_positive, scope);
                scope.slots.truncate(quantified.first as usize);
                quantify(&self.lifted.domains, is_forall, variables, body)
            }
        }
    }

    fn compare(&mut self, comparator: Comparator, left: Number, right: Number, is_positive: bool) -> Nnf {
        let comparison = match comparator {
            Comparator::Equal => Comparison::Equal,
            Comparator::Less => Comparison::Less,
            Comparator::AtMost => Comparison::AtMost,
            Comparator::Greater => Comparison::Greater,
            Comparator::AtLeast => Comparison::AtLeast,
        };
        let comparison = if is_positive { comparison } else { comparison.negated() };
        let mut parts: Vec<Nnf> = Vec::new();
        for side in [&left, &right] {
            side.fluents(&mut |function, _| self.lifted.functions[function as usize].is_read = true);
            parts.extend(self.defined(side).into_iter().map(Nnf::Literal));
        }
        parts.push(Nnf::Test(Box::new((left, comparison, right))));
        Nnf::all(parts)
    }
}
