//! `export` and `import`: everything that is kept, as one file that the browser's tests read and write too.

use std::path::Path;
use std::{fs, io};

use planscope::lang::goap::model::Value;
use planscope::lang::plan::Step;
use planscope::plan::pattern::{Guarantee, Pattern, PatternKey};
use planscope::store::{Archive, Document, DocumentId};
use tempfile::TempDir;

use crate::command::run as command;

/// The file that is checked in.
const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/all.planscope");

fn archive() -> Archive {
    let document = |id: &str, text: &str, problem: Option<&str>| Document {
        id: DocumentId(id.to_owned()),
        name: format!("Döcument “{id}”"),
        text: text.to_owned(),
        problem: problem.map(str::to_owned),
        settings: r#"{"pace":null}"#.to_owned(),
        last_result: None,
        revision: 3,
        modified_ms: 1.764_5e12 + 0.1,
    };
    let goap = "{ \"format\": \"planscope-goap/1\", \"state\": { \"lamp\": false },\n  \"actions\": [{ \"name\": \"on\", \
                \"effects\": { \"lamp\": true } }],\n  \"goals\": [{ \"name\": \"light\", \"conditions\": { \"lamp\": true } }] }\n";
    let step = |action: &str, arguments: Vec<Value>| Step { action: action.to_owned(), arguments };
    // Undated: what has a date is forgotten after thirty days without a use.
    let pattern = |name: &str, cost: f64, steps: Vec<Step>| {
        let key = PatternKey::new(name.as_bytes(), b"instance", b"metric");
        let pattern =
            Pattern::new(key, name.to_owned(), steps, cost, Guarantee::Optimal).with_engine("A* · FF");
        Pattern { uses: 5, successes: 4, saved_ms: 0.1 + 0.2, found_in_ms: 1.0 / 3.0, ..pattern }
    };
    Archive {
        documents: vec![
            document("0001", goap, None),
            document("0002", "(define (domain d))", Some("(define (problem p) (:domain d))")),
        ],
        patterns: vec![
            pattern("light", 1.0, vec![step("on", Vec::new())]),
            pattern("paint", 22.25, vec![step("paint", vec![Value::Bool(true), Value::Float(0.1)])]),
        ],
    }
}

fn exported(folder: &TempDir, data: &str) -> io::Result<Vec<u8>> {
    let file = folder.path().join("out.planscope");
    let run = command(&["export", file.to_str().expect("UTF-8"), "--data-dir", data]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    fs::read(file)
}

#[test]
fn the_file_that_browsers_read_is_written_as_it_was() {
    let bytes = archive().pack().expect("it is small");
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(FIXTURE, &bytes).expect("a fixture that can be written");
    }
    assert_eq!(fs::read(FIXTURE).expect("a fixture"), bytes);
}

#[test]
fn what_is_imported_is_exported_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let data = data.to_str().expect("UTF-8");
    let run = command(&["import", FIXTURE, "--data-dir", data]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(run.stdout.starts_with("2 documents and 2 kept plans imported"), "{}", run.stdout);
    assert!(exported(&folder, data).expect("a file") == fs::read(FIXTURE).expect("a fixture"));
    let again = command(&["import", FIXTURE, "--data-dir", data]);
    assert!(again.stdout.contains("2 documents there already"), "{}", again.stdout);
    assert!(exported(&folder, data).expect("a file") == fs::read(FIXTURE).expect("a fixture"));
}

#[test]
fn a_file_that_does_not_read_says_where_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let data = data.to_str().expect("UTF-8");
    let file = folder.path().join("cut.planscope");
    let whole = fs::read(FIXTURE).expect("a fixture");
    let import = |path: &Path| command(&["import", path.to_str().expect("UTF-8"), "--data-dir", data]);
    fs::write(&file, &whole[..10]).expect("a file");
    let run = import(&file);
    assert_eq!(run.code, Some(31));
    assert!(run.stderr.contains("record 1 is damaged"), "{}", run.stderr);
    assert!(import(&folder.path().join("none")).stderr.contains("cannot read"));
    // What is whole in a file that was cut is taken; what is not is told.
    fs::write(&file, &whole[..whole.len() - 1]).expect("a file");
    let run = import(&file);
    assert_eq!(run.code, Some(31));
    assert!(run.stdout.starts_with("2 documents and 1 kept plan imported"), "{}", run.stdout);
    assert!(run.stderr.contains("after 3 of 4 records"), "{}", run.stderr);
}
