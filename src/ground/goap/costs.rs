//! The metric of ground actions as integers, at one decimal scale per task.
//!
//! The scale is the coarsest one at which every constant and factor is an integer, at most nine decimals.
//! Then all costs are divided by their greatest common divisor. Risk (a logarithm), factors on floats, and
//! numbers with more decimals are rounded half to even at nine decimals.

use std::sync::Arc;

use super::{Target, relevance::Relevance};
use crate::diagnostic::{Diagnostic, Span};
use crate::ground::decimal::Decimal;
use crate::lang::goap::grounded::GroundAction;
use crate::lang::goap::instance::{InstanceTable, Workspace};
use crate::lang::goap::model::{Action, Kind, Metric, Number};
use crate::lang::goap::{MAX_FINDINGS, Model};
use crate::task::{Cost, Operand, Rounding, SlotId};

/// Finest scale: nine decimals.
const DECIMALS_MAX: u32 = 9;
/// Largest cost of one operator in task units.
const COST_MAX: i128 = 1 << 60;

/// The metric of a ground action, before the scale is known.
#[derive(Clone, Debug)]
struct Draft {
    exact: Option<Exact>,
    /// Why it is rounded, if it is not exact.
    rounding: Rounding,
    base: f64,
    terms: Vec<(SlotId, f64)>,
    span: Span,
}

#[derive(Clone, Debug)]
struct Exact {
    base: Decimal,
    terms: Vec<(SlotId, Decimal)>,
}

/// The costs of the relevant actions.
#[derive(Debug)]
pub(super) struct Costs {
    /// The different costs; a few may be there twice.
    costs: Vec<Cost>,
    /// Indexed by relevant action: the index of its cost.
    of_action: Vec<u32>,
    /// The value of one unit of cost in the document's terms.
    pub(super) unit: f64,
    pub(super) rounding: Rounding,
}

impl Costs {
    /// The cost of a relevant action; `action` counts relevant actions only.
    pub(super) fn of(&self, action: usize) -> Option<&Cost> {
        self.costs.get(*self.of_action.get(action)? as usize)
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.of_action.capacity() * 4 + self.costs.capacity() * size_of::<Cost>()
    }
}

/// Actions that are drafted, or costs that are scaled or divided, per unit of work.
const SCALED_PER_UNIT: usize = 32;

/// Computes the costs of the relevant actions in bounded pieces. It drafts all costs, which determines the
/// scale; then it scales them; then it divides them by their greatest common divisor. Consecutive instances
/// of an action share one cost if the cost reads the same variables.
#[derive(Debug, Default)]
pub(super) struct Costing {
    /// The next action to be drafted.
    next: usize,
    workspace: Workspace,
    /// Indexed by relevant action: the index of its draft.
    of_action: Vec<u32>,
    drafts: Vec<Draft>,
    /// The action of the last draft, and the variables that its cost reads.
    last: Option<(usize, Vec<usize>)>,
    /// Most decimals of a draft so far.
    decimals: u32,
    rounding: Rounding,
    /// The next draft to be scaled.
    scaled: usize,
    costs: Vec<Cost>,
    /// The greatest common divisor of the costs so far; 0 while all of them are 0.
    divisor: i64,
    /// The next cost to be divided.
    divided: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Costing {
    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.of_action.capacity() * 4
            + self.drafts.capacity() * size_of::<Draft>()
            + self.costs.capacity() * size_of::<Cost>()
    }

    /// Drafts the cost of a relevant action, or reuses the last draft.
    fn draft(&mut self, model: &Model, table: &InstanceTable, number: usize, targets: &[Target]) {
        let action = table.source(number).0 as usize;
        let per = &model.actions[action].cost.per;
        let is_known =
            |last: &(usize, Vec<usize>)| last.0 == action && per.iter().all(|one| one.0.is_fixed());
        if !self.last.as_ref().is_some_and(is_known) {
            let instance = table.at(model, number, &mut self.workspace);
            let reads = instance.per.iter().map(|&(variable, _)| variable);
            let is_same =
                |last: &(usize, Vec<usize>)| last.0 == action && last.1.iter().copied().eq(reads.clone());
            if !self.last.as_ref().is_some_and(is_same) {
                let draft = draft(model, instance, targets);
                self.last = Some((action, reads.collect()));
                self.decimals = self.decimals.max(draft.decimals()).min(DECIMALS_MAX);
                self.rounding = self.rounding.max(draft.rounding);
                self.drafts.push(draft);
            }
        }
        self.of_action.push(self.drafts.len() as u32 - 1);
    }

