//! Reads plan files, line by line. It goes on after an error.

use super::super::goap::model::Value;
use super::super::goap::syntax::{Data, decode_string, shortened};
use super::Step;
use crate::diagnostic::{Diagnostic, Span};

/// A line that is not a step.
pub(super) const NOT_A_STEP: &str = "PL001";
/// A string that does not end or has a wrong escape.
const BAD_STRING: &str = "PL002";
/// More errors than these are not listed.
pub(super) const MAX_FINDINGS: usize = 100;

/// What a plan file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanFile {
    /// Steps in the order in which they happen, as far as they could be read.
    pub steps: Vec<Step>,
    /// For each step, when it happens, ascending; empty where the file has no times.
    pub times: Vec<f64>,
    /// For each step, where it stands.
    pub spans: Vec<Span>,
    /// The cost it claims, in a line `; cost = N`.
    pub cost: Option<f64>,
    /// Findings by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a plan file. O(bytes).
pub fn read(text: &str) -> PlanFile {
    let mut file = PlanFile::default();
    let mut start = past_mark(text);
    for line in text[start..].split_inclusive('\n') {
        let trimmed = line.trim();
        let at = start + (line.len() - line.trim_start().len());
        start += line.len();
        if let Some(comment) = trimmed.strip_prefix(';') {
            file.cost = claimed_cost(comment).or(file.cost);
        } else if !trimmed.is_empty() {
            let span = Span::new(at, at + trimmed.len());
            match read_step(trimmed, at) {
                Ok(step) => {
                    file.steps.push(step);
                    file.spans.push(span);
                }
                Err(finding) if file.diagnostics.len() < MAX_FINDINGS => file.diagnostics.push(*finding),
                Err(_) => {}
            }
        }
    }
    file
}

/// Where a text begins after its byte order marks: joined files may have several.
pub(super) fn past_mark(text: &str) -> usize {
    text.len() - text.trim_start_matches('\u{feff}').len()
}

pub(super) fn claimed_cost(comment: &str) -> Option<f64> {
    let (key, value) = comment.split_once('=')?;
    let number = value.split_whitespace().next()?;
    (key.trim() == "cost").then(|| number.parse().ok()).flatten()
}

pub(super) fn not_a_step(line: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` is not a step", shortened(line));
    Diagnostic::error(NOT_A_STEP, span, message).with_help("write one (action argument …) a line")
}

fn read_step(line: &str, at: usize) -> Result<Step, Box<Diagnostic>> {
    let not_a_step = |span: Span| Box::new(not_a_step(line, span));
    let whole = Span::new(at, at + line.len());
    let inner = line.strip_prefix('(').ok_or_else(|| not_a_step(whole))?;
    let mut rest = inner;
    let mut words = Vec::new();
    loop {
        rest = rest.trim_start();
        let here = at + line.len() - rest.len();
        if let Some(after) = rest.strip_prefix(')') {
            let after = after.trim_start();
            if !after.is_empty() && !after.starts_with(';') {
                return Err(not_a_step(Span::new(at + line.len() - after.len(), at + line.len())));
            }
            break;
        }
        if rest.is_empty() {
            return Err(not_a_step(whole));
        }
        let (value, length) = word(rest).map_err(|length| {
            let span = Span::new(here, here + length);
            Box::new(
                Diagnostic::error(BAD_STRING, span, "this string cannot be read")
                    .with_help("close it with `\"`, and write escapes as in JSON"),
            )
        })?;
        words.push(value);
        rest = &rest[length..];
    }
    step_of(words).ok_or_else(|| not_a_step(whole))
}

/// The step whose action is the first word.
fn step_of(words: Vec<Value>) -> Option<Step> {
    let mut words = words.into_iter();
    let action = match words.next()? {
        Value::Symbol(name) => name,
        value => value.to_string(),
    };
    Some(Step { action, arguments: words.collect() })
}

/// The word at the start of `text` and its length; the length alone where it cannot be read.
fn word(text: &str) -> Result<(Value, usize), usize> {
    if let Some(inside) = text.strip_prefix('"') {
        let mut escaped = false;
        let end = inside.bytes().position(|byte| {
            let closes = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            closes
        });
        let length = end.map_or(Err(text.len()), |end| Ok(end + 2))?;
        return match decode_string(&text[..length]) {
            Data::String(symbol) => Ok((Value::Symbol(symbol), length)),
            _ => Err(length),
        };
    }
    let length = text.find(|c: char| c.is_whitespace() || "()\";".contains(c)).unwrap_or(text.len()).max(1);
    let word = text.get(..length).ok_or(length)?;
    let value = match word {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => match (word.parse::<i64>(), word.parse::<f64>()) {
            (Ok(value), _) => Value::Int(value),
            (_, Ok(value)) if value.is_finite() => Value::Float(value),
            _ => Value::Symbol(word.to_owned()),
        },
    };
    Ok((value, length))
}
