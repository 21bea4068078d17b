//! What the scope says in words and figures beside the figures of the search. They are read at most ten times a
//! second.

use crate::service::SliceReport;
use crate::trace::{Figures, NodeStatus, Trace};
use crate::view::chart::axis_end;
use crate::view::drawing::Drawing;
use crate::view::format::{bytes, cost, cost_or_infinite, count, millis};
use crate::view::ledger::{Shape, shape_at};
use crate::view::outline::{Line, around};
use crate::view::palette::ColourBy;

/// A figure and its unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub figure: String,
    pub unit: &'static str,
}

/// The words and figures of the scope at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeStatistics {
    /// Nodes recorded.
    pub nodes: usize,
    /// Expansions recorded.
    pub expansions: u32,
    /// Last expansion on the axis.
    pub axis: u32,
    /// The expansion shown.
    pub at: u32,
    /// Nodes that are folded into triangles.
    pub folded: u64,
    /// Whether the marked path is the plan, and not the best so far.
    pub is_plan: bool,
    /// Ends of the legend's ramp.
    pub low: String,
    pub high: String,
    /// Length of the slice at that expansion.
    pub slice: Reading,
    /// Nodes that found no room in the recording.
    pub dropped: u64,
}

impl ScopeStatistics {
    /// Reads the words and figures off a recording and its drawing.
    pub fn read(
        trace: &Trace,
        drawing: &Drawing,
        cursor: Option<u32>,
        by: ColourBy,
        slices: &Slices,
        running: bool,
    ) -> Self {
        let expansions = trace.expansions() as u32;
        let at = cursor.unwrap_or(expansions).min(expansions);
        let domain = drawing.domains.of(by);
        let figure = |value: f64| if by == ColourBy::Order { count(value as u64) } else { short(value) };
        Self {
            nodes: trace.len(),
            expansions,
            axis: axis_end(expansions, running),
            at,
            folded: drawing.scene().map_or(0, |scene| scene.folded),
            is_plan: drawing.trails.is_plan(),
            low: figure(domain.low),
            high: figure(domain.high),
            slice: slices.at(at),
            dropped: trace.dropped_nodes,
        }
    }
}

/// The slices of a job on the axis of the search that is drawn.
pub struct Slices {
    report: SliceReport,
    /// Expansions of the job before the search that is drawn.
    before: u64,
}

impl Slices {
    pub fn new(report: SliceReport, before: u64) -> Self {
        Self { report, before }
    }

    /// Expansion at which each slice ended, within the search that is drawn, and its length in ms.
    pub fn entries(&self) -> impl Iterator<Item = (u32, f32)> + '_ {
        let own = |&(at, ms): &(u32, f32)| Some((u64::from(at).checked_sub(self.before)? as u32, ms));
        self.report.entries.iter().filter_map(own)
    }

    /// The slice that held an expansion.
    fn at(&self, expansion: u32) -> Reading {
        let held = self.entries().find(|&(end, _)| end >= expansion);
        let held = held.filter(|_| expansion > 0).or_else(|| self.entries().last());
        held.map_or_else(Reading::default, |(_, ms)| {
            let quantity = millis(f64::from(ms));
            Reading { figure: quantity.figure, unit: quantity.unit }
        })
    }
}

/// Best h, open list and memory beside their strips.
pub fn readings(figures: &Figures) -> [Reading; 3] {
    let memory = figures.memory_kib.map(|kib| bytes(u64::from(kib) << 10));
    let (memory, unit) = memory.map_or(("–".into(), ""), |quantity| (quantity.figure, quantity.unit));
    let reading = |figure: String, unit| Reading { figure, unit };
    let best_h = figures.best_h.map_or_else(|| "–".into(), cost);
    [reading(best_h, ""), reading(count(figures.open), "waiting"), reading(memory, unit)]
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
pub struct OutlineItem {
    /// Where it stands in the list.
    pub line: Line,
    /// The operator that led to it; [`NONE`] for the root.
    pub operator: u32,
    /// `expanded, g 16, h 14, f 30`.
    pub text: String,
}

/// The nodes around the selected one, or around the root.
pub fn outline_items(
    trace: &Trace,
    drawing: &Drawing,
    cursor: Option<u32>,
    selected: Option<u32>,
) -> Vec<OutlineItem> {
    let known = trace.nodes_at(cursor) as u32;
    let node = selected.filter(|&node| node < known).unwrap_or(0);
    let tell = |line: Line| OutlineItem {
        line,
        operator: trace.operator[line.node as usize],
        text: format!("{}, {}", status(trace, line.node, cursor), figures(trace, line.node, cursor, ", ")),
    };
    around(trace, &drawing.layout, cursor, node).into_iter().map(tell).collect()
}

fn status(trace: &Trace, node: u32, cursor: Option<u32>) -> &'static str {
    match shape_at(trace, node, cursor) {
        Shape::Expanded => "expanded",
        Shape::Reopened => "reopened",
        Shape::DeadEnd => "dead end",
        Shape::Goal => "goal",
        _ => "open",
    }
}

/// `g 16  h 14  f 30` at a time, in the document's terms.
pub fn figures(trace: &Trace, node: u32, cursor: Option<u32>, between: &str) -> String {
    let g = trace.g_value(node, cursor);
    let h = trace.h_value(trace.h[node as usize]);
    let text = format!("g {}{between}h {}", cost(g), cost_or_infinite(h));
    match h.filter(|_| trace.status[node as usize] != NodeStatus::DeadEnd) {
        Some(h) => format!("{text}{between}f {}", cost(trace.f_value(g, h))),
        None => text,
    }
}
