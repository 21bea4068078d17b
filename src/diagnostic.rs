//! What a person reads when something is wrong: where, what, why, and what to do.
//!
//! One type serves parsers, checkers and explanations; renderers (terminal, editor, JSON) stand
//! in the layers that show it. A span holds byte offsets into the source text that a diagnostic is about;
//! where a problem has several texts, one [`SourceMap`] numbers the bytes of all of them. [`LineIndex`] turns
//! offsets into lines and columns. Nothing here formats for a medium.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A half-open range of byte offsets into a source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte; `end >= start`.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to but without `end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start: start as u32, end: end as u32 }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The text the span covers; empty where it does not fit `source`.
    pub fn of(self, source: &str) -> &str {
        source.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document cannot be planned for.
    Error,
    /// The document can be planned for; something in it is probably not meant.
    Warning,
    /// A fact worth knowing.
    Note,
}

/// An edit that would fix what a diagnostic reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What a button says, for instance `Change to "wood"`.
    pub label: String,
    /// The text to replace; empty to insert.
    pub span: Span,
    /// The text to put there.
    pub replacement: String,
}

/// One finding about a source text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// Stable code, for instance `GP104`; listed in the docs of the layer that reports it.
    pub code: String,
    /// The finding, in one sentence that starts in lower case and has no final stop.
    pub message: String,
    /// The place in the source text.
    pub span: Span,
    /// What to do about it.
    pub help: Option<String>,
    /// The edit that does it, where there is exactly one.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(code: &str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    /// A warning at `span`.
    pub fn warning(code: &str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, message)
    }

    /// A note at `span`.
    pub fn note(code: &str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, span, message)
    }

    fn new(severity: Severity, code: &str, span: Span, message: impl Into<String>) -> Self {
        Self { severity, code: code.to_owned(), message: message.into(), span, help: None, fix: None }
    }

    /// The diagnostic with a way out.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The diagnostic with an edit that fixes it.
    #[must_use]
    pub fn with_fix(mut self, label: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { label: label.into(), span, replacement: replacement.into() });
        self
    }

    /// Whether this keeps the document from being planned for.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A place in a text as people count: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

/// Where each line of a text ends: the byte after its `\n`, or after a `\r` that stands alone.
pub(crate) fn line_ends(text: &[u8]) -> impl Iterator<Item = usize> {
    let ends = |at: usize| match text[at] {
        b'\n' => true,
        b'\r' => text.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    (0..text.len()).filter(move |&at| ends(at)).map(|at| at + 1)
}

/// Where each line of a text starts. Built in O(bytes), asked in O(log lines + line length).
#[derive(Clone, Debug)]
pub struct LineIndex<'a> {
    source: &'a str,
    starts: Vec<u32>,
}

impl<'a> LineIndex<'a> {
    /// Indexes `source`. Lines end at `\n`, `\r\n` or a `\r` alone. The first line begins behind a byte order
    /// mark, which nobody sees.
    pub fn new(source: &'a str) -> Self {
        let mark = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() as u32 } else { 0 };
        let starts = std::iter::once(mark).chain(line_ends(source.as_bytes()).map(|at| at as u32)).collect();
        Self { source, starts }
    }

    /// The position of a byte offset; offsets past the end count as the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = (offset.max(self.starts[0]) as usize).min(self.source.len());
        let line = self.starts.partition_point(|&start| start as usize <= offset) - 1;
        let start = self.starts[line] as usize;
        let column = self.source.get(start..offset).map_or(offset - start, |text| text.chars().count());
        Position { line: line as u32 + 1, column: column as u32 + 1 }
    }

    /// The text of a line (from 1) without its line end; empty past the last.
    pub fn line(&self, line: u32) -> &'a str {
        let Some(&start) = self.starts.get((line as usize).wrapping_sub(1)) else { return "" };
        let end = self.starts.get(line as usize).map_or(self.source.len(), |&next| next as usize);
        self.source[start as usize..end].trim_end_matches(['\n', '\r'])
    }
}

/// The texts of one problem under one numbering of their bytes: a text begins where the one before it ends,
/// so that a span also says which text it lies in. Between two texts one number is left unused, so that
/// the end of one is not the start of the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

/// One text of a [`SourceMap`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// How it is called, for instance a path or `domain`.
    pub name: String,
    /// The text.
    pub text: Arc<str>,
    /// The number of its first byte.
    pub start: u32,
}

impl SourceMap {
    /// No text.
    pub fn new() -> Self {
        Self::default()
    }

    /// The map with one more text behind the others. All of them together must stay below 4 GiB.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let start = self.files.last().map_or(0, |last| last.start + last.text.len() as u32 + 1);
        self.files.push(SourceFile { name: name.into(), text: text.into(), start });
        self
    }

    /// The texts in order.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The index of the text that a span starts in, and the span within that text. `None` where there are no
    /// texts.
    pub fn locate(&self, span: Span) -> Option<(usize, Span)> {
        let index = self.files.partition_point(|file| file.start <= span.start).checked_sub(1)?;
        let file = &self.files[index];
        let within = |at: u32| at.saturating_sub(file.start).min(file.text.len() as u32);
        Some((index, Span { start: within(span.start), end: within(span.end) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_say_which_text_they_lie_in() {
        let map = SourceMap::new().with("domain", "abc").with("problem", "de");
        assert_eq!(map.locate(Span::new(1, 3)), Some((0, Span::new(1, 3))));
        assert_eq!(map.locate(Span::new(3, 3)), Some((0, Span::new(3, 3))));
        assert_eq!(map.locate(Span::new(4, 5)), Some((1, Span::new(0, 1))));
        assert_eq!(map.locate(Span::new(90, 95)), Some((1, Span::new(2, 2))));
        assert_eq!(SourceMap::new().locate(Span::new(0, 0)), None);
    }

    #[test]
    fn positions_count_characters_from_one() {
        let index = LineIndex::new("a\nöx\r\nz");
        assert_eq!(index.position(0), Position { line: 1, column: 1 });
        assert_eq!(index.position(4), Position { line: 2, column: 2 });
        assert_eq!(index.position(99), Position { line: 3, column: 2 });
        assert_eq!(index.line(2), "öx");
        assert_eq!(index.line(9), "");
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        let index = LineIndex::new("\u{feff}ab\nc");
        assert_eq!(index.position(0), Position { line: 1, column: 1 });
        assert_eq!(index.position(3), Position { line: 1, column: 1 });
        assert_eq!(index.position(4), Position { line: 1, column: 2 });
        assert_eq!((index.line(1), index.position(6)), ("ab", Position { line: 2, column: 1 }));
    }

    #[test]
    fn a_carriage_return_alone_ends_a_line() {
        let index = LineIndex::new("a\rb\r\nc\n\rd");
        let lines: Vec<_> = (1..=5).map(|line| index.line(line)).collect();
        assert_eq!(lines, ["a", "b", "c", "", "d"]);
        assert_eq!(index.position(2), Position { line: 2, column: 1 });
    }
}
