//! The log: what happens, as lines on standard error.

use std::io::{self, IsTerminal};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use super::task_watch;
use crate::cli::LogFormat;

/// Starts the log, with what the directives ask for in the language of `EnvFilter`. From `debug` on, the end of each
/// span is logged too, with the time that it took.
///
/// # Errors
/// What is wrong with the directives.
pub(super) fn start(format: LogFormat, directives: &str) -> Result<(), String> {
    let filter = EnvFilter::builder().parse(directives).map_err(|error| error.to_string())?;
    let is_verbose = filter.max_level_hint().is_none_or(|level| level >= LevelFilter::DEBUG);
    let ends = if is_verbose { FmtSpan::CLOSE } else { FmtSpan::NONE };
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_span_events(ends);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let log = tracing_subscriber::registry().with(task_watch::layer()).with(lines.with_filter(filter));
    // A log that was started before goes on.
    let _ = log.try_init();
    Ok(())
}
