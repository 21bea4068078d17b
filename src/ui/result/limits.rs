//! Ends without a plan and without a proof: how far it came, and what to do next.

use std::rc::Rc;

use leptos::prelude::*;

use super::super::icon::Icon;
use super::super::outcome;
use super::super::prose::prose;
use super::super::runner::{How, Run};
use super::Workbench;
use super::goals::Goals;
use super::refused::Refused;
use super::why::{Why, sentence};
use crate::search::{HeuristicKind, Outcome, SearchKind};
use crate::service::{GroundReport, Response, Settings};
use crate::trace::Figures;
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
    let is_grounding =
        response.with_value(|response| run.with_value(|run| grounding_cut_short(run, response))).is_some();
    let remedies = remedies(outcome, &settings, is_grounding);
    let message = response.with_value(|response| sentence(&response.message));
    let reached = response.with_value(|response| reached(response, run));
    let refused = response.with_value(|response| response.refused.clone());
    view! {
        <p class="say">
            <span class=format!("badge big {}", outcome::glyph(Some(outcome)))>
                <Icon name=outcome::glyph(Some(outcome)) class="o" />
            </span>
            {statement(outcome, &settings, is_grounding)}
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
                                bench.run(How::Plain);
                            }
                        >
                            {remedy.label}
                        </button>
                    }
                })
                .collect_view()}
        </div>
        {refused.map(|step| view! { <Refused step /> })}
        <Why bench run response />
        <Goals response />
    }
}

fn statement(outcome: Outcome, settings: &Settings, is_grounding: bool) -> String {
    match outcome {
        Outcome::MemoryLimit if is_grounding => {
            let limit = limits::memory_text(settings.limits.memory_bytes);
            format!("Grounding does not fit into {limit} of memory.")
        }
        Outcome::TimeLimit if is_grounding => {
            let limit = limits::time_text(settings.limits.timeout);
            format!("Grounding was not done within {limit}.")
        }
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
        Outcome::NegativeCost => "A step would cost less than nothing.".into(),
        Outcome::Fault => "The planner failed.".into(),
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
    if let Some(ground) = run.with_value(|run| grounding_cut_short(run, response)) {
        return format!(
            "Grounding had found {} and {} in {}; the search had not begun.",
            format::plural(ground.counts.atoms as u64, "atom", "atoms"),
            format::plural(ground.counts.operators as u64, "operator", "operators"),
            format::duration(response.phases.ground),
        );
    }
    let counters = &response.statistics;
    let figures = run.with_value(|run| run.with_trace(|trace| Figures::at(trace, None)));
    let closest = match figures.map_or((None, None), |figures| (figures.best_h, figures.initial_h)) {
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

/// What grounding had come to where it did not come to an end.
fn grounding_cut_short(run: &Run, response: &Response) -> Option<GroundReport> {
    run.progress.grounding.clone().filter(|_| response.grounding.is_none())
}

fn remedies(outcome: Outcome, settings: &Settings, is_grounding: bool) -> Vec<Remedy> {
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
        Outcome::Cancelled | Outcome::Fault => {
            out.push(Remedy { label: "Run again".into(), settings: settings.clone() });
        }
        Outcome::Exhausted => {
            let complete = with(&|settings| {
                settings.engine.search = SearchKind::Astar;
                settings.engine.heuristic = HeuristicKind::Hmax.into();
            });
            out.push(Remedy { label: "Run with A* and hmax".into(), settings: complete });
        }
        Outcome::Solved | Outcome::Unsolvable | Outcome::NegativeCost => {}
    }
    let is_greedy =
        settings.engine.search == SearchKind::Gbfs && settings.engine.heuristic == HeuristicKind::Ff.into();
    if matches!(outcome, Outcome::TimeLimit | Outcome::MemoryLimit | Outcome::Fault)
        && !is_greedy
        && !is_grounding
    {
        let greedy = with(&|settings| {
            settings.engine.search = SearchKind::Gbfs;
            settings.engine.heuristic = HeuristicKind::Ff.into();
        });
        out.push(Remedy { label: "Look for any plan: greedy, FF".into(), settings: greedy });
    }
    out
}
