//! Compilation in bounded steps, which check the memory limit before they allocate much.

use std::sync::Arc;

use super::condition::Translator;
use super::costs::{Costing, Costs};
use super::placing::{Placed, Placing};
use super::{Failure, GoapTask, ground_goals};
use crate::lang::goap::Model;
use crate::lang::goap::grounded::GroundCondition;
use crate::lang::goap::instance::{InstanceTable, Workspace};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Axioms, Conjunction, Cost, Layout, MutexGroups, Operator, SuccessorBuilder, Task};

/// Ground actions handled per unit of work.
const ACTIONS_PER_UNIT: usize = 8;
/// Bytes of an operator and its source, without what it holds on the heap.
const OPERATOR_BYTES: usize = size_of::<Operator>() + size_of::<(u32, u32)>();

/// Compiles a model. The output is an error if costs do not fit (`GP301`), or if it takes too much memory.
pub struct Compile<'m> {
    model: &'m Model,
    limit: u64,
    table: InstanceTable,
    workspace: Workspace,
    goals: Vec<GroundCondition>,
    stage: Stage,
    operators: Vec<Operator>,
    /// Bytes that the operators hold on the heap.
    operator_bytes: usize,
    sources: Vec<(u32, u32)>,
}

/// The step that the compilation is at.
enum Stage {
    /// Lists the ground actions.
    List,
    /// Decides where variables are stored.
    Place(Box<Placing>),
    /// Computes the costs of actions.
    Cost(Box<Placed>, Box<Costing>),
    /// Translates actions to operators.
    Translate(Box<Placed>, Box<Translation>),
    /// Builds the successor generator.
    Index(Box<Placed>, Box<Costs>, Box<SuccessorBuilder>),
    Over,
}

/// The translation of actions to operators.
struct Translation {
    /// The next action, and how many relevant actions come before it.
    next: usize,
    relevant: usize,
    costs: Costs,
}

impl<'m> Compile<'m> {
    /// Prepares a compilation without a memory limit.
    pub fn new(model: &'m Model) -> Self {
        Self {
            model,
            limit: u64::MAX,
            table: InstanceTable::new(model),
            workspace: Workspace::default(),
            goals: ground_goals(model),
            stage: Stage::List,
            operators: Vec::new(),
            operator_bytes: 0,
            sources: Vec::new(),
        }
    }

    /// The same with a memory limit in bytes.
    #[must_use]
    pub fn within(self, limit: u64) -> Self {
        Self { limit, ..self }
    }

