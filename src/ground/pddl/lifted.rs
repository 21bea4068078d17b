//! Schemas in the form that grounding works on: conditions in negation normal form, each variable a slot
//! of its own, effects as blocks, and every condition sorted by how it is tested.
//!
//! Undefined numbers. A comparison that reads an undefined fluent is false, negated or not; so is its
//! normal form. Functions that lack an initial value for some arguments have a companion predicate,
//! *defined*, which comparisons and effects that read them require. Its symbol follows those of the model's
//! predicates.

use super::domains::Domains;
use crate::diagnostic::Span;
use crate::lang::pddl::model::{Assignment, Model};
use crate::task::{Arithmetic, Comparison};

/// A term: a variable's slot in the environment, or an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Arg(u32);

const OBJECT: u32 = 1 << 31;

impl Arg {
    pub(super) fn variable(slot: u32) -> Self {
        Self(slot)
    }

    pub(super) fn object(object: u32) -> Self {
        Self(object | OBJECT)
    }

    /// The variable's slot; `None` for objects.
    pub(super) fn slot(self) -> Option<u32> {
        (self.0 & OBJECT == 0).then_some(self.0)
    }

    /// The object that it stands for.
    #[inline]
    pub(super) fn value(self, environment: &[u32]) -> u32 {
        if self.0 & OBJECT == 0 { environment[self.0 as usize] } else { self.0 & !OBJECT }
    }
}

/// A variable with its domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) slot: u32,
    /// Index into [`Domains`].
    pub(super) domain: u32,
}

/// An atom or its negation.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Literal {
    pub(super) symbol: u32,
    pub(super) arguments: Vec<Arg>,
    pub(super) is_positive: bool,
}

/// A number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Number {
    Constant(f64),
    Fluent(u32, Vec<Arg>),
    Binary(Arithmetic, Box<[Number; 2]>),
}

/// A condition in negation normal form. Nesting is bounded by the language.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Nnf {
    Literal(Literal),
    Equal { left: Arg, right: Arg, is_positive: bool },
    Test(Box<(Number, Comparison, Number)>),
    And(Vec<Nnf>),
    Or(Vec<Nnf>),
    Quantified(Box<Quantified>),
}

/// A quantified condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quantified {
    pub(super) is_forall: bool,
    pub(super) variables: Vec<Variable>,
    pub(super) body: Nnf,
}

/// What happens under one condition for every binding.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) variables: Vec<Variable>,
    /// Always, where it is an empty conjunction.
    pub(super) condition: Nnf,
    pub(super) adds: Vec<Literal>,
    pub(super) deletes: Vec<Literal>,
    pub(super) changes: Vec<Change>,
}

/// A change of a fluent.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) assignment: Assignment,
    pub(super) function: u32,
    pub(super) arguments: Vec<Arg>,
    pub(super) value: Number,
    pub(super) span: Span,
}

/// Where a schema comes from, by its index in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Action(u32),
    Axiom(u32),
}

/// An action, or one alternative of an axiom.
#[derive(Clone, Debug)]
pub(super) struct Schema {
    pub(super) origin: Origin,
    /// Size of the environment.
    pub(super) slots: u32,
    /// Bound by joining. Of an action, its parameters in their order; their slots are 0, 1, ….
    pub(super) parameters: Vec<Variable>,
    /// Atoms that must hold.
    pub(super) core: Vec<Literal>,
    /// Conditions on the binding alone, without quantifiers, that no atom leads to.
    pub(super) filters: Vec<Nnf>,
    /// Other conditions on the binding alone.
    pub(super) statics: Vec<Nnf>,
    /// Fluent or derived literals that must not hold.
    pub(super) negatives: Vec<Literal>,
    /// All other conditions.
    pub(super) residue: Vec<Nnf>,
    /// What an action does.
    pub(super) blocks: Vec<Block>,
    /// What an axiom makes true.
    pub(super) head: Option<Literal>,
}

