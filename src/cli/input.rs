//! The document on its way in: read, bounded, checked to be text.

use std::path::PathBuf;

use anyhow::Result;

use super::render::{self, Page};
use super::{Exit, Host};
use crate::diagnostic::{Diagnostic, Span};
use crate::service::{CheckReport, ResultReport};

/// Bytes read at most: past the parser's own limit, so that it can say what the limit is.
const BYTES_MAX: u64 = (1 << 20) + 1;

/// Codes of findings that are the command line's own.
mod code {
    /// Wrong arguments.
    pub const USAGE: &str = "CL001";
    /// The file cannot be read.
    pub const UNREADABLE: &str = "CL002";
    /// The file is not UTF-8.
    pub const NOT_UTF8: &str = "CL003";
    /// A kind of problem that this version does not plan for.
    pub const UNSUPPORTED: &str = "CL004";
}

/// Where a document comes from.
#[derive(Debug)]
pub struct Input {
    path: PathBuf,
}

/// A document's text and its name in messages.
#[derive(Debug)]
pub struct Source {
    /// The path as it was typed, or `<stdin>`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Why there is no document.
#[derive(Debug)]
pub struct Refusal {
    source: Source,
    finding: Diagnostic,
    exit: Exit,
}

impl Input {
    /// A path, or `-`.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Reads the document.
    ///
    /// # Errors
    /// A [`Refusal`] where it cannot be read, is not text, or is of an unsupported kind.
    pub fn read(&self, host: &dyn Host) -> Result<Source, Box<Refusal>> {
        let is_stdin = self.path.as_os_str() == "-";
        let name = if is_stdin { "<stdin>".to_owned() } else { self.path.display().to_string() };
        if self.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pddl")) {
            return Err(Refusal::unsupported(name));
        }
        let bytes = if is_stdin { host.read_stdin(BYTES_MAX) } else { host.read_file(&self.path, BYTES_MAX) };
        let bytes = bytes.map_err(|error| Refusal::unreadable(&name, &error))?;
        text(name, bytes)
    }
}

/// A text that was cut off in the middle of a character is the parser's to refuse, by its size.
fn text(name: String, bytes: Vec<u8>) -> Result<Source, Box<Refusal>> {
    let is_cut = bytes.len() as u64 >= BYTES_MAX;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { name, text }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let source = Source { name, text };
            if is_cut { Ok(source) } else { Err(Refusal::not_utf8(source, at)) }
        }
    }
}

impl Refusal {
    /// The arguments are wrong.
    pub fn usage(message: &str) -> Self {
        let source = Source { name: String::new(), text: String::new() };
        let finding =
            Diagnostic::error(code::USAGE, Span::default(), message).with_help("see planscope --help");
        Self { source, finding, exit: Exit::InputError }
    }

    fn unreadable(name: &str, error: &std::io::Error) -> Box<Self> {
        let source = Source { name: name.to_owned(), text: String::new() };
        let finding =
            Diagnostic::error(code::UNREADABLE, Span::default(), format!("cannot read {name}: {error}"));
        Box::new(Self { source, finding, exit: Exit::InputError })
    }

    fn not_utf8(source: Source, at: usize) -> Box<Self> {
        let span = Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8());
        let finding = Diagnostic::error(code::NOT_UTF8, span, "the file is not valid UTF-8")
            .with_help("save it as UTF-8; this is where the first bad byte stands");
        Box::new(Self { source, finding, exit: Exit::InputError })
    }

    fn unsupported(name: String) -> Box<Self> {
        let message = format!("{name} is PDDL, which this version does not plan for");
        let finding = Diagnostic::error(code::UNSUPPORTED, Span::default(), message)
            .with_help("give a GOAP document (*.goap.json)");
        Box::new(Self { source: Source { name, text: String::new() }, finding, exit: Exit::Unsupported })
    }

    /// Says why on standard error, or as one JSON document on standard output.
    pub fn print(&self, host: &dyn Host, json: bool, is_check: bool) -> Result<Exit> {
        if json {
            return self.print_json(host, is_check);
        }
        let page = Page::new(&self.source.name, &self.source.text, render::stderr_style(host));
        host.write_stderr(&page.diagnostic(&self.finding));
        Ok(self.exit)
    }

    /// One JSON document in the shape of `check --json` or of `plan --json`.
    pub fn print_json(&self, host: &dyn Host, is_check: bool) -> Result<Exit> {
        let check = CheckReport::new(std::slice::from_ref(&self.finding), &self.source.text);
        if is_check {
            render::print_json(host, &check)?;
        } else {
            let refused = ResultReport::refused(self.finding.message.clone(), check.diagnostics);
            render::print_json(host, &refused)?;
        }
        Ok(self.exit)
    }
}
