//! The store on a native disk, and the faults it survives.

use std::fs;
use std::path::Path;
use std::time::Duration;

use futures::FutureExt;
use futures::executor::block_on;
use futures::future::try_join_all;
use planscope::hash::SplitMix64;
use planscope::lang::goap::model::Value;
use planscope::lang::plan::Step;
use planscope::plan::pattern::UNUSED_MS_MAX;
use planscope::plan::{Guarantee, Pattern, PatternKey, Use, Uses};
use planscope::platform::native::redb_store::FILE_NAME;
use planscope::platform::native::{RedbStore, StoreConfig};
use planscope::store::{Document, DocumentId, Documents, PatternRecords, StoreError};

/// A store of a time at which the patterns of these tests are not old.
fn config() -> StoreConfig {
    StoreConfig { wall_clock_ms: || 10.0, ..StoreConfig::default() }
}

fn open(folder: &Path) -> RedbStore {
    let opened = RedbStore::open_with(folder, config());
    assert!(opened.notices.is_empty(), "{:?}", opened.notices);
    opened.store.expect("a store")
}

fn pattern(name: &str, last_used_ms: f64) -> Pattern {
    let steps = vec![Step { action: name.to_owned(), arguments: vec![Value::Float(0.1), Value::Int(-1)] }];
    let key = PatternKey::new(name.as_bytes(), b"", b"");
    let pattern = Pattern::new(key, "goal".to_owned(), steps, 0.1 + 0.2, Guarantee::Optimal);
    Pattern { last_used_ms, ..pattern }
}

fn document(revision: u64) -> Document {
    Document {
        id: DocumentId("a".to_owned()),
        name: "Wood".to_owned(),
        text: "{}".to_owned(),
        problem: None,
        settings: "{}".to_owned(),
        last_result: None,
        revision,
        modified_ms: 1.0,
    }
}

#[test]
fn patterns_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let (kept, gone) = (pattern("kept", 1.0), pattern("gone", 2.0));
    let store = open(folder.path());
    block_on(store.keep(kept.clone())).unwrap();
    block_on(store.keep(gone.clone())).unwrap();
    block_on(PatternRecords::delete(&store, gone.key)).unwrap();
    drop(store);
    let store = open(folder.path());
    assert_eq!(block_on(store.read(kept.key)), Ok(Some(kept)));
    assert_eq!(block_on(store.read(gone.key)), Ok(None));
}

/// Uses of a pattern, all successful and at the same time.
fn held(times: u32, last_ms: f64) -> Uses {
    Uses { successes: times, failures: 0, saved_ms: f64::from(times), last_ms }
}

#[test]
fn uses_that_are_noted_are_there_after_an_orderly_end() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let key = pattern("a", 1.0).key;
    block_on(store.keep(pattern("a", 1.0))).unwrap();
    for at in 0..7 {
        store.note_use(key, held(1, 3.0 + f64::from(at))).unwrap();
    }
    store.note_use(key, Uses::one(Use::Failed, 4.0)).unwrap();
    // Nobody knows the pattern of these.
    store.note_use(pattern("b", 1.0).key, held(1, 1.0)).unwrap();
    drop(store);
    let used = Pattern { uses: 8, successes: 7, saved_ms: 7.0, ..pattern("a", 9.0) };
    assert_eq!(block_on(open(folder.path()).read(key)), Ok(Some(used)));
}

#[test]
fn a_use_commits_nothing_by_itself_and_goes_with_the_next_change_or_after_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let key = pattern("a", 1.0).key;
    let long = StoreConfig { uses_wait: Duration::from_hours(1), ..config() };
    let store = RedbStore::open_with(folder.path(), long).store.unwrap();
    block_on(store.keep(pattern("a", 1.0))).unwrap();
    (0..100).for_each(|_| store.note_use(key, held(1, 2.0)).unwrap());
    assert_eq!((store.figures().batches, store.counters().uses_written), (1, 0));
    block_on(store.keep(pattern("b", 1.0))).unwrap();
    assert_eq!((store.figures().batches, store.counters().uses_written), (2, 100));
    assert_eq!(block_on(store.read(key)).unwrap().unwrap().uses, 100);
    drop(store);
    let short = StoreConfig { uses_wait: Duration::from_millis(1), ..config() };
    let store = RedbStore::open_with(folder.path(), short).store.unwrap();
    store.note_use(key, held(5, 3.0)).unwrap();
    while block_on(store.read(key)).unwrap().unwrap().uses < 105 {
        std::thread::yield_now();
    }
}

