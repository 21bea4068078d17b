//! The page: a package of its own over the crate, so that it is built for size and the engine for speed.
//!
//! The components are those of `src/ui/`, which see the crate's modules as they do in its own sources.

mod mount;
#[path = "../src/ui/mod.rs"]
mod ui;

use planscope::{diagnostic, examples, lang, plan, platform, search, service, step, store, trace, view};

fn main() {
    mount::mount();
}
