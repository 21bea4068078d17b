//! Relaxed reachability, too simple to be wrong: every action and rule is tried with all objects until
//! nothing comes to hold any more.
//!
//! It shares nothing with the grounder but the parsed model. What it says may hold: an atom that was reached;
//! the negation of whatever can change; a comparison of what can change, if all that it reads may have a
//! value. An action whose condition may hold makes true what it adds, under conditions that may hold; it needs
//! a value of whatever it reads when it does.

use std::collections::BTreeSet;

use planscope::lang::pddl::Model;
use planscope::lang::pddl::model::{
    Arithmetic, Assignment, Comparator, Condition, ConditionKind, Effect, EffectKind, Expression,
    ExpressionKind, FunctionId, NumericChange, Parameter, PredicateId, Term,
};

type Name = (u32, Vec<u32>);

/// The fixpoint.
pub struct Naive<'m> {
    model: &'m Model,
    /// Atoms that hold initially or can be reached.
    pub atoms: BTreeSet<Name>,
    /// Fluents that may have a value.
    valued: BTreeSet<Name>,
    changes: Vec<bool>,
    moves: Vec<bool>,
}

/// How many bindings of parameters the actions and rules of a model have in all.
pub fn bindings(model: &Model) -> u64 {
    let of = |parameters: &[Parameter]| {
        parameters.iter().fold(1u64, |all, one| all.saturating_mul(model.objects_of(&one.types).len() as u64))
    };
    let actions = model.actions.iter().map(|action| of(&action.parameters));
    let axioms = model.axioms.iter().map(|axiom| of(&axiom.parameters));
    actions.chain(axioms).fold(0, u64::saturating_add)
}

impl<'m> Naive<'m> {
    /// Everything that can be reached.
    pub fn new(model: &'m Model) -> Self {
        let name = |id: u32, objects: &[planscope::lang::pddl::model::ObjectId]| {
            (id, objects.iter().map(|object| object.0).collect())
        };
        let atoms = model.atoms.iter().map(|(predicate, objects, _)| name(predicate.0, objects)).collect();
        let valued = model.values.iter().map(|(function, objects, ..)| name(function.0, objects));
        let mut naive = Self {
            model,
            atoms,
            valued: valued.collect(),
            changes: model.predicates.iter().map(|predicate| predicate.stratum.is_some()).collect(),
            moves: vec![false; model.functions.len()],
        };
        naive.valued.extend(model.total_cost().map(|function| (function.0, Vec::new())));
        model.actions.iter().for_each(|action| naive.note(&action.effects));
        loop {
            let before = naive.atoms.len() + naive.valued.len();
            naive.round();
            if naive.atoms.len() + naive.valued.len() == before {
                return naive;
            }
        }
    }

    /// Whether the goal is reached.
    pub fn reaches_goal(&self) -> bool {
        self.may(&self.model.goal, true, &[])
    }

    fn note(&mut self, effects: &[Effect]) {
        for effect in effects {
            match &effect.kind {
                EffectKind::Add(predicate, _) | EffectKind::Delete(predicate, _) => {
                    self.changes[predicate.0 as usize] = true;
                }
                EffectKind::Change(change) => self.moves[change.function.0 as usize] = true,
                EffectKind::Forall(all) => self.note(&all.body),
                EffectKind::When(_, effects) => self.note(effects),
            }
        }
    }

    fn round(&mut self) {
        let model = self.model;
        for action in &model.actions {
            for binding in self.bindings(&action.parameters) {
                let applies = self.may(&action.precondition, true, &binding)
                    && self.reads_values(&action.effects, &[], &binding);
                if applies {
                    self.apply(&action.effects, &binding);
                }
            }
        }
        for axiom in &model.axioms {
            for binding in self.bindings(&axiom.parameters) {
                if self.may(&axiom.condition, true, &binding) {
                    self.atoms.insert((axiom.predicate.0, binding));
                }
            }
        }
    }

