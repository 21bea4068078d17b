//! PDDL on the command line: plans, checks, grounding, exit codes.

use std::path::Path;

use crate::command::{Run, files, run};
use planscope::search::SearchKind;
use serde_json::Value;

const LAMP: [&str; 2] = ["lamp.domain.pddl", "lamp.problem.pddl"];

fn lamp() -> (String, String) {
    let read = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cli").join(name);
        std::fs::read_to_string(path).expect("a fixture")
    };
    (read(LAMP[0]), read(LAMP[1]))
}

#[test]
fn a_domain_is_known_by_its_text_also_behind_a_byte_order_mark() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("domain");
    std::fs::write(&path, format!("\u{feff}; a lamp\n{}", lamp().0)).expect("it can be written");
    let run = run(&["check", path.to_str().expect("its path is UTF-8")]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn plan_prints_an_ipc_plan() {
    for engine in [["astar", "blind"], ["astar", "hmax"], ["ucs", "ff"]] {
        let run =
            run(&["plan", LAMP[0], LAMP[1], "--search", engine[0], "--heuristic", engine[1], "--no-cache"]);
        let plan = "(go hall cellar)\n(go cellar attic)\n(screw attic)\n; cost = 3.5 (general cost)\n";
        assert_eq!((run.code, run.stdout.as_str()), (Some(0), plan), "{}", run.stderr);
    }
}

#[test]
fn every_search_and_preset_plans_by_its_name() {
    for &(name, kind) in SearchKind::all() {
        let run = run(&["plan", LAMP[0], LAMP[1], "--search", name, "--json", "--no-cache"]);
        let json = run.json();
        let cost = json["cost"].as_f64().unwrap_or_default();
        assert!(run.code == Some(0) && cost >= 3.5, "{name}: {}", run.stderr);
        let is_optimal =
            matches!(kind, SearchKind::Ucs | SearchKind::AstarLmcut | SearchKind::Lama | SearchKind::Auto);
        assert_eq!(json["optimal"], is_optimal, "{name}");
        assert!(!is_optimal || (cost - 3.5).abs() < 1e-9, "{name}: {cost}");
        let is_anytime = matches!(kind, SearchKind::Lama | SearchKind::Auto);
        assert_eq!(json["improvements"].is_array(), is_anytime, "{name}");
    }
}

#[test]
fn heuristics_come_as_a_list_and_an_unknown_one_is_named() {
    let list =
        ["plan", LAMP[0], LAMP[1], "--search", "lazy", "--heuristic", "ff,landmarks", "--preferred=false"];
    let both = run(&[&list[..], &["--boost", "7", "--tie", "lifo", "--no-cache"]].concat());
    assert_eq!(both.code, Some(0), "{}", both.stderr);
    let wrong = run(&["plan", LAMP[0], LAMP[1], "--heuristic", "ff,landmark"]);
    assert_eq!(wrong.code, Some(31));
    assert!(wrong.stderr.contains("did you mean \"landmarks\"?"), "{}", wrong.stderr);
}

#[test]
fn plan_json_says_how_each_heuristic_began_and_counts_landmarks_by_kind() {
    let run = run(&["plan", LAMP[0], LAMP[1], "--search", "lama-first", "--json", "--no-cache"]);
    let heuristics = &run.json()["heuristics"];
    assert_eq!((&heuristics[0]["name"], &heuristics[1]["name"]), (&"ff".into(), &"landmarks".into()));
    assert_eq!(heuristics[0]["initial_h"], 2.0);
    assert!(heuristics[0]["landmarks"].is_null());
    let found = &heuristics[1]["landmarks"];
    assert!(found["simple"].as_u64() >= Some(2) && found["disjunctive"].is_u64(), "{heuristics}");
    for kind in ["greedy_necessary", "natural", "reasonable"] {
        assert!(found["orders"][kind].is_u64(), "{kind}: {heuristics}");
    }
    assert!(heuristics[1]["initial_h"].as_f64() >= Some(1.0), "{heuristics}");
}

#[test]
fn plan_json_has_the_shape_of_goap_and_the_counts_of_grounding() {
    let run = run(&["plan", LAMP[0], LAMP[1], "--json", "--no-cache"]);
    let json = run.json();
    assert_eq!((run.code, &json["outcome"]), (Some(0), &"solved".into()));
    assert_eq!(json["plan"][0]["args"], serde_json::json!(["hall", "cellar"]));
    assert_eq!(json["length"], 3);
    assert!(json["grounding"]["operators"].as_u64() >= Some(4), "{json}");
}

#[test]
fn a_goal_out_of_reach_is_unsolvable_and_says_why() {
    let run = run(&["plan", LAMP[0], "dark.problem.pddl", "--no-cache"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(11), ""));
    assert!(run.stderr.contains("(lit attic), which never holds (dark.problem.pddl:"), "{}", run.stderr);
    assert!(run.stderr.contains("(has-bulb): is needed by screw"), "{}", run.stderr);
    assert!(run.stderr.contains("lamp.domain.pddl:13:"), "{}", run.stderr);
}

#[test]
fn findings_name_the_file_as_it_was_given() {
    let (domain, problem) = lamp();
    let (folder, d, p) = files(&domain, &problem.replace("(lit attic)", "(lits attic)"));
    let checked = run(&["check", &d, &p, "--json"]);
    assert_eq!(checked.code, Some(31));
    let finding = &checked.json()["diagnostics"][0];
    assert_eq!(finding["file"], p.as_str());
    assert_eq!(finding["range"]["start"], serde_json::json!({"line": 6, "column": 11}));
    assert!(finding["help"].as_str().unwrap_or_default().contains("lit"), "{finding}");
    let planned = run(&["plan", &d, &p, "--json"]);
    assert_eq!((planned.code, &planned.json()["diagnostics"][0]["file"]), (Some(31), &p.as_str().into()));
    let text = run(&["check", &d, &p]);
    assert!(text.stdout.contains(&format!("{p}:6:11")), "{}", text.stdout);
    drop(folder);
}

#[test]
fn a_domain_is_checked_alone() {
    let run = run(&["check", LAMP[0], "--json"]);
    assert_eq!((run.code, run.json()["diagnostics"].as_array().map(Vec::len)), (Some(0), Some(0)));
}

#[test]
fn a_domain_alone_is_no_problem() {
    let run = run(&["plan", LAMP[0]]);
    assert_eq!(run.code, Some(31));
    assert!(run.stderr.contains("give the domain first, then the problem"), "{}", run.stderr);
}

#[test]
fn what_is_not_supported_has_its_exit_code() {
    let (domain, problem) = lamp();
    let (_folder, d, p) = files(&domain, &problem.replace("minimize", "maximize"));
    for command in ["plan", "check", "ground"] {
        assert_eq!(run(&[command, &d, &p]).code, Some(34), "{command}");
    }
}

/// A file of these bytes in a folder.
fn file(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("it can be written");
    path.to_str().expect("its path is UTF-8").to_owned()
}

#[test]
fn bytes_that_are_not_utf8_are_read_with_a_warning() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (domain, problem) = lamp();
    let latin = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
    let old = [b"; caf\xe9\n".as_slice(), &latin(&domain.replace("screw", "sch\u{fc}tteln"))].concat();
    let (d, p) = (file(&folder, "d.pddl", &old), file(&folder, "p.pddl", problem.as_bytes()));
    let checked = run(&["check", &d, &p, "--json"]);
    let json = checked.json();
    assert_eq!((checked.code, json["diagnostics"].as_array().map(Vec::len)), (Some(0), Some(1)), "{json}");
    let finding = &json["diagnostics"][0];
    assert_eq!((&finding["code"], &finding["severity"]), (&"PD102".into(), &"warning".into()));
    assert_eq!(finding["range"]["start"], serde_json::json!({"line": 1, "column": 6}));
    let planned = run(&["plan", &d, &p, "--no-cache"]);
    assert_eq!(planned.code, Some(0), "{}", planned.stderr);
    assert!(planned.stdout.contains("(sch\u{fc}tteln attic)"), "{}", planned.stdout);
    assert!(planned.stderr.contains("d.pddl:1:6"), "{}", planned.stderr);

    let plan = file(&folder, "old.plan", &latin(&planned.stdout));
    let valid = run(&["validate", &d, &p, &plan]);
    assert_eq!(valid.code, Some(0), "{}", valid.stdout);
    let wide: Vec<u8> = format!("\u{feff}{domain}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = run(&["check", &file(&folder, "w.pddl", &wide), &p]);
    assert_eq!(wide.code, Some(0), "{}", wide.stdout);
    assert!(wide.stdout.contains("UTF-16"), "{}", wide.stdout);
}

#[test]
fn one_file_of_a_domain_and_a_problem_is_a_whole_task() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (domain, problem) = lamp();
    let both = file(&folder, "both.pddl", format!("{domain}\n{problem}").as_bytes());
    for command in ["plan", "check", "ground"] {
        let run = run(&[command, &both]);
        assert_eq!(run.code, Some(0), "{command}: {}{}", run.stdout, run.stderr);
    }
    let wrong = format!("{domain}\n{}", problem.replace("(lit attic)", "(lits attic)"));
    let checked = run(&["check", &file(&folder, "wrong.pddl", wrong.as_bytes()), "--json"]).json();
    let line = domain.lines().count() + 1 + 6;
    assert_eq!(checked["diagnostics"][0]["range"]["start"], serde_json::json!({"line": line, "column": 11}));
}

