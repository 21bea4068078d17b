//! Actions and the rules of derived predicates.

use super::super::codes;
use super::super::model::{Action, Axiom, Condition, Effect, Parameter, PredicateId, TypeId};
use super::super::syntax::{Cursor, NodeId, Symbol, words};
use super::condition::ConditionReader;
use super::connective::Role;
use super::declare::behind_head;
use super::effect::EffectReader;
use super::fit::Fit;
use super::needs::Need;
use super::world::World;
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::nearest::nearest;

/// Reads one action.
#[derive(Debug)]
pub(super) struct ActionReader {
    action: Action,
    parts: Parts,
    state: State,
}

/// Where the parts of an action stand.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    parameters: Option<NodeId>,
    precondition: Option<NodeId>,
    effect: Option<NodeId>,
}

#[derive(Debug)]
enum State {
    Precondition(ConditionReader),
    Effect(EffectReader),
}

impl ActionReader {
    /// Reads the action of a section. None where it has no name.
    pub(super) fn new(section: NodeId, world: &mut World) -> Option<Self> {
        let mut cursor = behind_head(section, world);
        let name = world.section_name(section, &mut cursor, "action")?;
        let span = world.tree.span(name);
        world.declare_action(name);
        let parts = world.action_parts(cursor);
        world.scope.truncate(0);
        let (parameters, is_whole) = world.action_parameters(parts.parameters);
        world.scope.has_gaps = !is_whole;
        world.scope.lacks_parameters = parts.parameters.is_none();
        world.bind(&parameters, 0);
        let place = parts.precondition.map_or(span, |node| world.tree.span(node));
        let precondition = Condition::always(place);
        let name = world.tree.name(name).to_owned();
        let action = Action { name, parameters, precondition, effects: Vec::new(), span };
        let state = match parts.precondition {
            Some(node) => State::Precondition(ConditionReader::new(node, world)),
            None => State::Effect(effect(&parts, world)),
        };
        Some(Self { action, parts, state })
    }

    /// Reads one part; whether there are more.
    pub(super) fn advance(&mut self, world: &mut World) -> bool {
        match &mut self.state {
            State::Precondition(reader) => {
                if !reader.advance(world) {
                    self.action.precondition = reader.take();
                    self.state = State::Effect(effect(&self.parts, world));
                }
                true
            }
            State::Effect(reader) => {
                if reader.advance(world) {
                    return true;
                }
                self.action.effects = reader.take();
                false
            }
        }
    }

    /// The action that was read.
    pub(super) fn finish(self, world: &mut World) {
        world.scope.truncate(0);
        world.model.actions.push(self.action);
    }
}

fn effect(parts: &Parts, world: &mut World) -> EffectReader {
    parts.effect.map_or_else(EffectReader::default, |node| EffectReader::new(node, world))
}

impl World {
    /// The name behind the head of a section. Reported where there is none.
    pub(super) fn section_name(
        &mut self,
        section: NodeId,
        cursor: &mut Cursor,
        what: &str,
    ) -> Option<NodeId> {
        let name = cursor.peek();
        let is_name = name.is_some_and(|name| {
            self.tree.word(name).is_some() && !self.tree.name(name).starts_with([':', '?'])
        });
        if is_name {
            return cursor.take(&self.tree);
        }
        let span = self.tree.items(section).next().map_or_else(Span::default, |head| self.tree.span(head));
        let message = format!("the name of this {what} is missing");
        self.error(codes::MISSING_NAME, span, message, "write its name behind this word");
        None
    }

    fn declare_action(&mut self, name: NodeId) {
        let Some(symbol) = self.tree.word(name) else { return };
        let span = self.tree.span(name);
        let Some(before) = self.names.actions.find(symbol) else {
            return self.names.actions.set(symbol, Some(span.start));
        };
        let line = self.line(Span { start: before, end: before }, span);
        let message = format!("the action `{}` is declared already", self.tree.name(name));
        let help = format!("give it another name; the other one is in {line}");
        self.error(codes::DUPLICATE_ACTION, span, message, help);
    }

    /// The values behind the keys of an action.
    fn action_parts(&mut self, mut cursor: Cursor) -> Parts {
        let mut parts = Parts::default();
        while let Some(key) = cursor.take(&self.tree) {
            let place = match self.tree.word(key) {
                Some(words::PARAMETERS) => &mut parts.parameters,
                Some(words::PRECONDITION) => &mut parts.precondition,
                Some(words::EFFECT) => &mut parts.effect,
                _ => match self.meant_part(key, &mut cursor, &mut parts) {
                    Some(place) => place,
                    None => continue,
                },
            };
            let value = cursor.peek().filter(|&value| !self.tree.name(value).starts_with(':'));
            let Some(value) = value else {
                let message = format!("nothing stands behind `{}`", self.tree.name(key));
                let help = "write a list behind it, `()` where it is empty";
                self.error(codes::WRONG_PARTS, self.tree.span(key), message, help);
                continue;
            };
            cursor.take(&self.tree);
            if place.replace(value).is_some() {
                let message = format!("`{}` stands twice in this action", self.tree.name(key));
                let help = "put both into one; several conditions or effects go into one `(and …)`";
                self.error(codes::DUPLICATE_SECTION, self.tree.span(key), message, help);
            }
        }
        parts
    }

