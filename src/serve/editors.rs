//! The protocols that editors for PDDL speak: the synchronous one of the solver behind planning.domains, and the
//! asynchronous one of planning as a service.
//!
//! Errors have the shape that those clients read: `status` is `error`, `result.error` says why, and so does `Error`. A
//! request that was understood is answered with 200, however it ended: the clients read no other.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::app::App;
use super::call::{Answer, Work};
use super::errors::ApiError;
use super::input::{self, part, within};
use super::jobs::End;
use crate::diagnostic::{Position, Severity};
use crate::lang::plan::{Step, pddl_step, write_pddl};
use crate::plan::cost_text;
use crate::search::{EngineConfig, SearchKind};
use crate::service::response::StepReport;
use crate::service::{Limits, Problem, Request, ResultReport};

/// The engine where the protocol names none: a first plan, fast.
const DEFAULT: SearchKind = SearchKind::LamaFirst;

/// What these clients send. What else they send is for other planners.
#[derive(Deserialize)]
struct EditorBody {
    domain: String,
    problem: String,
}

/// `POST /solve`.
pub(super) async fn solve(State(app): State<App>, headers: HeaderMap, body: Body) -> Response {
    in_their_shape(solved(&app, &headers, body).await)
}

async fn solved(app: &App, headers: &HeaderMap, body: Body) -> Result<Response, ApiError> {
    let (bytes, held) = app.read(headers, body).await?;
    let request = request(app, &bytes, DEFAULT)?;
    drop(bytes);
    match app.ask(Work::Plan(Box::new(request)), held).await? {
        Answer::Planned(report) => Ok(Json(synchronous(&report)).into_response()),
        _ => Err(ApiError::Fault),
    }
}

/// `GET /package`: the searches, as packages of planning as a service.
pub(super) async fn packages() -> Response {
    let all: Vec<Value> = SearchKind::all().iter().map(|&(name, kind)| manifest(name, kind)).collect();
    Json(all).into_response()
}

/// `GET /package/NAME/solve`.
pub(super) async fn package(name: Result<Path<String>, PathRejection>) -> Response {
    match named(name) {
        Some((name, kind)) => Json(manifest(name, kind)).into_response(),
        None => no_package(),
    }
}

/// `POST /package/NAME/solve`.
pub(super) async fn submit(
    State(app): State<App>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    in_their_shape(submitted(&app, name, &headers, body).await)
}

async fn submitted(
    app: &App,
    name: Result<Path<String>, PathRejection>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let (bytes, held) = app.read(headers, body).await?;
    let search = named(name).map(|(_, kind)| kind);
    let request = request(app, &bytes, search.unwrap_or(DEFAULT))?;
    if search.is_none() {
        return Ok(no_package());
    }
    drop(bytes);
    let job = app.keep(Work::Plan(Box::new(request)), held)?;
    Ok(Json(json!({"result": format!("/check/{}", job.id)})).into_response())
}

/// `GET /check/ID`: the plan as a file that the planner wrote.
pub(super) async fn poll(State(app): State<App>, id: Result<Path<String>, PathRejection>) -> Response {
    in_their_shape(part(id).and_then(|id| polled(&app, &id, asynchronous)))
}

/// `POST /check/ID`: the plan as the online editor shows it.
pub(super) async fn poll_for_editor(
    State(app): State<App>,
    id: Result<Path<String>, PathRejection>,
) -> Response {
    let shape = |report: &ResultReport| {
        let answer = synchronous(report);
        if report.plan.is_some() { json!({"status": "ok", "plans": [answer]}) } else { answer }
    };
    in_their_shape(part(id).and_then(|id| polled(&app, &id, shape)))
}

fn polled(app: &App, id: &str, shape: impl Fn(&ResultReport) -> Value) -> Result<Response, ApiError> {
    let job = app.jobs().find(id);
    let job = job.ok_or_else(|| ApiError::NotFound("there is no such task".to_owned()))?;
    match job.ended() {
        None => Ok(Json(json!({"status": "PENDING"})).into_response()),
        Some(End::Result(report)) => Ok(Json(shape(&report)).into_response()),
        Some(End::Failed | End::Deleted) => Err(ApiError::Fault),
    }
}

