//! The routes, and what lies around them.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};

use super::app::App;
use super::errors::ApiError;
use super::{Config, documents, editors, engines, guard, job_routes, meters, plan};

/// The routes.
pub fn router(app: App) -> Router {
    let router = Router::new()
        .route("/healthz", get(health))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/v1/plan", post(plan::plan))
        .route("/v1/check", post(documents::check))
        .route("/v1/validate", post(documents::validate))
        .route("/v1/engines", get(engines::engines))
        .route("/v1/jobs", post(job_routes::submit))
        .route("/v1/jobs/{id}", get(job_routes::show).delete(job_routes::delete))
        .route("/v1/jobs/{id}/events", get(job_routes::events))
        .route("/solve", post(editors::solve))
        .route("/package", get(editors::packages))
        .route("/package/{name}/solve", post(editors::submit).get(editors::package))
        .route("/check/{id}", get(editors::poll).post(editors::poll_for_editor))
        .fallback(unknown)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(CatchPanicLayer::custom(|_| ApiError::Fault.into_response()));
    let router = match cors(app.config()) {
        Some(cors) => router.layer(cors),
        None => router,
    };
    router.layer(middleware::from_fn_with_state(app.clone(), guard::guard)).with_state(app)
}

/// Lets pages of the origin read answers, if one is named.
fn cors(config: &Config) -> Option<CorsLayer> {
    let origin = HeaderValue::from_str(config.allow_origin.as_deref()?).ok()?;
    let layer =
        CorsLayer::new().allow_methods(Any).allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION]);
    let layer = layer.expose_headers([guard::REQUEST_ID, header::RETRY_AFTER]);
    Some(if origin == "*" { layer.allow_origin(Any) } else { layer.allow_origin(origin) })
}

async fn health() -> &'static str {
    "ok\n"
}

async fn ready(State(app): State<App>) -> Result<&'static str, ApiError> {
    app.is_open()?;
    Ok("ready\n")
}

async fn metrics(State(app): State<App>) -> Result<Response, ApiError> {
    let (kind, text) = meters::text(app.registry()).map_err(|_| ApiError::Fault)?;
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

async fn unknown() -> ApiError {
    ApiError::NotFound("there is no such route".to_owned())
}
