//! What every page and worker has once: the executor, the window, the global object.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::Window;

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
