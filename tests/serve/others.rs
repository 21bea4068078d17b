//! `/v1/check`, `/v1/validate`, `/v1/engines`, `/metrics`, and the protocols that editors speak.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Server, axe, endless, until};

const DOMAIN: &str = "(define (domain d) (:requirements :typing) (:types place) (:predicates (at ?x - place) (next ?x ?y - place))
  (:action go :parameters (?x ?y - place) :precondition (and (at ?x) (next ?x ?y)) :effect (and (not (at ?x)) (at ?y))))";
const PROBLEM: &str = "(define (problem p) (:domain d) (:objects a b c - place)
  (:init (at a) (next a b) (next b c)) (:goal (at c)))";

#[test]
fn findings_are_the_answer_to_a_check() {
    let server = Server::start(&["--threads", "1"]);
    let check = |body: Value| {
        let answer = server.post("/v1/check", &body);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["diagnostics"].as_array().expect("a list").len()
    };
    assert_eq!(check(json!({"goap": axe()})), 0);
    assert_eq!(check(json!({"domain": DOMAIN, "problem": PROBLEM})), 0);
    assert_eq!(check(json!({"domain": DOMAIN})), 0);
    let wrong = PROBLEM.replace("(at c)", "(att c)");
    let findings = server.post("/v1/check", &json!({"domain": DOMAIN, "problem": wrong})).json();
    let finding = &findings["diagnostics"][0];
    assert_eq!((&finding["file"], &finding["code"]), (&"problem".into(), &"PD202".into()), "{findings}");
    assert_eq!(server.post("/v1/check", &json!({"problem": PROBLEM})).status, 400);
}

#[test]
fn a_plan_is_validated_on_its_problem() {
    let server = Server::start(&["--threads", "1"]);
    let validate = |plan: &str| {
        server.post("/v1/validate", &json!({"domain": DOMAIN, "problem": PROBLEM, "plan": plan}))
    };
    let good = validate("(go a b)\n(go b c)\n; cost = 2\n").json();
    assert_eq!((&good["valid"], &good["cost"]), (&true.into(), &2.0.into()), "{good}");
    let bad = validate("(go a b)\n(go a c)\n");
    assert_eq!((bad.status, &bad.json()["valid"]), (200, &false.into()));
    let violation = &bad.json()["violation"];
    assert_eq!(
        (&violation["step"], &violation["plan_at"]["file"]),
        (&2.into(), &"plan".into()),
        "{violation}"
    );
    assert_eq!(violation["plan_at"]["range"]["start"]["line"], 2);
    let unreadable = validate("go a b");
    assert_eq!((unreadable.status, &unreadable.json()["valid"]), (422, &Value::Null));
    let goap = json!({"goap": axe(), "plan": "(buy_axe)\n(chop)\n(chop)\n"});
    let goap = server.post("/v1/validate", &goap).json();
    assert_eq!((&goap["goal"], &goap["cost"]), (&"stock up".into(), &5.0.into()), "{goap}");
}

#[test]
fn engines_are_listed_with_what_they_take() {
    let server = Server::start(&["--threads", "1", "--timeout", "7", "--memory", "100"]);
    let engines = server.get("/v1/engines").json();
    let searches = engines["searches"].as_array().expect("a list");
    let auto = searches.iter().find(|search| search["name"] == "auto").expect("the default");
    let requirements = auto["requirements"].as_array().expect("a list");
    assert!(requirements.contains(&":adl".into()) && !requirements.contains(&":durative-actions".into()));
    assert_eq!(
        (&engines["limits"]["timeout_ms"], &engines["limits"]["memory_mib"]),
        (&7_000.0.into(), &100.into())
    );
    // Each of them plans.
    for search in searches {
        let body = json!({"goap": axe(), "options": {"search": search["name"]}});
        let answer = server.post("/v1/plan", &body);
        assert_eq!((answer.status, &answer.json()["outcome"]), (200, &"solved".into()), "{search}");
    }
}

/// The value of a line in the text of `/metrics`.
fn metric(server: &Server, line: &str) -> f64 {
    let text = server.get("/metrics");
    let found = text.text().lines().find_map(|known| known.strip_prefix(line)?.trim().parse().ok());
    found.unwrap_or(0.0)
}