/// How a symbol changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Never.
    Static,
    /// By actions.
    Fluent,
    /// By axioms, in this stratum.
    Derived(u32),
    /// Stands for a condition, or for the instances of an action, while atoms are reached; never in a state.
    Auxiliary,
}

/// What is known of a function.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is found by itself")]
pub(super) struct FunctionUse {
    /// Some action changes it.
    pub(super) is_changed: bool,
    /// Some action assigns to it.
    pub(super) is_assigned: bool,
    /// Some action changes it in another way than by increase and decrease.
    pub(super) is_set: bool,
    /// Some condition reads it, or the value of some effect.
    pub(super) is_read: bool,
    /// Some arguments have no initial value.
    pub(super) may_be_undefined: bool,
}

/// A whole model.
#[derive(Debug)]
pub(super) struct Lifted {
    pub(super) domains: Domains,
    /// Actions in their order, then axioms.
    pub(super) schemas: Vec<Schema>,
    /// How many of them are actions.
    pub(super) actions: usize,
    pub(super) goal: Nnf,
    pub(super) goal_slots: u32,
    /// Indexed by symbol: the domains of its arguments.
    pub(super) positions: Vec<Vec<u32>>,
    /// Indexed by symbol: how it changes.
    pub(super) classes: Vec<Class>,
    /// Indexed by symbol: whether some action deletes it.
    pub(super) is_deleted: Vec<bool>,
    /// Indexed by function.
    pub(super) functions: Vec<FunctionUse>,
    /// The metric; `None`: each step costs 1.
    pub(super) metric: Option<(Number, Span)>,
    pub(super) total_cost: Option<u32>,
    /// The first symbol of *defined*.
    pub(super) defined: u32,
}

impl Lifted {
    /// Nothing, to begin with.
    pub(super) fn empty() -> Self {
        Self {
            domains: Domains::default(),
            schemas: Vec::new(),
            actions: 0,
            goal: TRUE,
            goal_slots: 0,
            positions: Vec::new(),
            classes: Vec::new(),
            is_deleted: Vec::new(),
            functions: Vec::new(),
            metric: None,
            total_cost: None,
            defined: 0,
        }
    }

    /// The symbol *defined* of a function.
    pub(super) fn defined(&self, function: u32) -> u32 {
        self.defined + function
    }

    /// Whether a number may depend on the state.
    pub(super) fn is_static_number(&self, number: &Number) -> bool {
        match number {
            Number::Constant(_) => true,
            Number::Fluent(function, _) => !self.functions[*function as usize].is_changed,
            Number::Binary(_, sides) => sides.iter().all(|side| self.is_static_number(side)),
        }
    }

    /// Whether a condition depends on the binding alone.
    pub(super) fn is_static(&self, condition: &Nnf) -> bool {
        match condition {
            Nnf::Literal(literal) => self.classes[literal.symbol as usize] == Class::Static,
            Nnf::Equal { .. } => true,
            Nnf::Test(test) => self.is_static_number(&test.0) && self.is_static_number(&test.2),
            Nnf::And(parts) | Nnf::Or(parts) => parts.iter().all(|part| self.is_static(part)),
            Nnf::Quantified(quantified) => self.is_static(&quantified.body),
        }
    }
}

/// The condition that always holds.
pub(super) const TRUE: Nnf = Nnf::And(Vec::new());
/// The condition that never holds.
pub(super) const FALSE: Nnf = Nnf::Or(Vec::new());

