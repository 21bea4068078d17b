//! The command line as a shell sees it: arguments and files in; streams, files and exit codes out.

use std::io::Write;
use std::process::Stdio;

use crate::command::{Run, command, run};
use serde_json::Value;

fn run_with_input(arguments: &[&str], input: &[u8]) -> Run {
    let mut command = command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    // It may refuse before it has read everything.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("it ends").into()
}

const PLAN: &str = "\
(\"get axe\")
(go \"far forest\")
(chop)
(chop)
(go camp)
(burn)
; cost = 5.9
";

#[test]
fn a_plan_is_printed_one_action_a_line_with_its_cost() {
    let run = run(&["plan", "wood.goap.json", "--search", "astar", "--heuristic", "hmax"]);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str(), run.code), (PLAN, "", Some(0)));
}

#[test]
fn every_engine_finds_a_plan() {
    for search in ["bfs", "ucs", "astar", "wastar", "gbfs"] {
        for heuristic in ["blind", "goal-count", "hmax", "add", "ff"] {
            let options =
                ["plan", "wood.goap.json", "--search", search, "--heuristic", heuristic, "--weight", "1.5"];
            assert_eq!(run(&options).code, Some(0), "{search} {heuristic}");
        }
    }
}

#[test]
fn a_document_comes_from_standard_input() {
    let text = include_bytes!("../fixtures/cli/wood.goap.json");
    let run = run_with_input(&["plan", "-", "--heuristic", "hmax"], text);
    assert_eq!((run.stdout.as_str(), run.code), (PLAN, Some(0)));
}

#[test]
fn the_plan_is_written_to_a_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wood.plan");
    let run = run(&["plan", "wood.goap.json", "--heuristic", "hmax", "--plan-file", path.to_str().unwrap()]);
    assert_eq!(run.stdout, PLAN);
    assert_eq!(std::fs::read_to_string(path).unwrap(), PLAN);
}

#[test]
fn json_is_one_document_in_the_stable_shape() {
    let run = run(&["plan", "wood.goap.json", "--heuristic", "hmax", "--json"]);
    let json = run.json();
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(json["outcome"], "solved");
    assert_eq!(json["goal"], "keep warm");
    assert_eq!(json["length"], 6);
    assert_eq!(json["optimal"], true);
    assert_eq!(json["plan"][1], serde_json::json!({"action": "go", "args": ["far forest"], "cost": 0.1}));
    assert!((json["cost"].as_f64().unwrap() - 5.9).abs() < 1e-9);
    assert_eq!(json["provenance"]["source"], "search");
    assert_eq!(json["diagnostics"], serde_json::json!([]));
    for phase in ["parse_ms", "ground_ms", "search_ms", "validate_ms", "total_ms"] {
        assert!(json["phases"][phase].as_f64().unwrap() >= 0.0, "{phase}");
    }
    for counter in ["evaluated", "expanded", "generated", "reopened", "registered", "dead_ends"] {
        assert!(json["statistics"][counter].is_u64(), "{counter}");
    }
    assert!(json["peak_memory_bytes"].as_u64().unwrap() > 0);
}

#[test]
fn each_end_has_its_exit_code_and_outcome() {
    for (arguments, code, outcome) in [
        (&["unsolvable.goap.json"][..], 11, "unsolvable"),
        (&["no-candidate.goap.json"], 11, "unsolvable"),
        (&["endless.goap.json", "--search", "bfs", "--memory", "4"], 22, "memory_limit"),
        (&["endless.goap.json", "--search", "bfs", "--timeout", "0.05"], 23, "time_limit"),
    ] {
        let arguments: Vec<_> = ["plan"].iter().chain(arguments).copied().collect();
        let text = run(&arguments);
        assert_eq!((text.code, text.stdout.as_str()), (Some(code), ""), "{arguments:?}");
        assert!(!text.stderr.is_empty(), "{arguments:?}");
        let json = run(&[&arguments[..], &["--json"]].concat());
        assert_eq!(json.code, Some(code), "{arguments:?}");
        assert_eq!(json.json()["outcome"], outcome);
        assert_eq!(json.json()["plan"], Value::Null);
    }
}

#[test]
fn no_candidate_has_a_message_of_its_own() {
    let run = run(&["plan", "no-candidate.goap.json"]);
    assert!(run.stderr.contains("no goal is a candidate"), "{}", run.stderr);
    assert!(!run.stderr.contains("proven"), "{}", run.stderr);
}

#[test]
fn naming_a_goal_overrides_when() {
    let run = run(&["plan", "no-candidate.goap.json", "--goal", "keep warm"]);
    assert_eq!((run.stdout.as_str(), run.code), ("(burn)\n; cost = 1\n", Some(0)));
}

