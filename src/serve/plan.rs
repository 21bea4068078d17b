//! `POST /v1/plan`: a problem in, the result of `plan --json` out.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::call::{Answer, Work};
use super::errors::{ApiError, Refused};
use super::input::{self, PlanBody};
use crate::search::Outcome;
use crate::service::ResultReport;

pub(super) async fn plan(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let (bytes, held) = app.read(&headers, body).await?;
    let request = input::json::<PlanBody>(&bytes)?.request(app.config().limits)?;
    drop(bytes);
    match app.ask(Work::Plan(Box::new(request)), held).await? {
        Answer::Planned(planned) => planned_response(&planned),
        _ => Err(ApiError::Fault),
    }
}

fn planned_response(report: &ResultReport) -> Result<Response, ApiError> {
    // Nobody but a server that ends cancels a request whose client waits.
    if report.outcome == Some(Outcome::Cancelled) {
        return Err(Refused::ShutDown.into());
    }
    Ok((status(report.outcome), Json(report)).into_response())
}

/// How the request ended, as a status: a run that came to an end is a success whatever it came to; a problem that
/// cannot be planned for, because it has errors or asks for what is not supported, is not.
fn status(outcome: Option<Outcome>) -> StatusCode {
    match outcome {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(Outcome::Fault) => StatusCode::INTERNAL_SERVER_ERROR,
        Some(_) => StatusCode::OK,
    }
}
