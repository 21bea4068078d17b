//! The command line: arguments → configuration → commands → rendering.
//!
//! `args` is what was typed, `config` what it means, `plan`, `check`, `ground` and `validate` do it, `render` and
//! `progress` say it. Everything outside of this process is reached through [`Host`]: no file,
//! stream, clock or signal is touched here. Exit codes are `exit`'s.

mod args;
mod check;
mod config;
mod exit;
mod files;
mod ground;
mod input;
mod plan;
mod progress;
mod render;
mod validate;

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::time::Duration;

use futures::future::LocalBoxFuture;

pub use config::Storage;
pub use exit::Exit;

use crate::service::{Busy, Job, Request};
use config::{Command, Configured};

/// What the command line needs of its platform.
pub trait Host {
    /// At most `limit` bytes of a file.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn read_file(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Bytes that a file has; `None` where that cannot be told.
    fn file_bytes(&self, path: &Path) -> Option<u64>;

    /// At most `limit` bytes of standard input.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn read_stdin(&self, limit: u64) -> io::Result<Vec<u8>>;

    /// Writes a file as a whole.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn write_file(&self, path: &Path, text: &str) -> io::Result<()>;

    /// Writes to standard output and flushes. A reader that went away is no error.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn write_stdout(&self, text: &str) -> io::Result<()>;

    /// Writes to standard error; what cannot be written is lost.
    fn write_stderr(&self, text: &str);

    /// Whether standard output is a terminal.
    fn stdout_is_terminal(&self) -> bool;

    /// Whether standard error is a terminal.
    fn stderr_is_terminal(&self) -> bool;

    /// A variable of the environment.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// Puts a request into the service's queue. The storage of the first request counts.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    fn submit(&self, request: Request, storage: &Storage) -> Result<Job, Busy>;

    /// What a person should be told about the storage since the last call.
    fn take_notices(&self) -> Vec<String>;

    /// Resolves after `duration`.
    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()>;

    /// Resolves when the person asks to stop (Ctrl-C).
    fn interrupted(&self) -> LocalBoxFuture<'static, ()>;
}

/// Runs the command that `arguments` (the program's name first) ask for.
pub async fn run(host: &dyn Host, arguments: Vec<OsString>) -> Exit {
    let exit = match config::configure(host, arguments) {
        Configured::Run(Command::Plan(config)) => plan::run(host, &config).await,
        Configured::Run(Command::Check(config)) => check::run(host, &config),
        Configured::Run(Command::Ground(config)) => ground::run(host, &config).await,
        Configured::Run(Command::Validate(config)) => validate::run(host, &config),
        Configured::Answered(exit) => Ok(exit),
    };
    exit.unwrap_or_else(|error| give_up(host, &error))
}

/// Something that has to be written could not be.
fn give_up(host: &dyn Host, error: &anyhow::Error) -> Exit {
    host.write_stderr(&format!("error: {error:#}\n"));
    Exit::OutputLost
}
