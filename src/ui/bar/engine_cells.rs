//! The engine: ordering, heuristic, weight, goal, limits, speed.

use leptos::prelude::*;

use super::super::runner::{policy_key, policy_of};
use super::Workbench;
use super::limit_field::LimitField;
use crate::search::SearchKind;
use crate::service::{GoalPolicy, Settings};
use crate::view::visible::visible;
use crate::view::{format, glossary, limits, words};

/// Speeds on offer, in expansions a second.
const PACES: [f64; 5] = [1.0, 10.0, 120.0, 1_000.0, 10_000.0];

/// The cells, in the bar or in the dialog of a phone.
#[component]
pub fn EngineCells(
    bench: Workbench,
    /// Distinguishes several of them, for ids.
    #[prop(default = "bar")]
    place: &'static str,
) -> impl IntoView {
    let shelf = bench.shelf;
    let is_weighted =
        Memo::new(move |_| shelf.settings.with(|kept| kept.engine.search == SearchKind::Wastar));
    let weight = Signal::derive(move || shelf.settings.with(|kept| format::cost(kept.engine.weight)));
    let time = Signal::derive(move || shelf.settings.with(|kept| limits::time_text(kept.limits.timeout)));
    let memory =
        Signal::derive(move || shelf.settings.with(|kept| limits::memory_text(kept.limits.memory_bytes)));
    view! {
        <SearchCell bench />
        <HeuristicCell bench />
        <Show when=move || is_weighted.get()>
            <LimitField
                caption="Weight"
                place
                draft=bench.drafts.weight
                value=weight
                apply=|bench, text| {
                    let read = limits::weight(text)?;
                    change(bench, |settings| settings.engine.weight = read);
                    Ok(())
                }
                check=|text| limits::weight(text).err()
                bench
            />
        </Show>
        // A PDDL problem has one goal: there is nothing to choose.
        <Show when=move || !bench.is_pddl.get()>
            <GoalCell bench />
        </Show>
        <LimitField
            caption="Time limit"
            place
            draft=bench.drafts.time
            value=time
            apply=|bench, text| {
                let timeout = limits::time(text)?;
                change(bench, |settings| settings.limits.timeout = timeout);
                Ok(())
            }
            check=|text| limits::time(text).err()
            bench
        />
        <LimitField
            caption="Memory limit"
            place
            draft=bench.drafts.memory
            value=memory
            apply=|bench, text| {
                let bytes = limits::memory(text)?;
                change(bench, |settings| settings.limits.memory_bytes = bytes);
                Ok(())
            }
            check=|text| limits::memory(text).err()
            bench
        />
        <SpeedCell bench />
    }
}

fn change(bench: Workbench, edit: impl FnOnce(&mut Settings)) {
    let mut settings = bench.shelf.settings.get_untracked();
    edit(&mut settings);
    bench.shelf.set_settings(settings);
}

fn pick<T: Copy + 'static>(all: &[T], event: &web_sys::Event) -> Option<T> {
    all.get(event_target_value(event).parse::<usize>().ok()?).copied()
}

#[component]
fn SearchCell(bench: Workbench) -> impl IntoView {
    let chosen = Memo::new(move |_| bench.shelf.settings.with(|kept| kept.engine.search));
    let option = move |kind: SearchKind| {
        view! {
            <option value=kind.name() title=glossary::search(kind) prop:selected=move || chosen.get() == kind>
                {words::search(kind)}
            </option>
        }
    };
    view! {
        <label class="cell" title=move || glossary::search(chosen.get())>
            <span class="cap">"Search"</span>
            <select
                class="val"
                on:change=move |event| {
                    let name = event_target_value(&event);
                    let found = SearchKind::all().iter().find(|(known, _)| *known == name);
                    if let Some(&(_, search)) = found {
                        change(bench, |settings| settings.engine.search = search);
                    }
                }
            >
                <optgroup label="Searches">{words::SEARCHES.into_iter().map(option).collect_view()}</optgroup>
                <optgroup label="Presets">{words::PRESETS.into_iter().map(option).collect_view()}</optgroup>
            </select>
        </label>
    }
}

