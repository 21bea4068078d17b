//! `POST /v1/check` and `POST /v1/validate`: what is wrong with a problem, and whether a plan holds.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::call::{Answer, Validation, Work};
use super::errors::ApiError;
use super::input::{self, CheckBody, ValidateBody};

/// Findings are what is asked for: a document with errors is answered as one without.
pub(super) async fn check(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let (bytes, held) = app.read(&headers, body).await?;
    let problem = input::json::<CheckBody>(&bytes)?.problem()?;
    drop(bytes);
    match app.ask_within_limit(Work::Check(problem), held).await? {
        Answer::Checked(report) => Ok(Json(report).into_response()),
        _ => Err(ApiError::Fault),
    }
}

/// A plan that does not hold is an answer; texts that cannot be read as a problem and a plan are not.
pub(super) async fn validate(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let (bytes, held) = app.read(&headers, body).await?;
    let validation: Validation = input::json::<ValidateBody>(&bytes)?.validation()?;
    drop(bytes);
    match app.ask_within_limit(Work::Validate(Box::new(validation)), held).await? {
        Answer::Validated(report) => {
            let is_readable = report.valid.is_some();
            let status = if is_readable { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok((status, Json(report)).into_response())
        }
        _ => Err(ApiError::Fault),
    }
}
