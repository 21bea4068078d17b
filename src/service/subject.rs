//! A checked model of either language, and the model together with its compiled task.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::ground::goap::GoapTask;
use crate::ground::pddl::PddlTask;
use crate::hash;
use crate::lang::plan::Step;
use crate::lang::{goap, pddl};
use crate::plan::PatternKey;
use crate::task::{Fact, Instance, OperatorId, Task};
use crate::validate::{State, Validator};

/// The name of the goal of a PDDL problem, which has one.
const PDDL_GOAL: &str = "goal";

/// A checked source model.
#[derive(Clone, Debug)]
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

/// A compiled task of either language, as it is cached: without its model, which may be written in another
/// order or with other names of its file. The grounding of PDDL depends on the initial state and the goal; the
/// task of a GOAP document does not.
#[derive(Clone, Debug)]
pub enum Compiled {
    /// Of a GOAP document.
    Goap(Arc<GoapTask>),
    /// Of a PDDL task.
    Pddl(Arc<PddlTask>),
}

/// A model with its compiled task. The task may have been compiled from another, equal model.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A GOAP document.
    Goap(Arc<goap::Model>, Arc<GoapTask>),
    /// A PDDL task.
    Pddl(Arc<pddl::Model>, Arc<PddlTask>),
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
        // Most goals have no `when`, and then nothing has to be made for it.
        let known = OnceCell::new();
        let holds = |when: &goap::model::Condition| {
            let (validator, initial) = known.get_or_init(|| (Validator::new(model), State::initial(model)));
            validator.holds(initial, when).is_ok()
        };
        let always = goap::model::Condition::All(Vec::new());
        let declared = |goal: &goap::model::Goal| Declared {
            name: goal.name.clone(),
            priority: goal.priority,
            is_candidate: goal.when == always || holds(&goal.when),
        };
        model.goals.iter().map(declared).collect()
    }

    pub(super) fn goal_name(&self, goal: usize) -> &str {
        match self {
            Self::Goap(model) => &model.goals[goal].name,
            Self::Pddl(_) => PDDL_GOAL,
        }
    }

    /// The key of the compiled task: a hash of everything that the task depends on. The initial values of a GOAP
    /// document are not among that.
    pub(super) fn task_key(&self) -> hash::ContentHash {
        let bytes = match self {
            Self::Goap(model) => {
                let mut bytes = goap::canonical::domain_bytes(model);
                for goal in &model.goals {
                    bytes.extend(goap::canonical::goal_bytes(&goal.conditions));
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

impl Subject {
    /// A model and the cached task of its key; `None` where that task is of the other language.
    pub(super) fn pair(model: &Model, compiled: Compiled) -> Option<Self> {
        match (model, compiled) {
            (Model::Goap(model), Compiled::Goap(task)) => Some(Self::Goap(Arc::clone(model), task)),
            (Model::Pddl(model), Compiled::Pddl(task)) => Some(Self::Pddl(Arc::clone(model), task)),
            (Model::Goap(_), Compiled::Pddl(_)) | (Model::Pddl(_), Compiled::Goap(_)) => None,
        }
    }

    /// The model alone.
    pub(super) fn model(&self) -> Model {
        match self {
            Self::Goap(model, _) => Model::Goap(Arc::clone(model)),
            Self::Pddl(model, _) => Model::Pddl(Arc::clone(model)),
        }
    }

    /// The compiled task alone, for the cache.
    pub(super) fn compiled(&self) -> Compiled {
        match self {
            Self::Goap(_, compiled) => Compiled::Goap(Arc::clone(compiled)),
            Self::Pddl(_, compiled) => Compiled::Pddl(Arc::clone(compiled)),
        }
    }

    pub(super) fn task(&self) -> &Arc<Task> {
        match self {
            Self::Goap(_, compiled) => &compiled.task,
            Self::Pddl(_, compiled) => &compiled.task,
        }
    }

    pub(super) fn has_uniform_cost(&self) -> bool {
        match self {
            Self::Goap(_, compiled) => compiled.has_uniform_cost,
            Self::Pddl(_, compiled) => compiled.has_uniform_cost,
        }
    }

    /// An operator in the model's words.
    pub(super) fn step(&self, operator: OperatorId) -> Option<Step> {
        match self {
            Self::Goap(model, compiled) => compiled.step(model, operator),
            Self::Pddl(model, compiled) => compiled.step(model, operator),
        }
    }

    /// A fact of the task in the model's words; `None` where it has none.
    pub(super) fn fact_name(&self, fact: Fact) -> Option<String> {
        match self {
            Self::Goap(model, compiled) => compiled.fact_name(model, fact),
            Self::Pddl(model, compiled) => Some(format!("({})", compiled.fact_name(model, fact))),
        }
    }

    /// The model's own initial state and one of its goals.
    pub(super) fn instance(&self, goal: usize) -> Option<Instance> {
        match self {
            Self::Goap(model, compiled) => compiled.instance(model, &State::initial(model).values, goal),
            Self::Pddl(_, compiled) => Some(compiled.instance.clone()),
        }
    }

    /// Bytes that the task holds.
    pub(super) fn memory_bytes(&self) -> u64 {
        match self {
            Self::Goap(_, compiled) => compiled.memory_bytes(),
            Self::Pddl(_, compiled) => compiled.memory_bytes(),
        }
    }
}

/// A problem with its present state, and its task where that is compiled.
#[derive(Clone, Debug)]
pub struct Opened {
    pub(super) model: Model,
    pub(super) compiled: Option<Compiled>,
}

impl Opened {
    /// The model with its task, where that is compiled.
    pub(super) fn subject(&self) -> Option<Subject> {
        Subject::pair(&self.model, self.compiled.clone()?)
    }
}

impl PartialEq for Opened {
    /// Whether both have the same model in memory.
    fn eq(&self, other: &Self) -> bool {
        match (&self.model, &other.model) {
            (Model::Goap(one), Model::Goap(other)) => Arc::ptr_eq(one, other),
            (Model::Pddl(one), Model::Pddl(other)) => Arc::ptr_eq(one, other),
            (Model::Goap(_), Model::Pddl(_)) | (Model::Pddl(_), Model::Goap(_)) => false,
        }
    }
}
