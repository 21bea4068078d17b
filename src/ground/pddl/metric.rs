//! The costs of operators: by how much they change the metric, as integers at one decimal scale.

use std::collections::BTreeMap;

use super::draft::{Drafts, GroundBlock};
use super::formulas::TRUE;
use super::lifted::{Lifted, Number};
use super::world::World;
use crate::diagnostic::{Diagnostic, Span};
use crate::ground::decimal::Decimal;
use crate::lang::pddl::model::Assignment;
use crate::task::{
    Arithmetic, Cost, NumericEffect, NumericKind, Operand, OutOfMemory, Rounding, SlotId, Value,
};

/// Finest scale: nine decimals.
const DECIMALS_MAX: u32 = 9;
/// Largest cost of one operator in task units.
const COST_MAX: f64 = (1u64 << 60) as f64;
/// The largest relative error of a constant that was added up in floats.
const NOISE: f64 = 1e-14;

/// The fluents of the metric that the effects of one operator have changed so far.
#[derive(Debug, Default)]
pub(super) struct Running {
    /// Fluents that unconditional effects have changed, with their new values.
    values: Vec<(u32, Operand)>,
    /// Fluents that conditional effects have changed.
    conditional: Vec<u32>,
    /// Whether a fluent is changed more than once, and one of the changes is conditional.
    pub(super) is_mixed: bool,
}

/// A linear metric over fluents.
#[derive(Debug, Default)]
pub(super) struct Metric {
    /// Each step costs 1.
    pub(super) counts_steps: bool,
    /// The factor of each fluent that the metric reads.
    factors: BTreeMap<u32, f64>,
    /// Indexed by function: whether only the metric reads it and actions only add to it. Then it needs no
    /// slot.
    is_hidden: Vec<bool>,
}

impl Metric {
    /// The metric of a model.
    ///
    /// # Errors
    /// A diagnostic where it is not linear in what actions change.
    pub(super) fn new(world: &mut World) -> Result<Result<Self, Diagnostic>, OutOfMemory> {
        let Some((number, span)) = world.lifted.metric.clone() else {
            let is_hidden = vec![false; world.lifted.functions.len()];
            return Ok(Ok(Self { counts_steps: true, is_hidden, ..Self::default() }));
        };
        let Some((_, terms)) = linear(world, &number)? else {
            let message = "the metric is not a weighted sum of fluents";
            let help = "minimize a sum of fluents, each times a number";
            return Ok(Err(Diagnostic::error("PD404", span, message).with_help(help)));
        };
        let is_hidden = world.lifted.functions.iter().map(|one| !one.is_read && !one.is_set).collect();
        let mut factors = BTreeMap::new();
        for (fluent, factor) in terms {
            *factors.entry(fluent).or_insert(0.0) += factor;
        }
        Ok(Ok(Self { counts_steps: false, factors, is_hidden }))
    }

    /// Whether a function has no slot because only the metric reads it.
    pub(super) fn hides(&self, function: u32) -> bool {
        self.is_hidden[function as usize]
    }

    /// Adds to the block's cost by how much an effect changes the metric. A later effect on a fluent changes
    /// the value that the earlier ones left. That matters only if some effect `sets` the function: then
    /// unconditional effects wait in `running` until [`Metric::settle`].
    pub(super) fn charge(
        &self,
        drafts: &mut Drafts,
        effect: NumericEffect,
        sets: bool,
        block: &mut GroundBlock,
        running: &mut Running,
    ) -> Result<(), OutOfMemory> {
        let fluent = effect.slot.0;
        let Some(&factor) = self.factors.get(&fluent) else { return Ok(()) };
        let own = Operand::Slot(effect.slot);
        if !sets {
            let sign = if effect.kind == NumericKind::Decrease { -factor } else { factor };
            block.charge(effect.operand, sign);
            return Ok(());
        }
        let known = running.values.iter().position(|&(other, _)| other == fluent);
        if block.condition == TRUE {
            running.is_mixed |= running.conditional.contains(&fluent);
            let before = known.map_or(own, |at| running.values[at].1);
            let after = after(drafts, effect.kind, before, effect.operand)?;
            match known {
                Some(at) => running.values[at].1 = after,
                None => running.values.push((fluent, after)),
            }
        } else {
            running.is_mixed |= known.is_some() || running.conditional.contains(&fluent);
            running.conditional.push(fluent);
            block.charge(after(drafts, effect.kind, own, effect.operand)?, factor);
            block.charge(own, -factor);
        }
        Ok(())
    }

