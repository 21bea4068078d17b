//! How long the slices of work were, against the 50 ms that a page may be held up.

use leptos::prelude::*;

use crate::service::SliceReport;
use crate::view::format;

/// Buckets double from this many milliseconds.
const FIRST_MS: f64 = 0.125;
/// A slice beyond this holds up the page noticeably.
const LONG_MS: f64 = 50.0;
/// Size of the drawing, in its own units; it scales with the pane.
const WIDTH: f64 = 352.0;
const HEIGHT: f64 = 96.0;
const FLOOR: f64 = 78.0;

/// The histogram of slice lengths; each bar says what it stands for.
pub fn slices(report: &SliceReport) -> AnyView {
    if report.count == 0 {
        return ().into_any();
    }
    let summary = format!(
        "{}, longest {}",
        format::plural(report.count, "slice", "slices"),
        format::millis(report.longest_ms)
    );
    let most = report.histogram.iter().copied().max().unwrap_or(1).max(1);
    let wide = WIDTH / report.histogram.len() as f64;
    let bars = report.histogram.iter().enumerate().filter(|(_, count)| **count > 0).map(|(at, count)| {
        // Square roots: one long slice among thousands must be seen.
        let height = (f64::from(*count) / f64::from(most)).sqrt() * (FLOOR - 8.0);
        let height = height.max(2.0);
        view! {
            <rect x=at as f64 * wide y=FLOOR - height width=wide - 1.0 height=height>
                <title>{format!("{}: {}", bucket(at), format::count(u64::from(*count)))}</title>
            </rect>
        }
    });
    let bars = bars.collect_view();
    let limit = ((LONG_MS / FIRST_MS).log2() * wide).round() + 0.5;
    let marks = [(0, "0.1"), (3, "1"), (6, "8")].map(|(at, text)| {
        view! {
            <text x=f64::from(at) * wide y=HEIGHT - 4.0>
                {format!("{text} ms")}
            </text>
        }
    });
    let label = format!("Slice lengths: {summary}");
    view! {
        <div class="h">
            <h2>"Slices"</h2>
            <span class="sub">{summary}</span>
        </div>
        <div>
            <svg class="hist" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=label>
                {bars}
                <line class="floor" x1="0" x2=WIDTH y1=FLOOR + 0.5 y2=FLOOR + 0.5></line>
                <line class="long" x1=limit x2=limit y1="0" y2=FLOOR></line>
                {marks.into_iter().collect_view()}
                <text class="long" x=limit y=HEIGHT - 4.0 text-anchor="middle">"50 ms"</text>
            </svg>
        </div>
    }
    .into_any()
}

fn bucket(at: usize) -> String {
    let from = FIRST_MS * f64::from(1 << at);
    match at {
        0 => format!("under {} ms", FIRST_MS * 2.0),
        10 => format!("{from} ms and more"),
        _ => format!("{from} to {} ms", from * 2.0),
    }
}
