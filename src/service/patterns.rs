//! Patterns in two layers: in memory, and on a disk.
//!
//! Memory answers first, and keeps what the disk answers. Once the disk has failed it is not used any more:
//! the rest of the session works in memory, and one notice says so.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::FutureExt;
use futures::future::{LocalBoxFuture, ready};

use crate::cache::PatternCache;
use crate::plan::pattern::{Pattern, PatternKey, Use, Uses};
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
        let known = self.cache.get(&key);
        let is_known = known.is_some();
        let pattern = match known {
            Some(pattern) => pattern,
            None => self.unless_failed(self.disk()?.read(key).await).flatten()?,
        };
        if pattern.is_forgotten((self.wall_clock_ms)()) {
            self.forget(key).await;
            return None;
        }
        if !is_known {
            self.cache.put(pattern.clone());
        }
        Some(pattern)
    }

    /// Keeps a pattern that is better than the known one. Memory keeps it at once. The disk may know a still
    /// better one; then memory learns of it, however long the disk takes to answer.
    async fn keep(&self, mut pattern: Pattern) {
        if pattern.created_ms == 0.0 {
            pattern.created_ms = (self.wall_clock_ms)();
            pattern.last_used_ms = pattern.created_ms;
        }
        if !self.cache.put(pattern.clone()) {
            return;
        }
        if let Some(disk) = self.disk() {
            let kept = disk.keep(pattern).await;
            if let Some(better) = self.unless_failed(kept).flatten() {
                self.cache.put(better);
            }
        }
    }

    fn count(&self, key: PatternKey, used: Use) {
        let uses = Uses::one(used, (self.wall_clock_ms)());
        self.cache.count(&key, &uses);
        if let Some(disk) = self.disk() {
            self.unless_failed(disk.note_use(key, uses));
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

    fn record_use(&self, key: PatternKey, used: Use) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.count(key, used);
        ready(Ok(())).boxed_local()
    }

    fn remove(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.forget(key).map(Ok).boxed_local()
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;

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

        fn keep(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
            let known = self.kept.borrow().iter().find(|kept| kept.key == pattern.key).cloned();
            if let Some(better) = known.filter(|known| !pattern.is_better_than(known)) {
                return self.answer(Some(better));
            }
            self.kept.borrow_mut().retain(|kept| kept.key != pattern.key);
            self.kept.borrow_mut().push(pattern);
            self.answer(None)
        }

        fn note_use(&self, key: PatternKey, uses: Uses) -> Result<(), StoreError> {
            self.kept
                .borrow_mut()
                .iter_mut()
                .filter(|kept| kept.key == key)
                .for_each(|kept| kept.count(&uses));
            self.answer(()).now_or_never().expect("it answers at once")
        }

        fn delete(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
            self.kept.borrow_mut().retain(|kept| kept.key != key);
            self.answer(())
        }

        fn list_after(
            &self,
            _: Option<PatternKey>,
            _: usize,
        ) -> LocalBoxFuture<'_, Result<Vec<Pattern>, StoreError>> {
            self.answer(self.kept.borrow().clone())
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
        block_on(later.record_use(key, Use::Held { saved_ms: 5.0 })).unwrap();
        block_on(later.record_use(key, Use::Failed)).unwrap();
        let used = Pattern { uses: 2, successes: 1, saved_ms: 5.0, ..found };
        assert_eq!(disk.kept.borrow()[0], used);
        assert_eq!(block_on(later.get(key)), Ok(Some(used)), "in memory too");
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
    fn what_nobody_has_used_for_thirty_days_is_gone_from_memory_and_from_the_disk() {
        let disk = Rc::new(Disk::default());
        let now_ms = Rc::new(Cell::new(1e12));
        let session = || {
            let (disk, now_ms) = (Rc::clone(&disk) as Rc<dyn PatternRecords>, Rc::clone(&now_ms));
            LayeredPatterns::new(Rc::new(HashPatternCache::default()), Some(disk), move || now_ms.get())
        };
        let day = 24.0 * 3_600e3;
        let (a, b) = (pattern("a").key, pattern("b").key);
        let first = session();
        block_on(first.put(pattern("a"))).unwrap();
        block_on(first.put(pattern("b"))).unwrap();
        now_ms.set(1e12 + 20.0 * day);
        block_on(first.record_use(b, Use::Held { saved_ms: 1.0 })).unwrap();
        now_ms.set(1e12 + 30.0 * day);
        assert!(block_on(first.get(a)).unwrap().is_some(), "thirty days are not too many");
        now_ms.set(1e12 + 31.0 * day);
        assert_eq!(block_on(first.get(a)), Ok(None));
        assert_eq!(first.cache().get(&a), None);
        assert_eq!(disk.kept.borrow().len(), 1);
        assert!(block_on(session().get(b)).unwrap().is_some());
        now_ms.set(1e12 + 51.0 * day);
        assert_eq!(block_on(session().get(b)), Ok(None), "a session that has it from the disk");
        assert!(disk.kept.borrow().is_empty());
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