    /// Does a piece of work; answers the task at the end.
    fn advance(&mut self, budget: &mut Budget) -> Result<Option<GoapTask>, Failure> {
        // The builder of the successor generator charges its own work.
        if !matches!(self.stage, Stage::Index(..)) {
            budget.spend(1);
        }
        self.stage = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::List => self.list(),
            Stage::Place(mut placing) => match placing.unit(self.model, &self.table, &self.goals) {
                Some(placed) => Stage::Cost(Box::new(placed), Box::default()),
                None => Stage::Place(placing),
            },
            Stage::Cost(placed, mut costing) => {
                match costing.unit(self.model, &self.table, &placed.relevance, &placed.targets) {
                    Some(costs) => self.priced(placed, costs.map_err(Failure::Diagnostics)?)?,
                    None => Stage::Cost(placed, costing),
                }
            }
            Stage::Translate(placed, mut translation) => {
                let end = (translation.next + ACTIONS_PER_UNIT).min(self.table.len());
                while translation.next < end {
                    self.translate(&placed, &mut translation);
                }
                if end == self.table.len() {
                    self.table = InstanceTable::default();
                    let builder = Box::new(SuccessorBuilder::default());
                    Stage::Index(placed, Box::new(translation.costs), builder)
                } else {
                    Stage::Translate(placed, translation)
                }
            }
            Stage::Index(placed, costs, mut builder) => {
                if builder.step(&placed.layout, &self.operators, budget) {
                    return Ok(Some(self.finish(*placed, &costs, *builder)));
                }
                Stage::Index(placed, costs, builder)
            }
            Stage::Over => Stage::Over,
        };
        if self.held() as u64 > self.limit { Err(Failure::MemoryLimit) } else { Ok(None) }
    }

    /// Bytes held. O(1).
    fn held(&self) -> usize {
        let stage = match &self.stage {
            Stage::List => self.table.growth_bytes(),
            Stage::Place(placing) => placing.memory_bytes(),
            Stage::Cost(placed, costing) => placed.relevance.memory_bytes() + costing.memory_bytes(),
            Stage::Translate(placed, translation) => {
                placed.relevance.memory_bytes() + translation.costs.memory_bytes()
            }
            Stage::Index(placed, costs, builder) => {
                placed.relevance.memory_bytes() + costs.memory_bytes() + builder.memory_bytes()
            }
            Stage::Over => 0,
        };
        stage + self.table.memory_bytes() + self.operators.capacity() * OPERATOR_BYTES + self.operator_bytes
    }

    fn list(&mut self) -> Stage {
        let is_over =
            (0..ACTIONS_PER_UNIT).any(|_| self.table.list_next(self.model, &mut self.workspace).is_none());
        if is_over {
            Stage::Place(Box::new(Placing::new(self.model, &self.table, &self.goals)))
        } else {
            Stage::List
        }
    }

    /// Reserves memory for the operators of all relevant actions.
    fn priced(&mut self, placed: Box<Placed>, costs: Costs) -> Result<Stage, Failure> {
        let relevant = placed.relevance.count();
        if (self.held() + costs.memory_bytes() + relevant * OPERATOR_BYTES) as u64 > self.limit {
            return Err(Failure::MemoryLimit);
        }
        let has_room = self.operators.try_reserve_exact(relevant).is_ok();
        if !has_room || self.sources.try_reserve_exact(relevant).is_err() {
            return Err(Failure::MemoryLimit);
        }
        Ok(Stage::Translate(placed, Box::new(Translation { next: 0, relevant: 0, costs })))
    }

    /// Translates the next ground action.
    fn translate(&mut self, placed: &Placed, translation: &mut Translation) {
        let number = translation.next;
        translation.next += 1;
        if !placed.relevance.actions[number] {
            return;
        }
        let cost = translation.costs.of(translation.relevant);
        translation.relevant += 1;
        let translator = self.translator(placed);
        let action = self.table.at(self.model, number, &mut self.workspace);
        let precondition = translator.conjunction(&action.precondition);
        let (Some(cost), Some(effects)) = (cost, translator.effects(&action.effects)) else { return };
        if precondition.is_false {
            return;
        }
        let source = self.sources.len() as u32;
        let (facts, copies, numeric) = (effects.facts, effects.copies, effects.numeric);
        let (conditional, cost) = (Vec::new(), cost.clone());
        let operator = Operator { precondition, facts, conditional, copies, numeric, cost, source };
        self.operator_bytes += operator.memory_bytes() - size_of::<Operator>();
        self.sources.push(self.table.source(number));
        self.operators.push(operator);
    }

    fn translator<'a>(&self, placed: &'a Placed) -> Translator<'a>
    where
        'm: 'a,
    {
        Translator { model: self.model, targets: &placed.targets, classes: &placed.classes }
    }

    fn finish(&mut self, placed: Placed, costs: &Costs, builder: SuccessorBuilder) -> GoapTask {
        let translator = self.translator(&placed);
        let goals = self.goals.iter().map(|goal| Conjunction::new(translator.formula(goal, false)).into());
        let goals = goals.collect();
        let operators = std::mem::take(&mut self.operators);
        let has_uniform_cost = operators.windows(2).all(|pair| pair[0].cost == pair[1].cost)
            && operators.first().is_none_or(|operator| matches!(operator.cost, Cost::Constant(_)));
        let families = families(&placed.layout);
        let irrelevant_actions = placed.relevance.actions.len() - operators.len();
        let task =
            Task::with_parts(placed.layout, operators, Axioms::default(), builder.finish(), costs.unit)
                .with_facts(families, MutexGroups::default())
                .with_rounding(costs.rounding);
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
        self.held() as u64
    }
}

/// Indexed by fact: its variable.
fn families(layout: &Layout) -> Vec<u32> {
    let of_variable = |(variable, &domain): (u32, &u32)| std::iter::repeat_n(variable, domain as usize);
    (0..).zip(&layout.domains).flat_map(of_variable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::goap::parse;

    fn model() -> Model {
        let values: Vec<String> = (0..30).map(|value| value.to_string()).collect();
        let values = values.join(",");
        let text = format!(
            r#"{{ "format": "planscope-goap/1", "state": {{ "n": 0, "m": 0 }},
              "actions": [{{ "name": "go", "parameters": {{ "a": [{values}], "b": [{values}] }},
                "preconditions": {{ "n": {{ ">=": "$a" }} }}, "effects": {{ "n": {{ "+": "$a" }}, "m": {{ "+": "$b" }} }} }}],
              "goals": [{{ "name": "g", "conditions": {{ "n": 7, "m": {{ ">=": 3 }} }} }}] }}"#
        );
        parse(&text).model.expect("the document has no errors")
    }

    /// The result, and the most bytes that were held at once, as said between units of work.
    fn compiled(model: &Model, limit: u64) -> (Result<GoapTask, Failure>, u64) {
        let mut compile = Compile::new(model).within(limit);
        let mut most = 0;
        loop {
            let progress = compile.step(&mut Budget::units(1));
            most = most.max(compile.memory_bytes());
            if let Progress::Done(result) = progress {
                return (result, most);
            }
        }
    }

    #[test]
    fn what_would_take_more_than_there_is_ends_before_it_is_taken() {
        let model = model();
        let (task, most) = compiled(&model, u64::MAX);
        assert_eq!(task.expect("costs that fit").task.operators.len(), 900);
        for share in 1..8 {
            let limit = most * share / 8;
            let (failure, held) = compiled(&model, limit);
            assert!(matches!(failure, Err(Failure::MemoryLimit)), "{limit} of {most} bytes");
            // Operators are made room for at once; what grows otherwise is little beside them.
            assert!(held <= limit + most / 8, "{held} bytes held within {limit}");
        }
    }
}
