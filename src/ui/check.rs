//! What the checker says about the text on screen.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, LineIndex, Severity, Span};
use crate::lang::goap::{self, Model};

/// The checked text.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The model, where there is no error.
    pub model: Option<Arc<Model>>,
    /// Findings in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// How many findings are errors.
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|finding| finding.severity == Severity::Error).count()
    }

    /// Names of the state variables.
    pub fn variables(&self) -> Vec<String> {
        let variables = self.model.iter().flat_map(|model| &model.variables);
        variables.map(|variable| variable.name.clone()).collect()
    }

    /// Names of the goals.
    pub fn goals(&self) -> Vec<String> {
        self.model.iter().flat_map(|model| &model.goals).map(|goal| goal.name.clone()).collect()
    }
}

/// Checks a text.
pub fn check(text: &str) -> Checked {
    let parsed = goap::parse(text);
    Checked { model: parsed.model.map(Arc::new), diagnostics: parsed.diagnostics }
}

/// The line, from 1, on which a span begins.
pub fn line_of(text: &str, span: Span) -> u32 {
    LineIndex::new(text).position(span.start).line
}