#[test]
fn uses_of_many_patterns_are_written_without_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let long = StoreConfig { uses_wait: Duration::from_hours(1), ..config() };
    let store = RedbStore::open_with(folder.path(), long).store.unwrap();
    let patterns: Vec<_> = (0..300).map(|number| pattern(&number.to_string(), 1.0)).collect();
    block_on(try_join_all(patterns.iter().map(|pattern| store.keep(pattern.clone())))).unwrap();
    patterns.iter().for_each(|pattern| store.note_use(pattern.key, held(1, 2.0)).unwrap());
    while store.counters().uses_written < 256 {
        std::thread::yield_now();
    }
}

#[test]
fn changes_that_wait_go_into_one_transaction() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let changes = (0..200).map(|number| store.keep(pattern(&number.to_string(), 1.0)));
    block_on(try_join_all(changes)).unwrap();
    let (figures, counters) = (store.figures(), store.counters());
    assert_eq!((figures.written, figures.waiting, figures.lost), (200, 0, 0));
    assert_eq!(counters.patterns.map(|(patterns, _)| patterns), Some(200));
    assert!(figures.batches < 20 && counters.largest_batch > 20, "{figures:?}, {counters:?}");
}

#[test]
fn who_finds_no_place_waits_and_gets_one() {
    let folder = tempfile::tempdir().unwrap();
    // A place for two changes, and room for less than one.
    let config = StoreConfig { orders: 2, order_bytes: 1_024, ..config() };
    let store = RedbStore::open_with(folder.path(), config).store.unwrap();
    let large = |number: i32| {
        let step = Step { action: "x".repeat(10_000), arguments: Vec::new() };
        Pattern { steps: vec![step].into(), ..pattern(&number.to_string(), 1.0) }
    };
    let mut changes: Vec<_> = (0..50).map(|number| store.keep(large(number))).collect();
    // One of those that wait gives up.
    changes.pop();
    block_on(try_join_all(changes)).unwrap();
    assert_eq!(store.figures().written, 49);
    assert!(store.counters().largest_batch <= 2, "{:?}", store.counters());
}

#[test]
fn a_store_that_is_closed_has_written_what_it_took_and_takes_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut kept: Vec<_> = (0..30).map(|number| store.keep(pattern(&number.to_string(), 1.0))).collect();
    // Given to the writer, and not waited for.
    kept.iter_mut().for_each(|kept| assert!(kept.now_or_never().is_none_or(|kept| kept.is_ok())));
    drop(kept);
    store.close();
    let error = block_on(store.keep(pattern("late", 1.0))).unwrap_err();
    assert_eq!(error.to_string(), "the storage is not available: it was closed");
    assert!(block_on(store.read(pattern("0", 1.0).key)).is_err());
    let again = open(folder.path());
    for number in 0..30 {
        let pattern = pattern(&number.to_string(), 1.0);
        assert_eq!(block_on(again.read(pattern.key)), Ok(Some(pattern)));
    }
}

#[test]
fn of_writers_at_the_same_time_the_best_plan_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let at = |cost: u32, guarantee| Pattern { cost: f64::from(cost), guarantee, ..pattern("a", 1.0) };
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for cost in (0..25).map(|number| 200 - 4 * number - thread) {
                    block_on(store.keep(at(cost, Guarantee::Plan))).unwrap();
                }
            });
        }
    });
    let best = at(101, Guarantee::Plan);
    assert_eq!(block_on(store.read(best.key)), Ok(Some(best.clone())));
    assert_eq!(block_on(store.keep(at(102, Guarantee::Plan))), Ok(Some(best.clone())));
    assert_eq!(block_on(store.keep(at(101, Guarantee::Plan))), Ok(Some(best)));
    let proven = at(101, Guarantee::Optimal);
    assert_eq!(block_on(store.keep(proven.clone())), Ok(None));
    assert_eq!(block_on(store.keep(at(7, Guarantee::Plan))), Ok(Some(proven)));
}

