//! Fills a [`Trace`](super::Trace) from the search's events.

/// Records a search.
#[derive(Debug, Default)]
pub struct Recorder {}
