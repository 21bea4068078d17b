//! Spans and events: what happens, under the same names on every platform. They are made here and nowhere else.
//!
//! Whoever listens is the platform's: natively a log or a console, in a browser its performance timeline. Where nobody
//! does, making a span is one look at a number. A span is entered only while code runs that does not wait, or around a
//! future each time that is polled; it is never held across an await. What is traced takes microseconds at least:
//! expansions are not.
//!
//! | name | kind | level | what it is | fields |
//! |---|---|---|---|---|
//! | `http` | span | info | a request over HTTP, natively | `request_id`, `method`, `path` |
//! | `request` | span | info | a job, from its submission to its answer | `id` |
//! | `queue` | span | debug | its wait for a place, for the engine's code and for its turn | |
//! | `phase` | span | debug | a phase of its work | `phase`: `parse`, `ground`, `search`, `validate` |
//! | `slice` | span | trace | work between two turns of the event loop | |
//! | `cache` | event | debug | something was looked for that may have been kept | `cache`: `task`, `pattern`, `near`; `found` |
//! | `store` | span | debug | a call of the store of kept plans | `operation`: `find`, `keep`, `count`, `forget` |
//! | `answered` | event | debug | the job is answered | `outcome` |
//! | `failed` | event | error | a part of the planner failed | `error`, with its causes |
//! | `summary` | event | info | what a server has done, when it ends | its figures |
//!
//! The target of each is `planscope::` and its name, so that a log can be told to show one of them and not another.

use core::error::Error;
use std::fmt::Write;

use tracing::{Level, Span, event, span};

/// A request over HTTP.
pub const HTTP: &str = "http";
/// A job.
pub const REQUEST: &str = "request";
/// A job's wait.
pub const QUEUE: &str = "queue";
/// A phase of a job.
pub const PHASE: &str = "phase";
/// Work between two turns of the event loop.
pub const SLICE: &str = "slice";
/// A look into a cache.
pub const CACHE: &str = "cache";
/// A call of the store.
pub const STORE: &str = "store";
/// An answer.
pub const ANSWERED: &str = "answered";
/// A failure.
pub const FAILED: &str = "failed";
/// What a server has done.
pub const SUMMARY: &str = "summary";

/// Targets of what has each of these names begin with this.
pub const TARGETS: &str = "planscope::";

/// A request over HTTP. Its parent is the span that is entered.
pub fn http(request_id: &str, method: &str, path: &str) -> Span {
    span!(target: "planscope::http", Level::INFO, HTTP, request_id, method, path)
}

/// A job of this number. Its parent is the span that is entered.
pub fn request(id: u64) -> Span {
    span!(target: "planscope::request", Level::INFO, REQUEST, id)
}

/// The wait of a job.
pub fn queue(request: &Span) -> Span {
    span!(target: "planscope::queue", parent: request, Level::DEBUG, QUEUE)
}

/// A phase of a job.
pub fn phase(request: &Span, phase: &'static str) -> Span {
    span!(target: "planscope::phase", parent: request, Level::DEBUG, PHASE, phase)
}

/// A slice of what is entered.
pub fn slice() -> Span {
    span!(target: "planscope::slice", Level::TRACE, SLICE)
}

/// Something was looked for in a cache.
pub fn cache(cache: &'static str, found: bool) {
    event!(name: CACHE, target: "planscope::cache", Level::DEBUG, cache, found);
}

/// A call of the store.
pub fn store(operation: &'static str) -> Span {
    span!(target: "planscope::store", Level::DEBUG, STORE, operation)
}

/// The job of a span was answered.
pub fn answered(request: &Span, outcome: &'static str) {
    event!(name: ANSWERED, target: "planscope::answered", parent: request, Level::DEBUG, outcome);
}

/// A part of the planner failed, while what is entered was done.
pub fn failed(error: &dyn Error) {
    // The text is made only where somebody listens.
    if tracing::enabled!(target: "planscope::failed", Level::ERROR) {
        event!(name: FAILED, target: "planscope::failed", Level::ERROR, error = chain(error).as_str());
    }
}

/// An error and its causes, each behind a colon.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut at = error;
    while let Some(cause) = at.source() {
        // A string takes what is written.
        let _ = write!(text, ": {cause}");
        at = cause;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("a request failed")]
    struct Outer(#[source] Middle);

    #[derive(Debug, thiserror::Error)]
    #[error("its store failed")]
    struct Middle(#[source] std::fmt::Error);

    #[test]
    fn an_error_is_told_with_all_its_causes() {
        let error = Outer(Middle(std::fmt::Error));
        let cause = std::fmt::Error.to_string();
        assert_eq!(chain(&error), format!("a request failed: its store failed: {cause}"));
    }
}
