//! Reads effects with a stack of its own instead of recursion. Conjunctions are flattened.

use super::super::codes;
use super::super::model::{
    Assignment, Condition, Effect, EffectKind, NumericChange, Parameter, PredicateId, Quantified,
};
use super::super::syntax::{Cursor, NodeId, Symbol, words};
use super::arguments::Owner;
use super::condition::ConditionReader;
use super::connective::Role;
use super::declare::behind_head;
use super::needs::Need;
use super::world::World;

/// Reads one effect.
#[derive(Debug, Default)]
pub(super) struct EffectReader {
    frames: Vec<Frame>,
    /// The condition of a `when` that is being read.
    condition: Option<(Frame, ConditionReader)>,
    read: Vec<Effect>,
}

#[derive(Debug)]
struct Frame {
    list: NodeId,
    cursor: Cursor,
    kind: Kind,
    effects: Vec<Effect>,
    /// Items read so far, those that could not be read included.
    count: usize,
}

#[derive(Debug)]
enum Kind {
    And,
    Forall { parameters: Vec<Parameter>, first: usize, had_gaps: bool },
    When(Condition),
}

impl EffectReader {
    /// Reads the effect at `node`.
    pub(super) fn new(node: NodeId, world: &mut World) -> Self {
        let mut reader = Self::default();
        reader.open(node, world);
        reader
    }

    /// Reads one part; whether there are more.
    pub(super) fn advance(&mut self, world: &mut World) -> bool {
        if let Some((mut frame, mut reader)) = self.condition.take() {
            if reader.advance(world) {
                self.condition = Some((frame, reader));
            } else {
                frame.kind = Kind::When(reader.take());
                self.frames.push(frame);
            }
            return true;
        }
        let Some(frame) = self.frames.last_mut() else { return false };
        frame.count += 1;
        match frame.cursor.take(&world.tree) {
            Some(item) => self.open(item, world),
            None => {
                if let Some(frame) = self.frames.pop() {
                    self.close(frame, world);
                }
            }
        }
        true
    }

    /// What was read.
    pub(super) fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.read)
    }

    fn target(&mut self) -> &mut Vec<Effect> {
        match self.frames.last_mut() {
            Some(frame) => &mut frame.effects,
            None => &mut self.read,
        }
    }

    fn open(&mut self, node: NodeId, world: &mut World) {
        world.nodes_made += 1;
        let span = world.tree.span(node);
        if world.tree.items(node).next().is_none() {
            if world.tree.word(node).is_some() {
                world.bare_word(node, "an effect");
            }
            return;
        }
        let Some(symbol) = world.tree.head(node) else {
            let help = "begin with a predicate, or with `and`, `not`, `forall`, `when` or `increase`";
            return world.list_of_lists(node, help);
        };
        let mut cursor = behind_head(node, world);
        let frame = |kind, cursor| Frame { list: node, cursor, kind, effects: Vec::new(), count: 0 };
        match symbol {
            words::AND => self.frames.push(frame(Kind::And, cursor)),
            words::FORALL => {
                world.needs.note(Need::Conditional, span);
                let (first, had_gaps) = (world.scope.len(), world.scope.has_gaps);
                let parameters = world.quantified(node, &mut cursor);
                self.frames.push(frame(Kind::Forall { parameters, first, had_gaps }, cursor));
            }
            words::WHEN => {
                world.needs.note(Need::Conditional, span);
                let condition = cursor.take(&world.tree);
                let reader = condition.map(|condition| ConditionReader::new(condition, world));
                self.condition = reader.map(|reader| (frame(Kind::And, cursor), reader));
                if self.condition.is_none() {
                    world.wrong_parts(node, 0, 2, "part");
                }
            }
            _ => {
                let kind = world.simple_effect(node, symbol, cursor);
                self.target().extend(kind.map(|kind| Effect { kind, span }));
            }
        }
    }

    fn close(&mut self, frame: Frame, world: &mut World) {
        let Frame { list, kind, mut effects, count, .. } = frame;
        let span = world.tree.span(list);
        let count = count - 1;
        let kind = match kind {
            Kind::And => return self.target().append(&mut effects),
            Kind::Forall { parameters, first, had_gaps } => {
                world.scope.truncate(first);
                world.scope.has_gaps = had_gaps;
                let quantified = Quantified { first: first as u32, parameters, body: effects };
                EffectKind::Forall(Box::new(quantified))
            }
            Kind::When(condition) => EffectKind::When(Box::new(condition), effects),
        };
        if count != 1 {
            world.wrong_parts(list, count, 1, "effect");
        }
        self.target().push(Effect { kind, span });
    }
}

