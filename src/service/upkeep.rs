//! What the store of kept plans is told once a job is answered: no answer waits for it.

use crate::plan::{Pattern, PatternKey};
use crate::store::PatternStore;

/// What the store is told once the job is answered.
pub(super) enum Upkeep {
    /// A plan was found.
    Keep(Pattern),
    /// A kept plan answered.
    Used(PatternKey),
    /// A kept plan does not hold.
    Forget(PatternKey),
}

impl Upkeep {
    /// Tells the store. What cannot be kept costs a search later, nothing else.
    pub(super) async fn tell(self, patterns: &dyn PatternStore) {
        let _ = match self {
            Self::Keep(pattern) => patterns.put(pattern).await,
            Self::Used(key) => patterns.record_use(key, true).await.map(|_| ()),
            Self::Forget(key) => patterns.remove(key).await,
        };
    }
}
