//! What is measured, and what it may come to.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::lab::Platform;

/// What a workload is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It computes, and nothing else: it counts in the mean ratio of two platforms.
    Computing,
    /// It looks up, writes or waits. How long that takes rests on the platform, so each has limits of its own.
    Serving,
}

/// What figures count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Thousandths of a second, for one repetition.
    #[serde(rename = "ms")]
    Milliseconds,
    /// Millionths of a second, for one repetition.
    #[serde(rename = "µs")]
    Microseconds,
    /// Repetitions a second: the more the better.
    #[serde(rename = "/s")]
    PerSecond,
    /// Millions of bytes.
    #[serde(rename = "MB")]
    Megabytes,
}

impl Unit {
    /// A figure in this unit, of seconds for one repetition, or of bytes.
    pub(super) fn of(self, base: f64) -> f64 {
        match self {
            Self::Milliseconds => base * 1e3,
            Self::Microseconds => base * 1e6,
            Self::PerSecond => 1.0 / base.max(1e-12),
            Self::Megabytes => base / 1e6,
        }
    }

    /// Whether larger figures are better.
    pub fn is_rate(self) -> bool {
        self == Self::PerSecond
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Milliseconds => "ms",
            Self::Microseconds => "µs",
            Self::PerSecond => "/s",
            Self::Megabytes => "MB",
        })
    }
}

/// Which figure of the rounds is held to the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Judged {
    /// The median.
    Median,
    /// The worst round.
    Worst,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Held,
    ParseGoap,
    ParsePddl,
    Compile,
    Ground,
    FirstPlan,
    AstarFf,
    AstarLmcut,
    LamaFirst,
    Bfws,
    Near,
    LookUp { is_kept: bool },
    LookUpOnThreads(usize),
    StoreWrite,
    StoreRead,
    Spawn,
    Yield,
    Requests { is_cached: bool, in_flight: usize },
}

/// Something that is measured.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// Its name, for options and files.
    pub name: &'static str,
    /// What it is, for people.
    pub label: &'static str,
    /// What it is about.
    pub kind: Kind,
    /// What its figures count.
    pub unit: Unit,
    /// Which figure is held to the limit.
    pub judged: Judged,
    /// The limits natively and in a browser: the most, or the least of a rate. A workload that computes and has
    /// none is held to the ratio of both alone.
    limits: [Option<f64>; 2],
    pub(super) work: Work,
}

impl Workload {
    /// The limit on a platform.
    pub fn limit(&self, platform: Platform) -> Option<f64> {
        self.limits[usize::from(platform == Platform::Browser)]
    }

    /// The workload of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|workload| workload.name == name)
    }

    /// Repetitions in a round: the least and the most.
    pub(super) fn repetitions(&self) -> [u64; 2] {
        match self.work {
            Work::Held => [10_000; 2],
            Work::LookUp { .. } | Work::LookUpOnThreads(_) => [10_000; 2],
            Work::StoreWrite => [1, 64],
            Work::Near => [32; 2],
            Work::Requests { in_flight, .. } => [2 * in_flight as u64, 1 << 12],
            _ => [1, 1 << 20],
        }
    }

    /// Rounds where `rounds` are asked for.
    pub(super) fn rounds(&self, rounds: u32) -> u32 {
        match self.work {
            // What was held once is held.
            Work::Held => 1,
            Work::LookUp { .. } => rounds.saturating_mul(5),
            _ => rounds,
        }
    }

    /// Whether rounds go before that do not count.
    pub(super) fn warms_up(&self) -> bool {
        self.work != Work::Held
    }
}

const fn computing(
    name: &'static str,
    label: &'static str,
    limits: [Option<f64>; 2],
    work: Work,
) -> Workload {
    let (kind, unit, judged) = (Kind::Computing, Unit::Milliseconds, Judged::Median);
    Workload { name, label, kind, unit, judged, limits, work }
}

const fn serving(
    name: &'static str,
    label: &'static str,
    unit: Unit,
    limits: [Option<f64>; 2],
    work: Work,
) -> Workload {
    Workload { name, label, kind: Kind::Serving, unit, judged: Judged::Median, limits, work }
}

const fn requests(
    name: &'static str,
    label: &'static str,
    is_cached: bool,
    in_flight: usize,
    limits: [f64; 2],
) -> Workload {
    let limits = [Some(limits[0]), Some(limits[1])];
    serving(name, label, Unit::PerSecond, limits, Work::Requests { is_cached, in_flight })
}