    /// One unit of work, always with the same model, actions and places. Answers the costs at the end.
    ///
    /// # Errors
    /// One diagnostic for each cost that does not fit.
    pub(super) fn unit(
        &mut self,
        model: &Model,
        table: &InstanceTable,
        relevance: &Relevance,
        targets: &[Target],
    ) -> Option<Result<Costs, Vec<Diagnostic>>> {
        if self.next < table.len() {
            let end = (self.next + SCALED_PER_UNIT).min(table.len());
            for number in (self.next..end).filter(|&number| relevance.actions[number]) {
                self.draft(model, table, number, targets);
            }
            self.next = end;
            return None;
        }
        self.scale()
    }

    /// One unit of work after all costs are drafted.
    fn scale(&mut self) -> Option<Result<Costs, Vec<Diagnostic>>> {
        if self.scaled < self.drafts.len() {
            let end = (self.scaled + SCALED_PER_UNIT).min(self.drafts.len());
            for draft in &self.drafts[self.scaled..end] {
                match scaled(draft, self.decimals) {
                    Some(cost) => {
                        self.divisor = common(self.divisor, &cost);
                        self.costs.push(cost);
                    }
                    None => self.diagnostics.push(overflow(draft.span)),
                }
            }
            self.scaled = end;
            self.diagnostics.dedup();
            return None;
        }
        if !self.diagnostics.is_empty() {
            self.diagnostics.truncate(MAX_FINDINGS);
            return Some(Err(std::mem::take(&mut self.diagnostics)));
        }
        let divisor = self.divisor.max(1);
        if divisor > 1 && self.divided < self.costs.len() {
            let end = (self.divided + SCALED_PER_UNIT).min(self.costs.len());
            self.costs[self.divided..end].iter_mut().for_each(|cost| divide(cost, divisor));
            self.divided = end;
            return None;
        }
        let unit = divisor as f64 / 10f64.powi(self.decimals as i32);
        let (costs, of_action) = (std::mem::take(&mut self.costs), std::mem::take(&mut self.of_action));
        Some(Ok(Costs { costs, of_action, unit, rounding: self.rounding }))
    }
}

impl Draft {
    /// The decimals at which it is an integer, or at which it is rounded.
    fn decimals(&self) -> u32 {
        let of = |exact: &Exact| {
            exact.terms.iter().map(|term| term.1.decimals()).fold(exact.base.decimals(), u32::max)
        };
        self.exact.as_ref().map_or(DECIMALS_MAX, of)
    }
}

/// Whether a cost of the document could be too large at the finest scale. O(actions).
pub(super) fn could_be_too_large(model: &Model) -> bool {
    let Metric { cost, duration, risk } = &model.metric;
    let finest = COST_MAX as f64 / 10f64.powi(DECIMALS_MAX as i32);
    model.actions.iter().any(|action| {
        let chance = -libm::log(f64::from(action.confidence) / 100.0);
        let fixed = (cost.value * action.cost.base.value).abs()
            + (duration.value * action.duration.value).abs()
            + (risk.value * chance).abs();
        let factors: f64 = action.cost.per.iter().map(|(_, factor)| (cost.value * factor.value).abs()).sum();
        let sum = fixed + factors;
        sum.is_nan() || sum >= 0.99 * finest
    })
}

fn overflow(span: Span) -> Diagnostic {
    Diagnostic::error("GP301", span, "the metric of this action is too large to add up exactly")
        .with_help("use smaller costs, or fewer decimals: the finest cost of the document decides the scale")
}

