//! A disk that is full: everything is planned for all the same, and it is said once that plans are not kept.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// Tasks whose plans would take more room than there is.
const TASKS: usize = 120;

/// A file with lines for a batch.
fn tasks(folder: &Path) -> String {
    let task = |cost: usize| {
        let name = format!("step-{}", "x".repeat(1_500));
        json!({"options": {"reuse": true}, "goap": {
            "format": "planscope-goap/1", "state": {"done": false},
            "actions": [{"name": name, "effects": {"done": true}, "cost": cost + 1}],
            "goals": [{"name": "there", "conditions": {"done": true}}]
        }})
    };
    let lines: String = (0..TASKS).map(|cost| format!("{}\n", task(cost))).collect();
    let path = folder.join("tasks.jsonl");
    std::fs::write(&path, lines).expect("it can be written");
    path.to_str().expect("its path is UTF-8").to_owned()
}

/// Plans within a shell that limits the room first; `$0` is the planner, `$1` the file of the batch, `$2` the folder
/// of the store.
fn plan_within(program: &str, arguments: &[&str], limit: &str, file: &str, data: &Path) -> Output {
    let script = format!("{limit} exec \"$0\" plan --batch \"$1\" --threads 2 --data-dir \"$2\"");
    let mut command = Command::new(program);
    command.args(arguments).args(["sh", "-c", &script, env!("CARGO_BIN_EXE_planscope"), file]).arg(data);
    command.stdin(Stdio::null()).output().expect("a shell")
}

fn assert_planned_and_said_once(output: &Output, why: &str) {
    let (answers, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    let answers: Vec<Value> = answers.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), TASKS, "{said}");
    assert!(answers.iter().all(|answer| answer["outcome"] == "solved"), "{said}");
    let notes: Vec<_> = said.lines().filter(|line| line.contains("remembered only until")).collect();
    let [note] = &notes[..] else { panic!("{said}") };
    assert!(
        note.starts_with("note: plans are remembered only until the planner closes: ") && note.contains(why),
        "{note}"
    );
}

/// Runs once more without a limit: the store that is left works.
fn assert_works_again(file: &str, data: &Path) {
    let output = plan_within("env", &[], "", file, data);
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("note: "), "{said}");
}

#[test]
fn a_file_that_may_not_grow_is_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (tasks(folder.path()), folder.path().join("data"));
    // A file may have 100 KiB, in the units of 512 bytes that POSIX says; those of other shells are larger.
    let limit = "trap '' XFSZ; ulimit -f 200;";
    assert_planned_and_said_once(&plan_within("env", &[], limit, &file, &data), "the storage is full: ");
    assert_works_again(&file, &data);
    // There is not even room for an empty store.
    let limit = "trap '' XFSZ; ulimit -f 8;";
    let data = folder.path().join("never");
    assert_planned_and_said_once(
        &plan_within("env", &[], limit, &file, &data),
        "cannot be opened: File too large",
    );
    assert_works_again(&file, &data);
}

#[test]
fn a_small_file_system_is_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (tasks(folder.path()), folder.path().join("data"));
    std::fs::create_dir(&data).unwrap();
    let unshared = ["--user", "--map-root-user", "--mount"];
    let mount = "mount -t tmpfs -o size=100k none \"$2\" || exit 77;";
    let may_mount = Command::new("unshare").args(unshared).arg("true").output();
    if !may_mount.is_ok_and(|output| output.status.success()) {
        eprintln!(
            "this system lets nobody mount a file system of his own: a limit of the file's size is all that is tried"
        );
        return;
    }
    let output = plan_within("unshare", &unshared, mount, &file, &data);
    if output.status.code() == Some(77) {
        eprintln!("tmpfs cannot be mounted here: a limit of the file's size is all that is tried");
        return;
    }
    assert_planned_and_said_once(&output, "the storage is full: ");
}
