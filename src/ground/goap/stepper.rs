//! The compilation, cut into steps that count what they take before they take it.

use std::sync::Arc;

use super::classes::{Classes, classes};
use super::condition::Translator;
use super::costs::{Costing, Costs};
use super::relevance::{Relevance, relevance};
use super::{Failure, GoapTask, Target, ground_goals};
use crate::lang::goap::Model;
use crate::lang::goap::grounded::{GroundAction, GroundCondition};
use crate::lang::goap::instance::Instances;
use crate::lang::goap::model::{INT_MAX, Kind};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{
    Axioms, Conjunction, Cost, Layout, MutexGroups, Operator, Placement, Rounding, SlotId, SlotKind,
    SuccessorBuilder, Task, VariableId,
};

/// Ground actions handled per unit of work, and such as are only looked at.
const ACTIONS_PER_UNIT: usize = 8;
const LOOKED_AT_PER_UNIT: usize = 16;

/// Compiles a model; the output is an error where costs do not fit (`GP301`).
pub struct Compile<'m> {
    model: &'m Model,
    limit: u64,
    bytes: usize,
    instances: Instances<'m>,
    actions: Vec<GroundAction>,
    goals: Vec<GroundCondition>,
    stage: Stage,
    operators: Vec<Operator>,
    sources: Vec<(u32, Vec<usize>)>,
}

/// What is to be done next.
enum Stage {
    /// More ground actions.
    Instantiate,
    /// What any goal can need.
    Relevance,
    /// Where everything lies.
    Place(Relevance),
    /// What actions cost.
    Cost(Box<Placed>, Costing),
    /// Actions to operators.
    Translate(Box<Placed>, Translation),
    /// The successor generator.
    Index(Box<Placed>, Priced, Box<SuccessorBuilder>),
    Over,
}

/// What is known once all actions are there.
struct Placed {
    relevance: Relevance,
    targets: Vec<Target>,
    classes: Vec<Classes>,
    layout: Layout,
    /// Ground actions, also those that are gone.
    actions: usize,
}

/// What costs are once they are known.
type Priced = (f64, Rounding);

/// Actions that are still to be translated, with the costs of the relevant ones.
struct Translation {
    actions: std::iter::Enumerate<std::vec::IntoIter<GroundAction>>,
    costs: std::vec::IntoIter<Cost>,
    priced: Priced,
}

impl<'m> Compile<'m> {
    /// A compilation that has not begun, without a limit.
    pub fn new(model: &'m Model) -> Self {
        Self {
            model,
            limit: u64::MAX,
            bytes: 0,
            instances: Instances::new(model),
            actions: Vec::new(),
            goals: ground_goals(model),
            stage: Stage::Instantiate,
            operators: Vec::new(),
            sources: Vec::new(),
        }
    }

    /// The same within so many bytes.
    #[must_use]
    pub fn within(self, limit: u64) -> Self {
        Self { limit, ..self }
    }

