//! The arguments resolved: what is asked of the service, where plans are kept, and how the answer is written.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;
use clap::error::ErrorKind;
use serde_json::{Map, Value};

use super::args::{
    Arguments, RawBench, RawCheck, RawCommand, RawKeep, RawPlan, RawPolicy, RawRaceFor, RawReport, RawServe,
    RawValidate,
};
use super::batch::BatchConfig;
use super::bench::BenchConfig;
use super::input::{Input, Refusal};
use super::log::{self, Logs};
use super::report::{Format, ReportConfig};
use super::{Exit, Host, render};
use crate::parity::Options;
use crate::search::{EngineConfig, SearchKind, Tie};
use crate::serve;
use crate::service::{GoalPolicy, KeptPlans, Limits, RacePolicy};

/// Where plans are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Nowhere: `--no-cache`, or there is no place for data.
    Memory,
    /// In this folder, which need not exist.
    Folder(PathBuf),
}

/// A command with everything it needs.
#[derive(Debug)]
pub enum Command {
    /// `plan`.
    Plan(PlanConfig),
    /// `plan --batch`.
    Batch(BatchConfig),
    /// `report`.
    Report(ReportConfig),
    /// `check`.
    Check(CheckConfig),
    /// `ground`.
    Ground(GroundConfig),
    /// `validate`.
    Validate(ValidateConfig),
    /// `export`.
    Export(KeepConfig),
    /// `import`.
    Import(KeepConfig),
    /// `serve`.
    Serve(ServeConfig),
    /// `bench`.
    Bench(BenchConfig),
}

/// `export` or `import`, resolved.
#[derive(Debug)]
pub struct KeepConfig {
    /// The file.
    pub file: PathBuf,
    /// What is written to it, or read from it.
    pub storage: Storage,
}

/// `plan`, resolved.
#[derive(Debug)]
pub struct PlanConfig {
    /// The document.
    pub input: Input,
    /// The engine.
    pub engine: EngineConfig,
    /// The engines of a race, which take the place of that engine; empty where there is none.
    pub race: Vec<EngineConfig>,
    /// What wins it.
    pub race_policy: RacePolicy,
    /// Which goal.
    pub goals: GoalPolicy,
    /// What the search may use.
    pub limits: Limits,
    /// One JSON document on standard output.
    pub json: bool,
    /// Where else the plan goes.
    pub plan_file: Option<PathBuf>,
    /// Where the search goes as a trace.
    pub trace: Option<PathBuf>,
    /// What becomes of kept plans.
    pub kept: KeptPlans,
    /// Where plans are kept.
    pub storage: Storage,
}

/// `check`, resolved.
#[derive(Debug)]
pub struct CheckConfig {
    /// The document.
    pub input: Input,
    /// One JSON document on standard output.
    pub json: bool,
}

/// `ground`, resolved.
#[derive(Debug)]
pub struct GroundConfig {
    /// The domain and the problem.
    pub input: Input,
    /// Time of work; `None` for no limit.
    pub timeout: Option<Duration>,
    /// Bytes that grounding may hold.
    pub memory_bytes: u64,
    /// Where the task goes as SAS+.
    pub sas: Option<PathBuf>,
    /// One JSON document on standard output.
    pub json: bool,
}

/// `validate`, resolved.
#[derive(Debug)]
pub struct ValidateConfig {
    /// The document, or the domain and the problem.
    pub input: Input,
    /// The plan.
    pub plan: PathBuf,
    /// The goal to reach, by name.
    pub goal: Option<String>,
    /// One JSON document on standard output.
    pub json: bool,
}

/// `serve`, resolved.
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// Host and port.
    pub listen: String,
    /// Planning threads.
    pub threads: usize,
    /// Requests that may wait.
    pub queue: usize,
    /// Searches side by side on a thread.
    pub max_in_flight: usize,
    /// Where plans are kept.
    pub storage: Storage,
    /// What is taken from whom.
    pub http: serve::Config,
}

/// What became of the arguments.
pub enum Configured {
    /// A command to run.
    Run(Command),
    /// Help was printed, or the arguments were refused.
    Answered(Exit),
}

