//! `/v1/jobs`: planning that a client does not wait for, and its stream of events.

use std::io::{BufRead, BufReader, Write};

use serde_json::{Value, json};

use crate::client::{Server, axe, endless, request, until};

/// Submits a request, and answers the path of its job.
fn submit(server: &Server, body: &Value) -> String {
    let answer = server.post("/v1/jobs", body);
    assert_eq!(answer.status, 202, "{answer:?}");
    let path = answer.header("location").expect("a location").to_owned();
    assert_eq!(path, format!("/v1/jobs/{}", answer.json()["id"].as_str().expect("an id")));
    path
}

fn status(server: &Server, path: &str) -> String {
    server.get(path).json()["status"].as_str().expect("a status").to_owned()
}

/// The events of a stream that comes to an end: name, id and data.
fn events(server: &Server, path: &str, headers: &[(&str, &str)]) -> Vec<(String, Option<u64>, Value)> {
    let mut stream = server.connect();
    let path = format!("{path}/events");
    stream.write_all(&request("GET", &path, headers, b"")).expect("it listens");
    let (mut found, mut name, mut id) = (Vec::new(), String::new(), None);
    for line in BufReader::new(stream).lines() {
        let line = line.expect("the stream is UTF-8");
        if let Some(event) = line.strip_prefix("event: ") {
            event.clone_into(&mut name);
        } else if let Some(number) = line.strip_prefix("id: ") {
            id = number.parse().ok();
        } else if let Some(data) = line.strip_prefix("data: ") {
            found.push((std::mem::take(&mut name), id.take(), serde_json::from_str(data).expect("JSON")));
        }
    }
    found
}

#[test]
fn a_job_is_shown_until_it_has_its_result() {
    let server = Server::start(&["--threads", "1"]);
    let path = submit(&server, &json!({"goap": axe()}));
    until(|| status(&server, &path) == "ended");
    let job = server.get(&path).json();
    assert_eq!((&job["result"]["outcome"], &job["result"]["cost"]), (&"solved".into(), &5.0.into()), "{job}");
    assert_eq!(events(&server, &path, &[]).last().expect("an end").2["outcome"], "solved");
    assert_eq!(server.send("DELETE", &path, &[], b"").status, 204);
    assert_eq!(server.get(&path).error(), (404, "not_found".to_owned()));
    assert_eq!(server.send("DELETE", &path, &[], b"").status, 404);
}

#[test]
fn events_tell_of_phases_progress_and_an_end_that_comes_last() {
    let server = Server::start(&["--threads", "1"]);
    let body = json!({"goap": endless()["goap"], "options": {"search": "bfs", "timeout_ms": 900}});
    let path = submit(&server, &body);
    let all = events(&server, &path, &[]);
    let names: Vec<&str> = all.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!((names[0], names[1], names[names.len() - 1]), ("started", "phase", "ended"), "{names:?}");
    assert!(names.iter().filter(|name| **name == "progress").count() > 2, "{names:?}");
    assert_eq!(all[all.len() - 1].2["outcome"], "time_limit");
    let searching = all.iter().filter(|(_, _, data)| data["phase"] == "search").count();
    assert!(searching > 3, "{all:?}");
    let numbers: Vec<u64> = all.iter().map(|(_, id, _)| id.expect("a number")).collect();
    assert_eq!(numbers, (1..=all.len() as u64).collect::<Vec<_>>());
    // A reader that was cut off goes on where it was.
    let rest = events(&server, &path, &[("Last-Event-ID", "3")]);
    assert_eq!(rest, all[3..]);
    let again = events(&server, &path, &[("Last-Event-ID", "99999")]);
    assert_eq!(again, []);
}

#[test]
fn a_job_that_is_deleted_ends_at_once() {
    let server = Server::start(&["--threads", "1", "--queue", "1", "--max-in-flight", "1"]);
    let path = submit(&server, &endless());
    until(|| status(&server, &path) == "running");
    let mut stream = server.connect();
    stream.write_all(&request("GET", &format!("{path}/events"), &[], b"")).expect("it listens");
    assert_eq!(server.send("DELETE", &path, &[], b"").status, 204);
    let text: Vec<_> = BufReader::new(stream).lines().map(|line| line.expect("UTF-8")).collect();
    let deleted = text.iter().any(|line| line.contains(r#""status":"deleted""#));
    // The stream may have been opened after the job was gone.
    assert!(deleted || text[0].contains("404"), "{text:?}");
    assert_eq!(server.post("/v1/plan", &json!({"goap": axe()})).status, 200);
}

#[test]
fn improved_plans_are_events() {
    let server = Server::start(&["--threads", "1"]);
    let document = std::fs::read_to_string("www/examples/greedy-shop.goap.json").expect("an example");
    let path = submit(&server, &json!({"goap": document, "options": {"search": "lama"}}));
    let all = events(&server, &path, &[]);
    let end = &all[all.len() - 1].2;
    assert_eq!((&end["outcome"], &end["optimal"]), (&"solved".into(), &true.into()), "{all:?}");
}

#[test]
fn a_job_goes_on_without_its_client_and_ends_with_the_server() {
    let mut server = Server::start(&["--threads", "1"]);
    let path = submit(&server, &endless());
    until(|| status(&server, &path) == "running");
    server.signal("-TERM");
    std::thread::sleep(std::time::Duration::from_millis(100));
    let (status, stderr) = server.end("-TERM");
    assert_eq!(status.code(), Some(0), "{stderr}");
}