impl Nnf {
    /// Their conjunction, flattened.
    pub(super) fn all(parts: impl IntoIterator<Item = Nnf>) -> Nnf {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Nnf::And(inner) => flat.extend(inner),
                other if other.is_false() => return FALSE,
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Nnf::And(flat) }
    }

    /// Their disjunction, flattened.
    pub(super) fn any(parts: impl IntoIterator<Item = Nnf>) -> Nnf {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Nnf::Or(inner) => flat.extend(inner),
                other if other.is_true() => return TRUE,
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Nnf::Or(flat) }
    }

    /// Whether it is [`TRUE`].
    pub(super) fn is_true(&self) -> bool {
        matches!(self, Nnf::And(parts) if parts.is_empty())
    }

    /// Whether it is [`FALSE`].
    pub(super) fn is_false(&self) -> bool {
        matches!(self, Nnf::Or(parts) if parts.is_empty())
    }

    /// Its parts as a conjunction.
    pub(super) fn into_conjuncts(self) -> Vec<Nnf> {
        match self {
            Nnf::And(parts) => parts,
            other => vec![other],
        }
    }

    /// The slots that it reads and does not bind, ascending.
    pub(super) fn free(&self) -> Vec<u32> {
        let mut free = Vec::new();
        self.slots(&mut |slot| free.push(slot));
        free.sort_unstable();
        free.dedup();
        let mut own = Vec::new();
        self.variables(&mut |variable| own.push(variable.slot));
        own.sort_unstable();
        free.retain(|slot| own.binary_search(slot).is_err());
        free
    }

    /// Calls `visit` with the variables of its quantifiers.
    pub(super) fn variables(&self, visit: &mut dyn FnMut(&Variable)) {
        match self {
            Nnf::Literal(_) | Nnf::Equal { .. } | Nnf::Test(_) => {}
            Nnf::And(parts) | Nnf::Or(parts) => parts.iter().for_each(|part| part.variables(visit)),
            Nnf::Quantified(quantified) => {
                quantified.variables.iter().for_each(&mut *visit);
                quantified.body.variables(visit);
            }
        }
    }

    /// Calls `visit` with the slots that it reads, bound ones included.
    pub(super) fn slots(&self, visit: &mut dyn FnMut(u32)) {
        match self {
            Nnf::Literal(literal) => literal.arguments.iter().filter_map(|a| a.slot()).for_each(visit),
            Nnf::Equal { left, right, .. } => {
                left.slot().into_iter().chain(right.slot()).for_each(visit);
            }
            Nnf::Test(test) => {
                test.0.slots(visit);
                test.2.slots(visit);
            }
            Nnf::And(parts) | Nnf::Or(parts) => parts.iter().for_each(|part| part.slots(visit)),
            Nnf::Quantified(quantified) => quantified.body.slots(visit),
        }
    }
}

impl Number {
    /// Calls `visit` with the slots that it reads.
    pub(super) fn slots(&self, visit: &mut dyn FnMut(u32)) {
        match self {
            Number::Constant(_) => {}
            Number::Fluent(_, arguments) => arguments.iter().filter_map(|a| a.slot()).for_each(visit),
            Number::Binary(_, sides) => sides.iter().for_each(|side| side.slots(visit)),
        }
    }

    /// Calls `visit` with the fluents that it reads.
    pub(super) fn fluents(&self, visit: &mut dyn FnMut(u32, &[Arg])) {
        match self {
            Number::Constant(_) => {}
            Number::Fluent(function, arguments) => visit(*function, arguments),
            Number::Binary(_, sides) => sides.iter().for_each(|side| side.fluents(visit)),
        }
    }

    /// Whether it may divide by zero.
    pub(super) fn may_divide_by_zero(&self) -> bool {
        match self {
            Number::Constant(_) | Number::Fluent(..) => false,
            Number::Binary(operator, sides) => {
                let is_safe = matches!(sides[1], Number::Constant(divisor) if divisor != 0.0);
                (*operator == Arithmetic::Divide && !is_safe) || sides.iter().any(Number::may_divide_by_zero)
            }
        }
    }
}

/// How many ground fluents or atoms these parameters allow, as far as a `u64` counts.
pub(super) fn combinations(model: &Model, parameters: &[crate::lang::pddl::model::Parameter]) -> u64 {
    parameters.iter().fold(1u64, |all, one| all.saturating_mul(model.objects_of(&one.types).len() as u64))
}