/// Reads the arguments; prints help and usage errors itself.
pub fn configure(host: &dyn Host, arguments: Vec<OsString>) -> Configured {
    let typed: Vec<String> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let parsed = Arguments::try_parse_from(arguments);
    if let Ok(arguments) = &parsed
        && let Err(refusal) = start_log(host, &arguments.command)
    {
        let is_json = matches!(&arguments.command, RawCommand::Plan(raw) if raw.json);
        return refused(host, &refusal, is_json);
    }
    match parsed {
        Ok(arguments) => Configured::Run(match arguments.command {
            RawCommand::Plan(raw) => match raw.batch.batch.clone() {
                Some(file) => Command::Batch(batch(host, raw, file)),
                None => Command::Plan(plan(host, raw)),
            },
            RawCommand::Ground(raw) => Command::Ground(GroundConfig {
                input: Input::new(raw.domain, raw.problem, raw.max_input << 20),
                timeout: raw.timeout.map(Duration::from_secs_f64),
                memory_bytes: raw.memory << 20,
                sas: raw.sas,
                json: raw.json,
            }),
            RawCommand::Report(RawReport { files, format, output, time_limit }) => {
                let by_name = output.as_deref().map_or(Format::Text, Format::of_name);
                let format = format.unwrap_or(by_name);
                Command::Report(ReportConfig { files, format, output, time_limit })
            }
            RawCommand::Export(raw) => Command::Export(keep(host, raw)),
            RawCommand::Import(raw) => Command::Import(keep(host, raw)),
            RawCommand::Validate(raw) => Command::Validate(validate(raw)),
            RawCommand::Serve(raw) => match serve(host, raw) {
                Ok(config) => Command::Serve(config),
                Err(refusal) => return refused(host, &refusal, false),
            },
            RawCommand::Bench(RawBench { rounds, only, json, from, beside }) => {
                match Options::new(rounds, &only) {
                    Ok(options) => Command::Bench(BenchConfig { options, json, from, beside }),
                    Err(error) => return refused(host, &Refusal::usage(&error.to_string()), json),
                }
            }
            RawCommand::Check(RawCheck { file, problem, max_input, json }) => {
                Command::Check(CheckConfig { input: Input::new(file, problem, max_input << 20), json })
            }
        }),
        Err(error) => {
            let answered = answer(host, &error, &typed);
            Configured::Answered(answered.unwrap_or_else(|error| super::give_up(host, &error)))
        }
    }
}

/// Starts the log of a command that has one.
fn start_log(host: &dyn Host, command: &RawCommand) -> Result<(), Box<Refusal>> {
    match command {
        RawCommand::Plan(raw) => log::start(host, Logs::Run, raw.log_format),
        RawCommand::Serve(raw) => log::start(host, Logs::Server, raw.log_format),
        _ => Ok(()),
    }
}

fn refused(host: &dyn Host, refusal: &Refusal, is_json: bool) -> Configured {
    let printed = refusal.print(host, is_json, false);
    Configured::Answered(printed.unwrap_or_else(|error| super::give_up(host, &error)))
}

fn answer(host: &dyn Host, error: &clap::Error, typed: &[String]) -> Result<Exit> {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let style = host.stdout_is_terminal() && render::wants_colour(host);
        let text = error.render();
        host.write_stdout(&if style { text.ansi().to_string() } else { text.to_string() })?;
        return Ok(Exit::Done);
    }
    if typed.iter().any(|word| word == "--json") {
        let text = error.render().to_string();
        // The message ends at the first empty line; the usage follows.
        let lines: Vec<_> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
        let message = lines.join(" ");
        let is_check = typed.get(1).is_some_and(|word| word == "check" || word == "validate");
        return Refusal::usage(message.trim_start_matches("error: ")).print_json(host, is_check);
    }
    let style = host.stderr_is_terminal() && render::wants_colour(host);
    let text = error.render();
    host.write_stderr(&if style { text.ansi().to_string() } else { text.to_string() });
    Ok(Exit::InputError)
}

/// The last file is the plan, whatever stands before it.
fn validate(raw: RawValidate) -> ValidateConfig {
    let mut files = raw.files.into_iter();
    let first = files.next().unwrap_or_default();
    let plan = files.next_back().unwrap_or_default();
    let input = Input::new(first, files.next(), raw.max_input << 20);
    ValidateConfig { input, plan, goal: raw.goal, json: raw.json }
}

/// Bytes of a file with a token at most.
const TOKEN_BYTES_MAX: u64 = 4_096;