    /// Reports an item that is no key of an action. The part that it was meant to be; `None` where it is none.
    fn meant_part<'p>(
        &mut self,
        key: NodeId,
        cursor: &mut Cursor,
        parts: &'p mut Parts,
    ) -> Option<&'p mut Option<NodeId>> {
        let is_variables = self.tree.is_list(key)
            && self.tree.items(key).next().is_some_and(|first| self.tree.name(first).starts_with('?'));
        if is_variables && parts.parameters.is_none() {
            let span = self.tree.opening(key);
            let start = Span { start: span.start, end: span.start };
            let message = "`:parameters` is missing in front of this list";
            self.findings.push(
                Diagnostic::error(codes::UNKNOWN_KEY, span, message)
                    .with_help("write `:parameters (?x - type …)`")
                    .with_fix("Add `:parameters`", start, ":parameters "),
            );
            parts.parameters = Some(key);
            return None;
        }
        match self.unknown_key(key, cursor, *parts)? {
            words::PARAMETERS => Some(&mut parts.parameters),
            words::PRECONDITION => Some(&mut parts.precondition),
            _ => Some(&mut parts.effect),
        }
    }

    /// Reports a word that is no key of an action. The key that was probably meant, where its value is still to be
    /// read.
    fn unknown_key(&mut self, key: NodeId, cursor: &mut Cursor, parts: Parts) -> Option<Symbol> {
        let (span, name) = (self.tree.opening(key), self.tree.name(key));
        let keys = [
            (":parameters", words::PARAMETERS, parts.parameters),
            (":precondition", words::PRECONDITION, parts.precondition),
            (":effect", words::EFFECT, parts.effect),
        ];
        let free = keys.iter().filter(|one| one.2.is_none()).map(|one| one.0);
        let near = nearest(name, free).filter(|_| self.tree.word(key).is_some());
        if !name.starts_with(':') && near.is_none() {
            let help = "an action has `:parameters`, `:precondition` and `:effect`, each with one list; \
                        put several conditions or effects into one `(and …)`";
            self.error(codes::UNEXPECTED_ITEM, span, "this belongs to no part of the action", help);
            return None;
        }
        let is_temporal = matches!(self.tree.word(key), Some(words::DURATION | words::CONDITION));
        // The item after it belongs to it.
        if (is_temporal || near.is_none())
            && cursor.peek().is_some_and(|value| !self.tree.name(value).starts_with(':'))
        {
            cursor.take(&self.tree);
        }
        if matches!(self.tree.word(key), Some(words::DURATION | words::CONDITION)) {
            let message = format!("`{name}` stands in durative actions alone, which are not supported");
            self.needs.note(Need::Temporal, span);
            self.error(codes::TEMPORAL, span, message, "use `:precondition` and `:effect`");
            return None;
        }
        let finding = Diagnostic::error(codes::UNKNOWN_KEY, span, format!("an action has no part `{name}`"));
        let meant = near.and_then(|near| keys.iter().find(|one| one.0 == near)).map(|one| one.1);
        self.findings.push(match near {
            Some(near) => finding.with_help(format!("did you mean `{near}`?")).with_fix(
                format!("Change to `{near}`"),
                span,
                near,
            ),
            None => finding.with_help("an action has `:parameters`, `:precondition` and `:effect`"),
        });
        meant
    }

    fn action_parameters(&mut self, node: Option<NodeId>) -> (Vec<Parameter>, bool) {
        let Some(node) = node else { return (Vec::new(), true) };
        if self.tree.is_list(node) {
            return self.parameters(self.tree.cursor(node));
        }
        let help = "write `(?x - type)`, or `()` where there are none";
        let span = self.tree.span(node);
        self.error(codes::UNEXPECTED_ITEM, span, "parameters stand in brackets", help);
        (Vec::new(), false)
    }
}

/// Reads one rule.
#[derive(Debug)]
pub(super) struct AxiomReader {
    axiom: Axiom,
    reader: ConditionReader,
}

