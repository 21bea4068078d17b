//! What can be typed, as it was typed. What it means is worked out in `config`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::batch::Shard;
use super::entrants::Engines;
use super::log::LogFormat;
use super::report::Format;
use crate::lang::nearest::nearest;
use crate::search::{HeuristicKind, Heuristics, HeuristicsError, SearchKind, Tie};

/// A planner for GOAP documents and PDDL.
#[derive(Debug, Parser)]
#[command(name = "planscope", version, about, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: RawCommand,
}

const EXIT_CODES: &str = "\
Exit codes: 0 solved (or no errors, or a valid plan), 1 not a valid plan, 11 proven unsolvable, 12 search exhausted without a proof,
22 memory limit, 23 time limit, 31 input error, 34 unsupported, 35 negative cost, 70 a fault of the planner, 74 answered, but a
file that was asked for could not be written, 130 interrupted.";

/// A command.
#[derive(Debug, Subcommand)]
pub enum RawCommand {
    /// Find a plan and print it
    Plan(RawPlan),
    /// Report what is wrong with a document
    Check(RawCheck),
    /// Ground a PDDL task, and say what it comes to
    Ground(RawGround),
    /// Say whether a plan holds, and what is wrong with it if not
    Validate(RawValidate),
    /// Sum up what batches came to: coverage, scores, and who was ahead of whom
    Report(RawReport),
    /// Write all documents and kept plans to one file, which browsers read too
    Export(RawKeep),
    /// Put the documents and plans of such a file beside those that are kept
    Import(RawKeep),
    /// Answer over HTTP, until Ctrl-C or SIGTERM
    Serve(RawServe),
    /// Measure how fast the planner is here
    Bench(RawBench),
}

/// `export` and `import`.
#[derive(Debug, Args)]
pub struct RawKeep {
    /// The file (*.planscope)
    pub file: PathBuf,
    /// Where documents and plans are kept [default: the folder that the system has for a person's data]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

/// `plan`.
#[derive(Debug, Args)]
pub struct RawPlan {
    /// The document (*.goap.json) or the domain (*.pddl), or - for standard input
    #[arg(required_unless_present = "batch")]
    pub file: Option<PathBuf>,
    /// The problem (*.pddl) of a domain, where the domain's file does not hold it too
    pub problem: Option<PathBuf>,
    /// Largest PDDL file that is read
    #[arg(long, value_name = "MIB", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub max_input: u64,
    /// The search, or a preset of a search and its heuristics [default: auto; astar where a heuristic is given]
    #[arg(long, value_name = "NAME", value_parser = searches())]
    pub search: Option<SearchKind>,
    /// Let 2 to 4 searches, with commas between them, race on one thread: each gets an equal share of the time, and the
    /// losers are cancelled
    #[arg(long, value_name = "NAMES", conflicts_with_all = ["search", "batch"])]
    pub race: Option<Engines>,
    /// What wins a race
    #[arg(long, value_enum, requires = "race", default_value_t = RawRaceFor::First)]
    pub race_for: RawRaceFor,
    /// What guides the search (bfs, ucs and presets use none of these): blind, goal-count, hmax, add, ff,
    /// lmcut, landmarks, novelty; several with commas between them [default: ff]
    #[arg(long, value_name = "NAMES", value_parser = heuristics)]
    pub heuristic: Option<Heuristics>,
    /// Whether gbfs, lazy and ehc favour preferred operators [default: true]
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_value_t = true,
        default_missing_value = "true",
        hide_default_value = true,
        action = ArgAction::Set
    )]
    pub preferred: bool,
    /// What progress takes off the priorities of the queues for preferred operators, in lazy
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub boost: u32,
    /// Which of equally good nodes goes first [default: as the search does by itself]
    #[arg(long, value_parser = named(Tie::all(), |_| ""))]
    pub tie: Option<Tie>,
    /// Weight of the heuristic in wastar, 1 to 100
    #[arg(long, value_name = "W", default_value_t = 2.0, value_parser = weight)]
    pub weight: f64,
    /// Plan for this goal, whatever its "when" says
    #[arg(long, value_name = "NAME")]
    pub goal: Option<String>,
    /// Which of several goals to plan for
    #[arg(long, value_enum, default_value_t = RawPolicy::Priority)]
    pub policy: RawPolicy,
    /// Give up after this time of work; by priority, each goal gets an equal share of what is left
    /// [default: no limit]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<f64>,
    /// Give up when the search holds this much
    #[arg(long, value_name = "MIB", default_value_t = 1024, value_parser = clap::value_parser!(u64).range(1..=1 << 24))]
    pub memory: u64,
    /// Seed for whatever is drawn at random
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Print one JSON document instead
    #[arg(long)]
    pub json: bool,
    /// Write the plan to this file too
    #[arg(long, value_name = "PATH")]
    pub plan_file: Option<PathBuf>,
    /// Write the search as a Posthoc trace (1.4.0) to this file
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Answer with a plan kept earlier, where there is one that suffices, and search nothing then
    #[arg(long, conflicts_with_all = ["no_cache", "trace"])]
    pub reuse: bool,
    /// Neither look at kept plans nor keep this one
    #[arg(long)]
    pub no_cache: bool,
    /// Where plans are kept [default: the system's folder for data]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Log what happens on standard error, in this format; `PLANSCOPE_LOG` says what [default: no log, or text
    /// where `PLANSCOPE_LOG` is set]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
    /// `--batch` and what belongs to it.
    #[command(flatten)]
    pub batch: RawBatch,
}

