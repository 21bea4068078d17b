//! `plan --batch`: many tasks in, one line of JSON out for each and each of its engines.
//!
//! The batch file is read as a stream, each thread has one search under way, and answers that wait for their
//! turn are bounded: memory does not grow with the length of the batch. Each answer is written whole and at
//! once, so that a kill loses at most what was not written; `--resume` reads what is there (24 bytes of memory
//! for each answer), drops a line that was torn, and does the rest.

mod answers;
mod done;
mod line;
mod shard;
mod summary;

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;
use futures::future::{Either, pending, select};
use futures::stream::{self, LocalBoxStream};
use futures::{FutureExt, StreamExt};
use serde_json::{Map, Value};

use super::input::Refusal;
use super::streams::{ANSWER_BYTES_MAX, Advance, Bar, Extent, Line, Lines, Output};
use super::{Exit, Host, Storage, print_notices, render};
use crate::hash;
use crate::runtime::Watch;
use crate::search::Outcome;
use answers::{Answer, Loading, Unit, Work};
use done::{Done, DoneError};
use line::Malformed;
pub use shard::Shard;
use summary::Summary;

/// Answers for each thread that may wait for one before them, so that a long search does not stop the others.
const WAITING: usize = 16;

/// Time between two drawings of the bar while nothing is answered.
const TICK: Duration = Duration::from_millis(250);

/// `plan --batch`, resolved.
#[derive(Debug)]
pub struct BatchConfig {
    /// The batch file, or `-`.
    pub file: PathBuf,
    /// Where the answers go; `None` for standard output.
    pub output: Option<PathBuf>,
    /// Write answers as they come, and not in the order of the lines.
    pub unordered: bool,
    /// Go on with an output that is there.
    pub resume: bool,
    /// The part of the batch that is done.
    pub shard: Shard,
    /// Threads to plan on, with one search at a time on each.
    pub threads: usize,
    /// What lines leave open, as [`crate::service::Options`] are given.
    pub options: Map<String, Value>,
    /// Bytes of a PDDL file at most. A line has at most twice as many, and a MiB.
    pub pddl_bytes_max: u64,
    /// Where plans are kept.
    pub storage: Storage,
}

impl BatchConfig {
    /// The batch file's name as it was typed.
    fn name(&self) -> String {
        if self.file.as_os_str() == "-" { "<stdin>".to_owned() } else { self.file.display().to_string() }
    }

    fn line_bytes_max(&self) -> usize {
        usize::try_from(self.pddl_bytes_max.saturating_mul(2)).unwrap_or(usize::MAX / 2) + (1 << 20)
    }

    /// The folder that files of the batch are relative to.
    fn folder(&self) -> &Path {
        self.file.parent().filter(|_| self.file.as_os_str() != "-").unwrap_or(Path::new(""))
    }
}

