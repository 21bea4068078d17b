//! Processes that are killed while they write: what they had said to be kept is there, and nothing is read that was
//! not written.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use futures::executor::block_on;
use planscope::hash::SplitMix64;
use planscope::lang::plan::Step;
use planscope::plan::{Guarantee, Pattern, PatternKey, Use, Uses};
use planscope::platform::native::RedbStore;
use planscope::store::{Document, DocumentId, Documents, PatternRecords};

/// Where the process that is to be killed finds its store, and the number of its round.
const FOLDER: &str = "PLANSCOPE_KILLED_STORE";
const ROUND: &str = "PLANSCOPE_KILLED_ROUND";

/// Patterns, documents, and changes of each that a process makes before it begins again with the first.
const PATTERNS: u32 = 40;
const DOCUMENTS: u64 = 6;

/// Costs fall from round to round, so that each pattern is better than those before it.
const CHANGES_PER_ROUND: u32 = 1_000_000;

fn pattern(number: u32, cost: u32) -> Pattern {
    let action = format!("{number} for {cost} ").repeat(30);
    let steps = vec![Step { action, arguments: Vec::new() }];
    let key = PatternKey::new(&number.to_le_bytes(), b"", b"");
    Pattern::new(key, "goal".to_owned(), steps, f64::from(cost), Guarantee::Plan)
}

fn document(number: u64, revision: u64) -> Document {
    Document {
        id: DocumentId(number.to_string()),
        name: "killed".to_owned(),
        text: format!("{number} at {revision} ").repeat(200),
        problem: None,
        settings: "{}".to_owned(),
        last_result: None,
        revision,
        modified_ms: revision as f64,
    }
}

fn open(folder: &Path) -> RedbStore {
    let opened = RedbStore::open(folder);
    assert!(opened.notices.is_empty(), "{:?}", opened.notices);
    opened.store.expect("a store")
}

/// Says that something is kept: a line, whole or not at all.
fn say(line: &str) {
    // Who reads this may have killed the process already.
    let _ = std::io::stdout().lock().write_all(line.as_bytes());
}

/// Writes without end, and says what is kept.
#[test]
#[ignore = "the process that the other tests kill"]
fn writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let round: u32 = std::env::var(ROUND).unwrap().parse().unwrap();
    let store = open(Path::new(&folder));
    std::thread::scope(|scope| {
        scope.spawn(|| keep_patterns(&store, round));
        scope.spawn(|| save_documents(&store));
    });
}

fn keep_patterns(store: &RedbStore, round: u32) {
    for change in (0..CHANGES_PER_ROUND / 4).step_by(4) {
        // Several in one transaction, and uses beside them.
        let batch: Vec<_> = (change..change + 4)
            .map(|change| (change % PATTERNS, u32::MAX - round * CHANGES_PER_ROUND - change))
            .collect();
        let kept = batch.iter().map(|&(number, cost)| store.keep(pattern(number, cost)));
        let kept = block_on(futures::future::try_join_all(kept)).unwrap();
        assert!(kept.iter().all(Option::is_none), "{batch:?}");
        let lines = batch.iter().fold(String::new(), |mut lines, (number, cost)| {
            writeln!(lines, "kept {number} {cost}").unwrap();
            lines
        });
        say(&lines);
        let used = Uses::one(Use::Held { saved_ms: 1.0 }, 1.0);
        store.note_use(pattern(change % PATTERNS, 0).key, used).unwrap();
    }
}

fn save_documents(store: &RedbStore) {
    let listing = block_on(Documents::list(store)).unwrap();
    let mut revisions: BTreeMap<_, _> =
        listing.documents.iter().map(|document| (document.id.0.clone(), document.revision)).collect();
    for number in (0..DOCUMENTS).cycle() {
        let known = revisions.entry(number.to_string()).or_default();
        // The text tells the revision that it is saved as.
        let next = Document { revision: *known, ..document(number, *known + 1) };
        *known = block_on(store.save(next)).unwrap();
        say(&format!("saved {number} {known}\n"));
    }
}

/// What was said to be kept: costs of patterns, and revisions of documents.
#[derive(Default)]
struct Said {
    costs: BTreeMap<u32, u32>,
    revisions: BTreeMap<u64, u64>,
    lines: u64,
}

impl Said {
    fn hear(&mut self, line: &str) {
        // The test harness says something too, and the last line may be cut.
        let Some(line) = line.strip_suffix('\n') else { return };
        let mut words = line.split(' ');
        let (verb, numbers) = (words.next(), words.map(str::parse::<u64>).collect::<Result<Vec<_>, _>>());
        match (verb, numbers.as_deref()) {
            (Some("kept"), Ok(&[number, cost])) => drop(self.costs.insert(number as u32, cost as u32)),
            (Some("saved"), Ok(&[number, revision])) => drop(self.revisions.insert(number, revision)),
            _ => return,
        }
        self.lines += 1;
    }

    fn check(&self, folder: &Path, round: u32) {
        let store = open(folder);
        for (&number, &said) in &self.costs {
            let found = block_on(store.read(pattern(number, 0).key)).unwrap();
            let found = found.unwrap_or_else(|| panic!("round {round}: pattern {number} is lost"));
            assert!(found.cost <= f64::from(said), "round {round}: {} for {said}", found.cost);
            assert_eq!(found.steps, pattern(number, found.cost as u32).steps, "round {round}");
        }
        let listing = block_on(Documents::list(&store)).unwrap();
        assert!(listing.problems.is_empty(), "round {round}: {:?}", listing.problems);
        for (&number, &said) in &self.revisions {
            let found = listing.documents.iter().find(|document| document.id.0 == number.to_string());
            let found = found.unwrap_or_else(|| panic!("round {round}: document {number} is lost"));
            assert!(found.revision >= said, "round {round}: {} for {said}", found.revision);
            assert_eq!(*found, document(number, found.revision), "round {round}");
        }
    }
}

fn kill(rounds: u32) {
    let folder = tempfile::tempdir().unwrap();
    let mut random = SplitMix64::new(u64::from(rounds));
    let mut said = Said::default();
    for round in 0..rounds {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "store_kills::writes_until_it_is_killed", "--ignored", "--nocapture"]);
        command.env(FOLDER, folder.path()).env(ROUND, round.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        // Killed after some lines, in the midst of a change; now and then while it opens the store.
        let heard = if round % 10 == 9 { 0 } else { random.below(40) };
        let mut line = String::new();
        for _ in 0..heard {
            line.clear();
            assert!(lines.read_line(&mut line).unwrap() > 0, "round {round}: it ended by itself");
            said.hear(&line);
        }
        (0..random.below(2_000_000)).for_each(|_| std::hint::spin_loop());
        child.kill().unwrap();
        loop {
            line.clear();
            if lines.read_line(&mut line).unwrap() == 0 {
                break;
            }
            said.hear(&line);
        }
        child.wait().unwrap();
        said.check(folder.path(), round);
    }
    assert!(said.lines > u64::from(rounds), "{} lines in {rounds} rounds", said.lines);
    assert_eq!((said.costs.len(), said.revisions.len()), (PATTERNS as usize, DOCUMENTS as usize));
}

#[test]
fn nothing_that_was_said_to_be_kept_is_lost_in_fifty_kills() {
    kill(50);
}

#[test]
#[ignore = "takes minutes: make store-kills"]
fn nothing_that_was_said_to_be_kept_is_lost_in_a_thousand_kills() {
    kill(1_000);
}
