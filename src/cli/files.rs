//! Files that are written beside the answer. One that cannot be written takes nothing else with it: the answer
//! is printed all the same, and the exit code says that something is missing.

use std::path::Path;

use super::render::harmless;
use super::{Exit, Host};

/// What became of the files of one command.
#[derive(Debug, Default)]
pub(super) struct Files {
    failures: Vec<String>,
}

impl Files {
    /// Writes `text`, which is `what` (for instance `the plan`), to `path`.
    pub fn write(&mut self, host: &dyn Host, path: &Path, what: &str, text: &str) {
        if let Err(error) = host.write_file(path, text.as_bytes()) {
            self.failures.push(format!("cannot write {what} to {}: {error}", path.display()));
        }
    }

    /// Reports what could not be written. Returns the exit code of a command that would otherwise end with `exit`.
    pub fn finish(self, host: &dyn Host, exit: Exit) -> Exit {
        for failure in &self.failures {
            host.write_stderr(&format!("error: {}\n", harmless(failure)));
        }
        if self.failures.is_empty() { exit } else { Exit::FileLost }
    }
}
