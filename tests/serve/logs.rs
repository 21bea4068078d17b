//! The log of a server: requests by their ids, and what it has done when it ends.

use serde_json::{Value, json};

use crate::client::{Server, axe};

#[test]
fn what_a_planning_thread_does_is_logged_with_the_id_of_the_request() {
    let options = ["--log-format", "json", "--threads", "2"];
    let mut server = Server::start_with(&[("PLANSCOPE_LOG", "planscope=debug")], &options);
    let headers = [("Content-Type", "application/json"), ("X-Request-Id", "run-7")];
    let body = json!({"goap": axe()}).to_string();
    assert_eq!(server.send("POST", "/v1/plan", &headers, body.as_bytes()).status, 200);
    let (_, log) = server.end("-TERM");
    let lines: Vec<Value> = log
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let of = |target: &str| {
        let found = lines.iter().find(|line| line["target"] == target);
        found.unwrap_or_else(|| panic!("no {target}: {log}"))
    };
    let search = lines.iter().find(|line| line["span"]["phase"] == "search").expect("a search was logged");
    assert_eq!(
        (&search["spans"][0]["name"], &search["spans"][0]["request_id"]),
        (&"http".into(), &"run-7".into())
    );
    assert_eq!(search["spans"][1]["name"], "request", "{search}");
    assert_eq!(of("planscope::answered")["fields"]["outcome"], "solved");
    assert_eq!(of("planscope::answered")["spans"][0]["request_id"], "run-7");
    let summary = &of("planscope::summary")["fields"];
    assert_eq!((&summary["answered"], &summary["ends"]), (&1.into(), &"solved 1".into()), "{summary}");
    assert!(
        summary["slices"].as_u64() > Some(0) && summary["longest_slice_ms"].as_f64() > Some(0.0),
        "{summary}"
    );
}

#[test]
fn a_server_says_by_itself_what_it_has_done_and_nothing_of_requests_that_went_well() {
    let mut server = Server::start(&["--threads", "1"]);
    assert_eq!(server.post("/v1/plan", &json!({"goap": axe()})).status, 200);
    let (_, log) = server.end("-TERM");
    assert!(log.contains("planscope::summary: ended answered=1 ends=\"solved 1\""), "{log}");
    assert_eq!(log.matches("planscope::").count(), 1, "{log}");
}