#[test]
fn room_is_made_by_what_was_not_used_for_the_longest_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let large = |name: &str, at| {
        let step = Step { action: name.repeat(7 << 20), arguments: Vec::new() };
        Pattern { steps: vec![step].into(), ..pattern(name, at) }
    };
    block_on(store.keep(large("a", 1.0))).unwrap();
    block_on(store.keep(large("b", 2.0))).unwrap();
    store.note_use(pattern("a", 0.0).key, held(1, 3.0)).unwrap();
    block_on(store.keep(pattern("small", 4.0))).unwrap();
    drop(store);
    // The order is known again after the store was opened anew.
    let store = open(folder.path());
    block_on(store.keep(large("c", 5.0))).unwrap();
    let is_there = |name: &str| block_on(store.read(pattern(name, 0.0).key)).unwrap().is_some();
    assert_eq!(["a", "b", "small", "c"].map(is_there), [true, false, true, true]);
    // What is larger than all the room makes nobody else go.
    let step = Step { action: "x".repeat(17 << 20), arguments: Vec::new() };
    block_on(store.keep(Pattern { steps: vec![step].into(), ..pattern("huge", 6.0) })).unwrap();
    assert_eq!(["a", "huge", "c"].map(is_there), [true, false, true]);
    assert_eq!(store.counters().patterns_forgotten, 1);
}

#[test]
fn patterns_that_nobody_has_used_for_thirty_days_go_a_few_with_each_change() {
    let folder = tempfile::tempdir().unwrap();
    let start = || 1e12;
    let config = StoreConfig { wall_clock_ms: start, ..config() };
    let store = RedbStore::open_with(folder.path(), config).store.unwrap();
    let old = (0..600).map(|number| store.keep(pattern(&number.to_string(), 1e12)));
    block_on(try_join_all(old)).unwrap();
    drop(store);
    let later = || 1e12 + UNUSED_MS_MAX + 1.0;
    let store =
        RedbStore::open_with(folder.path(), StoreConfig { wall_clock_ms: later, ..config }).store.unwrap();
    let counts: Vec<_> = (0..4)
        .map(|number| {
            block_on(store.keep(pattern(&format!("new {number}"), later()))).unwrap();
            block_on(store.list_after(None, 1_000)).unwrap().len()
        })
        .collect();
    assert_eq!(counts, [345, 90, 3, 4]);
}

#[test]
fn patterns_are_listed_in_pieces_and_each_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut patterns: Vec<_> = (0..25).map(|number| pattern(&number.to_string(), 1.0)).collect();
    block_on(try_join_all(patterns.iter().map(|pattern| store.keep(pattern.clone())))).unwrap();
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let piece = block_on(store.list_after(after, 10)).unwrap();
        let Some(last) = piece.last() else { break };
        assert!(piece.len() <= 10);
        after = Some(last.key);
        listed.extend(piece);
    }
    patterns.sort_by_key(|pattern| pattern.key);
    assert_eq!(listed, patterns);
}

#[test]
fn documents_keep_revisions_and_refuse_conflicts() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    assert_eq!(block_on(store.save(document(0))), Ok(1));
    assert_eq!(block_on(store.save(document(1))), Ok(2));
    assert_eq!(block_on(store.save(document(1))), Err(StoreError::Conflict { newest: 2 }));
    drop(store);
    let store = open(folder.path());
    let listing = block_on(store.list()).unwrap();
    assert!(listing.is_persistent && listing.problems.is_empty());
    assert_eq!(listing.documents, [document(2)]);
    block_on(Documents::delete(&store, document(2).id)).unwrap();
    assert!(block_on(store.list()).unwrap().documents.is_empty());
}

