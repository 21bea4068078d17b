//! `bench`: the workloads, measured here.
//!
//! A limit that is missed is reported and changes no exit code: how fast a machine is says nothing about whether
//! the command worked.

use std::cell::Cell;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::pin::pin;

use anyhow::Result;
use futures::future::{Either, select};

use super::render::harmless;
use super::{Exit, Host};
use crate::parity::{self, Event, Options, Platform, Report};

/// `bench`, resolved.
#[derive(Debug)]
pub struct BenchConfig {
    /// What is measured.
    pub options: Options,
    /// One JSON document on standard output.
    pub json: bool,
    /// What was measured before, in place of measuring.
    pub from: Option<PathBuf>,
    /// What was measured in a browser, to be laid beside.
    pub beside: Option<PathBuf>,
}

/// Measures, or reads what was measured.
///
/// # Errors
/// Where the figures cannot be written.
pub async fn run(host: &dyn Host, config: &BenchConfig) -> Result<Exit> {
    let read = |path: &Option<PathBuf>| path.as_deref().map(|path| read(host, path)).transpose();
    let (given, beside) = match (read(&config.from), read(&config.beside)) {
        (Ok(given), Ok(beside)) => (given, beside),
        (Err(message), _) | (_, Err(message)) => {
            host.write_stderr(&harmless(&format!("error: {message}\n")));
            return Ok(Exit::InputError);
        }
    };
    let report = match given {
        Some(report) => report,
        None => measured(host, &config.options).await,
    };
    host.write_stdout(&if config.json {
        report.to_json()
    } else {
        let of = |platform| {
            [Some(&report), beside.as_ref()]
                .into_iter()
                .flatten()
                .find(|report| report.machine.platform == platform)
        };
        harmless(&parity::table(of(Platform::Native), of(Platform::Browser)))
    })?;
    Ok(if report.complete || config.from.is_some() { Exit::Done } else { Exit::Cancelled })
}

/// Measures until Ctrl-C, and says on the way where it is.
async fn measured(host: &dyn Host, options: &Options) -> Report {
    let lab = host.lab();
    let is_interrupted = Cell::new(false);
    let mut line = Line { host, is_shown: false };
    let mut tell = |event: &Event<'_>| {
        line.show(event);
        if is_interrupted.get() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let measuring = pin!(parity::measure(&*lab, options, &mut tell));
    match select(measuring, host.interrupted()).await {
        Either::Left((report, _)) => report,
        Either::Right(((), measuring)) => {
            is_interrupted.set(true);
            measuring.await
        }
    }
}

/// Reads a file that `bench --json` wrote.
fn read(host: &dyn Host, path: &Path) -> Result<Report, String> {
    let name = path.display();
    let bytes = host
        .read_file(path, parity::BYTES_MAX as u64 + 1)
        .map_err(|error| format!("cannot read {name}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|error| format!("{name} is not text: {error}"))?;
    Report::read(&text).map_err(|error| format!("{name}: {error}"))
}

/// The line on standard error that says where it is, where that is a terminal.
struct Line<'a> {
    host: &'a dyn Host,
    is_shown: bool,
}

impl Line<'_> {
    fn show(&mut self, event: &Event<'_>) {
        if let (true, Event::Round { workload, index, workloads, round, rounds }) =
            (self.host.stderr_is_terminal(), event)
        {
            let mut text = format!("\r{} of {workloads}: {}", index + 1, workload.label);
            let _ = match round {
                0 => write!(text, ", warming up\x1b[K"),
                round => write!(text, ", round {round} of {rounds}\x1b[K"),
            };
            self.host.write_stderr(&text);
            self.is_shown = true;
        }
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        if self.is_shown {
            self.host.write_stderr("\r\x1b[K");
        }
    }
}
