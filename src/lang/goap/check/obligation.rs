//! Uses of variables that can only be checked once parameters have values: collected while reading, checked under
//! each binding.

use super::super::model::{Comparator, EffectKind, Piece, Template, Term};
use crate::diagnostic::Span;

/// A use of a variable that has to fit its declaration under every binding.
#[derive(Clone, Debug)]
pub(super) struct Obligation {
    pub variable: Template,
    pub rule: Rule,
    /// The other side; none for a factor of a cost.
    pub right: Option<Term>,
    pub right_span: Span,
    /// Where the operator stands; the right side where there is none.
    pub operator_span: Span,
    pub reported: bool,
}

/// How a variable is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    Compare(Comparator),
    Effect(EffectKind),
    Factor,
}

impl Rule {
    pub fn place(self) -> &'static str {
        match self {
            Self::Compare(_) => "a condition",
            Self::Effect(_) => "an effect",
            Self::Factor => "a cost",
        }
    }
}

impl Obligation {
    /// Whether what it says depends on the binding.
    pub fn has_parameters(&self) -> bool {
        self.reads(|_| true)
    }

    /// Whether what it says depends on one of the parameters that `is_asked_for`.
    pub fn reads(&self, is_asked_for: impl Fn(usize) -> bool) -> bool {
        let in_template = |template: &Template| {
            let mut pieces = template.pieces.iter();
            pieces.any(|piece| matches!(piece, Piece::Parameter(parameter) if is_asked_for(*parameter)))
        };
        in_template(&self.variable)
            || match &self.right {
                Some(Term::Parameter(parameter)) => is_asked_for(*parameter),
                Some(Term::Symbol(template) | Term::Variable(template)) => in_template(template),
                _ => false,
            }
    }
}

/// The operator as the author writes it.
pub(super) fn symbol(operator: Comparator) -> &'static str {
    match operator {
        Comparator::Equal => "==",
        Comparator::NotEqual => "!=",
        Comparator::Less => "<",
        Comparator::AtMost => "<=",
        Comparator::Greater => ">",
        Comparator::AtLeast => ">=",
    }
}