fn serve(host: &dyn Host, raw: RawServe) -> Result<ServeConfig, Box<Refusal>> {
    let token = raw.token_file.map(|path| {
        let refuse =
            |reason: &str| Box::new(Refusal::usage(&format!("no token in {}: {reason}", path.display())));
        let bytes = host.read_file(&path, TOKEN_BYTES_MAX).map_err(|error| refuse(&error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|error| refuse(&error.to_string()))?;
        let token = text.trim();
        let is_visible = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        if is_visible { Ok(token.to_owned()) } else { Err(refuse("a line of visible ASCII is expected")) }
    });
    Ok(ServeConfig {
        listen: raw.listen,
        threads: raw.threads.map_or_else(|| host.parallelism(), usize::from),
        queue: raw.queue as usize,
        max_in_flight: raw.max_in_flight as usize,
        storage: raw.data_dir.map_or(Storage::Memory, Storage::Folder),
        http: serve::Config {
            token: token.transpose()?,
            allow_origin: raw.allow_origin,
            only_local_names: false,
            limits: serve::Ceilings {
                timeout: Duration::from_secs_f64(raw.timeout),
                memory_bytes: raw.memory << 20,
            },
        },
    })
}

fn plan(host: &dyn Host, raw: RawPlan) -> PlanConfig {
    let engine = EngineConfig {
        search: raw.search.unwrap_or_else(|| SearchKind::unless_named(raw.heuristic.is_some())),
        heuristic: raw.heuristic.unwrap_or_default(),
        preferred: raw.preferred,
        boost: raw.boost,
        tie: raw.tie,
        weight: raw.weight,
        seed: raw.seed,
    };
    let goals = match (raw.goal, raw.policy) {
        (Some(name), _) => GoalPolicy::Named(name),
        (None, RawPolicy::Priority) => GoalPolicy::Priority,
        (None, RawPolicy::Cheapest) => GoalPolicy::Cheapest,
    };
    let storage = if raw.no_cache { Storage::Memory } else { storage(host, raw.data_dir) };
    PlanConfig {
        input: Input::new(raw.file.unwrap_or_default(), raw.problem, raw.max_input << 20),
        race: raw.race.map(|engines| engines.resolve(&engine)).unwrap_or_default(),
        race_policy: match raw.race_for {
            RawRaceFor::First => RacePolicy::First,
            RawRaceFor::Best => RacePolicy::Best,
        },
        engine,
        goals,
        limits: Limits {
            timeout: raw.timeout.map(Duration::from_secs_f64),
            memory_bytes: raw.memory.saturating_mul(1 << 20),
        },
        json: raw.json,
        plan_file: raw.plan_file,
        kept: match (raw.no_cache, raw.reuse) {
            (true, _) => KeptPlans::Ignore,
            (false, true) => KeptPlans::Reuse,
            (false, false) => KeptPlans::Offer,
        },
        trace: raw.trace,
        storage,
    }
}

/// Plans are kept, and kept plans looked at, only where that is asked for: what a line is answered with shall
/// not depend on what was planned before.
fn batch(host: &dyn Host, raw: RawPlan, file: PathBuf) -> BatchConfig {
    let keeps = !raw.no_cache && (raw.reuse || raw.data_dir.is_some());
    let mut options = Map::new();
    let mut set = |name: &str, value: Value| options.insert(name.to_owned(), value);
    let search = raw.search.and_then(|kind| SearchKind::all().iter().find(|(_, known)| *known == kind));
    if let Some((name, _)) = search {
        set("search", (*name).into());
    }
    if let Some(heuristic) = &raw.heuristic {
        set("heuristic", heuristic.to_string().into());
    }
    set("preferred", raw.preferred.into());
    set("boost", raw.boost.into());
    if let Some((name, _)) = raw.tie.and_then(|tie| Tie::all().iter().find(|(_, known)| *known == tie)) {
        set("tie", (*name).into());
    }
    set("weight", raw.weight.into());
    set("timeout_ms", raw.timeout.map(|seconds| seconds * 1e3).into());
    set("memory_mib", raw.memory.into());
    set("seed", raw.seed.into());
    match raw.goal {
        Some(goal) => set("goal", goal.into()),
        None => set("policy", raw.policy.name().into()),
    };
    set("use_cache", keeps.into());
    set("reuse", raw.reuse.into());
    BatchConfig {
        file,
        output: raw.batch.output,
        unordered: raw.batch.unordered,
        resume: raw.batch.resume,
        shard: raw.batch.shard.unwrap_or_default(),
        threads: raw.batch.threads.map_or_else(|| host.parallelism(), usize::from),
        options,
        pddl_bytes_max: raw.max_input << 20,
        storage: if keeps { storage(host, raw.data_dir) } else { Storage::Memory },
    }
}

fn keep(host: &dyn Host, raw: RawKeep) -> KeepConfig {
    KeepConfig { file: raw.file, storage: storage(host, raw.data_dir) }
}

/// `--data-dir`, or the folder that the system has for a person's data.
fn storage(host: &dyn Host, data_dir: Option<PathBuf>) -> Storage {
    data_dir.or_else(|| host.data_folder()).map_or(Storage::Memory, Storage::Folder)
}
