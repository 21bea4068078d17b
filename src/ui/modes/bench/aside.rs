//! The left column: what is measured, by what, and figures from elsewhere.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Measuring;
use super::files::take;
use crate::parity::Report;
use crate::view::bench::origin;

/// The column.
pub fn aside(measuring: Measuring) -> AnyView {
    let picked = move |event: leptos::ev::Event| {
        let Some(input) = event.target().and_then(|own| own.dyn_into::<web_sys::HtmlInputElement>().ok())
        else {
            return;
        };
        take(measuring, input.files());
        // The same file can be picked again.
        input.set_value("");
    };
    view! {
        <div class="pane-head">
            <h2>"What is measured"</h2>
        </div>
        <div class="panel setup">
            <p>
                "The same seeded work, natively and in this tab. Each bar is the middle half of the rounds, the mark their median; the tick is the most that is allowed here, or of a rate the least."
            </p>
            <p>"Close other tabs and leave this one in view."</p>
            <div class="h">
                <h2>"In this browser"</h2>
            </div>
            {move || measuring.here.with(|here| terms(here.as_deref(), "Nothing has been measured here yet."))}
            <div class="h">
                <h2>"Natively"</h2>
                <span class="sub trunc">{move || measuring.native.with(|native| native.file.clone())}</span>
            </div>
            {move || {
                measuring.native.with(|native| terms(native.report.as_deref(), "There are no native figures."))
            }}
            <div class="drop">
                <p>
                    "Drop a file of " <code>"planscope bench --json"</code>
                    " to lay its figures beside these."
                </p>
                <p class="bad" role="alert">
                    {move || measuring.native.with(|native| native.refused.clone())}
                </p>
                <label class="btn line file">
                    "Open a file…"
                    <input type="file" class="vh" accept=".json,application/json" on:change=picked />
                </label>
            </div>
        </div>
    }
    .into_any()
}

fn terms(report: Option<&Report>, nothing: &'static str) -> AnyView {
    match report {
        None => view! { <p class="sub">{nothing}</p> }.into_any(),
        Some(report) => view! {
            <dl class="terms">
                {origin(report)
                    .into_iter()
                    .map(|(term, words)| {
                        view! {
                            <div>
                                <dt>{term}</dt>
                                <dd>{words}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        }
        .into_any(),
    }
}
