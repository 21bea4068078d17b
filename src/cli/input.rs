//! A problem on its way in: one GOAP document, or a domain and a problem in PDDL; read, bounded, checked to
//! be text.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use super::render::{self, Page};
use super::{Exit, Host};
use crate::diagnostic::{Diagnostic, SourceMap, Span};
use crate::lang::{goap, pddl};
use crate::service::{CheckReport, Problem, ResultReport};

/// Bytes of a GOAP document at most.
const GOAP_BYTES_MAX: u64 = goap::syntax::MAX_BYTES as u64;

/// Codes of findings that are the command line's own.
mod code {
    /// Wrong arguments.
    pub const USAGE: &str = "CL001";
    /// The file cannot be read.
    pub const UNREADABLE: &str = "CL002";
    /// The file is not UTF-8.
    pub const NOT_UTF8: &str = "CL003";
    /// A file is missing: PDDL comes in two.
    pub const MISSING_FILE: &str = "CL004";
    /// A file too many: a GOAP document comes alone.
    pub const EXTRA_FILE: &str = "CL005";
}

/// Where a problem comes from.
#[derive(Debug)]
pub struct Input {
    first: PathBuf,
    second: Option<PathBuf>,
    /// Bytes of a PDDL file at most.
    pddl_bytes_max: u64,
}

/// What a problem is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// A GOAP document.
    Goap,
    /// A domain, and a problem if there are two texts.
    Pddl,
}

/// The texts of a problem and their names as they were typed.
#[derive(Debug)]
pub struct Source {
    /// The texts.
    pub sources: SourceMap,
    /// Their language.
    pub language: Language,
}

/// Why there is no problem.
#[derive(Debug)]
pub struct Refusal {
    source: Source,
    finding: Diagnostic,
    exit: Exit,
}

impl Input {
    /// A GOAP document or a domain, and the problem of a domain. A path may be `-`. PDDL files have at most
    /// `pddl_bytes_max` bytes.
    pub fn new(first: PathBuf, second: Option<PathBuf>, pddl_bytes_max: u64) -> Self {
        Self { first, second, pddl_bytes_max }
    }

    /// Bytes of a PDDL file at most.
    pub fn pddl_bytes_max(&self) -> u64 {
        self.pddl_bytes_max
    }

    /// Reads the texts.
    ///
    /// # Errors
    /// A [`Refusal`] where one cannot be read or is not text.
    pub fn read(&self, host: &dyn Host) -> Result<Source, Box<Refusal>> {
        let is_pddl = self.second.is_some() || is_pddl_path(&self.first);
        let limit = self.pddl_bytes_max;
        let (name, text) = read(host, &self.first, if is_pddl { limit } else { limit.max(GOAP_BYTES_MAX) })?;
        let is_pddl = is_pddl || starts_as_pddl(&text);
        if !is_pddl && text.len() as u64 > GOAP_BYTES_MAX {
            return Err(Refusal::too_large(&name, Some(text.len() as u64), GOAP_BYTES_MAX, Language::Goap));
        }
        self.alone(&name, &text)?;
        let mut sources = SourceMap::new().with(name, text);
        if let Some(second) = &self.second {
            let (name, text) = read(host, second, limit)?;
            self.alone(&name, &text)?;
            sources = sources.with(name, text);
        }
        let language = if is_pddl { Language::Pddl } else { Language::Goap };
        Ok(Source { sources, language })
    }

    /// Reads a plan for the problem: its name and its text.
    ///
    /// # Errors
    /// A [`Refusal`] where it cannot be read or is not text.
    pub fn read_beside(&self, host: &dyn Host, path: &Path) -> Result<(String, String), Box<Refusal>> {
        read(host, path, self.pddl_bytes_max)
    }

    /// Refuses a GOAP document that comes with another file.
    fn alone(&self, name: &str, text: &str) -> Result<(), Box<Refusal>> {
        if self.second.is_none() || !(is_goap_name(name) || starts_as_goap(text)) {
            return Ok(());
        }
        let message = format!("{name} is a GOAP document, which comes alone");
        let finding = Diagnostic::error(code::EXTRA_FILE, Span::default(), message)
            .with_help("give one document at a time; two files are a domain and a problem in PDDL");
        Err(Refusal::without_text(name, finding))
    }
}

impl Source {
    /// The problem to plan for.
    ///
    /// # Errors
    /// A [`Refusal`] for a domain without a problem.
    pub fn problem(&self) -> Result<Problem, Box<Refusal>> {
        let text = |index: usize| Arc::clone(&self.sources.files()[index].text);
        match (self.language, self.sources.files().len()) {
            (Language::Goap, _) => Ok(Problem::Goap { text: text(0) }),
            (Language::Pddl, 2) => Ok(Problem::Pddl { domain: text(0), problem: text(1) }),
            (Language::Pddl, _) => {
                let name = &self.sources.files()[0].name;
                let message = format!("{name} is PDDL, which comes in two files");
                let finding = Diagnostic::error(code::MISSING_FILE, Span::default(), message)
                    .with_help("give the domain first, then the problem");
                Err(Refusal::without_text(name, finding))
            }
        }
    }

