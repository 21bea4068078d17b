//! The JavaScript API, called as JavaScript calls it.

use js_sys::{Object, Reflect, TypeError};
use planscope::platform::browser::api::{check, solve};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
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
    let report = JsFuture::from(check(problem("{\n  nonsense"))).await.unwrap();
    let first = get(&report, &["diagnostics", "0"]);
    assert_eq!(get(&first, &["severity"]), "error");
    assert_eq!(get(&first, &["range", "start", "line"]), 1);
    let error = JsFuture::from(check(JsValue::NULL)).await.unwrap_err();
    assert!(error.has_type::<TypeError>());
}
