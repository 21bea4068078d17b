//! Exit codes: those of Fast Downward where it has one for the outcome, so that scripts written for it work here.

use crate::search::Outcome;

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Solved; or nothing but warnings.
    Done,
    /// Standard output could not be written.
    OutputLost,
    /// A plan that does not hold.
    InvalidPlan,
    /// Proven unsolvable, or no goal is a candidate.
    Unsolvable,
    /// The search ended without a claim.
    Exhausted,
    /// The memory limit.
    MemoryLimit,
    /// The time limit.
    TimeLimit,
    /// Wrong arguments, unreadable files, documents with errors.
    InputError,
    /// A kind of problem that this version does not plan for.
    Unsupported,
    /// A step would cost less than nothing.
    NegativeCost,
    /// The planner itself failed (`EX_SOFTWARE` of `sysexits.h`).
    Fault,
    /// A file beside the answer could not be written; the answer was printed.
    FileLost,
    /// Ctrl-C.
    Cancelled,
}

impl Exit {
    /// The number for the shell.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::OutputLost | Self::InvalidPlan => 1,
            Self::Unsolvable => 11,
            Self::Exhausted => 12,
            Self::MemoryLimit => 22,
            Self::TimeLimit => 23,
            Self::InputError => 31,
            Self::Unsupported => 34,
            Self::NegativeCost => 35,
            Self::Fault => 70,
            // `EX_IOERR` of sysexits.h.
            Self::FileLost => 74,
            Self::Cancelled => 130,
        }
    }
}

impl From<Option<Outcome>> for Exit {
    /// `None` is a document with errors.
    fn from(outcome: Option<Outcome>) -> Self {
        match outcome {
            Some(Outcome::Solved) => Self::Done,
            Some(Outcome::Unsolvable) => Self::Unsolvable,
            Some(Outcome::Exhausted) => Self::Exhausted,
            Some(Outcome::TimeLimit) => Self::TimeLimit,
            Some(Outcome::MemoryLimit) => Self::MemoryLimit,
            Some(Outcome::NegativeCost) => Self::NegativeCost,
            Some(Outcome::Cancelled) => Self::Cancelled,
            Some(Outcome::Fault) => Self::Fault,
            None => Self::InputError,
        }
    }
}
