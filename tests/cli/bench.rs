//! `bench`: figures of this machine, and those of two laid side by side.

use planscope::parity::{Platform, Report};

use crate::command::{Folder, Run, run};

/// Files with figures.
struct Files(Folder);

impl Files {
    fn new(files: &[(&str, String)]) -> Self {
        Self(Folder::new(files))
    }

    fn bench(&self, from: &str, beside: Option<&str>) -> Run {
        let from = self.0.path(from);
        let beside = beside.map(|name| self.0.path(name));
        let mut arguments = vec!["bench", "--from", &from];
        if let Some(beside) = &beside {
            arguments.extend(["--beside", beside]);
        }
        run(&arguments)
    }
}

/// A file with figures of two workloads.
fn figures(platform: &str, complete: bool, parse: &str, cached: &str, limit: u32) -> String {
    format!(
        r#"{{"format":"planscope-parity/1","machine":{{"platform":"{platform}","name":"a machine","threads":2,
        "target":"x86_64","build":"planscope 0.1.0, optimised"}},"measured":"2026-11-30T20:16:17Z","seconds":41.2,
        "clock_us":5,"complete":{complete},"workloads":[
        {{"name":"parse","label":"Parse, 100 actions","kind":"computing","unit":"ms","per_round":10,"limit":null,
        "judged":"median","rounds":{parse}}},
        {{"name":"cached-10","label":"Kept plans, 10 in flight","kind":"serving","unit":"/s","per_round":100,
        "limit":{limit},"judged":"median","rounds":{cached}}}],
        "skipped":[{{"name":"kept-p99","reason":"there are no threads here"}}]}}"#
    )
}

#[test]
fn figures_of_two_platforms_stand_side_by_side() {
    let files = Files::new(&[
        ("native.json", figures("native", true, "[0.30,0.31,0.33]", "[31400]", 20_000)),
        ("browser.json", figures("browser", false, "[0.41]", "[7000]", 8_000)),
    ]);
    let both = files.bench("native.json", Some("browser.json"));
    assert_eq!((both.code, both.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(both.stdout);
    let alone = files.bench("native.json", None);
    assert_eq!((alone.code, alone.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(alone.stdout);
}

#[test]
fn what_is_measured_is_read_back_with_every_round() {
    let measured = run(&["bench", "--rounds", "2", "--only", "not-kept,yield,first-plan", "--json"]);
    assert_eq!((measured.code, measured.stderr.as_str()), (Some(0), ""));
    let report = Report::read(&measured.stdout).expect("a report");
    assert_eq!(report.machine.platform, Platform::Native);
    let rows: Vec<_> = report.workloads.iter().map(|row| (row.name.as_str(), row.rounds.len())).collect();
    // In the order in which they are measured, whatever they are asked for in.
    assert_eq!(rows, [("first-plan", 2), ("not-kept", 10), ("yield", 2)]);
    assert!(report.workloads.iter().flat_map(|row| &row.rounds).all(|figure| *figure > 0.0));
    assert!(report.complete && report.seconds > 0.0 && report.clock_us > 0.0);
}

#[test]
fn a_wrong_file_and_a_wrong_name_are_input_errors_that_say_why() {
    let files = Files::new(&[
        ("later.json", figures("native", true, "[1]", "[1]", 1).replace("parity/1", "parity/9")),
        ("other.json", "{}".to_owned()),
    ]);
    let later = files.bench("later.json", None);
    assert_eq!(later.code, Some(31));
    assert!(later.stderr.contains("\"planscope-parity/9\""), "{}", later.stderr);
    let other = files.bench("other.json", None);
    assert_eq!(other.code, Some(31));
    assert!(other.stderr.contains("not of a bench"), "{}", other.stderr);
    let unknown = run(&["bench", "--only", "first-plam"]);
    assert_eq!(unknown.code, Some(31));
    assert!(unknown.stderr.contains("did you mean \"first-plan\"?"), "{}", unknown.stderr);
}
