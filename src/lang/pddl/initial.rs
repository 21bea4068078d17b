//! The initial state, in columns: a large problem has a million atoms.

use super::ids::{FunctionId, ObjectId, PredicateId};
use crate::diagnostic::Span;

/// Rows of a head, its arguments and its place. The arguments of all rows stand in one column.
#[derive(Clone, Debug, PartialEq)]
struct Rows<H> {
    heads: Vec<H>,
    spans: Vec<Span>,
    /// For each row, where its arguments start.
    starts: Vec<u32>,
    arguments: Vec<ObjectId>,
}

impl<H> Default for Rows<H> {
    fn default() -> Self {
        Self { heads: Vec::new(), spans: Vec::new(), starts: Vec::new(), arguments: Vec::new() }
    }
}

impl<H: Copy> Rows<H> {
    fn push(&mut self, head: H, arguments: &[ObjectId], span: Span) {
        self.heads.push(head);
        self.spans.push(span);
        self.starts.push(self.arguments.len() as u32);
        self.arguments.extend_from_slice(arguments);
    }

    fn at(&self, index: usize) -> (H, &[ObjectId], Span) {
        let end = self.starts.get(index + 1).map_or(self.arguments.len(), |&next| next as usize);
        let arguments = &self.arguments[self.starts[index] as usize..end];
        (self.heads[index], arguments, self.spans[index])
    }

    fn memory_bytes(&self) -> usize {
        self.heads.capacity() * size_of::<(H, Span, u32)>()
            + self.arguments.capacity() * size_of::<ObjectId>()
    }
}

/// Atoms of the initial state in the order of the text, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InitialAtoms(Rows<PredicateId>);

impl InitialAtoms {
    /// Adds an atom.
    pub fn push(&mut self, predicate: PredicateId, arguments: &[ObjectId], span: Span) {
        self.0.push(predicate, arguments, span);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.heads.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.heads.is_empty()
    }

    /// The atom at `index`, below [`len`](Self::len), and its place.
    pub fn at(&self, index: usize) -> (PredicateId, &[ObjectId], Span) {
        self.0.at(index)
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (PredicateId, &[ObjectId], Span)> {
        (0..self.len()).map(|index| self.at(index))
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.0.memory_bytes()
    }
}

/// Numbers of the initial state in the order of the text, each fluent once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InitialValues {
    fluents: Rows<FunctionId>,
    values: Vec<f64>,
}

impl InitialValues {
    /// Adds a value.
    pub fn push(&mut self, function: FunctionId, arguments: &[ObjectId], value: f64, span: Span) {
        self.fluents.push(function, arguments, span);
        self.values.push(value);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The fluent at `index`, below [`len`](Self::len), its value and its place.
    pub fn at(&self, index: usize) -> (FunctionId, &[ObjectId], f64, Span) {
        let (function, arguments, span) = self.fluents.at(index);
        (function, arguments, self.values[index], span)
    }

    /// Gives the fluent at `index`, below [`len`](Self::len), another value and place.
    pub fn set(&mut self, index: usize, value: f64, span: Span) {
        self.values[index] = value;
        self.fluents.spans[index] = span;
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FunctionId, &[ObjectId], f64, Span)> {
        (0..self.len()).map(|index| self.at(index))
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.fluents.memory_bytes() + self.values.capacity() * size_of::<f64>()
    }
}
