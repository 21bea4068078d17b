//! The log: what happens, as lines on standard error.

use std::io;

use tracing_subscriber::EnvFilter;

/// The variable of the environment that says what is logged, in the language of `EnvFilter`.
const VARIABLE: &str = "PLANSCOPE_LOG";

/// Starts the log of a server: warnings, unless the environment says otherwise (`PLANSCOPE_LOG=planscope=debug` shows
/// each request).
pub(super) fn start() {
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // A log that was started before goes on.
    let _ = log.try_init();
}