/// Why a batch ends before its end.
enum Stop {
    /// Something that a person can put right: what is wrong, and the way out.
    Refused(String, &'static str),
    /// The answers cannot be written.
    Output(std::io::Error),
    /// The planner itself failed.
    Failed(anyhow::Error),
}

/// Plans for every line of a batch.
///
/// # Errors
/// Where the planner itself fails.
pub async fn run(host: &dyn Host, config: &BatchConfig) -> Result<Exit> {
    let (mut output, done) = match open(host, config).await {
        Ok(opened) => opened,
        Err(stop) => return give_up(host, config, stop),
    };
    let lines = match host.read_lines(&config.file, config.line_bytes_max()) {
        Ok(lines) => lines,
        Err(error) => {
            let refused = Refusal::unreadable(&config.name(), &error);
            return refused.print(host, false, false);
        }
    };
    let mut summary = Summary { before: done.counts.clone(), ..Summary::default() };
    let ended = work(host, config, &done, lines, &mut *output, &mut summary).await;
    print_notices(host);
    host.write_stderr(&summary.text(config.output.is_some()));
    match ended {
        Ok(()) => Ok(summary.exit()),
        Err(stop) => give_up(host, config, stop),
    }
}

fn give_up(host: &dyn Host, config: &BatchConfig, stop: Stop) -> Result<Exit> {
    let (message, help) = match stop {
        Stop::Refused(message, help) => (message, help),
        Stop::Failed(error) => return Err(error),
        Stop::Output(error) if config.output.is_none() => return Err(error.into()),
        Stop::Output(error) => {
            let name = config.output.as_deref().unwrap_or(Path::new("")).display();
            host.write_stderr(&render::harmless(&format!(
                "error: cannot write answers to {name}: {error}\n"
            )));
            return Ok(Exit::FileLost);
        }
    };
    host.write_stderr(&render::harmless(&format!("error: {message}\n  = help: {help}\n")));
    Ok(Exit::InputError)
}

/// Opens the output, and reads what it has.
async fn open(host: &dyn Host, config: &BatchConfig) -> Result<(Box<dyn Output>, Done), Stop> {
    let path = config.output.as_deref();
    let mut output = host.output(path).map_err(|error| {
        let message = format!("cannot write to {}: {error}", path.unwrap_or(Path::new("")).display());
        Stop::Refused(message, "give each process an --output of its own, in a folder that can be written")
    })?;
    let Some(path) = path.filter(|_| output.bytes() > 0) else { return Ok((output, Done::default())) };
    let name = path.display().to_string();
    if !config.resume {
        let message = format!("{name} has answers already");
        return Err(Stop::Refused(message, "go on with it by --resume, or give another name"));
    }
    let unreadable = |error| DoneError::Unreadable { name: name.clone(), error };
    let done = match host.read_lines(path, ANSWER_BYTES_MAX) {
        Ok(mut lines) => Done::read(&mut *lines, &name, config.shard).await,
        Err(error) => Err(unreadable(error)),
    };
    let done = done.map_err(|error| {
        let help = match error {
            DoneError::Unreadable { .. } => "--resume reads what it goes on with",
            DoneError::Foreign { .. } => "remove that line, or give another --output",
            DoneError::OtherShard { .. } => "give each part of a batch an --output of its own",
            DoneError::TooMany { .. } => "split the batch with --shard",
        };
        Stop::Refused(error.to_string(), help)
    })?;
    output.keep(done.bytes).map_err(Stop::Output)?;
    Ok((output, done))
}

/// Answers what is not answered yet, and writes it.
async fn work(
    host: &dyn Host,
    config: &BatchConfig,
    done: &Done,
    lines: Box<dyn Lines>,
    output: &mut dyn Output,
    summary: &mut Summary,
) -> Result<(), Stop> {
    let bytes = host.file_bytes(&config.file).filter(|_| config.file.as_os_str() != "-");
    // Answers and a bar on one terminal would be torn apart by each other.
    let has_bar = host.stderr_is_terminal() && !(config.output.is_none() && host.stdout_is_terminal());
    let bar = has_bar.then(|| host.bar(bytes));
    let free = Watch::new(config.threads);
    let answers = units(config, done, lines, bar.as_deref()).map(|unit| async {
        let unit = unit?;
        free.until(|free| (*free > 0).then_some(())).await;
        free.update(|free| *free -= 1);
        let answer = answers::answer(host, config, unit).await;
        free.update(|free| *free += 1);
        answer.map_err(Stop::Failed)
    });
    let mut answers: LocalBoxStream<'_, Result<Answer, Stop>> = if config.unordered {
        answers.buffer_unordered(config.threads).boxed_local()
    } else {
        answers.buffered(config.threads * WAITING).boxed_local()
    };
    let mut interrupted = host.interrupted();
    let mut advance = Advance::default();
    loop {
        let tick = if has_bar { host.sleep(TICK) } else { pending().boxed_local() };
        match select(&mut interrupted, select(answers.next(), tick)).await {
            Either::Left(_) => {
                summary.is_interrupted = true;
                return Ok(());
            }
            Either::Right((Either::Left((Some(answer), _)), _)) => {
                let answer = answer?;
                output.append(&answer.text).map_err(Stop::Output)?;
                summary.written.add(answer.outcome);
                advance.bytes = advance.bytes.max(answer.end);
                (advance.answered, advance.solved) =
                    (summary.written.sum(), summary.written.of(Some(Outcome::Solved)));
            }
            Either::Right((Either::Left((None, _)), _)) => return Ok(()),
            Either::Right((Either::Right(_), _)) => {}
        }
        if let Some(bar) = &bar {
            bar.show(advance);
        }
    }
}

