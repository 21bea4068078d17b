//! From the model to [`Lifted`].

use super::domains::Domains;
use super::generators::is_filter;
use super::lifted::{
    Arg, Block, Change, Class, FunctionUse, Lifted, Literal, Nnf, Number, Origin, Quantified, Schema, TRUE,
    Variable, combinations,
};
use super::miniscope::quantify;
use super::terms::{Scope, arg, literal, number};
use crate::lang::pddl::model::{
    self, Action, Assignment, Axiom, Effect, EffectKind, Metric, Model, Parameter,
};

/// Most alternatives of an axiom that become rules of their own; further disjunctions stay in the rules.
const ALTERNATIVES_MAX: usize = 64;

/// Normalises a model, schema by schema.
pub(super) struct Normalise<'m> {
    pub(super) model: &'m Model,
    pub(super) lifted: Lifted,
}

/// The whole model but its initial state. O(size of the domain and the goal).
pub(super) fn normalise(model: &Model) -> Lifted {
    let mut all = Normalise { model, lifted: frame(model) };
    for (index, action) in model.actions.iter().enumerate() {
        let schema = all.action(index as u32, action);
        all.lifted.schemas.push(schema);
    }
    all.lifted.actions = all.lifted.schemas.len();
    for (index, axiom) in model.axioms.iter().enumerate() {
        all.axiom(index as u32, axiom);
    }
    let mut scope = Scope { slots: Vec::new(), next: 0 };
    all.lifted.goal = all.condition(&model.goal, true, &mut scope);
    all.lifted.goal_slots = scope.next;
    if let Metric::Minimize(expression) = &model.metric {
        all.lifted.metric = Some((number(expression, &scope), expression.span));
    }
    all.lifted
}

/// The parts that do not depend on conditions: how predicates and functions change.
fn frame(model: &Model) -> Lifted {
    let defined = model.predicates.len();
    let derived = |one: &model::Predicate| one.stratum.map_or(Class::Static, Class::Derived);
    let mut classes: Vec<Class> = model.predicates.iter().map(derived).collect();
    classes.extend(model.functions.iter().map(|_| Class::Static));
    let mut is_deleted = vec![false; classes.len()];
    let mut functions = vec![FunctionUse::default(); model.functions.len()];
    let mut given = vec![0u64; functions.len()];
    for (function, ..) in model.values.iter() {
        given[function.0 as usize] += 1;
    }
    let total_cost = model.total_cost().map(|function| function.0);
    for (index, function) in model.functions.iter().enumerate() {
        let is_total_cost = total_cost == Some(index as u32);
        let all = combinations(model, &function.parameters);
        functions[index].may_be_undefined = given[index] < all && !is_total_cost;
    }
    for action in &model.actions {
        changes(&action.effects, &mut |kind| match kind {
            EffectKind::Add(predicate, _) => classes[predicate.0 as usize] = Class::Fluent,
            EffectKind::Delete(predicate, _) => {
                classes[predicate.0 as usize] = Class::Fluent;
                is_deleted[predicate.0 as usize] = true;
            }
            EffectKind::Change(change) => {
                let function = &mut functions[change.function.0 as usize];
                function.is_changed = true;
                function.is_assigned |= change.assignment == Assignment::Assign;
                function.is_set |= !matches!(change.assignment, Assignment::Increase | Assignment::Decrease);
            }
            EffectKind::Forall(_) | EffectKind::When(..) => {}
        });
    }
    for (index, function) in functions.iter().enumerate() {
        if function.is_assigned && function.may_be_undefined {
            classes[defined + index] = Class::Fluent;
        }
    }
    let mut domains = Domains::default();
    let mut position = |one: &Parameter| {
        domains.intern(model.objects_of(&one.types).into_iter().map(|object| object.0).collect())
    };
    let parameters = model.predicates.iter().map(|one| &one.parameters);
    let parameters = parameters.chain(model.functions.iter().map(|one| &one.parameters));
    let positions = parameters.map(|all| all.iter().map(&mut position).collect()).collect();
    Lifted {
        domains,
        schemas: Vec::new(),
        actions: 0,
        goal: TRUE,
        goal_slots: 0,
        positions,
        classes,
        is_deleted,
        functions,
        metric: None,
        total_cost,
        defined: defined as u32,
    }
}

