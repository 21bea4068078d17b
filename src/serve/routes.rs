//! The routes, and what lies around them.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};

use super::app::App;
use super::errors::ApiError;
use super::{Config, documents, editors, engines, guard, job_routes, meters, plan};

/// The document about the routes, in `OpenAPI` 3.1.
const DOCUMENT: &str = include_str!("openapi.json");

/// Each path with what answers there.
fn routes() -> [(&'static str, MethodRouter<App>); 15] {
    [
        ("/healthz", get(health)),
        ("/readyz", get(ready)),
        ("/metrics", get(metrics)),
        ("/openapi.json", get(document)),
        ("/v1/plan", post(plan::plan)),
        ("/v1/check", post(documents::check)),
        ("/v1/validate", post(documents::validate)),
        ("/v1/engines", get(engines::engines)),
        ("/v1/jobs", post(job_routes::submit)),
        ("/v1/jobs/{id}", get(job_routes::show).delete(job_routes::delete)),
        ("/v1/jobs/{id}/events", get(job_routes::events)),
        ("/solve", post(editors::solve)),
        ("/package", get(editors::packages)),
        ("/package/{name}/solve", post(editors::submit).get(editors::package)),
        ("/check/{id}", get(editors::poll).post(editors::poll_for_editor)),
    ]
}

/// The routes over a host.
pub fn router(app: App) -> Router {
    let add = |router: Router<App>, (path, methods): (&str, MethodRouter<App>)| router.route(path, methods);
    let router = routes().into_iter().fold(Router::new(), add);
    let router = router
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

async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT).into_response()
}

async fn unknown() -> ApiError {
    ApiError::NotFound("there is no such route".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::search::SearchKind;

    #[test]
    fn the_document_has_each_path_and_each_search() {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let mut known: Vec<_> = routes().iter().map(|(path, _)| *path).collect();
        known.sort_unstable();
        let mut described: Vec<_> =
            document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        described.sort_unstable();
        assert_eq!(known, described);
        let searches: Vec<_> = SearchKind::all().iter().map(|(name, _)| *name).collect();
        let options = &document["components"]["schemas"]["Options"]["properties"];
        assert_eq!(options["search"]["enum"], serde_json::json!(searches));
        let mut described: Vec<_> = options.as_object().unwrap().keys().map(String::as_str).collect();
        let mut known = crate::service::options::NAMES.to_vec();
        described.sort_unstable();
        known.sort_unstable();
        assert_eq!(known, described);
    }
}
