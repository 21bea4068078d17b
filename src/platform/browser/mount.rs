//! The page: the host of `ui`, and putting the page into the document.

use std::rc::Rc;

use leptos::prelude::*;

use super::engine::Engine;
use super::time::{now_ms, wall_clock_ms};
use super::{api, fault};
use crate::service::{Busy, Job, Request};
use crate::store::Documents;
use crate::ui::{App, Host};

/// This browser, as the page sees it.
struct BrowserHost(Rc<Engine>);

impl Host for BrowserHost {
    fn submit(&self, request: Request) -> Result<Job, Busy> {
        self.0.service.submit(request)
    }

    fn documents(&self) -> Rc<dyn Documents> {
        Rc::clone(&self.0.documents) as _
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

/// Mounts the page and publishes the JavaScript API as `window.planscope`.
pub fn mount() {
    fault::install_panic_hook();
    if let Err(error) = api::publish() {
        web_sys::console::warn_1(&error);
    }
    let host: Rc<dyn Host> = Rc::new(BrowserHost(Engine::shared()));
    leptos::mount::mount_to_body(move || view! { <App host=Rc::clone(&host) /> });
}
