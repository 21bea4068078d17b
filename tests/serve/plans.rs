//! `POST /v1/plan`: results, statuses, limits, and what ends a request.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{self, Server, axe, endless, until};

const DOMAIN: &str = "(define (domain d) (:predicates (p) (q))
  (:action do :parameters () :precondition (p) :effect (q)))";
const PROBLEM: &str = "(define (problem x) (:domain d) (:init (p)) (:goal (q)))";

#[test]
fn a_plan_has_the_shape_of_plan_json() {
    let server = Server::start(&["--threads", "2"]);
    let goap =
        server.post("/v1/plan", &json!({"goap": axe(), "options": {"search": "astar", "heuristic": "hmax"}}));
    assert_eq!((goap.status, goap.header("content-type")), (200, Some("application/json")));
    let goap = goap.json();
    assert_eq!(
        (&goap["outcome"], &goap["cost"], &goap["optimal"]),
        (&"solved".into(), &5.0.into(), &true.into())
    );
    assert_eq!(goap["plan"].as_array().map(Vec::len), Some(3), "{goap}");
    let pddl = server.post("/v1/plan", &json!({"domain": DOMAIN, "problem": PROBLEM})).json();
    assert_eq!(pddl["plan"][0]["action"], "do", "{pddl}");
}

#[test]
fn a_run_that_comes_to_an_end_is_a_success_and_a_document_with_errors_is_not() {
    let server = Server::start(&[]);
    let unsolvable = "(define (problem x) (:domain d) (:init) (:goal (q)))";
    let answer = server.post("/v1/plan", &json!({"domain": DOMAIN, "problem": unsolvable}));
    assert_eq!((answer.status, &answer.json()["outcome"]), (200, &"unsolvable".into()));
    let options = json!({"timeout_ms": 50, "search": "bfs"});
    let answer = server.post("/v1/plan", &json!({"goap": endless()["goap"], "options": options}));
    assert_eq!((answer.status, &answer.json()["outcome"]), (200, &"time_limit".into()));
    let answer = server.post("/v1/plan", &json!({"goap": "{"}));
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["diagnostics"][0]["severity"], "error", "{}", answer.text());
    let durative = "(define (domain d) (:requirements :durative-actions) (:predicates (q))
      (:durative-action a :parameters () :duration (= ?duration 1) :condition (and) :effect (at end (q))))";
    let answer = server.post("/v1/plan", &json!({"domain": durative, "problem": PROBLEM}));
    assert_eq!((answer.status, &answer.json()["plan"]), (422, &json!(null)));
}