/// Every workload, in the order in which they are measured. What is held in memory comes first, before anything else
/// has been held.
pub const ALL: &[Workload] = &[
    serving("heap", "Held after 10,000 requests", Unit::Megabytes, [Some(10.0), Some(10.485_76)], Work::Held),
    computing("parse", "Parse, 100 actions", [None, None], Work::ParseGoap),
    computing("parse-pddl", "Parse, logistics", [None, None], Work::ParsePddl),
    computing("compile", "Compile, 100 actions", [None, None], Work::Compile),
    computing("ground", "Ground, logistics", [None, None], Work::Ground),
    computing("first-plan", "First plan, 100 actions", [Some(0.2), Some(0.6)], Work::FirstPlan),
    computing("astar-ff", "A*, FF, gripper", [None, None], Work::AstarFf),
    computing("astar-lmcut", "A*, LM-cut, blocksworld", [None, None], Work::AstarLmcut),
    computing("lama-first", "LAMA first, logistics", [None, None], Work::LamaFirst),
    computing("bfws", "BFWS, visit-all", [None, None], Work::Bfws),
    computing("near", "Near match, repaired", [None, None], Work::Near),
    Workload {
        judged: Judged::Worst,
        ..serving(
            "kept",
            "Kept plan, found",
            Unit::Microseconds,
            [None, Some(3.0)],
            Work::LookUp { is_kept: true },
        )
    },
    Workload {
        judged: Judged::Worst,
        ..serving(
            "not-kept",
            "Kept plan, missing",
            Unit::Microseconds,
            [None, Some(3.0)],
            Work::LookUp { is_kept: false },
        )
    },
    serving(
        "kept-p99",
        "Kept plan, 99 of 100",
        Unit::Microseconds,
        [Some(0.5), None],
        Work::LookUpOnThreads(1),
    ),
    serving(
        "kept-p99-8",
        "Kept plan, 99 of 100, 8 threads",
        Unit::Microseconds,
        [Some(2.0), None],
        Work::LookUpOnThreads(8),
    ),
    serving("write", "Store, one write", Unit::Milliseconds, [Some(20.0), Some(10.0)], Work::StoreWrite),
    serving("read", "Store, one read", Unit::Milliseconds, [Some(0.1), Some(5.0)], Work::StoreRead),
    serving("spawn", "Task, spawned", Unit::Microseconds, [Some(1.0), Some(10.0)], Work::Spawn),
    serving("yield", "Yield", Unit::Microseconds, [Some(5.0), Some(50.0)], Work::Yield),
    requests("cached-1", "Kept plans, 1 in flight", true, 1, [20e3, 8e3]),
    requests("cached-10", "Kept plans, 10 in flight", true, 10, [20e3, 8e3]),
    requests("cached-100", "Kept plans, 100 in flight", true, 100, [20e3, 8e3]),
    requests("planned-1", "Planned, 1 in flight", false, 1, [4e3, 1e3]),
    requests("planned-10", "Planned, 10 in flight", false, 10, [4e3, 1e3]),
    requests("planned-100", "Planned, 100 in flight", false, 100, [4e3, 1e3]),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_fit_into_options() {
        let names: HashSet<_> = ALL.iter().map(|workload| workload.name).collect();
        assert_eq!(names.len(), ALL.len());
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(names.iter().all(|name| name.chars().all(fits)), "{names:?}");
        assert!(ALL.iter().all(|workload| Workload::named(workload.name).is_some()));
    }

    #[test]
    fn what_does_not_compute_has_a_limit_of_its_own() {
        for workload in ALL.iter().filter(|workload| workload.kind == Kind::Serving) {
            let limits = [Platform::Native, Platform::Browser].map(|platform| workload.limit(platform));
            assert!(limits.iter().any(Option::is_some), "{}", workload.name);
        }
    }

    #[test]
    fn figures_of_each_unit_come_from_seconds_or_bytes() {
        let figures = [
            Unit::Milliseconds.of(0.0005),
            Unit::Microseconds.of(0.0005),
            Unit::PerSecond.of(0.0005),
            Unit::Megabytes.of(2_500_000.0),
        ];
        for (figure, expected) in figures.iter().zip([0.5, 500.0, 2_000.0, 2.5]) {
            assert!((figure - expected).abs() < 1e-9, "{figures:?}");
        }
    }
}