#[component]
fn HeuristicCell(bench: Workbench) -> impl IntoView {
    let settings = bench.shelf.settings;
    let chosen = Memo::new(move |_| settings.with(|kept| kept.engine.search));
    let is_used = Memo::new(move |_| chosen.get().uses_heuristic());
    let is = move |at: usize| settings.with(|kept| words::HEURISTICS[at] == kept.engine.heuristic.first());
    let sentence = move || {
        if is_used.get() {
            glossary::heuristic(settings.with(|kept| kept.engine.heuristic.first()))
        } else if chosen.get().is_preset() {
            "The preset brings its own heuristics."
        } else {
            "This search looks at no heuristic."
        }
    };
    view! {
        <label class="cell" class:off=move || !is_used.get() title=sentence>
            <span class="cap">"Heuristic"</span>
            <select
                class="val"
                disabled=move || !is_used.get()
                on:change=move |event| {
                    if let Some(heuristic) = pick(&words::HEURISTICS, &event) {
                        change(bench, |settings| settings.engine.heuristic = heuristic.into());
                    }
                }
            >
                {words::HEURISTICS
                    .into_iter()
                    .enumerate()
                    .map(|(at, kind)| {
                        view! {
                            <option value=at title=glossary::heuristic(kind) prop:selected=move || is_used.get() && is(at)>
                                {words::heuristic(kind)}
                            </option>
                        }
                    })
                    .collect_view()}
                <Show when=move || !is_used.get()>
                    <option value="none" prop:selected=true>
                        {move || if chosen.get().is_preset() { "By the preset" } else { "Not used" }}
                    </option>
                </Show>
            </select>
        </label>
    }
}

#[component]
fn GoalCell(bench: Workbench) -> impl IntoView {
    let settings = bench.shelf.settings;
    let key = Memo::new(move |_| settings.with(|kept| policy_key(&kept.goals)));
    // A goal that the text no longer has stays on the list: it is what a run would ask for.
    let goals = Memo::new(move |_| {
        let mut goals = bench.checked.with(|checked| checked.goals.clone());
        if let GoalPolicy::Named(name) = settings.with(|kept| kept.goals.clone())
            && !goals.contains(&name)
        {
            goals.push(name);
        }
        goals
    });
    let option = move |value: String, word: String| {
        let own = value.clone();
        view! {
            <option value=value prop:selected=move || key.with(|key| *key == own)>
                {word}
            </option>
        }
    };
    view! {
        <label class="cell">
            <span class="cap">"Goal"</span>
            <select
                class="val"
                on:change=move |event| {
                    let goals = policy_of(&event_target_value(&event));
                    change(bench, |settings| settings.goals = goals);
                }
            >
                {option("priority".into(), "By priority".into())}
                {option("cheapest".into(), "Cheapest".into())}
                {move || {
                    goals.get().into_iter().map(|name| option(format!("goal:{name}"), visible(&name).into_owned())).collect_view()
                }}
            </select>
        </label>
    }
}

#[component]
fn SpeedCell(bench: Workbench) -> impl IntoView {
    let is = move |pace: Option<f64>| bench.shelf.settings.with(|kept| kept.pace == pace);
    view! {
        <label class="cell">
            <span class="cap">"Speed"</span>
            <select
                class="val"
                on:change=move |event| {
                    bench.runner.set_pace(event_target_value(&event).parse().ok());
                }
            >
                <option value="full" prop:selected=move || is(None)>
                    "Full"
                </option>
                {PACES
                    .into_iter()
                    .map(|pace| {
                        view! {
                            <option value=pace prop:selected=move || is(Some(pace))>
                                {format!("{} a second", format::count(pace as u64))}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}