#[test]
fn every_json_document_warns_of_bytes_that_are_not_utf8() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (domain, problem) = lamp();
    let d = file(&folder, "d.pddl", &[b"; caf\xe9\n".as_slice(), domain.as_bytes()].concat());
    let p = file(&folder, "p.pddl", problem.as_bytes());
    let plan = b"(go hall cellar)\n(go cellar attic)\n(screw attic) ; caf\xe9\n";
    let plan = file(&folder, "a.plan", plan);
    let warnings = |run: &Run| {
        let found = run.json()["diagnostics"].as_array().expect("findings").clone();
        let place = |one: &Value| (one["file"].clone(), one["range"]["start"]["line"].clone());
        assert!(found.iter().all(|one| one["severity"] == "warning"), "{found:?}");
        found.iter().map(place).collect::<Vec<_>>()
    };
    let domain = (Value::from(d.as_str()), Value::from(1));
    for command in [&["check", &d, &p, "--json"][..], &["plan", &d, &p, "--no-cache", "--json"]] {
        assert_eq!(warnings(&run(command)), std::slice::from_ref(&domain), "{command:?}");
    }
    let ground = run(&["ground", &d, &p, "--json"]);
    assert_eq!((warnings(&ground), ground.stderr.as_str()), (vec![domain.clone()], ""));
    let validate = run(&["validate", &d, &p, &plan, "--json"]);
    assert_eq!(warnings(&validate), [domain, (Value::from(plan.as_str()), Value::from(3))]);

    let goap = include_bytes!("../fixtures/cli/wood.goap.json");
    let goap = file(&folder, "a.goap.json", &[b"// caf\xe9\n".as_slice(), goap].concat());
    let planned = run(&["plan", &goap, "--no-cache", "--json"]);
    assert_eq!(warnings(&planned), [(Value::Null, Value::from(1))]);
}

