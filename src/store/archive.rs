//! One file with everything that a store keeps: documents with their results, and kept plans. Browsers and natively
//! running planners write and read the same file.
//!
//! The file is a series of records (see [`record`]), without anything between them:
//!
//! | place | record |
//! |---|---|
//! | first | kind 3, JSON: `{"documents": n, "patterns": m, "checksum": "16 hexadecimal digits"}` |
//! | the next n | documents, by rising id |
//! | the next m | patterns, by rising key |
//!
//! The checksum is the XXH3-64 of all bytes after the first record. Nothing in the file depends on when or where it was
//! written: two stores that keep the same write the same bytes. A file that is cut or damaged still gives the records in
//! it that are whole; each that is not is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::{self, Kind};
use super::{Document, DocumentId, Documents, PatternRecords, StoreError};
use crate::hash;
use crate::plan::pattern::Pattern;

/// What such a file's name ends with.
pub const EXTENSION: &str = ".planscope";

/// The largest file that is read or written.
pub const BYTES_MAX: usize = 256 << 20;

/// Patterns that are read from a store at once.
const PATTERNS_AT_ONCE: usize = 256;

/// Problems that are told one by one; of the rest only the count is.
const PROBLEMS_MAX: usize = 32;

/// The first record.
#[derive(Debug, Serialize, Deserialize)]
struct Contents {
    documents: u64,
    patterns: u64,
    checksum: String,
}

/// What a store keeps, outside of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Archive {
    /// Documents, by rising id.
    pub documents: Vec<Document>,
    /// Kept plans, by rising key.
    pub patterns: Vec<Pattern>,
}

/// What was read of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unpacked {
    /// The records that are whole.
    pub archive: Archive,
    /// A sentence for each thing that is not as it was written.
    pub problems: Vec<String>,
}

/// The file of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// A sentence for each thing that is not in it.
    pub problems: Vec<String>,
}

/// What has become of a file's contents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// Documents that are stored now and were not before.
    pub documents: usize,
    /// Those of them that stand under another id: the store has another document under their own.
    pub copies: usize,
    /// Documents that were there already.
    pub known: usize,
    /// Kept plans that are stored now, or were already.
    pub patterns: usize,
    /// Kept plans that were left out: the store's own are at least as good.
    pub patterns_left: usize,
    /// A sentence for each thing that did not go well.
    pub problems: Vec<String>,
}

impl Archive {
    /// The file.
    ///
    /// # Errors
    /// [`StoreError::Full`] where it had more than [`BYTES_MAX`] bytes.
    pub fn pack(&self) -> Result<Vec<u8>, StoreError> {
        let documents: BTreeMap<&DocumentId, &Document> =
            self.documents.iter().map(|document| (&document.id, document)).collect();
        let patterns: BTreeMap<_, &Pattern> =
            self.patterns.iter().map(|pattern| (pattern.key, pattern)).collect();
        let mut body = Vec::new();
        let mut add = |bytes: &[u8]| {
            if body.len() + bytes.len() > BYTES_MAX {
                let detail = format!("a file holds at most {} MiB", BYTES_MAX >> 20);
                return Err(StoreError::Full { detail });
            }
            body.extend_from_slice(bytes);
            Ok(())
        };
        for document in documents.values() {
            add(&document.to_record()?)?;
        }
        for pattern in patterns.values() {
            add(&record::encode(Kind::Pattern, pattern)?)?;
        }
        let contents = Contents {
            documents: documents.len() as u64,
            patterns: patterns.len() as u64,
            checksum: format!("{:016x}", hash::checksum(&body)),
        };
        let mut bytes = record::encode(Kind::Archive, &contents)?;
        bytes.append(&mut body);
        Ok(bytes)
    }

