//! A recording as a Posthoc search trace, version 1.4.0 (`.trace.json`).
//!
//! One object of `version`, `events` and `meta`; the order of events is that of time, `id` is the node's
//! and `pId` that of its parent. The root is the `source`. An expansion is `expanding`, then `generating`
//! for every node that it registers, and again for every known node that it reaches on a cheaper path (with
//! its new parent), then `closing`; a dead end is closed as soon as it is generated. The goal of a plan is
//! the `destination`. `g`, `h` and `f` are in the document's terms and left out where they are not known.
//! A lazy search generates a state when it is its turn: there `generating` stands before the `expanding` of
//! the same state, and names the parent that was expanded earlier.

use std::fmt::{self, Write};

use super::{NONE, NodeStatus, Trace};

/// Bytes kept for what stands behind the events, the destination included; a label is cut to
/// [`LABEL_MAX`].
const TAIL_BYTES: u64 = 1024;

/// Longest label, in bytes.
const LABEL_MAX: usize = 256;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Events in the file.
    pub events: u64,
    /// Events that are not: those behind the first one that found no room, and what the recording itself
    /// had no room for.
    pub left_out: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// Writes a recording, at most about `max_bytes` (at least 2 KiB). `label` names operators. O(nodes +
/// expansions + arrivals).
///
/// # Errors
/// That of the writer.
pub fn write(
    trace: &Trace,
    max_bytes: u64,
    label: &dyn Fn(u32) -> String,
    out: &mut dyn Write,
) -> Result<Written, fmt::Error> {
    let lost = trace.dropped_nodes + trace.dropped_samples + trace.dropped_arrivals;
    let written = Written { left_out: lost, ..Written::default() };
    let room = max_bytes.max(2 * TAIL_BYTES) - TAIL_BYTES;
    let mut g = trace.g.clone();
    for (&node, &first) in &trace.first_g {
        if let Some(g) = g.get_mut(node as usize) {
            *g = first;
        }
    }
    let mut writer = Writer { trace, room, label, out, written, parents: trace.parent.clone(), g };
    writer.raw("{\"version\":\"1.4.0\",\"events\":[")?;
    writer.events()?;
    let Written { events, left_out, .. } = writer.written;
    writer.raw(&format!("\n],\"meta\":{{\"events\":{events},\"leftOut\":{left_out}}}}}\n"))?;
    Ok(writer.written)
}

struct Writer<'a> {
    trace: &'a Trace,
    room: u64,
    label: &'a dyn Fn(u32) -> String,
    out: &'a mut dyn Write,
    written: Written,
    /// Indexed by node: its parent and g at this time.
    parents: Vec<u32>,
    g: Vec<i64>,
}

