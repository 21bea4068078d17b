//! The page: Leptos components, one a file, over a small [`Host`].
//!
//! The page never imports the platform: what it needs of it stands in [`Host`]. What the page
//! knows stands in [`workbench::Workbench`], a handle of signals over plain data that components
//! are given; pure figures and words come from [`crate::view`].

#![expect(
    clippy::large_types_passed_by_value,
    reason = "handles of signals are small but for what debug builds note in them"
)]

pub mod app;
pub mod bar;
pub mod check;
pub mod checker;
pub mod dividers;
pub mod editor;
pub mod files;
pub mod frame;
pub mod gallery;
pub mod gallery_more;
pub mod gallery_view;
pub mod help;
pub mod icon;
pub mod import;
pub mod live;
pub mod notices;
pub mod outcome;
pub mod phone;
pub mod popup;
pub mod problem;
pub mod prose;
pub mod readout;
pub mod result;
pub mod runner;
pub mod scope;
pub mod scope_pane;
pub mod sheet;
pub mod shelf;
pub mod switch;
pub mod tasks;
pub mod theme;
pub mod trace_handle;
pub mod workbench;

use std::rc::Rc;

pub use app::App;

pub use crate::service::Busy;
use crate::service::{Gate, Job, Request};
use crate::store::Documents;

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

    /// The documents kept in this browser.
    fn documents(&self) -> Rc<dyn Documents>;

    /// Milliseconds on a monotonic clock.
    fn now_ms(&self) -> f64;

    /// Milliseconds since 1970.
    fn wall_clock_ms(&self) -> f64;

    /// 64 random bits, for ids.
    fn random(&self) -> u64;
}