fn draft(model: &Model, ground: &GroundAction, targets: &[Target]) -> Draft {
    let action = &model.actions[ground.action];
    let Metric { cost, duration, risk } = &model.metric;
    let chance = -libm::log(f64::from(action.confidence) / 100.0);
    let risked = if action.confidence == 100 { 0.0 } else { risk.value * chance };
    let base = cost.value * action.cost.base.value + duration.value * action.duration.value + risked;
    let slot = |variable: usize| match targets[variable] {
        Target::Slot(slot) => Some(slot),
        _ => None,
    };
    let terms = ground
        .per
        .iter()
        .filter_map(|(variable, factor)| Some((slot(*variable)?, cost.value * factor.value)));
    let is_integer = |variable: usize| matches!(model.variables[variable].kind, Kind::Int(_));
    let is_computed = risked != 0.0 || ground.per.iter().any(|(variable, _)| !is_integer(*variable));
    let exact = if is_computed { None } else { exact(action, cost, duration, &ground.per, slot) };
    let rounding = match (&exact, is_computed) {
        (Some(_), _) => Rounding::Exact,
        (None, true) => Rounding::Computed,
        (None, false) => Rounding::Lossy,
    };
    Draft { exact, rounding, base, terms: terms.collect(), span: action.cost.span }
}

fn exact(
    action: &Action,
    cost: &Number,
    duration: &Number,
    per: &[(usize, Number)],
    slot: impl Fn(usize) -> Option<SlotId>,
) -> Option<Exact> {
    let of = |number: &Number| Decimal::parse(&number.text);
    let (cost_weight, duration_weight) = (of(cost)?, of(duration)?);
    let by_cost = cost_weight.times(of(&action.cost.base)?)?;
    let by_duration = match duration_weight {
        Decimal::ZERO => Decimal::ZERO,
        weight => weight.times(of(&action.duration)?)?,
    };
    let mut terms: Vec<(SlotId, Decimal)> = Vec::with_capacity(per.len());
    for (variable, factor) in per {
        let (slot, factor) = (slot(*variable)?, cost_weight.times(of(factor)?)?);
        match terms.iter_mut().find(|term| term.0 == slot) {
            Some(term) => term.1 = term.1.plus(factor)?,
            None => terms.push((slot, factor)),
        }
    }
    let exact = Exact { base: by_cost.plus(by_duration)?, terms };
    let fits = exact.base.decimals() <= DECIMALS_MAX
        && exact.terms.iter().all(|(_, factor)| factor.decimals() <= DECIMALS_MAX);
    fits.then_some(exact)
}

fn scaled(draft: &Draft, decimals: u32) -> Option<Cost> {
    let fits = |value: i128| (value.abs() <= COST_MAX).then_some(value as i64);
    if let Some(exact) = &draft.exact {
        let base = fits(exact.base.scaled(decimals)?)?;
        let factor = |&(slot, factor): &(SlotId, Decimal)| Some((slot, fits(factor.scaled(decimals)?)?));
        let mut terms = exact.terms.iter().map(factor).collect::<Option<Vec<_>>>()?;
        terms.retain(|&(_, factor)| factor != 0);
        return Some(if terms.is_empty() { Cost::Constant(base) } else { Cost::linear(base, terms) });
    }
    let scale = 10f64.powi(decimals as i32);
    let base = draft.base * scale;
    if base.abs() > COST_MAX as f64 {
        return None;
    }
    if draft.terms.is_empty() {
        return Some(Cost::Constant(libm::rint(base) as i64));
    }
    let scaled = |&(slot, factor): &(SlotId, f64)| (Operand::Slot(slot), factor * scale);
    let terms = draft.terms.iter().map(scaled).collect();
    Some(Cost::rounded(base, terms))
}

/// The greatest common divisor of a number and all parts of a cost; 1 if the cost is not an integer.
fn common(divisor: i64, cost: &Cost) -> i64 {
    match cost {
        Cost::Constant(cost) => gcd(divisor, *cost),
        Cost::Linear(linear) => {
            linear.terms.iter().fold(gcd(divisor, linear.base), |d, &(_, factor)| gcd(d, factor))
        }
        Cost::Rounded(_) => 1,
    }
}

fn divide(cost: &mut Cost, divisor: i64) {
    match cost {
        Cost::Constant(cost) => *cost /= divisor,
        Cost::Linear(linear) => {
            let linear = Arc::make_mut(linear);
            linear.base /= divisor;
            for (_, factor) in &mut linear.terms {
                *factor /= divisor;
            }
        }
        Cost::Rounded(_) => {}
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
