//! The compilation, cut into steps that count what they take before they take it.

use std::sync::Arc;

use super::condition::Translator;
use super::costs::{Costing, Costs};
use super::placing::{Placed, Placing};
use super::{Failure, GoapTask, ground_goals};
use crate::lang::goap::Model;
use crate::lang::goap::grounded::{GroundAction, GroundCondition};
use crate::lang::goap::instance::Instances;
use crate::step::{Budget, Progress, Stepper};
use crate::task::{
    Axioms, Conjunction, Cost, Layout, MutexGroups, Operator, Rounding, SuccessorBuilder, Task,
};

/// Ground actions handled per unit of work.
const ACTIONS_PER_UNIT: usize = 8;

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
    /// Where everything lies.
    Place(Box<Placing>),
    /// What actions cost.
    Cost(Box<Placed>, Costing),
    /// Actions to operators.
    Translate(Box<Placed>, Translation),
    /// The successor generator.
    Index(Box<Placed>, Priced, Box<SuccessorBuilder>),
    Over,
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
        self.stage = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Instantiate => self.instantiate(),
            Stage::Place(mut placing) => match placing.unit(self.model, &self.actions, &self.goals) {
                Some(placed) => {
                    let relevant = placed.relevance.actions.iter().filter(|is| **is).count();
                    self.bytes += relevant * Costing::BYTES_EACH;
                    Stage::Cost(Box::new(placed), Costing::default())
                }
                None => Stage::Place(placing),
            },
            Stage::Cost(placed, costing) => self.cost(placed, costing)?,
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
        if self.actions.len() > before {
            return Stage::Instantiate;
        }
        Stage::Place(Box::new(Placing::new(self.model, &self.actions, &self.goals)))
    }

    /// Works out what some more actions cost.
    fn cost(&mut self, placed: Box<Placed>, mut costing: Costing) -> Result<Stage, Failure> {
        let left = &self.actions[costing.next()..];
        if !left.is_empty() {
            let next = &left[..left.len().min(ACTIONS_PER_UNIT)];
            costing.draft(self.model, next, &placed.relevance, &placed.targets);
            return Ok(Stage::Cost(placed, costing));
        }
        let Some(costs) = costing.unit() else { return Ok(Stage::Cost(placed, costing)) };
        let Costs { costs, unit, rounding } = costs.map_err(Failure::Diagnostics)?;
        let actions = std::mem::take(&mut self.actions).into_iter().enumerate();
        let priced = (unit, rounding);
        Ok(Stage::Translate(placed, Translation { actions, costs: costs.into_iter(), priced }))
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
        let goals = self.goals.iter().map(|goal| Conjunction::new(translator.formula(goal, false)).into());
        let goals = goals.collect();
        let operators = std::mem::take(&mut self.operators);
        let has_uniform_cost = operators.windows(2).all(|pair| pair[0].cost == pair[1].cost)
            && operators.first().is_none_or(|operator| matches!(operator.cost, Cost::Constant(_)));
        let families = families(&placed.layout);
        let irrelevant_actions = placed.relevance.actions.len() - operators.len();
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
