//! Measuring in this tab. Between rounds the page has its turn.

use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::super::super::sheet::Pane;
use super::super::super::workbench::Workbench;
use super::{Measuring, Standing};
use crate::parity::{ALL, Event, Kind, Options, measure};

/// Milliseconds between two pictures of where it is: drawing takes time from nobody but the rounds.
const PERIOD: f64 = 150.0;

/// Measures what is chosen.
pub fn begin(bench: Workbench, measuring: Measuring) {
    let kind = measuring.kind.get_untracked();
    run(bench, measuring, |own| kind.is_none_or(|kind| own.kind == kind));
    bench.sheet.pane.set(Pane::Scope);
}

/// Measures one workload again, and keeps the figures of the others.
pub fn again(bench: Workbench, measuring: Measuring, name: &str) {
    run(bench, measuring, |own| own.name == name);
}

/// Ends it after this round.
pub fn cancel(measuring: Measuring) {
    measuring.ends.with_value(|ends| ends.set(true));
}

fn run(bench: Workbench, measuring: Measuring, is_asked: impl Fn(&crate::parity::Workload) -> bool) {
    if measuring.standing.with_untracked(Option::is_some) {
        return;
    }
    let workloads: Vec<_> = ALL.iter().filter(|own| is_asked(own)).collect();
    let Some(first) = workloads.first() else { return };
    let standing = Standing { label: first.label, done: 0, of: workloads.len(), round: 0, rounds: 0 };
    measuring.standing.set(Some(standing));
    let options = Options { rounds: measuring.rounds.get_untracked() as u32, workloads };
    measuring.work.run(all(bench, measuring, options));
}

async fn all(bench: Workbench, measuring: Measuring, options: Options) {
    let ends = measuring.ends.get_value();
    ends.set(false);
    let (lab, now) = bench.host.with_value(|host| (host.lab(), Rc::clone(host)));
    let before = measuring.here.get_untracked();
    let mut shown_ms = 0.0;
    let mut tell = |event: &Event<'_>| {
        match *event {
            Event::Round { workload, index, workloads, round, rounds } => {
                if now.now_ms() - shown_ms > PERIOD {
                    shown_ms = now.now_ms();
                    let standing =
                        Standing { label: workload.label, done: index, of: workloads, round, rounds };
                    measuring.standing.set(Some(standing));
                }
            }
            Event::Measured(report) => {
                let mut report = report.clone();
                report.complete = false;
                measuring.here.set(Some(Arc::new(report.with_others_of(before.as_deref()))));
            }
            Event::Skipped(_) => {}
        }
        if ends.get() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let report = measure(&*lab, &options, &mut tell).await;
    measuring.here.set(Some(Arc::new(report.with_others_of(before.as_deref()))));
    measuring.standing.set(None);
}

/// What may be chosen to be measured.
pub const KINDS: [(&str, Option<Kind>); 3] =
    [("All", None), ("Computing", Some(Kind::Computing)), ("Looking up, waiting", Some(Kind::Serving))];
