//! The line on standard error while a run goes on, where that is a terminal.

use super::Host;
use crate::plan::cost_text;
use crate::service::{Phase, ProgressReport};

/// A line of the terminal that is overwritten with each report.
pub struct Line<'a> {
    host: &'a dyn Host,
    is_shown: bool,
}

impl<'a> Line<'a> {
    /// A line that has not been written yet.
    pub fn new(host: &'a dyn Host) -> Self {
        Self { host, is_shown: false }
    }

    /// Writes `report` in place of what was there.
    pub fn show(&mut self, report: &ProgressReport) {
        if self.host.stderr_is_terminal() {
            self.host.write_stderr(&format!("\r{}\x1b[K", text(report)));
            self.is_shown = true;
        }
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        if self.is_shown {
            self.host.write_stderr("\r\x1b[K");
        }
    }
}

fn text(report: &ProgressReport) -> String {
    let phase = match report.phase {
        Phase::Queued => "waiting",
        Phase::Parse => "reading",
        Phase::Ground => "compiling",
        Phase::Search => "searching",
        Phase::Validate => "checking the plan",
        Phase::Finished => "done",
    };
    let mut parts = vec![phase.to_owned()];
    if report.statistics.expanded > 0 {
        parts.push(format!("{} expanded", grouped(report.statistics.expanded)));
        parts.push(format!("{} open", grouped(report.open)));
    }
    if let Some(plan) = report.improvements.last() {
        parts.push(format!("a plan of cost {}", cost_text(plan.cost)));
    }
    if let Some(best_h) = report.best_h {
        parts.push(format!("best h {}", cost_text(best_h)));
    }
    parts.push(format!("{} MiB", report.memory_bytes >> 20));
    let worked = report.worked.as_secs_f64();
    parts.push(match report.timeout {
        Some(limit) => format!("{worked:.1} s of {} s", cost_text(limit.as_secs_f64())),
        None => format!("{worked:.1} s"),
    });
    parts.join(" · ")
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::search::Statistics;
    use crate::service::PlanReport;

    #[test]
    fn a_line_says_what_counts() {
        let report = ProgressReport {
            phase: Phase::Search,
            worked: Duration::from_millis(1250),
            timeout: Some(Duration::from_secs(10)),
            statistics: Statistics { expanded: 1_234_567, ..Statistics::default() },
            open: 12,
            best_h: Some(3.5),
            memory_bytes: 5 << 20,
            ..ProgressReport::default()
        };
        assert_eq!(
            text(&report),
            "searching · 1,234,567 expanded · 12 open · best h 3.5 · 5 MiB · 1.2 s of 10 s"
        );
        let plan = PlanReport { cost: 7.5, length: 4, expanded: 9, ms: 0.5 };
        let found =
            ProgressReport { phase: Phase::Search, improvements: vec![plan], ..ProgressReport::default() };
        assert_eq!(text(&found), "searching · a plan of cost 7.5 · 0 MiB · 0.0 s");
    }
}
