//! A node opened: what it cost, its state, and what became of each applicable action.

use leptos::prelude::*;

use super::super::icon::Icon;
use super::super::runner::Run;
use super::Workbench;
use super::guidance::Guidance;
use super::state_table::StateTable;
use crate::service::{Became, NodeReport, OperatorReport};
use crate::trace::{NONE, NodeStatus, Trace};
use crate::view::ledger::{Shape, shape_at};
use crate::view::{format, plan, words};

/// What the tab shows.
#[derive(Clone, PartialEq)]
enum Opening {
    /// A node of the job with this id.
    Node(u64, Box<NodeReport>),
    NotKept,
    NotSelected,
    NoRun,
}

/// The tab.
#[component]
pub fn NodePanel(bench: Workbench) -> impl IntoView {
    let all = RwSignal::new(false);
    // A node is opened in slices; what was open stays until then.
    let opened = LocalResource::new(move || {
        let job = bench.run_on_screen().and_then(|run| run.job);
        let (cursor, selected) = (bench.runner.cursor.get(), bench.runner.selected.get());
        async move {
            match (job, selected) {
                (Some(job), Some(node)) => match job.inspect(node, cursor).await {
                    Some(report) => Opening::Node(job.id(), Box::new(report)),
                    None => Opening::NotKept,
                },
                (Some(_), None) => Opening::NotSelected,
                (None, _) => Opening::NoRun,
            }
        }
    });
    // Figures change while the search runs; the panel is made anew only where the node changes.
    let opening = Memo::new(move |_| opened.get());
    move || {
        match (opening.get(), bench.runner.on_screen_untracked()) {
        // Nothing is open yet, or a node of the run that was on screen before.
        (None, _) => ().into_any(),
        (Some(Opening::Node(of, _)), Some(run)) if run.job.as_ref().is_none_or(|job| job.id() != of) => {
            ().into_any()
        }
        (Some(Opening::Node(_, report)), Some(run)) => {
            let cursor = bench.runner.cursor.get();
            let read = |trace: &Trace| Moment::of(trace, report.node, cursor);
            match run.with_trace(read) {
                Some(moment) => view! { <Opened bench run moment report=*report all /> }.into_any(),
                None => nothing("This node is not kept any more. Run again to open it.").into_any(),
            }
        }
        (Some(Opening::NotKept), _) => {
            nothing("This node is not kept any more. Run again to open it.").into_any()
        }
        (Some(Opening::NotSelected), _) => nothing(
            "Select a node in the tree, or a step of the plan. Its state opens here, with what could follow and what became of it.",
        )
        .into_any(),
        _ => nothing("Run first: each state that is visited can be opened here.").into_any(),
    }
    }
}

fn nothing(text: &'static str) -> impl IntoView {
    view! {
        <p class="say">"No node selected."</p>
        <p>{text}</p>
    }
}

#[component]
fn Opened(
    bench: Workbench,
    run: Run,
    moment: Moment,
    report: NodeReport,
    all: RwSignal<bool>,
) -> impl IntoView {
    let title = report
        .step
        .as_ref()
        .map_or_else(|| "Initial state".to_owned(), |step| plan::label(&step.action, &step.arguments));
    let parent = report.parent;
    let weight = moment.weight;
    let heuristic = match run.progress.drawn {
        Some(drawn) => words::heuristic(drawn.guides.heuristics.first()),
        None => words::shown_heuristic(&run.settings.engine),
    };
    let uses_h = run.settings.engine.search.looks_at_h();
    view! {
        <p class="say">
            <span class="mono">{title}</span>
        </p>
        <p>
            {place(&report, moment)}
            {parent
                .map(|parent| {
                    view! {
                        " "
                        <button class="jump" type="button" on:click=move |_| bench.runner.selected.set(Some(parent))>
                            {format!("Parent: node {parent}")}
                        </button>
                    }
                })}
        </p>
        <div class="trio">
            <div>
                <b>{format::cost(report.g)}</b>
                <span class="cap">"g, paid"</span>
            </div>
            <span class="op-sign">"+"</span>
            {(uses_h && (weight - 1.0).abs() > 1e-9)
                .then(|| {
                    view! {
                        <div>
                            <b>{format::cost(weight)}</b>
                            <span class="cap">"weight"</span>
                        </div>
                        <span class="op-sign">"×"</span>
                    }
                })}
            <div>
                <b>{estimate(&report)}</b>
                <span class="cap">{if uses_h { format!("h, {heuristic}") } else { "h, not used".into() }}</span>
            </div>
            <span class="op-sign">"="</span>
            <div>
                <b>{report.f.map_or_else(|| estimate(&report), format::cost)}</b>
                <span class="cap">"f"</span>
            </div>
        </div>
        <StateTable report=report.clone() all is_pddl=run.problem.is_pddl() />
        {moment.is_known.then(|| view! { <Operators bench report=report.clone() /> })}
        <Guidance report />
    }
}

