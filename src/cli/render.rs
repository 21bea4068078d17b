//! Diagnostics for a terminal: message, place, source line, caret, help.
//!
//! Source text and names are somebody else's: control characters never reach the terminal, nor do those that
//! turn the direction of a text. Colour is for terminals alone, and only where `NO_COLOR` is unset.
//!
//! A finding costs what is shown of it, whatever the length of its line: a document may be one line of a
//! megabyte, with a thousand findings.

use std::fmt::Write;

use anyhow::Result;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::Host;
use crate::diagnostic::{Diagnostic, LineIndex, Severity, SourceMap, Span};
use crate::lang::invisible::turns_text;

/// Characters of a source line that are shown at most; longer lines are cut around the place.
const LINE_CHARS_MAX: usize = 120;

/// Characters kept to the left of the place in a line that is cut.
const CONTEXT_CHARS: usize = 40;

/// How to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// With escape sequences for colour.
    Colour,
}

/// The style for standard output.
pub fn stdout_style(host: &dyn Host) -> Style {
    style(host.stdout_is_terminal() && wants_colour(host))
}

/// The style for standard error.
pub fn stderr_style(host: &dyn Host) -> Style {
    style(host.stderr_is_terminal() && wants_colour(host))
}

fn style(is_coloured: bool) -> Style {
    if is_coloured { Style::Colour } else { Style::Plain }
}

/// Whether the environment allows colour: `NO_COLOR` is unset or empty, and `TERM` is not `dumb`.
pub fn wants_colour(host: &dyn Host) -> bool {
    let refused = host.variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb = host.variable("TERM").is_some_and(|value| value == "dumb");
    !refused && !is_dumb
}

/// Prints one JSON document.
///
/// # Errors
/// Where standard output cannot be written.
pub fn print_json(host: &dyn Host, value: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(host.write_stdout(&text)?)
}

/// `text` with every control character but line ends shown as a replacement character.
pub fn harmless(text: &str) -> String {
    let shown = |c: char| if controls(c) && c != '\n' { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(shown).collect()
}

/// Whether a character controls the terminal, or the direction of the text after it.
fn controls(c: char) -> bool {
    c.is_control() || turns_text(c)
}

/// A source text that diagnostics are about.
pub struct Page<'a> {
    sources: &'a SourceMap,
    lines: Vec<LineIndex<'a>>,
    style: Style,
}

impl<'a> Page<'a> {
    /// The texts of a problem.
    pub fn new(sources: &'a SourceMap, style: Style) -> Self {
        let lines = sources.files().iter().map(|file| LineIndex::new(&file.text)).collect();
        Self { sources, lines, style }
    }

    /// `name:line:column` of a byte offset; empty without a text.
    pub fn place(&self, offset: u32) -> String {
        let Some((index, span)) = self.sources.locate(Span { start: offset, end: offset }) else {
            return String::new();
        };
        let position = self.lines[index].position(span.start);
        format!("{}:{}:{}", harmless(&self.sources.files()[index].name), position.line, position.column)
    }

    /// A diagnostic, with a line end after its last line. Without a text there is no place; of several texts,
    /// an empty one is named.
    pub fn diagnostic(&self, diagnostic: &Diagnostic) -> String {
        let (word, colour) = match diagnostic.severity {
            Severity::Error => ("error", "31"),
            Severity::Warning => ("warning", "33"),
            Severity::Note => ("note", "36"),
        };
        let head = self.paint(colour, &format!("{word}[{}]", diagnostic.code));
        let mut out = format!("{head}: {}\n", self.paint("1", &harmless(&diagnostic.message)));
        let located = self.sources.locate(diagnostic.span);
        let is_empty = |index: usize| self.sources.files()[index].text.is_empty();
        let mut indent = "  ".to_owned();
        if located.is_some_and(|(index, _)| is_empty(index)) && self.sources.files().len() > 1 {
            let arrow = self.paint("34", "-->");
            let _ = writeln!(out, "{indent}{arrow} {}", self.place(diagnostic.span.start));
        }
        let located = located.filter(|&(index, _)| !is_empty(index));
        if let Some((index, span)) = located {
            let gutter = " ".repeat(self.lines[index].position(span.start).line.to_string().len());
            self.excerpt(&mut out, diagnostic.span.start, &self.lines[index], span, colour, &gutter);
            indent = format!("{gutter} ");
        }
        if let Some(help) = &diagnostic.help {
            let _ = writeln!(out, "{indent}{} help: {}", self.paint("34", "="), harmless(help));
        }
        out
    }

    fn excerpt(
        &self,
        out: &mut String,
        offset: u32,
        lines: &LineIndex<'_>,
        span: Span,
        colour: &str,
        gutter: &str,
    ) {
        let start = lines.position(span.start);
        let end = lines.position(span.end);
        // What goes on over several lines is underlined to the end of the first.
        let end_column = if end.line == start.line { end.column } else { u32::MAX };
        let excerpt = Excerpt::new(lines.line(start.line), start.column, end_column);
        let bar = self.paint("34", "|");
        let carets = self.paint(colour, &"^".repeat(excerpt.carets));
        let pad = " ".repeat(excerpt.offset);
        let _ = writeln!(out, "{gutter}{} {}", self.paint("34", "-->"), self.place(offset));
        let _ = writeln!(out, "{gutter} {bar}");
        let _ = writeln!(out, "{} {bar} {}", self.paint("34", &start.line.to_string()), excerpt.line);
        let _ = writeln!(out, "{gutter} {bar} {pad}{carets}");
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        match self.style {
            Style::Plain => text.to_owned(),
            Style::Colour => format!("\x1b[{colour}m{text}\x1b[0m"),
        }
    }
}