#[test]
fn metrics_count_requests_outcomes_and_caches() {
    let server = Server::start(&["--threads", "2"]);
    for _ in 0..3 {
        server.post("/v1/plan", &json!({"goap": axe()}));
    }
    server.post("/v1/plan", &json!({"goap": "{"}));
    server.get("/nowhere");
    for (line, value) in [
        (r#"planscope_http_requests_total{route="/v1/plan",status="200"}"#, 3.0),
        (r#"planscope_http_requests_total{route="/v1/plan",status="422"}"#, 1.0),
        (r#"planscope_http_requests_total{route="none",status="404"}"#, 1.0),
        (r#"planscope_http_request_seconds_count{route="/v1/plan"}"#, 4.0),
        (r#"planscope_outcomes_total{outcome="solved"}"#, 3.0),
        (r#"planscope_outcomes_total{outcome="invalid"}"#, 1.0),
        (r#"planscope_outcomes_total{outcome="busy"}"#, 0.0),
        ("planscope_queue_wait_seconds_count", 4.0),
        (r#"planscope_queue_wait_seconds_bucket{le="+Inf"}"#, 4.0),
        ("planscope_near_cache_misses_total", 0.0),
        ("planscope_task_cache_hits_total", 2.0),
        ("planscope_task_cache_misses_total", 1.0),
        ("planscope_threads", 2.0),
        ("planscope_in_flight", 0.0),
    ] {
        assert_eq!(
            metric(&server, line).to_bits(),
            f64::to_bits(value),
            "{line}: {}",
            server.get("/metrics").text()
        );
    }
    assert!(server.get("/metrics").text().ends_with("# EOF\n"));
    assert!(metric(&server, "planscope_slice_seconds_count") >= 4.0, "each took a slice at least");
    server.post("/v1/jobs", &endless());
    until(|| metric(&server, "planscope_in_flight") > 0.5);
    assert!(metric(&server, "planscope_jobs_kept") > 0.5);
}

#[test]
fn the_synchronous_protocol_of_editors_is_spoken() {
    let server = Server::start(&["--threads", "1"]);
    let answer = server.post("/solve", &json!({"domain": DOMAIN, "problem": PROBLEM})).json();
    assert_eq!((&answer["status"], &answer["result"]["length"]), (&"ok".into(), &2.into()), "{answer}");
    assert_eq!(answer["result"]["plan"][0]["name"], "(go a b)");
    assert!(answer["result"]["plan"][0]["action"].is_string());
    for (problem, reason) in
        [(PROBLEM.replace("(next b c)", ""), "proven"), (PROBLEM.replace("(at c)", "(att c)"), "problem:2")]
    {
        let answer = server.post("/solve", &json!({"domain": DOMAIN, "problem": problem, "solver": "x"}));
        assert_eq!((answer.status, &answer.json()["status"]), (200, &"error".into()));
        let error = answer.json()["result"]["error"].as_str().expect("a reason").to_owned();
        assert!(error.contains(reason), "{error}");
    }
    let answer = server.post("/solve", &json!({"domain": DOMAIN}));
    assert_eq!((answer.status, &answer.json()["status"]), (400, &"error".into()));
}

#[test]
fn the_asynchronous_protocol_of_editors_is_spoken() {
    let server = Server::start(&["--threads", "1"]);
    let body = json!({"domain": DOMAIN, "problem": PROBLEM});
    let submitted = server.post("/package/lama-first/solve", &body).json();
    let path = submitted["result"].as_str().expect("a path").to_owned();
    assert!(path.starts_with("/check/"), "{path}");
    until(|| server.get(&path).json()["status"] != "PENDING");
    let polled = server.get(&path).json();
    assert_eq!(polled["status"], "ok", "{polled}");
    assert_eq!(polled["result"]["output"]["plan"], "(go a b)\n(go b c)\n; cost = 2 (unit cost)\n");
    let shown = server.post(&path, &json!({"adaptor": "planning_editor_adaptor"})).json();
    assert_eq!(
        (&shown["status"], &shown["plans"][0]["result"]["length"]),
        (&"ok".into(), &2.into()),
        "{shown}"
    );
    let unknown = server.post("/package/none/solve", &body).json();
    assert_eq!(unknown["Error"], "That package does not exist");
    let packages = server.get("/package").json();
    let names = packages.as_array().expect("a list").iter().map(|package| package["package_name"].clone());
    assert!(
        names.clone().any(|name| name == "auto") && names.clone().any(|name| name == "lama"),
        "{packages}"
    );
    assert_eq!(server.get("/check/none").status, 404);
    let unsolvable = json!({"domain": DOMAIN, "problem": PROBLEM.replace("(next b c)", "")});
    let path =
        server.post("/package/auto/solve", &unsolvable).json()["result"].as_str().expect("a path").to_owned();
    until(|| server.get(&path).json()["status"] != "PENDING");
    assert_eq!(server.get(&path).json()["status"], "error");
}

#[test]
fn the_document_is_served_and_is_the_one_that_these_tests_hold_it_to() {
    let server = Server::start(&["--threads", "1"]);
    let served = server.get("/openapi.json").json();
    let known: Value = serde_json::from_str(include_str!("../../src/serve/openapi.json")).expect("JSON");
    assert_eq!(served, known);
    assert_eq!(served["openapi"], "3.1.0");
    // Methods that a path does not have are refused, and the header says which it has.
    for path in ["/healthz", "/v1/plan", "/v1/jobs", "/v1/jobs/x", "/package/auto/solve", "/check/x"] {
        assert_eq!(server.send("PATCH", path, &[], b"").status, 405, "{path}");
    }
    assert_eq!(server.get("/v1/jobs/%ff").error(), (400, "malformed".to_owned()));
    assert_eq!(server.get("/check/%ff").json()["status"], "error");
}

#[test]
fn a_validation_without_end_is_given_up_at_the_limit_and_holds_nobody_up() {
    let server = Server::start(&["--threads", "1", "--timeout", "2"]);
    let objects: Vec<String> = (0..200).map(|object| format!("o{object}")).collect();
    let domain = "(define (domain d) (:requirements :numeric-fluents) (:predicates (q)) (:functions (f ?x))
      (:action do :parameters () :effect (q)
        :precondition (forall (?a ?b ?c ?d) (>= (+ (+ (f ?a) (f ?b)) (+ (f ?c) (f ?d))) 4))))";
    let values: Vec<String> = objects.iter().map(|object| format!("(= (f {object}) 1)")).collect();
    let problem = format!(
        "(define (problem x) (:domain d) (:objects {}) (:init {}) (:goal (q)))",
        objects.join(" "),
        values.join(" ")
    );
    let body = json!({"domain": domain, "problem": problem, "plan": "(do)"});
    std::thread::scope(|scope| {
        let endless = scope.spawn(|| server.post("/v1/validate", &body));
        let begun = Instant::now();
        let plan = server.post("/v1/plan", &json!({"domain": DOMAIN, "problem": PROBLEM})).json();
        assert_eq!(plan["outcome"], "solved", "{plan}");
        assert!(begun.elapsed() < Duration::from_secs(2), "the thread was held up");
        let endless = endless.join().expect("an answer");
        assert_eq!((endless.status, &endless.json()["error"]["code"]), (503, &"time_limit".into()));
    });
}