fn estimate(report: &NodeReport) -> String {
    match (report.h, report.status) {
        (Some(h), _) => format::cost(h),
        (None, NodeStatus::DeadEnd) => "∞".into(),
        (None, _) => "–".into(),
    }
}

/// What the recording says of a node at the scrubber's time.
#[derive(Clone, Copy)]
struct Moment {
    time: Option<u32>,
    shape: Shape,
    /// Whether it was generated by then.
    is_known: bool,
    /// Whether states are generated when it is their turn.
    is_lazy: bool,
    /// Its last reopening until then.
    reopened_at: Option<u32>,
    weight: f64,
}

impl Moment {
    fn of(trace: &Trace, node: u32, time: Option<u32>) -> Self {
        let until = trace.arrivals.iter().take_while(|arrival| arrival.at <= time.unwrap_or(NONE));
        let reopened = until.filter(|arrival| arrival.node == node && arrival.reopened).last();
        Self {
            time,
            shape: shape_at(trace, node, time),
            is_known: (node as usize) < trace.nodes_at(time),
            is_lazy: trace.is_lazy,
            reopened_at: reopened.map(|arrival| arrival.at),
            weight: trace.weight,
        }
    }
}

/// Where a node stands, how it came to be, and what has become of it by the scrubber's time.
fn place(report: &NodeReport, moment: Moment) -> String {
    let number = |at: u32| format::count(u64::from(at));
    let node = format!("Node {}, depth {}", report.node, report.depth);
    if let (false, Some(time)) = (moment.is_known, moment.time) {
        let (at, by) = (number(time), number(report.generated_at));
        let how = if moment.is_lazy { "it is generated before" } else { "it is generated by" };
        return format!("{node}; not generated yet at expansion {at}: {how} expansion {by}.");
    }
    let born = match (report.parent, moment.is_lazy) {
        (None, _) => "the root".to_owned(),
        (Some(_), false) => format!("generated by expansion {}", number(report.generated_at)),
        (Some(_), true) => {
            format!("generated when it was its turn, before expansion {}", number(report.generated_at))
        }
    };
    let expanded = report.expanded_at.map(|at| format!("expanded as number {}", number(at)));
    let now = match (moment.shape, expanded) {
        (Shape::Goal, _) => "it satisfies the goal".to_owned(),
        (Shape::DeadEnd, _) => "a dead end: the goal cannot be reached from here".to_owned(),
        (Shape::Reopened, Some(expanded)) => {
            let again =
                moment.reopened_at.map_or_else(String::new, |at| format!(" at expansion {}", number(at)));
            format!("{expanded}, reopened on a cheaper path{again}")
        }
        (Shape::Expanded, Some(expanded)) => expanded,
        (_, Some(expanded)) => match moment.time {
            Some(time) => format!("open at expansion {}; later {expanded}", number(time)),
            None => expanded,
        },
        (_, None) => "open, still waiting its turn".to_owned(),
    };
    format!("{node}; {born}, {now}.")
}

