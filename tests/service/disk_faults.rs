//! The store on a disk that fails: an I/O error at each operation in turn, a loss of power at each sync and during
//! the recovery from one, a disk that is full. Whatever was acknowledged is there afterwards, nothing is read that
//! was not written, and who asked is told what happened.

use std::collections::BTreeMap;
use std::rc::Rc;

use futures::executor::block_on;
use futures::future::join_all;
use planscope::cache::HashPatternCache;
use planscope::hash::SplitMix64;
use planscope::lang::plan::Step;
use planscope::plan::{Guarantee, Pattern, PatternKey, Use, Uses};
use planscope::platform::native::{RedbStore, StoreConfig};
use planscope::service::LayeredPatterns;
use planscope::store::{Document, DocumentId, Documents, PatternRecords, PatternStore, StoreError};

use crate::faulty_disk::{Fault, FaultyDisk};

/// Losses of power within the same sync, each of which keeps other sectors.
const TEARS: u64 = 3;

fn config() -> StoreConfig {
    StoreConfig { wall_clock_ms: || 10.0, ..StoreConfig::default() }
}

fn pattern(number: u32, cost: u32) -> Pattern {
    let key = PatternKey::new(&number.to_le_bytes(), b"", b"");
    let action = format!("{number} for {cost} ").repeat(200);
    let steps = vec![Step { action, arguments: Vec::new() }];
    let pattern = Pattern::new(key, "goal".to_owned(), steps, f64::from(cost), Guarantee::Plan);
    Pattern { created_ms: 1.0, last_used_ms: 1.0, ..pattern }
}

fn document(id: &str, revision: u64) -> Document {
    Document {
        id: DocumentId(id.to_owned()),
        name: id.to_owned(),
        text: format!("{id} {revision} ").repeat(2_000),
        problem: None,
        settings: "{}".to_owned(),
        last_result: None,
        revision,
        modified_ms: 1.0,
    }
}

/// What may be kept under a key: what was acknowledged, or what was asked for since and was not.
struct Known<V> {
    acknowledged: Option<V>,
    asked: Vec<Option<V>>,
}

impl<V> Default for Known<V> {
    fn default() -> Self {
        Self { acknowledged: None, asked: Vec::new() }
    }
}

impl<V: Clone + PartialEq> Known<V> {
    fn note<T>(&mut self, value: Option<V>, answer: &Result<T, StoreError>) {
        if answer.is_ok() {
            self.acknowledged = value;
            self.asked.clear();
        } else {
            self.asked.push(value);
        }
    }

    fn may_be(&self, found: Option<&V>) -> bool {
        self.acknowledged.as_ref() == found || self.asked.iter().any(|asked| asked.as_ref() == found)
    }
}

/// Everything that a store was asked for.
#[derive(Default)]
struct Asked {
    patterns: BTreeMap<PatternKey, Known<Pattern>>,
    documents: BTreeMap<String, Known<Document>>,
    errors: Vec<StoreError>,
}

impl Asked {
    fn keep(&mut self, store: &RedbStore, patterns: Vec<Pattern>) {
        let answers = block_on(join_all(patterns.iter().map(|pattern| store.keep(pattern.clone()))));
        for (pattern, answer) in patterns.into_iter().zip(answers) {
            self.patterns.entry(pattern.key).or_default().note(Some(pattern), &answer);
            self.errors.extend(answer.err());
        }
    }

    fn drop_pattern(&mut self, store: &RedbStore, key: PatternKey) {
        let answer = block_on(PatternRecords::delete(store, key));
        self.patterns.entry(key).or_default().note(None, &answer);
        self.errors.extend(answer.err());
    }

    fn save(&mut self, store: &RedbStore, id: &str, read_at: u64) {
        let answer = block_on(store.save(document(id, read_at)));
        let saved = Document { revision: read_at + 1, ..document(id, read_at) };
        self.documents.entry(id.to_owned()).or_default().note(Some(saved), &answer);
        self.errors.extend(answer.err());
    }

    fn delete(&mut self, store: &RedbStore, id: &str) {
        let answer = block_on(Documents::delete(store, DocumentId(id.to_owned())));
        self.documents.entry(id.to_owned()).or_default().note(None, &answer);
        self.errors.extend(answer.err());
    }

