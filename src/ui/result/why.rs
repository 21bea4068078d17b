//! Why there is no plan: the chain to the root cause, what is in the way, and the nearest miss.

use std::rc::Rc;

use leptos::prelude::*;

use super::super::check;
use super::super::icon::Icon;
use super::super::prose::prose;
use super::super::runner::{How, Run};
use super::Workbench;
use super::goals::Goals;
use crate::plan::explain::{ConditionReport, Explanation, Link, NearestMiss, UnreachablePrecondition};
use crate::service::{Problem, Response};
use crate::view::format;
use crate::view::visible::visible;

/// The panel of a proof that there is no plan.
#[component]
pub fn UnsolvablePanel(
    bench: Workbench,
    run: StoredValue<Run, LocalStorage>,
    response: StoredValue<Rc<Response>, LocalStorage>,
) -> impl IntoView {
    let message = response.with_value(|response| response.message.clone());
    view! {
        <p class="say">"No plan exists."</p>
        <p>{prose(&sentence(&message))} " This is a proof, not a limit: more time or memory would change nothing."</p>
        <Why bench run response />
        <Goals response />
    }
}

/// A message as a sentence.
pub fn sentence(message: &str) -> String {
    with_stop(&super::super::problem::diagnostics::capitalised(message))
}

fn with_stop(text: &str) -> String {
    if text.is_empty() || text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

/// The explanation, where there is one.
#[component]
pub fn Why(
    bench: Workbench,
    run: StoredValue<Run, LocalStorage>,
    response: StoredValue<Rc<Response>, LocalStorage>,
) -> impl IntoView {
    let text = run.with_value(|run| run.problem.clone());
    let why = response.with_value(|response| response.explanation.clone());
    let actions = response.with_value(|response| response.actions);
    let is_older = {
        let text = text.clone();
        move || bench.shelf.problem.with(|now| text != *now)
    };
    why.map(|why| {
        let Explanation { goal, conditions, chain, unreachable, nearest_miss } = why;
        view! {
            <Show when=is_older>
                <p class="sub">"Places may have moved: they are those of the earlier text."</p>
            </Show>
            <div class="h">
                <h2>"Why"</h2>
                <span class="sub">{(!text.is_pddl()).then(|| format!("goal “{}”", visible(&goal)))}</span>
            </div>
            {if chain.is_empty() {
                view! { <p>"Each condition can be met by itself; together they cannot."</p> }.into_any()
            } else {
                view! { <ol class="chain">{chain.into_iter().map(|link| view_link(bench, &text, link)).collect_view()}</ol> }
                    .into_any()
            }}
            {nearest_miss.map(|miss| nearest(bench, &text, miss))}
            {(!conditions.is_empty()).then(|| view_conditions(bench, &text, conditions))}
            {(!unreachable.is_empty()).then(|| view_unreachable(bench, &text, unreachable, actions))}
        }
    })
}

fn view_link(bench: Workbench, text: &Problem, link: Link) -> impl IntoView + use<> {
    let label = check::place(text, link.span).words();
    view! {
        <li class:end=link.is_root class:err=link.is_root>
            <b>{link.condition}</b>
            {prose(&with_stop(&link.reason))}
            " "
            <button class="jump" type="button" on:click=move |_| bench.go_to(link.span)>
                {label}
            </button>
        </li>
    }
}

fn nearest(bench: Workbench, text: &Problem, miss: NearestMiss) -> impl IntoView + use<> {
    let go_to = check::place(text, miss.span).go_to();
    let span = miss.span;
    view! {
        <p>"The nearest miss: " {prose(&with_stop(&miss.text))}</p>
        <div class="acts">
            <button class="btn line" type="button" on:click=move |_| bench.go_to(span)>
                {go_to}
            </button>
            {miss
                .fix
                .map(|fix| {
                    let label = format!("{} and run", fix.label);
                    view! {
                        <button
                            class="btn line"
                            type="button"
                            disabled=move || bench.blocked.with(Option::is_some)
                            on:click=move |_| {
                                bench.apply(&fix);
                                bench.run(How::Plain);
                            }
                        >
                            {label}
                        </button>
                    }
                })}
        </div>
    }
}

fn view_conditions(
    bench: Workbench,
    text: &Problem,
    conditions: Vec<ConditionReport>,
) -> impl IntoView + use<> {
    let row = |condition: ConditionReport| {
        let go_to = check::place(text, condition.span).go_to();
        let first = match condition.first_at {
            None => "–".to_owned(),
            Some(0) => "start".to_owned(),
            Some(layer) => format!("layer {layer}"),
        };
        view! {
            <tr>
                <td class="op wrap">
                    <button type="button" title=go_to on:click=move |_| bench.go_to(condition.span)>
                        {condition.text}
                    </button>
                </td>
                <td>
                    {match condition.first_at {
                        Some(_) => "yes".into_any(),
                        None => view! {
                            <span class="badge err">
                                <Icon name="o-unsolvable" class="o" />
                                "never"
                            </span>
                        }
                        .into_any(),
                    }}
                </td>
                <td class="r">{first}</td>
            </tr>
        }
    };
    view! {
        <div class="h">
            <h2>"Conditions of the goal"</h2>
        </div>
        <div class="flush">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Condition"</th>
                        <th scope="col">"Reachable"</th>
                        <th scope="col" class="r">"First at"</th>
                    </tr>
                </thead>
                <tbody>{conditions.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn view_unreachable(
    bench: Workbench,
    text: &Problem,
    unreachable: Vec<UnreachablePrecondition>,
    actions: usize,
) -> impl IntoView + use<> {
    let mut names: Vec<&str> = unreachable.iter().map(|found| found.action.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let share = format!("{} of {}", names.len(), format::plural(actions as u64, "action", "actions"));
    let row = |found: UnreachablePrecondition| {
        let go_to = check::place(text, found.span).go_to();
        view! {
            <tr>
                <td class="op wrap">{found.action}</td>
                <td class="op wrap">
                    <button type="button" title=go_to on:click=move |_| bench.go_to(found.span)>
                        {found.condition}
                    </button>
                </td>
                <td class="r">{found.seen}</td>
            </tr>
        }
    };
    view! {
        <div class="h">
            <h2>"Unreachable preconditions"</h2>
            <span class="sub">{share}</span>
        </div>
        <div class="flush">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Action"</th>
                        <th scope="col">"Never true"</th>
                        <th scope="col" class="r">"Nearest seen"</th>
                    </tr>
                </thead>
                <tbody>{unreachable.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