#[test]
fn ground_names_a_goap_document() {
    for files in [&["wood.goap.json"][..], &["wood.goap.json", LAMP[1]]] {
        let run = run(&[&["ground"], files].concat());
        assert_eq!(run.code, Some(31), "{files:?}");
        assert!(run.stderr.contains("wood.goap.json is a GOAP document"), "{}", run.stderr);
    }
}

#[test]
fn costs_below_the_scale_are_not_called_optimal() {
    let roads = |short: &str, long: &str| {
        let domain = "(define (domain n) (:requirements :typing :action-costs) (:types l)\n\
             (:predicates (at ?x - l) (road ?a ?b - l))\n\
             (:functions (len ?a ?b - l) (total-cost) - number)\n\
             (:action go :parameters (?a ?b - l) :precondition (and (at ?a) (road ?a ?b))\n\
             :effect (and (at ?b) (not (at ?a)) (increase (total-cost) (len ?a ?b)))))";
        let problem = format!(
            "(define (problem q) (:domain n) (:objects a b c - l) (:init (at a) (road a b) (road b c)\n\
             (road a c) (= (len a b) {short}) (= (len b c) {short}) (= (len a c) {long}) (= (total-cost) 0))\n\
             (:goal (at c)) (:metric minimize (total-cost)))"
        );
        let (_folder, d, p) = files(domain, &problem);
        let search = |name: &str| run(&["plan", &d, &p, "--search", name, "--no-cache", "--json"]).json();
        [search("ucs"), search("astar-lmcut"), search("auto")]
    };
    for (short, long) in [("0.0000000001", "0.0000000003"), ("1e-10", "1000000"), ("1e-12", "3e-12")] {
        for json in roads(short, long) {
            assert_eq!(
                (&json["outcome"], &json["optimal"]),
                (&"solved".into(), &false.into()),
                "{short}: {json}"
            );
        }
    }
    for json in roads("0.000001", "0.000003") {
        assert_eq!((&json["optimal"], &json["length"]), (&true.into(), &2.into()), "{json}");
    }
}

#[test]
fn files_are_known_by_what_they_say() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (domain, problem) = lamp();
    let swapped = run(&["plan", LAMP[1], LAMP[0], "--no-cache"]);
    assert_eq!(swapped.code, Some(0), "{}", swapped.stderr);
    let d = file(&folder, "domain.json", domain.as_bytes());
    let p = file(&folder, "problem.json", problem.as_bytes());
    let named = run(&["plan", &d, &p, "--no-cache"]);
    assert_eq!(named.code, Some(0), "{}", named.stderr);
    let alone = run(&["plan", &d]);
    assert_eq!(alone.code, Some(31));
    assert!(alone.stderr.contains("is PDDL, which comes in two files"), "{}", alone.stderr);
    let goap = file(&folder, "goap.pddl", include_bytes!("../fixtures/cli/wood.goap.json"));
    let goap = run(&["check", &goap]);
    assert_eq!(goap.code, Some(0), "{}", goap.stdout);
}