    /// Changes of all kinds. Each comes back, also from a disk that failed long ago.
    fn work(&mut self, store: &RedbStore) {
        for round in 0..3 {
            self.save(store, "a", u64::from(round));
            self.keep(store, (0..4).map(|number| pattern(10 * round + number, 5)).collect());
            self.keep(store, vec![pattern(0, 4 - round)]);
            let noted = store.note_use(pattern(0, 0).key, Uses::one(Use::Failed, 2.0));
            self.errors.extend(noted.err());
            self.errors.extend(block_on(store.read(pattern(1, 0).key)).err());
            self.save(store, &format!("b{round}"), 0);
            if round > 0 {
                self.drop_pattern(store, pattern(10 * round - 10 + 1, 0).key);
                self.delete(store, &format!("b{}", round - 1));
            }
        }
    }

    /// Opens what is left, and reads it.
    fn check(&self, contents: Vec<u8>, what: &str) {
        let store = RedbStore::on(FaultyDisk::new(contents, Fault::None), config());
        let store = store.unwrap_or_else(|error| panic!("{what}: {error}"));
        for (key, known) in &self.patterns {
            let found = block_on(store.read(*key)).unwrap_or_else(|error| panic!("{what}: {error}"));
            // Uses are promised to nobody.
            let found = found.map(|found| Pattern { uses: 0, last_used_ms: 1.0, ..found });
            assert!(known.may_be(found.as_ref()), "{what}: {key}: {:?}", found.map(|found| found.cost));
        }
        let listing = block_on(Documents::list(&store)).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(listing.problems.is_empty(), "{what}: {:?}", listing.problems);
        for (id, known) in &self.documents {
            let found = listing.documents.iter().find(|document| document.id.0 == *id).cloned();
            assert!(known.may_be(found.as_ref()), "{what}: {id}: {:?}", found.map(|found| found.revision));
        }
        block_on(store.keep(pattern(99, 1))).unwrap_or_else(|error| panic!("{what}: {error}"));
        block_on(store.save(document("after", 0))).unwrap_or_else(|error| panic!("{what}: {error}"));
    }

    /// Whether each error says what was done and why it failed.
    fn are_explained(&self, cause: &str) -> bool {
        let says = |error: &StoreError| {
            let text = error.to_string();
            text.contains(cause) && ["writing", "reading", "listing"].iter().any(|doing| text.contains(doing))
        };
        self.errors.iter().all(says)
    }
}

/// Works on a disk with a fault from its making on; answers what was asked of it, and whether it opened.
fn worked(disk: &FaultyDisk) -> (Asked, bool) {
    let mut asked = Asked::default();
    match RedbStore::on(disk.clone(), config()) {
        Ok(store) => asked.work(&store),
        Err(error) => {
            let text = error.to_string();
            assert!(text.contains("opening it: ") && text.contains("the disk failed to"), "{text}");
            return (asked, false);
        }
    }
    (asked, true)
}

/// Operations and syncs where nothing fails.
fn faultless() -> (u64, u64) {
    let disk = FaultyDisk::new(Vec::new(), Fault::None);
    let (asked, _) = worked(&disk);
    assert!(asked.errors.is_empty(), "{:?}", asked.errors);
    asked.check(disk.synced(), "without a fault");
    disk.counts()
}

#[test]
fn an_error_at_any_operation_loses_nothing_and_is_told_with_its_cause() {
    let (operations, _) = faultless();
    let (mut failed, mut unopened) = (0, 0);
    for number in 0..operations {
        // Every other operation fails once, and the others for good.
        let fault = if number % 2 == 0 { Fault::Error(number) } else { Fault::Broken(number) };
        let disk = FaultyDisk::new(Vec::new(), fault);
        let (asked, is_open) = worked(&disk);
        assert!(asked.are_explained("the disk failed to"), "{fault:?}: {:?}", asked.errors);
        failed += u64::from(!asked.errors.is_empty());
        unopened += u64::from(!is_open);
        if is_open {
            asked.check(disk.written(), &format!("{fault:?}, written"));
            asked.check(disk.synced(), &format!("{fault:?}, synced"));
        }
    }
    // Only an error while the store is closed reaches nobody.
    assert!(failed + unopened > operations * 3 / 4, "{failed} and {unopened} of {operations}");
}

