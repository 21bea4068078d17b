//! The left column: which tasks and which engines.

use leptos::prelude::*;

use super::super::super::gallery::{Example, GROUPS};
use super::super::super::workbench::Workbench;
use super::super::super::{gallery_open, import, shelf};
use super::{Batch, MOST_TASKS};
use crate::search::SearchKind;
use crate::service::Problem;
use crate::store::DocumentId;
use crate::view::format;
use crate::view::visible::visible;
use crate::view::words;

/// A task of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A document of this browser.
    Document(DocumentId),
    /// An example of the gallery, by what its files are called, and whether it is in PDDL.
    Example(&'static str, bool),
}

impl Entry {
    /// What it is called.
    pub fn name(&self, bench: Workbench) -> String {
        match self {
            Self::Document(id) => bench.shelf.documents.with(|documents| {
                let found = documents.iter().find(|document| document.id == *id);
                found.map_or_else(|| "Deleted".to_owned(), |document| visible(&document.name).into_owned())
            }),
            Self::Example(..) => self.example().map_or_else(String::new, |example| example.name.to_owned()),
        }
    }

    fn example(&self) -> Option<Example> {
        let Self::Example(file, _) = self else { return None };
        GROUPS.iter().flat_map(|group| group.examples).find(|example| example.file == *file).copied()
    }

    /// Its texts; a sentence where they are out of reach.
    pub async fn problem(&self, bench: Workbench) -> Result<Problem, String> {
        match self {
            Self::Document(id) => {
                let found = bench.shelf.newest(id).ok_or("The document has been deleted.")?;
                Ok(shelf::problem_of(&found))
            }
            Self::Example(_, is_pddl) => {
                let example = self.example().ok_or("There is no such example.")?;
                let loaded = gallery_open::load(example, *is_pddl).await;
                loaded.ok_or_else(|| "The page's files are out of reach.".into())
            }
        }
    }

    /// Opens it.
    pub fn open(&self, bench: Workbench, batch: Batch) {
        match self {
            Self::Document(id) => bench.shelf.open(id),
            Self::Example(_, is_pddl) => {
                let Some((example, is_pddl)) = self.example().zip(Some(*is_pddl)) else { return };
                batch.work.run(gallery_open::open(bench, example, is_pddl));
            }
        }
    }
}

/// All tasks that there are, in the order of the list.
fn all(bench: Workbench) -> Vec<(Entry, bool)> {
    let documents = bench.shelf.documents.with(|documents| {
        let entry =
            |kept: &crate::store::Document| (Entry::Document(kept.id.clone()), kept.problem.is_some());
        documents.iter().map(entry).collect::<Vec<_>>()
    });
    let examples = GROUPS.iter().flat_map(|group| {
        group.examples.iter().map(|example| (Entry::Example(example.file, group.is_pddl), group.is_pddl))
    });
    documents.into_iter().chain(examples).take(MOST_TASKS).collect()
}

/// The column.
pub fn tasks(bench: Workbench, batch: Batch) -> AnyView {
    let entries = Memo::new(move |_| all(bench));
    let counted = move || {
        let there = entries.with(Vec::len) as u64;
        format!("{} of {}", format::count(batch.chosen.with(Vec::len) as u64), format::count(there))
    };
    let engines = move || {
        format!("{} of {}", batch.engines.with(Vec::len), words::SEARCHES.len() + words::PRESETS.len())
    };
    let is_all = move || batch.chosen.with(Vec::len) == entries.with(Vec::len);
    let toggle = move |_| {
        let next =
            if is_all() { Vec::new() } else { entries.get().into_iter().map(|(own, _)| own).collect() };
        change(batch, move |batch| batch.chosen.set(next));
    };
    view! {
        <div class="pane-head">
            <h2>"Tasks"</h2>
            <span class="sub num">{counted}</span>
            <span class="grow"></span>
            <button class="btn quiet" type="button" disabled=move || batch.running.get() on:click=toggle>
                {move || if is_all() { "None" } else { "All" }}
            </button>
            <label class="btn quiet file">
                "Add files…"
                <input
                    type="file"
                    class="vh"
                    multiple
                    on:change=move |event| {
                        let input: web_sys::HtmlInputElement = event_target(&event);
                        let files = input.files();
                        batch.work.run(async move {
                            import::take(bench, files).await;
                            input.set_value("");
                        });
                    }
                />
            </label>
        </div>
        <ul class="picks tall">
            {move || entries.get().into_iter().map(|(entry, is_pddl)| pick(bench, batch, entry, is_pddl)).collect_view()}
        </ul>
        <div class="pane-head over">
            <h2>"Engines"</h2>
            <span class="sub num">{engines}</span>
        </div>
        <ul class="picks pairs">
            {words::SEARCHES.into_iter().chain(words::PRESETS).map(|kind| engine(batch, kind)).collect_view()}
        </ul>
    }
    .into_any()
}

/// Makes a change of what is to be run: the table then shows that.
fn change(batch: Batch, edit: impl FnOnce(Batch)) {
    batch.entries.set(Vec::new());
    batch.row.set(None);
    edit(batch);
}

fn pick(bench: Workbench, batch: Batch, entry: Entry, is_pddl: bool) -> AnyView {
    let name = entry.name(bench);
    let own = entry.clone();
    let is_chosen = move || batch.chosen.with(|chosen| chosen.contains(&own));
    let toggle = move |_| {
        // In the order of the list, whatever the order in which they were chosen.
        let mut chosen = batch.chosen.get_untracked();
        match chosen.iter().position(|other| *other == entry) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(entry.clone()),
        }
        let order = untrack(move || all(bench));
        let place = |one: &Entry| order.iter().position(|(other, _)| other == one);
        chosen.sort_by_key(place);
        change(batch, move |batch| batch.chosen.set(chosen));
    };
    row(batch, is_chosen, toggle, name, if is_pddl { "PDDL" } else { "GOAP" })
}

fn engine(batch: Batch, kind: SearchKind) -> AnyView {
    let is_chosen = move || batch.engines.with(|engines| engines.contains(&kind));
    let toggle = move |_| {
        let mut engines = batch.engines.get_untracked();
        match engines.iter().position(|other| *other == kind) {
            Some(at) => drop(engines.remove(at)),
            None => engines.push(kind),
        }
        let order = || words::SEARCHES.into_iter().chain(words::PRESETS);
        engines.sort_by_key(|own| order().position(|other| other == *own));
        change(batch, move |batch| batch.engines.set(engines));
    };
    row(batch, is_chosen, toggle, words::engine(&super::engine(kind)), "")
}

fn row(
    batch: Batch,
    is_chosen: impl Fn() -> bool + Send + 'static,
    toggle: impl FnMut(web_sys::Event) + 'static,
    name: String,
    kind: &'static str,
) -> AnyView {
    view! {
        <li>
            <label>
                <input type="checkbox" prop:checked=is_chosen disabled=move || batch.running.get() on:change=toggle />
                <span class="trunc">{name}</span>
                <span class="sub">{kind}</span>
            </label>
        </li>
    }
    .into_any()
}
