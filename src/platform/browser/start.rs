//! What the package does when it is loaded: nothing but listen for panics.

use wasm_bindgen::prelude::wasm_bindgen;

/// Runs once, when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    super::fault::install_panic_hook();
}
