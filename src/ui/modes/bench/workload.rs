//! The right column: every round of one workload, and what can be done with the figures.

use leptos::prelude::*;

use super::super::super::files::download;
use super::super::super::result::actions::Copy;
use super::super::super::workbench::Workbench;
use super::{Measuring, run};
use crate::parity::{Pair, Report, markdown};
use crate::view::bench::{dots, told};

/// The column.
pub fn workload(bench: Workbench, measuring: Measuring) -> AnyView {
    let shown = Memo::new(move |_| measuring.shown());
    let is_busy = move || measuring.standing.with(Option::is_some);
    let again = move |_| {
        if let Some(pair) = shown.get_untracked() {
            run::again(bench, measuring, &pair.name);
        }
    };
    let export = move |_| {
        if let Some(here) = measuring.here.get_untracked() {
            download("parity-browser.json", &here.to_json());
        }
    };
    let copied = move |()| {
        let (native, here) = (measuring.native.get_untracked(), measuring.here.get_untracked());
        markdown(native.report.as_deref(), here.as_deref())
    };
    view! {
        <div class="tabs" role="tablist" aria-label="Workload">
            <button role="tab" type="button" aria-selected="true">"Workload"</button>
        </div>
        <div class="panel" role="tabpanel" tabindex="0" aria-label="Workload">
            {move || shown.with(|shown| shown.as_ref().map_or_else(nothing, rounds))}
            <div class="acts">
                <button
                    class="btn line"
                    type="button"
                    disabled=move || is_busy() || shown.with(Option::is_none)
                    on:click=again
                >
                    "Measure this one again"
                </button>
                <button
                    class="btn line"
                    type="button"
                    disabled=move || measuring.here.with(Option::is_none)
                    on:click=export
                >
                    "Export JSON"
                </button>
                <Copy text=copied word="Copy as Markdown" />
            </div>
            {move || measuring.here.with(|here| here.as_deref().map(skipped))}
        </div>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! { <p class="say">"Press Run to measure."</p> }.into_any()
}

fn rounds(pair: &Pair) -> AnyView {
    let told = told(pair);
    let rows = told.rows.into_iter().map(|[what, native, here, ratio]| {
        view! {
            <tr>
                <th scope="row">{what}</th>
                <td class="r">{native}</td>
                <td class="r">{here}</td>
                <td class="r">{ratio}</td>
            </tr>
        }
    });
    view! {
        <p class="say">{told.say}</p>
        <div class="h">
            <h2>"Every round"</h2>
            <span class="sub">{told.unit}</span>
        </div>
        <div class="solved bars" inner_html=dots(pair)></div>
        <div class="flush">
            <table>
                <thead>
                    <tr>
                        <th scope="col">
                            <span class="vh">"Figure"</span>
                        </th>
                        <th scope="col" class="r">"Natively"</th>
                        <th scope="col" class="r">"Here"</th>
                        <th scope="col" class="r">"Ratio"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What could not be measured here.
fn skipped(report: &Report) -> AnyView {
    report
        .skipped
        .iter()
        .map(|one| view! { <p class="sub">{format!("{} was not measured: {}.", one.name, one.reason)}</p> })
        .collect_view()
        .into_any()
}
