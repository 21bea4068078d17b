//! What a model can reach at all: an over-approximation, computed on the ground instances of the source.
//!
//! Each variable has a set of values, or an interval, that only grows; an instance applies once its conditions
//! could hold. Variables are analysed independently of each other, so more may seem reachable than is. **What is
//! called unreachable is unreachable**: every warning and every explanation rests on that alone. Actions whose
//! metric would be negative count as applicable.

mod blame;
mod contradiction;

mod domain;
mod evaluate;
mod fixpoint;
mod lowest;
mod warn;

pub use blame::{AskedBy, Blame, Link, NearestMiss, Root};
pub use domain::{Bits, Domain};
pub use fixpoint::{MAX_INSTANCE_BYTES, MAX_INSTANCES, Reach};
pub use lowest::Lowest;
pub(super) use warn::Warn;

use std::cell::OnceCell;
use std::sync::Arc;

use super::grounded::{GroundAction, GroundCondition};
use super::instance::{InstanceTable, Workspace};
use super::model::{Kind, Model, Value};
use domain::Domains;
use evaluate::Leaf;

/// What can be reached.
#[derive(Clone, Debug)]
pub struct Reached {
    /// Whether the analysis was made. If not (there were too many instances), nothing is called unreachable.
    pub complete: bool,
    /// For each instance, the first layer in which it could apply, from 0.
    pub applied: Vec<Option<u32>>,
    /// In the model's order.
    pub goals: Vec<GoalReach>,
    domains: Domains,
    /// For each variable, its initial number as an interval of one value; zeros where it holds no number.
    initial: Vec<(f64, f64)>,
    model: Arc<Model>,
    table: InstanceTable,
    /// For each variable, the instances that write it; computed when first needed.
    writers: OnceCell<Vec<Vec<u32>>>,
}

/// Which conditions of a goal can be reached.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalReach {
    /// The conditions that must all hold, each with the first layer in which it could: 0 is the
    /// initial state.
    pub conditions: Vec<(GroundCondition, Option<u32>)>,
    /// The first layer in which all could hold at once.
    pub together: Option<u32>,
}

/// Why an instance can never apply.
#[derive(Clone, Debug, PartialEq)]
pub enum Obstacle {
    /// This condition of it is never true.
    Condition(GroundCondition),
    /// Each of its conditions could be true, but never all at once.
    Together,
    /// This effect (index) always leaves the range of its variable.
    Effect(usize),
}

impl Reached {
    fn new(
        complete: bool,
        domains: Domains,
        initial: Vec<(f64, f64)>,
        (model, table): (Arc<Model>, InstanceTable),
        applied: Vec<Option<u32>>,
        goals: Vec<GoalReach>,
    ) -> Self {
        Self { complete, applied, goals, domains, initial, model, table, writers: OnceCell::new() }
    }

    /// How many instances there are, in the order of [`super::Instances`].
    pub fn instances(&self) -> usize {
        self.table.len()
    }

    /// An instance by its index.
    ///
    /// # Panics
    /// If there is none.
    pub fn instance(&self, at: usize) -> GroundAction {
        self.table.instance(&self.model, at)
    }

