//! The tables: requests that are not answered yet, caches, stores.

use leptos::prelude::*;

use super::super::super::icon::Icon;
use super::Shown;
use crate::service::{Phase, RequestFigures, SystemFigures};
use crate::store::StoreFigures;
use crate::view::{format, system, words};

/// A table below its heading. Its body is made anew when the figures are read.
fn table(
    id: &'static str,
    name: &'static str,
    said: impl Fn() -> String + Send + 'static,
    columns: Vec<(&'static str, &'static str)>,
    rows: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    view! {
        <section aria-labelledby=id>
            <div class="h">
                <h2 id=id>{name}</h2>
                <span class="sub">{said}</span>
            </div>
            <div class="sys-table" tabindex="0" role="group" aria-labelledby=id>
                <table aria-labelledby=id>
                    <thead>
                        <tr>
                            {columns
                                .into_iter()
                                .map(|(class, word)| head(class, word))
                                .collect_view()}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// A part of a whole, from 0 to 1.
fn meter(part: f64) -> AnyView {
    view! {
        <svg class="sys-meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class="whole" width="100" height="8"></rect>
            <rect class="part" width=part.clamp(0.0, 1.0) * 100.0 height="8"></rect>
        </svg>
    }
    .into_any()
}

/// Requests that are not answered yet.
pub(super) fn requests(shown: Shown) -> AnyView {
    let said = move || {
        let unlisted = shown.figures.with(|figures| figures.service.unlisted);
        match unlisted {
            0 => "share of the time that was worked".to_owned(),
            more => format!("share of the time that was worked; {} more", format::count(more as u64)),
        }
    };
    let columns = vec![
        ("", "No"),
        ("", "Problem"),
        ("", "Engine"),
        ("", "Phase"),
        ("share", "Share"),
        ("r", "%"),
        ("r", "Since"),
        ("r", "Left"),
    ];
    let rows = move || {
        let shares = shown.figures.with(|figures| {
            shown.before.with_untracked(|before| system::shares(before, &super::worked(figures)))
        });
        let own = shown.own.get();
        shown.figures.with(|figures| {
            let requests = &figures.service.requests;
            if requests.is_empty() {
                let none = view! {
                    <tr>
                        <td colspan="8" class="sub">"None: nothing waits, and nothing is worked on."</td>
                    </tr>
                };
                return none.into_any();
            }
            let rows = requests.iter().zip(shares);
            rows.map(|(request, share)| row(request, share, own == Some(request.id)))
                .collect_view()
                .into_any()
        })
    };
    table("sys-requests", "Requests now", said, columns, rows)
}

/// The head of a column. One that only draws what the next says has none.
fn head(class: &'static str, word: &'static str) -> AnyView {
    if word.is_empty() {
        view! { <td class=class></td> }.into_any()
    } else {
        view! { <th scope="col" class=class>{word}</th> }.into_any()
    }
}

fn row(request: &RequestFigures, share: Option<f64>, is_own: bool) -> AnyView {
    let phase = match (request.phase, request.is_paused) {
        (Phase::Queued, _) => "Waits",
        (Phase::Finished, _) => "Ends",
        (_, true) => "Paused",
        (Phase::Parse, _) => "Reads",
        (Phase::Ground, _) => "Compiles",
        (Phase::Search, _) => "Searches",
        (Phase::Validate, _) => "Checks",
    };
    let name = if request.name.is_empty() { "–".to_owned() } else { request.name.clone() };
    let percent = share.map_or_else(|| "–".to_owned(), |share| format!("{:.0}", share * 100.0));
    view! {
        <tr class:sel=is_own>
            <th scope="row" class="num">{request.id}</th>
            <td class="name" title=name.clone()>{name.clone()}</td>
            <td>{words::engine(&request.engine)}</td>
            <td class:sub=request.phase == Phase::Queued>{phase}</td>
            <td class="share">{share.map(meter)}</td>
            <td class="r">{percent}</td>
            <td class="r">{format::seconds(request.since)}</td>
            <td class="r">{request.left.map_or_else(|| "–".to_owned(), format::seconds)}</td>
        </tr>
    }
    .into_any()
}

/// What was kept to be used again.
pub(super) fn caches(shown: Shown) -> AnyView {
    let columns =
        vec![("", "Cache"), ("r", "Held"), ("r", "Size"), ("share", ""), ("r", "Found"), ("r", "Dropped")];
    let rows = move || shown.figures.with(cache_rows);
    table("sys-caches", "Caches", || "found, of all that was looked for".to_owned(), columns, rows)
}

fn cache_rows(figures: &SystemFigures) -> AnyView {
    let caches = [
        ("Compiled tasks", figures.service.tasks, true),
        ("Kept plans", figures.patterns, true),
        // Its limit is on domains, of each of which there are several plans.
        ("Similar problems", figures.service.near, false),
    ];
    let rows = caches.into_iter().map(|(name, cache, is_limited)| {
        let counters = cache.counters;
        let held = format::count(counters.items);
        let held =
            if is_limited { format!("{held} of {}", format::count(cache.limits.items as u64)) } else { held };
        let rate = system::hit_rate(counters.hits, counters.misses);
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="r">{held}</td>
                <td class="r">{system::room(counters.bytes, cache.limits.bytes)}</td>
                <td class="share">{rate.map(meter)}</td>
                <td class="r">{system::hits(counters.hits, counters.misses)}</td>
                <td class="r">{format::count(counters.evicted_items)}</td>
            </tr>
        }
    });
    rows.collect_view().into_any()
}

/// What outlives the page.
pub(super) fn stores(shown: Shown) -> AnyView {
    let said = move || {
        let room = shown.room.get().unwrap_or_default();
        match (room.used, room.quota) {
            (Some(used), Some(quota)) => {
                format!("in this browser, {} of about {}", format::bytes(used), format::bytes(quota))
            }
            _ => "in this browser".to_owned(),
        }
    };
    let columns = vec![
        ("", "Store"),
        ("", "State"),
        ("r", "Entries"),
        ("r", "Waiting"),
        ("r", "Written here"),
        ("r", "Last write"),
    ];
    let rows = move || {
        let room = shown.room.get().unwrap_or_default();
        let now_ms = shown.now_ms.get();
        let row = move |name: &'static str, store: StoreFigures, entries: Option<u64>| {
            let last = store.last_write_ms.map_or_else(|| "–".to_owned(), |last| format::ago(last, now_ms));
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td>{state(store)}</td>
                    <td class="r">{entries.map_or_else(|| "–".to_owned(), format::count)}</td>
                    <td class="r">{format::count(store.waiting)}</td>
                    <td class="r">{format::count(store.written)}</td>
                    <td class="r">{last}</td>
                </tr>
            }
        };
        shown.figures.with(|figures| {
            view! {
                {row("Documents", figures.documents_store, room.documents)}
                {row("Kept plans", figures.pattern_store, room.patterns)}
            }
            .into_any()
        })
    };
    table("sys-stores", "Stores", said, columns, rows)
}

fn state(store: StoreFigures) -> AnyView {
    let (shape, word) = match store {
        StoreFigures { waiting: 1.., .. } => ("o-running", "Writing".to_owned()),
        StoreFigures { lost: lost @ 1.., .. } => ("i-error", format!("{} not written", format::count(lost))),
        StoreFigures { written: 0, .. } => ("", "Nothing to write".to_owned()),
        StoreFigures { .. } => ("n-closed", "Written".to_owned()),
    };
    view! {
        <span class="badge">
            {(!shape.is_empty()).then(|| view! { <Icon name=shape class="o" /> })} {word}
        </span>
    }
    .into_any()
}
