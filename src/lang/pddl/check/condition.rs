//! Reads conditions with a stack of its own instead of recursion: a goal of a million parts is read in as many
//! steps.

use super::super::codes;
use super::super::model::{Comparator, Condition, ConditionKind, Parameter, PredicateId, Quantified};
use super::super::syntax::{Cursor, NodeId, Symbol, words};
use super::arguments::Owner;
use super::connective::Role;
use super::declare::behind_head;
use super::needs::Need;
use super::world::World;
use crate::diagnostic::Span;

/// Reads one condition.
#[derive(Debug, Default)]
pub(super) struct ConditionReader {
    frames: Vec<Frame>,
    read: Option<Condition>,
}

#[derive(Debug)]
struct Frame {
    list: NodeId,
    cursor: Cursor,
    kind: Kind,
    parts: Vec<Condition>,
}

#[derive(Clone, Debug)]
enum Kind {
    And,
    Or,
    Not,
    Imply,
    Quantifier { is_forall: bool, parameters: Vec<Parameter>, first: usize, had_gaps: bool },
}

impl ConditionReader {
    /// Reads the condition at `node`.
    pub(super) fn new(node: NodeId, world: &mut World) -> Self {
        let mut reader = Self::default();
        reader.open(node, world);
        reader
    }

    /// Reads one part; whether there are more.
    pub(super) fn advance(&mut self, world: &mut World) -> bool {
        let Some(frame) = self.frames.last_mut() else { return false };
        match frame.cursor.take(&world.tree) {
            Some(item) => self.open(item, world),
            None => {
                if let Some(frame) = self.frames.pop() {
                    let condition = close(frame, world);
                    self.give(condition);
                }
            }
        }
        true
    }

    /// What was read.
    pub(super) fn take(&mut self) -> Condition {
        self.read.take().unwrap_or_else(|| Condition::always(Span::default()))
    }

    fn give(&mut self, condition: Condition) {
        match self.frames.last_mut() {
            Some(frame) => frame.parts.push(condition),
            None => self.read = Some(condition),
        }
    }

    fn open(&mut self, node: NodeId, world: &mut World) {
        world.nodes_made += 1;
        let span = world.tree.span(node);
        if world.tree.items(node).next().is_none() {
            if world.tree.word(node).is_some() {
                world.bare_word(node, "a condition");
            }
            return self.give(Condition::always(span));
        }
        let Some(symbol) = world.tree.head(node) else {
            let help = "begin with a predicate, or with `and`, `or`, `not`, `imply`, `forall` or `exists`";
            world.list_of_lists(node, help);
            return self.give(Condition::always(span));
        };
        let cursor = behind_head(node, world);
        let kind = match symbol {
            words::AND => Kind::And,
            words::OR => Kind::Or,
            words::NOT => Kind::Not,
            words::IMPLY => Kind::Imply,
            words::FORALL | words::EXISTS => return self.quantifier(node, cursor, symbol, world),
            _ => {
                let kind = world.leaf(node, symbol, cursor);
                let condition = kind.map_or_else(|| Condition::always(span), |kind| Condition { kind, span });
                return self.give(condition);
            }
        };
        world.note_connective(node, &kind, cursor);
        self.frames.push(Frame { list: node, cursor, kind, parts: Vec::new() });
    }

    fn quantifier(&mut self, list: NodeId, mut cursor: Cursor, symbol: Symbol, world: &mut World) {
        let is_forall = symbol == words::FORALL;
        let need = if is_forall { Need::Universal } else { Need::Existential };
        world.needs.note(need, world.tree.span(list));
        let (first, had_gaps) = (world.scope.len(), world.scope.has_gaps);
        let parameters = world.quantified(list, &mut cursor);
        let kind = Kind::Quantifier { is_forall, parameters, first, had_gaps };
        self.frames.push(Frame { list, cursor, kind, parts: Vec::new() });
    }
}

