//! From spans, which count through all texts of a problem, to a text with lines and columns in it.

use serde::Serialize;

use crate::diagnostic::{LineIndex, Position, SourceMap, Span};

/// A range in reports.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RangeReport {
    /// First character.
    pub start: crate::diagnostic::Position,
    /// One past the last.
    pub end: crate::diagnostic::Position,
}

/// Converts spans to places in the texts of a problem.
pub(super) struct Places<'a> {
    sources: &'a SourceMap,
    lines: Vec<LineIndex<'a>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(sources: &'a SourceMap) -> Self {
        let lines = sources.files().iter().map(|file| LineIndex::new(&file.text)).collect();
        Self { sources, lines }
    }

    /// The text that a span lies in and the range within it. A text without a name is not named.
    pub(super) fn locate(&self, span: Span) -> (Option<String>, RangeReport) {
        let start = Position { line: 1, column: 1 };
        let Some((index, span)) = self.sources.locate(span) else {
            return (None, RangeReport { start, end: start });
        };
        let (file, lines) = (&self.sources.files()[index], &self.lines[index]);
        let range = RangeReport { start: lines.position(span.start), end: lines.position(span.end) };
        (Some(file.name.clone()).filter(|name| !name.is_empty()), range)
    }
}