    fn bindings(&self, parameters: &[Parameter]) -> Vec<Vec<u32>> {
        let mut all = vec![Vec::new()];
        for parameter in parameters {
            let objects = self.model.objects_of(&parameter.types);
            let longer = |binding: &Vec<u32>| {
                objects.iter().map(|object| [&binding[..], &[object.0]].concat()).collect()
            };
            all = all.iter().flat_map(|binding| -> Vec<Vec<u32>> { longer(binding) }).collect();
        }
        all
    }

    /// Whether the condition, or its negation, may hold.
    fn may(&self, condition: &Condition, is_positive: bool, env: &[u32]) -> bool {
        let any = |mut parts: Box<dyn Iterator<Item = bool> + '_>| parts.any(|part| part);
        match &condition.kind {
            ConditionKind::Atom(predicate, terms) => {
                let holds = self.atoms.contains(&self.atom(*predicate, terms, env));
                if is_positive { holds } else { self.changes[predicate.0 as usize] || !holds }
            }
            ConditionKind::Equal(left, right) => (object(*left, env) == object(*right, env)) == is_positive,
            ConditionKind::Compare(comparator, left, right) => {
                self.may_compare(*comparator, left, right, is_positive, env)
            }
            ConditionKind::Not(part) => self.may(part, !is_positive, env),
            ConditionKind::And(parts) if is_positive => parts.iter().all(|part| self.may(part, true, env)),
            ConditionKind::And(parts) => any(Box::new(parts.iter().map(|part| self.may(part, false, env)))),
            ConditionKind::Or(parts) if is_positive => {
                any(Box::new(parts.iter().map(|part| self.may(part, true, env))))
            }
            ConditionKind::Or(parts) => parts.iter().all(|part| self.may(part, false, env)),
            ConditionKind::Imply(parts) if is_positive => {
                self.may(&parts[0], false, env) || self.may(&parts[1], true, env)
            }
            ConditionKind::Imply(parts) => self.may(&parts[0], true, env) && self.may(&parts[1], false, env),
            ConditionKind::Forall(all) | ConditionKind::Exists(all) => {
                let is_forall = matches!(condition.kind, ConditionKind::Forall(_)) == is_positive;
                let bindings = self.bindings(&all.parameters);
                let mut holds =
                    bindings.iter().map(|one| self.may(&all.body, is_positive, &[env, one].concat()));
                if is_forall { holds.all(|one| one) } else { holds.any(|one| one) }
            }
        }
    }

    fn may_compare(
        &self,
        comparator: Comparator,
        left: &Expression,
        right: &Expression,
        is_positive: bool,
        env: &[u32],
    ) -> bool {
        if !self.has_value(left, env) || !self.has_value(right, env) {
            return false;
        }
        let (Some(left), Some(right)) = (self.constant(left, env), self.constant(right, env)) else {
            return true;
        };
        #[expect(clippy::float_cmp, reason = "numbers of a model are equal where they are the same")]
        let holds = match comparator {
            Comparator::Equal => left == right,
            Comparator::Less => left < right,
            Comparator::AtMost => left <= right,
            Comparator::Greater => left > right,
            Comparator::AtLeast => left >= right,
        };
        !left.is_nan() && !right.is_nan() && holds == is_positive
    }

    /// Whether all fluents of a number may have a value.
    fn has_value(&self, expression: &Expression, env: &[u32]) -> bool {
        match &expression.kind {
            ExpressionKind::Number(_) => true,
            ExpressionKind::Fluent(function, terms) => {
                self.valued.contains(&self.fluent(*function, terms, env))
            }
            ExpressionKind::Negate(part) => self.has_value(part, env),
            ExpressionKind::Binary(_, parts) => parts.iter().all(|part| self.has_value(part, env)),
        }
    }

