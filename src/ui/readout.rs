//! Figures of the run on screen: outcome, cost, expanded, generated, search time, memory.

use leptos::prelude::*;

use super::icon::Icon;
use super::outcome;
use super::runner::Run;
use super::workbench::Workbench;
use crate::search::{Outcome, Statistics};
use crate::service::{Phase, ProgressReport, Provenance, Response, ResultSummary};
use crate::trace::{Figures, Trace};
use crate::view::visible::visible;
use crate::view::{format, glossary, limits, words};

/// A figure over its caption.
struct Figure {
    text: String,
    unit: &'static str,
    caption: String,
    class: &'static str,
}

impl Figure {
    fn plain(text: String, caption: impl Into<String>) -> Self {
        Self { text, unit: "", caption: caption.into(), class: "" }
    }

    fn of(quantity: format::Quantity, caption: impl Into<String>) -> Self {
        Self { text: quantity.figure, unit: quantity.unit, caption: caption.into(), class: "" }
    }

    fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }
}

/// Turns of the searching arc for each second of work. It turns with the figures: an animation of its own would have
/// the browser draw every frame, while the search waits.
const TURNS: f64 = 0.6;

/// The word and its caption, then figures.
struct Reading {
    shape: &'static str,
    word: &'static str,
    caption: String,
    figures: Vec<Figure>,
    /// How far the arc of a search under way has turned, as a CSS angle.
    turn: Option<String>,
}

/// The readout.
#[component]
pub fn Readout(bench: Workbench) -> impl IntoView {
    let is_old = move || bench.outdated.with(Option::is_some);
    view! { <div class="readout" class:old=is_old>{move || show(reading(bench))}</div> }
}

fn show(reading: Reading) -> impl IntoView {
    view! {
        <div class="out">
            <b class=format!("{} turn", reading.shape) style:--turn=reading.turn title=glossary::meaning(reading.word)>
                {(!reading.shape.is_empty()).then(|| view! { <Icon name=reading.shape class="o" /> })}
                {reading.word}
            </b>
            <span class="cap trunc" title=reading.caption.clone()>{reading.caption.clone()}</span>
        </div>
        {reading
            .figures
            .into_iter()
            .map(|figure| {
                let word = figure.caption.split(',').next().unwrap_or_default();
                let meaning = glossary::meaning(word.trim_end_matches(" by then"));
                view! {
                    <div class=figure.class title=meaning>
                        <b>
                            {figure.text}
                            {(!figure.unit.is_empty()).then(|| view! { <small>{figure.unit}</small> })}
                        </b>
                        <span class="cap">{figure.caption}</span>
                    </div>
                }
            })
            .collect_view()}
    }
}

fn reading(bench: Workbench) -> Reading {
    let reading = current(bench);
    match bench.outdated.get() {
        Some(old) if old.is_of_other_text() => {
            Reading { caption: format!("of an earlier text; {}", reading.caption), ..reading }
        }
        Some(_) => {
            Reading { caption: format!("before the change of settings; {}", reading.caption), ..reading }
        }
        None => reading,
    }
}

fn current(bench: Workbench) -> Reading {
    match bench.run_on_screen() {
        Some(run) => match &run.response {
            Some(_) if bench.runner.cursor.get().is_some() && run.job.is_some() => scrubbed(bench, &run),
            Some(response) => ended(&run, response),
            None if bench.runner.cursor.get().is_some() => scrubbed(bench, &run),
            None => under_way(bench, &run),
        },
        None => match bench.shelf.last_result.get() {
            Some(last) => kept(&last),
            None => Reading {
                shape: "",
                word: "Not run yet",
                caption: words::engine(&bench.shelf.settings.with(|settings| settings.engine)),
                figures: Vec::new(),
                turn: None,
            },
        },
    }
}

/// What a run under way is doing, in a word.
pub fn doing(run: &Run) -> &'static str {
    match run.progress.phase {
        _ if run.progress.paused => "Paused",
        Phase::Queued => "Waiting",
        Phase::Parse => "Reading",
        Phase::Ground if run.problem.is_pddl() => "Grounding",
        Phase::Ground => "Compiling",
        Phase::Search => "Searching",
        Phase::Validate | Phase::Finished => "Checking the plan",
    }
}

/// The search as it was at the scrubber's time.
fn scrubbed(bench: Workbench, run: &Run) -> Reading {
    let now = match &run.response {
        Some(response) => ended(run, response),
        None => under_way(bench, run),
    };
    let end = run.with_trace(Trace::expansions).unwrap_or(0) as u64;
    let figures = bench.figures.get();
    let at = format::count(figures.expanded);
    let mut shown: Vec<Figure> = best_h(&figures).into_iter().collect();
    shown.push(Figure::plain(at.clone(), "expanded by then"));
    shown.push(Figure::plain(format::count(figures.generated), "generated").class("y"));
    shown.push(Figure::plain(format::count(figures.open), "open"));
    if let Some(kib) = figures.memory_kib {
        shown.push(Figure::of(format::bytes(u64::from(kib) << 10), "memory").class("x"));
    }
    Reading { caption: format!("shown: expansion {at} of {}", format::count(end)), figures: shown, ..now }
}

