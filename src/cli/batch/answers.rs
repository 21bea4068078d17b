//! Answers to the lines of a batch, as lines themselves.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::rc::Rc;

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;

use super::BatchConfig;
use super::done::key_text;
use super::line::{Engine, Given, Malformed, Task};
use crate::cli::Host;
use crate::cli::input::{Input, Language, Refusal, Source};
use crate::cli::texts::Text;
use crate::diagnostic::{Position, Severity};
use crate::search::Outcome;
use crate::service::response::DiagnosticReport;
use crate::service::{CheckReport, RangeReport, Request, ResultReport};

/// Something to answer: one engine on the task of a line, or a line that is not understood.
pub struct Unit {
    /// The line of the batch.
    pub line: u64,
    /// Bytes of the batch file up to the end of the line.
    pub end: u64,
    /// The key of the line's text and of what the command line says of all lines.
    pub key: u64,
    /// The name of the task.
    pub id: Option<Value>,
    /// What to do.
    pub work: Result<Work, Malformed>,
}

/// An engine on a task.
pub struct Work {
    /// The engine.
    pub engine: Engine,
    /// The task, which other engines may have too.
    pub task: Rc<Loading>,
}

/// A task whose files are read when the first of its engines begins.
pub struct Loading {
    task: Task,
    source: OnceCell<Result<Source, Box<Refusal>>>,
}

/// An answer that is ready to be written.
pub struct Answer {
    /// The line, with its end.
    pub text: String,
    /// Bytes of the batch file up to the end of the line that it answers.
    pub end: u64,
    /// How it ended; `None` where the input is at fault.
    pub outcome: Option<Outcome>,
}

/// The shape of an answer: what it answers, then a result as `plan --json` has it.
#[derive(Serialize)]
struct Record<'a> {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    engine: Option<&'a str>,
    /// The key by which a later run knows what was answered.
    input: String,
    #[serde(flatten)]
    result: ResultReport,
}

impl Loading {
    /// A task that nothing was read of.
    pub fn new(task: Task) -> Self {
        Self { task, source: OnceCell::new() }
    }

    fn source(&self, host: &dyn Host, limit: u64) -> Result<&Source, &Refusal> {
        self.source.get_or_init(|| read(host, &self.task, limit)).as_ref().map_err(|refusal| &**refusal)
    }
}

fn read(host: &dyn Host, task: &Task, limit: u64) -> Result<Source, Box<Refusal>> {
    let text = |given: &Given, name: &str| match given {
        Given::Text(text) => Ok(Text { name: name.to_owned(), text: text.clone(), other: None }),
        Given::File(path) => crate::cli::input::read(host, path, limit),
    };
    match task {
        Task::Goap(Given::File(path)) => Input::new(path.clone(), None, limit).read(host),
        Task::Goap(given) => Ok(Source::of(Language::Goap, vec![text(given, "")?])),
        Task::Pddl(Given::File(domain), Given::File(problem)) => {
            Input::new(domain.clone(), Some(PathBuf::clone(problem)), limit).read(host)
        }
        Task::Pddl(domain, problem) => {
            Ok(Source::of(Language::Pddl, vec![text(domain, "domain")?, text(problem, "problem")?]))
        }
    }
}

/// Answers one unit.
///
/// # Errors
/// Where there are no threads to plan on, or the answer cannot be written as JSON.
pub async fn answer(host: &dyn Host, config: &BatchConfig, unit: Unit) -> Result<Answer> {
    let result = match &unit.work {
        Ok(work) => planned(host, config, work).await?,
        Err(malformed) => refused(&unit, malformed, &config.name()),
    };
    let outcome = result.outcome;
    let engine = unit.work.as_ref().ok().map(|work| work.engine.name.as_str());
    let id = unit.id.as_ref();
    let mut text =
        serde_json::to_string(&Record { line: unit.line, id, engine, input: key_text(unit.key), result })?;
    text.push('\n');
    Ok(Answer { text, end: unit.end, outcome })
}

async fn planned(host: &dyn Host, config: &BatchConfig, work: &Work) -> Result<ResultReport> {
    let source = match work.task.source(host, config.pddl_bytes_max) {
        Ok(source) => source,
        Err(refusal) => return Ok(refusal.result()),
    };
    let problem = match source.problem() {
        Ok(problem) => problem,
        Err(refusal) => return Ok(refusal.result()),
    };
    let mut remarks = CheckReport::new(&source.remarks, &problem.sources()).diagnostics;
    let request = work.engine.options.clone().apply(Request::new(problem));
    let planned = host.plan_aside(request, config.threads, &config.storage)?.await;
    let Some(mut result) = planned else {
        let message =
            "the planner failed, which is a fault of the planner and not of the input: report what was run";
        let refused = ResultReport::refused(message.to_owned(), remarks);
        return Ok(ResultReport { outcome: Some(Outcome::Fault), ..refused });
    };
    remarks.append(&mut result.diagnostics);
    Ok(ResultReport { diagnostics: remarks, ..result })
}

fn refused(unit: &Unit, malformed: &Malformed, file: &str) -> ResultReport {
    let at = Position { line: u32::try_from(unit.line).unwrap_or(u32::MAX), column: malformed.column };
    let finding = DiagnosticReport {
        severity: Severity::Error,
        code: malformed.code.to_owned(),
        message: malformed.message.clone(),
        file: Some(file.to_owned()),
        range: RangeReport { start: at, end: at },
        help: Some(malformed.help.clone()),
    };
    ResultReport::refused(malformed.message.clone(), vec![finding])
}
