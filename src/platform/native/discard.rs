//! Taking large things apart beside what goes on.

use std::any::Any;
use std::thread;

/// Takes something apart beside what goes on, and does not keep the process from ending.
pub(super) fn discard(what: Box<dyn Any + Send>) {
    let spawned = thread::Builder::new().spawn(move || drop(what));
    // Without a thread, it was taken apart here.
    drop(spawned);
}