fn changes(effects: &[Effect], visit: &mut dyn FnMut(&EffectKind)) {
    for effect in effects {
        match &effect.kind {
            EffectKind::Forall(inner) => changes(&inner.body, visit),
            EffectKind::When(_, inner) => changes(inner, visit),
            simple => visit(simple),
        }
    }
}

impl Normalise<'_> {
    pub(super) fn variables(
        &mut self,
        parameters: &[Parameter],
        first: u32,
        scope: &mut Scope,
    ) -> Vec<Variable> {
        scope.slots.truncate(first as usize);
        let mut variables = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            let objects = self.model.objects_of(&parameter.types).into_iter().map(|object| object.0);
            let domain = self.lifted.domains.intern(objects.collect());
            variables.push(Variable { slot: scope.next, domain });
            scope.slots.push(scope.next);
            scope.next += 1;
        }
        variables
    }

    fn action(&mut self, index: u32, action: &Action) -> Schema {
        let mut scope = Scope { slots: Vec::new(), next: 0 };
        let parameters = self.variables(&action.parameters, 0, &mut scope);
        let mut conditions = self.condition(&action.precondition, true, &mut scope).into_conjuncts();
        let mut blocks: Vec<Block> = Vec::new();
        self.blocks(&action.effects, &[], &TRUE, &mut scope, &mut blocks, &mut conditions);
        blocks.iter_mut().for_each(|block| self.project(block));
        let mut schema = self.schema(Origin::Action(index), parameters, conditions);
        schema.slots = scope.next;
        schema.blocks = blocks;
        schema
    }

    /// Turns effects under `variables` and `condition` into blocks. Where an effect reads something that may
    /// be undefined, the requirement that it is defined is added to `conditions`.
    fn blocks(
        &mut self,
        effects: &[Effect],
        variables: &[Variable],
        condition: &Nnf,
        scope: &mut Scope,
        blocks: &mut Vec<Block>,
        conditions: &mut Vec<Nnf>,
    ) {
        let mut own: Option<usize> = None;
        for effect in effects {
            let before = blocks.len();
            match &effect.kind {
                EffectKind::Forall(inner) => {
                    let mut all = variables.to_vec();
                    all.extend(self.variables(&inner.parameters, inner.first, scope));
                    self.blocks(&inner.body, &all, condition, scope, blocks, conditions);
                    scope.slots.truncate(inner.first as usize);
                }
                EffectKind::When(when, inner) => {
                    let holds = self.condition(when, true, scope);
                    if self.may_be_undefined(&holds) {
                        let does_not = self.condition(when, false, scope);
                        let known = Nnf::any([holds.clone(), does_not]);
                        let outer = fails(condition);
                        conditions.push(self.forall(variables, Nnf::any([outer, known])));
                    }
                    let both = Nnf::all([condition.clone(), holds]);
                    if !both.is_false() {
                        self.blocks(inner, variables, &both, scope, blocks, conditions);
                    }
                }
                simple => {
                    let at = *own.get_or_insert_with(|| {
                        let (variables, condition) = (variables.to_vec(), condition.clone());
                        let (adds, deletes, changes) = (Vec::new(), Vec::new(), Vec::new());
                        blocks.push(Block { variables, condition, adds, deletes, changes });
                        blocks.len() - 1
                    });
                    self.effect(simple, effect, scope, &mut blocks[at], conditions);
                    continue;
                }
            }
            // Changes of one fluent are applied in the order of the text.
            if blocks[before..].iter().any(|block| !block.changes.is_empty()) {
                own = None;
            }
        }
    }

    fn effect(
        &mut self,
        kind: &EffectKind,
        effect: &Effect,
        scope: &Scope,
        block: &mut Block,
        conditions: &mut Vec<Nnf>,
    ) {
        match kind {
            EffectKind::Add(predicate, terms) => {
                block.adds.push(literal(predicate.0, terms, true, scope));
            }
            EffectKind::Delete(predicate, terms) => {
                block.deletes.push(literal(predicate.0, terms, true, scope));
            }
            EffectKind::Change(change) => {
                let value = number(&change.value, scope);
                value.fluents(&mut |function, _| self.lifted.functions[function as usize].is_read = true);
                let function = change.function.0;
                let arguments: Vec<Arg> = change.arguments.iter().map(|&term| arg(term, scope)).collect();
                let mut required = self.defined(&value);
                let own = self.defined(&Number::Fluent(function, arguments.clone()));
                if change.assignment == Assignment::Assign {
                    block.adds.extend(own);
                } else {
                    required.extend(own);
                }
                if !required.is_empty() {
                    let required = Nnf::all(required.into_iter().map(Nnf::Literal));
                    let outer = fails(&block.condition);
                    conditions.push(self.forall(&block.variables, Nnf::any([outer, required])));
                }
                let assignment = change.assignment;
                let span = effect.span;
                block.changes.push(Change { assignment, function, arguments, value, span });
            }
            EffectKind::Forall(_) | EffectKind::When(..) => {}
        }
    }

    /// Literals which say that the fluents of a number are defined, as far as that is not certain.
    pub(super) fn defined(&self, number: &Number) -> Vec<Literal> {
        let mut literals = Vec::new();
        number.fluents(&mut |function, arguments| {
            if self.lifted.functions[function as usize].may_be_undefined {
                let symbol = self.lifted.defined(function);
                literals.push(Literal { symbol, arguments: arguments.to_vec(), is_positive: true });
            }
        });
        literals
    }

    /// Removes variables of a block that none of its adds and deletes mentions: the block happens if the
    /// condition holds for some objects. Changes of numbers are different: they happen once for each object.
    fn project(&self, block: &mut Block) {
        if !block.changes.is_empty() {
            return;
        }
        let done = block.adds.iter().chain(&block.deletes).flat_map(|literal| &literal.arguments);
        let used: Vec<u32> = done.filter_map(|one| one.slot()).collect();
        let (kept, rest): (Vec<_>, Vec<_>) =
            block.variables.iter().partition(|variable| used.contains(&variable.slot));
        let condition = std::mem::replace(&mut block.condition, TRUE);
        block.condition = quantify(&self.lifted.domains, false, rest, condition);
        block.variables = kept;
    }

    fn forall(&self, variables: &[Variable], body: Nnf) -> Nnf {
        quantify(&self.lifted.domains, true, variables.to_vec(), body)
    }

    fn may_be_undefined(&self, condition: &Nnf) -> bool {
        match condition {
            Nnf::Literal(literal) => literal.symbol >= self.lifted.defined,
            Nnf::Equal { .. } => false,
            Nnf::Test(test) => test.0.may_divide_by_zero() || test.2.may_divide_by_zero(),
            Nnf::And(parts) | Nnf::Or(parts) => parts.iter().any(|part| self.may_be_undefined(part)),
            Nnf::Quantified(quantified) => self.may_be_undefined(&quantified.body),
        }
    }

    /// One rule per alternative.
    fn axiom(&mut self, index: u32, axiom: &Axiom) {
        let mut scope = Scope { slots: Vec::new(), next: 0 };
        let parameters = self.variables(&axiom.parameters, 0, &mut scope);
        let condition = self.condition(&axiom.condition, true, &mut scope);
        let arguments = parameters.iter().map(|one| Arg::variable(one.slot)).collect();
        let head = Literal { symbol: axiom.predicate.0, arguments, is_positive: true };
        for (variables, conditions) in alternatives(condition) {
            let mut used = vec![false; scope.next as usize];
            conditions.iter().for_each(|one| one.slots(&mut |slot| used[slot as usize] = true));
            let is_needed = |one: &Variable| {
                used[one.slot as usize] || self.lifted.domains.objects(one.domain).is_empty()
            };
            let hoisted = variables.into_iter().filter(is_needed);
            let parameters = parameters.iter().copied().chain(hoisted).collect();
            let mut schema = self.schema(Origin::Axiom(index), parameters, conditions);
            schema.slots = scope.next;
            schema.head = Some(head.clone());
            self.lifted.schemas.push(schema);
        }
    }

    /// Sorts conditions by how they are tested.
    fn schema(&mut self, origin: Origin, parameters: Vec<Variable>, conditions: Vec<Nnf>) -> Schema {
        let (mut core, mut negatives) = (Vec::new(), Vec::new());
        let (mut filters, mut statics, mut residue) = (Vec::new(), Vec::new(), Vec::new());
        for condition in conditions {
            match condition {
                Nnf::Literal(literal) if literal.is_positive => {
                    if !core.contains(&literal) {
                        core.push(literal);
                    }
                }
                one if is_filter(&self.lifted, &one, true) => filters.push(one),
                one if self.lifted.is_static(&one) => statics.push(one),
                Nnf::Literal(literal) => negatives.push(literal),
                other => residue.push(other),
            }
        }
        let (slots, blocks, head) = (0, Vec::new(), None);
        Schema { origin, slots, parameters, core, filters, statics, negatives, residue, blocks, head }
    }
}