/// What wins a race.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RawRaceFor {
    /// The first plan
    First,
    /// The cheapest plan within the limits
    Best,
}

/// The part of `plan` that is about batches.
#[derive(Debug, Args)]
#[command(next_help_heading = "Batches")]
pub struct RawBatch {
    /// Plan for every line of this file of JSON lines, or of standard input for -; a line is an object with
    /// `goap` or `goap_file`, or with `domain` or `domain_file` and `problem` or `problem_file`, and may have
    /// `id`, `options` and `engines`. Options of the command line hold for lines that leave them open
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["file", "problem", "plan_file", "trace", "json"]
    )]
    pub batch: Option<PathBuf>,
    /// Write the answers to this file, as JSON lines [default: standard output]
    #[arg(long, value_name = "FILE", requires = "batch")]
    pub output: Option<PathBuf>,
    /// Write answers as they come, and not in the order of the lines
    #[arg(long, requires = "batch")]
    pub unordered: bool,
    /// Go on with an output that is there: what it answers is not done again
    #[arg(long, requires = "output")]
    pub resume: bool,
    /// Do only the lines whose number modulo N is I modulo N: I is 0 to N-1, or 1 to N
    #[arg(long, value_name = "I/N", requires = "batch")]
    pub shard: Option<Shard>,
    /// Threads to plan on, with one search at a time on each [default: as many as the machine runs at once]
    #[arg(long, value_name = "N", requires = "batch", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

/// `report`.
#[derive(Debug, Args)]
pub struct RawReport {
    /// What `plan --batch` wrote; several files are parts of one batch, or, where they answer the same lines with the
    /// same engines, runs to compare
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// What to write [default: by the name of the output, else text]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Write the report to this file [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The time limit T of the agile score, 1 - log(t) / log(T)
    #[arg(long, value_name = "SECONDS", default_value_t = 300.0, value_parser = time_limit)]
    pub time_limit: f64,
}

/// `check`.
#[derive(Debug, Args)]
pub struct RawCheck {
    /// The document (*.goap.json) or the domain (*.pddl), or - for standard input
    pub file: PathBuf,
    /// The problem (*.pddl) of a domain
    pub problem: Option<PathBuf>,
    /// Largest PDDL file that is read
    #[arg(long, value_name = "MIB", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub max_input: u64,
    /// Print one JSON document instead
    #[arg(long)]
    pub json: bool,
}

/// `validate`.
#[derive(Debug, Args)]
#[command(override_usage = "planscope validate [OPTIONS] <DOMAIN> <PROBLEM> <PLAN>\n       \
                            planscope validate [OPTIONS] <DOCUMENT> <PLAN>")]
