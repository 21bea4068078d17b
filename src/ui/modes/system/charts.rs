//! The charts: answers of the last ten minutes, and how long slices were.

use leptos::prelude::*;

use crate::runtime::Histogram;
use crate::service::SystemFigures;
use crate::service::meters::STRETCH;
use crate::view::{format, system};

/// Size of a drawing, in its own units; it scales with the pane.
const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 110.0;

/// Answers a second.
pub fn answers(figures: &SystemFigures) -> AnyView {
    let service = &figures.service;
    let stretches = service.totals.recent.until(service.now);
    let stretches = stretches.map(|stretch| (stretch.answers, stretch.from_caches));
    let chart = system::answers(&stretches, STRETCH.as_secs_f64(), WIDTH, HEIGHT);
    let kept: u64 = stretches.iter().map(|(_, kept)| u64::from(*kept)).sum();
    let said = format!(
        "{} in the last ten minutes, {} of them with help of the caches",
        format::plural(chart.total, "answer", "answers"),
        format::count(kept)
    );
    let lines = chart.lines.into_iter().map(|(y, text)| {
        view! {
            <line x1="26" x2=WIDTH y1=y y2=y></line>
            <text x="21" y=y + 4.0 text-anchor="end">{text}</text>
        }
    });
    let foot = HEIGHT - 4.0;
    view! {
        <section aria-labelledby="sys-answers">
            <div class="h">
                <h2 id="sys-answers">"Answers"</h2>
                <span class="sub">"a second; dotted: with help of the caches"</span>
            </div>
            <svg class="sys-answers" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=said>
                {lines.collect_view()}
                <path class="area" d=chart.area></path>
                <path class="all" d=chart.all></path>
                <path class="kept" d=chart.kept></path>
                <text x="26" y=foot>"−10 min"</text>
                <text x=f64::midpoint(26.0, WIDTH) y=foot text-anchor="middle">"−5"</text>
                <text x=WIDTH y=foot text-anchor="end">"now"</text>
            </svg>
        </section>
    }
    .into_any()
}

/// Lengths of slices.
pub fn slices(figures: &SystemFigures) -> AnyView {
    let slices = &figures.service.totals.slices;
    let chart = system::slices(slices.counts(), Histogram::lower_ms, WIDTH, HEIGHT);
    let said = match slices.count {
        0 => "none yet".to_owned(),
        count => {
            let longest = format::duration(slices.longest);
            format!("{}, longest {longest}", format::plural(count, "slice", "slices"))
        }
    };
    let bars = chart.bars.into_iter().map(|bar| {
        view! {
            <rect x=bar.x y=bar.y width=bar.width height=bar.height>
                <title>{bar.title}</title>
            </rect>
        }
    });
    let marks = chart.marks.into_iter().map(|(x, text)| {
        let anchor = if x < 20.0 { "start" } else { "middle" };
        view! { <text x=x y=HEIGHT - 4.0 text-anchor=anchor>{text}</text> }
    });
    view! {
        <section aria-labelledby="sys-slices">
            <div class="h">
                <h2 id="sys-slices">"Slices"</h2>
                <span class="sub">{said.clone()}</span>
            </div>
            <svg
                class="hist"
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                role="img"
                aria-label=format!("Lengths of slices: {said}")
            >
                {bars.collect_view()}
                <line class="floor" x1="0" x2=WIDTH y1=chart.floor + 0.5 y2=chart.floor + 0.5></line>
                <line class="long" x1=chart.long x2=chart.long y1="0" y2=chart.floor></line>
                {marks.collect_view()}
                <text class="long" x=chart.long y=HEIGHT - 4.0 text-anchor="middle">"50 ms"</text>
            </svg>
        </section>
    }
    .into_any()
}
