//! The lifted model of a domain with a problem: names resolved, types checked, nothing grounded.
//!
//! Names ignore case and are kept in lower case. Every [`Span`] points into the domain's text followed
//! by the problem's (see [`SourceMap`](crate::diagnostic::SourceMap)). Ids index the model's own
//! tables. Nesting of conditions, effects and expressions is bounded by [`DEPTH_MAX`], so that walks
//! may recurse.

pub use super::ids::{FunctionId, ObjectId, PredicateId, TypeId};
pub use super::initial::{InitialAtoms, InitialValues};
use crate::diagnostic::Span;

/// Deepest nesting of brackets that is read.
pub const DEPTH_MAX: usize = 256;

/// A checked domain with a checked problem.
#[derive(Clone, Debug)]
pub struct Model {
    /// The domain's name.
    pub domain: String,
    /// The problem's name.
    pub problem: String,
    /// Types, indexed by [`TypeId`].
    pub types: Vec<Type>,
    /// Constants and objects, indexed by [`ObjectId`].
    pub objects: Vec<Object>,
    /// Predicates, indexed by [`PredicateId`]. `=` is none of them.
    pub predicates: Vec<Predicate>,
    /// Numeric functions, indexed by [`FunctionId`].
    pub functions: Vec<Function>,
    /// Actions, in the order of the domain.
    pub actions: Vec<Action>,
    /// Rules of derived predicates, in the order of the domain.
    pub axioms: Vec<Axiom>,
    /// Atoms of the initial state, each once.
    pub atoms: InitialAtoms,
    /// Numbers of the initial state, each fluent once.
    pub values: InitialValues,
    /// The goal.
    pub goal: Condition,
    /// What a plan costs.
    pub metric: Metric,
}

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// Its name.
    pub name: String,
    /// Its direct supertypes (several after `either`, or after more than one declaration); empty for
    /// `object` alone.
    pub parents: Vec<TypeId>,
    /// Objects of it and of its subtypes, ascending.
    pub objects: Vec<ObjectId>,
    /// Where it is declared; empty for an `object` that is not.
    pub span: Span,
}

/// A constant of the domain or an object of the problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its name.
    pub name: String,
    /// Its declared types; several after `either`.
    pub types: Vec<TypeId>,
    /// Where it is declared.
    pub span: Span,
}

/// A predicate.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    /// Its name.
    pub name: String,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Where it is declared.
    pub span: Span,
    /// For a derived predicate, its stratum, from 0. Its rules read derived predicates of this stratum and
    /// below, and negated derived predicates only of strata below. `None`: actions change the predicate.
    pub stratum: Option<u32>,
}

/// A numeric function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Where it is declared.
    pub span: Span,
}

/// A typed variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, without the `?`.
    pub name: String,
    /// Objects of any of these types fit; never empty.
    pub types: Vec<TypeId>,
    /// Where it is declared.
    pub span: Span,
}

/// An action.
#[derive(Clone, Debug)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// Its parameters: variables 0, 1, … of [`Term::Variable`].
    pub parameters: Vec<Parameter>,
    /// When it applies; an empty conjunction where none is given.
    pub precondition: Condition,
    /// What it does, in the order of the text.
    pub effects: Vec<Effect>,
    /// Where its name stands.
    pub span: Span,
}

/// A rule of a derived predicate: the head holds where the condition does.
#[derive(Clone, Debug)]
pub struct Axiom {
    /// The derived predicate.
    pub predicate: PredicateId,
    /// Its parameters: variables 0, 1, …, at least as narrow as the predicate's.
    pub parameters: Vec<Parameter>,
    /// When it holds.
    pub condition: Condition,
    /// Where the head stands.
    pub span: Span,
}

/// What stands for an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Term {
    /// A variable, by its place in the environment: parameters of the action or axiom come first, the
    /// variables of each quantifier follow behind those around it ([`Quantified::first`]).
    Variable(u32),
    /// A constant or object.
    Object(ObjectId),
}

/// A condition with its place.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What it says.
    pub kind: ConditionKind,
    /// Where it stands.
    pub span: Span,
}

