//! Changes to the store of kept plans, made once a job is answered: no answer waits for them.

use crate::plan::{Pattern, PatternKey};
use crate::store::PatternStore;

/// A change to the store.
pub(super) enum Upkeep {
    /// A plan was found: keep it.
    Keep(Pattern),
    /// A kept plan answered a request: count the use.
    Used(PatternKey),
    /// A kept plan does not hold: drop it.
    Forget(PatternKey),
}

impl Upkeep {
    /// Makes the change. A failure costs a later search, and nothing else.
    pub(super) async fn apply(self, patterns: &dyn PatternStore) {
        let _ = match self {
            Self::Keep(pattern) => patterns.put(pattern).await,
            Self::Used(key) => patterns.record_use(key, true).await.map(|_| ()),
            Self::Forget(key) => patterns.remove(key).await,
        };
    }
}
