//! The panel of documents: the open one, the others, new ones and files.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::super::files;
use super::super::gallery::NewProblem;
use super::super::import;
use super::super::keep::ExportAll;
use super::super::tasks::Tasks;
use super::Workbench;
use crate::store::Document;
use crate::view::format;

/// Lists longer than this have a filter.
const FILTER_FROM: usize = 8;

/// The panel.
#[component]
pub fn DocumentPanel(bench: Workbench, open: RwSignal<bool>) -> impl IntoView {
    let shelf = bench.shelf;
    view! {
        <Show when=move || shelf.open.with(Option::is_some)>
            <OpenDocument bench open />
        </Show>
        <div class="acts">
            <NewProblem bench is_pddl=false done=move || open.set(false) />
            <NewProblem bench is_pddl=true done=move || open.set(false) />
            <OpenFiles bench done=move || open.set(false) />
            <ExportAll bench />
        </div>
        <OtherDocuments bench open />
        <p class="sub">
            {move || {
                if shelf.is_persistent.get() {
                    "Documents stay in this browser. Safari forgets them after seven days without a visit; export what matters."
                } else {
                    "This browser keeps nothing: documents last until the tab closes. Export what matters."
                }
            }}
        </p>
    }
}

/// All documents but the open one; a long list has a filter over it.
#[component]
fn OtherDocuments(bench: Workbench, open: RwSignal<bool>) -> impl IntoView {
    let shelf = bench.shelf;
    let wanted = RwSignal::new(String::new());
    let others = move || {
        let current = shelf.open.get();
        let documents = shelf.documents.get();
        documents.into_iter().filter(|kept| Some(&kept.id) != current.as_ref()).collect::<Vec<_>>()
    };
    let count = Memo::new(move |_| others().len());
    let matching = move || {
        let wanted = wanted.get().to_lowercase();
        let fits = |kept: &Document| kept.name.to_lowercase().contains(wanted.trim());
        others().into_iter().filter(fits).collect::<Vec<_>>()
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <h2>"Other documents"</h2>
            <Show when=move || { count.get() >= FILTER_FROM }>
                <label class="rename">
                    <span class="cap">{move || format!("Filter {} by name", format::plural(count.get() as u64, "document", "documents"))}</span>
                    <input
                        class="box"
                        type="search"
                        autocomplete="off"
                        prop:value=move || wanted.get()
                        on:input=move |event| wanted.set(event_target_value(&event))
                    />
                </label>
            </Show>
            <ul class="docs">
                <For each=matching key=|kept| (kept.id.clone(), kept.revision, kept.name.clone()) let:kept>
                    <OtherDocument bench open kept />
                </For>
            </ul>
            <Show when=move || matching().is_empty()>
                <p class="sub">"No document has this in its name."</p>
            </Show>
        </Show>
    }
}

/// Name and actions of the open document.
#[component]
fn OpenDocument(bench: Workbench, open: RwSignal<bool>) -> impl IntoView {
    let shelf = bench.shelf;
    let with_open = move |act: fn(Workbench, &crate::store::DocumentId)| {
        if let Some(id) = shelf.open.get_untracked() {
            act(bench, &id);
        }
    };
    let export = move |_| {
        let name = shelf.name.get_untracked();
        shelf.problem.with_untracked(|problem| files::export(&name, problem));
    };
    view! {
        <label class="rename">
            <span class="cap">"Name"</span>
            <input
                class="box"
                maxlength="120"
                autocomplete="off"
                prop:value=move || shelf.name.get()
                on:change=move |event| shelf.rename(&event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        // The name's button gets the focus: the key must not press it.
                        event.prevent_default();
                        shelf.rename(&event_target_value(&event));
                        open.set(false);
                    }
                }
            />
        </label>
        <div class="acts">
            <button
                class="btn line"
                type="button"
                on:click=move |_| with_open(|bench, id| bench.shelf.duplicate(id))
            >
                "Duplicate"
            </button>
            <button class="btn line" type="button" on:click=export>
                "Export"
            </button>
            <button class="btn line" type="button" on:click=move |_| {
                    with_open(|bench, id| bench.shelf.delete(id));
                    open.set(false);
                }>
                "Delete"
            </button>
        </div>
    }
}

/// A row of the list.
#[component]
fn OtherDocument(bench: Workbench, open: RwSignal<bool>, kept: Document) -> impl IntoView {
    let now = bench.host.with_value(|host| host.wall_clock_ms());
    let (id, gone) = (kept.id.clone(), kept.id);
    let label = format!("Delete “{}”", kept.name);
    view! {
        <li>
            <button
                class="pick"
                type="button"
                on:click=move |_| {
                    bench.shelf.open(&id);
                    bench.sheet.gallery.set(false);
                    open.set(false);
                }
            >
                <span class="trunc">{kept.name}</span>
                <span class="sub">{format::ago(kept.modified_ms, now)}</span>
            </button>
            <button class="btn quiet" type="button" aria-label=label on:click=move |_| {
                    bench.shelf.delete(&gone);
                    open.set(false);
                }>
                "Delete"
            </button>
        </li>
    }
}

/// A button over a hidden picker of files.
#[component]
pub fn OpenFiles(
    bench: Workbench,
    /// Called when files were picked.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let picker = NodeRef::<html::Input>::new();
    let tasks = Tasks::of_owner();
    let take = move |_| {
        let Some(input) = picker.get_untracked() else { return };
        tasks.run(async move {
            import::take(bench, input.files()).await;
            input.set_value("");
            done.run(());
        });
    };
    view! {
        <button
            class="btn line"
            type="button"
            on:click=move |_| {
                if let Some(input) = picker.get_untracked() {
                    input.unchecked_ref::<web_sys::HtmlElement>().click();
                }
            }
        >
            "Open files…"
        </button>
        <input
            type="file"
            accept=".json,.jsonc,.pddl,.planscope,application/json"
            multiple
            hidden
            aria-label="Files to open"
            node_ref=picker
            on:change=take
        />
    }
}
