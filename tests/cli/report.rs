//! `report`: what batches came to.

use serde_json::json;

use crate::command::{Folder, Run, run};

/// Outputs of batches.
struct Outputs(Folder);

impl Outputs {
    fn new(files: &[(&str, &str)]) -> Self {
        Self(Folder::new(files))
    }

    fn report(&self, names: &[&str], more: &[&str]) -> Run {
        let names: Vec<String> = names.iter().map(|name| self.0.path(name)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        run(&[&["report"], &names[..], more].concat())
    }
}

fn answer(line: u64, id: &str, engine: &str, seconds: f64, cost: Option<f64>) -> String {
    let outcome = if cost.is_some() { "solved" } else { "time_limit" };
    let phases = json!({"ground_ms": 0.0, "total_ms": seconds * 1e3});
    let input = "0123456789abcdef";
    json!({
        "line": line, "id": id, "engine": engine, "input": input, "outcome": outcome, "cost": cost, "phases": phases
    })
    .to_string()
        + "\n"
}

#[test]
fn parts_of_a_batch_are_summed_up_as_text_csv_and_html() {
    let one = answer(1, "d/1", "a", 0.5, Some(10.0)) + &answer(1, "d/1", "b", 10.0, Some(8.0));
    // The last line is not written to its end yet.
    let two = answer(2, "e/2", "a", 100.0, None) + &answer(2, "e/2", "b", 2.0, Some(1.0)) + "{\"line\": 3";
    let outputs = Outputs::new(&[("1.jsonl", &one), ("2.jsonl", &two)]);

    let text = outputs.report(&["1.jsonl", "2.jsonl"], &["--time-limit", "100"]);
    assert_eq!((text.code, text.stderr.as_str()), (Some(0), ""));
    let row = |engine: &str| {
        let line = text.stdout.lines().find(|line| line.starts_with(engine)).expect("a row");
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(row("a "), ["a", "2", "1", "50.0", "%", "0", "0", "1.00", "0.80"]);
    // 1 - ln 10 / ln 100 and 1 - ln 2 / ln 100.
    assert_eq!(row("b "), ["b", "2", "2", "100.0", "%", "0", "0", "1.35", "2.00"]);

    let csv = outputs.report(&["1.jsonl", "2.jsonl"], &["--format", "csv"]);
    assert!(
        csv.stdout.contains("\nd,b,,1,1,1,0,0,") && csv.stdout.contains("\n*,b,a,,,,,,,,0,1,1\n"),
        "{}",
        csv.stdout
    );

    let page = outputs.0.path("report.html");
    let written = outputs.report(&["1.jsonl", "2.jsonl"], &["--output", &page]);
    assert_eq!((written.code, written.stdout.as_str()), (Some(0), ""));
    let page = std::fs::read_to_string(page).expect("a page");
    assert!(page.starts_with("<!doctype html>") && page.contains("<svg") && page.contains("e/2"));
}

#[test]
fn runs_of_the_same_lines_are_told_apart_by_their_files() {
    let (old, new) = (answer(1, "d/1", "a", 2.0, Some(10.0)), answer(1, "d/1", "a", 1.0, Some(10.0)));
    let outputs = Outputs::new(&[("old.jsonl", &old), ("new.jsonl", &new)]);
    let report = outputs.report(&["old.jsonl", "new.jsonl"], &["--format", "csv"]);
    let (old, new) = (outputs.0.path("old.jsonl"), outputs.0.path("new.jsonl"));
    assert!(report.stdout.contains(&format!("*,{new}: a,{old}: a,,,,,,,,1,0,0\n")), "{}", report.stdout);
}

#[test]
fn what_no_batch_wrote_is_named_by_its_line() {
    let outputs = Outputs::new(&[("a.jsonl", &(answer(1, "d/1", "a", 2.0, None) + "{}\n"))]);
    let report = outputs.report(&["a.jsonl"], &[]);
    assert_eq!(report.code, Some(31));
    assert!(
        report.stderr.contains("error: line 2 of ") && report.stderr.contains("missing field"),
        "{}",
        report.stderr
    );
    let missing = outputs.report(&["b.jsonl"], &[]);
    assert!(missing.code == Some(31) && missing.stderr.contains("cannot read "), "{}", missing.stderr);
}
