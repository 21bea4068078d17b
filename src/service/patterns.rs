//! Patterns in two layers: in memory, and on a disk.
//!
//! Memory answers first, and keeps what the disk answers. Once the disk has failed it is not used any more:
//! the rest of the session works in memory, and one notice says so.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use crate::cache::PatternCache;
use crate::plan::pattern::{Pattern, PatternKey};
use crate::runtime::spans;
use crate::store::{PatternRecords, PatternStore, StoreError};

/// Memory first, then the disk.
pub struct LayeredPatterns {
    cache: Rc<dyn PatternCache>,
    disk: Option<Rc<dyn PatternRecords>>,
    disk_failed: Cell<bool>,
    notices: RefCell<Vec<String>>,
    wall_clock_ms: Box<dyn Fn() -> f64>,
}

impl LayeredPatterns {
    /// Both layers, or memory alone; `wall_clock_ms` gives milliseconds since 1970.
    pub fn new(
        cache: Rc<dyn PatternCache>,
        disk: Option<Rc<dyn PatternRecords>>,
        wall_clock_ms: impl Fn() -> f64 + 'static,
    ) -> Self {
        Self {
            cache,
            disk,
            disk_failed: Cell::new(false),
            notices: RefCell::default(),
            wall_clock_ms: Box::new(wall_clock_ms),
        }
    }

    /// What a person should be told since the last call; at most one message in all.
    pub fn take_notices(&self) -> Vec<String> {
        self.notices.take()
    }

    /// The layer in memory.
    pub fn cache(&self) -> &dyn PatternCache {
        &*self.cache
    }

    async fn find(&self, key: PatternKey) -> Option<Pattern> {
        if let Some(pattern) = self.cache.get(&key) {
            return Some(pattern);
        }
        let found = self.disk()?.read(key).await;
        let pattern = self.unless_failed(found).flatten()?;
        self.cache.put(pattern.clone());
        Some(pattern)
    }

    /// Keeps a pattern that is better than the known one. Memory keeps it at once. The disk may know a still
    /// better one; it is asked afterwards, however long it takes to answer.
    async fn keep(&self, mut pattern: Pattern) {
        let key = pattern.key;
        let known = self.cache.get(&key);
        if known.as_ref().is_some_and(|known| !pattern.is_better_than(known)) {
            return;
        }
        if pattern.created_ms == 0.0 {
            pattern.created_ms = (self.wall_clock_ms)();
            pattern.last_used_ms = pattern.created_ms;
        }
        self.cache.put(pattern.clone());
        if let (None, Some(disk)) = (known, self.disk()) {
            let read = disk.read(key).await;
            let kept = self.unless_failed(read).flatten();
            if let Some(kept) = kept.filter(|kept| !pattern.is_better_than(kept)) {
                self.cache.put(kept);
                return;
            }
        }
        self.write(pattern).await;
    }

    async fn count(&self, key: PatternKey, success: bool) -> Option<Pattern> {
        let mut pattern = self.find(key).await?;
        let now_ms = (self.wall_clock_ms)();
        // A pattern that is larger than the cache is kept on the disk alone.
        pattern = self.cache.record_use(&key, success, now_ms).unwrap_or_else(|| {
            pattern.count_use(success, now_ms);
            pattern
        });
        if let Some(disk) = self.disk() {
            let noted = disk.note_use(pattern.clone()).await;
            self.unless_failed(noted);
        }
        Some(pattern)
    }

    async fn write(&self, pattern: Pattern) {
        if let Some(disk) = self.disk() {
            let written = disk.write(pattern).await;
            self.unless_failed(written);
        }
    }

    async fn forget(&self, key: PatternKey) {
        self.cache.remove(&key);
        if let Some(disk) = self.disk() {
            let deleted = disk.delete(key).await;
            self.unless_failed(deleted);
        }
    }

    fn disk(&self) -> Option<&Rc<dyn PatternRecords>> {
        self.disk.as_ref().filter(|_| !self.disk_failed.get())
    }

    fn unless_failed<T>(&self, answer: Result<T, StoreError>) -> Option<T> {
        let error = match answer {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        spans::failed(&error);
        if !self.disk_failed.replace(true) {
            let notice = format!("plans are remembered only until the planner closes: {error}");
            self.notices.borrow_mut().push(notice);
        }
        None
    }
}

impl PatternStore for LayeredPatterns {
    fn get(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        self.find(key).map(Ok).boxed_local()
    }

    fn put(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.keep(pattern).map(Ok).boxed_local()
    }

    fn record_use(
        &self,
        key: PatternKey,
        success: bool,
    ) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        self.count(key, success).map(Ok).boxed_local()
    }