    /// The contents of a file. O(bytes).
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where it does not begin like such a file, [`StoreError::TooNew`] for one of a later
    /// version, [`StoreError::Full`] for one of more than [`BYTES_MAX`] bytes.
    pub fn unpack(bytes: &[u8]) -> Result<Unpacked, StoreError> {
        if bytes.len() > BYTES_MAX {
            let detail = format!("the file has more than {} MiB", BYTES_MAX >> 20);
            return Err(StoreError::Full { detail });
        }
        let (head, mut rest) = record::split(bytes).ok_or_else(|| StoreError::Damaged {
            key: "1".into(),
            detail: "it is no export of Planscope, or has been cut".into(),
        })?;
        let contents: Contents = record::decode(Kind::Archive, "1", head)?;
        let mut unpacked = Unpacked::default();
        let is_whole = format!("{:016x}", hash::checksum(rest)) == contents.checksum;
        let mut problems = Vec::new();
        let all = contents.documents.saturating_add(contents.patterns);
        let mut read = 0;
        while read < all {
            let Some((one, after)) = record::split(rest) else { break };
            rest = after;
            let number = (read + 2).to_string();
            let outcome = if read < contents.documents {
                Document::from_record(&number, one).map(|document| unpacked.archive.documents.push(document))
            } else {
                record::decode(Kind::Pattern, &number, one)
                    .map(|pattern| unpacked.archive.patterns.push(pattern))
            };
            if let Err(error) = outcome {
                problems.push(error.to_string());
            }
            read += 1;
        }
        if read < all {
            problems.push(format!("the file ends, or cannot be read on, after {read} of {all} records"));
        } else if !rest.is_empty() {
            problems.push(format!("{} bytes stand behind the last record", rest.len()));
        } else if !is_whole && problems.is_empty() {
            problems.push("the checksum over all records does not match".to_owned());
        }
        if problems.len() > PROBLEMS_MAX {
            let more = problems.len() - PROBLEMS_MAX;
            problems.truncate(PROBLEMS_MAX);
            problems.push(format!("and {more} more"));
        }
        Ok(Unpacked { problems, ..unpacked })
    }
}

/// Everything that a store keeps.
///
/// # Errors
/// Why documents cannot be read. Those whose records do not read are left out, as they are in a listing, and where kept
/// plans cannot be read they are left out as well; what is left out is told beside.
pub async fn collect(
    documents: &dyn Documents,
    patterns: &dyn PatternRecords,
) -> Result<Unpacked, StoreError> {
    let listing = documents.list().await?;
    let mut archive = Archive { documents: listing.documents, patterns: Vec::new() };
    archive.documents.sort_by(|one, other| one.id.cmp(&other.id));
    let mut problems = listing.problems;
    let mut after = None;
    loop {
        let mut some = match patterns.list_after(after, PATTERNS_AT_ONCE).await {
            Ok(some) => some,
            Err(error) => {
                problems.push(format!("kept plans are left out: {error}"));
                break;
            }
        };
        let Some(last) = some.last() else { break };
        after = Some(last.key);
        archive.patterns.append(&mut some);
    }
    Ok(Unpacked { archive, problems })
}

/// Puts the contents of a file into a store. Nothing that is there is written over by something else: a document of
/// which the store has another text under the same id becomes a copy, and a kept plan stays where it is no worse.
/// What one record fails with is told, and the others go in.
///
/// # Errors
/// Why the store cannot be read.
pub async fn restore(
    unpacked: Unpacked,
    documents: &dyn Documents,
    patterns: &dyn PatternRecords,
) -> Result<Restored, StoreError> {
    let mut restored = Restored { problems: unpacked.problems, ..Restored::default() };
    let listed = documents.list().await?.documents;
    let mut known: BTreeMap<DocumentId, Document> =
        listed.into_iter().map(|document| (document.id.clone(), document)).collect();
    for document in unpacked.archive.documents {
        put(document, &mut known, documents, &mut restored).await;
    }
    for pattern in unpacked.archive.patterns {
        match patterns.keep(pattern.clone()).await {
            Ok(None) => restored.patterns += 1,
            Ok(Some(stays)) if stays.steps == pattern.steps => restored.patterns += 1,
            Ok(Some(_)) => restored.patterns_left += 1,
            Err(error) => tell(&mut restored, format!("a kept plan was not stored: {error}")),
        }
    }
    Ok(restored)
}

async fn put(
    document: Document,
    known: &mut BTreeMap<DocumentId, Document>,
    documents: &dyn Documents,
    restored: &mut Restored,
) {
    let (document, is_copy) = match known.get(&document.id) {
        None => (document, false),
        Some(stored) if is_same(stored, &document) => {
            restored.known += 1;
            return;
        }
        Some(_) => (copy(document), true),
    };
    if known.get(&document.id).is_some_and(|stored| is_same(stored, &document)) {
        restored.known += 1;
        return;
    }
    // A save counts: what is stored afterwards has the revision that the file says.
    let before = Document { revision: document.revision.saturating_sub(1), ..document.clone() };
    match documents.save(before).await {
        Ok(_) => {
            restored.documents += 1;
            restored.copies += usize::from(is_copy);
            known.insert(document.id.clone(), document);
        }
        Err(error) => tell(restored, format!("“{}” was not stored: {error}", document.name)),
    }
}

