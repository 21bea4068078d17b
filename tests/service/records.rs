//! Laws of the record format: what was written is read, and nothing else is.

use planscope::lang::goap::model::Value;
use planscope::lang::plan::Step;
use planscope::plan::{Guarantee, Pattern, PatternKey};
use planscope::store::record::{Kind, decode, encode};
use planscope::store::{Document, DocumentId, StoreError};
use proptest::prelude::*;

fn documents() -> impl Strategy<Value = Document> {
    let texts = any::<(String, Option<String>)>();
    (any::<(String, String, Option<String>)>(), texts, any::<u64>(), 0.0..1e13_f64).prop_map(
        |((id, name, last_result), (text, problem), revision, modified_ms)| Document {
            id: DocumentId(id),
            name,
            text,
            problem,
            settings: "{}".to_owned(),
            last_result,
            revision,
            modified_ms,
        },
    )
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (-1e300..1e300_f64).prop_map(Value::Float),
        any::<String>().prop_map(Value::Symbol),
    ]
}

fn patterns() -> impl Strategy<Value = Pattern> {
    let steps = prop::collection::vec((any::<String>(), prop::collection::vec(values(), 0..4)), 0..5);
    (any::<[u8; 8]>(), any::<String>(), steps, 0.0..1e12_f64, any::<bool>(), any::<(u32, u32, u32)>())
        .prop_map(|(key, goal, steps, cost, is_optimal, (uses, successes, spared))| {
            let steps: Vec<_> =
                steps.into_iter().map(|(action, arguments)| Step { action, arguments }).collect();
            let guarantee = if is_optimal { Guarantee::Optimal } else { Guarantee::Plan };
            let pattern = Pattern::new(PatternKey::new(&key, b"", b""), goal, steps, cost, guarantee);
            let (saved_ms, found_in_ms) = (f64::from(spared) / 7.0, f64::from(uses) / 3.0);
            Pattern { uses, successes, saved_ms, found_in_ms, ..pattern.with_engine("astar") }
        })
}

proptest! {
    #[test]
    fn a_document_written_is_a_document_read(document in documents()) {
        let bytes = document.to_record().unwrap();
        prop_assert_eq!(Document::from_record("k", &bytes), Ok(document));
    }

    #[test]
    fn a_pattern_written_is_a_pattern_read(pattern in patterns()) {
        let bytes = encode(Kind::Pattern, &pattern).unwrap();
        prop_assert_eq!(decode::<Pattern>(Kind::Pattern, "k", &bytes), Ok(pattern));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let refused = matches!(Document::from_record("k", &bytes), Err(StoreError::Damaged { .. }));
        prop_assert!(refused);
    }
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let bytes = encode(Kind::Document, &vec!["wood", "axe"]).unwrap();
    let is_refused = |bytes: &[u8]| {
        matches!(decode::<Vec<String>>(Kind::Document, "k", bytes), Err(StoreError::Damaged { .. }))
    };
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            assert!(is_refused(&flipped), "bit {bit} of byte {at}");
        }
        assert!(is_refused(&bytes[..at]), "cut at {at}");
    }
    assert!(is_refused(&[&bytes[..], &[0]].concat()), "a byte more");
}

/// What a page wrote that knew documents with one text alone.
#[derive(serde::Serialize, serde::Deserialize)]
struct OneText {
    id: DocumentId,
    name: String,
    text: String,
    settings: String,
    last_result: Option<String>,
    revision: u64,
    modified_ms: f64,
}

#[test]
fn a_document_of_an_older_page_reads_and_one_text_is_written_as_before() {
    let older = OneText {
        id: DocumentId("d".to_owned()),
        name: "Fire".to_owned(),
        text: "{}".to_owned(),
        settings: "{}".to_owned(),
        last_result: None,
        revision: 3,
        modified_ms: 5.0,
    };
    let bytes = encode(Kind::Document, &older).unwrap();
    let document = Document::from_record("k", &bytes).unwrap();
    assert_eq!((document.text.as_str(), document.problem.as_deref()), ("{}", None));
    assert_eq!(document.to_record().unwrap(), bytes);
}

#[test]
fn two_texts_are_a_record_of_version_2_which_an_older_page_refuses_and_keeps() {
    let document = Document {
        id: DocumentId("d".to_owned()),
        name: "Blocks".to_owned(),
        text: "(define (domain d))".to_owned(),
        problem: Some("(define (problem p) (:domain d))".to_owned()),
        settings: "{}".to_owned(),
        last_result: None,
        revision: 1,
        modified_ms: 5.0,
    };
    let bytes = document.to_record().unwrap();
    assert_eq!(&bytes[4..6], &[2, 0]);
    assert!(bytes.ends_with(b"(:domain d))"));
    assert_eq!(Document::from_record("k", &bytes), Ok(document));
}

/// The payload of a pattern as it was written when a pattern had no more than these fields.
const FIRST_PATTERN: &str = r#"{"key":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f","steps":[{"action":"chop","arguments":[1,"oak"]}],"goal":"wood","cost":2.5,"guarantee":"optimal","engine":"A* · FF","uses":3,"successes":2,"created_ms":1.0,"last_used_ms":2.0}"#;

#[test]
fn a_pattern_of_an_older_program_reads_and_one_without_later_figures_is_written_as_before() {
    let payload: serde_json::Value = serde_json::from_str(FIRST_PATTERN).unwrap();
    let older = encode(Kind::Pattern, &payload).unwrap();
    let pattern = decode::<Pattern>(Kind::Pattern, "k", &older).unwrap();
    assert_eq!((pattern.uses, pattern.failures(), pattern.confidence()), (3, 1, 0.6));
    assert_eq!((pattern.found_in_ms, pattern.saved_ms), (0.0, 0.0));
    let written = encode(Kind::Pattern, &pattern).unwrap();
    assert_eq!(std::str::from_utf8(&written[20..]).unwrap(), FIRST_PATTERN);
    // An older program reads past what it does not know.
    let later = Pattern { found_in_ms: 4.5, saved_ms: 9.0, ..pattern };
    let written = encode(Kind::Pattern, &later).unwrap();
    let fields: serde_json::Map<String, serde_json::Value> = decode(Kind::Pattern, "k", &written).unwrap();
    let known = payload.as_object().unwrap();
    assert!(known.iter().all(|(name, value)| fields.get(name) == Some(value)), "{fields:?}");
    assert_eq!(written[4..6], older[4..6], "it is of the same version");
}

#[test]
fn a_pattern_that_is_damaged_or_of_a_later_version_is_refused_as_such() {
    let pattern =
        Pattern::new(PatternKey::new(b"a", b"", b""), "wood".into(), Vec::new(), 1.0, Guarantee::Plan);
    let bytes = encode(Kind::Pattern, &pattern).unwrap();
    let mut cost = bytes.clone();
    let at = bytes.windows(6).position(|window| window == b"\"cost\"").unwrap();
    cost[at + 7] = b'9';
    assert!(matches!(decode::<Pattern>(Kind::Pattern, "k", &cost), Err(StoreError::Damaged { .. })));
    let missing = encode(Kind::Pattern, &serde_json::json!({"key": pattern.key})).unwrap();
    let error = decode::<Pattern>(Kind::Pattern, "k", &missing).unwrap_err();
    assert!(error.to_string().contains("record k is damaged: missing field"), "{error}");
}
