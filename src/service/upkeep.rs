//! Changes to the store of kept plans, made once a job is answered: no answer waits for them.

use tracing::Instrument;

use crate::plan::{Pattern, PatternKey, Use};
use crate::runtime::spans;
use crate::store::PatternStore;

/// A change to the store.
pub(super) enum Upkeep {
    /// A plan was found: keep it.
    Keep(Pattern),
    /// A kept plan answered a request or a part of one, or was tried for that: count the use.
    Used(PatternKey, Use),
    /// A kept plan does not hold: drop it.
    Forget(PatternKey),
}

impl Upkeep {
    /// Makes the change. A failure costs a later search, and nothing else.
    pub(super) async fn apply(self, patterns: &dyn PatternStore) {
        let done = match self {
            Self::Keep(pattern) => patterns.put(pattern).instrument(spans::store("keep")).await,
            Self::Used(key, used) => patterns.record_use(key, used).instrument(spans::store("count")).await,
            Self::Forget(key) => patterns.remove(key).instrument(spans::store("forget")).await,
        };
        if let Err(error) = done {
            spans::failed(&error);
        }
    }
}
