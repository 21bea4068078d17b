//! The compilation, cut into steps.

use std::sync::Arc;

use super::condition::Translator;
use super::costs::costs;
use super::relevance::{Relevance, relevance};
use super::{GoapTask, Target, ground_goals};
use crate::diagnostic::Diagnostic;
use crate::lang::goap::Model;
use crate::lang::goap::instance::{GroundAction, GroundCondition, Instances};
use crate::lang::goap::model::{INT_MAX, Kind};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{
    Conjunction, Cost, Layout, MutexGroups, Operator, Placement, SlotId, SlotKind, Task, VariableId,
};

/// Ground actions handled per unit of work.
const ACTIONS_PER_UNIT: usize = 8;

/// Compiles a model; the output is an error where costs do not fit (`GP301`).
pub struct Compile<'m> {
    model: &'m Model,
    instances: Instances<'m>,
    actions: Vec<GroundAction>,
    goals: Vec<GroundCondition>,
    plan: Option<Plan>,
    operators: Vec<Operator>,
    sources: Vec<(u32, Vec<usize>)>,
    next: usize,
}

/// What is known once all actions are there.
struct Plan {
    relevance: Relevance,
    targets: Vec<Target>,
    layout: Layout,
    costs: std::vec::IntoIter<Cost>,
    unit: f64,
}

impl<'m> Compile<'m> {
    /// A compilation that has not begun.
    pub fn new(model: &'m Model) -> Self {
        Self {
            model,
            instances: Instances::new(model),
            actions: Vec::new(),
            goals: ground_goals(model),
            plan: None,
            operators: Vec::new(),
            sources: Vec::new(),
            next: 0,
        }
    }

    fn prepare(&mut self) -> Result<Plan, Vec<Diagnostic>> {
        let relevance = relevance(self.model, &self.actions, &self.goals);
        let (targets, layout) = place(self.model, &self.actions, &relevance);
        let (costs, unit) = costs(self.model, &self.actions, &relevance, &targets)?;
        Ok(Plan { relevance, targets, layout, costs: costs.into_iter(), unit })
    }

    /// Translates the next ground action.
    fn translate(&mut self) {
        let Some(plan) = &mut self.plan else { return };
        let action = &self.actions[self.next];
        let is_relevant = plan.relevance.actions[self.next];
        self.next += 1;
        let Some(cost) = is_relevant.then(|| plan.costs.next()).flatten() else { return };
        let translator = Translator { model: self.model, targets: &plan.targets };
        let precondition = Conjunction::new(translator.formula(&action.precondition, false));
        let Some(effects) = translator.effects(&action.effects) else { return };
        if precondition.is_false {
            return;
        }
        let source = self.sources.len() as u32;
        self.sources.push((action.action as u32, action.arguments.clone()));
        let (facts, copies, numeric) = (effects.facts, effects.copies, effects.numeric);
        let conditional = Vec::new();
        self.operators.push(Operator { precondition, facts, conditional, copies, numeric, cost, source });
    }

    fn finish(&mut self, plan: Plan) -> GoapTask {
        let translator = Translator { model: self.model, targets: &plan.targets };
        let goals = self.goals.iter().map(|goal| Conjunction::new(translator.formula(goal, false)));
        let goals = goals.collect();
        let operators = std::mem::take(&mut self.operators);
        let has_uniform_cost = operators.windows(2).all(|pair| pair[0].cost == pair[1].cost)
            && operators.first().is_none_or(|operator| matches!(operator.cost, Cost::Constant(_)));
        let families = families(&plan.layout);
        let irrelevant_actions = self.actions.len() - operators.len();
        let task = Task::new(plan.layout, operators, plan.unit).with_facts(families, MutexGroups::default());
        GoapTask {
            irrelevant_actions,
            task: Arc::new(task),
            targets: plan.targets,
            sources: std::mem::take(&mut self.sources),
            goals,
            ground_goals: std::mem::take(&mut self.goals),
            has_uniform_cost,
        }
    }
}

impl Stepper for Compile<'_> {
    type Output = Result<GoapTask, Vec<Diagnostic>>;

    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output> {
        while self.plan.is_none() {
            if budget.is_spent() {
                return Progress::Pending;
            }
            budget.spend(1);
            let before = self.actions.len();
            self.actions.extend(self.instances.by_ref().take(ACTIONS_PER_UNIT));
            if self.actions.len() == before {
                match self.prepare() {
                    Ok(plan) => self.plan = Some(plan),
                    Err(diagnostics) => return Progress::Done(Err(diagnostics)),
                }
            }
        }
        while self.next < self.actions.len() {
            if budget.is_spent() {
                return Progress::Pending;
            }
            budget.spend(1);
            for _ in 0..ACTIONS_PER_UNIT.min(self.actions.len() - self.next) {
                self.translate();
            }
        }
        match self.plan.take() {
            Some(plan) => Progress::Done(Ok(self.finish(plan))),
            None => Progress::Pending,
        }
    }

    fn memory_bytes(&self) -> u64 {
        (self.actions.len() * 512 + self.operators.len() * 512) as u64
    }
}

/// Per fact its variable.
fn families(layout: &Layout) -> Vec<u32> {
    let of_variable = |(variable, &domain): (u32, &u32)| std::iter::repeat_n(variable, domain as usize);
    (0..).zip(&layout.domains).flat_map(of_variable).collect()
}

/// Gives each relevant variable its place; those that no relevant action writes are static.
pub(super) fn place(model: &Model, actions: &[GroundAction], relevance: &Relevance) -> (Vec<Target>, Layout) {
    let mut is_written = vec![false; model.variables.len()];
    for (action, _) in actions.iter().zip(&relevance.actions).filter(|(_, is_relevant)| **is_relevant) {
        for effect in &action.effects {
            is_written[effect.variable] = true;
        }
    }
    let (mut variables, mut slots) = (Vec::new(), Vec::new());
    let mut targets = Vec::with_capacity(model.variables.len());
    for (index, variable) in model.variables.iter().enumerate() {
        let placement = if is_written[index] { Placement::Dynamic } else { Placement::Static };
        let mut finite = |domain: usize| {
            variables.push((domain as u32, placement));
            Target::Variable(VariableId(variables.len() as u32 - 1))
        };
        let mut slot = |kind: SlotKind| {
            slots.push((kind, placement));
            Target::Slot(SlotId(slots.len() as u32 - 1))
        };
        targets.push(match &variable.kind {
            _ if !relevance.variables[index] => Target::LeftOut,
            Kind::Bool => finite(2),
            Kind::Enum(symbols) => finite(symbols.len()),
            Kind::Int(range) => {
                let (low, high) = range.unwrap_or((-INT_MAX, INT_MAX));
                slot(SlotKind::Int { low, high })
            }
            Kind::Float(range) => {
                let (low, high) = range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
                slot(SlotKind::Float { low, high })
            }
        });
    }
    (targets, Layout::new(&variables, &slots))
}
