//! The tables of a store, as redb knows them.

use redb::TableDefinition;

pub(super) type Key = &'static [u8; 48];
pub(super) const PATTERNS: TableDefinition<'_, Key, &[u8]> = TableDefinition::new("patterns");
pub(super) const PATTERN_USES: TableDefinition<'_, Key, (u64, u64)> = TableDefinition::new("pattern_uses");
pub(super) const DOCUMENTS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("documents");

/// Why an operation on the database failed.
pub(super) type Failure = redb::Error;

/// Any of redb's errors as one.
pub(super) fn failure(error: impl Into<redb::Error>) -> Failure {
    error.into()
}
