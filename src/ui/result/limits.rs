//! Ends without a plan and without a proof: how far it came, and what to do next.

use std::rc::Rc;

use leptos::prelude::*;

use super::super::icon::Icon;
use super::super::outcome;
use super::super::prose::prose;
use super::super::runner::{How, Run};
use super::Workbench;
use super::goals::Goals;
use super::why::{Why, sentence};
use crate::search::{HeuristicKind, Outcome, SearchKind};
use crate::service::{Response, Settings};
use crate::view::{format, limits, words};

/// What to try next: what a button says, and the settings it runs with.
struct Remedy {
    label: String,
    settings: Settings,
}

/// The panel of a limit, of a cancelled search, of one that ran out without a proof.
#[component]
pub fn LimitPanel(
    bench: Workbench,
    run: StoredValue<Run, LocalStorage>,
    response: StoredValue<Rc<Response>, LocalStorage>,
    outcome: Outcome,
) -> impl IntoView {
    let settings = run.with_value(|run| run.settings.clone());
    let remedies = remedies(outcome, &settings);
    let message = response.with_value(|response| sentence(&response.message));
    let reached = response.with_value(|response| reached(response, run));
    view! {
        <p class="say">
            <span class=format!("badge big {}", outcome::glyph(Some(outcome)))>
                <Icon name=outcome::glyph(Some(outcome)) class="o" />
            </span>
            {statement(outcome, &settings)}
        </p>
        <p>{prose(&message)} " " {meaning(outcome)}</p>
        <p>{reached}</p>
        <div class="acts">
            {remedies
                .into_iter()
                .map(|remedy| {
                    let settings = remedy.settings;
                    view! {
                        <button
                            class="btn line"
                            type="button"
                            disabled=move || bench.blocked.with(Option::is_some)
                            on:click=move |_| {
                                bench.shelf.set_settings(settings.clone());
                                bench.run(How::SearchAnyway);
                            }
                        >
                            {remedy.label}
                        </button>
                    }
                })
                .collect_view()}
        </div>
        <Why bench run response />
        <Goals response />
    }
}

fn statement(outcome: Outcome, settings: &Settings) -> String {
    match outcome {
        Outcome::TimeLimit => {
            let limit = limits::time_text(settings.limits.timeout);
            format!("No plan within {limit}.")
        }
        Outcome::MemoryLimit => {
            let limit = limits::memory_text(settings.limits.memory_bytes);
            format!("No plan within {limit} of memory.")
        }
        Outcome::Cancelled => "Cancelled before a plan was found.".into(),
        Outcome::Exhausted => "The search ran out of states without a proof.".into(),
        Outcome::Solved | Outcome::Unsolvable => words::outcome(outcome).into(),
    }
}

fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Exhausted => "States were left out on the way, so a plan may still exist.",
        _ => "A plan may still exist.",
    }
}

/// How far it came, in a sentence.
fn reached(response: &Response, run: StoredValue<Run, LocalStorage>) -> String {
    let counters = &response.statistics;
    let best = run.with_value(|run| (run.progress.best_h, run.progress.initial_h));
    let closest = match best {
        // A blind search comes no closer by its own measure: there is nothing to say then.
        (Some(best), Some(from)) if best < from => {
            format!(
                " The closest state is {} from the goal by the heuristic; the start was {}.",
                format::cost(best),
                format::cost(from)
            )
        }
        _ => String::new(),
    };
    format!(
        "{} expanded and {} generated in {}, with {} held at most.{closest}",
        format::plural(counters.expanded, "state", "states"),
        format::count(counters.generated),
        format::duration(response.phases.search),
        format::bytes(response.peak_memory_bytes),
    )
}

fn remedies(outcome: Outcome, settings: &Settings) -> Vec<Remedy> {
    let mut out = Vec::new();
    let with = |edit: &dyn Fn(&mut Settings)| {
        let mut settings = settings.clone();
        edit(&mut settings);
        settings
    };
    match outcome {
        Outcome::TimeLimit => {
            if let Some(longer) = settings.limits.timeout.and_then(limits::longer) {
                out.push(Remedy {
                    label: format!("Raise the limit to {} and run", limits::time_text(Some(longer))),
                    settings: with(&|settings| settings.limits.timeout = Some(longer)),
                });
            }
        }
        Outcome::MemoryLimit => {
            if let Some(larger) = limits::larger(settings.limits.memory_bytes) {
                out.push(Remedy {
                    label: format!("Raise the limit to {} and run", limits::memory_text(larger)),
                    settings: with(&|settings| settings.limits.memory_bytes = larger),
                });
            }
        }
        Outcome::Cancelled => {
            out.push(Remedy { label: "Run again".into(), settings: settings.clone() });
        }
        Outcome::Exhausted => {
            let complete = with(&|settings| {
                settings.engine.search = SearchKind::Astar;
                settings.engine.heuristic = HeuristicKind::Hmax;
            });
            out.push(Remedy { label: "Run with A* and hmax".into(), settings: complete });
        }
        Outcome::Solved | Outcome::Unsolvable => {}
    }
    let is_greedy =
        settings.engine.search == SearchKind::Gbfs && settings.engine.heuristic == HeuristicKind::Ff;
    if matches!(outcome, Outcome::TimeLimit | Outcome::MemoryLimit) && !is_greedy {
        let greedy = with(&|settings| {
            settings.engine.search = SearchKind::Gbfs;
            settings.engine.heuristic = HeuristicKind::Ff;
        });
        out.push(Remedy { label: "Look for any plan: greedy, FF".into(), settings: greedy });
    }
    out
}
