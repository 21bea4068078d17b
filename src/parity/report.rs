//! What was measured, as it is kept in a file: `parity.json`.
//!
//! The figures of all rounds are kept, to six digits. What follows from them is written too, for other programs,
//! and worked out anew when a file is read.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::figures::Spread;
use super::lab::{Machine, Platform};
use super::workload::{Judged, Kind, Unit, Workload};

/// The format of the files, with its version.
pub const FORMAT: &str = "planscope-parity/1";
/// The name of the format without the version.
const FORMAT_NAME: &str = "planscope-parity/";
/// Bytes of the largest file that is read.
pub const BYTES_MAX: usize = 4 << 20;
const ROWS_MAX: usize = 256;
const ROUNDS_MAX: usize = 10_000;
const TEXT_MAX: usize = 300;

/// What was measured on a platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    format: String,
    /// By what.
    pub machine: Machine,
    /// When it began, as in ISO 8601, in UTC.
    pub measured: String,
    /// How long it took.
    pub seconds: f64,
    /// The step of the clock, in millionths of a second.
    pub clock_us: f64,
    /// Whether it came to its end.
    pub complete: bool,
    /// Each workload that was measured.
    pub workloads: Vec<Row>,
    /// Each workload that cannot be measured on the platform.
    #[serde(default)]
    pub skipped: Vec<Skipped>,
}

/// The figures of a workload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The name of the workload.
    pub name: String,
    /// What it is.
    pub label: String,
    /// What it is about.
    pub kind: Kind,
    /// What the figures count.
    pub unit: Unit,
    /// Repetitions in each round.
    pub per_round: u64,
    /// The most that is allowed, or the least of a rate.
    pub limit: Option<f64>,
    /// Which figure is held to the limit.
    pub judged: Judged,
    /// Whether the limit holds; `None` where there is none.
    #[serde(skip_deserializing)]
    pub kept: Option<bool>,
    /// How the rounds are spread.
    #[serde(skip_deserializing)]
    pub spread: Spread,
    /// The figure of each round, in order.
    pub rounds: Vec<f64>,
}

/// A workload that was not measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The name of the workload.
    pub name: String,
    /// Why not.
    pub reason: String,
}

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is too large.
    #[error("the file has {bytes} bytes, and at most {BYTES_MAX} are read: is it a parity.json?")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It is not JSON.
    #[error("the file is not JSON: {0}")]
    NotJson(String),
    /// It is some other JSON.
    #[error("the file is JSON, but not of a bench: write one with `planscope bench --json`")]
    OtherFormat,
    /// Another version wrote it.
    #[error("the file has the format {0:?}, and this version reads {FORMAT:?}")]
    OtherVersion(String),
    /// A part of it is not as it has to be.
    #[error("the file is damaged: {0}")]
    Damaged(String),
}

impl Report {
    pub(super) fn new(machine: Machine, wall_clock_ms: f64) -> Self {
        Self {
            format: FORMAT.to_owned(),
            machine,
            measured: iso(wall_clock_ms),
            seconds: 0.0,
            clock_us: 0.0,
            complete: true,
            workloads: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`ReadError`] for what is wrong with it.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        if text.len() > BYTES_MAX {
            return Err(ReadError::TooLarge { bytes: text.len() });
        }
        let value: Value =
            serde_json::from_str(text).map_err(|error| ReadError::NotJson(error.to_string()))?;
        match value.get("format").and_then(Value::as_str) {
            Some(FORMAT) => {}
            Some(other) if other.starts_with(FORMAT_NAME) && other.len() < TEXT_MAX => {
                return Err(ReadError::OtherVersion(other.to_owned()));
            }
            _ => return Err(ReadError::OtherFormat),
        }
        let mut report: Self =
            serde_json::from_value(value).map_err(|error| ReadError::Damaged(error.to_string()))?;
        report.check().map_err(ReadError::Damaged)?;
        for row in &mut report.workloads {
            row.sum_up();
        }
        Ok(report)
    }

