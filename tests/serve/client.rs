//! A server as a process, and a client that speaks HTTP over sockets by hand: what it sends may be anything.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::document;

/// How long anything here is waited for at most.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A server on a free port of this machine, ended when it is dropped.
pub struct Server {
    child: Child,
    pub address: String,
    _stdout: BufReader<ChildStdout>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Server {
    pub fn start(options: &[&str]) -> Self {
        Self::start_with(&[], options)
    }

    /// The same with variables in its environment.
    pub fn start_with(variables: &[(&str, &str)], options: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_planscope"));
        command
            .env_clear()
            .envs(variables.iter().copied())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(options);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.expect("the binary runs");
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("it says where it listens");
        let Some(address) = line.trim().strip_prefix("listening on http://") else {
            let mut stderr = String::new();
            child.stderr.take().expect("it is piped").read_to_string(&mut stderr).expect("it can be read");
            panic!("it said {line:?} and {stderr:?}");
        };
        Self { address: address.to_owned(), child, _stdout: stdout }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        stream
    }

    /// Sends a request as it is, and reads one answer.
    pub fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // The server may answer and close before it has read everything.
        let _ = stream.write_all(request);
        read(&mut stream)
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let answer = self.raw(&request(method, path, headers, body));
        document::hold(method, path, body, &answer);
        answer
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("Content-Type", "application/json")], body.to_string().as_bytes())
    }

    /// Sends a signal, and waits for the end.
    pub fn end(&mut self, signal: &str) -> (ExitStatus, String) {
        self.signal(signal);
        self.wait()
    }

    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }

    pub fn wait(&mut self) -> (ExitStatus, String) {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                let mut stderr = String::new();
                self.child.stderr.take().expect("it is piped").read_to_string(&mut stderr).expect("UTF-8");
                return (status, stderr);
            }
            assert!(began.elapsed() < PATIENCE, "it does not end");
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The status and the code of an error.
    pub fn error(&self) -> (u16, String) {
        (self.status, self.json()["error"]["code"].as_str().unwrap_or_default().to_owned())
    }
}

pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        text += "Host: localhost\r\n";
    }
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() || method == "POST" {
        text += &format!("Content-Length: {}\r\n", body.len());
    }
    [format!("{text}\r\n").as_bytes(), body].concat()
}

/// Reads one answer, and the whole of it.
pub fn read(stream: &mut TcpStream) -> Answer {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).expect("there is an answer");
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.unwrap_or_else(|| panic!("no status: {line:?}"));
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("headers");
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = Answer { status, headers, body: Vec::new() };
    match answer.header("content-length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => {
            answer.body = vec![0; length];
            reader.read_exact(&mut answer.body).expect("the body");
        }
        None => {
            reader.read_to_end(&mut answer.body).expect("the body");
        }
    }
    answer
}

/// A document that is planned for at once.
pub fn axe() -> Value {
    json!(
        r#"{"format": "planscope-goap/1", "state": {"axe": false, "wood": 0}, "actions": [
      {"name": "buy_axe", "effects": {"axe": true}, "cost": 3},
      {"name": "chop", "preconditions": {"axe": true}, "effects": {"wood": {"+": 1}}}],
      "goals": [{"name": "stock up", "conditions": {"wood": {">=": 2}}}]}"#
    )
}

/// A request whose search goes on until a limit.
pub fn endless() -> Value {
    let document = r#"{"format": "planscope-goap/1", "state": {"a": 0, "b": 0, "c": 0, "never": false}, "actions": [
      {"name": "a", "effects": {"a": {"+": 1}}}, {"name": "b", "effects": {"b": {"+": 1}}},
      {"name": "c", "effects": {"c": {"+": 1}}},
      {"name": "end", "preconditions": {"a": {">=": 1000000}, "b": {">=": 1000000}}, "effects": {"never": true}}],
      "goals": [{"name": "never", "conditions": {"never": true}}]}"#;
    json!({"goap": document, "options": {"search": "bfs", "timeout_ms": 50_000, "memory_mib": 400}})
}

/// Waits until something holds.
pub fn until(mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "it does not come to hold");
        thread::sleep(Duration::from_millis(2));
    }
}
