//! Evaluates conditions over domains: whether a condition could be true or false, and what is left of a
//! domain where it holds. Every answer errs on the side of "could be".

use super::super::grounded::{GroundCondition, GroundEffect, Operand};
use super::super::model::{Comparator, EffectKind, Value};
use super::domain::{Bits, Domain, Domains, Shape, clipped, number};

/// A comparison, apart from the condition it stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf<'c> {
    pub variable: usize,
    pub operator: Comparator,
    pub right: &'c Operand,
}

impl<'c> Leaf<'c> {
    /// The comparison that `condition` consists of, also where it is denied or stands alone in a list.
    pub fn of(condition: &'c GroundCondition) -> Option<Self> {
        match condition {
            GroundCondition::Compare { variable, operator, right, .. } => {
                Some(Self { variable: *variable, operator: *operator, right })
            }
            GroundCondition::Not(part) => {
                let leaf = Self::of(part)?;
                Some(Self { operator: negated(leaf.operator), ..leaf })
            }
            GroundCondition::All(parts) | GroundCondition::Any(parts) => match parts.as_slice() {
                [part] => Self::of(part),
                _ => None,
            },
        }
    }
}

impl Leaf<'_> {
    /// The truth of a comparison of a variable with itself, which is the same in every state; `None` for any
    /// other comparison.
    fn with_itself(&self) -> Option<bool> {
        let Operand::Variable(other) = self.right else { return None };
        let is_equal = matches!(self.operator, Comparator::Equal | Comparator::AtMost | Comparator::AtLeast);
        (*other == self.variable).then_some(is_equal)
    }
}

pub(super) fn negated(operator: Comparator) -> Comparator {
    match operator {
        Comparator::Equal => Comparator::NotEqual,
        Comparator::NotEqual => Comparator::Equal,
        Comparator::Less => Comparator::AtLeast,
        Comparator::AtMost => Comparator::Greater,
        Comparator::Greater => Comparator::AtMost,
        Comparator::AtLeast => Comparator::Less,
    }
}

impl Domains {
    /// Whether a state within the domains could give `condition` the truth value `wanted`.
    pub fn could_be(&self, condition: &GroundCondition, wanted: bool) -> bool {
        match (condition, wanted) {
            (GroundCondition::All(parts), true) | (GroundCondition::Any(parts), false) => {
                parts.iter().all(|part| self.could_be(part, wanted))
            }
            (GroundCondition::Any(parts), true) | (GroundCondition::All(parts), false) => {
                parts.iter().any(|part| self.could_be(part, wanted))
            }
            (GroundCondition::Not(part), _) => self.could_be(part, !wanted),
            (GroundCondition::Compare { variable, operator, right, .. }, _) => {
                let operator = if wanted { *operator } else { negated(*operator) };
                !self.narrowed(Leaf { variable: *variable, operator, right }).is_empty()
            }
        }
    }

    /// Whether a value of the left side's domain is left where `leaf` holds.
    pub fn could_hold(&self, leaf: Leaf<'_>) -> bool {
        if let (Domain::Set(bits), Operand::Value(value), Comparator::Equal) =
            (&self.at[leaf.variable], leaf.right, leaf.operator)
        {
            return self.shapes[leaf.variable].index(value).is_some_and(|value| bits.contains(value));
        }
        !self.narrowed(leaf).is_empty()
    }

    /// The values of the left side's domain that are left where `leaf` holds.
    pub fn narrowed(&self, leaf: Leaf<'_>) -> Domain {
        let shape = &self.shapes[leaf.variable];
        if let Some(holds) = leaf.with_itself() {
            let own = &self.at[leaf.variable];
            return if holds { own.clone() } else { own.emptied() };
        }
        match (&self.at[leaf.variable], shape) {
            (Domain::Interval { lo, hi }, Shape::Number { integer, .. }) => {
                let right = match leaf.right {
                    Operand::Value(value) => (number(value), number(value)),
                    Operand::Variable(other) => match &self.at[*other] {
                        Domain::Interval { lo, hi } => (*lo, *hi),
                        Domain::Set(_) => (f64::MIN, f64::MAX),
                    },
                };
                narrow_interval((*lo, *hi), leaf.operator, right, *integer)
            }
            (Domain::Set(bits), _) => Domain::Set(self.narrow_set(bits, shape, leaf)),
            (domain, _) => domain.clone(),
        }
    }