/// The condition of a list whose parts are read.
fn close(frame: Frame, world: &mut World) -> Condition {
    let Frame { list, kind, mut parts, .. } = frame;
    let span = world.tree.span(list);
    let wanted = match kind {
        Kind::And | Kind::Or => parts.len(),
        Kind::Not | Kind::Quantifier { .. } => 1,
        Kind::Imply => 2,
    };
    let fits = parts.len() == wanted;
    if !fits {
        world.wrong_parts(list, parts.len(), wanted, "condition");
        parts.resize(wanted, Condition::always(span));
    }
    let kind = match (kind, parts.pop()) {
        (Kind::And, last) => ConditionKind::And(with(parts, last)),
        (Kind::Or, last) => ConditionKind::Or(with(parts, last)),
        (Kind::Not, Some(part)) => ConditionKind::Not(Box::new(part)),
        (Kind::Imply, Some(right)) => {
            let left = parts.pop().unwrap_or_else(|| Condition::always(span));
            ConditionKind::Imply(Box::new([left, right]))
        }
        (Kind::Quantifier { is_forall, parameters, first, had_gaps }, Some(body)) => {
            world.scope.truncate(first);
            world.scope.has_gaps = had_gaps;
            let quantified = Box::new(Quantified { first: first as u32, parameters, body });
            if is_forall { ConditionKind::Forall(quantified) } else { ConditionKind::Exists(quantified) }
        }
        (_, None) => ConditionKind::And(Vec::new()),
    };
    Condition { kind, span }
}

fn with<T>(mut parts: Vec<T>, last: Option<T>) -> Vec<T> {
    parts.extend(last);
    parts
}

impl World {
    pub(super) fn wrong_parts(&mut self, list: NodeId, count: usize, wanted: usize, what: &str) {
        let span = self.tree.items(list).next().map_or_else(Span::default, |head| self.tree.span(head));
        let name = self.tree.head(list).map_or("", |symbol| self.tree.symbols.text(symbol));
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let message = format!("`{name}` takes {wanted} {what}{}, but {count} stand here", plural(wanted));
        let help = format!("check the brackets; put several {what}s into one `(and …)`");
        self.error(codes::WRONG_PARTS, span, message, help);
    }

    fn note_connective(&mut self, list: NodeId, kind: &Kind, inner: Cursor) {
        let span = self.tree.span(list);
        match kind {
            Kind::Or | Kind::Imply => self.needs.note(Need::Disjunctive, span),
            Kind::Not => {
                let inner = inner.peek().and_then(|inner| self.tree.head(inner));
                if inner != Some(words::EQUAL) {
                    self.needs.note(Need::Negative, span);
                }
            }
            Kind::And | Kind::Quantifier { .. } => {}
        }
    }

    /// Reads the variables of a quantifier and binds them.
    pub(super) fn quantified(&mut self, list: NodeId, cursor: &mut Cursor) -> Vec<Parameter> {
        let Some(variables) = cursor.peek().filter(|&variables| self.tree.is_list(variables)) else {
            let span = self.tree.opening(list);
            let help = "write `(forall (?x - type) …)`";
            self.error(codes::WRONG_PARTS, span, "the variables of this quantifier are missing", help);
            self.scope.has_gaps = true;
            return Vec::new();
        };
        cursor.take(&self.tree);
        let (parameters, is_whole) = self.parameters(self.tree.cursor(variables));
        self.scope.has_gaps |= !is_whole;
        self.bind(&parameters, self.scope.len());
        parameters
    }

