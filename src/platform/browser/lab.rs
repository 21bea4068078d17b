//! This browser as the bench needs it.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use js_sys::{ArrayBuffer, WebAssembly};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Navigator, Response, Storage};

use super::database::Database;
use super::globals::{global, spawn, window};
use super::idb;
use super::patterns::IdbPatterns;
use super::time::wall_clock_ms;
use super::warm;
use super::yielder::pacing;
use crate::cache::{HashPatternCache, PatternCache};
use crate::parity::{Disk, Lab, Machine, Platform};
use crate::plan::Pattern;
use crate::runtime::Pacing;
use crate::store::StoreError;

/// The database of the bench. One that an earlier bench left behind is deleted first.
const NAME: &str = "planscope-bench";

/// Browsers by what stands before their version in the text that they tell of themselves, the most telling first.
const BROWSERS: [(&str, &str); 5] = [
    ("Firefox/", "Firefox"),
    ("Edg/", "Edge"),
    ("HeadlessChrome/", "Chromium, headless,"),
    ("Chrome/", "Chromium"),
    ("Version/", "Safari"),
];

/// This page.
pub struct BrowserLab {
    pacing: Pacing,
}

impl BrowserLab {
    /// Opens a channel to yield through. Nothing else of the engine's runs of its own accord from now on.
    pub fn open() -> Self {
        warm::end();
        Self { pacing: pacing() }
    }
}

impl Lab for BrowserLab {
    fn pacing(&self) -> Pacing {
        self.pacing.clone()
    }

    fn wall_clock_ms(&self) -> f64 {
        wall_clock_ms()
    }

    fn machine(&self) -> Machine {
        let navigator: Option<Navigator> = global("navigator");
        let told = navigator.as_ref().and_then(|navigator| navigator.user_agent().ok()).unwrap_or_default();
        let system =
            told.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(system, _)| system);
        let optimised = if cfg!(debug_assertions) { "not optimised" } else { "optimised" };
        Machine {
            platform: Platform::Browser,
            name: browser(&told),
            threads: navigator.map_or(0.0, |navigator| navigator.hardware_concurrency()) as u32,
            target: format!("WebAssembly, {system}"),
            build: format!("planscope {}, {optimised}", env!("CARGO_PKG_VERSION")),
        }
    }

    fn spawn(&self, future: LocalBoxFuture<'static, ()>) {
        spawn(future);
    }

    fn patterns(&self) -> Rc<dyn PatternCache> {
        Rc::new(HashPatternCache::default())
    }

    fn disk(&self) -> Result<Disk, StoreError> {
        forget();
        let patterns = Rc::new(IdbPatterns::new(Database::new(NAME)));
        Ok(Disk { patterns, deletes: Box::new(Scratch) })
    }

    fn domain(&self, example: &'static str) -> LocalBoxFuture<'_, Result<Arc<str>, String>> {
        async move {
            let file = ["./examples/pddl/", example, ".domain.pddl"].concat();
            let text = fetched(&file).await;
            text.map(Into::into).ok_or_else(|| format!("{file} is out of reach"))
        }
        .boxed_local()
    }

    fn held_bytes(&self) -> Option<u64> {
        let memory: WebAssembly::Memory = wasm_bindgen::memory().dyn_into().ok()?;
        let buffer: ArrayBuffer = memory.buffer().dyn_into().ok()?;
        Some(u64::from(buffer.byte_length()))
    }

    fn lookups(&self, _: &[Pattern], _: usize, _: usize) -> Option<Vec<Duration>> {
        None
    }
}

/// The browser and its version.
fn browser(told: &str) -> String {
    let known = BROWSERS.iter().find_map(|(mark, name)| {
        let version = told.split_once(mark)?.1;
        let end = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
        Some(format!("{name} {}", &version[..end]))
    });
    known.unwrap_or_else(|| "a browser that is not known".to_owned())
}

/// The text of a file beside the page.
async fn fetched(file: &str) -> Option<String> {
    let answer: Response = JsFuture::from(window()?.fetch_with_str(file)).await.ok()?.dyn_into().ok()?;
    let text = answer.ok().then(|| answer.text().ok()).flatten()?;
    JsFuture::from(text).await.ok()?.as_string()
}

/// Deletes the database of the bench, and what is remembered of it.
fn forget() {
    if let Ok(factory) = idb::factory() {
        // A later bench deletes what is left over.
        let _ = factory.delete_database(NAME);
    }
    if let Some(storage) = global::<Storage>("localStorage") {
        let _ = storage.remove_item(&[NAME, ".sentinel"].concat());
    }
}

/// Deletes the database of the bench when it is dropped. The connection to it is closed by then.
struct Scratch;

impl Drop for Scratch {
    fn drop(&mut self) {
        forget();
    }
}
