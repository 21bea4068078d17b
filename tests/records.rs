//! Laws of the record format: what was written is read, and nothing else is.
#![cfg(not(target_arch = "wasm32"))]

use planscope::lang::goap::model::Value;
use planscope::lang::plan::Step;
use planscope::plan::{Guarantee, Pattern, PatternKey};
use planscope::store::record::{Kind, decode, encode};
use planscope::store::{Document, DocumentId, StoreError};
use proptest::prelude::*;

fn documents() -> impl Strategy<Value = Document> {
    (any::<(String, String, String, Option<String>)>(), any::<u64>(), 0.0..1e13_f64).prop_map(
        |((id, name, text, last_result), revision, modified_ms)| Document {
            id: DocumentId(id),
            name,
            text,
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
    (any::<[u8; 8]>(), any::<String>(), steps, 0.0..1e12_f64, any::<bool>(), any::<(u32, u32)>()).prop_map(
        |(key, goal, steps, cost, is_optimal, (uses, successes))| {
            let steps = steps.into_iter().map(|(action, arguments)| Step { action, arguments }).collect();
            let guarantee = if is_optimal { Guarantee::Optimal } else { Guarantee::Plan };
            let pattern = Pattern::new(PatternKey::new(&key, b"", b""), goal, steps, cost, guarantee);
            Pattern { uses, successes, ..pattern.with_engine("astar") }
        },
    )
}

proptest! {
    #[test]
    fn a_document_written_is_a_document_read(document in documents()) {
        let bytes = encode(Kind::Document, &document).unwrap();
        prop_assert_eq!(decode::<Document>(Kind::Document, "k", &bytes), Ok(document));
    }

    #[test]
    fn a_pattern_written_is_a_pattern_read(pattern in patterns()) {
        let bytes = encode(Kind::Pattern, &pattern).unwrap();
        prop_assert_eq!(decode::<Pattern>(Kind::Pattern, "k", &bytes), Ok(pattern));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let refused = matches!(decode::<Document>(Kind::Document, "k", &bytes), Err(StoreError::Damaged { .. }));
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