    /// Adds what the effects in `running` change of the metric.
    pub(super) fn settle(&self, running: &mut Running, block: &mut GroundBlock) {
        for (fluent, value) in running.values.drain(..) {
            let factor = self.factors.get(&fluent).copied().unwrap_or_default();
            block.charge(value, factor);
            block.charge(Operand::Slot(SlotId(fluent)), -factor);
        }
        running.conditional.clear();
    }
}

/// The diagnostic for an action of this schema that changes a fluent of the metric several times, some of
/// them under conditions.
pub(super) fn mixed(lifted: &Lifted, schema: usize) -> Diagnostic {
    let mut changes = lifted.schemas[schema].blocks.iter().flat_map(|block| &block.changes);
    let found = changes.rfind(|change| is_read(lifted, change.function));
    let span = found.map_or_else(Span::default, |change| change.span);
    let message = "a metric over a fluent that one action changes several times is not supported";
    Diagnostic::error("PD404", span, message)
        .with_help("change the fluent once, or by increases and decreases alone")
}

/// What keeps an operator of this schema from having a cost below zero.
fn negative(lifted: &Lifted, schema: usize) -> Diagnostic {
    let changes = lifted.schemas[schema].blocks.iter().flat_map(|block| &block.changes);
    let mut changes = changes.filter(|change| is_read(lifted, change.function));
    let decreases = |change: &&super::lifted::Change| change.assignment != Assignment::Increase;
    let found = changes.clone().find(decreases).or_else(|| changes.next());
    let span = found.map_or_else(Span::default, |change| change.span);
    let is_total_cost = found.is_some_and(|change| Some(change.function) == lifted.total_cost);
    if is_total_cost {
        return Diagnostic::error("PD310", span, "an action would decrease the total cost")
            .with_help("increase `total-cost` by numbers that are not negative");
    }
    Diagnostic::error("PD405", span, "a metric that an action can decrease is not supported")
        .with_help("minimize something that no action decreases")
}

/// Whether the metric reads a function.
fn is_read(lifted: &Lifted, function: u32) -> bool {
    fn reads(number: &Number, wanted: u32) -> bool {
        let mut does = false;
        number.fluents(&mut |function, _| does |= function == wanted);
        does
    }
    lifted.metric.as_ref().is_some_and(|(number, _)| reads(number, function))
}

/// The value of a fluent after an effect.
fn after(
    drafts: &mut Drafts,
    kind: NumericKind,
    before: Operand,
    operand: Operand,
) -> Result<Operand, OutOfMemory> {
    let operator = match kind {
        NumericKind::Assign => return Ok(operand),
        NumericKind::Increase => Arithmetic::Add,
        NumericKind::Decrease => Arithmetic::Subtract,
        NumericKind::ScaleUp => Arithmetic::Multiply,
        NumericKind::ScaleDown => Arithmetic::Divide,
    };
    drafts.expression(operator, before, operand)
}

impl GroundBlock {
    /// Adds `factor` times an operand to the cost.
    fn charge(&mut self, operand: Operand, factor: f64) {
        match operand {
            Operand::Constant(value) => self.cost += factor * value.as_f64(),
            other => self.cost_terms.push((other, factor)),
        }
    }
}

/// What is wrong with an operator that costs less than nothing whatever the state. Costs that depend on it are
/// looked at where they arise. O(different costs), and O(drafts) where one of these is negative.
pub(super) fn negative_cost(world: &World, drafts: &Drafts) -> Option<Diagnostic> {
    if drafts.costs.iter().all(|&cost| cost >= 0.0) {
        return None;
    }
    let is_negative = |id: usize| {
        let draft = drafts.operator(id);
        let cost = drafts.costs[draft.cost as usize];
        let Some(extra) = drafts.extra(draft) else { return cost < 0.0 };
        let is_constant =
            extra.cost_terms.is_empty() && extra.blocks.iter().all(|block| block.cost_terms.is_empty());
        let most = || cost + extra.blocks.iter().map(|block| block.cost.max(0.0)).sum::<f64>();
        is_constant && most() < 0.0
    };
    let id = (0..drafts.len()).find(|&id| is_negative(id))?;
    Some(negative(&world.lifted, drafts.operator(id).schema as usize))
}

