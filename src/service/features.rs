//! What a problem is about, as a set: the facts of its initial state and the conditions of its goal. Problems whose
//! sets have much in common are similar.

use super::subject::Model;
use crate::hash::{self, ContentHash};
use crate::lang::pddl::model::ConditionKind;
use crate::lang::{goap, pddl};
use crate::plan::Signature;

/// Told apart from facts: a condition of the goal.
const GOAL: u64 = 1;

impl Model {
    /// The domain: whatever does not change from one problem of it to the next.
    pub(super) fn domain_key(&self) -> ContentHash {
        hash::content(&match self {
            Self::Goap(model) => goap::canonical::domain_bytes(model),
            Self::Pddl(model) => pddl::canonical::domain_bytes(model),
        })
    }

    /// The signature of the initial state and of a goal. O(initial state + goal).
    pub(super) fn signature(&self, goal: usize) -> Signature {
        match self {
            Self::Goap(model) => of_goap(model, goal),
            Self::Pddl(model) => of_pddl(model),
        }
    }
}

fn of_goap(model: &goap::Model, goal: usize) -> Signature {
    let variables = model.variables.iter().enumerate();
    let facts = variables.map(|(at, variable)| {
        hash::mix(at as u64, hash::checksum(&goap::canonical::value_bytes(&variable.initial)))
    });
    let goal = &model.goals[goal].conditions;
    let conditions = match goal {
        goap::model::Condition::All(parts) => parts.as_slice(),
        _ => std::slice::from_ref(goal),
    };
    let conditions =
        conditions.iter().map(|part| hash::mix(GOAL, hash::checksum(&goap::canonical::goal_bytes(part))));
    Signature::new(facts.chain(conditions))
}

/// Objects count by name, since their numbers differ from problem to problem.
fn of_pddl(model: &pddl::Model) -> Signature {
    let objects: Vec<u64> =
        model.objects.iter().map(|object| hash::checksum(object.name.as_bytes())).collect();
    let with = |hash: u64, object: &pddl::model::ObjectId| hash::mix(hash, objects[object.0 as usize]);
    let atoms = model
        .atoms
        .iter()
        .map(|(predicate, arguments, _)| arguments.iter().fold(hash::mix(2, u64::from(predicate.0)), with));
    let values = model.values.iter().map(|(function, arguments, value, _)| {
        let number = hash::mix(u64::from(function.0), (value + 0.0).to_bits());
        arguments.iter().fold(hash::mix(3, number), with)
    });
    let conditions = match &model.goal.kind {
        ConditionKind::And(parts) => parts.as_slice(),
        _ => std::slice::from_ref(&model.goal),
    };
    let conditions = conditions
        .iter()
        .map(|part| hash::mix(GOAL, hash::checksum(&pddl::canonical::condition_bytes(model, part))));
    Signature::new(atoms.chain(values).chain(conditions))
}
