//! The command line: arguments → configuration → commands → rendering.
//!
//! `args` holds what was typed and `config` what it means. `plan`, `check`, `ground`, `validate`, `report`, `keep`,
//! `serve` and `bench` are the commands, and `batch` is `plan` over a file of tasks; `render` and `progress` write what
//! they have to say.
//! Everything outside of this process is reached through [`Host`]: no file, stream, clock or signal is touched here.
//! `exit` has the exit codes.

mod args;
mod batch;
mod bench;
mod check;
mod config;
mod entrants;
mod exit;
mod files;
mod ground;
mod input;
mod keep;
mod log;
mod plan;
mod progress;
mod race;
mod render;
mod report;
mod serve;
mod streams;
mod texts;
mod validate;

use std::ffi::OsString;
use std::io;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::LocalBoxFuture;

pub use config::{ServeConfig, Storage};
pub use exit::Exit;
pub use log::LogFormat;
pub use streams::{Advance, Bar, Extent, Line, Lines, Output};

use crate::parity::Lab;
use crate::service::{Busy, Job, Request, ResultReport};
use crate::store::{Documents, PatternRecords};
use config::{Command, Configured};

/// What is kept: documents and plans. It is written to the end when this is dropped.
pub struct Kept {
    /// The documents.
    pub documents: Rc<dyn Documents>,
    /// The plans.
    pub patterns: Rc<dyn PatternRecords>,
}

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
    fn write_file(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Opens what is kept.
    ///
    /// # Errors
    /// Why it cannot be opened, in a sentence.
    fn kept(&self, storage: &Storage) -> Result<Kept, String>;

    /// Begins to read a file, or standard input for `-`, line by line. A line has at most `line_bytes_max` bytes.
    ///
    /// # Errors
    /// Where it cannot be opened.
    fn read_lines(&self, path: &Path, line_bytes_max: usize) -> io::Result<Box<dyn Lines>>;

    /// Opens a file to put lines behind what it has; it need not exist. `None` is standard output.
    ///
    /// # Errors
    /// Where it cannot be opened, or another process has it open in this way.
    fn output(&self, path: Option<&Path>) -> io::Result<Box<dyn Output>>;

    /// The bar of a batch file of so many bytes; `None` where that is not known.
    fn bar(&self, bytes: Option<u64>) -> Box<dyn Bar>;

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

    /// The folder that the system has for what the planner keeps of this person; `None` where there is none.
    fn data_folder(&self) -> Option<PathBuf>;

    /// Puts a request into the service's queue. The storage of the first request counts.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    fn submit(&self, request: Request, storage: &Storage) -> Result<Job, Busy>;

    /// Ends the planning: when this resolves, what was found is stored. There are no requests after it.
    fn close(&self) -> LocalBoxFuture<'_, ()>;

    /// What a person should be told about the storage since the last call.
    fn take_notices(&self) -> Vec<String>;

    /// Resolves after `duration`.
    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()>;

    /// Resolves when the person asks to stop (Ctrl-C).
    fn interrupted(&self) -> LocalBoxFuture<'static, ()>;

    /// Plans on a thread beside this one, the one that has least to do. `threads` is how many there are; theirs and
    /// the storage of the first request count. `None` where the planner failed. Dropping it cancels the search.
    ///
    /// # Errors
    /// Where the threads cannot be started.
    fn plan_aside(
        &self,
        request: Request,
        threads: usize,
        storage: &Storage,
    ) -> io::Result<LocalBoxFuture<'static, Option<ResultReport>>>;

    /// Threads that the machine runs at once.
    fn parallelism(&self) -> usize;

    /// Starts to log what happens, on standard error. `directives` say what, in the language of `EnvFilter`.
    ///
    /// # Errors
    /// What is wrong with the directives.
    fn start_log(&self, format: LogFormat, directives: &str) -> Result<(), String>;

    /// Serves over HTTP until the process is asked to end.
    ///
    /// # Errors
    /// Where it cannot listen.
    fn serve<'a>(&'a self, config: &'a ServeConfig) -> LocalBoxFuture<'a, io::Result<()>>;

    /// What the bench measures with.
    fn lab(&self) -> Box<dyn Lab>;
}

/// Runs the command that `arguments` (the program's name first) ask for. Whatever fails within the planner
/// itself, a panic included, ends as [`Exit::Fault`].
pub async fn run(host: &dyn Host, arguments: Vec<OsString>) -> Exit {
    AssertUnwindSafe(command(host, arguments)).catch_unwind().await.unwrap_or_else(|_| {
        // The hook for panics has said what happened and where.
        host.write_stderr(
            "error: the planner failed, which is a fault of the planner: report what was run\n",
        );
        Exit::Fault
    })
}