    /// The texts as reports name them: those of PDDL by file, a GOAP document not at all.
    pub fn report_sources(&self) -> SourceMap {
        match self.language {
            Language::Goap => SourceMap::new().with("", Arc::clone(&self.sources.files()[0].text)),
            Language::Pddl => self.sources.clone(),
        }
    }
}

fn is_pddl_path(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pddl"))
}

/// Whether a text is PDDL by its first character that is no comment: a GOAP document is an object.
fn starts_as_pddl(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines =
        text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with(';'));
    lines.next().is_some_and(|line| line.starts_with('('))
}

fn is_goap_name(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// Whether a text is a GOAP document by its first character that is no comment: PDDL knows no braces.
fn starts_as_goap(text: &str) -> bool {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim_start);
    lines.find(|line| !line.is_empty() && !line.starts_with("//")).is_some_and(|line| line.starts_with('{'))
}

/// The name of a text of at most `limit` bytes and the text.
fn read(host: &dyn Host, path: &Path, limit: u64) -> Result<(String, String), Box<Refusal>> {
    let is_stdin = path.as_os_str() == "-";
    let name = if is_stdin { "<stdin>".to_owned() } else { path.display().to_string() };
    // One byte more than may be, so that it shows where there are more.
    let most = limit.saturating_add(1);
    let bytes = if is_stdin { host.read_stdin(most) } else { host.read_file(path, most) };
    let bytes = bytes.map_err(|error| Refusal::unreadable(&name, &error))?;
    if bytes.len() as u64 > limit {
        let size = if is_stdin { None } else { host.file_bytes(path) };
        let is_goap = is_goap_name(&name);
        let (limit, language) =
            if is_goap { (GOAP_BYTES_MAX, Language::Goap) } else { (limit, Language::Pddl) };
        return Err(Refusal::too_large(&name, size, limit, language));
    }
    let text = text(&name, bytes)?;
    Ok((name, text))
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String, Box<Refusal>> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            Err(Refusal::not_utf8(name, text, at))
        }
    }
}

impl Refusal {
    /// The arguments are wrong.
    pub fn usage(message: &str) -> Self {
        let finding =
            Diagnostic::error(code::USAGE, Span::default(), message).with_help("see planscope --help");
        *Self::without_text("", finding)
    }

    fn without_text(name: &str, finding: Diagnostic) -> Box<Self> {
        Self::about(name, String::new(), finding)
    }

    fn about(name: &str, text: String, finding: Diagnostic) -> Box<Self> {
        let language = if is_pddl_path(Path::new(name)) { Language::Pddl } else { Language::Goap };
        let source = Source { sources: SourceMap::new().with(name, text), language };
        Box::new(Self { source, finding, exit: Exit::InputError })
    }

    fn unreadable(name: &str, error: &std::io::Error) -> Box<Self> {
        let message = format!("cannot read {name}: {error}");
        Self::without_text(name, Diagnostic::error(code::UNREADABLE, Span::default(), message))
    }

    /// The file has more bytes than `limit`: `size`, where that is known.
    fn too_large(name: &str, size: Option<u64>, limit: u64, language: Language) -> Box<Self> {
        let bytes = size.map_or_else(|| format!("more than {limit} bytes"), |size| format!("{size} bytes"));
        let message = format!("{name} has {bytes}, and {limit} are the limit");
        let (code, help) = match language {
            Language::Goap => (
                goap::codes::FILE_TOO_LARGE,
                "use parameters instead of writing every instance out, or split the document",
            ),
            Language::Pddl => {
                (pddl::codes::FILE_TOO_LARGE, "split the problem, or raise the limit with --max-input")
            }
        };
        Self::without_text(name, Diagnostic::error(code, Span::default(), message).with_help(help))
    }

    fn not_utf8(name: &str, text: String, at: usize) -> Box<Self> {
        let span = Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8());
        let finding = Diagnostic::error(code::NOT_UTF8, span, "the file is not valid UTF-8")
            .with_help("save it as UTF-8; this is where the first bad byte stands");
        Self::about(name, text, finding)
    }

    /// Says why on standard error, or as one JSON document on standard output.
    pub fn print(&self, host: &dyn Host, json: bool, is_check: bool) -> Result<Exit> {
        if json {
            return self.print_json(host, is_check);
        }
        let page = Page::new(&self.source.sources, render::stderr_style(host));
        host.write_stderr(&page.diagnostic(&self.finding));
        Ok(self.exit)
    }

    /// One JSON document in the shape of `check --json` or of `plan --json`.
    pub fn print_json(&self, host: &dyn Host, is_check: bool) -> Result<Exit> {
        let check = CheckReport::new(std::slice::from_ref(&self.finding), &self.source.report_sources());
        if is_check {
            render::print_json(host, &check)?;
        } else {
            let refused = ResultReport::refused(self.finding.message.clone(), check.diagnostics);
            render::print_json(host, &refused)?;
        }
        Ok(self.exit)
    }
}
