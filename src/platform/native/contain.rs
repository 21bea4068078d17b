//! Keeps a panic in somebody else's code from ending the process.
//!
//! A damaged database file can trip an assertion in the database library. That is an error about
//! a file, not a fault of ours: it is caught, and nothing is printed.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// The answer of `work`, or what it panicked with. Whatever `work` touched must not be used after
/// a panic.
///
/// # Errors
/// The message of the panic.
pub fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                usual(info);
            }
        }));
    });
    let was_quiet = IS_QUIET.replace(true);
    let answer = panic::catch_unwind(AssertUnwindSafe(work));
    IS_QUIET.set(was_quiet);
    answer.map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it panicked".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        assert_eq!(contained(|| 1), Ok(1));
        assert_eq!(contained(|| -> u8 { panic!("page 3") }), Err("page 3".to_owned()));
    }
}