async fn command(host: &dyn Host, arguments: Vec<OsString>) -> Exit {
    let exit = match config::configure(host, arguments) {
        Configured::Run(Command::Plan(config)) => plan::run(host, &config).await,
        Configured::Run(Command::Batch(config)) => batch::run(host, &config).await,
        Configured::Run(Command::Report(config)) => report::run(host, &config).await,
        Configured::Run(Command::Check(config)) => check::run(host, &config),
        Configured::Run(Command::Ground(config)) => ground::run(host, &config).await,
        Configured::Run(Command::Validate(config)) => validate::run(host, &config).await,
        Configured::Run(Command::Export(config)) => keep::export(host, &config).await,
        Configured::Run(Command::Import(config)) => keep::import(host, &config).await,
        Configured::Run(Command::Serve(config)) => serve::run(host, &config).await,
        Configured::Run(Command::Bench(config)) => bench::run(host, &config).await,
        Configured::Answered(exit) => Ok(exit),
    };
    host.close().await;
    print_notices(host);
    exit.unwrap_or_else(|error| give_up(host, &error))
}

/// Says what a person should be told about the storage.
fn print_notices(host: &dyn Host) {
    for notice in host.take_notices() {
        host.write_stderr(&format!("note: {}\n", render::harmless(&notice)));
    }
}

/// Ends a command that could not go on: its output could not be written, or something within the planner
/// failed that no input can make fail.
fn give_up(host: &dyn Host, error: &anyhow::Error) -> Exit {
    host.write_stderr(&format!("error: {error:#}\n"));
    if error.is::<io::Error>() { Exit::OutputLost } else { Exit::Fault }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;

    use super::*;

    /// A process that has no files, and whose queue is full or whose output fails.
    #[derive(Default)]
    struct Failing {
        panics: bool,
        output_fails: bool,
    }

    impl Host for Failing {
        fn read_file(&self, _: &Path, _: u64) -> io::Result<Vec<u8>> {
            assert!(!self.panics, "a fault of the planner");
            Ok(br#"{"format": "planscope-goap/1", "state": {"a": false},
                "actions": [{"name": "do", "effects": {"a": true}}], "goals": [{"name": "a", "conditions": {"a": true}}]}"#
                .to_vec())
        }

        fn file_bytes(&self, _: &Path) -> Option<u64> {
            None
        }

        fn read_stdin(&self, _: u64) -> io::Result<Vec<u8>> {
            Ok(Vec::new())
        }

        fn write_file(&self, _: &Path, _: &[u8]) -> io::Result<()> {
            Ok(())
        }

        fn kept(&self, _: &Storage) -> Result<Kept, String> {
            Err("nothing is kept".to_owned())
        }

        fn read_lines(&self, _: &Path, _: usize) -> io::Result<Box<dyn Lines>> {
            Err(io::ErrorKind::NotFound.into())
        }

        fn output(&self, _: Option<&Path>) -> io::Result<Box<dyn Output>> {
            Err(io::ErrorKind::NotFound.into())
        }

        fn bar(&self, _: Option<u64>) -> Box<dyn Bar> {
            struct Hidden;
            impl Bar for Hidden {
                fn show(&self, _: Advance) {}

                fn skip_to(&self, _: u64) {}
            }
            Box::new(Hidden)
        }

        fn write_stdout(&self, _: &str) -> io::Result<()> {
            if self.output_fails { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        }

        fn write_stderr(&self, _: &str) {}

        fn stdout_is_terminal(&self) -> bool {
            false
        }

        fn stderr_is_terminal(&self) -> bool {
            false
        }

        fn variable(&self, _: &str) -> Option<OsString> {
            None
        }

        fn data_folder(&self) -> Option<PathBuf> {
            None
        }

        fn submit(&self, _: Request, _: &Storage) -> Result<Job, Busy> {
            Err(Busy { waiting: 1, capacity: 1 })
        }

        fn close(&self) -> LocalBoxFuture<'_, ()> {
            futures::future::ready(()).boxed_local()
        }

        fn take_notices(&self) -> Vec<String> {
            Vec::new()
        }

        fn sleep(&self, _: Duration) -> LocalBoxFuture<'static, ()> {
            futures::future::pending().boxed_local()
        }

        fn plan_aside(
            &self,
            _: Request,
            _: usize,
            _: &Storage,
        ) -> io::Result<LocalBoxFuture<'static, Option<ResultReport>>> {
            Ok(futures::future::ready(None).boxed_local())
        }

        fn parallelism(&self) -> usize {
            1
        }

        fn start_log(&self, _: LogFormat, _: &str) -> Result<(), String> {
            Ok(())
        }

        fn serve<'a>(&'a self, _: &'a ServeConfig) -> LocalBoxFuture<'a, io::Result<()>> {
            futures::future::ready(Ok(())).boxed_local()
        }

        fn interrupted(&self) -> LocalBoxFuture<'static, ()> {
            futures::future::pending().boxed_local()
        }

        fn lab(&self) -> Box<dyn Lab> {
            panic!("nothing is measured here")
        }
    }

    fn code(host: &Failing, command: &str) -> u8 {
        let arguments = ["planscope", command, "a.goap.json"].map(OsString::from).to_vec();
        block_on(run(host, arguments)).code()
    }

    #[test]
    fn whatever_fails_within_the_planner_has_an_exit_code_of_its_own() {
        let panicking = Failing { panics: true, ..Failing::default() };
        assert_eq!([code(&panicking, "check"), code(&panicking, "plan")], [70, 70]);
        assert_eq!(code(&Failing::default(), "plan"), 70);
        assert_eq!(code(&Failing::default(), "check"), 0);
        assert_eq!(code(&Failing { output_fails: true, ..Failing::default() }, "check"), 1);
    }
}
