//! What every page and worker has once: the executor, the window, the global object.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{Storage, Window};

/// Runs `future` on this thread's event loop.
#[expect(clippy::disallowed_methods, reason = "this is where the browser spawns")]
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(future);
}

/// The window; `None` in a worker.
#[expect(clippy::disallowed_methods, reason = "this is where the window is reached")]
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// A property of the global object that is an object; `None` where there is none, or where the
/// browser forbids to look.
pub fn global<T: JsCast>(name: &str) -> Option<T> {
    let found = Reflect::get(&js_sys::global(), &name.into()).ok()?;
    found.is_object().then(|| found.unchecked_into())
}

/// Whether the page's address has `?name`, or `localStorage` has `planscope.name`.
pub fn is_asked_for(name: &str) -> bool {
    let search = window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    let in_address = search.split(['?', '&']).any(|asked| asked == name);
    let key = format!("planscope.{name}");
    in_address
        || global::<Storage>("localStorage").is_some_and(|kept| matches!(kept.get_item(&key), Ok(Some(_))))
}