#[test]
fn a_loss_of_power_at_any_sync_loses_nothing_that_was_acknowledged() {
    let (_, syncs) = faultless();
    let mut random = SplitMix64::new(3);
    for number in 0..syncs {
        let fault = Fault::PowerLoss(number);
        let disk = FaultyDisk::new(Vec::new(), fault);
        let (asked, is_open) = worked(&disk);
        assert!(asked.are_explained("the disk failed to sync"), "{fault:?}: {:?}", asked.errors);
        if !is_open {
            continue;
        }
        asked.check(disk.synced(), &format!("{fault:?}, synced"));
        asked.check(disk.written(), &format!("{fault:?}, written"));
        for tear in 0..TEARS {
            asked.check(disk.torn(&mut random), &format!("{fault:?}, torn {tear}"));
        }
    }
}

#[test]
fn a_loss_of_power_during_the_recovery_from_one_loses_nothing() {
    let (_, syncs) = faultless();
    let mut random = SplitMix64::new(5);
    let mut recoveries = 0;
    for number in (0..syncs).step_by(3) {
        let disk = FaultyDisk::new(Vec::new(), Fault::PowerLoss(number));
        let (asked, is_open) = worked(&disk);
        if !is_open {
            continue;
        }
        let torn = disk.torn(&mut random);
        for again in 0.. {
            let disk = FaultyDisk::new(torn.clone(), Fault::PowerLoss(again));
            if let Ok(store) = RedbStore::on(disk.clone(), config()) {
                drop(store);
                break;
            }
            recoveries += 1;
            let what = format!("after the syncs {number} and {again}");
            asked.check(disk.torn(&mut random), &what);
            asked.check(disk.synced(), &what);
        }
    }
    assert!(recoveries > 0, "no recovery syncs");
}

#[test]
fn a_full_disk_loses_nothing_and_is_told_as_such() {
    let empty = FaultyDisk::new(Vec::new(), Fault::None);
    drop(RedbStore::on(empty.clone(), config()).unwrap());
    let made = empty.written();
    let disk = FaultyDisk::new(made.clone(), Fault::Quota(made.len() as u64 + 300_000));
    let mut asked = Asked::default();
    let store = RedbStore::on(disk.clone(), config()).unwrap();
    let mut number = 100;
    while asked.errors.is_empty() {
        asked.keep(&store, vec![pattern(number, 1)]);
        asked.save(&store, &number.to_string(), 0);
        number += 1;
        assert!(number < 2_000, "the disk is never full");
    }
    assert!(matches!(&asked.errors[0], StoreError::Full { .. }), "{:?}", asked.errors);
    assert!(asked.errors[0].to_string().starts_with("the storage is full: writing a change: "));
    drop(store);
    asked.check(disk.written(), "full, written");
    asked.check(disk.synced(), "full, synced");
}

#[test]
fn a_planner_whose_disk_is_full_goes_on_in_memory_and_says_so_once() {
    let disk = FaultyDisk::new(Vec::new(), Fault::None);
    drop(RedbStore::on(disk.clone(), config()).unwrap());
    let made = disk.written();
    let full = FaultyDisk::new(made.clone(), Fault::Quota(made.len() as u64));
    let store: Rc<dyn PatternRecords> = Rc::new(RedbStore::on(full, config()).unwrap());
    let patterns = LayeredPatterns::new(Rc::new(HashPatternCache::default()), Some(store), || 10.0);
    let mut notices = Vec::new();
    for number in 0..300 {
        block_on(patterns.put(pattern(number, 1))).unwrap();
        block_on(patterns.record_use(pattern(number, 1).key, Use::Failed)).unwrap();
        assert!(block_on(patterns.get(pattern(number, 1).key)).unwrap().is_some());
        notices.extend(patterns.take_notices());
    }
    let [notice] = &notices[..] else { panic!("{notices:?}") };
    let begin = "plans are remembered only until the planner closes: the storage is full: writing a change: ";
    assert!(notice.starts_with(begin), "{notice}");
}
