//! The log: it stands on standard error alone, says what it was asked for, and refuses what it does not understand.

use serde_json::Value;

use crate::command::{Run, command, run};

fn logged(directives: &str, arguments: &[&str]) -> Run {
    command(arguments).env("PLANSCOPE_LOG", directives).output().expect("the binary runs").into()
}

#[test]
fn a_log_that_cannot_be_understood_is_a_wrong_argument() {
    for (directives, why) in [
        ("debgu", "\"debgu\" is not a level"),
        ("planscope=loud", "level"),
        ("[request{", "PLANSCOPE_LOG does not say what to log"),
    ] {
        for arguments in [&["plan", "wood.goap.json"][..], &["serve", "--listen", "127.0.0.1:0"]] {
            let refused = logged(directives, arguments);
            assert_eq!(
                (refused.code, refused.stdout.as_str()),
                (Some(31), ""),
                "{directives}: {}",
                refused.stderr
            );
            assert!(
                refused.stderr.contains("PLANSCOPE_LOG") && refused.stderr.contains(why),
                "{}",
                refused.stderr
            );
        }
    }
    let refused = logged("debgu", &["plan", "--json", "wood.goap.json"]);
    assert_eq!(refused.code, Some(31));
    assert!(refused.json()["message"].as_str().unwrap().contains("\"debgu\" is not a level"));
    assert_eq!(run(&["plan", "--log-format", "xml", "wood.goap.json"]).code, Some(31));
}

#[test]
fn a_log_in_json_has_an_object_a_line_and_leaves_standard_output_alone() {
    let arguments = ["plan", "--no-cache", "wood.goap.json"];
    let quiet = run(&arguments);
    let loud = logged("planscope=trace", &[&arguments[..], &["--log-format", "json"]].concat());
    assert_eq!((loud.code, &loud.stdout), (quiet.code, &quiet.stdout));
    let lines: Vec<&str> = loud.stderr.lines().filter(|line| line.starts_with('{')).collect();
    let lines: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let targets: Vec<&str> = lines.iter().filter_map(|line| line["target"].as_str()).collect();
    for name in ["request", "queue", "phase", "slice", "cache", "answered"] {
        assert!(targets.contains(&format!("planscope::{name}").as_str()), "no {name} in {targets:?}");
    }
    let slice = lines.iter().find(|line| line["target"] == "planscope::slice").expect("there is one");
    assert_eq!(slice["spans"][0]["name"], "request", "{slice}");
    assert_eq!(slice["spans"][1]["phase"], "parse", "{slice}");
    // Beside the log there is what there is without it.
    let said: String = loud.stderr.lines().filter(|line| !line.starts_with('{')).collect();
    let without_times = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>();
    assert_eq!(without_times(&said), without_times(&quiet.stderr));
}

#[test]
fn nothing_is_logged_unless_it_is_asked_for() {
    let quiet = run(&["plan", "--no-cache", "wood.goap.json"]);
    let empty = logged("", &["plan", "--no-cache", "wood.goap.json"]);
    for run in [quiet, empty] {
        assert!(!run.stderr.contains("planscope::"), "{}", run.stderr);
    }
}