impl AxiomReader {
    /// Reads the rule of a section. None where its head cannot be read.
    pub(super) fn new(section: NodeId, world: &mut World) -> Option<Self> {
        let mut cursor = behind_head(section, world);
        let (head, predicate) = world.axiom_head(section)?;
        cursor.take(&world.tree);
        let body = cursor.take(&world.tree);
        let (Some(body), None) = (body, cursor.peek()) else {
            let count = 1 + usize::from(body.is_some()) + usize::from(cursor.peek().is_some());
            world.wrong_parts(section, count, 2, "part");
            return None;
        };
        let (_, _, parameters) = world.signature(head, "derived predicate")?;
        world.scope.truncate(0);
        let span = world.tree.span(head);
        let parameters = world.narrow(predicate, parameters, span)?;
        world.bind(&parameters, 0);
        let reader = ConditionReader::new(body, world);
        let condition = Condition::always(world.tree.span(body));
        Some(Self { axiom: Axiom { predicate, parameters, condition, span }, reader })
    }

    /// Reads one part; whether there are more.
    pub(super) fn advance(&mut self, world: &mut World) -> bool {
        self.reader.advance(world)
    }

    /// The rule that was read.
    pub(super) fn finish(mut self, world: &mut World) {
        world.scope.truncate(0);
        self.axiom.condition = self.reader.take();
        world.model.axioms.push(self.axiom);
    }
}

impl World {
    /// Notes that a predicate is derived.
    pub(super) fn note_derived(&mut self, section: NodeId) {
        self.needs.note(Need::Derived, self.tree.span(section));
        let head = self.tree.items(section).nth(1).and_then(|head| self.tree.head(head));
        let predicate = head.and_then(|symbol: Symbol| self.names.predicates.find(symbol));
        if let Some(predicate) = predicate {
            self.model.predicates[predicate as usize].stratum = Some(0);
        }
    }

    fn axiom_head(&mut self, section: NodeId) -> Option<(NodeId, PredicateId)> {
        let head = self.tree.items(section).nth(1).filter(|&head| self.tree.is_list(head));
        let Some(head) = head else {
            let span =
                self.tree.items(section).next().map_or_else(Span::default, |word| self.tree.span(word));
            let help = "write `(:derived (predicate ?x) condition)`";
            self.error(codes::WRONG_PARTS, span, "the derived predicate is missing", help);
            return None;
        };
        let name = self.tree.items(head).next();
        let found = self.tree.head(head).and_then(|symbol| self.names.predicates.find(symbol));
        match (found, name) {
            (Some(predicate), _) => Some((head, PredicateId(predicate))),
            (None, Some(name)) if self.tree.word(name).is_some() => {
                self.unknown_predicate(head, Role::Derived);
                None
            }
            _ => {
                let help = "write `(:derived (predicate ?x) condition)`";
                self.error(
                    codes::MISSING_NAME,
                    self.tree.span(head),
                    "the derived predicate is missing",
                    help,
                );
                None
            }
        }
    }

    /// The types of the objects that are of `one` and of `other`, where only some are of both.
    fn both(&mut self, one: &[TypeId], other: Vec<TypeId>) -> Vec<TypeId> {
        if self.lattice.fit(&other, one) == Fit::Inside {
            return other;
        }
        let all = (0..self.model.types.len() as u32).map(TypeId);
        let lattice = &mut self.lattice;
        let is_both = |of: &TypeId| {
            lattice.fit(&[*of], one) == Fit::Inside && lattice.fit(&[*of], &other) == Fit::Inside
        };
        let found: Vec<TypeId> = all.filter(is_both).collect();
        if found.is_empty() { other } else { found }
    }

    /// The parameters of a rule, no wider than the predicate's.
    fn narrow(
        &mut self,
        predicate: PredicateId,
        mut parameters: Vec<Parameter>,
        place: Span,
    ) -> Option<Vec<Parameter>> {
        let owner = super::arguments::Owner::Predicate(predicate);
        let declared = self.parameters_of(owner).to_vec();
        if declared.len() != parameters.len() {
            self.wrong_arity(owner, parameters.len(), place);
            return None;
        }
        for (own, declared) in parameters.iter_mut().zip(declared) {
            if own.types.is_empty() || declared.types.is_empty() {
                continue;
            }
            match self.lattice.fit(&own.types, &declared.types) {
                Fit::Inside => {}
                Fit::Partly => own.types = self.both(&own.types, declared.types),
                Fit::Never => {
                    let (mine, other) = (self.type_text(&own.types), self.type_text(&declared.types));
                    let message = format!("`?{}` is of type {mine} here, but declared as {other}", own.name);
                    let help = format!("the predicate is declared in {}", self.line(declared.span, own.span));
                    self.error(codes::WRONG_TYPE, own.span, message, help);
                }
            }
        }
        Some(parameters)
    }
}

/// Visits all effects, those within `forall` and `when` included.
pub(super) fn each_effect<'a>(effects: &'a [Effect], visit: &mut dyn FnMut(&'a Effect)) {
    for effect in effects {
        visit(effect);
        match &effect.kind {
            super::super::model::EffectKind::Forall(inner) => each_effect(&inner.body, visit),
            super::super::model::EffectKind::When(_, inner) => each_effect(inner, visit),
            _ => {}
        }
    }
}