#[component]
fn Operators(bench: Workbench, report: NodeReport) -> impl IntoView {
    let count = format::count(report.operators.len() as u64);
    let more = if report.truncated { ", more apply" } else { "" };
    let is_empty = report.operators.is_empty();
    let path = bench.runner.on_screen_untracked().and_then(|run| run.with_trace(|trace| trace.plan.clone()));
    let path = path.unwrap_or_default();
    view! {
        <div class="h">
            <h2>"Applicable actions"</h2>
            <span class="sub">{count} {more}</span>
        </div>
        {if is_empty {
            view! { <p>"No action applies in this state."</p> }.into_any()
        } else {
            view! {
                <div class="flush">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">"Action"</th>
                                <th scope="col">"Became"</th>
                                <th scope="col" class="r">"Cost"</th>
                                <th scope="col" class="r">"h"</th>
                                <th scope="col" class="r">"f"</th>
                            </tr>
                        </thead>
                        <tbody>
                            {report
                                .operators
                                .into_iter()
                                .map(|operator| operator_row(bench, &operator, &path))
                                .collect_view()}
                        </tbody>
                    </table>
                </div>
            }
            .into_any()
        }}
    }
}

fn operator_row(bench: Workbench, operator: &OperatorReport, path: &[u32]) -> impl IntoView + use<> {
    let label = plan::label(&operator.step.action, &operator.step.arguments);
    let (shape, word, node) = became(bench, operator.became);
    let (h, f) = match operator.became {
        Became::New { h, f, .. } => (format::cost_or_infinite(h), format::cost_or_infinite(f)),
        Became::DeadEnd { .. } => ("∞".into(), "∞".into()),
        _ => ("–".into(), "–".into()),
    };
    let is_on_path = matches!(operator.became, Became::New { node, .. } if path.contains(&node));
    view! {
        <tr class:sel=is_on_path>
            <td class="op wrap">
                {label}
                {operator.is_preferred.then(|| view! { " " <em class="sub">"preferred"</em> })}
            </td>
            <td>
                <Icon name=shape class="n" />
                {word}
                {node
                    .map(|node| {
                        view! {
                            " "
                            <button class="jump" type="button" on:click=move |_| bench.runner.selected.set(Some(node))>
                                {format!("node {node}")}
                            </button>
                        }
                    })}
            </td>
            <td class="r">{format::cost(operator.cost)}</td>
            <td class="r">{h}</td>
            <td class="r">{f}</td>
        </tr>
    }
}

/// The mark and the word for what became of a successor, and its node. A node's mark is the tree's.
fn became(bench: Workbench, became: Became) -> (&'static str, &'static str, Option<u32>) {
    let shape = |node: u32| {
        let cursor = bench.runner.cursor.get_untracked();
        let run = bench.runner.on_screen_untracked();
        run.and_then(|run| run.with_trace(|trace| mark(shape_at(trace, node, cursor)))).unwrap_or("n-open")
    };
    match became {
        Became::New { node, .. } => (shape(node), "new,", Some(node)),
        Became::Duplicate { node, cheaper: true } => ("n-reopened", "cheaper path to", Some(node)),
        Became::Duplicate { node, cheaper: false } => ("n-dup", "duplicate of", Some(node)),
        Became::DeadEnd { node } => ("n-dead", "dead end,", Some(node)),
        Became::Irrelevant => ("n-dup", "left out: cannot matter to a goal", None),
        Became::NotYet => ("n-open", "not yet: this node is open", None),
        Became::NotGenerated => ("n-open", "not generated so far", None),
        Became::NotRecorded => ("n-dup", "not recorded: the recording was full", None),
    }
}

/// The icon of a shape.
fn mark(shape: Shape) -> &'static str {
    match shape {
        Shape::Expanded => "n-closed",
        Shape::Open => "n-open",
        Shape::Reopened => "n-reopened",
        Shape::DeadEnd => "n-dead",
        Shape::Goal => "n-goal",
        Shape::Duplicate => "n-dup",
        Shape::Fold => "n-fold",
    }
}
