//! What a caller asks for.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::subject::Opened;
use crate::diagnostic::SourceMap;
use crate::search::EngineConfig;
use crate::trace::TraceLimits;

/// A problem to plan for, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A GOAP document.
    Goap {
        /// The text of the document.
        text: Arc<str>,
    },
    /// A task in PDDL. Spans of findings count through the domain, then the problem, as a
    /// [`SourceMap`] of both does.
    Pddl {
        /// The text of the domain.
        domain: Arc<str>,
        /// The text of the problem.
        problem: Arc<str>,
    },
}

impl Problem {
    /// Whether it is in PDDL.
    pub fn is_pddl(&self) -> bool {
        matches!(self, Self::Pddl { .. })
    }

    /// Its texts with the names that reports give them, in the order in which spans count through them. A
    /// single text has no name.
    pub fn texts(&self) -> Vec<(&'static str, &Arc<str>)> {
        match self {
            Self::Goap { text } => vec![("", text)],
            Self::Pddl { domain, problem } => vec![("domain", domain), ("problem", problem)],
        }
    }

    /// Its texts as a map in which spans are located.
    pub fn sources(&self) -> SourceMap {
        let with = |map: SourceMap, (name, text): (&str, &Arc<str>)| map.with(name, Arc::clone(text));
        self.texts().into_iter().fold(SourceMap::new(), with)
    }

    /// The same with another text at `index`.
    #[must_use]
    pub fn with_text(&self, index: usize, text: Arc<str>) -> Self {
        match self {
            Self::Goap { .. } => Self::Goap { text },
            Self::Pddl { problem, .. } if index == 0 => {
                Self::Pddl { domain: text, problem: Arc::clone(problem) }
            }
            Self::Pddl { domain, .. } => Self::Pddl { domain: Arc::clone(domain), problem: text },
        }
    }
}

/// How a goal is chosen among several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GoalPolicy {
    /// The highest priority for which a plan exists; ties by file order.
    #[default]
    Priority,
    /// The least metric over all candidates; ties by priority, then file order.
    Cheapest,
    /// This goal, whatever its `when` says.
    Named(String),
}

/// What a request may use. Each limit has its own outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Time since the job began, without the time that it is held by a pause or by its pace; `None` for no limit.
    pub timeout: Option<Duration>,
    /// Bytes that the search may hold.
    pub memory_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { timeout: Some(Duration::from_secs(10)), memory_bytes: 256 << 20 }
    }
}

/// How far a request goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Until {
    /// To a plan, or to there being none.
    #[default]
    Plan,
    /// To the compiled task, which the response then holds.
    Ground,
}

/// What a request does with plans that were kept before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeptPlans {
    /// It does not look at them, and does not keep the plan that it finds.
    Ignore,
    /// It searches. A kept plan that is better than the result of the search is offered beside the
    /// answer, and never is the answer.
    #[default]
    Offer,
    /// A kept plan whose guarantee suffices is the answer, and nothing is searched. Else, unless an optimal plan is
    /// asked for, the plan of a similar problem is repaired, where one was found for a request of this kind before.
    Reuse,
}

/// A request for a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The problem.
    pub problem: Problem,
    /// The engine.
    pub engine: EngineConfig,
    /// Which goal.
    pub goals: GoalPolicy,
    /// The problem as a session has it, which then stands for the text: the text is where findings point to.
    pub opened: Option<Opened>,
    /// What it may use.
    pub limits: Limits,
    /// Time from the submission until the answer, whatever the request waits for, a pause included; `None` for no
    /// limit. A request whose deadline passes while it waits in the queue is not started.
    pub deadline: Option<Duration>,
    /// How urgent it is. Of the requests that wait, the one that came first goes first, and each point counts as if
    /// it had come a second earlier.
    pub priority: i8,
    /// How far it goes.
    pub until: Until,
    /// What it does with plans that were kept before.
    pub kept: KeptPlans,
    /// Record the search for the scope; `None` records nothing and costs nothing.
    pub trace: Option<TraceLimits>,
    /// Expansions a second to watch; `None` for full speed. [`super::Job::set_pace`] changes it.
    pub pace: Option<f64>,
    /// Begin paused, so that the first expansion can be stepped to.
    pub paused: bool,
}

impl Request {
    /// A request with defaults for everything but the problem.
    pub fn new(problem: Problem) -> Self {
        Self {
            problem,
            engine: EngineConfig::default(),
            goals: GoalPolicy::default(),
            opened: None,
            limits: Limits::default(),
            deadline: None,
            priority: 0,
            until: Until::default(),
            kept: KeptPlans::default(),
            trace: None,
            pace: None,
            paused: false,
        }
    }
}
