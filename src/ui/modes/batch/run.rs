//! Running a batch: a bounded number of jobs side by side, until each cell has its answer.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;
use leptos::prelude::*;

use super::super::super::workbench::Workbench;
use super::tasks::Entry;
use super::{Batch, empty, engine};
use crate::search::{Outcome, SearchKind};
use crate::service::{KeptPlans, Problem, Request, Response};
use crate::view::batch::{Cell, Ended};

/// Texts of the tasks that are under way: each is read once, and let go when its row is done.
type Texts = Rc<RefCell<Vec<Option<Result<Problem, String>>>>>;

/// How often the time is read, and the table shown again.
const PERIOD: Duration = Duration::from_millis(250);

/// Runs what is chosen.
pub fn begin(bench: Workbench, batch: Batch) {
    if untrack(move || batch.blocked()).is_some() {
        return;
    }
    let (entries, kinds) = (batch.chosen.get_untracked(), batch.engines.get_untracked());
    batch.live.set_value(untrack(|| empty(bench, &entries, &kinds)));
    show(batch);
    batch.entries.set(entries.clone());
    batch.kinds.set(kinds.clone());
    batch.row.set(None);
    batch.elapsed.set(0.0);
    batch.cancelled.set(false);
    batch.paused.set(false);
    batch.running.set(true);
    bench.sheet.pane.set(super::super::super::sheet::Pane::Scope);
    batch.work.run(all(bench, batch, entries, kinds));
}

/// Holds the batch, or lets it go on.
pub fn pause_or_resume(batch: Batch) {
    let pause = !batch.paused.get_untracked();
    batch.paused.set(pause);
    batch.jobs.with_value(|jobs| {
        for job in jobs {
            if pause { job.pause() } else { job.resume() }
        }
    });
}

/// Ends the batch. What has been run stays.
pub fn cancel(batch: Batch) {
    batch.cancelled.set(true);
    batch.jobs.with_value(|jobs| jobs.iter().for_each(crate::service::Job::cancel));
}

async fn all(bench: Workbench, batch: Batch, entries: Vec<Entry>, kinds: Vec<SearchKind>) {
    let now = move || bench.host.with_value(|host| host.now_ms());
    let ticking = set_interval_with_handle(
        {
            let last = StoredValue::new(now());
            move || {
                let before = last.get_value();
                last.set_value(now());
                if !batch.paused.get_untracked() {
                    batch.elapsed.update(|elapsed| *elapsed += (now() - before) / 1e3);
                }
                show(batch);
            }
        },
        PERIOD,
    );
    let texts: Texts = Rc::new(RefCell::new(vec![None; entries.len()]));
    let places = (0..entries.len()).flat_map(|task| (0..kinds.len()).map(move |engine| (task, engine)));
    let runs = stream::iter(places).map(|(task, column)| {
        let (texts, entry, kind) = (Rc::clone(&texts), entries[task].clone(), kinds[column]);
        let is_last = column + 1 == kinds.len();
        async move {
            if batch.cancelled.get_untracked() {
                return;
            }
            batch.live.update_value(|matrix| matrix.cells[task][column] = Cell::Running);
            let problem = text(bench, &texts, task, &entry).await;
            if is_last {
                texts.borrow_mut()[task] = None;
            }
            let ended = match problem {
                Ok(problem) => one(bench, batch, problem, kind).await,
                Err(why) => failed(why),
            };
            let was_cut = batch.cancelled.get_untracked() && ended.outcome == Some(Outcome::Cancelled);
            batch.live.update_value(|matrix| {
                if was_cut {
                    matrix.cells[task][column] = Cell::Waiting;
                } else {
                    matrix.end(task, column, ended);
                }
            });
        }
    });
    runs.buffer_unordered(batch.at_once.get_untracked()).collect::<()>().await;
    if let Ok(ticking) = ticking {
        ticking.clear();
    }
    show(batch);
    batch.running.set(false);
    batch.paused.set(false);
}

/// Shows the batch as it stands.
fn show(batch: Batch) {
    batch.matrix.set(batch.live.get_value());
}

/// The texts of a task, read once for all engines.
async fn text(bench: Workbench, texts: &Texts, task: usize, entry: &Entry) -> Result<Problem, String> {
    if let Some(known) = texts.borrow()[task].clone() {
        return known;
    }
    let read = entry.problem(bench).await;
    texts.borrow_mut()[task] = Some(read.clone());
    read
}

async fn one(bench: Workbench, batch: Batch, problem: Problem, kind: SearchKind) -> Ended {
    let request = Request {
        engine: engine(kind),
        limits: batch.limits.get_untracked(),
        kept: KeptPlans::Ignore,
        paused: batch.paused.get_untracked(),
        ..Request::new(problem)
    };
    let job = match bench.host.with_value(|host| host.submit(request)) {
        Ok(job) => job,
        Err(busy) => return failed(format!("Not started: {busy}.")),
    };
    batch.jobs.update_value(|jobs| jobs.push(job.clone()));
    let response = job.finished().await;
    batch.jobs.update_value(|jobs| jobs.retain(|other| other.id() != job.id()));
    ended(&response)
}

fn ended(response: &Response) -> Ended {
    let phases = &response.phases;
    let plan = response.plan.as_ref();
    let errors = || response.diagnostics.iter().find(|finding| finding.is_error());
    let message = match (response.outcome, errors()) {
        (None, Some(error)) if !response.is_unsupported => error.message.clone(),
        _ => response.message.clone(),
    };
    Ended {
        outcome: response.outcome,
        message,
        own_seconds: (phases.parse + phases.search + phases.validate).as_secs_f64(),
        compile_seconds: phases.ground.as_secs_f64(),
        cost: plan.map(|plan| plan.cost),
        steps: plan.map_or(0, |plan| plan.steps.len()),
        optimal: response.optimal,
        expanded: response.statistics.expanded,
    }
}

fn failed(message: String) -> Ended {
    Ended { message, ..Ended::default() }
}
