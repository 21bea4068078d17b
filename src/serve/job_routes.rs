//! `/v1/jobs`: planning that a client does not wait for.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{Stream, unfold};
use serde_json::json;

use super::app::App;
use super::call::Work;
use super::errors::ApiError;
use super::input::{self, PlanBody, part};
use super::jobs::{KeptJob, Next};

/// Where a reader of events that was cut off goes on.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Time between two comments in a stream in which nothing happens, so that a peer that is gone is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

pub(super) async fn submit(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let (bytes, held) = app.read(&headers, body).await?;
    let request = input::json::<PlanBody>(&bytes)?.request(app.config().limits)?;
    drop(bytes);
    let job = app.keep(Work::Plan(Box::new(request)), held)?;
    let location = [(LOCATION, format!("/v1/jobs/{}", job.id))];
    Ok((StatusCode::ACCEPTED, location, Json(job.entry())).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let job = find(&app, &part(id)?)?;
    Ok(Json(job.entry()).into_response())
}

pub(super) async fn delete(
    State(app): State<App>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    if app.jobs().delete(&part(id)?) { Ok(StatusCode::NO_CONTENT) } else { Err(unknown()) }
}

pub(super) async fn events(
    State(app): State<App>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let job = find(&app, &part(id)?)?;
    let last = headers.get(LAST_EVENT_ID).and_then(|last| last.to_str().ok()?.parse().ok());
    // A number that cannot follow from a log of this job is none.
    let last = last.filter(|last| *last < u64::MAX / 2).unwrap_or(0);
    Ok(Sse::new(follow(job, last)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

fn find(app: &App, id: &str) -> Result<Arc<KeptJob>, ApiError> {
    app.jobs().find(id).ok_or_else(unknown)
}

fn unknown() -> ApiError {
    ApiError::NotFound("there is no such job; results are kept for ten minutes".to_owned())
}

/// The events of a job after this one, up to its end.
fn follow(job: Arc<KeptJob>, last: u64) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold((job, last), async |(job, last)| {
        loop {
            match job.after(last) {
                Next::Event(number, event) => {
                    let shown =
                        Event::default().id(number.to_string()).event(event.name()).data(event.data());
                    return Some((Ok(shown), (job, number)));
                }
                Next::Lost(count, number) => {
                    let shown = Event::default().event("lost").data(json!({"events": count}).to_string());
                    return Some((Ok(shown), (job, number)));
                }
                Next::Wait => job.follows(last).await,
                Next::Over => return None,
            }
        }
    })
}