    /// The report as a file.
    pub fn to_json(&self) -> String {
        // Only maps whose keys are no text can fail, and there is none.
        let mut text = serde_json::to_string(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The report with the rows of an earlier one of the same machine for what it has not.
    #[must_use]
    pub fn with_others_of(mut self, earlier: Option<&Self>) -> Self {
        let Some(earlier) = earlier.filter(|earlier| earlier.machine == self.machine) else { return self };
        let is_other = |row: &&Row| self.row(&row.name).is_none();
        let others: Vec<Row> = earlier.workloads.iter().filter(is_other).cloned().collect();
        self.workloads.extend(others);
        let is_known = |name: &str| self.skipped.iter().any(|own| own.name == name);
        let skipped: Vec<Skipped> =
            earlier.skipped.iter().filter(|one| !is_known(&one.name)).cloned().collect();
        self.skipped.extend(skipped);
        self
    }

    /// The row of a workload.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.workloads.iter().find(|row| row.name == name)
    }

    fn check(&self) -> Result<(), String> {
        let Machine { name, target, build, .. } = &self.machine;
        let mut texts = vec![name, target, build, &self.measured];
        if self.workloads.len() + self.skipped.len() > ROWS_MAX {
            return Err(format!("it has more than {ROWS_MAX} workloads"));
        }
        let mut names = HashSet::new();
        for row in &self.workloads {
            texts.extend([&row.name, &row.label]);
            if !names.insert(&row.name) {
                return Err(format!("it has the workload {:?} twice", row.name));
            }
            if row.rounds.is_empty() || row.rounds.len() > ROUNDS_MAX {
                return Err(format!("{:?} has {} rounds", row.name, row.rounds.len()));
            }
            let is_figure = |figure: &f64| figure.is_finite() && *figure >= 0.0;
            if !row.rounds.iter().chain(&row.limit).all(is_figure) {
                return Err(format!("{:?} has a figure that is none", row.name));
            }
        }
        texts.extend(self.skipped.iter().flat_map(|skipped| [&skipped.name, &skipped.reason]));
        if [self.seconds, self.clock_us].iter().any(|time| !time.is_finite() || *time < 0.0) {
            return Err("a time is none".to_owned());
        }
        match texts.iter().find(|text| text.len() > TEXT_MAX) {
            Some(text) => Err(format!("a text has {} bytes", text.len())),
            None => Ok(()),
        }
    }
}

impl Row {
    pub(super) fn new(workload: &Workload, platform: Platform, per_round: u64, figures: Vec<f64>) -> Self {
        let mut row = Self {
            name: workload.name.to_owned(),
            label: workload.label.to_owned(),
            kind: workload.kind,
            unit: workload.unit,
            per_round,
            limit: workload.limit(platform),
            judged: workload.judged,
            kept: None,
            spread: Spread::default(),
            rounds: figures.into_iter().map(rounded).collect(),
        };
        row.sum_up();
        row
    }

    /// The figure that is held to the limit.
    pub fn judged(&self) -> f64 {
        match self.judged {
            Judged::Median => self.spread.median,
            Judged::Worst if self.unit.is_rate() => self.spread.least,
            Judged::Worst => self.spread.most,
        }
    }

    fn sum_up(&mut self) {
        self.spread = Spread::of(&self.rounds);
        let figure = self.judged();
        self.kept =
            self.limit.map(|limit| if self.unit.is_rate() { figure >= limit } else { figure <= limit });
    }
}

/// A figure to six digits.
pub(super) fn rounded(figure: f64) -> f64 {
    format!("{figure:.5e}").parse().unwrap_or(figure)
}

/// A time as in ISO 8601, to the second, in UTC. Days are counted as the calendar does (Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms").
fn iso(wall_clock_ms: f64) -> String {
    let seconds = (wall_clock_ms / 1e3).max(0.0) as i64;
    let (days, second) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let (day, month) = (day_of_year - (153 * shifted + 2) / 5 + 1, (shifted + 2) % 12 + 1);
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::parity) fn report(platform: Platform, figures: &[(&str, &[f64])]) -> Report {
        let machine = Machine {
            platform,
            name: "a machine".to_owned(),
            threads: 2,
            target: "x86_64".to_owned(),
            build: "0.1.0, optimised".to_owned(),
        };
        let mut report = Report::new(machine, 1_764_533_777_000.0);
        for (name, rounds) in figures {
            let workload = Workload::named(name).expect("a workload");
            report.workloads.push(Row::new(workload, platform, 10, rounds.to_vec()));
        }
        report
    }

