//! The lowest value that the metric of an instance can have in a reachable state, for the warning that it can turn
//! negative.

use std::collections::BTreeMap;

use super::super::grounded::{GroundAction, GroundEffect, Operand};
use super::super::instance::Workspace;
use super::super::model::{EffectKind, Model};
use super::Reached;
use super::domain::{Domain, Shape, clipped, number};
use super::evaluate::Leaf;
use super::fixpoint::{Parts, flatten};

/// Numbers from the first to the second.
type Interval = (f64, f64);

/// The lowest metric of an instance, and the variable that brings it there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lowest {
    /// The metric.
    pub total: f64,
    /// The sum of the absolute values of its parts, for what rounding may make of it.
    pub magnitude: f64,
    /// The variable whose part is the lowest (index), and the value that it then has.
    pub worst: Option<(usize, f64)>,
}

impl Reached {
    /// The lowest metric of `instance` over the states in which it could apply. `extents` caches the extents of
    /// variables between calls.
    pub fn lowest_metric(
        &self,
        model: &Model,
        instance: &GroundAction,
        extents: &mut BTreeMap<usize, Interval>,
    ) -> Lowest {
        let fixed = model.metric.fixed(&model.actions[instance.action]);
        let mut factors: BTreeMap<usize, f64> = BTreeMap::new();
        for (variable, factor) in &instance.per {
            *factors.entry(*variable).or_default() += model.metric.cost.value * factor.value;
        }
        let mut lowest = Lowest { total: fixed, magnitude: fixed.abs(), worst: None };
        let mut least = 0.0;
        for (variable, weight) in factors {
            let extent = *extents.entry(variable).or_insert_with(|| self.tight_extent(variable));
            let (lo, hi) = self.within(instance, variable, extent);
            let value = if weight < 0.0 { hi } else { lo };
            let part = weight * value;
            lowest.total += part;
            lowest.magnitude += part.abs();
            if part < least {
                (least, lowest.worst) = (part, Some((variable, value)));
            }
        }
        lowest
    }

    /// The part of `extent` that is left for the variable where the conditions of `instance` hold.
    fn within(&self, instance: &GroundAction, variable: usize, (lo, hi): Interval) -> Interval {
        let mut parts = Parts::new();
        flatten(&instance.precondition, &mut parts);
        let leaves = parts.into_iter().filter_map(Leaf::of).filter(|leaf| leaf.variable == variable);
        leaves.fold((lo, hi), |(lo, hi), leaf| match self.domains.narrowed(leaf) {
            Domain::Interval { lo: low, hi: high } => (lo.max(low), hi.min(high)),
            Domain::Set(_) => (lo, hi),
        })
    }

    /// The numbers that the variable may reach, more closely than [`Reached::extent`]: where the fixpoint widened
    /// an interval to its bounds, only the numbers that applicable instances can write are kept.
    fn tight_extent(&self, variable: usize) -> Interval {
        let Some(wide) = self.extent(variable) else { return (0.0, 0.0) };
        let writers = self.writers_of(variable).iter().map(|&at| at as usize);
        let applied = writers.filter(|&at| self.applied[at].is_some());
        let mut workspace = Workspace::default();
        applied.fold(self.initial[variable], |(lo, hi), at| {
            let instance = self.look_at(at, &mut workspace);
            let before = self.within(instance, variable, wide);
            let effects = instance.effects.iter().filter(|effect| effect.variable == variable);
            effects.fold((lo, hi), |(lo, hi), effect| {
                let (low, high) = self.after(effect, before);
                if low > high { (lo, hi) } else { (lo.min(low), hi.max(high)) }
            })
        })
    }

    /// The numbers that an effect can give its variable from a number in `before`.
    fn after(&self, effect: &GroundEffect, before: Interval) -> Interval {
        let right = match &effect.value {
            Operand::Value(value) => (number(value), number(value)),
            Operand::Variable(other) => self.extent(*other).unwrap_or((f64::MIN, f64::MAX)),
        };
        let (low, high) = match effect.kind {
            EffectKind::Set => right,
            EffectKind::Increase => (before.0 + right.0, before.1 + right.1),
            EffectKind::Decrease => (before.0 - right.1, before.1 - right.0),
        };
        let Shape::Number { lo, hi, .. } = self.domains.shapes[effect.variable] else { return before };
        match clipped(low, high, lo, hi) {
            Domain::Interval { lo, hi } => (lo, hi),
            Domain::Set(_) => before,
        }
    }
}