    /// An instance by its index, in reused memory.
    fn look_at<'s>(&self, at: usize, workspace: &'s mut Workspace) -> &'s GroundAction {
        self.table.at(&self.model, at, workspace)
    }

    /// The action (index) that an instance is one of.
    pub fn action_of(&self, at: usize) -> usize {
        self.table.source(at).0 as usize
    }

    /// The instances that write a variable. O(effects of all instances) the first time.
    fn writers_of(&self, variable: usize) -> &[u32] {
        let writers = self.writers.get_or_init(|| {
            let mut writers = vec![Vec::new(); self.domains.at.len()];
            let mut workspace = Workspace::default();
            for at in 0..self.instances() {
                let effects = &self.look_at(at, &mut workspace).effects;
                effects.iter().for_each(|effect| writers[effect.variable].push(at as u32));
            }
            writers
        });
        writers.get(variable).map_or(&[], Vec::as_slice)
    }

    /// What the variable may hold in any reachable state.
    pub fn domain(&self, variable: usize) -> &Domain {
        &self.domains.at[variable]
    }

    /// The lowest and highest number that the variable may reach; `None` for bools and enums. A number that
    /// grows without end reaches the bound of its kind.
    pub fn extent(&self, variable: usize) -> Option<(f64, f64)> {
        match self.domains.at.get(variable)? {
            Domain::Interval { lo, hi } => Some((*lo, *hi)),
            Domain::Set(_) => None,
        }
    }

    /// The values a bool or enum may take, in declared order; empty for numbers.
    pub fn values(&self, model: &Model, variable: usize) -> Vec<Value> {
        let (Some(Domain::Set(bits)), Some(declared)) =
            (self.domains.at.get(variable), model.variables.get(variable))
        else {
            return Vec::new();
        };
        match &declared.kind {
            Kind::Bool => bits.iter().map(|bit| Value::Bool(bit == 1)).collect(),
            Kind::Enum(symbols) => {
                bits.iter().filter_map(|at| symbols.get(at).cloned().map(Value::Symbol)).collect()
            }
            Kind::Int(_) | Kind::Float(_) => Vec::new(),
        }
    }

    /// What the variable may hold, in words: `0 to 5`, or its values.
    pub fn describe(&self, model: &Model, variable: usize) -> String {
        if let Some((lo, hi)) = self.extent(variable) {
            return format!("{lo} to {hi}");
        }
        let values = self.values(model, variable);
        values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }

    /// Whether the condition could hold in a reachable state.
    pub fn could_hold(&self, condition: &GroundCondition) -> bool {
        !self.complete || self.domains.could_be(condition, true)
    }

    /// Why the instance can never apply; `None` where it could.
    pub fn obstacle(&self, instance: usize) -> Option<Obstacle> {
        if !self.complete || self.applied.get(instance)?.is_some() {
            return None;
        }
        let instance = self.instance(instance);
        if let Some(culprit) = self.culprit(&instance.precondition, true) {
            return Some(Obstacle::Condition(culprit));
        }
        let effect = instance.effects.iter().position(|effect| self.domains.outcome(effect).is_empty());
        Some(effect.map_or(Obstacle::Together, Obstacle::Effect))
    }

    /// A comparison in `condition` that by itself keeps the condition from having the truth value `wanted`;
    /// `None` if there is no such comparison.
    fn culprit(&self, condition: &GroundCondition, wanted: bool) -> Option<GroundCondition> {
        if self.domains.could_be(condition, wanted) {
            return None;
        }
        match condition {
            GroundCondition::All(parts) | GroundCondition::Any(parts) => {
                parts.iter().find_map(|part| self.culprit(part, wanted))
            }
            GroundCondition::Not(part) => self.culprit(part, !wanted),
            GroundCondition::Compare { variable, operator, right, span } => {
                let operator = if wanted { *operator } else { evaluate::negated(*operator) };
                let (variable, right, span) = (*variable, right.clone(), *span);
                Some(GroundCondition::Compare { variable, operator, right, span })
            }
        }
    }

    /// Whether an effect of some instance moves towards `leaf`, whether or not the instance can apply.
    fn has_producer(&self, leaf: Leaf<'_>) -> bool {
        self.producers(leaf).next().is_some()
    }

    /// The instances with an effect that moves towards `leaf`.
    fn producers<'s>(&'s self, leaf: Leaf<'s>) -> impl Iterator<Item = usize> + 's {
        let right = match leaf.right {
            super::grounded::Operand::Variable(other) => Some(*other),
            super::grounded::Operand::Value(_) => None,
        };
        let written = |variable: usize| self.writers_of(variable).iter().map(|&at| at as usize);
        let mut workspace = Workspace::default();
        let left = written(leaf.variable).filter(move |&at| {
            self.look_at(at, &mut workspace).effects.iter().any(|effect| blame::helps(self, effect, leaf))
        });
        left.chain(right.into_iter().flat_map(written))
    }
}
