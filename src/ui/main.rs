//! The page: Leptos components, one a file, over a small [`Host`].
//!
//! A package of its own over the crate, so that it is built for size and the engine for speed. Its
//! files see the modules of `planscope` as `crate::`, like all others in `src/`.
//!
//! The page never imports the platform, but for [`mount`]: what it needs of it stands in [`Host`].
//! What the page knows stands in [`workbench::Workbench`], a handle of signals over plain data that
//! components are given; pure figures and words come from [`crate::view`].

#![expect(
    clippy::large_types_passed_by_value,
    reason = "handles of signals are small but for what debug builds note in them"
)]

mod app;
mod bar;
mod check;
mod checker;
mod dialog;
mod dividers;
mod drive;
mod editor;
mod files;
mod focus;
mod gallery;
mod gallery_more;
mod gallery_open;
mod gallery_view;
mod growing_tree;
mod help;
mod history;
mod icon;
mod import;
mod keep;
mod keys;
mod live;
mod modes;
mod mount;
mod notices;
mod outcome;
mod outdated;
mod phone;
mod popup;
mod problem;
mod prose;
mod readout;
mod result;
mod run_scope;
mod runner;
mod scope;
mod scope_pane;
mod sheet;
mod shelf;
mod switch;
mod tasks;
mod theme;
mod ticks;
mod trace_handle;
mod workbench;

use std::rc::Rc;

use app::App;
use futures::future::LocalBoxFuture;
use planscope::{
    diagnostic, examples, ground, lang, parity, plan, runtime, score, search, service, step, store, trace,
    view,
};

use crate::parity::Lab;
pub use crate::service::Busy;
use crate::service::{Gate, Job, Request, SystemFigures};
use crate::store::{Documents, Exported, Restored, StorageRoom};

/// What the page needs of its platform.
pub trait Host {
    /// Puts a request into the service's queue.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    fn submit(&self, request: Request) -> Result<Job, Busy>;

    /// What holds work back until the engine's code is there.
    fn gate(&self) -> Rc<Gate>;

    /// Tries again to fetch the engine's code.
    fn fetch_engine(&self);

    /// What the bench measures with. The engine's code must be there.
    fn lab(&self) -> Box<dyn Lab>;

    /// The documents kept in this browser.
    fn documents(&self) -> Rc<dyn Documents>;

    /// What the planner does now, and what it has done since the page was opened. The engine's code must be there.
    fn figures(&self) -> SystemFigures;

    /// How much is kept in this browser. The engine's code must be there.
    fn storage(&self) -> LocalBoxFuture<'static, StorageRoom>;

    /// Everything that this browser keeps, as one file; a sentence where it cannot be read. Only once the engine's code
    /// is there.
    fn export_all(&self) -> LocalBoxFuture<'static, Result<Exported, String>>;

    /// Puts the contents of such a file beside what is kept; a sentence where it does not read. Only once the engine's
    /// code is there.
    fn import_all(&self, bytes: Vec<u8>) -> LocalBoxFuture<'static, Result<Restored, String>>;

    /// Milliseconds on a monotonic clock.
    fn now_ms(&self) -> f64;

    /// Milliseconds since 1970.
    fn wall_clock_ms(&self) -> f64;

    /// 64 random bits, for ids.
    fn random(&self) -> u64;
}

fn main() {
    mount::mount();
}
