//! What assistive technology is told while a run goes on, at most once a second; and the title.

use std::time::Duration;

use leptos::prelude::*;

use super::readout::doing;
use super::runner::Run;
use super::workbench::Workbench;
use crate::view::{format, words};

const PAUSE: Duration = Duration::from_secs(1);

/// The live region.
#[component]
pub fn Live(bench: Workbench) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let ticker = set_interval_with_handle(
        move || {
            let now = untrack(move || bench.run_on_screen()).map(|run| sentence(&run)).unwrap_or_default();
            if said.try_with_untracked(|said| *said != now) == Some(true) {
                said.set(now);
            }
        },
        PAUSE,
    );
    on_cleanup(move || {
        if let Ok(ticker) = ticker {
            ticker.clear();
        }
    });
    Effect::new(move || document().set_title(&title(bench)));
    view! { <div class="live" role="status" aria-live="polite">{move || said.get()}</div> }
}

fn sentence(run: &Run) -> String {
    match &run.response {
        None if run.progress.paused => {
            format!("Paused after {} expansions.", format::count(run.progress.statistics.expanded))
        }
        // Tens of seconds: a reader that speaks each second is no help.
        None => {
            let doing = doing(run);
            match run.progress.worked.as_secs() / 10 {
                0 => format!("{doing}."),
                tens => format!("{doing} for {} seconds.", tens * 10),
            }
        }
        Some(response) => {
            let is_unsupported = response.is_unsupported;
            let none = if is_unsupported { "Not supported" } else { "The document has errors" };
            let outcome = response.outcome.map_or(none, words::outcome);
            let outcome = if run.kept_from().is_some() { "Kept plan" } else { outcome };
            let cost = response.plan.as_ref().map(|plan| {
                let steps = format::plural(plan.steps.len() as u64, "step", "steps");
                format!(": {steps}, cost {}", format::cost(plan.cost))
            });
            format!("{outcome}{}.", cost.unwrap_or_default())
        }
    }
}

fn title(bench: Workbench) -> String {
    if bench.shelf.open.with(Option::is_none) {
        return "Planscope".into();
    }
    let name = bench.shelf.name.get();
    let word = bench.number.get().map(|number| {
        bench.runner.runs.with(|runs| {
            let run = runs.iter().find(|run| run.number == number);
            run.map_or("", |run| match &run.response {
                None if run.progress.paused => "Paused – ",
                None => "Searching – ",
                Some(response) => match response.outcome {
                    Some(crate::search::Outcome::Solved) => "Solved – ",
                    Some(crate::search::Outcome::Unsolvable) => "Unsolvable – ",
                    _ => "",
                },
            })
        })
    });
    format!("{}{name} – Planscope", word.unwrap_or_default())
}