    #[test]
    fn a_report_reads_back_as_it_was_written() {
        let mut written =
            report(Platform::Native, &[("first-plan", &[0.1, 0.3, 0.14]), ("cached-1", &[19e3])]);
        written.skipped.push(Skipped { name: "yield".to_owned(), reason: "no".to_owned() });
        written.seconds = 12.5;
        assert_eq!(written.workloads[0].kept, Some(true));
        assert_eq!(written.workloads[1].kept, Some(false));
        assert_eq!(Report::read(&written.to_json()), Ok(written));
    }

    #[test]
    fn what_a_file_says_of_its_own_rounds_is_not_believed() {
        let text = report(Platform::Native, &[("first-plan", &[0.4])]).to_json();
        let lying =
            text.replace("\"kept\":false", "\"kept\":true").replace("\"median\":0.4", "\"median\":0.1");
        assert_ne!(lying, text);
        let read = Report::read(&lying).expect("a report");
        assert_eq!(
            (read.workloads[0].kept, read.workloads[0].judged().to_bits()),
            (Some(false), 0.4f64.to_bits())
        );
    }

    #[test]
    fn another_file_is_refused_for_what_it_is() {
        let good = report(Platform::Browser, &[("first-plan", &[0.4])]).to_json();
        let error = |text: &str| Report::read(text).expect_err("a wrong file").to_string();
        assert!(error("{").starts_with("the file is not JSON"));
        assert!(error("[1]").contains("not of a bench"));
        assert!(error(&good.replace("parity/1", "parity/2")).contains("\"planscope-parity/2\""));
        assert!(error(&good.replace("\"ms\"", "\"hours\"")).contains("damaged"));
        assert!(error(&good.replace("[0.4]", "[]")).contains("0 rounds"));
        assert!(error(&good.replace("[0.4]", "[-1]")).contains("none"));
        assert!(error(&good.replace("a machine", &"x".repeat(301))).contains("301 bytes"));
        assert!(error(&" ".repeat(BYTES_MAX + 1)).contains("4194305 bytes"));
        let twice = report(Platform::Browser, &[("yield", &[1.0]), ("yield", &[1.0])]);
        assert!(error(&twice.to_json()).contains("twice"));
    }

    #[test]
    fn what_is_measured_again_takes_the_place_of_what_was_before() {
        let before = report(Platform::Browser, &[("parse", &[1.0]), ("yield", &[2.0])]);
        let again = report(Platform::Browser, &[("yield", &[3.0])]);
        let both = again.clone().with_others_of(Some(&before));
        let figures: Vec<_> =
            both.workloads.iter().map(|row| (row.name.as_str(), row.rounds[0] as u32)).collect();
        assert_eq!(figures, [("yield", 3), ("parse", 1)]);
        let mut other = before;
        other.machine.name = "another machine".to_owned();
        assert_eq!(again.clone().with_others_of(Some(&other)), again);
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(iso(0.0), "1970-01-01T00:00:00Z");
        assert_eq!(iso(951_782_400_000.0), "2000-02-29T00:00:00Z");
        assert_eq!(iso(1_764_533_777_999.0), "2025-11-30T20:16:17Z");
        assert_eq!(iso(4_107_542_399_000.0), "2100-02-28T23:59:59Z");
    }
}
