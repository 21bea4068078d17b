//! The command line as a process: what it is given, and what comes back.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// What a run came to.
pub struct Run {
    pub stdout: String,
    pub stderr: String,
    pub code: Option<i32>,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        Self { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code() }
    }
}

impl Run {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}

/// The command, run where the fixtures are, without anything of the person who runs the tests.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_planscope"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cli"));
    command.env_clear().args(arguments).stdin(Stdio::null());
    command
}

pub fn run(arguments: &[&str]) -> Run {
    command(arguments).output().expect("the binary runs").into()
}

/// Files of a folder that is removed afterwards.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new(files: &[(&str, impl AsRef<str>)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text.as_ref()).expect("it can be written");
        }
        Self(folder)
    }

    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().expect("its path is UTF-8").to_owned()
    }
}

/// A domain and a problem in files of a folder that is removed afterwards.
pub fn files(domain: &str, problem: &str) -> (Folder, String, String) {
    let folder = Folder::new(&[("d.pddl", domain), ("p.pddl", problem)]);
    let (domain, problem) = (folder.path("d.pddl"), folder.path("p.pddl"));
    (folder, domain, problem)
}

/// Sends Ctrl-C to a run once it listens for it and `is_time` says so, and waits for its end.
#[cfg(target_os = "linux")]
pub fn interrupted(arguments: &[&str], is_time: impl Fn(u32) -> bool) -> Run {
    let child = command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("the binary runs");
    let id = child.id();
    // Until it listens for the signal, the signal would end it by itself.
    while !(catches_interrupt(id) && is_time(id)) {
        assert!(child.try_wait().expect("it can be asked").is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    let sent = Command::new("kill").args(["-INT", &id.to_string()]).status();
    assert!(sent.expect("kill runs").success());
    child.wait_with_output().expect("it ends").into()
}

/// What a run came to that prints little, and the most kibibytes that its process was seen to have in memory.
#[cfg(target_os = "linux")]
pub fn with_peak(arguments: &[&str]) -> (Run, u64) {
    let child = command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("the binary runs");
    let mut most = 0;
    while child.try_wait().expect("it can be asked").is_none() {
        most = most.max(kibibytes(child.id(), "VmHWM:"));
        std::thread::yield_now();
    }
    (child.wait_with_output().expect("it has ended").into(), most)
}

#[cfg(target_os = "linux")]
fn catches_interrupt(id: u32) -> bool {
    let caught = status(id, "SigCgt:").and_then(|mask| u64::from_str_radix(&mask, 16).ok());
    caught.is_some_and(|mask| mask & 2 != 0)
}

/// Kibibytes that a process has in memory now.
#[cfg(target_os = "linux")]
pub fn resident_kib(id: u32) -> u64 {
    kibibytes(id, "VmRSS:")
}

#[cfg(target_os = "linux")]
fn kibibytes(id: u32, field: &str) -> u64 {
    status(id, field).and_then(|size| size.trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}

#[cfg(target_os = "linux")]
fn status(id: u32, field: &str) -> Option<String> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix(field)).map(|value| value.trim().to_owned())
}
