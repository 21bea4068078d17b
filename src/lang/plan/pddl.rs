//! Plan files for PDDL, as planners and validators write them.
//!
//! A step is `(action argument …)`; several may stand on a line, and one over several lines. A time may stand
//! in front (`0.0: (a b)`, `step 0: A B`), and a duration or cost in square brackets behind, which is passed
//! over: the actions read here take no time. Where steps have times, they are in the order of those, and steps
//! of one time happen together.

use super::super::goap::model::Value;
use super::super::letters;
use super::Step;
use super::read::{MAX_FINDINGS, NOT_A_STEP, PlanFile, claimed_cost, not_a_step, past_mark};
use crate::diagnostic::{Diagnostic, Span};

/// A step without a time, where others have one.
const NO_TIME: &str = "PL003";

/// Reads a plan file for PDDL: names ignore case and are read folded, and every word is a name. O(bytes).
pub fn read_pddl(text: &str) -> PlanFile {
    let mut reader = Reader { text, at: past_mark(text), file: PlanFile::default(), times: Vec::new() };
    while reader.skip() {
        let start = reader.at;
        if let Err(finding) = reader.step() {
            reader.push(*finding);
            reader.recover(start);
        }
    }
    reader.finish()
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    file: PlanFile,
    /// The time of each step, where it has one.
    times: Vec<Option<f64>>,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Skips whitespace and comments. Whether anything follows.
    fn skip(&mut self) -> bool {
        loop {
            self.at = self.text.len() - self.rest().trim_start().len();
            let Some(comment) = self.rest().strip_prefix(';') else { return !self.rest().is_empty() };
            let comment = &comment[..line_length(comment)];
            self.file.cost = claimed_cost(comment).or(self.file.cost);
            self.at += 1 + comment.len();
        }
    }

    fn step(&mut self) -> Result<(), Box<Diagnostic>> {
        let start = self.at;
        let time = self.time();
        let has_brackets = if time.is_some() { self.skip() && self.rest().starts_with('(') } else { true };
        let words = if has_brackets { self.in_brackets(start)? } else { self.bare(start)? };
        let mut words = words.into_iter().map(|word| letters::fold(word).into_owned());
        let Some(action) = words.next() else { return Err(Box::new(self.refused(start))) };
        self.duration(start)?;
        self.file.steps.push(Step { action, arguments: words.map(Value::Symbol).collect() });
        self.file.spans.push(Span::new(start, self.at));
        self.times.push(time);
        Ok(())
    }

    /// The time in front of a step, as `0.5:`, `step 3:` or the number in a list, `3.`.
    fn time(&mut self) -> Option<f64> {
        let line = &self.rest()[..line_length(self.rest())];
        let word = line.get(..4).filter(|word| word.eq_ignore_ascii_case("step"));
        let line_start = line;
        let line = word.map_or(line, |_| line[4..].trim_start());
        let length =
            line.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(line.len());
        let (number, behind) = line.split_at(length);
        let colon = behind.trim_start().strip_prefix(':');
        let behind = match colon {
            Some(behind) => behind,
            None if number.ends_with('.') => behind,
            None => return None,
        };
        let time = number.parse().ok().filter(|time: &f64| time.is_finite())?;
        self.at += line_start.len() - behind.len();
        Some(time)
    }

    /// The words of a step in brackets.
    fn in_brackets(&mut self, start: usize) -> Result<Vec<&'t str>, Box<Diagnostic>> {
        if !self.rest().starts_with('(') {
            return Err(Box::new(self.refused(start)));
        }
        let bracket = self.at;
        self.at += 1;
        let mut words: Vec<&str> = Vec::new();
        let mut end = self.at;
        loop {
            if !self.skip() || self.rest().starts_with(['(', '[']) {
                return Err(Box::new(unclosed(bracket, end)));
            }
            if self.rest().starts_with(')') {
                self.at += 1;
                return Ok(words);
            }
            if self.rest().starts_with(',') {
                return Err(Box::new(comma(self.at)));
            }
            let length = word_length(self.rest());
            if length == 0 {
                return Err(Box::new(self.refused(start)));
            }
            words.push(&self.rest()[..length]);
            self.at += length;
            end = self.at;
        }
    }

    /// The words of a step without brackets, which takes the rest of its line.
    fn bare(&mut self, start: usize) -> Result<Vec<&'t str>, Box<Diagnostic>> {
        let line = &self.rest()[..line_length(self.rest())];
        let line = line[..line.find([';', '[']).unwrap_or(line.len())].trim_end();
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_plain = |word: &&str| word_length(word) == word.len();
        if words.is_empty() || self.text[start..self.at].contains('\n') || !words.iter().all(is_plain) {
            return Err(Box::new(self.refused(start)));
        }
        self.at += line.len();
        Ok(words)
    }

    /// Skips what stands in square brackets behind a step.
    fn duration(&mut self, start: usize) -> Result<(), Box<Diagnostic>> {
        let line = &self.rest()[..line_length(self.rest())];
        let Some(inside) = line.trim_start().strip_prefix('[') else { return Ok(()) };
        let Some((_, behind)) = inside.split_once(']') else { return Err(Box::new(self.refused(start))) };
        self.at += line.len() - behind.len();
        Ok(())
    }

    /// The finding that the rest of the line is no step.
    fn refused(&self, start: usize) -> Diagnostic {
        let end = self.at.max(start) + line_length(&self.text[self.at.max(start)..]);
        let line = self.text[start..end].split(';').next().unwrap_or_default().trim_end();
        not_a_step(line, Span::new(start, start + line.len().max(1)))
    }

    fn push(&mut self, finding: Diagnostic) {
        if self.file.diagnostics.len() < MAX_FINDINGS {
            self.file.diagnostics.push(finding);
        }
    }

    /// Goes on at the next line, or at the bracket that opens before a step was closed.
    fn recover(&mut self, start: usize) {
        let is_next = self.at > start && self.rest().starts_with('(');
        if !is_next {
            self.at += line_length(self.rest());
        }
    }

    /// The steps in the order of their times.
    fn finish(mut self) -> PlanFile {
        let timed = self.times.iter().filter(|time| time.is_some()).count();
        if timed == 0 {
            return self.file;
        }
        if timed < self.times.len() {
            let lacks = self.times.iter().position(Option::is_none);
            let span = lacks.map_or_else(Span::default, |at| self.file.spans[at]);
            let message = "this step has no time, and other steps have one";
            let help = "give each step a time (`0.0: (action argument …)`), or none";
            self.push(Diagnostic::error(NO_TIME, span, message).with_help(help));
            self.file.diagnostics.sort_by_key(|finding| finding.span.start);
            return self.file;
        }
        let mut order: Vec<usize> = (0..timed).collect();
        let time = |at: usize| self.times[at].unwrap_or_default();
        order.sort_by(|&one, &other| time(one).total_cmp(&time(other)));
        self.file.times = order.iter().map(|&at| time(at)).collect();
        self.file.steps = order.iter().map(|&at| self.file.steps[at].clone()).collect();
        self.file.spans = order.iter().map(|&at| self.file.spans[at]).collect();
        self.file
    }
}

/// Bytes of a name in a plan.
fn word_length(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || "()[];,\"".contains(c)).unwrap_or(text.len())
}

/// Bytes up to the end of the line, however it ends.
fn line_length(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

fn comma(at: usize) -> Diagnostic {
    let place = Span::new(at, at + 1);
    Diagnostic::error(NOT_A_STEP, place, "a comma stands in this step")
        .with_help("PDDL separates names by spaces alone")
        .with_fix("Change to a space", place, " ")
}

fn unclosed(bracket: usize, end: usize) -> Diagnostic {
    Diagnostic::error(NOT_A_STEP, Span::new(bracket, bracket + 1), "the bracket of this step is never closed")
        .with_help("close it with `)`")
        .with_fix("Close the bracket", Span::new(end, end), ")")
}
