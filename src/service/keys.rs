//! The keys that a problem is kept under, worked out once where the problem comes again.

use std::sync::OnceLock;

use super::subject::Model;
use crate::hash::ContentHash;
use crate::plan::PatternKey;

/// Keys of one problem, each of which is worked out when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Keys {
    task: OnceLock<ContentHash>,
    /// Of the goal that was first asked for.
    pattern: OnceLock<(usize, PatternKey)>,
}

impl Keys {
    /// The key of the compiled task; `model` is that of the problem.
    pub(super) fn task(&self, model: &Model) -> ContentHash {
        *self.task.get_or_init(|| model.task_key())
    }

    /// The key of the plan for a goal; `model` is that of the problem.
    pub(super) fn pattern(&self, model: &Model, goal: usize) -> PatternKey {
        match *self.pattern.get_or_init(|| (goal, model.pattern_key(goal))) {
            (first, key) if first == goal => key,
            _ => model.pattern_key(goal),
        }
    }
}