#[test]
fn a_store_that_somebody_has_open_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    block_on(first.keep(pattern("a", 1.0))).unwrap();
    let second = RedbStore::open_with(folder.path(), config());
    assert!(second.store.is_none());
    assert!(second.notices[0].contains("another process"), "{:?}", second.notices);
    assert!(block_on(first.read(pattern("a", 1.0).key)).unwrap().is_some());
}

/// Bytes of a store that was closed in order.
fn closed_store() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    for i in 0..50 {
        block_on(store.keep(pattern(&i.to_string(), 1.0))).expect("written");
    }
    drop(store);
    fs::read(folder.path().join(FILE_NAME)).expect("the file")
}

/// Whatever the file holds, it is opened or set aside, and every call comes back.
fn survives(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(FILE_NAME), bytes).expect("written");
    let Some(store) = RedbStore::open_with(folder.path(), config()).store else { return };
    for i in 0..50 {
        let expected = pattern(&i.to_string(), 1.0);
        // Found, missing or an error: never another plan than was written.
        if let Ok(Some(found)) = block_on(store.read(expected.key)) {
            assert_eq!(found, expected);
        }
    }
    let _ = block_on(store.keep(pattern("more", 2.0)));
    drop(store);
    let again = RedbStore::open_with(folder.path(), config()).store.expect("the next run has a store");
    block_on(again.keep(pattern("more", 2.0))).expect("which works");
}

#[test]
fn cut_and_foreign_files_are_survived() {
    let bytes = closed_store();
    for length in [0, 1, 64, 4_096, bytes.len() / 2, bytes.len() - 1] {
        survives(&bytes[..length]);
    }
    survives(b"{\"format\": \"planscope-goap/1\"}");
    survives(&vec![0xff; bytes.len()]);
}

/// Names of the files in a folder that were set aside or left over.
fn leftovers(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    names.map(|name| name.to_string_lossy().into_owned()).filter(|name| name != FILE_NAME).collect()
}

#[test]
fn a_store_whose_making_was_cut_short_is_made_again() {
    let whole = closed_store();
    // A file that is begun has no magic number yet.
    let mut begun = whole.clone();
    begun[..64].fill(0);
    for left in [&begun[..], &begun[..4_096], &whole, b""] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("planscope.redb.begun"), left).unwrap();
        let store = open(folder.path());
        block_on(store.keep(pattern("a", 1.0))).unwrap();
        drop(store);
        assert!(leftovers(folder.path()).is_empty(), "{:?}", leftovers(folder.path()));
    }
}

#[test]
#[cfg(unix)]
fn a_killed_process_leaves_a_healthy_store() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["plan", "wood.goap.json", "--heuristic", "hmax", "--data-dir"];
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cli");
    for round in 0..12 {
        let data = folder.path().join((round / 4).to_string());
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_planscope"));
        command.current_dir(&fixtures).args(arguments).arg(&data);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut child = command.spawn().unwrap();
        // Killed as soon as there is anything of the store, a little later every time.
        let exists = |name: &str| data.join(name).exists();
        while child.try_wait().unwrap().is_none() && !exists(FILE_NAME) && !exists("planscope.redb.begun") {
            std::hint::spin_loop();
        }
        (0..round * 20_000).for_each(|_| std::hint::spin_loop());
        let _ = child.kill();
        child.wait().unwrap();
        drop(open(&data));
        assert!(leftovers(&data).is_empty(), "{:?}", leftovers(&data));
    }
}

#[test]
fn damaged_pages_are_survived() {
    let bytes = closed_store();
    let mut random = SplitMix64::new(7);
    for _ in 0..60 {
        let mut damaged = bytes.clone();
        for _ in 0..=random.below(40) {
            let at = random.below(damaged.len() as u64) as usize;
            let end = (at + random.below(64) as usize).min(damaged.len());
            damaged[at..end].iter_mut().for_each(|byte| *byte ^= random.next_u64() as u8);
        }
        survives(&damaged);
    }
}
