//! The phases of a run, one after the other, with those of grounding below it.

use std::time::Duration;

use leptos::prelude::*;

use crate::service::{GroundPhase, PhaseTimes};

/// A row: its word, whether it is a part of the one above, and milliseconds.
struct Row {
    word: &'static str,
    is_part: bool,
    ms: f64,
}

/// The bars.
pub fn phases(times: &PhaseTimes, ground: &[GroundPhase], is_pddl: bool) -> impl IntoView + use<> {
    let whole = |word, time: Duration| Row { word, is_part: false, ms: time.as_secs_f64() * 1_000.0 };
    let mut rows =
        vec![whole("Parse", times.parse), whole(if is_pddl { "Ground" } else { "Compile" }, times.ground)];
    rows.extend(ground.iter().map(|part| Row { word: part.name, is_part: true, ms: part.ms }));
    rows.extend([whole("Search", times.search), whole("Replay plan", times.validate)]);
    let total = (times.total().as_secs_f64() * 1_000.0).max(f64::MIN_POSITIVE);
    let (mut begun, mut part_begun) = (0.0, 0.0);
    let mut bars = Vec::new();
    for row in rows {
        let start = if row.is_part {
            part_begun += row.ms;
            part_begun - row.ms
        } else {
            part_begun = begun;
            begun += row.ms;
            part_begun
        };
        bars.push(bar(&row, start / total * 100.0, row.ms / total * 100.0));
    }
    view! {
        <div class="h">
            <h2>"Phases"</h2>
            <span class="sub">"milliseconds of work, one after the other"</span>
        </div>
        <div class="gantt">{bars}</div>
    }
}

fn bar(row: &Row, start: f64, width: f64) -> impl IntoView + use<> {
    let class = match row.word {
        _ if row.is_part => "part",
        "Search" => "big",
        _ => "",
    };
    let lines = [0, 25, 50, 75, 100].map(|at| {
        let x = format!("{at}%");
        view! { <line x1=x.clone() x2=x y1="0" y2="26"></line> }
    });
    let x = format!("{}%", start.min(99.2));
    let width = format!("{}%", if row.ms == 0.0 { 0.0 } else { width.max(0.8) });
    view! {
        <span class:part=row.is_part>{row.word}</span>
        <span>
            <svg aria-hidden="true">
                {lines.into_iter().collect_view()}
                <rect class=class x=x y="8" width=width height="10"></rect>
            </svg>
        </span>
        <span class="num" class:part=row.is_part>{format!("{:.2}", row.ms)}</span>
    }
}