    fn narrow_set(&self, bits: &Bits, shape: &Shape, leaf: Leaf<'_>) -> Bits {
        let mut out = bits.clone();
        let single = match leaf.right {
            Operand::Value(value) => shape.index(value),
            Operand::Variable(other) => {
                let Domain::Set(right) = shape.convert(&self.at[*other], &self.shapes[*other]) else {
                    return out;
                };
                if leaf.operator == Comparator::Equal {
                    out = Bits::empty(shape.size());
                    bits.iter().filter(|&value| right.contains(value)).for_each(|value| out.insert(value));
                    return out;
                }
                // Only a right side with a single possible value rules a value out.
                let Domain::Set(all) = &self.at[*other] else { return out };
                if all.len() != 1 {
                    return out;
                }
                right.iter().next()
            }
        };
        match (leaf.operator, single) {
            (Comparator::Equal, single) => {
                out = Bits::empty(shape.size());
                single.filter(|&value| bits.contains(value)).into_iter().for_each(|value| out.insert(value));
            }
            (Comparator::NotEqual, Some(value)) => out.remove(value),
            _ => {}
        }
        out
    }

    /// The value that an effect gives to a bool or an enum, if there is exactly one.
    fn one_outcome<'e>(&self, effect: &'e GroundEffect) -> Option<&'e Value> {
        match (effect.kind, &effect.value, &self.at[effect.variable]) {
            (EffectKind::Set, Operand::Value(value), Domain::Set(_)) => Some(value),
            _ => None,
        }
    }

    /// Whether an effect may give its variable a value.
    pub fn can_happen(&self, effect: &GroundEffect) -> bool {
        match self.one_outcome(effect) {
            Some(value) => self.shapes[effect.variable].index(value).is_some(),
            None => !self.outcome(effect).is_empty(),
        }
    }

    /// Adds the values that an effect may give its variable; answers whether any of them is new.
    pub fn join_outcome(&self, effect: &GroundEffect, domain: &mut Domain) -> bool {
        let Domain::Set(bits) = &mut *domain else { return domain.join(&self.outcome(effect)) };
        let Some(value) = self.one_outcome(effect) else { return domain.join(&self.outcome(effect)) };
        let Some(index) = self.shapes[effect.variable].index(value) else { return false };
        let is_new = !bits.contains(index);
        bits.insert(index);
        is_new
    }

    /// The values that an effect may give its variable; empty where the effect can never be applied.
    pub fn outcome(&self, effect: &GroundEffect) -> Domain {
        let shape = &self.shapes[effect.variable];
        let right = match &effect.value {
            Operand::Value(value) if effect.kind == EffectKind::Set => return shape.single(value),
            Operand::Value(value) => (number(value), number(value)),
            Operand::Variable(other) => match (&self.at[*other], effect.kind) {
                (domain, EffectKind::Set) => return shape.convert(domain, &self.shapes[*other]),
                (Domain::Interval { lo, hi }, _) => (*lo, *hi),
                (domain @ Domain::Set(_), _) => return domain.clone(),
            },
        };
        let (Domain::Interval { lo, hi }, Shape::Number { lo: low, hi: high, .. }) =
            (&self.at[effect.variable], shape)
        else {
            return self.at[effect.variable].clone();
        };
        match effect.kind {
            EffectKind::Decrease => clipped(lo - right.1, hi - right.0, *low, *high),
            _ => clipped(lo + right.0, hi + right.1, *low, *high),
        }
    }
}

fn narrow_interval(
    (lo, hi): (f64, f64),
    operator: Comparator,
    (low, high): (f64, f64),
    integer: bool,
) -> Domain {
    let step = if integer { 1.0 } else { 0.0 };
    let interval = |lo: f64, hi: f64| Domain::Interval { lo, hi };
    let empty = || interval(1.0, 0.0);
    match operator {
        Comparator::Equal => interval(lo.max(low), hi.min(high)),
        Comparator::AtLeast => interval(lo.max(low), hi),
        Comparator::AtMost => interval(lo, hi.min(high)),
        Comparator::Greater if hi <= low => empty(),
        Comparator::Greater => interval(lo.max(low + step), hi),
        Comparator::Less if lo >= high => empty(),
        Comparator::Less => interval(lo, hi.min(high - step)),
        Comparator::NotEqual if low < high => interval(lo, hi),
        Comparator::NotEqual if lo >= low && hi <= low => empty(),
        Comparator::NotEqual if integer && lo >= low && lo <= low => interval(lo + 1.0, hi),
        Comparator::NotEqual if integer && hi >= low && hi <= low => interval(lo, hi - 1.0),
        Comparator::NotEqual => interval(lo, hi),
    }
}