/// The condition under which another one is false, given that it is not undefined.
fn fails(condition: &Nnf) -> Nnf {
    match condition {
        Nnf::Literal(one) => {
            let is_positive = !one.is_positive;
            Nnf::Literal(Literal { is_positive, ..one.clone() })
        }
        Nnf::Equal { left, right, is_positive } => {
            Nnf::Equal { left: *left, right: *right, is_positive: !is_positive }
        }
        Nnf::Test(test) => {
            let (left, comparison, right) = (**test).clone();
            Nnf::Test(Box::new((left, comparison.negated(), right)))
        }
        Nnf::And(parts) => Nnf::any(parts.iter().map(fails)),
        Nnf::Or(parts) => Nnf::all(parts.iter().map(fails)),
        Nnf::Quantified(one) => {
            let body = fails(&one.body);
            let (is_forall, variables) = (!one.is_forall, one.variables.clone());
            Nnf::Quantified(Box::new(Quantified { is_forall, variables, body }))
        }
    }
}

/// The alternatives of a condition without guards. Each has variables that must exist, and a conjunction.
fn alternatives(condition: Nnf) -> Vec<(Vec<Variable>, Vec<Nnf>)> {
    match condition {
        Nnf::Or(parts) => {
            let found: Vec<_> = parts.iter().cloned().flat_map(alternatives).collect();
            if found.len() > ALTERNATIVES_MAX { vec![(Vec::new(), vec![Nnf::Or(parts)])] } else { found }
        }
        Nnf::And(parts) => {
            let is_exists = |part: &Nnf| matches!(part, Nnf::Quantified(one) if !one.is_forall);
            // Bindings that several quantifiers find independently are not multiplied out.
            let are_many = parts.iter().filter(|part| is_exists(part)).count() > 1;
            let mut product: Vec<(Vec<Variable>, Vec<Nnf>)> = vec![(Vec::new(), Vec::new())];
            for part in parts {
                let mut factors = alternatives(part.clone());
                let is_kept = are_many && is_exists(&part);
                if is_kept || factors.len() * product.len() > ALTERNATIVES_MAX {
                    factors = vec![(Vec::new(), vec![part])];
                }
                if let [(variables, conditions)] = &factors[..] {
                    for (all, conjuncts) in &mut product {
                        all.extend_from_slice(variables);
                        conjuncts.extend_from_slice(conditions);
                    }
                    continue;
                }
                let both = |a: &(Vec<Variable>, Vec<Nnf>), b: &(Vec<Variable>, Vec<Nnf>)| {
                    ([&a.0[..], &b.0[..]].concat(), [&a.1[..], &b.1[..]].concat())
                };
                product = product.iter().flat_map(|a| factors.iter().map(move |b| both(a, b))).collect();
            }
            product
        }
        Nnf::Quantified(quantified) if !quantified.is_forall => {
            let inner = alternatives(quantified.body);
            let variables = quantified.variables;
            inner.into_iter().map(|(more, all)| ([&variables[..], &more[..]].concat(), all)).collect()
        }
        other => vec![(Vec::new(), vec![other])],
    }
}
