//! `plan --batch`: lines in, lines out; parts of a batch, kills, and what is gone on with.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use planscope::hash::SplitMix64;
use serde_json::{Value, json};

use crate::command::{Run, command, run};

/// A batch file and its output, in a folder that is removed afterwards.
struct Batch {
    _folder: tempfile::TempDir,
    file: String,
    output: String,
}

impl Batch {
    fn new(lines: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name).to_str().expect("its path is UTF-8").to_owned();
        let (file, output) = (path("tasks.jsonl"), path("answers.jsonl"));
        std::fs::write(&file, lines).expect("it can be written");
        Self { _folder: folder, file, output }
    }

    fn arguments<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        [&["plan", "--batch", &self.file, "--output", &self.output], more].concat()
    }

    fn run(&self, more: &[&str]) -> Run {
        run(&self.arguments(more))
    }

    fn answers(&self) -> Vec<Value> {
        values(&std::fs::read_to_string(&self.output).expect("an output"))
    }
}

fn values(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect()
}

/// What an answer answers, and with what: without times and places in files, which differ between runs.
fn essence(answer: &Value) -> (u64, String, String) {
    let line = answer["line"].as_u64().expect("a number");
    let engine = answer["engine"].as_str().unwrap_or_default().to_owned();
    let said = ["id", "input", "outcome", "message", "plan", "cost", "optimal"].map(|key| &answer[key]);
    (line, engine, json!(said).to_string())
}

/// Both have the same answers in the same order; or in any order, where `sorts`.
fn assert_same(found: &[Value], expected: &[Value], sorts: bool) {
    let [found, expected] = [found, expected].map(|answers| {
        let mut answers: Vec<_> = answers.iter().map(essence).collect();
        if sorts {
            answers.sort();
        }
        answers
    });
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
}

/// A document in which a counter has to reach `n`.
fn counter(n: u64) -> Value {
    json!({
        "format": "planscope-goap/1", "state": {"n": 0},
        "actions": [{"name": "add", "effects": {"n": {"+": 1}}}, {"name": "jump", "effects": {"n": {"+": 3}}, "cost": 2}],
        "goals": [{"name": "there", "conditions": {"n": {">=": n}}}]
    })
}

/// So many lines: most with one engine, some with two, some that are not understood.
fn mixed(lines: u64) -> String {
    let line = |at: u64| {
        let task = json!({"id": format!("counter/{at}"), "goap": counter(at % 17 + 1).to_string()});
        let with = |key: &str, value: Value| {
            let mut task = task.clone();
            task[key] = value;
            task.to_string()
        };
        match at % 10 {
            3 => with("engines", json!(["lazy-ff", {"search": "astar", "heuristic": "hmax"}])),
            6 => with("options", json!({"search": "nothing"})),
            7 => "{\"goap\": ".to_owned(),
            _ => with("options", json!({"search": "astar", "heuristic": "blind"})),
        }
    };
    (0..lines).map(|at| line(at) + "\n").collect()
}

const EXAMPLE: &str = r#"{"id": "lamp/1", "domain_file": "lamp.domain.pddl", "problem_file": "lamp.problem.pddl", "engines": ["lama-first", {"search": "astar", "heuristic": "hmax"}, {"name": "uniform", "search": "ucs"}]}
{"id": 2, "goap_file": "wood.goap.json"}

{"goap_file": "unsolvable.goap.json", "options": {"search": "bfs"}}
"#;

/// The example as a file beside the fixtures that it names.
fn example() -> Batch {
    let batch = Batch::new(EXAMPLE);
    let folder = Path::new(&batch.file).parent().expect("a folder").to_owned();
    for name in ["lamp.domain.pddl", "lamp.problem.pddl", "wood.goap.json", "unsolvable.goap.json"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cli").join(name);
        std::fs::copy(from, folder.join(name)).expect("a fixture");
    }
    batch
}

