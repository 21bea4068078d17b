//! The run's time: replay buttons, the scrubber, and the strips that share its axis.

use leptos::prelude::*;

use super::super::icon::Icon;
use super::Hand;
use super::desk::Desk;
use super::facts::{Reading, readings};
use crate::view::format::{cost_or_infinite, count};

/// The lower part of the scope.
#[component]
pub fn Time(desk: Desk, hand: Hand) -> impl IntoView {
    let _ = hand;
    view! {
        <div class="time">
            <div class="scrub">
                <Replay desk />
                <Track desk />
                <Position desk />
            </div>
            <div class="strips">
                <div class="s-lab" aria-hidden="true">
                    <span>"Best h"</span>
                    <span>"Open list"</span>
                    <span>"Memory"</span>
                    <span>"Slices"</span>
                </div>
                <canvas node_ref=desk.canvases.strips aria-hidden="true"></canvas>
                <Values desk />
            </div>
            <Summary desk />
        </div>
    }
}

/// Goes to an expansion; to the last one, or beyond it, means to follow the search.
fn seek(desk: Desk, to: i64) {
    let end = desk.facts.with_untracked(|facts| facts.expansions);
    let to = to.clamp(0, i64::from(u32::MAX)) as u32;
    desk.cursor.set((to < end).then_some(to.max(1)));
}

fn seek_by(desk: Desk, by: i64) {
    let (at, end) = desk.facts.with_untracked(|facts| (facts.at, facts.expansions));
    let at = desk.cursor.get_untracked().unwrap_or(at.max(end));
    seek(desk, i64::from(at) + by);
}

#[component]
fn Replay(desk: Desk) -> impl IntoView {
    let none = Memo::new(move |_| desk.facts.with(|facts| facts.expansions == 0));
    let play = move || {
        let on = !desk.playing.get_untracked();
        if on && desk.cursor.get_untracked().is_none() {
            desk.cursor.set(Some(1));
        }
        desk.playing.set(on);
    };
    let icon = move || {
        if desk.playing.get() {
            view! { <Icon name="i-pause" /> }
        } else {
            view! { <Icon name="i-run" /> }
        }
    };
    let play_label = move || match (desk.calm, desk.playing.get()) {
        (true, _) => "Replay is stepped: motion is reduced",
        (false, true) => "Hold the replay",
        (false, false) => "Replay",
    };
    view! {
        <div class="scrub-b" role="group" aria-label="Replay">
            <button class="btn icon" type="button" aria-label="One expansion back" title="One expansion back" disabled=move || none.get() on:click=move |_| seek_by(desk, -1)>
                <Icon name="i-back" />
            </button>
            <button class="btn icon" type="button" aria-label=play_label title=play_label disabled=move || none.get() || desk.calm on:click=move |_| play()>
                {icon}
            </button>
            <button class="btn icon" type="button" aria-label="One expansion forward" title="One expansion forward" disabled=move || none.get() on:click=move |_| seek_by(desk, 1)>
                <Icon name="i-step" />
            </button>
        </div>
    }
}

#[component]
fn Track(desk: Desk) -> impl IntoView {
    let axis = Memo::new(move |_| desk.facts.with(|facts| facts.axis.max(2)));
    let (end, at) =
        (move || desk.facts.with(|facts| facts.expansions), move || desk.facts.with(|facts| facts.at));
    let at = Memo::new(move |_| desk.cursor.get().unwrap_or_else(at).max(1));
    let end = Memo::new(move |_| end());
    view! {
        <div class="track">
            <canvas node_ref=desk.canvases.track aria-hidden="true"></canvas>
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
                    desk.playing.set(false);
                    seek(desk, event_target_value(&event).parse().unwrap_or(1));
                }
            />
        </div>
    }
}

#[component]
fn Position(desk: Desk) -> impl IntoView {
    let at = move || count(u64::from(desk.facts.with(|facts| facts.at)));
    let of = move || {
        if desk.running.get() && desk.cursor.get().is_none() {
            return "live".to_owned();
        }
        format!("of {}", count(u64::from(desk.facts.with(|facts| facts.expansions))))
    };
    view! {
        <output class="pos num">
            {at}
            <small>{of}</small>
        </output>
    }
}

#[component]
fn Values(desk: Desk) -> impl IntoView {
    let value = move |index: usize| {
        let reading = Memo::new(move |_| reading(desk, index));
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
fn reading(desk: Desk, index: usize) -> Reading {
    let figures = desk.figures.with(readings);
    figures.get(index).cloned().unwrap_or_else(|| desk.facts.with(|facts| facts.slice.clone()))
}

/// The strips in words, for those who do not see them.
#[component]
fn Summary(desk: Desk) -> impl IntoView {
    let reading = move |index: usize| {
        move || {
            let Reading { figure, unit } = reading(desk, index);
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
        desk.facts.with(|facts| {
            let (at, end) = (count(u64::from(facts.at)), count(u64::from(facts.expansions)));
            let initial = desk.figures.with(|figures| cost_or_infinite(figures.initial_h));
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