#[test]
fn a_byte_order_mark_is_no_column_of_a_finding() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text =
        "\u{feff}(define (domain d) (:predicates (p ?x)) (:action a :parameters (?x) :effect (qq ?x)))\r\n";
    let run = run(&["check", &file(&folder, "bom.pddl", text.as_bytes()), "--json"]);
    let column = text.find("qq").expect("the slip") - '\u{feff}'.len_utf8() + 1;
    assert_eq!(
        run.json()["diagnostics"][0]["range"]["start"],
        serde_json::json!({"line": 1, "column": column})
    );
}

#[test]
fn a_plan_by_times_names_both_steps_that_interfere() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = "0: (go hall cellar)\n0: (go cellar attic)\n1: (screw attic)\n";
    let plan = file(&folder, "a.plan", text.as_bytes());
    let run_text = run(&["validate", LAMP[0], LAMP[1], &plan]);
    assert_eq!(run_text.code, Some(1), "{}", run_text.stderr);
    for part in ["(go hall cellar)", "step 2 (go cellar attic)", "(at cellar)", "a.plan:1:1", "a.plan:2:1"] {
        assert!(run_text.stdout.contains(part), "{part}: {}", run_text.stdout);
    }
    let json = run(&["validate", LAMP[0], LAMP[1], &plan, "--json"]).json();
    assert_eq!(json["violation"]["reason"]["kind"], "interferes");
    let mixed = "2: (screw attic) 0: (go hall cellar)\n1: (go\n  cellar attic) [1.0]\n";
    let valid = run(&["validate", LAMP[0], LAMP[1], &file(&folder, "b.plan", mixed.as_bytes())]);
    assert_eq!(valid.code, Some(0), "{}{}", valid.stdout, valid.stderr);
}

#[test]
fn ground_prints_counts_and_times() {
    let json = run(&["ground", LAMP[0], LAMP[1], "--json"]).json();
    assert_eq!(json["goal_reached"], true);
    assert_eq!(json["operators"], 4);
    assert!(json["phases"].as_array().is_some_and(|phases| !phases.is_empty()), "{json}");
    assert!(json["parse_ms"].as_f64() > Some(0.0));
    let text = run(&["ground", LAMP[0], LAMP[1]]);
    assert_eq!(text.code, Some(0));
    assert!(text.stdout.contains("4 operators"), "{}", text.stdout);
}

#[test]
fn ground_has_a_memory_limit_of_its_own() {
    use std::fmt::Write;
    let (domain, problem) = lamp();
    let mut objects = String::new();
    let mut next = String::new();
    for i in 0..3000 {
        write!(objects, "r{i} ").expect("a string");
        write!(next, "(next r{i} r{}) ", (i + 1) % 3000).expect("a string");
    }
    let problem = problem.replacen("hall cellar", &format!("{objects} hall cellar"), 1);
    let problem = problem.replacen("(at hall)", &format!("(at hall) {next} (next hall r0)"), 1);
    let (_folder, d, p) = files(&domain, &problem);
    let text = run(&["ground", &d, &p, "--memory", "1"]);
    assert_eq!(text.code, Some(22), "{}", text.stderr);
    assert!(text.stderr.contains("while grounding"), "{}", text.stderr);
    let json = run(&["ground", &d, &p, "--memory", "16", "--json"]).json();
    let most = json["peak_memory_bytes"].as_u64().expect("a number");
    assert!(most > 1 << 20 && most <= 16 << 20, "{json}");
}

#[test]
fn a_task_and_a_search_leave_as_files() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (trace, plan) = (path("a.trace.json"), path("a.plan"));
    let arguments = ["plan", LAMP[0], LAMP[1], "--trace", &trace, "--plan-file", &plan];
    assert_eq!(run(&arguments).code, Some(0));
    let text = std::fs::read_to_string(&trace).expect("it was written");
    let written: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(written["version"], "1.4.0");
    assert_eq!(written["events"][0]["type"], "source");
    let valid = run(&["validate", LAMP[0], LAMP[1], &plan]);
    assert_eq!(valid.code, Some(0), "{}", valid.stderr);

    let unit = lamp().1.replace("  (:metric minimize (total-cost))", "").replace("1.5", "2");
    let (_files, d, p) = files(&lamp().0, &unit);
    let sas = path("a.sas");
    assert_eq!(run(&["ground", &d, &p, "--sas", &sas]).code, Some(0));
    let text = std::fs::read_to_string(&sas).expect("it was written");
    assert!(text.starts_with("begin_version\n3\nend_version\n"), "{text}");
    assert!(text.contains("Atom at(hall)"), "{text}");
}
