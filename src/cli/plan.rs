//! `plan`: one request, one answer.

use std::fmt::Write;
use std::path::Path;
use std::rc::Rc;

use anyhow::Result;
use futures::{FutureExt, StreamExt, select_biased};

use super::config::PlanConfig;
use super::files::Files;
use super::input::Source;
use super::progress::Line;
use super::race::{race, told};
use super::render::{self, Page};
use super::{Exit, Host, print_notices};
use crate::lang;
use crate::plan::{Explanation, cost_text};
use crate::search::Outcome;
use crate::service::{
    CheckReport, Event, GoalReport, GoalVerdict, Job, Offer, Provenance, Request, Response, ResultReport,
};
use crate::trace::TraceLimits;
use crate::trace::posthoc::{self, Written};

/// Plans for the document.
///
/// # Errors
/// Where the plan cannot be written.
pub async fn run(host: &dyn Host, config: &PlanConfig) -> Result<Exit> {
    let source = match config.input.read(host) {
        Ok(source) => source,
        Err(refusal) => return refusal.print(host, config.json, false),
    };
    if !config.json {
        source.print_remarks(host);
    }
    let problem = match source.problem() {
        Ok(problem) => problem,
        Err(refusal) => return refusal.print(host, config.json, false),
    };
    let request = Request {
        engine: config.engine,
        goals: config.goals.clone(),
        limits: config.limits,
        kept: config.kept,
        trace: config.trace.as_ref().map(|_| TraceLimits::default()),
        ..Request::new(problem)
    };
    let (job, raced) = if config.race.is_empty() {
        (host.submit(request, &config.storage)?, None)
    } else {
        let (winner, result) = race(host, config, &request).await?;
        (winner, Some(result))
    };
    let response = watch(host, &job).await;
    print_notices(host);
    let mut files = Files::default();
    if let (Some(path), Some(plan)) = (&config.plan_file, &response.plan) {
        files.write(host, path, "the plan", &plan.text());
    }
    if let Some(path) = &config.trace {
        write_trace(host, &job, path, &mut files)?;
    }
    if config.json {
        let sources = source.report_sources();
        let diagnostics = CheckReport::new(&source.with_remarks(&response.diagnostics), &sources).diagnostics;
        let race = raced.map(|result| result.reports()).unwrap_or_default();
        let report = ResultReport { race, diagnostics, ..ResultReport::from_response(&response, &sources) };
        render::print_json(host, &report)?;
    } else {
        explain(host, &response, &source);
        if let Some(result) = &raced {
            host.write_stderr(&told(result));
        }
        if let Some(plan) = &response.plan {
            host.write_stdout(&plan.text())?;
        }
    }
    let exit = if response.is_unsupported { Exit::Unsupported } else { Exit::from(response.outcome) };
    Ok(files.finish(host, exit))
}

/// Waits for the answer, shows progress, and passes Ctrl-C on.
pub(super) async fn watch(host: &dyn Host, job: &Job) -> Rc<Response> {
    let mut line = Line::new(host);
    let mut events = job.events().fuse();
    let mut interrupted = host.interrupted().fuse();
    loop {
        select_biased! {
            () = interrupted => job.cancel(),
            event = events.next() => match event {
                Some(Event::Ended(response)) => return response,
                Some(Event::Progress) => line.show(&job.progress()),
                Some(_) => {}
                // The events end with the answer.
                None => return job.finished().await,
            },
        }
    }
}

/// Bytes of a trace file at most.
const TRACE_BYTES_MAX: u64 = 256 << 20;

/// Writes the recorded search, and says what found no room.
fn write_trace(host: &dyn Host, job: &Job, path: &Path, files: &mut Files) -> Result<()> {
    let label = |operator| job.step_of(operator).map_or_else(String::new, |step| lang::plan::step(&step));
    let mut text = String::new();
    let written = job.with_trace(|trace| posthoc::write(trace, TRACE_BYTES_MAX, &label, &mut text));
    let Some(written) = written.transpose()? else {
        host.write_stderr("note: nothing was searched, so there is no trace\n");
        return Ok(());
    };
    files.write(host, path, "the trace", &text);
    if written.left_out > 0 {
        let Written { events, left_out, .. } = written;
        host.write_stderr(&format!("note: the trace has {events} events; {left_out} found no room\n"));
    }
    Ok(())
}

/// Warnings and notes shown beside a plan; `check` shows them all.
const MINOR_FINDINGS_MAX: usize = 5;

