//! What Run, Pause, Step and Cancel drive: the search, or the view that is open.

use leptos::prelude::*;

use super::super::runner::How;
use super::super::workbench::Workbench;
use super::{Drive, Mode, batch, bench};

/// A press of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    Run,
    /// Pause what is under way, or let it go on.
    Pause,
    Step,
    Cancel,
}

impl Workbench {
    /// Where that stands which the keys drive.
    pub fn drive(self) -> Drive {
        match self.driven() {
            Mode::Batch => self.drives.batch.get(),
            Mode::Bench => self.drives.bench.get(),
            Mode::Search | Mode::System => Drive {
                running: self.running.get(),
                paused: self.paused.get(),
                blocked: self.blocked.get(),
                steps: self.shelf.open.with(Option::is_some),
            },
        }
    }

    /// The view that the keys drive. A view without work of its own leaves them to the search.
    fn driven(self) -> Mode {
        match self.sheet.mode.get() {
            mode if mode.sides().is_none() || self.browsing.get() => Mode::Search,
            mode => mode,
        }
    }

    /// Does what a key says, where that is possible.
    pub fn press(self, press: Press) {
        let mode = untrack(move || self.driven());
        if mode != Mode::Search && !self.has_engine.get_untracked() {
            return;
        }
        match (mode, press) {
            (Mode::Batch, press) => batch::press(self, press),
            (Mode::Bench, press) => bench::press(self, press),
            (Mode::Search | Mode::System, Press::Run) => self.run(How::Plain),
            (Mode::Search | Mode::System, Press::Pause) => self.runner.pause_or_resume(),
            (Mode::Search | Mode::System, Press::Step) => self.step(),
            (Mode::Search | Mode::System, Press::Cancel) => self.runner.cancel(),
        }
    }
}
