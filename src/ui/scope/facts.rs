//! What the scope says in words and figures, taken at most ten times a second.

use crate::service::SliceReport;
use crate::trace::{NONE, NodeStatus, Trace, UNKNOWN_H};
use crate::view::chart::axis_end;
use crate::view::format::{bytes, cost, count, millis};
use crate::view::ledger::{Ledger, Shape, StatusCounts};
use crate::view::outline::{Line, around};
use crate::view::palette::ColourBy;
use crate::view::stage::Stage;

/// A figure and its unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub figure: String,
    pub unit: &'static str,
}

/// The words and figures of a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Nodes recorded.
    pub nodes: usize,
    /// Expansions recorded.
    pub expansions: u32,
    /// Last expansion on the axis.
    pub axis: u32,
    /// The expansion shown.
    pub at: u32,
    /// Nodes per status at that expansion.
    pub counts: StatusCounts,
    /// Ends of the legend's ramp.
    pub low: String,
    pub high: String,
    /// Best h, open list, memory and slice length at that expansion.
    pub readings: [Reading; 4],
    /// h of the initial state.
    pub initial_h: String,
    /// Nodes that found no room in the recording.
    pub dropped: u64,
}

impl Facts {
    /// Reads them off a recording and its stage.
    pub fn read(
        trace: &Trace,
        stage: &Stage,
        cursor: Option<u32>,
        by: ColourBy,
        slices: &SliceReport,
        running: bool,
    ) -> Self {
        let expansions = trace.expansions() as u32;
        let at = cursor.unwrap_or(expansions).min(expansions);
        let domain = stage.domains.of(by);
        let figure = |value: f64| if by == ColourBy::Order { count(value as u64) } else { short(value) };
        Self {
            nodes: trace.len(),
            expansions,
            axis: axis_end(expansions, running),
            at,
            counts: stage.layout.ledger.counts(trace, cursor),
            low: figure(domain.low),
            high: figure(domain.high),
            readings: readings(trace, slices, at),
            initial_h: trace.h.first().map_or_else(String::new, |&h| h_text(trace, h)),
            dropped: trace.dropped_nodes,
        }
    }
}

fn readings(trace: &Trace, slices: &SliceReport, at: u32) -> [Reading; 4] {
    let Some(index) = (at as usize).checked_sub(1) else {
        return std::array::from_fn(|_| Reading { figure: "–".into(), unit: "" });
    };
    let reading = |figure: String, unit| Reading { figure, unit };
    let h = trace.best_h.get(index).map_or_else(|| "–".into(), |&h| h_text(trace, h));
    let open = trace.open_size.get(index).map_or_else(|| "–".into(), |&open| count(u64::from(open)));
    let memory = bytes(trace.memory_kib.get(index).map_or(0, |&kib| u64::from(kib) << 10));
    let next = slices.recent.partition_point(|&(done, _)| done < at);
    let slice = slices.recent.get(next).or(slices.recent.last()).copied();
    let kept = slice.filter(|_| slices.recent.first().is_some_and(|&(first, _)| first <= at || next > 0));
    let slice = kept.map_or(("–".into(), ""), |(_, ms)| {
        let quantity = millis(f64::from(ms));
        (quantity.figure, quantity.unit)
    });
    [reading(h, ""), reading(open, "nodes"), reading(memory.figure, memory.unit), reading(slice.0, slice.1)]
}

/// h in the document's unit; `∞` for a dead end.
fn h_text(trace: &Trace, h: i64) -> String {
    if h == UNKNOWN_H { "∞".into() } else { cost(h as f64 * trace.unit) }
}

/// A figure for the narrow ends of the ramp: at most four digits.
fn short(value: f64) -> String {
    match value.abs() {
        v if v >= 1e6 => format!("{:.1}M", value / 1e6),
        v if v >= 1e4 => format!("{:.0}k", value / 1e3),
        v if v >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        _ => format!("{value:.1}"),
    }
}

/// A node in words, without its operator's name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Told {
    /// Where it stands in the list.
    pub line: Line,
    /// The operator that led to it; [`NONE`] for the root.
    pub operator: u32,
    /// `expanded, g 16, h 14, f 30`.
    pub text: String,
}

/// The nodes around the selected one, or around the root.
pub fn told(trace: &Trace, stage: &Stage, cursor: Option<u32>, selected: Option<u32>) -> Vec<Told> {
    let known = Ledger::nodes_at(trace, cursor) as u32;
    let node = selected.filter(|&node| node < known).unwrap_or(0);
    let tell = |line: Line| Told {
        line,
        operator: trace.operator[line.node as usize],
        text: format!("{}, {}", status(trace, stage, line.node, cursor), figures(trace, line.node, ", ")),
    };
    around(trace, &stage.layout, cursor, node).into_iter().map(tell).collect()
}

fn status(trace: &Trace, stage: &Stage, node: u32, cursor: Option<u32>) -> &'static str {
    match stage.layout.ledger.shape_at(trace, node, cursor) {
        Shape::Expanded => "expanded",
        Shape::Reopened => "reopened",
        Shape::DeadEnd => "dead end",
        Shape::Goal => "goal",
        _ => "open",
    }
}

/// `g 16  h 14  f 30`, in the document's unit.
pub fn figures(trace: &Trace, node: u32, between: &str) -> String {
    let value = |by: ColourBy| by.value(trace, node).map_or_else(|| "∞".into(), cost);
    let (g, h) = (value(ColourBy::G), value(ColourBy::H));
    if trace.status[node as usize] == NodeStatus::DeadEnd {
        return format!("g {g}{between}h {h}");
    }
    format!("g {g}{between}h {h}{between}f {}", value(ColourBy::F))
}

/// What a node is called: its operator, or that it is where everything begins.
pub fn name(operator: u32, labels: &dyn Fn(u32) -> Option<String>) -> String {
    if operator == NONE {
        return "initial state".into();
    }
    labels(operator).unwrap_or_else(|| format!("operator {operator}"))
}
