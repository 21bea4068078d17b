//! Lets `tokio-console` watch the tasks of this process, at 127.0.0.1:6669 or where `TOKIO_CONSOLE_BIND` says.

use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

/// What listens to the runtime's own spans. It serves them on a thread of its own.
pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>() -> impl Layer<S> {
    console_subscriber::ConsoleLayer::builder().with_default_env().spawn()
}