/// Whether two documents say the same; how often each was saved does not matter.
fn is_same(one: &Document, other: &Document) -> bool {
    one.text == other.text
        && one.problem == other.problem
        && one.name == other.name
        && one.settings == other.settings
        && one.last_result == other.last_result
}

/// The same under an id of its own, which follows from what it says: a file that is read twice makes one copy.
fn copy(document: Document) -> Document {
    let mut bytes = document.id.0.clone().into_bytes();
    for part in [Some(&document.text), document.problem.as_ref(), Some(&document.name)].into_iter().flatten()
    {
        bytes.push(0);
        bytes.extend_from_slice(part.as_bytes());
    }
    let id = format!("{:032x}", hash::content(&bytes).0);
    Document { id: DocumentId(id), name: format!("{} (imported)", document.name), revision: 1, ..document }
}

fn tell(restored: &mut Restored, problem: String) {
    if restored.problems.len() < PROBLEMS_MAX {
        restored.problems.push(problem);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use futures::FutureExt as _;
    use futures::executor::block_on;
    use futures::future::{LocalBoxFuture, ready};

    use super::super::memory::MemoryDocuments;
    use super::*;
    use crate::lang::plan::Step;
    use crate::plan::pattern::{Guarantee, PatternKey, Uses};

    /// Kept plans in memory, which may be out of reach.
    #[derive(Default)]
    struct Plans(RefCell<BTreeMap<PatternKey, Pattern>>, Cell<bool>);

    impl PatternRecords for Plans {
        fn read(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
            ready(Ok(self.0.borrow().get(&key).cloned())).boxed_local()
        }

        fn keep(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
            let mut kept = self.0.borrow_mut();
            let stays = kept.get(&pattern.key).filter(|stored| !pattern.is_better_than(stored)).cloned();
            if stays.is_none() {
                kept.insert(pattern.key, pattern);
            }
            ready(Ok(stays)).boxed_local()
        }

        fn note_use(&self, key: PatternKey, uses: Uses) -> Result<(), StoreError> {
            self.0.borrow_mut().entry(key).and_modify(|pattern| pattern.count(&uses));
            Ok(())
        }

        fn delete(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
            self.0.borrow_mut().remove(&key);
            ready(Ok(())).boxed_local()
        }

        fn list_after(
            &self,
            after: Option<PatternKey>,
            _most: usize,
        ) -> LocalBoxFuture<'_, Result<Vec<Pattern>, StoreError>> {
            if self.1.get() {
                return ready(Err(StoreError::Unavailable { detail: "unplugged".to_owned() })).boxed_local();
            }
            // One at a time: whoever reads all has to come back.
            let next = |key: &PatternKey| after.is_none_or(|after| *key > after);
            let found = self.0.borrow().iter().find(|(key, _)| next(key)).map(|(_, kept)| kept.clone());
            ready(Ok(found.into_iter().collect())).boxed_local()
        }
    }

    fn document(id: &str, text: &str, problem: Option<&str>) -> Document {
        Document {
            id: DocumentId(id.to_owned()),
            name: format!("Document {id}"),
            text: text.to_owned(),
            problem: problem.map(str::to_owned),
            settings: "{}".to_owned(),
            last_result: Some("{\"outcome\":\"solved\"}".to_owned()),
            revision: 7,
            modified_ms: 1.5e12,
        }
    }

    fn pattern(name: &str, cost: f64) -> Pattern {
        let step = Step { action: name.into(), arguments: Vec::new() };
        let key = PatternKey::new(name.as_bytes(), b"i", b"m");
        let pattern = Pattern::new(key, "g".to_owned(), vec![step], cost, Guarantee::Plan).with_engine("A*");
        Pattern { uses: 3, successes: 2, saved_ms: 0.1 + 0.2, found_in_ms: 1.0 / 3.0, ..pattern }
    }

    fn archive() -> Archive {
        Archive {
            documents: vec![document("a", "{}", None), document("b", "(define)", Some("(problem)"))],
            patterns: vec![pattern("go", 2.0), pattern("wait", 3.0)],
        }
    }

    fn stores(archive: &Archive) -> (MemoryDocuments, Plans) {
        let (documents, patterns) = (MemoryDocuments::default(), Plans::default());
        let unpacked = Unpacked { archive: archive.clone(), problems: Vec::new() };
        let restored = block_on(restore(unpacked, &documents, &patterns)).expect("memory can be read");
        assert_eq!(restored.problems, [""; 0]);
        (documents, patterns)
    }

    #[test]
    fn a_round_trip_through_a_store_gives_the_same_bytes() {
        let bytes = archive().pack().expect("it is small");
        let unpacked = Archive::unpack(&bytes).expect("it is whole");
        assert_eq!(unpacked.problems, [""; 0]);
        let (documents, patterns) = stores(&unpacked.archive);
        let again = block_on(collect(&documents, &patterns)).expect("memory can be read");
        assert_eq!(again.archive.pack().expect("it is small"), bytes);
    }

    #[test]
    fn where_kept_plans_are_out_of_reach_the_documents_go_out_and_it_is_told() {
        let (documents, patterns) = stores(&archive());
        patterns.1.set(true);
        let Unpacked { archive: out, problems } =
            block_on(collect(&documents, &patterns)).expect("memory can be read");
        assert_eq!((out.documents, out.patterns), (archive().documents, Vec::new()));
        assert_eq!(problems, ["kept plans are left out: the storage is not available: unplugged"]);
    }

    #[test]
    fn what_is_there_is_never_written_over() {
        let (documents, patterns) = stores(&archive());
        let mut other = archive();
        other.documents[0].text = "{ \"other\": 1 }".to_owned();
        other.patterns[0] = pattern("go", 9.0);
        for round in 0..2 {
            let unpacked = Unpacked { archive: other.clone(), problems: Vec::new() };
            let restored = block_on(restore(unpacked, &documents, &patterns)).expect("memory can be read");
            assert_eq!((restored.copies, restored.known), if round == 0 { (1, 1) } else { (0, 2) });
        }
        let kept = block_on(collect(&documents, &patterns)).expect("memory can be read").archive;
        assert_eq!(kept.documents.len(), 3);
        assert!(kept.documents.iter().any(|document| document.name == "Document a (imported)"));
        assert!(kept.documents.contains(&archive().documents[0]));
        assert!(kept.patterns.iter().any(|kept| (kept.cost - 2.0).abs() < 1e-9));
        assert!(kept.patterns.iter().all(|kept| kept.cost < 9.0));
    }

    #[test]
    fn a_file_that_is_cut_or_damaged_anywhere_tells_and_gives_what_is_whole() {
        let bytes = archive().pack().expect("it is small");
        for cut in 0..bytes.len() {
            if let Ok(unpacked) = Archive::unpack(&bytes[..cut]) {
                assert_ne!(unpacked.problems, [""; 0], "cut at {cut}");
            }
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            if let Ok(unpacked) = Archive::unpack(&damaged) {
                assert_ne!(unpacked.problems, [""; 0], "damaged at {at}");
                let Archive { documents, patterns } = unpacked.archive;
                assert!(documents.iter().all(|document| archive().documents.contains(document)), "at {at}");
                assert!(patterns.iter().all(|pattern| archive().patterns.contains(pattern)), "at {at}");
            }
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert_eq!(
            Archive::unpack(&longer).expect("readable").problems,
            ["1 bytes stand behind the last record"]
        );
        let mut damaged = bytes.clone();
        *damaged.last_mut().expect("bytes") ^= 1;
        let unpacked = Archive::unpack(&damaged).expect("readable");
        assert_eq!((unpacked.archive.documents.len(), unpacked.archive.patterns.len()), (2, 1));
    }

    #[test]
    fn what_is_no_export_is_refused() {
        for bytes in [&b""[..], b"PLSC", b"{\"format\": \"planscope-goap/1\"}", &[0xff; 64]] {
            assert!(matches!(Archive::unpack(bytes), Err(StoreError::Damaged { .. })), "{bytes:?}");
        }
        let one = document("a", "{}", None).to_record().expect("small");
        assert!(matches!(Archive::unpack(&one), Err(StoreError::Damaged { .. })), "a record of another kind");
    }
}
