//! The right column: how the engines compare.

use leptos::prelude::*;

use super::Batch;
use crate::score::{Comparison, chart};
use crate::view::batch::Matrix;
use crate::view::format;

/// The picture of plans over time, in user units.
const PICTURE: [f64; 2] = [400.0, 220.0];

/// The column.
pub fn summary(batch: Batch) -> AnyView {
    let comparison = Memo::new_with_compare(move |_| batch.matrix.with(Matrix::comparison), |_, _| true);
    let tab = move |is_pairs: bool, word: &'static str| {
        view! {
            <button
                role="tab"
                type="button"
                aria-selected=move || (batch.pairs.get() == is_pairs).to_string()
                on:click=move |_| batch.pairs.set(is_pairs)
            >
                {word}
            </button>
        }
    };
    view! {
        <div class="tabs stay" role="tablist" aria-label="Summary">
            {tab(false, "Summary")}
            {tab(true, "Pairs")}
        </div>
        <div class="panel" role="tabpanel" tabindex="0" aria-label="Summary">
            {move || comparison.with(|comparison| {
                if comparison.engines().is_empty() {
                    nothing()
                } else if batch.pairs.get() {
                    pairs(comparison)
                } else {
                    scores(comparison)
                }
            })}
        </div>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! {
        <p class="say">"Nothing has been run yet."</p>
        <p>
            "Choose tasks and engines on the left and press Run. Each engine plans each task, and here they are compared: how many they solve, how fast, and how good their plans are."
        </p>
    }
    .into_any()
}

fn scores(comparison: &Comparison) -> AnyView {
    let all: Vec<_> = (0..comparison.engines().len()).map(|engine| comparison.score(engine, None)).collect();
    let leader = (0..all.len())
        .reduce(|one, other| {
            let rank = |at: usize| (all[at].solved, all[at].satisficing);
            if rank(other) > rank(one) { other } else { one }
        })
        .unwrap_or(0);
    let tried = format::plural(all[leader].runs as u64, "task", "tasks");
    let say = format!("{} leads: plans for {} of {tried}", comparison.engines()[leader], all[leader].solved);
    let rows = all.iter().enumerate().map(|(engine, score)| {
        view! {
            <tr class:sel=engine == leader>
                <th scope="row">
                    <svg class=format!("dash {}", chart::class(engine)) viewBox="0 0 24 8" aria-hidden="true">
                        <path d="M0 4H24" />
                    </svg>
                    {comparison.engines()[engine].clone()}
                </th>
                <td class="r">{format!("{} of {}", score.solved, score.runs)}</td>
                <td class="r">{score.optimal}</td>
                <td class="r">{format!("{:.2}", score.agile)}</td>
                <td class="r">{format!("{:.2}", score.satisficing)}</td>
            </tr>
        }
    });
    view! {
        <p class="say">{say}</p>
        <div class="flush">
            <table class="scores">
                <thead>
                    <tr>
                        <th scope="col">"Engine"</th>
                        <th scope="col" class="r">"Plans"</th>
                        <th scope="col" class="r">"Proven"</th>
                        <th scope="col" class="r" title="Agile score: 1 for a plan within a second, less up to 300 seconds">"Speed"</th>
                        <th scope="col" class="r" title="Satisficing score: the cheapest plan's cost by the own one's">"Quality"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <div class="h">
            <h2>"Solved within"</h2>
            <span class="sub">"tasks over time, logarithmic"</span>
        </div>
        <div class="solved" inner_html=chart::write(comparison, PICTURE)></div>
        <p class="sub">
            "Speed and quality are the agile and the satisficing score of planning competitions, summed over tasks. Quality compares with the cheapest plan of this batch."
        </p>
    }
    .into_any()
}

fn pairs(comparison: &Comparison) -> AnyView {
    let engines = comparison.engines();
    let tables = (0..engines.len()).map(|one| {
        let rows = (0..engines.len()).filter(|other| *other != one).map(|other| {
            let pair = comparison.pair(one, other);
            view! {
                <tr>
                    <th scope="row">{engines[other].clone()}</th>
                    <td class="r">{pair.faster}</td>
                    <td class="r">{pair.cheaper}</td>
                    <td class="r">{pair.solves_more}</td>
                </tr>
            }
        });
        view! {
            <div class="h"><h2>{engines[one].clone()}</h2></div>
            <div class="flush">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"against"</th>
                            <th scope="col" class="r">"faster"</th>
                            <th scope="col" class="r">"cheaper"</th>
                            <th scope="col" class="r">"alone"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
    });
    view! {
        <p>"How often an engine was ahead of another one, in tasks: with a plan sooner, with a cheaper plan, with a plan where the other has none."</p>
        {tables.collect_view()}
    }
    .into_any()
}
