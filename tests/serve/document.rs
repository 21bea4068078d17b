//! Holds every answer of these tests to the document that the server has about itself.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::client::Answer;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../src/serve/openapi.json")).expect("JSON"));

/// Panics where the document does not describe this answer to this request. Paths that it does not have are
/// answered as unknown.
pub fn hold(method: &str, path: &str, body: &[u8], answer: &Answer) {
    let path = path.split('?').next().unwrap_or_default();
    let Some(methods) = described(path) else {
        assert_eq!(answer.status, 404, "{path} is not described");
        return;
    };
    let Some(operation) = methods.get(method.to_ascii_lowercase()) else {
        assert!(
            matches!(answer.status, 405 | 421) || method == "OPTIONS",
            "{method} {path} is not described"
        );
        let allowed = answer.header("allow").unwrap_or_default().to_ascii_lowercase();
        if answer.status == 405 {
            let known = methods.as_object().expect("an object").keys();
            assert!(known.clone().all(|known| allowed.contains(known)), "{path}: {allowed}");
        }
        return;
    };
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "{method} {path}: {} is not described", answer.status);
    for (kind, content) in response["content"].as_object().into_iter().flatten() {
        let said = answer.header("content-type").unwrap_or_default();
        assert!(said.starts_with(kind.as_str()), "{method} {path}: {said} instead of {kind}");
        if kind == "application/json" {
            valid(&content["schema"], &answer.json(), &format!("{method} {path}: answer"));
        }
    }
    if (200..300).contains(&answer.status) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_object() {
            let sent = serde_json::from_slice(body).expect("JSON was sent");
            valid(schema, &sent, &format!("{method} {path}: request"));
        }
    }
}

/// The operations of the path that this one is an instance of.
fn described(path: &str) -> Option<&'static Value> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let fits = |known: &str| {
        let (known, path): (Vec<_>, Vec<_>) = (known.split('/').collect(), path.split('/').collect());
        known.len() == path.len()
            && known.iter().zip(&path).all(|(known, part)| known.starts_with('{') || known == part)
    };
    paths.iter().find(|(known, _)| fits(known)).map(|(_, methods)| methods)
}

fn valid(schema: &Value, value: &Value, what: &str) {
    let schema = json!({"allOf": [schema], "components": DOCUMENT["components"]});
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    let errors: Vec<_> =
        validator.iter_errors(value).map(|error| format!("{} at {}", error, error.instance_path)).collect();
    assert!(errors.is_empty(), "{what}: {errors:?}: {value}");
}
