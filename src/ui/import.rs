//! Files that a person picks or drops.

use leptos::ev;
use leptos::prelude::*;

use super::shelf::Replaced;
use super::tasks::Tasks;
use super::workbench::Workbench;
use super::{files, keep};
use crate::service::Problem;
use crate::view::incoming::{self, Half, Made};

/// Reads files and opens what they make.
pub async fn take(bench: Workbench, list: Option<web_sys::FileList>) {
    let list: Vec<web_sys::File> =
        list.iter().flat_map(|list| (0..list.length()).filter_map(|at| list.get(at))).collect();
    let mut read = Vec::new();
    for file in list {
        if keep::is_export(&file) {
            keep::restore(bench, &file).await;
            continue;
        }
        match files::read(&file).await {
            Ok((text, remark)) => {
                remark.into_iter().for_each(|remark| bench.shelf.tell(remark));
                read.push(incoming::File { name: file.name(), text });
            }
            Err(why) => bench.shelf.tell(why),
        }
    }
    let mut incoming = incoming::sort(read);
    incoming.remarks.into_iter().for_each(|remark| bench.shelf.tell(remark));
    let is_pddl = bench.is_pddl.get_untracked() && !bench.browsing.get_untracked();
    if is_pddl && incoming.documents.is_empty() && incoming.halves.len() == 1 {
        replace(bench, incoming.halves.remove(0));
    }
    for half in incoming.halves {
        open(bench, half.alone());
    }
    for made in incoming.documents {
        open(bench, made);
    }
}

fn open(bench: Workbench, made: Made) {
    let text = made.text.into();
    let problem = match made.problem {
        Some(problem) => Problem::Pddl { domain: text, problem: problem.into() },
        None => Problem::Goap { text },
    };
    bench.shelf.create(made.name, &problem);
    bench.sheet.show_problem();
}

/// A file takes the place of its half of the open document, until that is undone.
fn replace(bench: Workbench, half: Half) {
    let shelf = bench.shelf;
    let Some(of) = shelf.open.get_untracked() else { return };
    let before = shelf.problem.get_untracked();
    let what = ["“", &half.file.name, "” is now the ", half.word(), " of this document."].concat();
    shelf.set_problem(before.with_text(half.index, half.file.text.into()));
    shelf.replaced.set(Some(Replaced { of, before, what }));
    bench.sheet.show_text(half.index);
}

/// Takes files that are dropped anywhere on the page; says whether some hover over it.
pub fn listen(bench: Workbench) -> ReadSignal<bool> {
    let (over, set_over) = signal(false);
    let tasks = Tasks::of_owner();
    let hold = window_event_listener(ev::dragover, move |event| {
        let has_files = event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0));
        if has_files {
            event.prevent_default();
            set_over.set(true);
        }
    });
    let leave = window_event_listener(ev::dragleave, move |event| {
        if event.related_target().is_none() {
            set_over.set(false);
        }
    });
    let drop = window_event_listener(ev::drop, move |event| {
        set_over.set(false);
        let list = event.data_transfer().and_then(|data| data.files()).filter(|list| list.length() > 0);
        if list.is_some() {
            event.prevent_default();
            if !super::modes::take(bench, list.as_ref()) {
                tasks.run(take(bench, list));
            }
        }
    });
    on_cleanup(move || {
        hold.remove();
        leave.remove();
        drop.remove();
    });
    over
}
