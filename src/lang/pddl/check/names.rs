//! The tables of declared names, and the variables in scope.

use super::super::model::TypeId;
use super::super::syntax::Symbol;
use crate::diagnostic::Span;

const NONE: u32 = u32::MAX;

/// A number for each symbol that has one. The table is as long as the largest of these symbols.
#[derive(Clone, Debug, Default)]
pub(super) struct Table(Vec<u32>);

impl Table {
    pub(super) fn find(&self, symbol: Symbol) -> Option<u32> {
        self.0.get(symbol.0 as usize).copied().filter(|&number| number != NONE)
    }

    pub(super) fn set(&mut self, symbol: Symbol, number: Option<u32>) {
        let index = symbol.0 as usize;
        if index >= self.0.len() {
            self.0.resize(index + 1, NONE);
        }
        self.0[index] = number.unwrap_or(NONE);
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.0.capacity() * size_of::<u32>()
    }
}

/// Symbols of what is declared, each with its index in the model.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) types: Table,
    pub(super) objects: Table,
    pub(super) predicates: Table,
    pub(super) functions: Table,
    pub(super) actions: Table,
}

/// Kinds of names whose declarations could not be read in full: a name that is not known is no finding.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a set of kinds")]
pub(super) struct Gaps {
    pub(super) types: bool,
    pub(super) objects: bool,
    pub(super) predicates: bool,
    pub(super) functions: bool,
}

/// Variables in scope, outermost first: their places are those of the environment.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    table: Table,
    bound: Vec<Bound>,
    /// Whether a declaration could not be read: a variable that is not known is no finding.
    pub(super) has_gaps: bool,
    /// Whether the action has no list of parameters.
    pub(super) lacks_parameters: bool,
    /// How often the scope was emptied: one number for each action, rule and goal.
    pub(super) number: u32,
}

#[derive(Clone, Debug)]
struct Bound {
    symbol: Symbol,
    /// The variable of the same name that it hides.
    hidden: Option<u32>,
    types: Vec<TypeId>,
    span: Span,
}

impl Scope {
    pub(super) fn len(&self) -> usize {
        self.bound.len()
    }

    pub(super) fn find(&self, symbol: Symbol) -> Option<u32> {
        self.table.find(symbol)
    }

    pub(super) fn bind(&mut self, symbol: Symbol, types: Vec<TypeId>, span: Span) {
        let hidden = self.table.find(symbol);
        self.table.set(symbol, Some(self.bound.len() as u32));
        self.bound.push(Bound { symbol, hidden, types, span });
    }

    /// Types of the variable at a place; none where there is none.
    pub(super) fn types(&self, variable: u32) -> &[TypeId] {
        self.bound.get(variable as usize).map_or(&[], |bound| &bound.types)
    }

    /// The variables in scope, and where they are declared.
    pub(super) fn variables(&self) -> impl Iterator<Item = (Symbol, Span)> + Clone {
        self.bound.iter().map(|bound| (bound.symbol, bound.span))
    }

    /// Forgets all variables but the first `length`.
    pub(super) fn truncate(&mut self, length: usize) {
        while self.bound.len() > length {
            let Some(last) = self.bound.pop() else { return };
            self.table.set(last.symbol, last.hidden);
        }
        if length == 0 {
            (self.has_gaps, self.lacks_parameters) = (false, false);
            self.number += 1;
        }
    }
}
