//! The store on a native disk, and the faults it survives.

use std::fs;
use std::path::Path;

use futures::executor::block_on;
use planscope::hash::SplitMix64;
use planscope::lang::goap::model::Value;
use planscope::lang::plan::Step;
use planscope::plan::{Guarantee, Pattern, PatternKey};
use planscope::platform::native::RedbStore;
use planscope::platform::native::redb_store::FILE_NAME;
use planscope::store::{Document, DocumentId, Documents, PatternRecords, StoreError};

fn open(folder: &Path) -> RedbStore {
    let opened = RedbStore::open(folder);
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
    block_on(store.write(kept.clone())).unwrap();
    block_on(store.write(gone.clone())).unwrap();
    block_on(PatternRecords::delete(&store, gone.key)).unwrap();
    drop(store);
    let store = open(folder.path());
    assert_eq!(block_on(store.read(kept.key)), Ok(Some(kept)));
    assert_eq!(block_on(store.read(gone.key)), Ok(None));
}

#[test]
fn uses_that_are_noted_are_there_after_an_orderly_end() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    block_on(store.write(pattern("a", 1.0))).unwrap();
    let used = Pattern { uses: 7, successes: 7, ..pattern("a", 9.0) };
    block_on(store.note_use(used.clone())).unwrap();
    assert_eq!(block_on(store.read(used.key)), Ok(Some(used.clone())));
    drop(store);
    assert_eq!(block_on(open(folder.path()).read(used.key)), Ok(Some(used)));
}

#[test]
fn room_is_looked_for_by_writes_and_not_by_how_many_patterns_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let large = |name: &str, at| {
        let step = Step { action: name.repeat(8 << 20), arguments: Vec::new() };
        Pattern { steps: vec![step], ..pattern(name, at) }
    };
    for (name, at) in [("a", 1.0), ("b", 2.0), ("c", 3.0)] {
        block_on(store.write(large(name, at))).unwrap();
    }
    // Three patterns and one that is written again and again: their number never changes.
    for at in 0..64 {
        block_on(store.note_use(pattern("small", 4.0 + f64::from(at)))).unwrap();
    }
    let is_there = |name: &str| block_on(store.read(pattern(name, 0.0).key)).unwrap().is_some();
    assert_eq!([is_there("a"), is_there("b"), is_there("small")], [false, false, true]);
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
    block_on(first.write(pattern("a", 1.0))).unwrap();
    let second = RedbStore::open(folder.path());
    assert!(second.store.is_none());
    assert!(second.notices[0].contains("another process"), "{:?}", second.notices);
    assert!(block_on(first.read(pattern("a", 1.0).key)).unwrap().is_some());
}

/// Bytes of a store that was closed in order.
fn closed_store() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    for i in 0..50 {
        block_on(store.write(pattern(&i.to_string(), 1.0))).expect("written");
    }
    drop(store);
    fs::read(folder.path().join(FILE_NAME)).expect("the file")
}

/// Whatever the file holds, it is opened or set aside, and every call comes back.
fn survives(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(FILE_NAME), bytes).expect("written");
    let Some(store) = RedbStore::open(folder.path()).store else { return };
    for i in 0..50 {
        let expected = pattern(&i.to_string(), 1.0);
        // Found, missing or an error: never another plan than was written.
        if let Ok(Some(found)) = block_on(store.read(expected.key)) {
            assert_eq!(found, expected);
        }
    }
    let _ = block_on(store.write(pattern("more", 2.0)));
    drop(store);
    let again = RedbStore::open(folder.path()).store.expect("the next run has a store");
    block_on(again.write(pattern("more", 2.0))).expect("which works");
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
        block_on(store.write(pattern("a", 1.0))).unwrap();
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
