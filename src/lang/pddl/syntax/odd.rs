//! Findings about characters that PDDL does not have, each with the edit that removes it.

use super::super::codes;
use super::super::findings::Findings;
use super::tree::NodeId;
use super::word::{Odd, clean, oddity};
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::invisible;

/// Longest part of a text that one edit replaces.
const FIX_MAX: usize = 1 << 14;

/// The commas of one list, which are one finding.
#[derive(Clone, Copy, Debug)]
struct Commas {
    /// The list; none at the outermost level.
    list: Option<NodeId>,
    first: usize,
    last: usize,
    count: usize,
}

/// Commas, and square or curly brackets, in the lists that are open.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    commas: Vec<Commas>,
    /// Lists that such a bracket opened, and where.
    squares: Vec<(NodeId, usize)>,
}

/// A text and where it starts among all texts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) text: &'a str,
    pub(super) base: u32,
}

impl Place<'_> {
    fn span(self, start: usize, end: usize) -> Span {
        Span::new(self.base as usize + start, self.base as usize + end)
    }
}

impl Pending {
    /// Notes a comma at `at` in the innermost open list.
    pub(super) fn comma(&mut self, list: Option<NodeId>, at: usize) {
        match self.commas.last_mut().filter(|commas| commas.list == list) {
            Some(commas) => (commas.last, commas.count) = (at, commas.count + 1),
            None => self.commas.push(Commas { list, first: at, last: at, count: 1 }),
        }
    }

    /// Notes that a square or curly bracket opened a list.
    pub(super) fn square(&mut self, list: NodeId, at: usize) {
        self.squares.push((list, at));
    }

    /// Reports the commas and brackets of the list that the bracket at `at`, round or not, closed.
    pub(super) fn closed(
        &mut self,
        list: Option<NodeId>,
        at: usize,
        is_round: bool,
        place: Place<'_>,
        findings: &mut Findings,
    ) {
        if let Some(commas) = self.commas.pop_if(|commas| commas.list == list) {
            findings.push(comma(commas, place));
        }
        let square = self.squares.pop_if(|square| Some(square.0) == list).map(|square| square.1);
        match (square, is_round) {
            (Some(start), false) => findings.push(squares(start, Some(at), place)),
            (Some(start), true) => findings.push(squares(start, None, place)),
            (None, false) => findings.push(square_end(at, place)),
            (None, true) => {}
        }
    }

    /// The text ended.
    pub(super) fn ended(&mut self, place: Place<'_>, findings: &mut Findings) {
        std::mem::take(&mut self.commas).into_iter().for_each(|one| findings.push(comma(one, place)));
        let squares_left = std::mem::take(&mut self.squares);
        squares_left.into_iter().for_each(|(_, start)| findings.push(squares(start, None, place)));
    }
}

fn comma(commas: Commas, place: Place<'_>) -> Diagnostic {
    let Commas { first, last, count, .. } = commas;
    let (at, end) = (place.span(first, first + 1), last + 1);
    let message = match count {
        1 => "a comma stands between names".to_owned(),
        _ => format!("commas stand between names, {count} in this list"),
    };
    let finding = Diagnostic::error(codes::UNEXPECTED_CHARACTER, at, message)
        .with_help("PDDL separates names by spaces alone");
    let label = if count == 1 { "Remove it" } else { "Remove the commas" };
    let old = &place.text[first..end];
    if old.len() > FIX_MAX {
        return finding;
    }
    let spaced = |rest: &str| rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == ')');
    let mut new = String::with_capacity(old.len());
    for (at, c) in old.char_indices() {
        // Commas in comments and numbers stay as they are.
        if c != ',' || in_comment(&old[..at]) {
            new.push(c);
        } else if !spaced(&place.text[first + at + 1..]) {
            new.push(' ');
        }
    }
    finding.with_fix(label, place.span(first, end), new)
}

fn in_comment(before: &str) -> bool {
    before.rsplit('\n').next().is_some_and(|line| line.contains(';'))
}

