//! The middle column: how far the bench is, and what each workload came to.

use leptos::prelude::*;

use super::super::super::icon::Icon;
use super::Measuring;
use crate::parity::{Comparison, MEAN_MAX, WORST_MAX};
use crate::view::bench::{BenchGroup, BenchRow, groups};
use crate::view::format;

/// The column.
pub fn table(measuring: Measuring) -> AnyView {
    let both = Memo::new(move |_| measuring.comparison());
    let done = move || measuring.standing.with(|standing| standing.as_ref().map_or(0, |now| now.done));
    let of = move || measuring.standing.with(|standing| standing.as_ref().map_or(1, |now| now.of));
    view! {
        <div class="readout">{move || both.with(|both| readout(measuring, both))}</div>
        <progress
            class="batch-bar"
            aria-label="Workloads that have been measured"
            max=of
            prop:value=move || done() as f64
        ></progress>
        <div class="batch-legend bars">
            <ul>
                <li inner_html=KEY_HERE></li>
                <li inner_html=KEY_NATIVE></li>
                <li inner_html=KEY_ALLOWED></li>
            </ul>
            <span class="sub">"each row has its own scale, from nothing to what is allowed"</span>
        </div>
        <div class="batch-table bars" tabindex="0" role="region" aria-label="Workloads natively and here">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Workload"</th>
                        <th scope="col">
                            <span class="vh">"Spread"</span>
                        </th>
                        <th scope="col" class="r">"Natively"</th>
                        <th scope="col" class="r">"Here"</th>
                        <th scope="col" class="r">"Allowed"</th>
                        <th scope="col" class="r">"Ratio"</th>
                    </tr>
                </thead>
                {move || both.with(|both| groups(both).into_iter().map(|own| group(measuring, own)).collect_view())}
            </table>
        </div>
    }
    .into_any()
}

const KEY_HERE: &str = "<svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><circle class=\"here\" cx=\"6\" cy=\"6\" r=\"3.4\"/></svg>Here";
const KEY_NATIVE: &str = "<svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><circle class=\"nat\" cx=\"6\" cy=\"6\" r=\"3.4\"/></svg>Natively";
const KEY_ALLOWED: &str = "<svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><path class=\"allowed\" d=\"M6 1v10\"/></svg>Allowed here";

fn readout(measuring: Measuring, both: &Comparison) -> AnyView {
    let standing = measuring.standing.get();
    let here = measuring.here.get();
    let (shape, word, caption) = match (&standing, &here) {
        (Some(now), _) => {
            let round = match now.round {
                0 => "warming up".to_owned(),
                round => format!("round {round} of {}", now.rounds),
            };
            ("o-running", "Measuring", format!("{}: {round}", now.label))
        }
        (None, None) => ("", "Not measured yet", "Run measures in this tab: leave it in view.".to_owned()),
        (None, Some(report)) => {
            let rows = format::plural(report.workloads.len() as u64, "workload", "workloads");
            let end = if report.complete { ("o-solved", "Done") } else { ("o-cancelled", "Cancelled") };
            (end.0, end.1, format!("{rows} in {:.0} s", report.seconds))
        }
    };
    let (kept, said) = both.kept();
    let figure = |text: String, unit: String, caption: String| {
        view! {
            <div>
                <b>{text} <small>{unit}</small></b>
                <span class="cap">{caption}</span>
            </div>
        }
    };
    let ratio = |value: Option<f64>, caption: String| {
        value.map(|value| figure(format!("{value:.2}"), "×".to_owned(), caption))
    };
    view! {
        <div class="out" role="status">
            <b class=shape>{(!shape.is_empty()).then(|| view! { <Icon name=shape class="o" /> })} {word}</b>
            <span class="cap trunc">{caption}</span>
        </div>
        {ratio(both.mean, format!("mean, at most {MEAN_MAX}"))}
        {ratio(both.worst, format!("worst, at most {WORST_MAX}"))}
        {(said > 0)
            .then(|| figure(kept.to_string(), format!("of {said}"), "within what is allowed".to_owned()))}
    }
    .into_any()
}

fn group(measuring: Measuring, group: BenchGroup) -> AnyView {
    view! {
        <tbody>
            <tr class="grp">
                <th scope="rowgroup" colspan="6">
                    <b>{group.title}</b>
                    " "
                    {group.note}
                </th>
            </tr>
            {group.rows.into_iter().map(|own| row(measuring, own)).collect_view()}
        </tbody>
    }
    .into_any()
}

fn row(measuring: Measuring, row: BenchRow) -> AnyView {
    let name = StoredValue::new(row.name);
    let is_selected =
        move || measuring.selected.with(|selected| name.with_value(|name| selected.as_ref() == Some(name)));
    let select = move |_| measuring.selected.set(Some(name.get_value()));
    view! {
        <tr class="press" class:sel=is_selected on:click=select>
            <th scope="row">
                <button type="button" class="trunc" aria-pressed=move || is_selected().to_string()>
                    {row.label}
                </button>
            </th>
            <td class="spread" inner_html=row.picture></td>
            {figure(row.native, row.missed[0])}
            {figure(row.here, row.missed[1])}
            <td class="r sub">{row.allowed}</td>
            {figure(row.ratio, row.missed[2])}
        </tr>
    }
    .into_any()
}

fn figure(text: String, is_missed: bool) -> AnyView {
    view! {
        <td class="r" class:bad=is_missed>
            {text}
            {is_missed.then(|| view! { <span class="vh">", not within what is allowed"</span> })}
        </td>
    }
    .into_any()
}