impl World {
    /// Reads an effect without parts.
    fn simple_effect(&mut self, list: NodeId, symbol: Symbol, mut cursor: Cursor) -> Option<EffectKind> {
        let span = self.tree.span(list);
        // A predicate may have the name of a change, whose first part is a list or a function.
        let is_atom = (words::ASSIGN..=words::SCALE_DOWN).contains(&symbol)
            && self.names.predicates.find(symbol).is_some()
            && cursor
                .peek()
                .is_none_or(|first| self.tree.word(first).is_some_and(|word| !self.is_function(word)));
        let added = |(predicate, arguments)| EffectKind::Add(predicate, arguments);
        if is_atom {
            return self.changed_atom(list, symbol, Role::Effect).map(added);
        }
        let assignment = match symbol {
            words::ASSIGN => Assignment::Assign,
            words::INCREASE => Assignment::Increase,
            words::DECREASE => Assignment::Decrease,
            words::SCALE_UP => Assignment::ScaleUp,
            words::SCALE_DOWN => Assignment::ScaleDown,
            words::NOT => {
                let inner = cursor.take(&self.tree);
                let head = inner.and_then(|inner| self.tree.head(inner));
                let (Some(inner), Some(head), None) = (inner, head, cursor.peek()) else {
                    let help = "write `(not (predicate …))`";
                    self.error(codes::WRONG_PARTS, span, "`not` takes one atom in an effect", help);
                    return None;
                };
                let (predicate, arguments) = self.changed_atom(inner, head, Role::Deleted)?;
                return Some(EffectKind::Delete(predicate, arguments));
            }
            _ if self.is_timed(symbol, cursor) => {
                self.unsupported(Need::Temporal, span);
                return None;
            }
            _ => return self.changed_atom(list, symbol, Role::Effect).map(added),
        };
        self.change(list, assignment, cursor)
    }

    fn is_function(&self, symbol: Symbol) -> bool {
        self.names.functions.find(symbol).is_some()
    }

    fn changed_atom(
        &mut self,
        list: NodeId,
        symbol: Symbol,
        role: Role,
    ) -> Option<(PredicateId, Vec<super::super::model::Term>)> {
        let span = self.tree.span(list);
        let Some(predicate) = self.names.predicates.find(symbol) else {
            self.no_effect(list, symbol, role);
            return None;
        };
        let declared = &self.model.predicates[predicate as usize];
        if declared.stratum.is_some() {
            let message = format!("`{}` is derived: no effect can change it", declared.name);
            let help = "change what its rules depend on, or take its rules away";
            self.error(codes::DERIVED_IN_EFFECT, span, message, help);
        }
        let predicate = PredicateId(predicate);
        let arguments = self.arguments(Owner::Predicate(predicate), behind_head(list, self), span)?;
        Some((predicate, arguments))
    }

    /// Reports a list in the place of an effect whose first word is no predicate.
    fn no_effect(&mut self, list: NodeId, symbol: Symbol, role: Role) {
        if symbol == words::PREFERENCE {
            return self.unsupported(Need::Preferences, self.tree.span(list));
        }
        self.unknown_predicate(list, role);
    }

    fn change(&mut self, list: NodeId, assignment: Assignment, mut cursor: Cursor) -> Option<EffectKind> {
        let span = self.tree.span(list);
        let sides = (cursor.take(&self.tree), cursor.take(&self.tree), cursor.take(&self.tree));
        let (Some(fluent), Some(value), None) = sides else {
            let count = self.tree.items(list).count() - 1;
            self.wrong_parts(list, count, 2, "part");
            return None;
        };
        if self.is_object_valued(fluent) {
            return None;
        }
        let Some(symbol) = self.tree.word(fluent).or_else(|| self.tree.head(fluent)) else {
            let help = "write `(increase (function …) number)`";
            let span = self.tree.opening(fluent);
            self.error(codes::UNEXPECTED_ITEM, span, "a function is expected here", help);
            return None;
        };
        let is_cost = symbol == words::TOTAL_COST && assignment == Assignment::Increase;
        self.needs.note(if is_cost { Need::Costs } else { Need::Numeric }, span);
        let target = self.fluent(fluent, symbol);
        let value = self.expression(value);
        let (function, arguments) = target?;
        Some(EffectKind::Change(NumericChange { assignment, function, arguments, value: value? }))
    }
}
