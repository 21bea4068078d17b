//! All reachable states of a small model, by its text alone.

use crate::lang::pddl::model::{
    Condition, ConditionKind, Effect, EffectKind, Model, ObjectId, Parameter, PredicateId, Term,
};
use std::collections::{BTreeSet, VecDeque};

pub type Atom = (PredicateId, Vec<ObjectId>);
pub type State = BTreeSet<Atom>;

/// Reachable states, breadth first, at most `limit`. No derived predicates.
pub fn reachable(model: &Model, limit: usize) -> BTreeSet<State> {
    let initial: State = model.atoms.iter().map(|(id, arguments, _)| (id, arguments.to_vec())).collect();
    let mut seen = BTreeSet::from([initial.clone()]);
    let mut open = VecDeque::from([initial]);
    while let Some(state) = open.pop_front() {
        for action in &model.actions {
            for bound in bindings(model, &action.parameters, &[]) {
                if holds(model, &action.precondition, &bound, &state) {
                    let (mut adds, mut deletes) = (Vec::new(), Vec::new());
                    effects(model, &action.effects, &bound, &state, &mut adds, &mut deletes);
                    let mut next = state.clone();
                    next.retain(|atom| !deletes.contains(atom));
                    next.extend(adds);
                    if seen.len() < limit && seen.insert(next.clone()) {
                        open.push_back(next);
                    }
                }
            }
        }
    }
    seen
}

/// `bound` extended by every binding of the parameters.
pub fn bindings(model: &Model, parameters: &[Parameter], bound: &[ObjectId]) -> Vec<Vec<ObjectId>> {
    let mut all = vec![bound.to_vec()];
    for parameter in parameters {
        let objects = model.objects_of(&parameter.types);
        let extended = |one: Vec<ObjectId>| -> Vec<Vec<ObjectId>> {
            objects.iter().map(|&object| [&one[..], &[object]].concat()).collect()
        };
        all = all.into_iter().flat_map(extended).collect();
    }
    all
}

fn objects(terms: &[Term], bound: &[ObjectId]) -> Vec<ObjectId> {
    let object = |term: &Term| match *term {
        Term::Variable(variable) => bound[variable as usize],
        Term::Object(object) => object,
    };
    terms.iter().map(object).collect()
}

fn holds(model: &Model, condition: &Condition, bound: &[ObjectId], state: &State) -> bool {
    let holds = |one: &Condition| holds(model, one, bound, state);
    match &condition.kind {
        ConditionKind::Atom(id, terms) => state.contains(&(*id, objects(terms, bound))),
        ConditionKind::Equal(left, right) => objects(&[*left], bound) == objects(&[*right], bound),
        ConditionKind::Compare(..) => unreachable!(),
        ConditionKind::Not(inner) => !holds(inner),
        ConditionKind::And(parts) => parts.iter().all(holds),
        ConditionKind::Or(parts) => parts.iter().any(holds),
        ConditionKind::Imply(parts) => !holds(&parts[0]) || holds(&parts[1]),
        ConditionKind::Forall(inner) => {
            let all = bindings(model, &inner.parameters, &bound[..inner.first as usize]);
            all.iter().all(|bound| self::holds(model, &inner.body, bound, state))
        }
        ConditionKind::Exists(inner) => {
            let all = bindings(model, &inner.parameters, &bound[..inner.first as usize]);
            all.iter().any(|bound| self::holds(model, &inner.body, bound, state))
        }
    }
}

fn effects(
    model: &Model,
    list: &[Effect],
    bound: &[ObjectId],
    state: &State,
    adds: &mut Vec<Atom>,
    deletes: &mut Vec<Atom>,
) {
    for effect in list {
        match &effect.kind {
            EffectKind::Add(id, terms) => adds.push((*id, objects(terms, bound))),
            EffectKind::Delete(id, terms) => deletes.push((*id, objects(terms, bound))),
            EffectKind::Change(_) => {}
            EffectKind::Forall(inner) => {
                for bound in bindings(model, &inner.parameters, &bound[..inner.first as usize]) {
                    effects(model, &inner.body, &bound, state, adds, deletes);
                }
            }
            EffectKind::When(condition, inner) => {
                if holds(model, condition, bound, state) {
                    effects(model, inner, bound, state, adds, deletes);
                }
            }
        }
    }
}
