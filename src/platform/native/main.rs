//! The process: one thread, one runtime, the command line.

use std::process::ExitCode;

use tokio::runtime::Builder;
use tokio::task::LocalSet;

use super::console::Console;
use crate::cli::{self, Exit, Host};

/// Runs the command line.
pub fn main() -> ExitCode {
    let console = Console::default();
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            console.write_stderr(&format!("error: the runtime could not start: {error}\n"));
            return Exit::Fault.code().into();
        }
    };
    let arguments = std::env::args_os().collect();
    let exit = LocalSet::new().block_on(&runtime, cli::run(&console, arguments));
    exit.code().into()
}
