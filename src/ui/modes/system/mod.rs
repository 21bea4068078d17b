//! The system: what the planner of this page does now, and what it has done since the page was opened.
//!
//! The figures are read twice a second, and only while the view is open.

mod charts;
mod tables;

use std::time::Duration;

use leptos::prelude::*;

use super::super::icon::Icon;
use super::super::workbench::Workbench;
use crate::service::{Phase, SystemFigures};
use crate::store::StorageRoom;
use crate::view::{format, system};

/// How often the figures are read.
const PAUSE: Duration = Duration::from_millis(500);
/// How many times they are read before the storage is asked again what it holds.
const READS_PER_LOOK: u32 = 20;

/// Numbers of requests, each with its time of work.
type Worked = Vec<(u64, Duration)>;

/// What is on show.
#[derive(Clone, Copy)]
struct Shown {
    figures: RwSignal<SystemFigures, LocalStorage>,
    /// How far the requests had come when the figures were read last.
    before: RwSignal<Worked, LocalStorage>,
    room: LocalResource<StorageRoom>,
    /// Milliseconds since 1970 when the figures were read.
    now_ms: RwSignal<f64>,
    /// The request of the run on screen, by its number.
    own: Signal<Option<u64>, LocalStorage>,
}

/// The middle column.
#[inline(never)]
pub fn middle(bench: Workbench) -> AnyView {
    let looks = RwSignal::new(0);
    let shown = Shown {
        figures: RwSignal::new_local(SystemFigures::default()),
        before: RwSignal::new_local(Vec::new()),
        room: LocalResource::new(move || {
            let _ = looks.get();
            bench.host.with_value(|host| host.storage())
        }),
        now_ms: RwSignal::new(0.0),
        own: Signal::derive_local(move || bench.run_on_screen()?.job.map(|job| job.id())),
    };
    let reads = StoredValue::new(0_u32);
    let read = move || {
        let Some((figures, now_ms)) =
            bench.host.try_with_value(|host| (host.figures(), host.wall_clock_ms()))
        else {
            return;
        };
        let before = shown.figures.with_untracked(worked);
        shown.before.set(before);
        shown.figures.set(figures);
        shown.now_ms.set(now_ms);
        reads.update_value(|reads| *reads += 1);
        if reads.get_value().is_multiple_of(READS_PER_LOOK) {
            looks.update(|looks| *looks += 1);
        }
    };
    read();
    let timer = set_interval_with_handle(read, PAUSE);
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    view! {
        <div class="readout sys-now">{move || shown.figures.with(readout)}</div>
        <div class="sys" tabindex="0" role="region" aria-label="What the planner does">
            <div class="sys-charts">
                {move || shown.figures.with(charts::answers)}
                {move || shown.figures.with(charts::slices)}
            </div>
            {tables::requests(shown)}
            {tables::caches(shown)}
            {tables::stores(shown)}
            {move || shown.figures.with(totals)}
        </div>
    }
    .into_any()
}

fn worked(figures: &SystemFigures) -> Worked {
    figures.service.requests.iter().map(|request| (request.id, request.worked)).collect()
}

fn readout(figures: &SystemFigures) -> AnyView {
    let service = &figures.service;
    let is_working =
        service.requests.iter().any(|request| request.phase != Phase::Queued && !request.is_paused);
    let (shape, word) = match (is_working, service.in_flight) {
        (true, _) => ("o-running", "Working"),
        (false, 0) => ("", "At rest"),
        (false, _) => ("i-pause", "Paused"),
    };
    let figure = |text: String, unit: String, caption: &'static str| {
        view! {
            <div>
                <b>{text} <small>{unit}</small></b>
                <span class="cap">{caption}</span>
            </div>
        }
    };
    let length = |length: Option<Duration>, caption| match length {
        Some(length) => {
            let length = format::duration(length);
            figure(length.figure, length.unit.to_owned(), caption)
        }
        None => figure("–".to_owned(), String::new(), caption),
    };
    let totals = &service.totals;
    let longest = Some(totals.slices.longest).filter(|_| totals.slices.count > 0);
    view! {
        <div class="out">
            <b class=shape>{(!shape.is_empty()).then(|| view! { <Icon name=shape class="o" /> })} {word}</b>
            <span class="cap trunc">{format!("open for {}", system::going_on(service.open))}</span>
        </div>
        {figure(service.in_flight.to_string(), format!("of {}", service.max_in_flight), "in flight")}
        {figure(service.waiting.to_string(), format!("of {}", service.capacity), "waiting")}
        {figure(format::count(totals.answered()), String::new(), "answered")}
        {length(totals.waits.quantile(0.5), "median wait")}
        {length(longest, "longest slice")}
    }
    .into_any()
}

fn totals(figures: &SystemFigures) -> AnyView {
    use crate::service::End;
    let totals = &figures.service.totals;
    let sum = |ends: &[End]| ends.iter().map(|end| totals.ended(*end)).sum::<u64>();
    let rows = [
        ("Planned", sum(&[End::Solved])),
        ("Proven without a plan", sum(&[End::Unsolvable])),
        ("Limits reached", sum(&[End::TimeLimit, End::MemoryLimit])),
        ("Ended without a claim", sum(&[End::Exhausted, End::NegativeCost])),
        ("Cancelled", sum(&[End::Cancelled, End::ShutDown])),
        ("Compiled only", sum(&[End::Compiled])),
        ("Invalid or not supported", sum(&[End::Invalid, End::Unsupported])),
        ("Turned away, full", sum(&[End::Busy])),
        ("Faults of the planner", sum(&[End::Fault])),
    ];
    view! {
        <section aria-labelledby="sys-totals">
            <div class="h">
                <h2 id="sys-totals">"Since the page was opened"</h2>
            </div>
            <dl class="cnt">
                {rows
                    .into_iter()
                    .map(|(word, count)| {
                        view! {
                            <div>
                                <dt>{word}</dt>
                                <dd>{format::count(count)}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        </section>
    }
    .into_any()
}