    /// Takes a piece of work on; the task after the last.
    fn advance(&mut self, budget: &mut Budget) -> Result<Option<GoapTask>, Failure> {
        // The builder of the successor generator pays for itself.
        if !matches!(self.stage, Stage::Index(..)) {
            budget.spend(1);
        }
        let look = self.actions.len() / LOOKED_AT_PER_UNIT;
        self.stage = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Instantiate => self.instantiate(),
            Stage::Relevance => {
                budget.spend(look as u64);
                Stage::Place(relevance(self.model, &self.actions, &self.goals))
            }
            Stage::Place(relevance) => {
                budget.spend(look as u64);
                let placed = Box::new(self.place(relevance));
                let relevant = placed.relevance.actions.iter().filter(|is| **is).count();
                self.bytes += relevant * Costing::BYTES_EACH;
                Stage::Cost(placed, Costing::default())
            }
            Stage::Cost(placed, mut costing) => {
                let drafted = &self.actions[costing.next()..];
                let drafted = &drafted[..drafted.len().min(ACTIONS_PER_UNIT)];
                if drafted.is_empty() {
                    budget.spend(look as u64);
                    let Costs { costs, unit, rounding } = costing.finish().map_err(Failure::Diagnostics)?;
                    let actions = std::mem::take(&mut self.actions).into_iter().enumerate();
                    let priced = (unit, rounding);
                    Stage::Translate(placed, Translation { actions, costs: costs.into_iter(), priced })
                } else {
                    costing.draft(self.model, drafted, &placed.relevance, &placed.targets);
                    Stage::Cost(placed, costing)
                }
            }
            Stage::Translate(placed, mut translation) => {
                let done = (0..ACTIONS_PER_UNIT).any(|_| !self.translate(&placed, &mut translation));
                if done {
                    let builder = Box::new(SuccessorBuilder::new(&placed.layout));
                    Stage::Index(placed, translation.priced, builder)
                } else {
                    Stage::Translate(placed, translation)
                }
            }
            Stage::Index(placed, priced, mut builder) => {
                if builder.step(&placed.layout, &self.operators, budget) {
                    return Ok(Some(self.finish(*placed, priced, *builder)));
                }
                if (self.bytes + builder.memory_bytes()) as u64 > self.limit {
                    return Err(Failure::MemoryLimit);
                }
                Stage::Index(placed, priced, builder)
            }
            Stage::Over => Stage::Over,
        };
        if self.bytes as u64 > self.limit { Err(Failure::MemoryLimit) } else { Ok(None) }
    }

    fn instantiate(&mut self) -> Stage {
        let before = self.actions.len();
        self.actions.extend(self.instances.by_ref().take(ACTIONS_PER_UNIT));
        self.bytes += self.actions[before..].iter().map(GroundAction::memory_bytes).sum::<usize>();
        if self.actions.len() == before { Stage::Relevance } else { Stage::Instantiate }
    }

    fn place(&self, relevance: Relevance) -> Placed {
        let classes = classes(self.model, &self.actions, &self.goals, &relevance);
        let (targets, layout) = place(self.model, &self.actions, &relevance, &classes);
        let classes = classes.into_iter().flatten().collect();
        Placed { relevance, targets, classes, layout, actions: self.actions.len() }
    }

    /// Translates the next ground action; `false` where none is left.
    fn translate(&mut self, placed: &Placed, translation: &mut Translation) -> bool {
        let Some((index, action)) = translation.actions.next() else { return false };
        self.bytes -= action.memory_bytes();
        if !placed.relevance.actions[index] {
            return true;
        }
        let Some(cost) = translation.costs.next() else { return true };
        let translator = self.translator(placed);
        let precondition = Conjunction::new(translator.formula(&action.precondition, false));
        let Some(effects) = translator.effects(&action.effects) else { return true };
        if precondition.is_false {
            return true;
        }
        let source = self.sources.len() as u32;
        let (facts, copies, numeric) = (effects.facts, effects.copies, effects.numeric);
        let conditional = Vec::new();
        let operator = Operator { precondition, facts, conditional, copies, numeric, cost, source };
        self.bytes += operator.memory_bytes() + size_of::<(u32, Vec<usize>)>() + action.arguments.len() * 8;
        self.sources.push((action.action as u32, action.arguments));
        self.operators.push(operator);
        true
    }

    fn translator<'a>(&self, placed: &'a Placed) -> Translator<'a>
    where
        'm: 'a,
    {
        Translator { model: self.model, targets: &placed.targets, classes: &placed.classes }
    }

    fn finish(&mut self, placed: Placed, (unit, rounding): Priced, builder: SuccessorBuilder) -> GoapTask {
        let translator = self.translator(&placed);
        let goals = self.goals.iter().map(|goal| Conjunction::new(translator.formula(goal, false)));
        let goals = goals.collect();
        let operators = std::mem::take(&mut self.operators);
        let has_uniform_cost = operators.windows(2).all(|pair| pair[0].cost == pair[1].cost)
            && operators.first().is_none_or(|operator| matches!(operator.cost, Cost::Constant(_)));
        let families = families(&placed.layout);
        let irrelevant_actions = placed.actions - operators.len();
        let task = Task::with_parts(placed.layout, operators, Axioms::default(), builder.finish(), unit)
            .with_facts(families, MutexGroups::default())
            .with_rounding(rounding);
        GoapTask {
            irrelevant_actions,
            task: Arc::new(task),
            targets: placed.targets,
            classes: placed.classes,
            sources: std::mem::take(&mut self.sources),
            goals,
            ground_goals: std::mem::take(&mut self.goals),
            has_uniform_cost,
        }
    }
}

impl Stepper for Compile<'_> {
    type Output = Result<GoapTask, Failure>;

    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output> {
        while !budget.is_spent() {
            match self.advance(budget) {
                Ok(None) => {}
                Ok(Some(task)) => return Progress::Done(Ok(task)),
                Err(failure) => return Progress::Done(Err(failure)),
            }
        }
        Progress::Pending
    }

    fn memory_bytes(&self) -> u64 {
        self.bytes as u64
    }
}

/// Per fact its variable.
fn families(layout: &Layout) -> Vec<u32> {
    let of_variable = |(variable, &domain): (u32, &u32)| std::iter::repeat_n(variable, domain as usize);
    (0..).zip(&layout.domains).flat_map(of_variable).collect()
}

/// Gives each relevant variable its place; those that no relevant action writes are static.
pub(super) fn place(
    model: &Model,
    actions: &[GroundAction],
    relevance: &Relevance,
    classes: &[Option<Classes>],
) -> (Vec<Target>, Layout) {
    let mut is_written = vec![false; model.variables.len()];
    for (action, _) in actions.iter().zip(&relevance.actions).filter(|(_, is_relevant)| **is_relevant) {
        for effect in &action.effects {
            is_written[effect.variable] = true;
        }
    }
    let (mut variables, mut slots, mut classed) = (Vec::new(), Vec::new(), 0);
    let mut targets = Vec::with_capacity(model.variables.len());
    for (index, variable) in model.variables.iter().enumerate() {
        let placement = if is_written[index] { Placement::Dynamic } else { Placement::Static };
        let mut finite = |domain: usize| {
            variables.push((domain as u32, placement));
            VariableId(variables.len() as u32 - 1)
        };
        let mut slot = |kind: SlotKind| {
            slots.push((kind, placement));
            Target::Slot(SlotId(slots.len() as u32 - 1))
        };
        if let Some(own) = &classes[index] {
            targets.push(Target::Classes(finite(own.len()), classed));
            classed += 1;
            continue;
        }
        targets.push(match &variable.kind {
            _ if !relevance.variables[index] => Target::LeftOut,
            Kind::Bool => Target::Variable(finite(2)),
            Kind::Enum(symbols) => Target::Variable(finite(symbols.len())),
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
