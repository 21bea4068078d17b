//! What clients send, read with care.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::Ceilings;
use super::call::Validation;
use super::errors::ApiError;
use crate::service::{Limits, Options, Problem, Request};

/// A problem, and how it is planned for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanBody {
    #[serde(default, deserialize_with = "given")]
    goap: Option<String>,
    #[serde(default, deserialize_with = "given")]
    domain: Option<String>,
    #[serde(default, deserialize_with = "given")]
    problem: Option<String>,
    #[serde(default, deserialize_with = "given")]
    options: Option<Map<String, Value>>,
}

/// A problem, or a domain alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckBody {
    #[serde(default, deserialize_with = "given")]
    goap: Option<String>,
    #[serde(default, deserialize_with = "given")]
    domain: Option<String>,
    #[serde(default, deserialize_with = "given")]
    problem: Option<String>,
}

/// A problem, and a plan for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ValidateBody {
    #[serde(default, deserialize_with = "given")]
    goap: Option<String>,
    #[serde(default, deserialize_with = "given")]
    domain: Option<String>,
    #[serde(default, deserialize_with = "given")]
    problem: Option<String>,
    plan: String,
    #[serde(default, deserialize_with = "given")]
    goal: Option<String>,
}

/// What may be left out, and is not null where it is not.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The JSON of a body as `T`.
///
/// # Errors
/// [`ApiError::Malformed`] where it is not JSON, or not of this shape.
pub(super) fn json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes)
        .map_err(|error| ApiError::Malformed(format!("the body is not right: {error}")))
}

/// The part of a path that a route leaves open.
///
/// # Errors
/// [`ApiError::Malformed`] where it is not UTF-8.
pub(super) fn part(path: Result<Path<String>, PathRejection>) -> Result<String, ApiError> {
    path.map(|Path(part)| part).map_err(|error| ApiError::Malformed(error.body_text()))
}

impl PlanBody {
    /// The request, with no more time and memory than `ceilings`.
    ///
    /// # Errors
    /// [`ApiError::Malformed`] where there is no problem or more than one, and for options that are not right.
    pub(super) fn request(self, ceilings: Ceilings) -> Result<Request, ApiError> {
        let problem = problem(self.goap, self.domain, self.problem, false)?;
        let options = Options::from_json(&self.options.unwrap_or_default(), &[]);
        let options = options.map_err(|error| ApiError::Malformed(error.to_string()))?;
        Ok(within(options.apply(Request::new(problem)), ceilings))
    }
}

impl CheckBody {
    /// The problem; a domain alone comes with an empty one.
    ///
    /// # Errors
    /// [`ApiError::Malformed`] where there is none or more than one.
    pub(super) fn problem(self) -> Result<Problem, ApiError> {
        problem(self.goap, self.domain, self.problem, true)
    }
}

impl ValidateBody {
    /// The problem and its plan.
    ///
    /// # Errors
    /// [`ApiError::Malformed`] where there is no problem or more than one.
    pub(super) fn validation(self) -> Result<Validation, ApiError> {
        let problem = problem(self.goap, self.domain, self.problem, false)?;
        Ok(Validation { problem, plan: self.plan.into(), goal: self.goal })
    }
}

/// The problem of the texts; where `allows_domain`, a domain may come alone.
pub(super) fn problem(
    goap: Option<String>,
    domain: Option<String>,
    problem: Option<String>,
    allows_domain: bool,
) -> Result<Problem, ApiError> {
    match (goap, domain, problem) {
        (Some(text), None, None) => Ok(Problem::Goap { text: text.into() }),
        (None, Some(domain), Some(problem)) => {
            Ok(Problem::Pddl { domain: domain.into(), problem: problem.into() })
        }
        (None, Some(domain), None) if allows_domain => {
            Ok(Problem::Pddl { domain: domain.into(), problem: "".into() })
        }
        _ => {
            let expected = "the body must have either \"goap\", or \"domain\" and \"problem\", as texts";
            Err(ApiError::Malformed(expected.to_owned()))
        }
    }
}

/// The request with no more time and memory than `ceilings`.
pub(super) fn within(request: Request, ceilings: Ceilings) -> Request {
    let Limits { timeout, memory_bytes } = request.limits;
    let limits = Limits {
        timeout: Some(timeout.map_or(ceilings.timeout, |timeout| timeout.min(ceilings.timeout))),
        memory_bytes: memory_bytes.min(ceilings.memory_bytes),
    };
    Request { limits, ..request }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const CEILINGS: Ceilings = Ceilings { timeout: Duration::from_secs(30), memory_bytes: 512 << 20 };

    fn read(text: &str) -> Result<Request, String> {
        let body: PlanBody = json(text.as_bytes()).map_err(|error| error.to_string())?;
        body.request(CEILINGS).map_err(|error| error.to_string())
    }

    #[test]
    fn no_request_has_more_than_the_ceilings() {
        let limits =
            |options: &str| read(&format!(r#"{{"goap": "{{}}", "options": {options}}}"#)).unwrap().limits;
        let least = limits(r#"{"timeout_ms": 1500, "memory_mib": 64}"#);
        assert_eq!(least, Limits { timeout: Some(Duration::from_millis(1_500)), memory_bytes: 64 << 20 });
        let most = Limits { timeout: Some(CEILINGS.timeout), memory_bytes: CEILINGS.memory_bytes };
        assert_eq!(limits(r#"{"timeout_ms": null, "memory_mib": 4096}"#), most);
        assert_eq!(limits(r#"{"timeout_ms": 8e9, "memory_mib": 513}"#), most);
    }

    #[test]
    fn what_is_no_request_is_refused_with_a_reason() {
        let deep = format!(r#"{{"goap": {}"#, "[".repeat(100_000));
        for (text, reason) in [
            ("", "EOF while parsing"),
            ("[1]", "invalid type"),
            (r#"{"goap": 3}"#, "invalid type"),
            (r#"{"goap": "{}", "gaop": ""}"#, "unknown field `gaop`"),
            (r#"{"goap": "{}", "goap": "{}"}"#, "duplicate field `goap`"),
            (r#"{"goap": "", "domain": null}"#, "invalid type: null"),
            (r#"{"domain": ""}"#, "either \"goap\", or \"domain\" and \"problem\""),
            (r#"{"goap": "", "domain": "", "problem": ""}"#, "either \"goap\", or"),
            (r#"{"goap": "", "options": {"search": "a-star"}}"#, "did you mean \"astar\"?"),
            (&deep, "line 1 column"),
        ] {
            let refused = read(text).unwrap_err();
            assert!(refused.contains(reason), "{refused}");
        }
    }
}
