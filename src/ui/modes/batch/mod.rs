//! The batch: tasks by engines, run side by side, and how the engines compare.
//!
//! Tasks are the documents of this browser and the examples of the gallery. Times are of work, not of waiting, so
//! that runs which share the thread can be compared.

mod cells;
mod run;
mod summary;
mod table;
mod tasks;

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use self::tasks::Entry;
use super::super::gallery::GROUPS;
use super::super::tasks::Tasks;
use super::super::workbench::Workbench;
use super::Press;
use crate::search::{EngineConfig, SearchKind};
use crate::service::{Job, Limits};
use crate::view::batch::{Cell, Matrix, Shown, distinct};
use crate::view::words;

/// Tasks that a batch takes at most.
const MOST_TASKS: usize = 200;
/// The engines of a first batch.
const FIRST: [SearchKind; 4] = [SearchKind::Astar, SearchKind::LamaFirst, SearchKind::Bfws, SearchKind::Auto];
/// How many examples a first batch has.
const FIRST_TASKS: usize = 8;

/// What there is to be known of the batch.
#[derive(Clone, Copy)]
pub struct Batch {
    /// The tasks that are chosen, in the order of the list.
    chosen: RwSignal<Vec<Entry>>,
    /// The engines that are chosen, in the order in which they are offered.
    engines: RwSignal<Vec<SearchKind>>,
    /// What each run may use.
    limits: RwSignal<Limits>,
    /// Texts of the limit fields, while they are being typed or do not read as a limit.
    time: RwSignal<Option<String>>,
    memory: RwSignal<Option<String>>,
    /// How many runs share the thread.
    at_once: RwSignal<usize>,
    /// What the table shows of a run with a plan.
    shown: RwSignal<Shown>,
    /// The last batch, or the one under way, as it is shown.
    matrix: RwSignal<Matrix>,
    /// The same as it stands: it is shown again a few times a second, however many runs end.
    live: StoredValue<Matrix>,
    /// What its rows and columns are.
    entries: RwSignal<Vec<Entry>>,
    kinds: RwSignal<Vec<SearchKind>>,
    /// The row that is selected.
    row: RwSignal<Option<usize>>,
    /// Whether the summary shows pairs of engines.
    pairs: RwSignal<bool>,
    running: RwSignal<bool>,
    paused: RwSignal<bool>,
    cancelled: RwSignal<bool>,
    /// Seconds that the batch has been under way, as they were read last.
    elapsed: RwSignal<f64>,
    /// Its jobs that are under way.
    jobs: StoredValue<Vec<Job>, LocalStorage>,
    /// What runs it, and opens files and tasks.
    work: Tasks,
}

impl Batch {
    /// The batch of this page; it is made when it is first looked at, and stays.
    fn of(bench: Workbench) -> Self {
        let known = bench.batch.get_value().and_then(|known| known.downcast_ref::<Self>().copied());
        if let Some(known) = known {
            return known;
        }
        let made = bench.owner.get_value().with(Self::new);
        bench.batch.set_value(Some(Rc::new(made)));
        made.show_state(bench);
        made
    }

    fn new() -> Self {
        let examples = GROUPS.iter().flat_map(|group| {
            group.examples.iter().map(|example| Entry::Example(example.file, group.is_pddl))
        });
        Self {
            chosen: RwSignal::new(examples.take(FIRST_TASKS).collect()),
            engines: RwSignal::new(FIRST.to_vec()),
            limits: RwSignal::new(Limits { timeout: Some(Duration::from_secs(2)), ..Limits::default() }),
            time: RwSignal::new(None),
            memory: RwSignal::new(None),
            at_once: RwSignal::new(4),
            shown: RwSignal::default(),
            matrix: RwSignal::default(),
            live: StoredValue::default(),
            entries: RwSignal::default(),
            kinds: RwSignal::default(),
            row: RwSignal::new(None),
            pairs: RwSignal::new(false),
            running: RwSignal::new(false),
            paused: RwSignal::new(false),
            cancelled: RwSignal::new(false),
            elapsed: RwSignal::new(0.0),
            jobs: StoredValue::new_local(Vec::new()),
            work: Tasks::of_owner(),
        }
    }

    /// Keeps what the keys of the bar show.
    fn show_state(self, bench: Workbench) {
        bench.owner.get_value().with(|| {
            Effect::new(move |_| {
                let drive = super::Drive {
                    running: self.running.get(),
                    paused: self.paused.get(),
                    blocked: self.blocked(),
                    steps: false,
                };
                bench.drives.batch.set(drive);
            });
        });
    }

    fn blocked(self) -> Option<String> {
        use crate::view::limits;
        let wrong = |draft: RwSignal<Option<String>>, why: fn(&str) -> Option<String>| {
            draft.with(|draft| draft.as_deref().and_then(why))
        };
        if self.running.get() {
            return Some("A batch is under way.".into());
        }
        if self.chosen.with(Vec::is_empty) {
            return Some("Choose a task first.".into());
        }
        if self.engines.with(Vec::is_empty) {
            return Some("Choose an engine first.".into());
        }
        wrong(self.time, |text| limits::time(text).err())
            .or_else(|| wrong(self.memory, |text| limits::memory(text).err()))
    }

    /// The table to be shown: that of the batch, or what is going to be run.
    fn table(self, bench: Workbench) -> Matrix {
        if !self.entries.with(Vec::is_empty) {
            return self.matrix.get();
        }
        let (entries, kinds) = (self.chosen.get(), self.engines.get());
        empty(bench, &entries, &kinds)
    }
}

/// A table of which nothing has run.
fn empty(bench: Workbench, entries: &[Entry], kinds: &[SearchKind]) -> Matrix {
    Matrix {
        tasks: distinct(entries.iter().map(|entry| entry.name(bench)).collect()),
        engines: kinds.iter().map(|kind| words::engine(&engine(*kind))).collect(),
        cells: vec![vec![Cell::Waiting; kinds.len()]; entries.len()],
    }
}

/// An engine of the batch: those that take a heuristic go by FF.
fn engine(search: SearchKind) -> EngineConfig {
    EngineConfig { search, ..EngineConfig::default() }
}

/// The middle column.
#[inline(never)]
pub fn middle(bench: Workbench) -> AnyView {
    table::table(bench, Batch::of(bench))
}

/// The left column.
#[inline(never)]
pub fn left(bench: Workbench) -> AnyView {
    tasks::tasks(bench, Batch::of(bench))
}

/// The right column.
#[inline(never)]
pub fn right(bench: Workbench) -> AnyView {
    summary::summary(Batch::of(bench))
}

/// The settings in the bar.
#[inline(never)]
pub fn cells(bench: Workbench) -> AnyView {
    cells::cells(bench, Batch::of(bench))
}

/// A key of the bar.
#[inline(never)]
pub fn press(bench: Workbench, press: Press) {
    let batch = Batch::of(bench);
    match press {
        Press::Run => run::begin(bench, batch),
        Press::Pause => run::pause_or_resume(batch),
        Press::Cancel => run::cancel(batch),
        Press::Step => {}
    }
}
