//! The browser as the page's host, and putting the page into the document: the one file of the page that
//! knows the platform.
//!
//! A hidden page holds its runs: its timers come once a second or once a minute, and what a person
//! watches should not go on unseen. Runs of the JavaScript API go on.

use std::cell::RefCell;
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use leptos::prelude::*;

use planscope::platform::browser::engine::Engine;
use planscope::platform::browser::lab::BrowserLab;
use planscope::platform::browser::time::{now_ms, wall_clock_ms};
use planscope::platform::browser::visibility::{Visibility, on_visibility};
use planscope::platform::browser::{api, arrival, fault, figures, globals, kept, timing, warm};

use super::{App, Host};
use crate::parity::Lab;
use crate::service::{Busy, Gate, Job, Request, SystemFigures, WeakJob};
use crate::store::{Documents, Exported, Restored, StorageRoom};

/// The browser as the page sees it.
struct BrowserHost {
    engine: Rc<Engine>,
    runs: Rc<Runs>,
    _visibility: Option<Visibility>,
}

/// Runs of the page, and those that are held because the page is hidden.
#[derive(Default)]
struct Runs {
    all: RefCell<Vec<WeakJob>>,
    held: RefCell<Vec<WeakJob>>,
}

/// Mounts the page and publishes the JavaScript API as `window.planscope`.
pub fn mount() {
    fault::install_panic_hook();
    if api::publish().is_err() {
        web_sys::console::warn_1(&"planscope: the window refuses window.planscope".into());
    }
    arrival::listen();
    if globals::is_asked_for("timing") {
        globals::spawn(async {
            arrival::gate().opened().await;
            timing::start();
        });
    }
    warm::begin();
    let host: Rc<dyn Host> = Rc::new(BrowserHost::new());
    leptos::mount::mount_to_body(move || view! { <App host=Rc::clone(&host) /> });
}

impl BrowserHost {
    fn new() -> Self {
        let runs = Rc::new(Runs::default());
        let watched = Rc::clone(&runs);
        let visibility =
            on_visibility(move |is_visible| if is_visible { watched.release() } else { watched.hold() });
        Self { engine: Engine::shared(), runs, _visibility: visibility }
    }
}

impl Host for BrowserHost {
    fn submit(&self, request: Request) -> Result<Job, Busy> {
        let job = self.engine.submit(request)?;
        self.runs.add(&job);
        Ok(job)
    }

    fn gate(&self) -> Rc<Gate> {
        arrival::gate()
    }

    fn fetch_engine(&self) {
        arrival::fetch_again();
    }

    fn lab(&self) -> Box<dyn Lab> {
        Box::new(BrowserLab::open())
    }

    fn documents(&self) -> Rc<dyn Documents> {
        Rc::clone(&self.engine.documents) as _
    }

    fn figures(&self) -> SystemFigures {
        figures::figures(&self.engine)
    }

    fn storage(&self) -> LocalBoxFuture<'static, StorageRoom> {
        figures::storage(Rc::clone(&self.engine))
    }

    fn export_all(&self) -> LocalBoxFuture<'static, Result<Exported, String>> {
        kept::export(Rc::clone(&self.engine))
    }

    fn import_all(&self, bytes: Vec<u8>) -> LocalBoxFuture<'static, Result<Restored, String>> {
        kept::import(Rc::clone(&self.engine), bytes)
    }

    fn now_ms(&self) -> f64 {
        now_ms()
    }

    fn wall_clock_ms(&self) -> f64 {
        wall_clock_ms()
    }

    fn random(&self) -> u64 {
        // Two draws of 32 bits; ids of documents need to be distinct, not secret.
        let draw = || (js_sys::Math::random() * 4_294_967_296.0) as u64;
        draw() << 32 | draw()
    }
}

impl Runs {
    fn add(&self, job: &Job) {
        let mut all = self.all.borrow_mut();
        all.retain(|job| is_under_way(job).is_some());
        all.push(job.downgrade());
    }

    fn hold(&self) {
        for job in self.all.borrow().iter().filter_map(is_under_way) {
            if !job.progress().paused {
                job.pause();
                self.held.borrow_mut().push(job.downgrade());
            }
        }
    }

    fn release(&self) {
        for job in self.held.take().iter().filter_map(is_under_way) {
            job.resume();
        }
    }
}

fn is_under_way(job: &WeakJob) -> Option<Job> {
    job.upgrade().filter(|job| job.response().is_none())
}
