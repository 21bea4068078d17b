//! Metrics of ground actions as integers at one decimal scale per task.
//!
//! The scale is the coarsest one at which every constant and factor is whole, at most nine
//! decimals; then everything is divided by the greatest common divisor. Risk (a logarithm), factors
//! on floats and longer decimals are rounded half to even at nine decimals.

use super::{Target, relevance::Relevance};
use crate::diagnostic::{Diagnostic, Span};
use crate::ground::decimal::Decimal;
use crate::lang::goap::grounded::GroundAction;
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
    /// Where it is not exact, why.
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

/// What the relevant actions cost.
#[derive(Debug)]
pub(super) struct Costs {
    /// In the order of the actions.
    pub(super) costs: Vec<Cost>,
    /// The value of one unit.
    pub(super) unit: f64,
    pub(super) rounding: Rounding,
}

/// Works out the costs of the relevant actions, in the order of all actions.
#[derive(Debug, Default)]
pub(super) struct Costing {
    next: usize,
    drafts: Vec<Draft>,
}

impl Costing {
    /// Bytes that an action takes here.
    pub(super) const BYTES_EACH: usize = size_of::<Draft>() + size_of::<Cost>();

    /// The action to be drafted next.
    pub(super) fn next(&self) -> usize {
        self.next
    }

    /// Takes the next actions in.
    pub(super) fn draft(
        &mut self,
        model: &Model,
        actions: &[GroundAction],
        relevance: &Relevance,
        targets: &[Target],
    ) {
        let relevant = actions.iter().zip(&relevance.actions[self.next..]).filter(|(_, is)| **is);
        self.drafts.extend(relevant.map(|(action, _)| draft(model, action, targets)));
        self.next += actions.len();
    }

    /// The costs at their common scale. O(actions).
    ///
    /// # Errors
    /// A diagnostic per action whose metric does not fit.
    pub(super) fn finish(self) -> Result<Costs, Vec<Diagnostic>> {
        let Self { drafts, .. } = self;
        let exact_decimals = |draft: &Draft| {
            let exact = draft.exact.as_ref()?;
            let terms = exact.terms.iter().map(|term| term.1.decimals());
            Some(terms.fold(exact.base.decimals(), u32::max))
        };
        let decimals = drafts.iter().map(|draft| exact_decimals(draft).unwrap_or(DECIMALS_MAX)).max();
        let decimals = decimals.unwrap_or(0).min(DECIMALS_MAX);
        let mut costs = Vec::with_capacity(drafts.len());
        let mut diagnostics = Vec::new();
        for draft in &drafts {
            match scaled(draft, decimals) {
                Some(cost) => costs.push(cost),
                None => diagnostics.push(overflow(draft.span)),
            }
        }
        if !diagnostics.is_empty() {
            diagnostics.dedup();
            diagnostics.truncate(MAX_FINDINGS);
            return Err(diagnostics);
        }
        let divisor = divide(&mut costs);
        let rounding = drafts.iter().map(|draft| draft.rounding).max().unwrap_or_default();
        Ok(Costs { costs, unit: divisor as f64 / 10f64.powi(decimals as i32), rounding })
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
        return Some(if terms.is_empty() { Cost::Constant(base) } else { Cost::Linear { base, terms } });
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
    Some(Cost::Rounded { base, terms })
}

/// Divides exact costs by their greatest common divisor, which is answered.
fn divide(costs: &mut [Cost]) -> i64 {
    let mut divisor = 0;
    for cost in costs.iter() {
        match cost {
            Cost::Constant(cost) => divisor = gcd(divisor, *cost),
            Cost::Linear { base, terms } => {
                divisor = terms.iter().fold(gcd(divisor, *base), |d, &(_, factor)| gcd(d, factor));
            }
            Cost::Rounded { .. } => return 1,
        }
    }
    if divisor <= 1 {
        return 1;
    }
    for cost in costs {
        match cost {
            Cost::Constant(cost) => *cost /= divisor,
            Cost::Linear { base, terms } => {
                *base /= divisor;
                for (_, factor) in terms.iter_mut() {
                    *factor /= divisor;
                }
            }
            Cost::Rounded { .. } => {}
        }
    }
    divisor
}

fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