    fn remove(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.forget(key).map(Ok).boxed_local()
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;
    use futures::future::ready;

    use super::*;
    use crate::cache::patterns::{HashPatternCache, laws::pattern};
    use crate::plan::pattern::Guarantee;

    #[derive(Default)]
    struct Disk {
        kept: RefCell<Vec<Pattern>>,
        is_broken: Cell<bool>,
        calls: Cell<u32>,
    }

    impl Disk {
        fn answer<T: 'static>(&self, value: T) -> LocalBoxFuture<'_, Result<T, StoreError>> {
            self.calls.set(self.calls.get() + 1);
            let broken = StoreError::Unavailable { detail: "unplugged".to_owned() };
            ready(if self.is_broken.get() { Err(broken) } else { Ok(value) }).boxed_local()
        }
    }

    impl PatternRecords for Disk {
        fn read(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
            let found = self.kept.borrow().iter().find(|kept| kept.key == key).cloned();
            self.answer(found)
        }

        fn write(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
            self.kept.borrow_mut().retain(|kept| kept.key != pattern.key);
            self.kept.borrow_mut().push(pattern);
            self.answer(())
        }

        fn note_use(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
            self.write(pattern)
        }

        fn delete(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
            self.kept.borrow_mut().retain(|kept| kept.key != key);
            self.answer(())
        }
    }

    fn layered(disk: &Rc<Disk>) -> LayeredPatterns {
        let disk: Rc<dyn PatternRecords> = Rc::clone(disk) as _;
        LayeredPatterns::new(Rc::new(HashPatternCache::default()), Some(disk), || 42.0)
    }

    #[test]
    fn a_pattern_outlives_its_session_and_is_dated() {
        let disk = Rc::new(Disk::default());
        let key = pattern("a").key;
        block_on(layered(&disk).put(pattern("a"))).unwrap();
        let later = layered(&disk);
        let found = block_on(later.get(key)).unwrap().unwrap();
        assert_eq!((found.created_ms, found.last_used_ms), (42.0, 42.0));
        block_on(later.record_use(key, true)).unwrap();
        assert_eq!(disk.kept.borrow()[0].uses, 1);
        block_on(later.remove(key)).unwrap();
        assert_eq!(block_on(layered(&disk).get(key)), Ok(None));
    }

    #[test]
    fn memory_answers_without_the_disk() {
        let disk = Rc::new(Disk::default());
        let patterns = layered(&disk);
        block_on(patterns.put(pattern("a"))).unwrap();
        let calls = disk.calls.get();
        block_on(patterns.get(pattern("a").key)).unwrap();
        assert_eq!(disk.calls.get(), calls);
    }

    #[test]
    fn a_plan_never_takes_the_place_of_an_optimal_one() {
        let patterns = layered(&Rc::new(Disk::default()));
        let optimal = Pattern { guarantee: Guarantee::Optimal, ..pattern("a") };
        block_on(patterns.put(optimal)).unwrap();
        block_on(patterns.put(pattern("a"))).unwrap();
        let kept = block_on(patterns.get(pattern("a").key)).unwrap().unwrap();
        assert_eq!(kept.guarantee, Guarantee::Optimal);
    }

    #[test]
    fn a_dearer_plan_never_takes_the_place_of_a_cheaper_one_in_memory_or_on_the_disk() {
        let disk = Rc::new(Disk::default());
        let at = |cost| Pattern { cost, ..pattern("a") };
        let patterns = layered(&disk);
        let on_disk = || disk.kept.borrow()[0].cost.to_bits();
        for (cost, kept) in [(5.0, 5f64), (7.0, 5.0), (4.0, 4.0), (4.5, 4.0)] {
            block_on(patterns.put(at(cost))).unwrap();
            let found = block_on(patterns.get(at(cost).key)).unwrap().unwrap();
            assert_eq!((found.cost.to_bits(), on_disk()), (kept.to_bits(), kept.to_bits()), "after {cost}");
        }
        // A later session does not know what is on the disk before it asks.
        let later = layered(&disk);
        block_on(later.put(at(6.0))).unwrap();
        let found = block_on(later.get(at(6.0).key)).unwrap().unwrap();
        assert_eq!((found.cost.to_bits(), on_disk()), (4f64.to_bits(), 4f64.to_bits()));
        let proven = Pattern { guarantee: Guarantee::Optimal, ..at(4.0) };
        block_on(later.put(proven)).unwrap();
        assert_eq!(disk.kept.borrow()[0].guarantee, Guarantee::Optimal);
    }

    #[test]
    fn a_failing_disk_degrades_to_memory_and_says_so_once() {
        let disk = Rc::new(Disk::default());
        disk.is_broken.set(true);
        let patterns = layered(&disk);
        block_on(patterns.put(pattern("a"))).unwrap();
        block_on(patterns.put(pattern("b"))).unwrap();
        assert!(block_on(patterns.get(pattern("a").key)).unwrap().is_some());
        assert_eq!(patterns.take_notices().len(), 1);
        assert!(patterns.take_notices().is_empty());
        assert_eq!(disk.calls.get(), 1);
    }
}
