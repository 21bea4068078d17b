//! A bounded list of diagnostics.
//!
//! A megabyte of commas must not become a gigabyte of findings: beyond [`MAX_FINDINGS`] errors,
//! and as many warnings and notes, findings are counted instead of kept.

use super::codes;
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::nearest::nearest;

/// Most errors kept, and most warnings and notes kept: more than anybody reads at once.
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

    /// Removes the finding of `code` at `span`, where another finding says more about the same. Whether there was
    /// one.
    pub fn retract(&mut self, code: &str, span: Span) -> bool {
        let is_meant = |found: &Diagnostic| found.span == span && found.code == code;
        let Some(at) = self.list.iter().position(is_meant) else { return false };
        let count = if self.list.remove(at).is_error() { &mut self.errors } else { &mut self.others };
        *count -= 1;
        true
    }

    /// Changes the finding of `code` at `span`, where it was kept.
    pub fn amend(&mut self, code: &str, span: Span, change: impl FnOnce(Diagnostic) -> Diagnostic) {
        let is_meant = |found: &&mut Diagnostic| found.span == span && found.code == code;
        if let Some(found) = self.list.iter_mut().find(is_meant) {
            *found = change(found.clone());
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

    /// The candidate nearest to `name`, where a finding that names it would still be kept: comparing names is
    /// most of the work that a wrong one makes.
    pub fn nearest<'a>(&self, name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        if self.is_full() { None } else { nearest(name, candidates) }
    }

    /// Whether further warnings and notes are only counted.
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