/// The least h of the search that is drawn.
fn best_h(figures: &Figures) -> Option<Figure> {
    let from = figures.initial_h.map_or_else(String::new, |from| format!(", from {}", format::cost(from)));
    figures.best_h.map(|best| Figure::plain(format::cost(best), format!("best h{from}")))
}

fn under_way(bench: Workbench, run: &Run) -> Reading {
    let progress: &ProgressReport = &run.progress;
    let word = doing(run);
    let turn = Some(format!("{:.2}turn", progress.worked.as_secs_f64() * TURNS));
    let time = match progress.timeout {
        Some(timeout) => {
            format!("{} of {}", format::seconds(progress.worked), limits::time_text(Some(timeout)))
        }
        None => format!("{}, no time limit", format::seconds(progress.worked)),
    };
    // A PDDL problem has one goal, without a name of its own.
    let caption = match &progress.goal {
        Some(goal) if !run.problem.is_pddl() => format!("{time}, for “{}”", visible(goal)),
        _ => time,
    };
    let mut figures = Vec::new();
    if let (Phase::Ground, Some(ground)) = (progress.phase, &progress.grounding) {
        let counts = ground.counts;
        let figure = |count: usize, word: &str| Figure::plain(format::count(count as u64), word);
        figures.extend([
            figure(counts.atoms, "atoms"),
            figure(counts.operators, "operators"),
            figure(counts.variables, "variables").class("y"),
            Figure::of(format::duration(progress.worked), "work"),
            Figure::of(format::bytes(progress.memory_bytes), "memory").class("x"),
        ]);
        let shape = if progress.paused { "i-pause" } else { outcome::glyph(None) };
        return Reading { shape, word, caption, figures, turn };
    }
    figures.extend(best_h(&bench.figures.get()));
    figures.extend(counters(&progress.statistics, has_several(run)));
    figures.push(Figure::of(format::duration(progress.worked), "work"));
    figures.push(Figure::of(format::bytes(progress.memory_bytes), "memory").class("x"));
    let shape = if progress.paused { "i-pause" } else { outcome::glyph(None) };
    Reading { shape, word, caption, figures, turn }
}

/// Whether the totals of a run are more than the search that is drawn.
fn has_several(run: &Run) -> bool {
    let searches = run.progress.drawn.map_or(1, |drawn| drawn.searches);
    searches > 1 || run.progress.goals > 1
}

fn counters(statistics: &Statistics, has_several: bool) -> [Figure; 2] {
    let expanded = if has_several { "expanded in all" } else { "expanded" };
    [
        Figure::plain(format::count(statistics.expanded), expanded),
        Figure::plain(format::count(statistics.generated), "generated").class("y"),
    ]
}

fn ended(run: &Run, response: &Response) -> Reading {
    let Some(outcome) = response.outcome else {
        let errors = response.diagnostics.iter().filter(|finding| finding.is_error()).count() as u64;
        return Reading {
            shape: "i-error",
            word: if response.is_unsupported { "Not supported" } else { "Not run" },
            caption: if response.is_unsupported {
                response.message.clone()
            } else {
                format!("the document has {}", format::plural(errors, "error", "errors"))
            },
            figures: Vec::new(),
            turn: None,
        };
    };
    let mut figures = Vec::new();
    if let Some(plan) = &response.plan {
        figures.push(cost(plan.cost, plan.steps.len(), response.optimal));
    }
    if let Provenance::Pattern { engine, .. } = &response.provenance {
        let caption = format!("found by {} before; nothing was searched", words::finder(engine));
        return Reading {
            shape: outcome::glyph(Some(outcome)),
            word: "Kept plan",
            caption,
            figures,
            turn: None,
        };
    }
    figures.extend(counters(&response.statistics, has_several(run)));
    figures.push(Figure::of(format::duration(response.phases.search), "search time"));
    figures.push(Figure::of(format::bytes(response.peak_memory_bytes), "memory").class("x"));
    Reading {
        shape: outcome::glyph(Some(outcome)),
        word: words::outcome(outcome),
        caption: visible(&response.message).into_owned(),
        figures,
        turn: None,
    }
}

fn kept(last: &ResultSummary) -> Reading {
    let mut figures = Vec::new();
    if let Some(paid) = last.cost {
        figures.push(cost(paid, last.plan.len(), last.optimal));
    }
    figures.extend(counters(&last.statistics, false));
    figures.push(Figure::of(format::millis(last.search_ms), "search time"));
    Reading {
        shape: outcome::glyph(Some(last.outcome)),
        word: words::outcome(last.outcome),
        caption: if last.outcome == Outcome::Solved { "last run, plan kept" } else { "last run" }.into(),
        figures,
        turn: None,
    }
}

fn cost(paid: f64, steps: usize, optimal: bool) -> Figure {
    let proven = if optimal { ", optimal" } else { "" };
    let steps = format::plural(steps as u64, "step", "steps");
    Figure::plain(format::cost(paid), format!("cost, {steps}{proven}"))
}
