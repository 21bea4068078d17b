//! Errors as clients see them: a status, a stable code, a sentence, and the id of the request.
//!
//! An error becomes a response without a body here; `guard` writes the body, because it knows the request's id.

use axum::http::header::{ALLOW, CONNECTION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Why a call was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// As many calls wait as may.
    #[error("{waiting} requests wait, which is as many as may")]
    Busy {
        /// Calls that wait.
        waiting: usize,
    },
    /// The server is ending.
    #[error("the server is shutting down")]
    ShutDown,
}

/// Why a request is not answered with a result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(super) enum ApiError {
    /// The body is not what the route takes.
    #[error("{0}")]
    Malformed(String),
    #[error("a bearer token is needed: send the header Authorization: Bearer TOKEN")]
    Unauthorized,
    #[error("{0}")]
    NotFound(String),
    #[error("this route does not take this method; see the header Allow")]
    MethodNotAllowed,
    #[error("the body did not arrive within {0} seconds")]
    SlowBody(u64),
    #[error("it was given up after {0} seconds, which are the limit: no claim either way")]
    TimeLimit(f64),
    #[error("the body has more than {0} bytes, which are the limit")]
    TooLarge(u64),
    #[error("the body must be JSON: send the header Content-Type: application/json")]
    NotJson,
    #[error("requests must name this machine as their host: localhost, 127.0.0.1 or [::1]")]
    ForeignHost,
    #[error("too many bytes of requests are held; try again later")]
    TooManyBytes,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("the planner failed, which is a fault of the planner: report what was run")]
    Fault,
}

/// How long a client should wait before it tries again.
const RETRY_AFTER_SECONDS: &str = "1";

/// The body of an error.
#[derive(Serialize)]
pub(super) struct ErrorBody<'a> {
    error: ErrorEntry<'a>,
}

#[derive(Serialize)]
struct ErrorEntry<'a> {
    code: &'static str,
    message: String,
    request_id: &'a str,
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::SlowBody(_) => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
            Self::TooManyBytes | Self::Refused(Refused::Busy { .. }) => StatusCode::TOO_MANY_REQUESTS,
            Self::TimeLimit(_) | Self::Refused(Refused::ShutDown) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::Unauthorized => "unauthorized",
            Self::NotFound(_) => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::SlowBody(_) => "slow_body",
            Self::TimeLimit(_) => "time_limit",
            Self::TooLarge(_) => "too_large",
            Self::NotJson => "not_json",
            Self::ForeignHost => "foreign_host",
            Self::TooManyBytes | Self::Refused(Refused::Busy { .. }) => "busy",
            Self::Refused(Refused::ShutDown) => "shutting_down",
            Self::Fault => "fault",
        }
    }

    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::Unauthorized => Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Self::TooManyBytes | Self::Refused(_) => {
                Some((RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS)))
            }
            // What is left of the body is not read.
            Self::SlowBody(_) | Self::TooLarge(_) | Self::NotJson => {
                Some((CONNECTION, HeaderValue::from_static("close")))
            }
            _ => None,
        }
    }

    /// The response with its body, for a request of this id.
    pub(super) fn described(&self, request_id: &str) -> Vec<u8> {
        let error = ErrorEntry { code: self.code(), message: self.to_string(), request_id };
        serde_json::to_vec(&ErrorBody { error }).unwrap_or_default()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if self == Self::MethodNotAllowed {
            // The router knows the methods and adds the header itself.
            response.headers_mut().remove(ALLOW);
        }
        response.extensions_mut().insert(self);
        response
    }
}
