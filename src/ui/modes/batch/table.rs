//! The middle column: how far the batch is, and what each engine came to on each task.

use std::time::Duration;

use leptos::prelude::*;

use super::super::super::files;
use super::super::super::icon::Icon;
use super::super::super::outcome::glyph;
use super::super::super::workbench::Workbench;
use super::super::Mode;
use super::Batch;
use crate::view::batch::{Cell, Ended, Matrix, Shown, Tally, seconds_left};
use crate::view::{format, words};

/// The column.
pub fn table(bench: Workbench, batch: Batch) -> AnyView {
    let matrix = Memo::new(move |_| batch.table(bench));
    let tally = Memo::new(move |_| matrix.with(Matrix::tally));
    view! {
        <div class="readout">{move || readout(batch, &tally.get())}</div>
        <progress
            class="batch-bar"
            aria-label="Runs that have ended"
            max=move || tally.with(|tally| tally.runs.max(1))
            prop:value=move || tally.with(|tally| tally.done as f64)
        ></progress>
        <div class="batch-legend">
            <ul>{move || legend(&tally.get())}</ul>
            <label class="colourby">
                <span class="vh">"What the table shows"</span>
                <select on:change=move |event| {
                    let word = event_target_value(&event);
                    if let Some(shown) = Shown::ALL.into_iter().find(|shown| shown.word() == word) {
                        batch.shown.set(shown);
                    }
                }>
                    {Shown::ALL
                        .into_iter()
                        .map(|shown| {
                            view! {
                                <option prop:selected=move || batch.shown.get() == shown>{shown.word()}</option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
        </div>
        <div class="batch-table" tabindex="0" role="region" aria-label="Runs by task and engine">
            <table>
                <thead>{move || matrix.with(head)}</thead>
                <tbody>{move || matrix.with(|matrix| rows(batch, matrix))}</tbody>
                <tfoot>{move || matrix.with(foot)}</tfoot>
            </table>
        </div>
        <div class="batch-foot">
            <span class="sub" role="status">{move || matrix.with(|matrix| sentence(batch, matrix))}</span>
            <button
                class="btn line"
                type="button"
                disabled=move || batch.row.get().is_none()
                on:click=move |_| open(bench, batch)
            >
                "Open"
            </button>
            <button
                class="btn line"
                type="button"
                disabled=move || tally.with(|tally| tally.done == 0)
                on:click=move |_| files::download("planscope-batch.csv", &matrix.with(Matrix::csv))
            >
                "Export CSV"
            </button>
        </div>
    }
    .into_any()
}

fn readout(batch: Batch, tally: &Tally) -> AnyView {
    let (is_running, is_paused) = (batch.running.get(), batch.paused.get());
    let (shape, word) = match (is_running, is_paused) {
        (true, true) => ("i-pause", "Paused"),
        (true, false) => ("o-running", "Running"),
        (false, _) if tally.done == 0 => ("", "Not run yet"),
        (false, _) if tally.done < tally.runs => ("o-cancelled", "Cancelled"),
        (false, _) => ("o-solved", "Done"),
    };
    let elapsed = batch.elapsed.get();
    let caption = match is_running {
        true => format!("{} at once, on one thread", tally.running),
        false if tally.done == 0 => format!("{} to do", format::plural(tally.runs as u64, "run", "runs")),
        false => format!("in {}", format::seconds(Duration::from_secs_f64(elapsed))),
    };
    let solved = tally.outcomes.iter().find(|(outcome, _)| *outcome == Some(crate::search::Outcome::Solved));
    let left = seconds_left(tally, elapsed).filter(|_| is_running);
    let figure = |text: String, unit: String, caption: &'static str| {
        view! {
            <div>
                <b>{text} <small>{unit}</small></b>
                <span class="cap">{caption}</span>
            </div>
        }
    };
    view! {
        <div class="out">
            <b class=shape>{(!shape.is_empty()).then(|| view! { <Icon name=shape class="o" /> })} {word}</b>
            <span class="cap trunc">{caption}</span>
        </div>
        {figure(format::count(tally.done as u64), format!("of {}", tally.runs), "done")}
        {figure(format::count(solved.map_or(0, |(_, count)| *count) as u64), String::new(), "with a plan")}
        {left
            .map(|left| {
                figure(format::seconds(Duration::from_secs_f64(left)), String::new(), "left, about")
            })}
    }
    .into_any()
}

fn legend(tally: &Tally) -> AnyView {
    tally
        .outcomes
        .iter()
        .map(|&(outcome, count)| {
            let (shape, word) = match outcome {
                Some(outcome) => (glyph(Some(outcome)), words::outcome(outcome)),
                None => ("i-error", "Errors"),
            };
            view! {
                <li class=shape>
                    <Icon name=shape class="o" />
                    {word}
                    <span class="num">{format::count(count as u64)}</span>
                </li>
            }
        })
        .collect_view()
        .into_any()
}

fn head(matrix: &Matrix) -> AnyView {
    view! {
        <tr>
            <th scope="col">"Task"</th>
            {matrix.engines.iter().map(|name| view! { <th scope="col" class="r">{name.clone()}</th> }).collect_view()}
        </tr>
    }
    .into_any()
}

fn rows(batch: Batch, matrix: &Matrix) -> AnyView {
    let shown = batch.shown.get();
    let of_row = |(task, row): (usize, &Vec<Cell>)| {
        let best = matrix.best(task, shown);
        let is_selected = move || batch.row.get() == Some(task);
        let select = move |_| batch.row.set(Some(task));
        let cells =
            row.iter().enumerate().map(|(engine, cell)| self::cell(cell, shown, best == Some(engine)));
        view! {
            <tr class="press" class:sel=is_selected on:click=select>
                <th scope="row">
                    <button type="button" class="trunc" aria-pressed=move || is_selected().to_string()>
                        {matrix.tasks[task].clone()}
                    </button>
                </th>
                {cells.collect_view()}
            </tr>
        }
    };
    matrix.cells.iter().enumerate().map(of_row).collect_view().into_any()
}

fn cell(cell: &Cell, shown: Shown, is_best: bool) -> AnyView {
    match cell {
        Cell::Waiting => view! { <td class="r sub">"·"</td> }.into_any(),
        Cell::Running => mark("o-running", "Running", "Running".to_owned()),
        Cell::Ended(ended) if ended.cost.is_some() => {
            let text = shown.text(ended);
            let said = said(ended);
            if is_best {
                view! { <td class="r" title=said><b>{text}</b></td> }.into_any()
            } else {
                view! { <td class="r" title=said>{text}</td> }.into_any()
            }
        }
        Cell::Ended(ended) => match ended.outcome {
            Some(outcome) => mark(glyph(Some(outcome)), words::outcome(outcome), said(ended)),
            None => mark("i-error", "Errors", said(ended)),
        },
    }
}

fn mark(shape: &'static str, word: &'static str, said: String) -> AnyView {
    view! {
        <td class=format!("r {shape}") title=said>
            <Icon name=shape class="o" />
            <span class="vh">{word}</span>
        </td>
    }
    .into_any()
}

fn said(ended: &Ended) -> String {
    let word = ended.outcome.map_or("Errors", words::outcome);
    let time = format::seconds(Duration::from_secs_f64(ended.seconds()));
    format!("{word} after {time}: {}", crate::view::visible::visible(&ended.message))
}

fn foot(matrix: &Matrix) -> AnyView {
    if matrix.cells.iter().flatten().all(|cell| cell.ended().is_none()) {
        return ().into_any();
    }
    let engines = || 0..matrix.engines.len();
    let solved = engines().map(|engine| view! { <td class="r"><b>{matrix.solved(engine)}</b></td> });
    let median = engines().map(|engine| {
        let text = matrix.median(engine).map_or_else(
            || "–".to_owned(),
            |seconds| Shown::Milliseconds.text(&Ended { own_seconds: seconds, ..Ended::default() }),
        );
        view! { <td class="r">{text}</td> }
    });
    view! {
        <tr>
            <th scope="row">"Solved"</th>
            {solved.collect_view()}
        </tr>
        <tr>
            <th scope="row">"Median, ms"</th>
            {median.collect_view()}
        </tr>
    }
    .into_any()
}

fn sentence(batch: Batch, matrix: &Matrix) -> String {
    match batch.row.get().filter(|row| *row < matrix.tasks.len()) {
        Some(row) => matrix.sentence(row),
        None if matrix.tasks.is_empty() => "Choose tasks on the left.".to_owned(),
        None => "Select a task to see how it went.".to_owned(),
    }
}

/// Opens the task that is selected, in the view of the search.
fn open(bench: Workbench, batch: Batch) {
    let entries = match batch.entries.get_untracked() {
        run if run.is_empty() => batch.chosen.get_untracked(),
        run => run,
    };
    let Some(entry) = batch.row.get_untracked().and_then(|row| entries.get(row).cloned()) else { return };
    bench.sheet.mode.set(Mode::Search);
    entry.open(bench, batch);
}