/// What there is to do, line by line.
fn units<'a>(
    config: &'a BatchConfig,
    done: &'a Done,
    lines: Box<dyn Lines>,
    bar: Option<&'a dyn Bar>,
) -> impl futures::Stream<Item = Result<Unit, Stop>> + 'a {
    // Stopping ends the stream: what is behind a line that cannot be read is not read.
    let state = Some((lines, 0_u64));
    let options = hash::checksum(Value::Object(config.options.clone()).to_string().as_bytes());
    let read = stream::unfold(state, move |state| async move {
        let (mut lines, last) = state?;
        match lines.next().await {
            Ok(Some(line)) => {
                let number = line.number;
                match of_line(config, done, &line, options) {
                    Ok(units) => {
                        if let Some(bar) = bar.filter(|_| units.is_empty() && number <= done.last_line()) {
                            bar.skip_to(line.end);
                        }
                        Some((units.into_iter().map(Ok).collect(), Some((lines, number))))
                    }
                    Err(stop) => Some((vec![Err(stop)], None)),
                }
            }
            Ok(None) => Some((beyond(config, done, last).map(Err).into_iter().collect(), None)),
            Err(error) => {
                let message = format!("cannot read {} behind line {last}: {error}", config.name());
                let stop = Stop::Refused(message, "--resume goes on with an --output once it can be read");
                Some((vec![Err(stop)], None))
            }
        }
    });
    read.flat_map(stream::iter)
}

/// Whether the output answers lines that the batch does not have.
fn beyond(config: &BatchConfig, done: &Done, last: u64) -> Option<Stop> {
    let answered = done.last_line();
    (answered > last).then(|| {
        let message = format!("the output answers line {answered}, and {} has {last}", config.name());
        Stop::Refused(message, OTHER_BATCH)
    })
}

const OTHER_BATCH: &str =
    "go on with the batch and the options that the output was begun with, or give another --output";

/// What there is to do for one line; nothing where it is empty, not in this part, or answered. `options` is the
/// checksum of what the command line says of all lines.
fn of_line(config: &BatchConfig, done: &Done, line: &Line, options: u64) -> Result<Vec<Unit>, Stop> {
    let bytes = line.bytes.trim_ascii();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.is_empty() || !config.shard.has(line.number) {
        return Ok(Vec::new());
    }
    let key = hash::mix(hash::checksum(bytes), options);
    let there = done.of_line(line.number);
    if there.is_to_another(key) {
        let (number, name) = (line.number, config.name());
        let message = format!(
            "line {number} of {name}, or the options for all lines, are not what the output has an answer to"
        );
        return Err(Stop::Refused(message, OTHER_BATCH));
    }
    let entry = if line.extent == Extent::Cut {
        Err(Malformed::too_long(config.line_bytes_max()))
    } else {
        line::read(bytes, &config.options, config.folder())
    };
    let unit = |id, work| Unit { line: line.number, end: line.end, key, id, work };
    let mut units: Vec<Unit> = match entry {
        Err(malformed) => vec![unit(malformed.id.clone(), Err(malformed))],
        Ok(entry) => {
            let task = Rc::new(Loading::new(entry.task));
            let work = |engine| Ok(Work { engine, task: Rc::clone(&task) });
            entry.engines.into_iter().map(|engine| unit(entry.id.clone(), work(engine))).collect()
        }
    };
    units.retain(|unit| !there.has(unit.work.as_ref().ok().map(|work| work.engine.name.as_str())));
    Ok(units)
}