#[test]
fn what_is_no_request_is_refused_with_the_status_that_says_why() {
    let server = Server::start(&[]);
    let json = ("Content-Type", "application/json");
    let deep = [br#"{"goap": "#.as_slice(), "[".repeat(100_000).as_bytes()].concat();
    for (answer, expected) in [
        (server.send("POST", "/v1/plan", &[json], b"{"), (400, "malformed")),
        (server.send("POST", "/v1/plan", &[json], b"\xff\xfe"), (400, "malformed")),
        (server.send("POST", "/v1/plan", &[json], &deep), (400, "malformed")),
        (server.post("/v1/plan", &json!({"goap": axe(), "options": {"serch": "bfs"}})), (400, "malformed")),
        (server.post("/v1/plan", &json!({"domain": DOMAIN})), (400, "malformed")),
        (server.send("POST", "/v1/plan", &[("Content-Type", "text/plain")], b"{}"), (415, "not_json")),
        (server.send("POST", "/v1/plan", &[], b"{}"), (415, "not_json")),
        (server.get("/v1/plan"), (405, "method_not_allowed")),
        (server.get("/v1/plane"), (404, "not_found")),
        (server.send("GET", "/healthz", &[("Host", "evil.example")], b""), (421, "foreign_host")),
    ] {
        let (status, code) = answer.error();
        assert_eq!((status, code.as_str()), expected, "{answer:?}");
        let id = answer.header("x-request-id").expect("an id");
        assert_eq!(answer.json()["error"]["request_id"], id);
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
    assert_eq!(server.get("/v1/plan").header("allow"), Some("POST"));
    let named = server.send("GET", "/nowhere", &[("X-Request-Id", "mine-7")], b"");
    assert_eq!(named.header("x-request-id"), Some("mine-7"));
}

#[test]
fn bodies_that_are_too_large_are_refused_whether_they_say_so_or_not() {
    let server = Server::start(&[]);
    let head = "POST /v1/plan HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    let said = server.raw(format!("{head}Content-Length: 1073741824\r\n\r\n").as_bytes());
    assert_eq!(said.error(), (413, "too_large".to_owned()));
    let mut stream = server.connect();
    stream.write_all(format!("{head}Transfer-Encoding: chunked\r\n\r\n").as_bytes()).expect("it listens");
    let chunk = [b"100000\r\n".as_slice(), &vec![b' '; 1 << 20], b"\r\n"].concat();
    // 40 MiB are taken; what comes after finds nobody who reads.
    let sent = (0..1_024).take_while(|_| stream.write_all(&chunk).is_ok()).count();
    assert!((40..200).contains(&sent), "{sent} MiB were taken");
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn a_full_queue_answers_busy_and_when_to_try_again() {
    let server = Server::start(&["--threads", "1", "--queue", "1", "--max-in-flight", "1"]);
    let body = endless().to_string();
    let request =
        client::request("POST", "/v1/plan", &[("Content-Type", "application/json")], body.as_bytes());
    let mut held: Vec<_> = (0..2).map(|_| server.connect()).collect();
    held.iter_mut().for_each(|stream| stream.write_all(&request).expect("it listens"));
    let small = json!({"goap": axe(), "options": {"timeout_ms": 1}});
    let busy = || server.post("/v1/plan", &small);
    // The two that wait may not have been read yet.
    until(|| busy().status == 429);
    let refused = busy();
    assert_eq!(refused.error(), (429, "busy".to_owned()));
    assert_eq!(refused.header("retry-after"), Some("1"));
    // Whoever hangs up makes room, and that at once.
    held.clear();
    let began = Instant::now();
    until(|| busy().status == 200);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn a_client_that_hangs_up_ends_its_search() {
    let server = Server::start(&["--threads", "1", "--queue", "1", "--max-in-flight", "1"]);
    let body = endless().to_string();
    let request =
        client::request("POST", "/v1/plan", &[("Content-Type", "application/json")], body.as_bytes());
    for _ in 0..3 {
        let mut stream = server.connect();
        stream.write_all(&request).expect("it listens");
        std::thread::sleep(Duration::from_millis(300));
        drop(stream);
        // The only place is free again.
        let began = Instant::now();
        assert_eq!(server.post("/v1/plan", &json!({"goap": axe()})).status, 200);
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    }
}

#[test]
fn a_token_is_asked_for_where_there_is_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("token");
    std::fs::write(&path, "s3cret\n").expect("it can be written");
    let server = Server::start(&["--token-file", path.to_str().expect("its path is UTF-8")]);
    let json = ("Content-Type", "application/json");
    let body = json!({"goap": axe()}).to_string();
    let plan =
        |token: &str| server.send("POST", "/v1/plan", &[json, ("Authorization", token)], body.as_bytes());
    assert_eq!(plan("Bearer s3cret").status, 200);
    assert_eq!(plan("Bearer guess").error(), (401, "unauthorized".to_owned()));
    let refused = server.post("/v1/plan", &json!({"goap": axe()}));
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some("Bearer")));
    assert_eq!((server.get("/healthz").status, server.get("/readyz").status), (200, 200));
}

#[test]
fn pages_of_other_origins_are_let_in_only_where_one_is_named() {
    let asks = [("Origin", "https://editor.example"), ("Access-Control-Request-Method", "POST")];
    let closed = Server::start(&[]);
    let answer = closed.send("OPTIONS", "/v1/plan", &asks, b"");
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let open = Server::start(&["--allow-origin", "https://editor.example"]);
    let answer = open.send("OPTIONS", "/v1/plan", &asks, b"");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://editor.example"));
}

#[test]
fn a_signal_ends_it_after_the_requests_that_are_under_way() {
    for signal in ["-TERM", "-INT"] {
        let mut server = Server::start(&["--threads", "1"]);
        let body =
            json!({"goap": endless()["goap"], "options": {"search": "bfs", "timeout_ms": 1_500}}).to_string();
        let request =
            client::request("POST", "/v1/plan", &[("Content-Type", "application/json")], body.as_bytes());
        let mut stream = server.connect();
        stream.write_all(&request).expect("it listens");
        std::thread::sleep(Duration::from_millis(400));
        server.signal(signal);
        let answer = client::read(&mut stream);
        assert_eq!((answer.status, &answer.json()["outcome"]), (200, &"time_limit".into()));
        let (status, stderr) = server.wait();
        assert_eq!(status.code(), Some(0), "{stderr}");
    }
}

#[test]
fn whoever_asks_twice_ends_searches_too() {
    let mut server = Server::start(&["--threads", "1"]);
    let request = endless().to_string();
    let request =
        client::request("POST", "/v1/plan", &[("Content-Type", "application/json")], request.as_bytes());
    let mut stream = server.connect();
    stream.write_all(&request).expect("it listens");
    std::thread::sleep(Duration::from_millis(400));
    server.signal("-TERM");
    std::thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    server.signal("-TERM");
    let answer = client::read(&mut stream);
    assert_eq!(answer.error(), (503, "shutting_down".to_owned()));
    assert_eq!(server.wait().0.code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn the_plan_of_a_similar_problem_is_repaired_where_reuse_is_asked_for() {
    let server = Server::start(&["--threads", "2"]);
    let rooms = |lit: bool| {
        let lamps: Vec<String> = (1..9).map(|lamp| format!("(lit l{lamp})")).collect();
        let names: Vec<String> = (0..9).map(|lamp| format!("l{lamp}")).collect();
        let domain = "(define (domain d) (:predicates (lamp ?l) (lit ?l))
          (:action light :parameters (?l) :precondition (lamp ?l) :effect (lit ?l)))";
        let all: Vec<String> = names.iter().map(|name| format!("(lamp {name})")).collect();
        let problem = format!(
            "(define (problem x) (:domain d) (:objects {}) (:init {} {}) (:goal (and {})))",
            names.join(" "),
            all.join(" "),
            if lit { "(lit l1)" } else { "" },
            lamps.join(" ")
        );
        json!({"domain": domain, "problem": problem, "options": {"reuse": true, "search": "lama-first"}})
    };
    assert_eq!(server.post("/v1/plan", &rooms(false)).json()["length"], 8);
    let repaired = server.post("/v1/plan", &rooms(true)).json();
    assert_eq!((&repaired["length"], &repaired["repair"]["kept"]), (&7.into(), &7.into()), "{repaired}");
    assert_eq!(repaired["repair"]["dropped"], 1);
}
