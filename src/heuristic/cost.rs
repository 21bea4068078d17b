//! What an operator costs for a heuristic, with lower bounds for costs that depend on the state.

use crate::task::{Cost, Instance, NumericKind, Operand, SlotKind, Task};

/// Least costs are capped here, so that sums of a few do not overflow.
const LEAST_MAX: f64 = (1i64 << 60) as f64;

/// An inclusive interval of a slot's values.
type Range = (f64, f64);

/// What a heuristic estimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The cost to the goal, in task units.
    Cost,
    /// The number of operators to the goal. Greedy search uses it, as LAMA's first iteration does: search
    /// effort follows the number of operators rather than their cost (Thayer & Ruml 2009).
    Steps,
    /// The cost, plus one unit of the document for each operator unless all operators cost the same. LAMA's
    /// later iterations use it.
    PlusOne,
}

impl Measure {
    /// What the measure gives to an operator that costs 1 in the document's terms.
    pub(super) fn one(self, task: &Task) -> i64 {
        match self {
            Self::Steps => 1,
            Self::Cost | Self::PlusOne => (1.0 / task.unit).round().max(1.0) as i64,
        }
    }

    /// What the measure gives to each operator. O(operators).
    pub(super) fn operator_costs(self, task: &Task, instance: &Instance) -> OperatorCosts {
        let is_varying = |&id: &u32| !matches!(task.operators[id as usize].cost, Cost::Constant(_));
        let varying = match self {
            Self::Steps => Vec::new(),
            Self::Cost | Self::PlusOne => (0..task.operators.len() as u32).filter(is_varying).collect(),
        };
        OperatorCosts { least: self.least_costs(task, instance), varying }
    }

    /// Indexed by operator: the least that the measure gives to it.
    pub(super) fn least_costs(self, task: &Task, instance: &Instance) -> Vec<i64> {
        match self {
            Self::Cost => least_costs(task, instance),
            Self::Steps => vec![1; task.operators.len()],
            Self::PlusOne => {
                let costs = least_costs(task, instance);
                if costs.iter().all(|cost| *cost == costs[0]) {
                    return costs;
                }
                let one = self.one(task);
                costs.into_iter().map(|cost| cost.saturating_add(one)).collect()
            }
        }
    }
}

/// What the operators cost by a measure.
#[derive(Debug, Default)]
pub(super) struct OperatorCosts {
    /// Indexed by operator: its least cost.
    pub(super) least: Vec<i64>,
    /// Operators whose cost depends on the state; empty where the measure ignores costs.
    pub(super) varying: Vec<u32>,
}

impl OperatorCosts {
    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.least.capacity() * size_of::<i64>() + self.varying.capacity() * 4
    }
}

/// Indexed by operator: a lower bound on its cost in every state reachable from the initial one, in task
/// units. O(operators).
pub fn least_costs(task: &Task, instance: &Instance) -> Vec<i64> {
    let ranges = reachable_ranges(task, instance);
    task.operators.iter().map(|operator| least_cost(&operator.cost, &ranges)).collect()
}

/// Indexed by slot: an interval that contains its value in every reachable state. An assigned constant
/// extends the interval; a slot that an effect increases or decreases is taken to reach its bound.
fn reachable_ranges(task: &Task, instance: &Instance) -> Vec<Range> {
    let layout = &task.layout;
    if layout.slots.is_empty() {
        return Vec::new();
    }
    let slots = 0..layout.slots.len() as u32;
    let mut ranges: Vec<Range> = slots
        .map(|slot| {
            let value = layout.read(crate::task::SlotId(slot), &instance.initial).as_f64();
            (value, value)
        })
        .collect();
    let under_conditions = |operator: &'_ crate::task::Operator| -> Vec<crate::task::NumericEffect> {
        operator.conditional.iter().flat_map(|effect| effect.numeric.iter().copied()).collect()
    };
    let effects = task
        .operators
        .iter()
        .flat_map(|operator| operator.numeric.iter().copied().chain(under_conditions(operator)));
    for effect in effects {
        let slot = effect.slot.0 as usize;
        let (low, high) = bounds(layout.slots[slot]);
        let range = &mut ranges[slot];
        match (effect.kind, effect.operand) {
            (NumericKind::Assign, Operand::Constant(value)) => {
                *range = (range.0.min(value.as_f64()), range.1.max(value.as_f64()));
            }
            (NumericKind::Assign, _) => *range = (low, high),
            _ => match effect.constant_delta() {
                Some(delta) if delta >= 0.0 => range.1 = high,
                Some(_) => range.0 = low,
                None => *range = (low, high),
            },
        }
    }
    ranges
}

fn bounds(kind: SlotKind) -> Range {
    match kind {
        SlotKind::Int { low, high } => (low as f64, high as f64),
        SlotKind::Float { low, high } => (low, high),
    }
}

fn least_cost(cost: &Cost, ranges: &[Range]) -> i64 {
    let least = |slot: crate::task::SlotId, factor: f64| {
        let (low, high) = ranges[slot.0 as usize];
        (low * factor).min(high * factor)
    };
    let bound = match cost {
        Cost::Constant(cost) => return *cost,
        Cost::Linear(linear) => {
            let varying = linear.terms.iter().map(|&(slot, factor)| least(slot, factor as f64));
            linear.base as f64 + varying.sum::<f64>()
        }
        Cost::Rounded(rounded) => {
            let varying = rounded.terms.iter().map(|&(term, factor)| match term {
                Operand::Constant(value) => value.as_f64() * factor,
                Operand::Slot(slot) => least(slot, factor),
                Operand::Expression(_) => f64::NEG_INFINITY,
            });
            rounded.base + varying.sum::<f64>()
        }
    };
    // Subtracting the slack keeps the bound safe from rounding. NaN (∞ − ∞) is cast to 0.
    let slack = 1e-9 * bound.abs();
    (bound - slack).floor().clamp(0.0, LEAST_MAX) as i64
}

/// The cost of an operator in a state, or `least` if it has none there.
pub(super) fn cost_in(task: &Task, operator: usize, state: &[u64], least: i64) -> i64 {
    task.operators[operator].cost.value(&task.layout, state).unwrap_or(least)
}
