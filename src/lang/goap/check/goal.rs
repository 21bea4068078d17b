//! Goals and the metric.

use super::super::model::{Condition, Goal, Metric, Number};
use super::super::syntax::NodeId;
use super::keys;
use super::reader::Reader;
use super::scope::Scope;
use crate::diagnostic::Span;

/// A goal as far as it could be read.
pub(super) struct ReadGoal {
    pub goal: Option<Goal>,
    pub scope: Scope,
    pub name: Option<(String, Span)>,
}

impl Reader<'_> {
    /// Reads the goal at `id`.
    pub fn goal(&mut self, id: NodeId) -> Option<ReadGoal> {
        let fields = self.fields(id, keys::GOAL, "a goal")?;
        let mut scope = Scope::default();
        let name_id = self.required(fields, "name", "this goal", "\"name\": \"…\"");
        let name =
            name_id.and_then(|id| Some((self.name(id, "a name in quotes")?.to_owned(), self.span(id))));
        let priority = match fields.get("priority") {
            Some(id) => self.integer(id, "an integer"),
            None => Some(0),
        };
        let when = match fields.get("when") {
            Some(id) => self.condition(id, &mut scope),
            None => Some(Condition::All(Vec::new())),
        };
        let conditions_id = self.required(fields, "conditions", "this goal", "\"conditions\": { … }");
        let conditions_span = conditions_id.map_or(fields.span, |id| self.span(id));
        let conditions = conditions_id.and_then(|id| self.condition(id, &mut scope));
        let read = || {
            let (name, span) = name.clone()?;
            Some(Goal {
                name,
                span,
                priority: priority?,
                when: when?,
                conditions: conditions?,
                conditions_span,
            })
        };
        Some(ReadGoal { goal: read(), scope, name })
    }

    /// Reads the metric at `id`.
    pub fn metric(&mut self, id: NodeId) -> Option<Metric> {
        let fields = self.fields(id, keys::METRIC, "a metric")?;
        let mut weight = |key: &str, default: i32| match fields.get(key) {
            Some(id) => self.number_up_to(id, "a number", "1"),
            None => Some(Number::default_of(default)),
        };
        let (cost, duration, risk) = (weight("cost", 1), weight("duration", 0), weight("risk", 0));
        Some(Metric { cost: cost?, duration: duration?, risk: risk? })
    }
}