/// The findings about the document: every error, and the first of the rest.
fn findings(response: &Response, page: &Page<'_>) -> String {
    let (errors, minor): (Vec<_>, Vec<_>) =
        response.diagnostics.iter().partition(|finding| finding.is_error());
    let shown = errors.into_iter().chain(minor.iter().copied().take(MINOR_FINDINGS_MAX));
    let mut text: String = shown.map(|finding| page.diagnostic(finding)).collect();
    if let Some(more @ 1..) = minor.len().checked_sub(MINOR_FINDINGS_MAX) {
        let _ = writeln!(text, "note: {more} more warnings and notes; `planscope check` shows them all");
    }
    text
}

/// Writes everything about the answer but the plan to standard error.
pub(super) fn explain(host: &dyn Host, response: &Response, source: &Source) {
    let page = Page::new(&source.sources, render::stderr_style(host));
    let mut text = findings(response, &page);
    for goal in &response.goals {
        let Some(note) = passed_over(goal, response) else { continue };
        text += &render::harmless(&note);
        if let Some(explanation) = &goal.explanation {
            text += &render::harmless(&why_not(explanation, &page));
        }
    }
    // Of a document with errors, the findings have said everything.
    if response.outcome.is_some_and(|outcome| outcome != Outcome::Solved) {
        text += &render::harmless(&format!("{}\n", response.message));
        if let Some(explanation) = &response.explanation {
            text += &render::harmless(&why_not(explanation, &page));
        }
    }
    if let Some(offer) = &response.offer {
        text += &render::harmless(&offered(offer));
    }
    host.write_stderr(&text);
    if response.plan.is_some() && host.stderr_is_terminal() {
        host.write_stderr(&render::harmless(&summary(response)));
    }
}

/// A kept plan that is better than the answer.
fn offered(offer: &Offer) -> String {
    let kind = if offer.optimal { "an optimal plan" } else { "a plan" };
    let (cost, engine) = (cost_text(offer.plan.cost), &offer.engine);
    format!("note: {kind} of cost {cost} is kept, found by {engine}; --reuse answers with it\n")
}

/// Why a goal is not the one that was planned for, where it was tried.
fn passed_over(goal: &GoalReport, response: &Response) -> Option<String> {
    let GoalVerdict::Failed(outcome) = goal.verdict else { return None };
    if response.goal.as_ref() == Some(&goal.name) {
        return None;
    }
    let end = match outcome {
        Outcome::Unsolvable => "it is proven that no plan reaches it",
        Outcome::Exhausted => "the search ended without a plan, which proves nothing",
        Outcome::TimeLimit => "its share of the time was over first",
        Outcome::MemoryLimit => "the memory limit came first",
        Outcome::NegativeCost => "a step would cost less than nothing",
        Outcome::Cancelled => "it was cancelled",
        Outcome::Fault => "the planner failed on it, which is a fault of the planner",
        Outcome::Solved => return None,
    };
    Some(format!("note: goal {:?} (priority {}) was passed over: {end}\n", goal.name, goal.priority))
}

fn why_not(explanation: &Explanation, page: &Page<'_>) -> String {
    let mut text = String::new();
    for condition in explanation.conditions.iter().filter(|condition| condition.first_at.is_none()) {
        let (goal, place) = (&explanation.goal, page.place(condition.span.start));
        let _ = writeln!(text, "  goal {goal:?} needs {}, which never holds ({place})", condition.text);
    }
    for link in &explanation.chain {
        let place = page.place(link.span.start);
        let _ = writeln!(text, "  {}: {} ({place})", link.condition, link.reason);
    }
    for blocked in &explanation.unreachable {
        let place = page.place(blocked.span.start);
        let (action, condition, seen) = (&blocked.action, &blocked.condition, &blocked.seen);
        let _ = writeln!(text, "  {action} needs {condition}; nearest seen: {seen} ({place})");
    }
    if let Some(miss) = &explanation.nearest_miss {
        let _ = writeln!(text, "  help: {} ({})", miss.text, page.place(miss.span.start));
    }
    text
}

fn summary(response: &Response) -> String {
    let goal = response.goal.as_deref().unwrap_or_default();
    let origin = match &response.provenance {
        Provenance::Search => {
            let expanded = response.statistics.expanded;
            format!("{expanded} expanded in {:.1} ms", response.phases.search.as_secs_f64() * 1e3)
        }
        Provenance::Pattern { engine, uses, .. } => {
            format!("kept from {engine}, used {uses} times; nothing was searched")
        }
    };
    let kind = if response.optimal { "optimal plan" } else { "plan" };
    format!("{kind} for {goal:?}: {origin}\n")
}