fn squares(start: usize, end: Option<usize>, place: Place<'_>) -> Diagnostic {
    let bracket = &place.text[start..=start];
    let message = format!("a list does not open with `{bracket}`");
    let finding = Diagnostic::error(codes::UNEXPECTED_CHARACTER, place.span(start, start + 1), message)
        .with_help("PDDL has round brackets alone");
    match end.filter(|end| end - start <= FIX_MAX) {
        Some(end) => {
            let inner = &place.text[start + 1..end];
            finding.with_fix("Make them round", place.span(start, end + 1), format!("({inner})"))
        }
        None => finding.with_fix("Make it round", place.span(start, start + 1), "("),
    }
}

fn square_end(at: usize, place: Place<'_>) -> Diagnostic {
    let message = format!("a list does not close with `{}`", &place.text[at..=at]);
    let span = place.span(at, at + 1);
    Diagnostic::error(codes::UNEXPECTED_CHARACTER, span, message)
        .with_help("PDDL has round brackets alone")
        .with_fix("Make it round", span, ")")
}

/// The finding about a word with a character that no name has; none where all are fine.
pub(super) fn word(text: &str, at: usize, base: u32) -> Option<Diagnostic> {
    let (offset, c, odd) = oddity(text)?;
    let name = clean(text);
    let start = base as usize + at;
    let place = Span::new(start + offset, start + offset + c.len_utf8());
    let whole = Span::new(start, start + text.len());
    if odd == Odd::Dash {
        let message = format!("`{c}` is read as `-`");
        let help = "write a plain hyphen: other planners do not know this dash";
        let finding = Diagnostic::warning(codes::OTHER_DASH, place, message).with_help(help);
        return Some(finding.with_fix("Change to `-`", whole, name));
    }
    if name.is_empty() {
        return Some(stray(c.encode_utf8(&mut [0; 4]), place));
    }
    let (message, help) = match odd {
        Odd::Quote => ("names stand without quotes".to_owned(), format!("write `{name}`")),
        Odd::Decimal => ("a comma stands within a number".to_owned(), format!("write `{name}`")),
        _ => {
            let help = format!("names have letters, digits, `-` and `_`: write for instance `{name}`");
            (format!("{} stands within a name", shown(c)), help)
        }
    };
    let finding = Diagnostic::error(codes::UNEXPECTED_CHARACTER, place, message).with_help(help);
    Some(finding.with_fix(format!("Change to `{name}`"), whole, name))
}

/// The finding about `text`, characters that stand for nothing.
pub(super) fn stray(text: &str, span: Span) -> Diagnostic {
    let is_blank = text.chars().all(char::is_whitespace);
    let (label, instead) = if is_blank { ("Change to a space", " ") } else { ("Remove it", "") };
    let first = text.chars().next().unwrap_or_default();
    let (message, help) = match first {
        c if is_blank => (format!("{} stands here", invisible::name(c)), "write a plain space"),
        c if invisible::is_invisible(c) => {
            (format!("{} stands here", invisible::name(c)), "remove it: it often comes with copied text")
        }
        _ => {
            let shown: String = text.chars().take(8).flat_map(char::escape_debug).collect();
            let help = "names have letters, digits, `-` and `_`; other characters belong in comments";
            (format!("unexpected character `{shown}`"), help)
        }
    };
    Diagnostic::error(codes::UNEXPECTED_CHARACTER, span, message)
        .with_help(help)
        .with_fix(label, span, instead)
}

/// A character in a message: by its name where it cannot be seen.
fn shown(c: char) -> String {
    if invisible::is_invisible(c) || c.is_whitespace() {
        return invisible::name(c);
    }
    format!("`{}`", c.escape_debug())
}

/// The finding about a colon where PDDL has `-` before a type: it is replaced with what is blank around it.
pub(super) fn typing_colon(place: Place<'_>, at: usize) -> Diagnostic {
    let before = place.text[..at].trim_end_matches([' ', '\t']).len();
    let rest = &place.text[at + 1..];
    let after = at + 1 + (rest.len() - rest.trim_start_matches([' ', '\t']).len());
    let message = "a colon stands before a type";
    Diagnostic::error(codes::UNEXPECTED_CHARACTER, place.span(at, at + 1), message)
        .with_help("PDDL writes `name - type`")
        .with_fix("Change to `-`", place.span(before, after), " - ")
}