/// What is shown of a source line, and the columns of the terminal where it is underlined.
struct Excerpt {
    line: String,
    offset: usize,
    carets: usize,
}

impl Excerpt {
    /// Columns count from 1; the end is one past the last.
    fn new(source: &str, start: u32, end: u32) -> Self {
        // A document may be one line of a megabyte: only what is shown of it is copied.
        let length = source.chars().count();
        let column = (start as usize - 1).min(length);
        let from = if length > LINE_CHARS_MAX { column.saturating_sub(CONTEXT_CHARS) } else { 0 };
        let to = length.min(from + LINE_CHARS_MAX);
        let chars: Vec<char> = source.chars().skip(from).take(to - from).collect();
        let last = (end as usize - 1).clamp(column, to);
        let ellipsis = |is_cut| if is_cut { "…" } else { "" };
        let before = format!("{}{}", ellipsis(from > 0), shown(&chars[..column - from]));
        let marked = shown(&chars[column - from..last - from]);
        let after = shown(&chars[last - from..]);
        Self {
            line: format!("{before}{marked}{after}{}", ellipsis(to < length)),
            offset: before.width(),
            carets: marked.width().max(1),
        }
    }
}

/// Characters as they are shown: tabs as four spaces, other control characters replaced.
fn shown(chars: &[char]) -> String {
    let mut text = String::new();
    for &c in chars {
        match c {
            '\t' => text.push_str("    "),
            c if controls(c) => text.push(char::REPLACEMENT_CHARACTER),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str, start: usize, end: usize, style: Style) -> String {
        let finding = Diagnostic::error("GP104", Span::new(start, end), "unknown key \"wod\"")
            .with_help("did you mean \"wood\"?");
        Page::new(&SourceMap::new().with("a.goap.json", text), style).diagnostic(&finding)
    }

    #[test]
    fn shows_the_line_a_caret_and_help() {
        let text = "{\n\t\"wod\": 1\n}\n";
        insta::assert_snapshot!(rendered(text, 3, 8, Style::Plain), @r#"
        error[GP104]: unknown key "wod"
         --> a.goap.json:2:2
          |
        2 |     "wod": 1
          |     ^^^^^
          = help: did you mean "wood"?
        "#);
    }

    #[test]
    fn names_the_one_of_several_texts_that_is_empty() {
        let finding = Diagnostic::error("PD108", Span::new(0, 0), "the file is empty").with_help("begin");
        let sources = SourceMap::new().with("d.pddl", "").with("p.pddl", "(define)");
        insta::assert_snapshot!(Page::new(&sources, Style::Plain).diagnostic(&finding), @r"
        error[PD108]: the file is empty
          --> d.pddl:1:1
          = help: begin
        ");
    }

    #[test]
    fn underlines_to_the_end_of_the_first_line() {
        insta::assert_snapshot!(rendered("{ \"a\": [\n1\n] }", 7, 12, Style::Plain), @r#"
        error[GP104]: unknown key "wod"
         --> a.goap.json:1:8
          |
        1 | { "a": [
          |        ^
          = help: did you mean "wood"?
        "#);
    }

    #[test]
    fn cuts_a_long_line_around_the_place() {
        let text = format!("{}here{}", "x".repeat(500), "y".repeat(500));
        insta::assert_snapshot!(rendered(&text, 500, 504, Style::Plain), @r#"
        error[GP104]: unknown key "wod"
         --> a.goap.json:1:501
          |
        1 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxhereyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
          |                                          ^^^^
          = help: did you mean "wood"?
        "#);
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let out = rendered("\u{1b}[31m \u{7} x", 0, 1, Style::Plain);
        assert!(!out.contains(['\u{1b}', '\u{7}']), "{out}");
    }

    #[test]
    fn characters_that_turn_the_direction_of_a_text_are_shown() {
        let out = rendered("// \u{202e}\u{2066}x\u{200f}", 0, 1, Style::Plain);
        assert!(out.contains("1 | // \u{fffd}\u{fffd}x\u{fffd}"), "{out}");
    }

    #[test]
    fn underlines_below_characters_that_take_two_columns() {
        let text = "{\"日本\": wod}";
        let start = text.find("wod").unwrap();
        assert!(rendered(text, start, start + 3, Style::Plain).contains("\n  |          ^^^\n"));
    }

    #[test]
    fn colours_when_told_to() {
        assert!(rendered("x", 0, 1, Style::Colour).contains("\u{1b}[31merror[GP104]\u{1b}[0m"));
    }

    #[test]
    fn a_place_past_the_end_is_the_end() {
        assert!(rendered("x", 90, 95, Style::Plain).contains("a.goap.json:1:2"));
    }
}
