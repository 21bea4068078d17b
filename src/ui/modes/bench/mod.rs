//! The bench: how fast the planner is in this tab, beside how fast it is natively.

mod aside;
mod cells;
mod files;
mod run;
mod table;
mod workload;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use self::files::Given;
use super::super::tasks::Tasks;
use super::super::workbench::Workbench;
use super::Press;
use crate::parity::{Comparison, Kind, Pair, Report};

/// What there is to be known of the bench. It is called so to be told from the workbench.
#[derive(Clone, Copy)]
pub struct Measuring {
    /// Rounds of each workload.
    rounds: RwSignal<usize>,
    /// The kind of workload that is measured; `None` for all.
    kind: RwSignal<Option<Kind>>,
    /// What was measured here, as far as it has come.
    here: RwSignal<Option<Arc<Report>>>,
    /// What was measured natively, and where that is from.
    native: RwSignal<Given>,
    /// Where it is, while it measures.
    standing: RwSignal<Option<Standing>>,
    /// The workload that is selected, by name.
    selected: RwSignal<Option<String>>,
    /// Whether it is to end early.
    ends: StoredValue<Rc<Cell<bool>>, LocalStorage>,
    /// What measures, and reads files.
    work: Tasks,
}

/// Where the bench is.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The label of the workload.
    label: &'static str,
    /// Workloads that have been measured, and how many will have been.
    done: usize,
    of: usize,
    /// Rounds of this workload that have been done, and how many there will be; none while it warms up.
    round: u32,
    rounds: u32,
}

impl Measuring {
    /// The bench of this page; it is made when it is first looked at, and stays.
    fn of(bench: Workbench) -> Self {
        let known = bench.measuring.get_value().and_then(|known| known.downcast_ref::<Self>().copied());
        if let Some(known) = known {
            return known;
        }
        let made = bench.owner.get_value().with(Self::new);
        bench.measuring.set_value(Some(Rc::new(made)));
        made.show_state(bench);
        files::fetch_sample(made);
        made
    }

    fn new() -> Self {
        Self {
            rounds: RwSignal::new(20),
            kind: RwSignal::new(None),
            here: RwSignal::new(None),
            native: RwSignal::default(),
            standing: RwSignal::new(None),
            selected: RwSignal::new(None),
            ends: StoredValue::new_local(Rc::default()),
            work: Tasks::of_owner(),
        }
    }

    /// Keeps what the keys of the bar show.
    fn show_state(self, bench: Workbench) {
        bench.owner.get_value().with(|| {
            Effect::new(move |_| {
                let running = self.standing.with(Option::is_some);
                let blocked = running.then(|| "The bench is under way.".to_owned());
                bench.drives.bench.set(super::Drive { running, paused: false, blocked, steps: false });
            });
        });
    }

    /// Both reports, side by side.
    fn comparison(self) -> Comparison {
        self.native
            .with(|native| self.here.with(|here| Comparison::new(native.report.as_deref(), here.as_deref())))
    }

    /// The workload that is selected, or the first one that computes.
    fn shown(self) -> Option<Pair> {
        let both = self.comparison();
        let selected = self.selected.get();
        let place = |is_it: &dyn Fn(&Pair) -> bool| both.pairs.iter().position(is_it);
        let at = place(&|pair| Some(&pair.name) == selected.as_ref())
            .or_else(|| place(&|pair| pair.kind == Kind::Computing))
            .unwrap_or(0);
        both.pairs.into_iter().nth(at)
    }
}

/// The middle column.
#[inline(never)]
pub fn middle(bench: Workbench) -> AnyView {
    table::table(Measuring::of(bench))
}

/// The left column.
#[inline(never)]
pub fn left(bench: Workbench) -> AnyView {
    aside::aside(Measuring::of(bench))
}

/// The right column.
#[inline(never)]
pub fn right(bench: Workbench) -> AnyView {
    workload::workload(bench, Measuring::of(bench))
}

/// The settings in the bar.
#[inline(never)]
pub fn cells(bench: Workbench) -> AnyView {
    cells::cells(Measuring::of(bench))
}

/// A key of the bar.
#[inline(never)]
pub fn press(bench: Workbench, press: Press) {
    let measuring = Measuring::of(bench);
    match press {
        Press::Run => run::begin(bench, measuring),
        Press::Cancel => run::cancel(measuring),
        Press::Pause | Press::Step => {}
    }
}

/// Takes files that were dropped: figures to be laid beside.
#[inline(never)]
pub fn take(bench: Workbench, list: Option<web_sys::FileList>) {
    files::take(Measuring::of(bench), list);
}
