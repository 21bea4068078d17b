//! Bodies: read as a whole, within bounds of bytes and of time.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use futures::StreamExt;
use futures::future::{Either, select};
use http_body_util::BodyDataStream;

use super::errors::ApiError;
use super::{BODIES_BYTES_MAX, BODY_BYTES_MAX, BODY_TIME_MAX, Host};

/// Bytes of bodies that are held, all together.
#[derive(Clone, Debug, Default)]
pub(super) struct HeldBytes(Arc<AtomicU64>);

/// A part of them, given back when it is dropped.
#[derive(Debug, Default)]
pub struct Held {
    all: HeldBytes,
    bytes: u64,
}

impl HeldBytes {
    fn none(&self) -> Held {
        Held { all: self.clone(), bytes: 0 }
    }
}

impl Held {
    fn take(&mut self, bytes: u64) -> Result<(), ApiError> {
        self.bytes += bytes;
        let before = self.all.0.fetch_add(bytes, Relaxed);
        if before + bytes > BODIES_BYTES_MAX { Err(ApiError::TooManyBytes) } else { Ok(()) }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.0.fetch_sub(self.bytes, Relaxed);
    }
}

/// Reads a body that is said to be JSON.
///
/// # Errors
/// [`ApiError`] where it is not, is too large or too slow, where too much is held already, or where the client
/// broke off.
pub(super) async fn read(
    host: &dyn Host,
    all: &HeldBytes,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Vec<u8>, Held), ApiError> {
    if !headers.get(CONTENT_TYPE).is_some_and(is_json) {
        return Err(ApiError::NotJson);
    }
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > BODY_BYTES_MAX) {
        return Err(ApiError::TooLarge(BODY_BYTES_MAX));
    }
    let reading = pin!(read_all(all.none(), body));
    match select(reading, host.sleep(BODY_TIME_MAX)).await {
        Either::Left((read, _)) => read,
        Either::Right(_) => Err(ApiError::SlowBody(BODY_TIME_MAX.as_secs())),
    }
}

async fn read_all(mut held: Held, body: Body) -> Result<(Vec<u8>, Held), ApiError> {
    let mut bytes = Vec::new();
    let mut frames = BodyDataStream::new(body);
    while let Some(frame) = frames.next().await {
        let frame = frame.map_err(|error| ApiError::Malformed(format!("the body broke off: {error}")))?;
        held.take(frame.len() as u64)?;
        if held.bytes > BODY_BYTES_MAX {
            return Err(ApiError::TooLarge(BODY_BYTES_MAX));
        }
        bytes.extend_from_slice(&frame);
    }
    Ok((bytes, held))
}

/// `application/json`, or a kind of it (`application/problem+json`), with or without parameters.
fn is_json(value: &HeaderValue) -> bool {
    let Ok(text) = value.to_str() else { return false };
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.starts_with("application/") && essence.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_json_are_told_from_others() {
        for (text, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/vnd.api+json", true),
            ("text/plain", false),
            ("text/json+json", false),
            ("application/jsonp", false),
        ] {
            assert_eq!(is_json(&HeaderValue::from_static(text)), expected, "{text}");
        }
    }

    #[test]
    fn bytes_that_are_held_come_back_when_they_are_dropped() {
        let all = HeldBytes::default();
        let mut first = all.none();
        assert_eq!(first.take(BODIES_BYTES_MAX), Ok(()));
        assert_eq!(all.none().take(1), Err(ApiError::TooManyBytes));
        drop(first);
        assert_eq!(all.none().take(1), Ok(()));
        assert_eq!(all.0.load(Relaxed), 0);
    }
}
