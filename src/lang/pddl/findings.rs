//! A bounded list of diagnostics.

use super::codes;
use crate::diagnostic::{Diagnostic, Severity, Span};

/// Findings kept; errors go before warnings.
pub const MAX_FINDINGS: usize = 100;

/// Diagnostics in the order they were found.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    errors: Vec<Diagnostic>,
    others: Vec<Diagnostic>,
    errors_found: usize,
    others_found: usize,
}

impl Findings {
    /// Keeps `diagnostic` while there is room.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let (list, found) = if diagnostic.is_error() {
            (&mut self.errors, &mut self.errors_found)
        } else {
            (&mut self.others, &mut self.others_found)
        };
        *found += 1;
        if list.len() < MAX_FINDINGS {
            list.push(diagnostic);
        }
    }

    /// Whether one more of this severity is kept. Where not it is counted here, and nothing need be worked
    /// out for it.
    pub fn wants(&mut self, severity: Severity) -> bool {
        let (list, found) = match severity {
            Severity::Error => (&self.errors, &mut self.errors_found),
            _ => (&self.others, &mut self.others_found),
        };
        let wants = list.len() < MAX_FINDINGS;
        *found += usize::from(!wants);
        wants
    }

    /// Errors kept so far: the place of the next one among them.
    pub fn errors(&self) -> usize {
        self.errors.len()
    }

    /// Adds to the message of an error that is kept.
    pub fn amend(&mut self, index: usize, text: &str) {
        if let Some(error) = self.errors.get_mut(index) {
            error.message += text;
        }
    }

    /// Whether any error was found, kept or not.
    pub fn has_errors(&self) -> bool {
        self.errors_found > 0
    }

    /// The list by place; findings at one place keep their order.
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let found = self.errors_found + self.others_found;
        let mut list = self.errors;
        list.extend(self.others);
        list.truncate(if found > MAX_FINDINGS { MAX_FINDINGS - 1 } else { MAX_FINDINGS });
        list.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.severity));
        let dropped = found - list.len();
        if dropped > 0 {
            let at = list.last().map_or_else(Span::default, |last| last.span);
            list.push(
                Diagnostic::note(codes::MORE_FINDINGS, at, format!("{dropped} more findings are not listed"))
                    .with_help("mend the ones above first; many of the rest may follow from them"),
            );
        }
        list
    }
}
