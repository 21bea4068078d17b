//! Requests in, responses out: a bounded queue of jobs on one thread.

pub mod job;
pub mod options;
pub mod patterns;
pub mod queue;
pub mod report;
pub mod request;
pub mod response;
pub mod settings;

pub use job::{Became, Job, NodeReport, OperatorReport, Phase, ProgressReport, SliceReport};
pub use options::{OptionError, Options};
pub use patterns::LayeredPatterns;
pub use queue::{Busy, Environment, Service, ServiceConfig};
pub use report::{CheckReport, cost_text};
pub use request::{GoalPolicy, Limits, Problem, Request};
pub use response::{GoalReport, GoalVerdict, PhaseTimes, Provenance, Response, ResultReport};
pub use settings::{ResultSummary, Settings};
