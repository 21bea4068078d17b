//! What an output file has already: read once, before a batch goes on.

use serde::Deserialize;

use super::shard::Shard;
use super::summary::Counts;
use crate::cli::streams::{Extent, Lines};
use crate::hash;
use crate::search::Outcome;

/// Answers that are remembered at most: about a gigabyte.
const ANSWERS_MAX: usize = 40_000_000;

/// Why an output file is not gone on with.
#[derive(Debug, thiserror::Error)]
pub enum DoneError {
    /// It cannot be read.
    #[error("cannot read {name}: {error}")]
    Unreadable {
        /// The output file.
        name: String,
        /// Why.
        error: std::io::Error,
    },
    /// A line of it is no answer of a batch.
    #[error("line {line} of {name} is no answer of a batch")]
    Foreign {
        /// The output file.
        name: String,
        /// The line, from 1.
        line: u64,
    },
    /// It answers a line that this part does not have.
    #[error("line {line} of {name} answers line {answers} of the batch, which is not in part {shard}")]
    OtherShard {
        /// The output file.
        name: String,
        /// The line, from 1.
        line: u64,
        /// The line of the batch.
        answers: u64,
        /// The part asked for.
        shard: Shard,
    },
    /// It has more answers than are remembered.
    #[error("{name} has more than {ANSWERS_MAX} answers")]
    TooMany {
        /// The output file.
        name: String,
    },
}

/// The part of an answer that says what it answers.
#[derive(Deserialize)]
struct Head {
    line: u64,
    engine: Option<String>,
    input: String,
    outcome: Option<Outcome>,
}

/// An answer that is there: 24 bytes, whatever the answer's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Answered {
    line: u64,
    engine: u64,
    input: u64,
}

/// The answers that an output file has, and its bytes up to the last whole one.
#[derive(Debug, Default)]
pub struct Done {
    /// Sorted by line, then engine.
    answers: Vec<Answered>,
    /// How they ended.
    pub counts: Counts,
    /// Bytes of the file up to the end of the last whole line.
    pub bytes: u64,
}

impl Done {
    /// Reads an output file. A last line without an end was torn by a kill, and does not count.
    ///
    /// # Errors
    /// [`DoneError`].
    pub async fn read(lines: &mut dyn Lines, name: &str, shard: Shard) -> Result<Self, DoneError> {
        let mut done = Self::default();
        let name = || name.to_owned();
        while let Some(line) =
            lines.next().await.map_err(|error| DoneError::Unreadable { name: name(), error })?
        {
            if line.extent == Extent::Open {
                break;
            }
            let head = serde_json::from_slice::<Head>(&line.bytes).ok();
            let head = head.and_then(|head| Some((key(&head.input)?, head)));
            let Some((input, head)) = head.filter(|_| line.extent == Extent::Whole) else {
                return Err(DoneError::Foreign { name: name(), line: line.number });
            };
            if !shard.has(head.line) {
                let (line, answers) = (line.number, head.line);
                return Err(DoneError::OtherShard { name: name(), line, answers, shard });
            }
            if done.answers.len() == ANSWERS_MAX {
                return Err(DoneError::TooMany { name: name() });
            }
            let engine = engine_key(head.engine.as_deref());
            done.answers.push(Answered { line: head.line, engine, input });
            done.counts.add(head.outcome);
            done.bytes = line.end;
        }
        done.answers.sort_unstable();
        Ok(done)
    }

    /// The last line of the batch that is answered; zero without any.
    pub fn last_line(&self) -> u64 {
        self.answers.last().map_or(0, |last| last.line)
    }

    /// The answers to one line of the batch.
    pub fn of_line(&self, line: u64) -> OfLine<'_> {
        let from = self.answers.partition_point(|one| one.line < line);
        let to = self.answers.partition_point(|one| one.line <= line);
        OfLine(&self.answers[from..to])
    }
}

/// The answers that are there to one line.
#[derive(Clone, Copy)]
pub struct OfLine<'a>(&'a [Answered]);

impl OfLine<'_> {
    /// Whether there is an answer to another text than the one with this key.
    pub fn is_to_another(self, input: u64) -> bool {
        self.0.iter().any(|one| one.input != input)
    }

    /// Whether this engine's answer is there; a line that was not understood has no engine.
    pub fn has(self, engine: Option<&str>) -> bool {
        let engine = engine_key(engine);
        self.0.iter().any(|one| one.engine == engine)
    }
}

fn engine_key(engine: Option<&str>) -> u64 {
    engine.map_or(0, |engine| hash::checksum(engine.as_bytes()))
}

/// The key of a line's text as answers have it: sixteen hexadecimal digits.
pub fn key_text(key: u64) -> String {
    format!("{key:016x}")
}

fn key(text: &str) -> Option<u64> {
    (text.len() == 16).then(|| u64::from_str_radix(text, 16).ok()).flatten()
}
