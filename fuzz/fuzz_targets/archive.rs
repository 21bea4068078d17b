//! An export of everything, from anywhere: it reads or is refused, and what reads is written again as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planscope::store::{Archive, Document, DocumentId, Unpacked};

fuzz_target!(|data: &[u8]| {
    whole(data);
    damaged(data);
});

/// The bytes as a file.
fn whole(data: &[u8]) {
    let Ok(Unpacked { archive, problems }) = Archive::unpack(data) else { return };
    let packed = archive.pack().expect("no larger than what was read");
    let again = Archive::unpack(&packed).expect("it was just written");
    assert!(again.problems.is_empty(), "{:?}", again.problems);
    assert_eq!(again.archive.pack().expect("no larger"), packed);
    if problems.is_empty() {
        assert_eq!(again.archive.documents.len(), archive.documents.len());
    }
}

/// The bytes as the texts of documents in a file of which one byte is changed, or that is cut: whatever reads of it is as
/// it was written.
fn damaged(data: &[u8]) {
    let Some((&[kind, at, low, high], texts)) = data.split_first_chunk::<4>() else { return };
    let parts = String::from_utf8_lossy(texts);
    let document = |(number, text): (usize, &str)| Document {
        id: DocumentId(format!("{number:04}")),
        name: text.chars().take(5).collect(),
        text: text.to_owned(),
        problem: (text.len() % 2 == 0).then(|| text.chars().rev().collect()),
        settings: "{}".to_owned(),
        last_result: None,
        revision: u64::from(at),
        modified_ms: f64::from(low) / 3.0,
    };
    let documents = parts.split('\n').take(16).enumerate().map(document).collect();
    let archive = Archive { documents, patterns: Vec::new() };
    let mut bytes = archive.pack().expect("it is small");
    let place = usize::from(u16::from_le_bytes([low, high])) % bytes.len();
    if kind % 2 == 0 {
        bytes[place] ^= at.max(1);
    } else {
        bytes.truncate(place);
    }
    let Ok(unpacked) = Archive::unpack(&bytes) else { return };
    assert!(!unpacked.problems.is_empty(), "the damage was not seen");
    assert!(unpacked.archive.documents.iter().all(|document| archive.documents.contains(document)));
}