    /// Binds the variables of a list. Before it, the scope held `before` variables.
    pub(super) fn bind(&mut self, parameters: &[Parameter], before: usize) {
        for parameter in parameters {
            let symbol = self.tree.symbols.intern(&format!("?{}", parameter.name));
            match self.scope.find(symbol) {
                Some(place) if place as usize >= before => {
                    let message = format!("the parameter `?{}` is declared twice", parameter.name);
                    let help = "give one of them another name";
                    self.error(codes::DUPLICATE_PARAMETER, parameter.span, message, help);
                }
                Some(_) => {
                    let message = format!("`?{}` hides another variable of that name", parameter.name);
                    let help = "give it another name; the inner one is meant within its brackets";
                    self.warn(codes::SHADOWED, parameter.span, message, help);
                }
                None => {}
            }
            self.scope.bind(symbol, parameter.types.clone(), parameter.span);
        }
    }

    /// Reads an atom, an equation or a comparison.
    fn leaf(&mut self, list: NodeId, symbol: Symbol, cursor: Cursor) -> Option<ConditionKind> {
        let span = self.tree.span(list);
        if self.is_timed(symbol, cursor) {
            self.unsupported(Need::Temporal, span);
            return None;
        }
        if let Some(predicate) = self.names.predicates.find(symbol) {
            let predicate = PredicateId(predicate);
            let arguments = self.arguments(Owner::Predicate(predicate), cursor, span)?;
            return Some(ConditionKind::Atom(predicate, arguments));
        }
        let comparator = match symbol {
            words::EQUAL => Comparator::Equal,
            words::LESS => Comparator::Less,
            words::AT_MOST => Comparator::AtMost,
            words::GREATER => Comparator::Greater,
            words::AT_LEAST => Comparator::AtLeast,
            _ => {
                self.not_a_predicate(list, symbol);
                return None;
            }
        };
        self.comparison(list, comparator, cursor)
    }

    fn comparison(
        &mut self,
        list: NodeId,
        comparator: Comparator,
        mut cursor: Cursor,
    ) -> Option<ConditionKind> {
        let span = self.tree.span(list);
        let sides = (cursor.take(&self.tree), cursor.take(&self.tree), cursor.take(&self.tree));
        let (Some(left), Some(right), None) = sides else {
            let count = self.tree.items(list).count() - 1;
            self.wrong_parts(list, count, 2, "side");
            return None;
        };
        if self.is_object_valued(left) || self.is_object_valued(right) {
            return None;
        }
        if comparator != Comparator::Equal || self.is_numeric(left) || self.is_numeric(right) {
            self.needs.note(Need::Numeric, span);
            let (left, right) = (self.expression(left), self.expression(right));
            return Some(ConditionKind::Compare(comparator, left?, right?));
        }
        self.needs.note(Need::Equality, span);
        let (left, right) = (self.term(left), self.term(right));
        Some(ConditionKind::Equal(left?, right?))
    }

    /// Whether this is a function whose value is an object; reported where it is declared.
    pub(super) fn is_object_valued(&self, node: NodeId) -> bool {
        let function = self.tree.head(node).and_then(|symbol| self.names.functions.find(symbol));
        function.is_some_and(|function| self.is_object_fluent[function as usize])
    }

    /// Whether this is `(at start (…))` and the like.
    pub(super) fn is_timed(&self, symbol: Symbol, mut cursor: Cursor) -> bool {
        let when = cursor.take(&self.tree).and_then(|when| self.tree.word(when));
        matches!(symbol, words::AT | words::OVER)
            && when.is_some_and(|when| [words::START, words::END, words::ALL].contains(&when))
            && cursor.peek().is_some_and(|inner| self.tree.is_list(inner))
    }

    /// Reports a list in the place of a condition whose first word is no predicate.
    fn not_a_predicate(&mut self, list: NodeId, symbol: Symbol) {
        let span = self.tree.span(list);
        match symbol {
            words::PREFERENCE => self.unsupported(Need::Preferences, span),
            symbol if (words::ALWAYS..=words::HOLD_AFTER).contains(&symbol) => {
                self.unsupported(Need::Constraints, span);
            }
            _ => self.unknown_predicate(list, Role::Condition),
        }
    }
}
