//! A problem that was read, and what was compiled of it, whichever language it is in.

use std::sync::Arc;

use crate::ground::goap::GoapTask;
use crate::ground::pddl::PddlTask;
use crate::hash;
use crate::lang::plan::Step;
use crate::lang::{goap, pddl};
use crate::plan::PatternKey;
use crate::task::{Fact, Instance, OperatorId, Task};
use crate::validate::Validator;

/// The name of the goal of a PDDL problem, which has one.
const PDDL_GOAL: &str = "goal";

/// A checked source model.
#[derive(Clone)]
pub(super) enum Model {
    Goap(Arc<goap::Model>),
    Pddl(Arc<pddl::Model>),
}

/// A goal as it is declared.
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) priority: i64,
    /// Whether its `when` holds in the initial state.
    pub(super) is_candidate: bool,
}

/// A compiled problem. The grounding of PDDL depends on its initial state and goal; that of a GOAP document
/// does not.
#[derive(Clone, Debug)]
pub enum Compiled {
    /// Of a GOAP document.
    Goap(Arc<GoapTask>),
    /// Of a PDDL task.
    Pddl(Arc<PddlTask>),
}

impl Model {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Goap(model) => &model.name,
            Self::Pddl(model) => &model.problem,
        }
    }

    pub(super) fn actions(&self) -> usize {
        match self {
            Self::Goap(model) => model.actions.len(),
            Self::Pddl(model) => model.actions.len(),
        }
    }

    pub(super) fn goals(&self) -> Vec<Declared> {
        let model = match self {
            Self::Goap(model) => model,
            Self::Pddl(_) => {
                return vec![Declared { name: PDDL_GOAL.to_owned(), priority: 0, is_candidate: true }];
            }
        };
        let validator = Validator::new(model);
        let initial = validator.initial();
        let declared = |goal: &goap::model::Goal| Declared {
            name: goal.name.clone(),
            priority: goal.priority,
            is_candidate: validator.holds(&initial, &goal.when).is_ok(),
        };
        model.goals.iter().map(declared).collect()
    }

    pub(super) fn goal_name(&self, goal: usize) -> &str {
        match self {
            Self::Goap(model) => &model.goals[goal].name,
            Self::Pddl(_) => PDDL_GOAL,
        }
    }

    /// Everything that the compiled task depends on, and of a GOAP document the initial values too, which
    /// compiling does not read.
    pub(super) fn task_key(&self) -> hash::ContentHash {
        let bytes = match self {
            Self::Goap(model) => {
                let mut bytes = goap::canonical::domain_bytes(model);
                for goal in &model.goals {
                    bytes.extend(goap::canonical::instance_bytes(model, &goal.conditions));
                }
                bytes
            }
            Self::Pddl(model) => {
                let mut bytes = b"pddl".to_vec();
                bytes.extend(pddl::canonical::domain_bytes(model));
                bytes.extend(pddl::canonical::instance_bytes(model));
                bytes
            }
        };
        hash::content(&bytes)
    }

    pub(super) fn pattern_key(&self, goal: usize) -> PatternKey {
        match self {
            Self::Goap(model) => {
                let instance = goap::canonical::instance_bytes(model, &model.goals[goal].conditions);
                PatternKey::new(&goap::canonical::domain_bytes(model), &instance, b"")
            }
            Self::Pddl(model) => {
                let instance = pddl::canonical::instance_bytes(model);
                PatternKey::new(&pddl::canonical::domain_bytes(model), &instance, b"pddl")
            }
        }
    }
}

impl Compiled {
    pub(super) fn task(&self) -> &Arc<Task> {
        match self {
            Self::Goap(compiled) => &compiled.task,
            Self::Pddl(compiled) => &compiled.task,
        }
    }

    pub(super) fn has_uniform_cost(&self) -> bool {
        match self {
            Self::Goap(compiled) => compiled.has_uniform_cost,
            Self::Pddl(compiled) => compiled.has_uniform_cost,
        }
    }

    /// An operator in the words of the model that this was compiled of.
    pub(super) fn step(&self, model: &Model, operator: OperatorId) -> Option<Step> {
        match (self, model) {
            (Self::Goap(compiled), Model::Goap(model)) => compiled.step(model, operator),
            (Self::Pddl(compiled), Model::Pddl(model)) => compiled.step(model, operator),
            _ => None,
        }
    }

    /// A fact of the task in the words of the model; `None` where it has none.
    pub(super) fn fact_name(&self, model: &Model, fact: Fact) -> Option<String> {
        match (self, model) {
            (Self::Goap(compiled), Model::Goap(model)) => compiled.fact_name(model, fact),
            (Self::Pddl(compiled), Model::Pddl(model)) => {
                Some(format!("({})", compiled.fact_name(model, fact)))
            }
            _ => None,
        }
    }

    /// The model's own initial state and one of its goals.
    pub(super) fn instance(&self, model: &Model, goal: usize) -> Option<Instance> {
        match (self, model) {
            (Self::Goap(compiled), Model::Goap(model)) => {
                compiled.instance(model, &Validator::new(model).initial().values, goal)
            }
            (Self::Pddl(compiled), Model::Pddl(_)) => Some(compiled.instance.clone()),
            _ => None,
        }
    }

    /// Bytes held, for caches.
    pub(super) fn memory_bytes(&self) -> u64 {
        match self {
            Self::Goap(compiled) => compiled.memory_bytes(),
            Self::Pddl(compiled) => compiled.memory_bytes(),
        }
    }
}
