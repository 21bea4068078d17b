//! A plan kept earlier, as an offer beside the run: never in its way, and never its answer.

use std::rc::Rc;

use leptos::prelude::*;

use super::super::runner::Run;
use super::Workbench;
use crate::service::Offer;
use crate::view::{format, words};

/// The offer beside the run on screen; nothing where there is none, or none that is better.
#[component]
pub fn Offered(bench: Workbench) -> impl IntoView {
    // The offer is drawn anew only where another run comes on screen, or its state changes.
    let which = Memo::new(move |_| {
        let run = bench.run_on_screen()?;
        let is_over = run.response.is_some();
        of(&run).map(|_| (run.number, is_over))
    });
    move || {
        which.get()?;
        let run = bench.runner.on_screen_untracked()?;
        let offer = of(&run)?;
        let engine = words::engine(&run.settings.engine);
        Some(view! { <Offering bench offer engine is_over=run.response.is_some() /> })
    }
}

fn of(run: &Run) -> Option<Rc<Offer>> {
    match &run.response {
        Some(response) => response.offer.clone(),
        None => run.progress.offer.clone(),
    }
}

#[component]
fn Offering(bench: Workbench, offer: Rc<Offer>, engine: String, is_over: bool) -> impl IntoView {
    let kind = if offer.optimal { "An optimal plan" } else { "A plan" };
    let (cost, finder) = (format::cost(offer.plan.cost), words::finder(&offer.engine));
    let statement = format!("{kind} of cost {cost} is kept, found by {finder}");
    let steps = format::plural(offer.plan.steps.len() as u64, "step", "steps");
    let aside = if is_over {
        format!("{engine} did not find it.")
    } else {
        format!("{engine} searches on and does not use it.")
    };
    let text =
        format!("{steps}, kept on {}, and checked by replay on this text. {aside}", date(offer.kept_ms));
    view! {
        <div class="offer">
            <p class="say">{statement}</p>
            <p>{text}</p>
            <div class="acts">
                <button class="btn line" type="button" on:click=move |_| bench.runner.show_kept(&offer)>
                    "Show the kept plan"
                </button>
            </div>
        </div>
    }
}

/// A day as the browser's language writes it.
fn date(ms: f64) -> String {
    let options = js_sys::Object::new();
    let day = js_sys::Date::new(&ms.into());
    // Without options it would be the same in a shorter form.
    let _ = js_sys::Reflect::set(&options, &"dateStyle".into(), &"long".into());
    String::from(day.to_locale_date_string("en-GB", &options))
}
