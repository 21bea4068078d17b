//! Writes conditions and effects out: names of atoms and fluents to numbers.

use planscope::lang::pddl::Model;
use planscope::lang::pddl::model::{
    Condition, ConditionKind, Effect, EffectKind, Expression, ExpressionKind, FunctionId, Parameter,
    PredicateId, Term,
};

use super::State;
use super::tree::{Deed, Sum, Tree};

/// Writes conditions out: names of atoms and fluents to numbers.
pub(super) struct Pen<'m> {
    pub(super) model: &'m Model,
    pub(super) atoms: Vec<usize>,
    pub(super) fluents: Vec<usize>,
}

pub(super) fn offsets(arities: impl Iterator<Item = usize>, objects: usize) -> Vec<usize> {
    let mut offsets = vec![0];
    for arity in arities {
        offsets.push(offsets[offsets.len() - 1] + objects.pow(arity as u32));
    }
    offsets
}

impl Pen<'_> {
    pub(super) fn number(&self, offset: usize, objects: &[usize]) -> usize {
        offset + objects.iter().fold(0, |sum, object| sum * self.model.objects.len() + object)
    }

    pub(super) fn atom(&self, predicate: PredicateId, terms: &[Term], env: &[usize]) -> usize {
        let objects: Vec<usize> = terms.iter().map(|&term| object(term, env)).collect();
        self.number(self.atoms[predicate.0 as usize], &objects)
    }

    pub(super) fn fluent(&self, function: FunctionId, terms: &[Term], env: &[usize]) -> usize {
        let objects: Vec<usize> = terms.iter().map(|&term| object(term, env)).collect();
        self.number(self.fluents[function.0 as usize], &objects)
    }

    /// The text of everything with a number, in the order of the numbers.
    pub(super) fn names<'a>(&self, symbols: impl Iterator<Item = (&'a str, usize)>) -> Vec<String> {
        let mut names = Vec::new();
        for (symbol, arity) in symbols {
            let mut rows = vec![format!("({symbol}")];
            for _ in 0..arity {
                let objects = || self.model.objects.iter();
                rows = rows
                    .iter()
                    .flat_map(|row| objects().map(move |one| format!("{row} {}", one.name)))
                    .collect();
            }
            names.extend(rows.into_iter().map(|row| row + ")"));
        }
        names
    }

    /// All ways to bind parameters, the first of them slowest.
    pub(super) fn bindings(&self, parameters: &[Parameter]) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new()];
        for parameter in parameters {
            let mut longer = Vec::new();
            for binding in &all {
                for object in 0..self.model.objects.len() {
                    if self.is_of(object, parameter) {
                        longer.push([binding.as_slice(), &[object]].concat());
                    }
                }
            }
            all = longer;
        }
        all
    }

    /// By the declared types of the object and their supertypes.
    pub(super) fn is_of(&self, object: usize, parameter: &Parameter) -> bool {
        let mut types = self.model.objects[object].types.clone();
        let mut at = 0;
        while at < types.len() {
            let parents = self.model.types[types[at].0 as usize].parents.clone();
            types.extend(parents.into_iter().filter(|one| !types.contains(one)).collect::<Vec<_>>());
            at += 1;
        }
        parameter.types.iter().any(|one| types.contains(one))
    }

    pub(super) fn tree(&self, condition: &Condition, env: &[usize]) -> Tree {
        match &condition.kind {
            ConditionKind::Atom(predicate, terms) => Tree::Atom(self.atom(*predicate, terms, env)),
            ConditionKind::Equal(left, right) => Tree::Known(object(*left, env) == object(*right, env)),
            ConditionKind::Compare(comparator, left, right) => {
                Tree::Compare(*comparator, self.sum(left, env), self.sum(right, env))
            }
            ConditionKind::Not(part) => Tree::Not(Box::new(self.tree(part, env))),
            ConditionKind::And(parts) => Tree::And(parts.iter().map(|part| self.tree(part, env)).collect()),
            ConditionKind::Or(parts) => Tree::Or(parts.iter().map(|part| self.tree(part, env)).collect()),
            ConditionKind::Imply(parts) => {
                Tree::Or(vec![Tree::Not(Box::new(self.tree(&parts[0], env))), self.tree(&parts[1], env)])
            }
            ConditionKind::Forall(all) => {
                let bindings = self.bindings(&all.parameters);
                Tree::And(bindings.iter().map(|one| self.tree(&all.body, &[env, one].concat())).collect())
            }
            ConditionKind::Exists(some) => {
                let bindings = self.bindings(&some.parameters);
                Tree::Or(bindings.iter().map(|one| self.tree(&some.body, &[env, one].concat())).collect())
            }
        }
    }

    pub(super) fn sum(&self, expression: &Expression, env: &[usize]) -> Sum {
        match &expression.kind {
            ExpressionKind::Number(number) => Sum::Number(*number),
            ExpressionKind::Fluent(function, terms) => Sum::Fluent(self.fluent(*function, terms, env)),
            ExpressionKind::Negate(part) => Sum::Negate(Box::new(self.sum(part, env))),
            ExpressionKind::Binary(operator, parts) => {
                Sum::Binary(*operator, Box::new(self.sum(&parts[0], env)), Box::new(self.sum(&parts[1], env)))
            }
        }
    }

    pub(super) fn deeds(&self, effects: &[Effect], env: &[usize]) -> Vec<Deed> {
        let mut deeds = Vec::new();
        for effect in effects {
            match &effect.kind {
                EffectKind::Add(predicate, terms) => {
                    deeds.push(Deed::Make(self.atom(*predicate, terms, env), true));
                }
                EffectKind::Delete(predicate, terms) => {
                    deeds.push(Deed::Make(self.atom(*predicate, terms, env), false));
                }
                EffectKind::Change(change) => {
                    let fluent = self.fluent(change.function, &change.arguments, env);
                    deeds.push(Deed::Change(change.assignment, fluent, self.sum(&change.value, env)));
                }
                EffectKind::When(condition, effects) => {
                    deeds.push(Deed::When(self.tree(condition, env), self.deeds(effects, env)));
                }
                EffectKind::Forall(all) => {
                    for binding in self.bindings(&all.parameters) {
                        deeds.extend(self.deeds(&all.body, &[env, &binding].concat()));
                    }
                }
            }
        }
        deeds
    }
}

pub(super) fn object(term: Term, env: &[usize]) -> usize {
    match term {
        Term::Variable(at) => env[at as usize],
        Term::Object(object) => object.0 as usize,
    }
}

pub(super) fn initial(pen: &Pen<'_>, atoms: usize, fluents: usize) -> State {
    let mut state = State { atoms: vec![false; atoms], numbers: vec![None; fluents] };
    for (predicate, objects, _) in pen.model.atoms.iter() {
        let objects: Vec<usize> = objects.iter().map(|one| one.0 as usize).collect();
        state.atoms[pen.number(pen.atoms[predicate.0 as usize], &objects)] = true;
    }
    for (at, function) in pen.model.functions.iter().enumerate() {
        if function.name == "total-cost" && function.parameters.is_empty() {
            state.numbers[pen.fluents[at]] = Some(0.0);
        }
    }
    for (function, objects, value, _) in pen.model.values.iter() {
        let objects: Vec<usize> = objects.iter().map(|one| one.0 as usize).collect();
        state.numbers[pen.number(pen.fluents[function.0 as usize], &objects)] = Some(value);
    }
    state
}