#[test]
fn each_engine_of_each_line_is_answered_in_order() {
    let batch = example();
    let run = run(&["plan", "--batch", &batch.file]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let answers = values(&run.stdout);
    let heads: Vec<_> = answers.iter().map(|one| json!([one["line"], one["id"], one["engine"]])).collect();
    assert_eq!(
        heads,
        [
            json!([1, "lamp/1", "lama-first"]),
            json!([1, "lamp/1", "astar(hmax)"]),
            json!([1, "lamp/1", "uniform"]),
            json!([2, 2, "auto"]),
            json!([4, null, "bfs"]),
        ]
    );
    let outcomes: Vec<_> = answers.iter().map(|one| one["outcome"].as_str()).collect();
    assert_eq!(outcomes, [["solved"; 4].map(Some), [Some("unsolvable"); 4]].concat()[..5]);
    assert_eq!((&answers[1]["cost"], &answers[1]["optimal"]), (&3.5.into(), &true.into()));
    assert!(answers[0]["phases"]["total_ms"].as_f64() > Some(0.0) && answers[3]["plan"].is_array());
    assert!(run.stderr.contains("5 answered: 4 with a plan, 1 proven unsolvable"), "{}", run.stderr);
}

#[test]
fn standard_input_is_answered_as_it_comes_while_it_is_open() {
    let mut child = command(&["plan", "--batch", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut input = child.stdin.take().expect("a pipe");
    let mut output = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    for number in 1..=2 {
        let task = json!({"goap": counter(number)});
        writeln!(input, "{task}").expect("it can be written");
        let mut line = String::new();
        std::io::BufRead::read_line(&mut output, &mut line).expect("an answer while more could come");
        assert_eq!(
            (&values(&line)[0]["line"], &values(&line)[0]["cost"]),
            (&number.into(), &(number as f64).into())
        );
    }
    drop(input);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn what_is_wrong_with_a_line_is_said_with_the_way_out_and_the_rest_is_answered() {
    let document = counter(1).to_string();
    let cases = [
        (json!({"gaop": document}).to_string(), "CL008", "unknown key \"gaop\"; did you mean \"goap\"?"),
        (json!({"id": 1}).to_string(), "CL008", "the line names no task"),
        (json!({"domain": "(define)"}).to_string(), "CL008", "the line has a domain and no problem"),
        (json!({"goap": 1}).to_string(), "CL008", "\"goap\" must be a text or an object"),
        (json!({"goap": document, "goap_file": "a"}).to_string(), "CL008", "give one of them"),
        (json!({"id": [], "goap": document}).to_string(), "CL008", "\"id\" must be a text or a number"),
        (
            json!({"goap": document, "options": {"serch": "bfs"}}).to_string(),
            "CL009",
            "did you mean \"search\"?",
        ),
        (
            json!({"goap": document, "engines": ["lama-frist"]}).to_string(),
            "CL009",
            "did you mean \"lama-first\"?",
        ),
        (
            json!({"goap": document, "engines": ["bfs", "bfs"]}).to_string(),
            "CL009",
            "two engines are called \"bfs\"",
        ),
        (json!({"goap": document, "engines": []}).to_string(), "CL009", "1 to 64 engines, not 0"),
        ("{\"goap\": \"x\" \"id\": 1}".to_owned(), "CL007", "expected `,` or `}`"),
        ("[1]".to_owned(), "CL007", "the line is not a JSON object"),
        (json!({"goap_file": "missing.goap.json"}).to_string(), "CL002", "cannot read"),
        (json!({"goap": "{}"}).to_string(), "GP", ""),
    ];
    let mut lines: String = cases.iter().map(|case| case.0.clone() + "\n").collect();
    lines += &json!({"goap": counter(2)}).to_string();
    let batch = Batch::new(&lines);
    let run = batch.run(&[]);
    assert_eq!(run.code, Some(31), "{}", run.stderr);
    let answers = batch.answers();
    assert_eq!(answers.len(), cases.len() + 1);
    for (at, (answer, (line, code, message))) in answers.iter().zip(&cases).enumerate() {
        let finding = &answer["diagnostics"][0];
        assert_eq!(
            (answer["line"].as_u64(), &answer["outcome"]),
            (Some(at as u64 + 1), &Value::Null),
            "{line}"
        );
        assert!(finding["code"].as_str().is_some_and(|found| found.starts_with(code)), "{line}: {finding}");
        assert!(
            finding["message"].as_str().is_some_and(|found| found.contains(message)),
            "{line}: {finding}"
        );
        let way_out = finding["help"].is_string()
            || *code == "CL002"
            || finding["message"].to_string().contains("did you mean");
        assert!(way_out, "{line}: {finding}");
    }
    let place = &answers[10]["diagnostics"][0]["range"]["start"];
    assert_eq!((&place["line"], &place["column"]), (&11.into(), &14.into()));
    assert_eq!(
        (&answers[cases.len()]["outcome"], &answers[cases.len()]["cost"]),
        (&"solved".into(), &2.0.into())
    );
}

#[test]
fn a_line_beyond_the_limit_is_answered_and_the_next_is_planned_for() {
    let long = format!("{{\"goap\": \"{}\"}}\n", "x".repeat(4 << 20));
    let batch = Batch::new(&(long + &json!({"goap": counter(1)}).to_string()));
    let run = batch.run(&["--max-input", "1"]);
    let answers = batch.answers();
    assert_eq!((run.code, answers.len()), (Some(31), 2), "{}", run.stderr);
    assert_eq!(answers[0]["diagnostics"][0]["code"], "CL010");
    assert_eq!(answers[1]["outcome"], "solved");
}

#[test]
fn options_of_the_command_line_hold_where_a_line_leaves_them_open() {
    let tasks = [
        json!({"goap": counter(3)}),
        json!({"goap": counter(3), "options": {"search": "bfs"}}),
        json!({"goap": counter(3), "engines": ["ucs"]}),
    ];
    let batch = Batch::new(&tasks.map(|task| task.to_string()).join("\n"));
    let options = ["--search", "astar", "--heuristic", "blind", "--timeout", "0"];
    assert_eq!(batch.run(&options).code, Some(0));
    let engines: Vec<_> = batch.answers().iter().map(|one| one["engine"].clone()).collect();
    assert_eq!(engines, ["astar(blind)", "bfs", "ucs"]);
    assert!(batch.answers().iter().all(|one| one["outcome"] == "time_limit"));
}

#[test]
fn actions_of_a_document_in_the_line_keep_their_order() {
    let line = r#"{"goap": {"format": "planscope-goap/1", "state": {"a": false}, "actions": [
        {"name": "zebra", "effects": {"a": true}}, {"name": "ape", "effects": {"a": true}}],
        "goals": [{"name": "second", "conditions": {"a": true}}, {"name": "first", "conditions": {"a": true}}]},
        "options": {"search": "bfs"}}"#;
    let batch = Batch::new(&line.replace('\n', " "));
    assert_eq!(batch.run(&[]).code, Some(0));
    let answer = &batch.answers()[0];
    assert_eq!((&answer["goal"], &answer["plan"][0]["action"]), (&"second".into(), &"zebra".into()));
}

#[test]
fn the_parts_of_a_batch_sum_to_the_whole() {
    let whole = Batch::new(&mixed(103));
    assert_eq!(whole.run(&[]).code, Some(31));
    let mut parts = Vec::new();
    for part in ["1/4", "2/4", "3/4", "4/4"] {
        let batch = Batch::new(&mixed(103));
        assert!(batch.run(&["--shard", part, "--unordered"]).stderr.contains(" answered"));
        assert!(batch.answers().len() > 20, "{part}");
        parts.extend(batch.answers());
    }
    assert_same(&parts, &whole.answers(), true);
}

#[test]
fn an_output_with_answers_is_not_written_to_unasked() {
    let batch = Batch::new(&mixed(12));
    batch.run(&[]);
    let before = std::fs::read(&batch.output).expect("an output");
    let again = batch.run(&[]);
    assert_eq!(again.code, Some(31));
    assert!(
        again.stderr.contains("has answers already") && again.stderr.contains("--resume"),
        "{}",
        again.stderr
    );
    assert_eq!(std::fs::read(&batch.output).expect("an output"), before);
}

#[test]
fn a_batch_that_is_done_is_gone_on_with_and_nothing_happens() {
    let batch = Batch::new(&mixed(12));
    assert_eq!(batch.run(&[]).code, Some(31));
    let before = std::fs::read(&batch.output).expect("an output");
    let again = batch.run(&["--resume"]);
    // The lines that were not understood count as if they had been answered now.
    assert_eq!(again.code, Some(31), "{}", again.stderr);
    assert!(again.stderr.starts_with("0 answered; 13 were there"), "{}", again.stderr);
    assert_eq!(std::fs::read(&batch.output).expect("an output"), before);
}

#[test]
fn what_is_gone_on_with_must_be_an_output_of_this_batch() {
    let batch = Batch::new(&mixed(12));
    batch.run(&[]);
    let refused = |more: &[&str], said: &str| {
        let run = batch.run(&[&["--resume"], more].concat());
        assert_eq!(run.code, Some(31), "{}", run.stderr);
        assert!(run.stderr.contains(said), "{}", run.stderr);
    };
    refused(&["--timeout", "7"], "line 1 of ");
    refused(&["--shard", "1/3"], "which is not in part 1/3");
    let lines = std::fs::read_to_string(&batch.file).expect("it was written");
    std::fs::write(&batch.file, lines.replace("counter/4", "counter/four")).expect("it can be written");
    refused(&[], "line 5 of ");
    std::fs::write(&batch.file, lines.lines().take(11).collect::<Vec<_>>().join("\n"))
        .expect("it can be written");
    refused(&[], "the output answers line 12, and ");
    std::fs::write(&batch.file, &lines).expect("it can be written");
    std::fs::write(&batch.output, "{\"line\": 1}\n").expect("it can be written");
    refused(&[], "line 1 of ");
}

/// Kills a batch at random moments, tears what it has written last, and goes on with it until it ends by itself.
#[cfg(target_os = "linux")]
fn killed(lines: u64, kills: u64, seed: u64, options: &[&str]) {
    let batch = Batch::new(&mixed(lines));
    let whole = Batch::new(&mixed(lines));
    assert_eq!(whole.run(&[]).code, Some(31));
    let bytes = std::fs::metadata(&whole.output).expect("an output").len();

    let mut random = SplitMix64::new(seed);
    let length = || std::fs::metadata(&batch.output).map_or(0, |found| found.len());
    let arguments = batch.arguments(&[options, &["--resume"]].concat());
    for kill in 0..kills {
        let mut child = command(&arguments).stderr(Stdio::null()).spawn().expect("the binary runs");
        // Zero is while it starts; the sum of all is less than the whole.
        let until = length() + random.below(bytes / kills);
        while length() < until {
            assert!(child.try_wait().expect("it can be asked").is_none(), "it ended before kill {kill}");
            std::thread::yield_now();
        }
        child.kill().expect("it can be killed");
        child.wait().expect("it has ended");
        if random.below(2) == 0 {
            let file = std::fs::OpenOptions::new().write(true).open(&batch.output).expect("an output");
            file.set_len(length().saturating_sub(random.below(900))).expect("it can be cut");
        }
    }
    let last = run(&arguments);
    assert_eq!(last.code, Some(31), "{}", last.stderr);

    let found = batch.answers();
    let mut counts = BTreeMap::new();
    for answer in &found {
        *counts.entry((answer["line"].as_u64(), answer["engine"].as_str())).or_insert(0) += 1;
    }
    assert!(counts.values().all(|&count| count == 1), "seed {seed}: answered twice");
    assert_same(&found, &whole.answers(), options.contains(&"--unordered"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_batch_that_is_killed_and_gone_on_with_has_each_answer_once() {
    killed(400, 8, 1, &["--threads", "1"]);
    killed(400, 8, 2, &["--threads", "3"]);
    killed(400, 8, 3, &["--unordered", "--threads", "4"]);
}

/// `make batch-kills`.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes"]
fn ten_thousand_lines_that_are_killed_twenty_times_have_each_answer_once() {
    killed(10_000, 20, 4, &["--threads", "2"]);
    killed(10_000, 20, 5, &["--unordered", "--threads", "4"]);
}

#[cfg(target_os = "linux")]
#[test]
fn two_processes_do_not_write_to_one_output() {
    let batch = Batch::new("");
    let mut first = command(&["plan", "--batch", "-", "--output", &batch.output])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let mut input = first.stdin.take().expect("a pipe");
    writeln!(input, "{}", json!({"goap": counter(1)})).expect("it can be written");
    while !std::fs::read(&batch.output).is_ok_and(|bytes| bytes.ends_with(b"\n")) {
        assert!(first.try_wait().expect("it can be asked").is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    let second = batch.run(&["--resume"]);
    assert_eq!(second.code, Some(31));
    assert!(second.stderr.contains("another process writes to it"), "{}", second.stderr);
    drop(input);
    assert_eq!(first.wait().expect("it ends").code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_a_batch_behind_what_is_written() {
    let endless = json!({"goap_file": "endless.goap.json", "options": {"search": "bfs"}}).to_string();
    let batch =
        Batch::new(&format!("{}\n{endless}\n{}\n", json!({"goap": counter(1)}), json!({"goap": counter(2)})));
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cli/endless.goap.json");
    let folder = Path::new(&batch.file).parent().expect("a folder");
    std::fs::copy(from, folder.join("endless.goap.json")).expect("a fixture");
    let is_written = || std::fs::read(&batch.output).is_ok_and(|bytes| bytes.ends_with(b"\n"));
    let run = crate::command::interrupted(&batch.arguments(&[]), |_| is_written());
    assert_eq!(run.code, Some(130), "{}", run.stderr);
    assert!(
        run.stderr.contains("1 answered: 1 with a plan\ninterrupted; --resume goes on"),
        "{}",
        run.stderr
    );
    assert_eq!(batch.answers().len(), 1);
}