    /// A number that no action changes; `None` for others.
    fn constant(&self, expression: &Expression, env: &[u32]) -> Option<f64> {
        Some(match &expression.kind {
            ExpressionKind::Number(value) => *value,
            ExpressionKind::Fluent(function, _) if self.moves[function.0 as usize] => return None,
            ExpressionKind::Fluent(function, terms) => {
                let wanted = self.fluent(*function, terms, env);
                let mut values = self.model.values.iter();
                let found = values.find(|(function, objects, ..)| {
                    function.0 == wanted.0 && objects.iter().map(|one| one.0).eq(wanted.1.iter().copied())
                });
                found.map_or(0.0, |(_, _, value, _)| value)
            }
            ExpressionKind::Negate(part) => 0.0 - self.constant(part, env)?,
            ExpressionKind::Binary(operator, parts) => {
                let (left, right) = (self.constant(&parts[0], env)?, self.constant(&parts[1], env)?);
                match operator {
                    Arithmetic::Add => left + right,
                    Arithmetic::Subtract => left - right,
                    Arithmetic::Multiply => left * right,
                    Arithmetic::Divide if right == 0.0 => f64::NAN,
                    Arithmetic::Divide => left / right,
                }
            }
        })
    }

    /// Whether effects may happen with all that they read having a value, `outer` being the conditions
    /// around them: one of these may fail, or what is read has a value; and each condition inside is true or
    /// false.
    fn reads_values<'c>(
        &self,
        effects: &'c [Effect],
        outer: &[(&'c Condition, Vec<u32>)],
        env: &[u32],
    ) -> bool {
        let may_fail = || outer.iter().any(|(condition, env)| self.may(condition, false, env));
        effects.iter().all(|effect| match &effect.kind {
            EffectKind::Add(..) | EffectKind::Delete(..) => true,
            EffectKind::Change(change) => self.change_reads_values(change, env) || may_fail(),
            EffectKind::Forall(all) => self
                .bindings(&all.parameters)
                .iter()
                .all(|one| self.reads_values(&all.body, outer, &[env, one].concat())),
            EffectKind::When(condition, effects) => {
                let is_known =
                    self.may(condition, true, env) || self.may(condition, false, env) || may_fail();
                let inner = [outer, &[(&**condition, env.to_vec())]].concat();
                is_known && self.reads_values(effects, &inner, env)
            }
        })
    }

    fn change_reads_values(&self, change: &NumericChange, env: &[u32]) -> bool {
        let own = self.fluent(change.function, &change.arguments, env);
        let has_own = change.assignment == Assignment::Assign || self.valued.contains(&own);
        has_own && self.has_value(&change.value, env)
    }

    fn apply(&mut self, effects: &[Effect], env: &[u32]) {
        for effect in effects {
            match &effect.kind {
                EffectKind::Add(predicate, terms) => {
                    let atom = self.atom(*predicate, terms, env);
                    self.atoms.insert(atom);
                }
                EffectKind::Delete(..) => {}
                EffectKind::Change(change) => {
                    if change.assignment == Assignment::Assign {
                        let fluent = self.fluent(change.function, &change.arguments, env);
                        self.valued.insert(fluent);
                    }
                }
                EffectKind::Forall(all) => {
                    for binding in self.bindings(&all.parameters) {
                        self.apply(&all.body, &[env, &binding].concat());
                    }
                }
                EffectKind::When(condition, effects) => {
                    if self.may(condition, true, env) {
                        self.apply(effects, env);
                    }
                }
            }
        }
    }

    fn atom(&self, predicate: PredicateId, terms: &[Term], env: &[u32]) -> Name {
        (predicate.0, terms.iter().map(|&term| object(term, env)).collect())
    }

    fn fluent(&self, function: FunctionId, terms: &[Term], env: &[u32]) -> Name {
        (function.0, terms.iter().map(|&term| object(term, env)).collect())
    }
}

fn object(term: Term, env: &[u32]) -> u32 {
    match term {
        Term::Variable(at) => env[at as usize],
        Term::Object(object) => object.0,
    }
}