/// A number as a constant and factors of fluents that actions change.
fn linear(world: &mut World, number: &Number) -> Result<Option<Terms>, OutOfMemory> {
    if world.lifted.is_static_number(number) {
        return Ok(Some((world.static_value(number, &[]), Vec::new())));
    }
    match number {
        Number::Constant(value) => Ok(Some((*value, Vec::new()))),
        Number::Fluent(function, arguments) => {
            let arguments: Vec<u32> = arguments.iter().map(|one| one.value(&[])).collect();
            Ok(Some((0.0, vec![(world.fluent(*function, &arguments)?, 1.0)])))
        }
        Number::Binary(operator, sides) => {
            let (Some(left), Some(right)) = (linear(world, &sides[0])?, linear(world, &sides[1])?) else {
                return Ok(None);
            };
            Ok(combine(*operator, left, right))
        }
    }
}

/// A constant, and fluents with their factors.
type Terms = (f64, Vec<(u32, f64)>);

fn combine(operator: Arithmetic, left: Terms, right: Terms) -> Option<Terms> {
    let scale = |(constant, terms): Terms, by: f64| {
        (constant * by, terms.into_iter().map(|(fluent, factor)| (fluent, factor * by)).collect::<Vec<_>>())
    };
    match operator {
        Arithmetic::Add | Arithmetic::Subtract => {
            let (constant, terms) = scale(right, if operator == Arithmetic::Add { 1.0 } else { -1.0 });
            Some((left.0 + constant, left.1.into_iter().chain(terms).collect()))
        }
        Arithmetic::Multiply if left.1.is_empty() => Some(scale(right, left.0)),
        Arithmetic::Multiply if right.1.is_empty() => Some(scale(left, right.0)),
        Arithmetic::Divide if right.1.is_empty() && right.0 != 0.0 => Some(scale(left, 1.0 / right.0)),
        Arithmetic::Multiply | Arithmetic::Divide => None,
    }
}

/// The scale of a task's costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// Units of the metric's 1.
    per_one: f64,
    divisor: f64,
    has_terms: bool,
    rounding: Rounding,
}

impl Scale {
    /// The coarsest scale at which all constants are whole; nine decimals where some are not, or where some
    /// cost depends on the state in a way that is not known to be whole.
    pub(super) fn new(constants: &[f64], has_terms: bool) -> Self {
        let decimals = constants.iter().map(|&one| decimals(one)).max().unwrap_or(0);
        let decimals = if has_terms { DECIMALS_MAX } else { decimals };
        let per_one = 10f64.powi(decimals as i32);
        let whole = |&one: &f64| libm::rint(one * per_one).abs();
        let divisor = if has_terms { 1.0 } else { constants.iter().map(whole).fold(0.0, gcd).max(1.0) };
        let is_whole =
            |&one: &f64| (one * per_one - whole(&one).copysign(one)).abs() <= NOISE * (one * per_one).abs();
        let rounding = match (constants.iter().all(is_whole), has_terms) {
            (false, _) => Rounding::Lossy,
            (true, true) => Rounding::Computed,
            (true, false) => Rounding::Exact,
        };
        Self { per_one, divisor, has_terms, rounding }
    }

    /// What scaling did to the costs.
    pub(super) fn rounding(self) -> Rounding {
        self.rounding
    }

    /// The value of one unit.
    pub(super) fn unit(self) -> f64 {
        self.divisor / self.per_one
    }

    /// A cost in units; `None` where it is too large.
    pub(super) fn cost(self, constant: f64, terms: &[(Operand, f64)]) -> Option<Cost> {
        let scaled = libm::rint(constant * self.per_one) / self.divisor;
        if !scaled.is_finite() || scaled.abs() > COST_MAX {
            return None;
        }
        if terms.is_empty() {
            return Some(Cost::Constant(scaled as i64));
        }
        debug_assert!(self.has_terms);
        let terms = terms.iter().map(|&(operand, factor)| (operand, factor * self.per_one)).collect();
        Some(Cost::rounded(constant * self.per_one, terms))
    }
}

fn decimals(value: f64) -> u32 {
    let exact = Decimal::parse(&format!("{value}")).map(Decimal::decimals);
    exact.unwrap_or(DECIMALS_MAX).min(DECIMALS_MAX)
}

fn gcd(a: f64, b: f64) -> f64 {
    let (mut a, mut b) = (a, b);
    while b != 0.0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A float as an operand.
pub(super) fn constant(value: f64) -> Operand {
    Operand::Constant(Value::Float(value))
}
