//! `report`: answers of batches, summed up.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::ValueEnum;
use serde::Deserialize;
use serde_json::Value;

use super::streams::{ANSWER_BYTES_MAX, Extent, Line};
use super::{Exit, Host, render};
use crate::score::{Comparison, End, Run, csv, html, text};
use crate::search::Outcome;

/// Runs that are compared at most.
const RUNS_MAX: usize = 5_000_000;

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables for a terminal.
    Text,
    /// One table of comma-separated values.
    Csv,
    /// A page that needs nothing beside itself.
    Html,
}

impl Format {
    /// The format that goes with the name of a file.
    pub fn of_name(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => Self::Csv,
            Some("html" | "htm") => Self::Html,
            _ => Self::Text,
        }
    }
}

/// `report`, resolved.
#[derive(Debug)]
pub struct ReportConfig {
    /// Outputs of batches.
    pub files: Vec<PathBuf>,
    /// What to write.
    pub format: Format,
    /// Where to; `None` for standard output.
    pub output: Option<PathBuf>,
    /// Seconds up to which plans have an agile score.
    pub time_limit: f64,
}

/// The part of an answer that is compared.
#[derive(Deserialize)]
struct Answer {
    line: u64,
    id: Option<Value>,
    engine: Option<String>,
    outcome: Option<Outcome>,
    cost: Option<f64>,
    #[serde(default)]
    optimal: bool,
    phases: Phases,
}

#[derive(Deserialize)]
struct Phases {
    ground_ms: f64,
    total_ms: f64,
}

/// Where a run is from.
struct Origin {
    /// Index of its file.
    file: usize,
    /// Seconds of its time that went into compiling the task.
    ground: f64,
}

/// Runs as they are read.
#[derive(Default)]
struct Reading {
    runs: Vec<Run>,
    /// Of each run, where its time is from.
    origins: Vec<Origin>,
    /// Of each engine and task, the file and the line of the batch.
    known: HashMap<(String, String), (usize, u64)>,
    /// Whether two files have the same engine on the same task.
    overlaps: bool,
    /// Answers that are to lines and not to tasks.
    malformed: u64,
    /// Answers that are there twice.
    twice: u64,
}

/// Sums up.
///
/// # Errors
/// Where the report cannot be written.
pub async fn run(host: &dyn Host, config: &ReportConfig) -> Result<Exit> {
    let mut reading = Reading::default();
    for (index, file) in config.files.iter().enumerate() {
        if let Err(message) = read(host, file, index, &mut reading).await {
            host.write_stderr(&render::harmless(&format!("error: {message}\n")));
            return Ok(Exit::InputError);
        }
    }
    if reading.malformed > 0 {
        let count = reading.malformed;
        host.write_stderr(&format!(
            "note: {count} answers are to lines that were not understood, and are left out\n"
        ));
    }
    if reading.twice > 0 {
        let count = reading.twice;
        host.write_stderr(&format!("note: {count} answers are there already, and are left out\n"));
    }
    let comparison = Comparison::new(reading.finish(&config.files), config.time_limit);
    let report = match config.format {
        Format::Text => render::harmless(&text::write(&comparison)),
        Format::Csv => csv::write(&comparison),
        Format::Html => html::write(&comparison),
    };
    match &config.output {
        None => host.write_stdout(&report)?,
        Some(path) => {
            if let Err(error) = host.write_file(path, report.as_bytes()) {
                let message = format!("error: cannot write the report to {}: {error}\n", path.display());
                host.write_stderr(&render::harmless(&message));
                return Ok(Exit::FileLost);
            }
        }
    }
    Ok(Exit::Done)
}

/// Reads one output. A last line without an end is of a batch that goes on, or was killed: it is passed over.
async fn read(host: &dyn Host, file: &Path, index: usize, reading: &mut Reading) -> Result<(), String> {
    let name = if file.as_os_str() == "-" { "<stdin>".to_owned() } else { file.display().to_string() };
    let unreadable = |error: std::io::Error| format!("cannot read {name}: {error}");
    let mut lines = host.read_lines(file, ANSWER_BYTES_MAX).map_err(unreadable)?;
    while let Some(line) = lines.next().await.map_err(unreadable)? {
        if line.extent == Extent::Open || line.bytes.trim_ascii().is_empty() {
            continue;
        }
        if reading.runs.len() == RUNS_MAX {
            return Err(format!("{name} has more answers than the {RUNS_MAX} that are compared at most"));
        }
        let number = line.number;
        let answer = answer(&line).map_err(|error| {
            format!(
                "line {number} of {name} is no answer of a batch ({error}): give what `plan --batch` wrote"
            )
        })?;
        reading.add(answer, index);
    }
    Ok(())
}

fn answer(line: &Line) -> Result<Answer, String> {
    if line.extent == Extent::Cut {
        return Err(format!("it has more than {ANSWER_BYTES_MAX} bytes"));
    }
    serde_json::from_slice(&line.bytes).map_err(|error| error.to_string())
}

