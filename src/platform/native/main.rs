//! The process: one thread, one runtime, the command line.

use std::io;
use std::process::ExitCode;

use tokio::runtime::Builder;
use tokio::task::LocalSet;
use tracing_subscriber::EnvFilter;

use super::console::Console;
use crate::cli::{self, Exit, Host};

/// Runs the command line. `PLANSCOPE_LOG` (for instance `debug`) switches logging on.
pub fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("PLANSCOPE_LOG").unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    let console = Console::default();
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            console.write_stderr(&format!("error: the runtime could not start: {error}\n"));
            return Exit::OutputLost.code().into();
        }
    };
    let arguments = std::env::args_os().collect();
    let exit = LocalSet::new().block_on(&runtime, cli::run(&console, arguments));
    exit.code().into()
}