#[test]
fn check_prints_findings_as_a_compiler_does() {
    let run = run(&["check", "errors.goap.json"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(31), ""));
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn warnings_alone_are_no_failure() {
    let run = run(&["check", "warnings.goap.json"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.ends_with("warnings.goap.json: 2 warnings\n"), "{}", run.stdout);
}

#[test]
fn check_says_when_there_is_nothing_to_say() {
    assert_eq!(run(&["check", "wood.goap.json"]).stdout, "wood.goap.json: no problems\n");
}

#[test]
fn check_json_has_the_stable_shape() {
    let run = run(&["check", "errors.goap.json", "--json"]);
    assert_eq!(run.code, Some(31));
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn a_document_with_errors_is_not_planned_for() {
    let text = run(&["plan", "errors.goap.json"]);
    assert_eq!((text.code, text.stdout.as_str()), (Some(31), ""));
    assert!(text.stderr.contains(" --> errors.goap.json:5:"), "{}", text.stderr);
    let json = run(&["plan", "errors.goap.json", "--json"]);
    assert_eq!(json.code, Some(31));
    assert_eq!(json.json()["outcome"], Value::Null);
    assert_eq!(json.json()["diagnostics"][0]["severity"], "error");
}

#[test]
fn invalid_utf8_has_a_place() {
    let run = run_with_input(&["check", "-"], b"{\n  \"a\xff\": 1 }");
    assert_eq!(run.code, Some(31));
    assert!(
        run.stdout.contains("read as Windows-1252") && run.stdout.contains("\"a\u{ff}\""),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains(" --> <stdin>:2:5"), "{}", run.stdout);
}

#[test]
fn whatever_is_refused_is_one_json_document_too() {
    for (arguments, code) in [
        (&["check", "--json", "missing.goap.json"][..], 31),
        (&["check", "--json"], 31),
        (&["plan", "--json", "missing.goap.json"], 31),
        (&["plan", "--json", "wood.goap.json", "--search", "dfs"], 31),
        (&["plan", "--json", "wood.goap.json", "--weight", "0"], 31),
        (&["plan", "--json", "wood.goap.json", "--goal", "none"], 31),
        (&["plan", "--json", "problem.pddl"], 31),
    ] {
        let run = run(arguments);
        assert_eq!(run.code, Some(code), "{arguments:?}");
        let finding = &run.json()["diagnostics"][0];
        assert_eq!(finding["severity"], "error", "{arguments:?}");
        assert!(!finding["message"].as_str().unwrap().is_empty(), "{arguments:?}");
    }
}

#[test]
fn wrong_arguments_are_input_errors_with_a_hint() {
    let run = run(&["plan", "wood.goap.json", "--serch", "bfs"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(31), ""));
    assert!(run.stderr.contains("'--search'"), "{}", run.stderr);
}

#[test]
fn help_and_version_are_no_errors() {
    for arguments in [&["--help"][..], &["plan", "--help"], &["--version"]] {
        let run = run(arguments);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{arguments:?}");
        assert!(run.stdout.contains("lanscope"), "{}", run.stdout);
    }
}

#[test]
fn colour_is_for_terminals_alone() {
    for arguments in [["check", "errors.goap.json"], ["plan", "errors.goap.json"]] {
        let run = run(&arguments);
        assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'));
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut command = command(&["check", "errors.goap.json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let run = Run::from(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (Some(31), ""));
}

#[test]
fn a_kept_plan_is_offered_and_answers_only_where_reuse_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let plan =
        |more: &[&str]| run(&[&["plan", "wood.goap.json", "--json", "--data-dir", data], more].concat());
    let first = plan(&["--heuristic", "hmax"]).json();
    assert_eq!(first["provenance"]["source"], "search");
    // The same again, and another engine, search as if nothing had been kept.
    let again = plan(&["--heuristic", "hmax"]).json();
    assert_eq!(
        (&again["provenance"]["source"], &again["kept"]),
        (&"search".into(), &serde_json::Value::Null)
    );
    assert_eq!(again["statistics"], first["statistics"]);
    let other = plan(&["--search", "gbfs"]);
    let offer =
        serde_json::json!({ "cost": first["cost"], "length": 6, "optimal": true, "engine": "A* · hmax" });
    assert_eq!((&other.json()["provenance"]["source"], &other.json()["kept"]), (&"search".into(), &offer));
    let told = run(&["plan", "wood.goap.json", "--data-dir", data, "--search", "gbfs"]);
    assert!(told.stderr.contains("is kept, found by A* · hmax; --reuse answers with it"), "{}", told.stderr);

    let reused = plan(&["--reuse", "--search", "gbfs"]).json();
    let provenance =
        serde_json::json!({"source": "pattern", "engine": "A* · hmax", "uses": 1, "successes": 1});
    assert_eq!(reused["provenance"], provenance);
    assert_eq!(
        (&reused["outcome"], &reused["length"], &reused["optimal"]),
        (&"solved".into(), &6.into(), &true.into())
    );
    assert_eq!(plan(&["--reuse"]).json()["provenance"]["uses"], 2);
    assert_eq!(plan(&["--no-cache", "--search", "gbfs"]).json()["kept"], serde_json::Value::Null);
    assert_eq!(plan(&["--no-cache", "--reuse"]).code, Some(31));
}

#[test]
fn data_goes_where_the_system_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(&["plan", "wood.goap.json"]);
    let run = Run::from(command.env("XDG_DATA_HOME", folder.path()).output().unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(folder.path().join("planscope/planscope.redb").exists());
}

#[test]
fn a_damaged_store_is_set_aside_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    std::fs::write(folder.path().join("planscope.redb"), b"no database at all").unwrap();
    let options = ["plan", "wood.goap.json", "--data-dir", data];
    let first = run(&options);
    assert_eq!(first.code, Some(0));
    assert!(first.stderr.contains("is damaged") && first.stderr.contains("set aside"), "{}", first.stderr);
    assert_eq!(run(&options).stderr, "");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_data_dir_that_cannot_be_made_is_no_failure() {
    let run = run(&["plan", "wood.goap.json", "--data-dir", "wood.goap.json/data"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("only until the planner closes"), "{}", run.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_cancels_and_says_so() {
    let options = ["plan", "endless.goap.json", "--search", "bfs", "--json", "--memory", "4096"];
    let run = crate::command::interrupted(&options, |_| true);
    assert_eq!(run.code, Some(130));
    assert_eq!(run.json()["outcome"], "cancelled");
}

/// Validates a plan for the document with the wood.
fn validate(plan: &str, options: &[&str]) -> Run {
    let options: Vec<&str> = ["validate", "wood.goap.json", "-"].iter().chain(options).copied().collect();
    run_with_input(&options, plan.as_bytes())
}

#[test]
fn a_valid_plan_is_said_to_be_with_its_cost() {
    let run = validate(PLAN, &[]);
    assert_eq!((run.stdout.as_str(), run.code), ("<stdin>: valid, 6 steps, cost = 5.9\n", Some(0)));
    assert_eq!(run.stderr, "");
    let json = validate(PLAN, &["--json"]).json();
    assert_eq!(
        (&json["valid"], &json["goal"], &json["length"]),
        (&true.into(), &"keep warm".into(), &6.into())
    );
    assert!((json["cost"].as_f64().unwrap() - 5.9).abs() < 1e-9);
    assert_eq!((&json["claimed_cost"], &json["violation"]), (&5.9.into(), &Value::Null));
}

#[test]
fn a_wrong_claim_of_a_cost_is_noted() {
    let run = validate(&PLAN.replace("5.9", "5.8"), &[]);
    assert_eq!(run.code, Some(0));
    assert_eq!(run.stderr, "note: <stdin> claims a cost of 5.8\n");
}

#[test]
fn an_invalid_plan_has_a_step_a_condition_and_two_places() {
    let plan = PLAN.replace("(\"get axe\")\n", "");
    let run = validate(&plan, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    insta::assert_snapshot!(run.stdout, @r#"
    error[VA001]: step 2 (chop): `has_axe = true` does not hold: has_axe = false
      --> wood.goap.json:21:26
       |
    21 |       "preconditions": { "has_axe": true, "place": "far forest", "wood": { "<": 5 } },
       |                          ^^^^^^^^^^^^^^^
    note[VA001]: this is the step
     --> <stdin>:2:1
      |
    2 | (chop)
      | ^^^^^^
    <stdin>: not valid
    "#);
    let json = validate(&plan, &["--json"]);
    assert_eq!((json.code, &json.json()["valid"]), (Some(1), &false.into()));
    let violation = &json.json()["violation"];
    assert_eq!((&violation["step"], &violation["action"]), (&2.into(), &"(chop)".into()));
    assert_eq!(violation["reason"]["kind"], "unmet");
    assert_eq!(
        violation["at"],
        serde_json::json!({"file": null, "range": {
        "start": {"line": 21, "column": 26}, "end": {"line": 21, "column": 41}}})
    );
    assert_eq!(violation["plan_at"]["range"]["start"], serde_json::json!({"line": 2, "column": 1}));
    let no_plan = validate("", &[]);
    assert_eq!(no_plan.code, Some(1));
    assert!(no_plan.stdout.contains("at the end"), "{}", no_plan.stdout);
}

#[test]
fn a_plan_that_cannot_be_read_is_an_input_error() {
    for (plan, options) in [("go", &[][..]), ("(go \"a)", &[]), (PLAN, &["--goal", "none"])] {
        let run = validate(plan, options);
        assert_eq!((run.code, run.stdout.as_str()), (Some(31), ""), "{plan}");
        assert!(run.stderr.starts_with("error["), "{}", run.stderr);
        let json = validate(plan, &[options, &["--json"]].concat());
        assert_eq!((json.code, &json.json()["valid"]), (Some(31), &Value::Null), "{plan}");
        assert_eq!(json.json()["diagnostics"][0]["severity"], "error");
    }
    assert_eq!(run(&["validate", "wood.goap.json"]).code, Some(31));
    assert_eq!(run(&["validate", "wood.goap.json", "missing.plan"]).code, Some(31));
    assert_eq!(run(&["validate", "errors.goap.json", "errors.goap.json"]).code, Some(31));
}

/// Validates a plan for the lamp.
fn validate_lamp(plan: &str, options: &[&str]) -> Run {
    let files = ["validate", "lamp.domain.pddl", "lamp.problem.pddl", "-"];
    run_with_input(&[&files, options].concat(), plan.as_bytes())
}

const LAMP_PLAN: &str =
    "(go hall cellar)\n(GO Cellar Attic) ; up\n(screw attic)\n; cost = 3.5 (general cost)\n";

#[test]
fn plans_for_pddl_are_validated_too() {
    let run = validate_lamp(LAMP_PLAN, &[]);
    assert_eq!((run.stdout.as_str(), run.code), ("<stdin>: valid, 3 steps, cost = 3.5\n", Some(0)));
    assert_eq!(run.stderr, "");
    let json = validate_lamp(LAMP_PLAN, &["--json"]).json();
    assert_eq!(
        (&json["valid"], &json["cost"], &json["claimed_cost"]),
        (&true.into(), &3.5.into(), &3.5.into())
    );
}

#[test]
fn a_condition_of_pddl_is_named_with_its_binding_file_and_place() {
    let plan = "(go hall cellar)\n(go hall attic)\n(screw attic)\n";
    let run = validate_lamp(plan, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    insta::assert_snapshot!(run.stdout, @r"
    error[VA001]: step 2 (go hall attic): (at hall) does not hold, with ?from = hall
     --> lamp.domain.pddl:9:24
      |
    9 |     :precondition (and (at ?from) (next ?from ?to))
      |                        ^^^^^^^^^^
    note[VA001]: this is the step
     --> <stdin>:2:1
      |
    2 | (go hall attic)
      | ^^^^^^^^^^^^^^^
    <stdin>: not valid
    ");
    let violation = &validate_lamp(plan, &["--json"]).json()["violation"];
    assert_eq!((&violation["step"], &violation["action"]), (&2.into(), &"(go hall attic)".into()));
    assert_eq!(
        violation["reason"],
        serde_json::json!({
        "kind": "unsatisfied", "condition": "(at hall)", "values": "",
        "binding": [{"variable": "?from", "object": "hall"}]})
    );
    assert_eq!(
        (&violation["at"]["file"], &violation["plan_at"]["file"]),
        (&"lamp.domain.pddl".into(), &"<stdin>".into())
    );
    let goal = validate_lamp("(go hall attic)", &[]);
    assert!(goal.stdout.contains("at the end: (lit attic) does not hold"), "{}", goal.stdout);
    assert!(goal.stdout.contains("lamp.problem.pddl:6:10"), "{}", goal.stdout);
    let unknown = validate_lamp("(fly hall attic)", &["--json"]).json();
    assert_eq!(
        (&unknown["violation"]["at"], &unknown["violation"]["plan_at"]["range"]["start"]["line"]),
        (&Value::Null, &1.into())
    );
}

#[test]
fn a_domain_without_a_problem_has_no_plans() {
    let run = run_with_input(&["validate", "lamp.domain.pddl", "-"], LAMP_PLAN.as_bytes());
    assert_eq!((run.code, run.stdout.as_str()), (Some(31), ""));
    assert!(run.stderr.contains("two files"), "{}", run.stderr);
}

#[test]
fn a_plan_file_that_cannot_be_written_does_not_lose_the_plan() {
    let arguments =
        ["plan", "wood.goap.json", "--heuristic", "hmax", "--plan-file", "no-such-folder/wood.plan"];
    let text = run(&arguments);
    assert_eq!((text.stdout.as_str(), text.code), (PLAN, Some(74)));
    assert!(text.stderr.contains("cannot write the plan to no-such-folder/wood.plan"), "{}", text.stderr);
    let json = run(&[&arguments[..], &["--json"]].concat());
    assert_eq!((json.code, &json.json()["outcome"]), (Some(74), &"solved".into()));
    assert_eq!(json.json()["length"], 6);
}

#[test]
fn a_trace_that_cannot_be_written_does_not_lose_the_plan() {
    let run = run(&["plan", "wood.goap.json", "--heuristic", "hmax", "--trace", "no-such-folder/wood.trace"]);
    assert_eq!((run.stdout.as_str(), run.code), (PLAN, Some(74)));
    assert!(run.stderr.contains("cannot write the trace"), "{}", run.stderr);
}

#[test]
fn two_goap_documents_are_one_too_many() {
    for command in ["plan", "check"] {
        for files in [["wood.goap.json", "warnings.goap.json"], ["lamp.domain.pddl", "wood.goap.json"]] {
            let run = run(&[command, files[0], files[1]]);
            assert_eq!((run.code, run.stdout.as_str()), (Some(31), ""));
            assert!(run.stderr.contains("is a GOAP document, which comes alone"), "{}", run.stderr);
        }
    }
}

#[test]
fn a_file_that_is_too_large_is_told_its_own_size() {
    let folder = tempfile::tempdir().unwrap();
    for (name, limit, size) in [("large.goap.json", 1 << 20, 3 << 20), ("large.pddl", 1 << 20, 5 << 20)] {
        let path = folder.path().join(name);
        std::fs::write(&path, vec![b' '; size]).unwrap();
        let run = run(&["check", path.to_str().unwrap(), "--max-input", "1"]);
        assert_eq!(run.code, Some(31));
        let expected = format!("has {size} bytes, and {limit} are the limit");
        assert!(run.stderr.contains(&expected), "{}", run.stderr);
    }
    let piped = run_with_input(&["check", "-", "--max-input", "1"], &vec![b' '; 3 << 20]);
    assert!(piped.stderr.contains("has more than 1048576 bytes"), "{}", piped.stderr);
}

#[test]
fn json_says_what_became_of_each_goal_and_why() {
    let text = r#"{"format": "planscope-goap/1",
 "state": {"a": false, "c": false},
 "actions": [{"name": "do_a", "effects": {"a": true}}],
 "goals": [{"name": "moon", "priority": 9, "conditions": {"c": true}}, {"name": "a", "conditions": {"a": true}}]}"#;
    let solved = run_with_input(&["plan", "-", "--json", "--no-cache"], text.as_bytes()).json();
    assert_eq!((&solved["goal"], &solved["explanation"]), (&"a".into(), &Value::Null));
    let [moon, a] = solved["goals"].as_array().unwrap().as_slice() else { panic!("{solved}") };
    assert_eq!((&moon["verdict"], &moon["outcome"]), (&"failed".into(), &"unsolvable".into()));
    assert_eq!((&a["verdict"], &a["cost"]), (&"planned".into(), &1.0.into()));
    let root = &moon["explanation"]["chain"][0];
    assert_eq!((&root["condition"], &root["is_root"]), (&"c = true".into(), &true.into()));
    assert_eq!(root["range"]["start"], serde_json::json!({"line": 4, "column": 59}));

    let only = ["plan", "-", "--json", "--no-cache", "--goal", "moon"];
    let unsolvable = run_with_input(&only, text.as_bytes());
    assert_eq!(unsolvable.code, Some(11));
    assert_eq!(unsolvable.json()["explanation"]["conditions"][0]["text"], "c = true");
    let plain = run_with_input(&["plan", "-", "--no-cache"], text.as_bytes());
    assert!(plain.stderr.contains("c = true: is asked for by the goal"), "{}", plain.stderr);
}

#[test]
fn engines_race_and_the_result_says_what_became_of_each() {
    let run = run(&["plan", "wood.goap.json", "--race", "astar-lmcut,lama-first", "--no-cache", "--json"]);
    let result: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.code, result["outcome"].as_str()), (Some(0), Some("solved")), "{}", run.stderr);
    let race = result["race"].as_array().unwrap();
    assert_eq!(race.len(), 2);
    assert_eq!(race.iter().filter(|engine| engine["won"] == true).count(), 1);
    let shares: f64 = race.iter().filter_map(|engine| engine["share"].as_f64()).sum();
    assert!((shares - 1.0).abs() < 1e-9, "{race:?}");
}