impl Reading {
    fn add(&mut self, answer: Answer, file: usize) {
        let Some(engine) = answer.engine else {
            self.malformed += 1;
            return;
        };
        let line = answer.line;
        let mut task = match answer.id {
            Some(Value::String(id)) => id,
            Some(id) => id.to_string(),
            None => format!("line {line}"),
        };
        // Where an id is not unique in its batch, the line is.
        let key = |task: &str| (engine.clone(), task.to_owned());
        if self.known.get(&key(&task)).is_some_and(|&(from, other)| from == file && other != line) {
            task += &format!(" (line {line})");
        }
        match self.known.get(&key(&task)) {
            Some(&(from, _)) if from == file => {
                self.twice += 1;
                return;
            }
            Some(_) => self.overlaps = true,
            None => {}
        }
        self.known.insert(key(&task), (file, line));
        let end = match (answer.outcome, answer.cost) {
            (Some(Outcome::Solved), Some(cost)) => End::Plan { cost, optimal: answer.optimal },
            (Some(Outcome::Unsolvable), _) => End::Unsolvable,
            _ => End::Open,
        };
        self.runs.push(Run { task, engine, seconds: answer.phases.total_ms / 1e3, end });
        self.origins.push(Origin { file, ground: answer.phases.ground_ms / 1e3 });
    }

    /// The runs. Where files have the same engine on the same task, engines are named for their file too.
    ///
    /// Engines of a batch share the compiled task, so that all but one of them find it done: each is counted the
    /// longest time that compiling it took in that batch.
    fn finish(self, files: &[PathBuf]) -> Vec<Run> {
        let Self { mut runs, origins, overlaps, .. } = self;
        let mut longest: HashMap<(usize, String), f64> = HashMap::new();
        for (run, origin) in runs.iter().zip(&origins) {
            let known = longest.entry((origin.file, run.task.clone())).or_default();
            *known = known.max(origin.ground);
        }
        for (run, origin) in runs.iter_mut().zip(&origins) {
            let ground = longest.get(&(origin.file, run.task.clone())).copied().unwrap_or_default();
            run.seconds += ground - origin.ground;
            if overlaps {
                run.engine = format!("{}: {}", files[origin.file].display(), run.engine);
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(reading: &mut Reading, line: u64, id: Option<&str>, engine: &str, file: usize) {
        let answer = serde_json::json!({
            "line": line, "id": id, "engine": engine, "outcome": "solved", "cost": 2.0,
            "phases": {"ground_ms": 500.0, "total_ms": 1500.0}
        });
        reading.add(serde_json::from_value(answer).expect("an answer"), file);
    }

    fn names(reading: Reading) -> Vec<(String, String)> {
        let files = ["old.jsonl", "new.jsonl"].map(PathBuf::from);
        reading.finish(&files).into_iter().map(|run| (run.engine, run.task)).collect()
    }

    fn pairs(names: &[(&str, &str)]) -> Vec<(String, String)> {
        names.iter().map(|&(engine, task)| (engine.to_owned(), task.to_owned())).collect()
    }

    #[test]
    fn parts_of_a_batch_are_one_and_two_runs_of_it_are_two() {
        let mut parts = Reading::default();
        add(&mut parts, 1, Some("d/1"), "bfs", 0);
        add(&mut parts, 2, None, "bfs", 1);
        assert!((parts.runs[0].seconds - 1.5).abs() < 1e-12);
        assert_eq!(names(parts), pairs(&[("bfs", "d/1"), ("bfs", "line 2")]));

        let mut runs = Reading::default();
        add(&mut runs, 1, Some("d/1"), "bfs", 0);
        add(&mut runs, 1, Some("d/1"), "bfs", 1);
        assert_eq!(names(runs), pairs(&[("old.jsonl: bfs", "d/1"), ("new.jsonl: bfs", "d/1")]));
    }

    #[test]
    fn engines_that_share_a_compiled_task_are_counted_its_time_alike() {
        let mut reading = Reading::default();
        for (engine, file, ground_ms, total_ms) in
            [("a", 0, 400.0, 1000.0), ("b", 0, 0.0, 700.0), ("a", 1, 100.0, 700.0)]
        {
            let answer = serde_json::json!({
                "line": 1, "id": "d/1", "engine": engine, "outcome": "solved", "cost": 2.0,
                "phases": {"ground_ms": ground_ms, "total_ms": total_ms}
            });
            reading.add(serde_json::from_value(answer).expect("an answer"), file);
        }
        let files = ["old.jsonl", "new.jsonl"].map(PathBuf::from);
        let seconds: Vec<f64> = reading.finish(&files).iter().map(|run| run.seconds).collect();
        assert!(seconds.iter().zip([1.0, 1.1, 0.7]).all(|(found, wanted)| (found - wanted).abs() < 1e-9));
    }

    #[test]
    fn lines_of_one_id_are_told_apart_and_an_answer_counts_once() {
        let mut reading = Reading::default();
        add(&mut reading, 1, Some("d/1"), "bfs", 0);
        add(&mut reading, 2, Some("d/1"), "bfs", 0);
        add(&mut reading, 2, Some("d/1"), "bfs", 0);
        assert_eq!(reading.twice, 1);
        assert_eq!(names(reading), pairs(&[("bfs", "d/1"), ("bfs", "d/1 (line 2)")]));
    }
}
