//! The run's time: replay buttons, the scrubber, and the strips that share its axis.

use leptos::prelude::*;

use super::super::icon::Icon;
use super::signals::ScopeSignals;
use super::statistics::{Reading, readings};
use crate::view::format::{cost_or_infinite, count};

/// The lower part of the scope.
#[component]
pub fn Time(signals: ScopeSignals) -> impl IntoView {
    view! {
        <div class="time">
            <div class="scrub">
                <Replay signals />
                <Track signals />
                <Position signals />
            </div>
            <div class="strips">
                <div class="s-lab" aria-hidden="true">
                    <span>"Best h"</span>
                    <span>"Open list"</span>
                    <span>"Memory"</span>
                    <span>"Slices"</span>
                </div>
                <canvas node_ref=signals.canvases.strips aria-hidden="true"></canvas>
                <Values signals />
            </div>
            <Summary signals />
        </div>
    }
}

/// Goes to an expansion; to the last one, or beyond it, means to follow the search.
fn seek(signals: ScopeSignals, to: i64) {
    let end = signals.statistics.with_untracked(|statistics| statistics.expansions);
    let to = to.clamp(0, i64::from(u32::MAX)) as u32;
    signals.cursor.set((to < end).then_some(to.max(1)));
}

fn seek_by(signals: ScopeSignals, by: i64) {
    let (at, end) = signals.statistics.with_untracked(|statistics| (statistics.at, statistics.expansions));
    let at = signals.cursor.get_untracked().unwrap_or(at.max(end));
    seek(signals, i64::from(at) + by);
}

#[component]
fn Replay(signals: ScopeSignals) -> impl IntoView {
    let none = Memo::new(move |_| signals.statistics.with(|statistics| statistics.expansions == 0));
    let play = move || {
        let on = !signals.playing.get_untracked();
        if on && signals.cursor.get_untracked().is_none() {
            signals.cursor.set(Some(1));
        }
        signals.playing.set(on);
    };
    let icon = move || {
        if signals.playing.get() {
            view! { <Icon name="i-pause" /> }
        } else {
            view! { <Icon name="i-run" /> }
        }
    };
    let play_label = move || match (signals.calm, signals.playing.get()) {
        (true, _) => "Replay is stepped: motion is reduced",
        (false, true) => "Hold the replay",
        (false, false) => "Replay",
    };
    view! {
        <div class="scrub-b" role="group" aria-label="Replay">
            <button class="btn icon" type="button" aria-label="One expansion back" title="One expansion back" disabled=move || none.get() on:click=move |_| seek_by(signals, -1)>
                <Icon name="i-back" />
            </button>
            <button class="btn icon" type="button" aria-label=play_label title=play_label disabled=move || none.get() || signals.calm on:click=move |_| play()>
                {icon}
            </button>
            <button class="btn icon" type="button" aria-label="One expansion forward" title="One expansion forward" disabled=move || none.get() on:click=move |_| seek_by(signals, 1)>
                <Icon name="i-step" />
            </button>
        </div>
    }
}

#[component]
fn Track(signals: ScopeSignals) -> impl IntoView {
    let axis = Memo::new(move |_| signals.statistics.with(|statistics| statistics.axis.max(2)));
    let (end, at) = (
        move || signals.statistics.with(|statistics| statistics.expansions),
        move || signals.statistics.with(|statistics| statistics.at),
    );
    let at = Memo::new(move |_| signals.cursor.get().unwrap_or_else(at).max(1));
    let end = Memo::new(move |_| end());
    view! {
        <div class="track">
            <canvas node_ref=signals.canvases.track aria-hidden="true"></canvas>
            <input
                type="range"
                min="1"
                max=move || axis.get().to_string()
                prop:value=move || {
                    // After the maximum, which would otherwise clip it.
                    axis.track();
                    at.get().to_string()
                }
                aria-label="Expansion"
                aria-valuetext=move || format!("{} of {}", count(u64::from(at.get())), count(u64::from(end.get())))
                disabled=move || end.get() == 0
                on:input=move |event| {
                    signals.playing.set(false);
                    seek(signals, event_target_value(&event).parse().unwrap_or(1));
                }
            />
        </div>
    }
}

#[component]
fn Position(signals: ScopeSignals) -> impl IntoView {
    let at = move || count(u64::from(signals.statistics.with(|statistics| statistics.at)));
    let of = move || {
        if signals.running.get() && signals.cursor.get().is_none() {
            return "live".to_owned();
        }
        format!("of {}", count(u64::from(signals.statistics.with(|statistics| statistics.expansions))))
    };
    view! {
        <output class="pos num">
            {at}
            <small>{of}</small>
        </output>
    }
}

#[component]
fn Values(signals: ScopeSignals) -> impl IntoView {
    let value = move |index: usize| {
        let reading = Memo::new(move |_| reading(signals, index));
        view! {
            <span>
                {move || reading.get().figure}
                <small>{move || reading.get().unit}</small>
            </span>
        }
    };
    view! { <div class="s-val num" aria-hidden="true">{(0..4).map(value).collect_view()}</div> }
}

/// What stands beside a strip: best h, open list, memory, slice.
fn reading(signals: ScopeSignals, index: usize) -> Reading {
    let figures = signals.figures.with(readings);
    figures
        .get(index)
        .cloned()
        .unwrap_or_else(|| signals.statistics.with(|statistics| statistics.slice.clone()))
}

/// The strips in words, for those who do not see them.
#[component]
fn Summary(signals: ScopeSignals) -> impl IntoView {
    let reading = move |index: usize| {
        move || {
            let Reading { figure, unit } = reading(signals, index);
            format!("{figure} {unit}")
        }
    };
    let row = move |label: &'static str, index: usize| {
        view! {
            <tr>
                <th scope="row">{label}</th>
                <td>{reading(index)}</td>
            </tr>
        }
    };
    let caption = move || {
        signals.statistics.with(|statistics| {
            let (at, end) = (count(u64::from(statistics.at)), count(u64::from(statistics.expansions)));
            let initial = signals.figures.with(|figures| cost_or_infinite(figures.initial_h));
            format!("At expansion {at} of {end}; h of the initial state is {initial}")
        })
    };
    view! {
        <table class="vh">
            <caption>{caption}</caption>
            <tbody>
                {row("Best h", 0)} {row("Open list", 1)} {row("Memory", 2)} {row("Slice", 3)}
            </tbody>
        </table>
    }
}