impl Writer<'_> {
    fn events(&mut self) -> fmt::Result {
        let trace = self.trace;
        if trace.is_empty() {
            return Ok(());
        }
        self.event("source", 0, NONE)?;
        let (mut node, mut arrival) = (1, 0);
        for (at, &expanded) in (1..).zip(&trace.expanded_node) {
            let is_known = (expanded as usize) < trace.len();
            if trace.is_lazy {
                self.successors(at, &mut node, &mut arrival)?;
            }
            if is_known {
                self.event("expanding", expanded, NONE)?;
            }
            self.successors(at, &mut node, &mut arrival)?;
            if is_known {
                self.event("closing", expanded, NONE)?;
            }
        }
        self.successors(u32::MAX, &mut node, &mut arrival)?;
        self.destination()
    }

    /// Nodes registered and reached again until the end of an expansion.
    fn successors(&mut self, until: u32, node: &mut usize, arrival: &mut usize) -> fmt::Result {
        let trace = self.trace;
        while *node < trace.len() && trace.generated_at[*node] <= until {
            self.event("generating", *node as u32, trace.operator[*node])?;
            if trace.status[*node] == NodeStatus::DeadEnd {
                self.event("closing", *node as u32, NONE)?;
            }
            *node += 1;
        }
        while let Some(one) = trace.arrivals.get(*arrival).filter(|one| one.at <= until) {
            if one.cheaper && (one.node as usize) < trace.len() {
                self.parents[one.node as usize] = one.parent;
                self.g[one.node as usize] = one.g;
                self.event("generating", one.node, one.operator)?;
            }
            *arrival += 1;
        }
        Ok(())
    }

    /// The goal, where it was written before.
    fn destination(&mut self) -> fmt::Result {
        let goal = self.trace.plan.last().copied();
        let goal = goal.filter(|&goal| self.trace.status[goal as usize] == NodeStatus::Goal);
        match goal {
            Some(goal) if self.room > 0 => {
                self.room = u64::MAX;
                self.event("destination", goal, NONE)
            }
            Some(_) => {
                self.written.left_out += 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// One event, unless it or one before it found no room.
    fn event(&mut self, kind: &str, node: u32, operator: u32) -> fmt::Result {
        let trace = self.trace;
        let comma = if self.written.events == 0 { "" } else { "," };
        let mut text = format!("{comma}\n{{\"type\":\"{kind}\",\"id\":{node},\"pId\":");
        match self.parents[node as usize] {
            NONE => text.push_str("null"),
            parent => write!(text, "{parent}")?,
        }
        let g = self.g[node as usize] as f64 * trace.unit;
        let h = trace.h_value(trace.h[node as usize]);
        let f = h.map(|h| trace.f_value(g, h));
        for (name, value) in [("g", Some(g)), ("h", h), ("f", f)] {
            if let Some(value) = value.filter(|value| value.is_finite()) {
                write!(text, ",\"{name}\":{value}")?;
            }
        }
        if operator != NONE {
            text.push_str(",\"operator\":");
            quote(&(self.label)(operator), &mut text);
        }
        text.push('}');
        if self.written.bytes + text.len() as u64 > self.room {
            self.room = 0;
            self.written.left_out += 1;
            return Ok(());
        }
        self.written.events += 1;
        self.raw(&text)
    }

    fn raw(&mut self, text: &str) -> fmt::Result {
        self.written.bytes += text.len() as u64;
        self.out.write_str(text)
    }
}

/// The text as a JSON string, cut to [`LABEL_MAX`].
fn quote(text: &str, out: &mut String) {
    let end = (0..=LABEL_MAX.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    out.push('"');
    for c in text[..end.unwrap_or(0)].chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\0'..' ' => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use std::sync::Arc;

    use crate::search::{EngineConfig, HeuristicKind, Observer, Policy, Sample, Search};
    use crate::step::{Budget, Progress, Stepper};
    use crate::task::{
        Conjunction, Cost, Fact, Formula, Instance, Layout, Operator, OperatorId, Placement, StateId, Task,
        VariableId,
    };
    use crate::trace::{Recorder, TraceLimits};

    fn expand(recorder: &mut Recorder, node: u32) {
        let (g, h, open, memory_bytes, best_h) = (0, 0, 0, 0, 0);
        recorder.expanded(Sample { node: StateId(node), operator: None, g, h, open, memory_bytes, best_h });
    }

    /// 0 → 1, 2, 3 (a dead end); 1 → 2 again, cheaper; 2 → 4, the goal.
    fn recording(limits: TraceLimits) -> Trace {
        let mut recorder = Recorder::new(limits, 0.5, 0.5, 1.0);
        let from = |parent, operator| Some((StateId(parent), OperatorId(operator)));
        recorder.registered(StateId(0), None, 0, Some(4));
        expand(&mut recorder, 0);
        recorder.registered(StateId(1), from(0, 0), 2, Some(2));
        recorder.registered(StateId(2), from(0, 1), 9, Some(2));
        recorder.registered(StateId(3), from(0, 2), 1, None);
        expand(&mut recorder, 1);
        recorder.arrived(StateId(0), (StateId(1), OperatorId(3)), 3, false, false);
        recorder.arrived(StateId(2), (StateId(1), OperatorId(4)), 3, true, false);
        expand(&mut recorder, 2);
        recorder.registered(StateId(4), from(2, 5), 5, Some(0));
        recorder.solved(&[0, 1, 2, 4].map(StateId));
        recorder.into_trace()
    }

    fn written(trace: &Trace, max_bytes: u64) -> (Value, Written) {
        let mut text = String::new();
        let label = |operator| format!("op \"{operator}\"");
        let report = write(trace, max_bytes, &label, &mut text).unwrap();
        assert_eq!(report.bytes, text.len() as u64);
        (serde_json::from_str(&text).unwrap(), report)
    }

    #[test]
    fn events_follow_the_search() {
        let (json, report) = written(&recording(TraceLimits::default()), 1 << 20);
        assert_eq!(json["version"], "1.4.0");
        let events = json["events"].as_array().unwrap();
        let words = |event: &Value| {
            format!(
                "{} {} {} g{} f{}",
                event["type"].as_str().unwrap(),
                event["id"],
                event["pId"],
                event["g"],
                event["f"]
            )
        };
        let words: Vec<String> = events.iter().map(words).collect();
        let expected = [
            "source 0 null g0 f2",
            "expanding 0 null g0 f2",
            "generating 1 0 g1 f2",
            "generating 2 0 g4.5 f5.5",
            "generating 3 0 g0.5 fnull",
            "closing 3 0 g0.5 fnull",
            "closing 0 null g0 f2",
            "expanding 1 0 g1 f2",
            "generating 2 1 g1.5 f2.5",
            "closing 1 0 g1 f2",
            "expanding 2 1 g1.5 f2.5",
            "generating 4 2 g2.5 f2.5",
            "closing 2 1 g1.5 f2.5",
            "destination 4 2 g2.5 f2.5",
        ];
        assert_eq!(words, expected);
        assert_eq!(events[8]["operator"], "op \"4\"");
        assert_eq!((report.events, report.left_out), (14, 0));
        assert_eq!(json["meta"], serde_json::json!({ "events": 14, "leftOut": 0 }));
    }

    #[test]
    fn what_finds_no_room_is_counted() {
        let mut trace = Trace { unit: 1.0, h_unit: 1.0, ..Trace::default() };
        for node in 0..1000 {
            trace.parent.push(if node == 0 { NONE } else { 0 });
            trace.operator.push(node);
            trace.g.push(1);
            trace.h.push(1);
            trace.generated_at.push(1.min(node));
            trace.status.push(NodeStatus::Open);
        }
        trace.expanded_node.push(0);
        let (whole, report) = written(&trace, u64::MAX);
        assert_eq!((report.events, report.left_out), (1002, 0));
        let (cut, report) = written(&trace, 10_000);
        assert!(report.bytes <= 10_000 && report.bytes > 8_000);
        assert_eq!(report.events + report.left_out, 1002);
        let kept = cut["events"].as_array().unwrap();
        assert_eq!(kept[..], whole["events"].as_array().unwrap()[..kept.len()]);
        assert_eq!(cut["meta"]["leftOut"], report.left_out);
    }

    #[test]
    fn what_the_recording_dropped_is_counted_too() {
        let trace = recording(TraceLimits { nodes: 2, ..TraceLimits::default() });
        let (json, report) = written(&trace, 1 << 20);
        assert_eq!(report.left_out, trace.dropped_nodes + trace.dropped_arrivals);
        assert!(json["events"].as_array().unwrap().iter().all(|event| event["id"].as_u64().unwrap() < 2));
        let (empty, report) = written(&Trace::default(), 0);
        assert_eq!((empty["events"].as_array().unwrap().len(), report.events), (0, 0));
    }

    /// Four switches, each turned on or off by an operator; all are to be on.
    fn switches() -> (Arc<Task>, Instance) {
        let variables = [(2, Placement::Dynamic); 4];
        let turn = |variable: u32, value: u32| Operator {
            precondition: Conjunction::new(Formula::Fact(Fact {
                variable: VariableId(variable),
                value: 1 - value,
            })),
            facts: vec![Fact { variable: VariableId(variable), value }].into(),
            conditional: Vec::new(),
            copies: [].into(),
            numeric: [].into(),
            cost: Cost::Constant(1 + i64::from(variable)),
            source: 0,
        };
        let operators = (0..4).flat_map(|variable| [turn(variable, 1), turn(variable, 0)]).collect();
        let task = Task::new(Layout::new(&variables, &[]), operators, 1.0);
        let on = (0..4).map(|variable| Formula::Fact(Fact { variable: VariableId(variable), value: 1 }));
        let goal = Conjunction::new(Formula::And(on.collect()));
        let initial = vec![0; task.layout.words()];
        (Arc::new(task), Instance { initial, goal: goal.into() })
    }

    #[test]
    fn the_events_of_a_search_agree_with_its_statistics() {
        let (task, instance) = switches();
        let engine = EngineConfig { heuristic: HeuristicKind::Blind.into(), ..EngineConfig::default() };
        let heuristic = engine.prepare(&task, &instance);
        let policy = Policy::new(&engine);
        let recorder = Recorder::new(TraceLimits::default(), 1.0, 1.0, 1.0);
        let mut search = Search::new(&task, instance, heuristic, policy, 1 << 20, recorder);
        while search.step(&mut Budget::unlimited()) == Progress::Pending {}
        let (statistics, trace) = (search.statistics(), search.into_observer().into_trace());
        let (json, report) = written(&trace, u64::MAX);
        assert_eq!(report.left_out, 0);
        let events = json["events"].as_array().unwrap();
        let count = |kind: &str| events.iter().filter(|event| event["type"] == kind).count() as u64;
        let cheaper = trace.arrivals.iter().filter(|arrival| arrival.cheaper).count() as u64;
        assert_eq!(count("expanding"), statistics.expanded);
        assert_eq!(count("generating"), statistics.registered - 1 + cheaper);
        assert_eq!((count("source"), count("destination")), (1, 1));
        let mut known = Vec::new();
        for event in events {
            assert!(event["pId"].is_null() == (event["id"] == 0));
            assert!(event["pId"].is_null() || known.contains(&event["pId"]));
            known.push(event["id"].clone());
        }
        assert_eq!(events[events.len() - 1]["g"], 10.0);
    }
}