pub struct RawValidate {
    /// Domain and problem (*.pddl) or a GOAP document (*.goap.json), then the plan; one may be - for
    /// standard input
    #[arg(value_name = "FILE", num_args = 2..=3, required = true)]
    pub files: Vec<PathBuf>,
    /// The goal to reach, by name [default: any goal of the document]
    #[arg(long, value_name = "NAME")]
    pub goal: Option<String>,
    /// Largest PDDL file that is read
    #[arg(long, value_name = "MIB", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub max_input: u64,
    /// Print one JSON document instead
    #[arg(long)]
    pub json: bool,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct RawServe {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8091")]
    pub listen: String,
    /// Planning threads [default: as many as the machine runs at once]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// Requests that may wait, all threads together; one more is answered with 429
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    pub queue: u32,
    /// Searches that run side by side on each thread
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub max_in_flight: u32,
    /// The longest time of work of a request; one that asks for more, or for no limit, gets this
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, value_parser = seconds)]
    pub timeout: f64,
    /// The most that a search may hold; a request that asks for more gets this
    #[arg(long, value_name = "MIB", default_value_t = 512, value_parser = clap::value_parser!(u64).range(1..=1 << 24))]
    pub memory: u64,
    /// Where plans are kept [default: in memory alone]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Serve only who sends the token in this file, as Authorization: Bearer TOKEN
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Let pages of this origin read the answers; * for pages of all origins
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Option<String>,
    /// How the log on standard error is written; `PLANSCOPE_LOG` says what is logged [default: text]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// `bench`.
#[derive(Debug, Args)]
pub struct RawBench {
    /// Rounds of each workload, 1 to 1000; more make the figures steadier [default: 20]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rounds: Option<u32>,
    /// Measure only these workloads, with commas between their names
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Print one JSON document instead, which the Bench view of the page reads
    #[arg(long)]
    pub json: bool,
    /// Measure nothing, and show what this file of `bench --json` has
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rounds", "only"])]
    pub from: Option<PathBuf>,
    /// Lay the figures of this file beside, which come from a browser
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub beside: Option<PathBuf>,
}

/// `ground`.
#[derive(Debug, Args)]
pub struct RawGround {
    /// The domain (*.pddl), or a file with the domain and the problem, or - for standard input
    pub domain: PathBuf,
    /// The problem (*.pddl) of a domain
    pub problem: Option<PathBuf>,
    /// Largest file that is read
    #[arg(long, value_name = "MIB", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub max_input: u64,
    /// Give up after this time of work [default: no limit]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<f64>,
    /// Give up when grounding holds this much
    #[arg(long, value_name = "MIB", default_value_t = 2048, value_parser = clap::value_parser!(u64).range(1..=1 << 24))]
    pub memory: u64,
    /// Write the task as SAS+ (translator output version 3) to this file
    #[arg(long, value_name = "PATH")]
    pub sas: Option<PathBuf>,
    /// Print one JSON document instead
    #[arg(long)]
    pub json: bool,
}

/// `--policy`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RawPolicy {
    /// The highest priority for which a plan exists
    Priority,
    /// The least metric over all candidates
    Cheapest,
}

impl RawPolicy {
    /// Its name among the options of a request.
    pub fn name(self) -> &'static str {
        match self {
            Self::Priority => "priority",
            Self::Cheapest => "cheapest",
        }
    }
}

fn searches() -> impl TypedValueParser<Value = SearchKind> {
    named(SearchKind::all(), |search: SearchKind| search.summary())
}

/// One of the values of a list by its name; `help` says what it is.
fn named<T: Copy + Send + Sync + 'static>(
    all: &'static [(&'static str, T)],
    help: impl Fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let value = |&(name, value): &(&'static str, T)| match help(value) {
        "" => PossibleValue::new(name),
        help => PossibleValue::new(name).help(help),
    };
    let names = PossibleValuesParser::new(all.iter().map(value));
    names.try_map(|name| {
        all.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).ok_or("not a name")
    })
}

fn heuristics(text: &str) -> Result<Heuristics, String> {
    text.parse().map_err(|error: HeuristicsError| match &error {
        HeuristicsError::Unknown(name) => {
            let known = HeuristicKind::all().iter().map(|(name, _)| *name);
            match nearest(name, known) {
                Some(near) => format!("{error}; did you mean {near:?}?"),
                None => error.to_string(),
            }
        }
        _ => error.to_string(),
    })
}

fn weight(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(weight) if (1.0..=100.0).contains(&weight) => Ok(weight),
        _ => Err("a number from 1 to 100 is expected".to_owned()),
    }
}

fn time_limit(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 1.0 && seconds <= 1e9 => Ok(seconds),
        _ => Err("a number of seconds above 1 and up to 1000000000 is expected".to_owned()),
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..=1e9).contains(&seconds) => Ok(seconds),
        _ => Err("a number of seconds from 0 to 1000000000 is expected".to_owned()),
    }
}