fn request(app: &App, bytes: &[u8], search: SearchKind) -> Result<Request, ApiError> {
    let body: EditorBody = input::json(bytes)?;
    let problem = Problem::Pddl { domain: body.domain.into(), problem: body.problem.into() };
    let engine = EngineConfig { search, ..EngineConfig::default() };
    // These clients name no limits, and wait for what they get.
    let limits = Limits { timeout: None, memory_bytes: u64::MAX };
    Ok(within(Request { engine, limits, ..Request::new(problem) }, app.config().limits))
}

fn named(name: Result<Path<String>, PathRejection>) -> Option<(&'static str, SearchKind)> {
    let name = part(name).ok()?;
    SearchKind::all().iter().find(|(known, _)| *known == name).copied()
}

fn manifest(name: &str, kind: SearchKind) -> Value {
    let file =
        |name: &str, description: &str| json!({"name": name, "type": "file", "description": description});
    json!({
        "package_name": name,
        "name": format!("Planscope {name}"),
        "description": kind.summary(),
        "endpoint": {"services": {"solve": {
            "args": [file("domain", "domain file"), file("problem", "problem file")],
            "return": {"type": "generic", "files": "plan"},
        }}},
    })
}

/// A result as the synchronous protocol has it.
fn synchronous(report: &ResultReport) -> Value {
    let Some(plan) = &report.plan else { return failed(&reason(report)) };
    let shown = |step: &StepReport| {
        let name = pddl_step(&Step { action: step.action.clone(), arguments: step.args.clone() });
        json!({"action": format!("{name}\n; cost {}", cost_text(step.cost)), "name": name})
    };
    json!({
        "status": "ok",
        "result": {
            "output": report.message,
            "parse_status": "ok",
            "type": "full",
            "length": plan.len(),
            "cost": report.cost,
            "plan": plan.iter().map(shown).collect::<Vec<_>>(),
        },
    })
}

/// A result as the asynchronous protocol has it.
fn asynchronous(report: &ResultReport) -> Value {
    let Some(plan) = &report.plan else { return failed(&reason(report)) };
    let step = |step: &StepReport| Step { action: step.action.clone(), arguments: step.args.clone() };
    let steps: Vec<Step> = plan.iter().map(step).collect();
    let is_unit = plan.iter().all(|step| (step.cost - 1.0).abs() < f64::EPSILON);
    let text = write_pddl(&steps, &cost_text(report.cost.unwrap_or_default()), is_unit);
    json!({
        "status": "ok",
        "result": {"output": {"plan": text}, "stdout": report.message, "stderr": "", "call": ""},
    })
}

/// Why there is no plan: the outcome, or the errors in the texts.
fn reason(report: &ResultReport) -> String {
    let errors = report.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
    let lines = errors.map(|finding| {
        let file = finding.file.as_deref().unwrap_or_default();
        let Position { line, column } = finding.range.start;
        format!("\n{file}:{line}:{column}: {}", finding.message)
    });
    report.message.clone() + &lines.collect::<String>()
}

fn failed(reason: &str) -> Value {
    json!({
        "status": "error",
        "result": {"error": reason, "output": {}, "parse_status": "err", "stdout": "", "stderr": ""},
        "Error": reason,
    })
}

fn no_package() -> Response {
    Json(failed("That package does not exist")).into_response()
}

/// The answer, or an error with its status and headers in the shape that these clients read.
fn in_their_shape(answer: Result<Response, ApiError>) -> Response {
    answer.unwrap_or_else(|error| {
        let body = Json(failed(&error.to_string())).into_response().into_body();
        let mut response = error.into_response();
        response.extensions_mut().remove::<ApiError>();
        *response.body_mut() = body;
        response
    })
}
