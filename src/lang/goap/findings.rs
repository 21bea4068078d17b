//! A bounded list of diagnostics.
//!
//! A megabyte of commas must not become a gigabyte of findings: beyond [`MAX_FINDINGS`] errors,
//! and as many warnings and notes, findings are counted instead of kept.

use super::codes;
use crate::diagnostic::{Diagnostic, Span};

/// Errors kept, and likewise warnings and notes together. More than anybody reads at once.
pub const MAX_FINDINGS: usize = 200;

/// Diagnostics in the order they were found.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    list: Vec<Diagnostic>,
    errors: usize,
    others: usize,
}

impl Findings {
    /// Keeps `diagnostic` while there is room.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let count = if diagnostic.is_error() { &mut self.errors } else { &mut self.others };
        *count += 1;
        if *count <= MAX_FINDINGS {
            self.list.push(diagnostic);
        }
    }

    /// Whether any error was found, kept or not.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Whether further errors are only counted, so that nothing need be worked out for them.
    pub fn is_full(&self) -> bool {
        self.errors >= MAX_FINDINGS
    }

    /// The same for warnings and notes.
    pub fn is_crowded(&self) -> bool {
        self.others >= MAX_FINDINGS
    }

    /// The list by place; findings at one place keep their order.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        let dropped = self.errors.saturating_sub(MAX_FINDINGS) + self.others.saturating_sub(MAX_FINDINGS);
        self.list.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.severity));
        if dropped > 0 {
            let at = self.list.last().map_or_else(Span::default, |last| last.span);
            self.list.push(
                Diagnostic::note(codes::MORE_FINDINGS, at, format!("{dropped} more findings are not listed"))
                    .with_help("mend the ones above first; many of the rest may follow from them"),
            );
        }
        self.list
    }
}
