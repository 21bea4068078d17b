//! What every request passes: an id, a host of this machine, a token, and a line in the log.

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;
use tracing::Instrument;
use uuid::Uuid;

use super::app::App;
use super::errors::ApiError;
use crate::runtime::spans;

/// The header with the id of a request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Characters of an id that a client gives, at most.
const REQUEST_ID_LENGTH_MAX: usize = 64;

/// Lets a request through that may pass, gives it an id, describes errors, and says in the log how it ended.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let shown = id.to_str().unwrap_or_default();
    let span = spans::http(shown, method.as_str(), &path);
    let began = app.host().now();
    let mut response = match admitted(&app, &request) {
        Ok(()) => next.run(request).instrument(span.clone()).await,
        Err(refused) => refused.into_response(),
    };
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        *response.body_mut() = error.described(shown).into();
    }
    let (status, took) = (response.status(), app.host().now().saturating_sub(began));
    app.meters().count_request(route.as_ref().map_or("none", MatchedPath::as_str), status, took);
    let ms = took.as_secs_f64() * 1e3;
    // The span says which request it was.
    span.in_scope(|| {
        if status.is_server_error() {
            tracing::warn!(target: "planscope::http", status = status.as_u16(), ms, "failed");
        } else {
            tracing::debug!(target: "planscope::http", status = status.as_u16(), ms, "answered");
        }
    });
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// The id that the client gave, or one that is made now.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let given = headers
        .get(REQUEST_ID)
        .filter(|id| (1..=REQUEST_ID_LENGTH_MAX).contains(&id.len()) && id.as_bytes().iter().all(is_plain));
    given.cloned().unwrap_or_else(|| {
        let made = Uuid::new_v4().as_simple().to_string();
        HeaderValue::try_from(made).unwrap_or(HeaderValue::from_static("none"))
    })
}

fn admitted(app: &App, request: &Request) -> Result<(), ApiError> {
    if app.config().only_local_names && !names_this_machine(request) {
        return Err(ApiError::ForeignHost);
    }
    // Whoever starts the server asks for these before there is a token to show.
    if matches!(request.uri().path(), "/healthz" | "/readyz") {
        return Ok(());
    }
    match &app.config().token {
        Some(token) if !shows(request.headers(), token) => Err(ApiError::Unauthorized),
        _ => Ok(()),
    }
}

fn names_this_machine(request: &Request) -> bool {
    let named = request.uri().authority().map(Authority::as_str);
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    // HTTP/1.0 knows no host, and no page sends that.
    let Some(host) = named.or(header) else { return true };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn shows(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    let Some((scheme, shown)) = given.split_at_checked("Bearer ".len()) else { return false };
    scheme.eq_ignore_ascii_case(b"Bearer ") && bool::from(shown.ct_eq(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_clients_are_kept_where_they_are_plain_and_short() {
        let id = |given: &'static str| {
            let headers = HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_static(given))]);
            request_id(&headers) == given
        };
        assert!(id("run-7.a_b"));
        assert!(!id("") && !id("a b") && !id("a\tb"));
        assert!(!id(&"x".repeat(65).leak()[..]));
        assert_eq!(request_id(&HeaderMap::new()).len(), 32);
    }

    #[test]
    fn hosts_of_this_machine_are_told_from_others() {
        let named =
            |host: &str| names_this_machine(&Request::builder().header(HOST, host).body(().into()).unwrap());
        assert!(named("localhost:8091") && named("127.0.0.1") && named("[::1]:80") && named("LOCALHOST"));
        assert!(!named("evil.example:8091") && !named("localhost.evil.example") && !named(""));
    }

    #[test]
    fn a_token_is_shown_as_a_whole() {
        let shown = |value: &'static str| {
            shows(&HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(value))]), "secret")
        };
        assert!(shown("Bearer secret") && shown("bearer secret"));
        assert!(
            !shown("Bearer secre") && !shown("Bearer secrets") && !shown("secret") && !shown("Basic secret")
        );
        assert!(!shows(&HeaderMap::new(), "secret"));
    }
}
