//! The JavaScript API, called as JavaScript calls it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Function, Object, Promise, Reflect, TypeError};
use planscope::platform::browser::TimerSleep;
use planscope::platform::browser::api::{check, publish, solve};
use planscope::platform::browser::session::session;
use planscope::runtime::Sleep;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in entries {
        Reflect::set(&object, &(*name).into(), value).expect("a plain object");
    }
    object.into()
}

fn get(value: &JsValue, path: &[&str]) -> JsValue {
    path.iter().fold(value.clone(), |value, key| Reflect::get(&value, &(*key).into()).expect(key))
}

fn problem(text: &str) -> JsValue {
    object(&[("goap", text.into())])
}

async fn refusal(problem: JsValue, options: JsValue) -> String {
    let error = solve(problem, options).await.expect_err("it is refused");
    assert!(error.has_type::<TypeError>(), "{error:?}");
    get(&error, &["message"]).as_string().expect("a message")
}

#[wasm_bindgen_test]
async fn wrong_arguments_are_type_errors_that_name_what_is_wrong() {
    for (problem, options, message) in [
        (JsValue::UNDEFINED, JsValue::UNDEFINED, "the problem must be an object"),
        ("{}".into(), JsValue::UNDEFINED, "the problem must be an object"),
        (object(&[("goap", 1.into())]), JsValue::UNDEFINED, "the problem must be an object"),
        (object(&[("pddl", "x".into())]), JsValue::UNDEFINED, "unknown kind of problem \"pddl\""),
        (problem("{}"), 1.into(), "options must be an object"),
        (problem("{}"), object(&[("serch", "bfs".into())]), "did you mean \"search\"?"),
        (problem("{}"), object(&[("search", "bsf".into())]), "did you mean \"bfs\"?"),
        (problem("{}"), object(&[("weight", f64::NAN.into())]), "option \"weight\" must be"),
        (problem("{}"), object(&[("timeout_ms", (-1).into())]), "option \"timeout_ms\" must be"),
        (problem("{}"), object(&[("signal", 1.into())]), "option \"signal\" must be an AbortSignal"),
        (problem("{}"), object(&[("on_progress", 1.into())]), "option \"on_progress\" must be a function"),
    ] {
        let refused = refusal(problem, options).await;
        assert!(refused.contains(message), "{refused:?} does not say {message:?}");
    }
}

#[wasm_bindgen_test]
async fn check_reports_with_places() {
    let report = check(problem("{\n  nonsense")).await.unwrap();
    let first = get(&report, &["diagnostics", "0"]);
    assert_eq!(get(&first, &["severity"]), "error");
    assert_eq!(get(&first, &["range", "start", "line"]), 1);
    let error = check(JsValue::NULL).await.unwrap_err();
    assert!(error.has_type::<TypeError>());
}

const WOOD: &str = include_str!("../fixtures/cli/wood.goap.json");
const UNSOLVABLE: &str = include_str!("../fixtures/cli/unsolvable.goap.json");
const ENDLESS: &str = include_str!("../fixtures/cli/endless.goap.json");

/// A search of an endless document, with this option more.
fn endless(name: &str, value: JsValue) -> JsValue {
    let options = [("search", "bfs".into()), ("timeout_ms", 600.into()), (name, value)];
    object(&options)
}

#[wasm_bindgen_test]
async fn a_plan_has_the_shape_of_the_command_line() {
    let options = object(&[("heuristic", "hmax".into()), ("use_cache", false.into())]);
    let result = solve(problem(WOOD), options).await.unwrap();
    assert_eq!(get(&result, &["outcome"]), "solved");
    assert_eq!(get(&result, &["plan", "1", "action"]), "go");
    assert_eq!(get(&result, &["plan", "1", "args", "0"]), "far forest");
    assert_eq!(get(&result, &["length"]), 6);
    assert_eq!(get(&result, &["optimal"]), true);
    assert!((get(&result, &["cost"]).as_f64().unwrap() - 5.9).abs() < 1e-9);
    assert!(get(&result, &["statistics", "expanded"]).as_f64().unwrap() > 0.0);
    assert_eq!(get(&result, &["provenance", "source"]), "search");
    assert_eq!(Object::keys(result.unchecked_ref::<Object>()).length(), 15);
}

#[wasm_bindgen_test]
async fn every_end_is_a_result() {
    let result = solve(problem(UNSOLVABLE), JsValue::UNDEFINED).await.unwrap();
    assert_eq!(get(&result, &["outcome"]), "unsolvable");
    assert!(get(&result, &["plan"]).is_null());
    assert_eq!(get(&result, &["explanation", "goal"]), "arrive");
    assert_eq!(get(&result, &["goals", "0", "verdict"]), "failed");
    let result = solve(problem(ENDLESS), endless("memory_mib", 2.into())).await.unwrap();
    assert_eq!(get(&result, &["outcome"]), "memory_limit");
    let result = solve(problem(ENDLESS), endless("timeout_ms", 50.into())).await.unwrap();
    assert_eq!(get(&result, &["outcome"]), "time_limit");
    assert!(get(&result, &["statistics", "expanded"]).as_f64().unwrap() > 0.0);
    let result = solve(problem("{"), JsValue::NULL).await.unwrap();
    assert!(get(&result, &["outcome"]).is_null());
    assert_eq!(get(&result, &["diagnostics", "0", "severity"]), "error");
}