/// What a condition says.
#[derive(Clone, Debug)]
pub enum ConditionKind {
    /// The atom holds.
    Atom(PredicateId, Vec<Term>),
    /// Both are the same object.
    Equal(Term, Term),
    /// The numbers compare so. Undefined where either side reads an undefined fluent or divides by zero.
    Compare(Comparator, Expression, Expression),
    /// It does not hold.
    Not(Box<Condition>),
    /// Each holds; true where empty.
    And(Vec<Condition>),
    /// At least one holds; false where empty.
    Or(Vec<Condition>),
    /// The second holds, or the first does not.
    Imply(Box<[Condition; 2]>),
    /// It holds for every binding.
    Forall(Box<Quantified<Condition>>),
    /// It holds for some binding.
    Exists(Box<Quantified<Condition>>),
}

/// How two numbers compare. `not (= …)` is a negated [`Equal`](Self::Equal).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// Something under quantified variables.
#[derive(Clone, Debug)]
pub struct Quantified<T> {
    /// Index of its first variable in the environment.
    pub first: u32,
    /// Its variables.
    pub parameters: Vec<Parameter>,
    /// What they stand in.
    pub body: T,
}

/// An effect with its place. Conjunctions are flattened.
#[derive(Clone, Debug)]
pub struct Effect {
    /// What it does.
    pub kind: EffectKind,
    /// Where it stands.
    pub span: Span,
}

/// What an effect does. Conditions and numbers read the state before the action; adding wins over
/// deleting; changes of one fluent are made in the order of the text, each on what the one before left.
#[derive(Clone, Debug)]
pub enum EffectKind {
    /// The atom holds.
    Add(PredicateId, Vec<Term>),
    /// The atom does not hold.
    Delete(PredicateId, Vec<Term>),
    /// The fluent changes.
    Change(NumericChange),
    /// For every binding.
    Forall(Box<Quantified<Vec<Effect>>>),
    /// Where the condition holds.
    When(Box<Condition>, Vec<Effect>),
}

/// A change of a numeric fluent.
#[derive(Clone, Debug)]
pub struct NumericChange {
    /// How.
    pub assignment: Assignment,
    /// The function.
    pub function: FunctionId,
    /// Its arguments.
    pub arguments: Vec<Term>,
    /// With which number.
    pub value: Expression,
}

/// How a fluent changes. All but [`Assign`](Self::Assign) read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assignment {
    /// It becomes the number.
    Assign,
    /// The number is added.
    Increase,
    /// The number is subtracted.
    Decrease,
    /// It is multiplied by the number.
    ScaleUp,
    /// It is divided by the number.
    ScaleDown,
}

/// A number that may depend on the state, with its place.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it computes.
    pub kind: ExpressionKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression computes, in 64-bit floats.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// A constant.
    Number(f64),
    /// A fluent.
    Fluent(FunctionId, Vec<Term>),
    /// A change of sign; evaluated as `0 − x`.
    Negate(Box<Expression>),
    /// Two operands; longer sums and products nest to the left, in groups where they are very long.
    Binary(Arithmetic, Box<[Expression; 2]>),
}

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// What a plan costs.
#[derive(Clone, Debug)]
pub enum Metric {
    /// Each step costs 1: no metric is given, or `total-time` is minimized.
    Steps,
    /// The change of this number from the initial state to the end. A `total-cost` that the initial state
    /// leaves out starts at 0.
    Minimize(Expression),
}

impl Model {
    /// A model in which nothing is declared, whose goal always holds.
    pub fn empty() -> Self {
        Self {
            domain: String::new(),
            problem: String::new(),
            types: Vec::new(),
            objects: Vec::new(),
            predicates: Vec::new(),
            functions: Vec::new(),
            actions: Vec::new(),
            axioms: Vec::new(),
            atoms: InitialAtoms::default(),
            values: InitialValues::default(),
            goal: Condition::always(Span::default()),
            metric: Metric::Steps,
        }
    }

    /// Objects of any of these types, ascending, each once. O(objects).
    pub fn objects_of(&self, types: &[TypeId]) -> Vec<ObjectId> {
        match types {
            [one] => self.types[one.0 as usize].objects.clone(),
            _ => {
                let all = types.iter().flat_map(|one| &self.types[one.0 as usize].objects);
                let mut all: Vec<ObjectId> = all.copied().collect();
                all.sort_unstable();
                all.dedup();
                all
            }
        }
    }

    /// The function `total-cost` without parameters, where it is declared.
    pub fn total_cost(&self) -> Option<FunctionId> {
        let found =
            self.functions.iter().position(|one| one.name == "total-cost" && one.parameters.is_empty());
        found.map(|index| FunctionId(index as u32))
    }
}

impl Condition {
    /// The empty conjunction.
    pub fn always(span: Span) -> Self {
        Self { kind: ConditionKind::And(Vec::new()), span }
    }
}