#[wasm_bindgen_test]
async fn an_abort_signal_cancels() {
    let controller = web_sys::AbortController::new().unwrap();
    let aborting = controller.clone();
    wasm_bindgen_futures::spawn_local(async move {
        TimerSleep.sleep(Duration::from_millis(30)).await;
        aborting.abort();
    });
    let result = solve(problem(ENDLESS), endless("signal", controller.signal().into())).await.unwrap();
    assert_eq!(get(&result, &["outcome"]), "cancelled");
    let result = solve(problem(WOOD), object(&[("signal", controller.signal().into())])).await.unwrap();
    assert_eq!(get(&result, &["outcome"]), "cancelled");
}

#[wasm_bindgen_test]
async fn progress_is_called_back() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let sink = Rc::clone(&seen);
    let callback = Closure::<dyn FnMut(JsValue)>::new(move |progress| sink.borrow_mut().push(progress));
    let options = endless("on_progress", callback.as_ref().clone());
    let result = solve(problem(ENDLESS), options).await.unwrap();
    assert!(!get(&result, &["outcome"]).is_null());
    let seen = seen.borrow();
    assert!(!seen.is_empty());
    assert_eq!(get(&seen[0], &["phase"]), "search");
    assert!(get(&seen[0], &["statistics", "expanded"]).as_f64().unwrap() > 0.0);
}

#[wasm_bindgen_test]
async fn a_callback_that_throws_does_not_end_the_run() {
    let calls = Rc::new(Cell::new(0));
    let count = Rc::clone(&calls);
    let callback = Closure::<dyn FnMut(JsValue) -> Result<(), JsValue>>::new(move |_| {
        count.set(count.get() + 1);
        Err("thrown".into())
    });
    let options = endless("on_progress", callback.as_ref().clone());
    let result = solve(problem(ENDLESS), options).await.unwrap();
    assert!(!get(&result, &["outcome"]).is_null());
    assert_eq!(calls.get(), 1);
}

#[wasm_bindgen_test]
async fn the_page_has_the_same_functions() {
    publish().unwrap();
    let planscope = Reflect::get(&js_sys::global(), &"planscope".into()).unwrap();
    let solve: Function = get(&planscope, &["solve"]).unchecked_into();
    let promise: Promise = solve.call1(&planscope, &problem(WOOD)).unwrap().unchecked_into();
    let result = JsFuture::from(promise).await.unwrap();
    assert_eq!(get(&result, &["outcome"]), "solved");
    let check: Function = get(&planscope, &["check"]).unchecked_into();
    let promise: Promise = check.call1(&planscope, &problem(WOOD)).unwrap().unchecked_into();
    let report = JsFuture::from(promise).await.unwrap();
    assert_eq!(get(&report, &["diagnostics", "length"]), 0);
}

const CAMP: &str = r#"{
  "format": "planscope-goap/1",
  "state": { "wood": { "int": [0, 9], "value": 0 }, "fire": false },
  "actions": [
    { "name": "chop", "effects": { "wood": { "+": 1 } } },
    { "name": "light", "preconditions": { "wood": { ">=": 2 } }, "effects": { "fire": true, "wood": { "-": 2 } } }
  ],
  "goals": [ { "name": "warm", "conditions": { "fire": true } } ]
}"#;

#[wasm_bindgen_test]
async fn a_session_plans_from_what_was_observed_and_compiles_once() {
    let opened = session(problem(CAMP), object(&[("search", "astar-lmcut".into())])).await.unwrap();
    let fork = opened.fork();
    assert_eq!(get(&opened.plan(JsValue::UNDEFINED).await.unwrap(), &["length"]).as_f64(), Some(3.0));
    opened.observe(object(&[("wood", 2.into())])).unwrap();
    let result = opened.plan(JsValue::UNDEFINED).await.unwrap();
    assert_eq!(get(&result, &["length"]).as_f64(), Some(1.0));
    assert_eq!(get(&result, &["phases", "parse_ms"]).as_f64(), Some(0.0));
    let bfs = opened.plan(object(&[("search", "bfs".into()), ("goal", "warm".into())])).await.unwrap();
    assert_eq!(get(&bfs, &["length"]).as_f64(), Some(1.0));
    let checked = fork.check(get(&result, &["plan"]), None).await.unwrap();
    assert_eq!(get(&checked, &["valid"]).as_bool(), Some(false));
    assert!(get(&checked, &["reason"]).as_string().unwrap().contains("wood"));
    let checked = opened.check(get(&result, &["plan"]), Some("warm".to_owned())).await.unwrap();
    assert_eq!(
        (get(&checked, &["valid"]).as_bool(), get(&checked, &["cost"]).as_f64()),
        (Some(true), Some(1.0))
    );
    assert_eq!(get(&opened.state().unwrap(), &["wood"]).as_f64(), Some(2.0));
}

#[wasm_bindgen_test]
async fn a_session_refuses_what_its_problem_cannot_have() {
    let opened = session(problem(CAMP), JsValue::UNDEFINED).await.unwrap();
    for (facts, message) in [
        (object(&[("wod", 1.into())]), "did you mean \"wood\"?"),
        (object(&[("wood", 10.into())]), "a whole number from 0 to 9"),
        (1.into(), "facts must be an object"),
    ] {
        let error = opened.observe(facts).unwrap_err();
        let said = get(&error, &["message"]).as_string().unwrap();
        assert!(error.has_type::<TypeError>() && said.contains(message), "{said}");
    }
    let error = session(problem("{"), JsValue::UNDEFINED).await.err().unwrap();
    assert_eq!(get(&error, &["name"]).as_string().as_deref(), Some("InputError"));
    assert!(!get(&error, &["result", "diagnostics"]).is_undefined());
}
