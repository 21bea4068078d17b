//! A problem on its way in: one GOAP document, or a domain and a problem in PDDL; read, bounded, decoded.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use super::render::{self, Page};
use super::texts::{Text, in_order};
use super::{Exit, Host};
use crate::diagnostic::{Diagnostic, SourceMap, Span};
use crate::lang::{bytes, goap, pddl};
use crate::service::{CheckReport, Problem, ResultReport};

/// Bytes of a GOAP document at most.
const GOAP_BYTES_MAX: u64 = goap::syntax::MAX_BYTES as u64;

/// Codes of findings that are the command line's own.
mod code {
    /// Wrong arguments.
    pub const USAGE: &str = "CL001";
    /// The file cannot be read.
    pub const UNREADABLE: &str = "CL002";
    /// The file is not UTF-8; it is read all the same.
    pub const NOT_UTF8: &str = "CL003";
    /// A file is missing: PDDL comes in two.
    pub const MISSING_FILE: &str = "CL004";
    /// A file too many: a GOAP document comes alone.
    pub const EXTRA_FILE: &str = "CL005";
    /// The command takes PDDL alone.
    pub const NOT_PDDL: &str = "CL006";
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
    /// Warnings about their bytes.
    pub remarks: Vec<Diagnostic>,
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
        let first = read(host, &self.first, if is_pddl { limit } else { limit.max(GOAP_BYTES_MAX) })?;
        let is_pddl = is_pddl && !(self.second.is_none() && starts_as_goap(&first.text));
        let is_pddl = is_pddl || starts_as_pddl(&first.text);
        if !is_pddl && first.text.len() as u64 > GOAP_BYTES_MAX {
            let size = Some(first.text.len() as u64);
            return Err(Refusal::too_large(&first.name, size, GOAP_BYTES_MAX, Language::Goap));
        }
        self.alone(&first.name, &first.text)?;
        let mut files = vec![first];
        if let Some(second) = &self.second {
            let second = read(host, second, limit)?;
            self.alone(&second.name, &second.text)?;
            files.push(second);
        }
        let language = if is_pddl { Language::Pddl } else { Language::Goap };
        Ok(Source::of(language, files))
    }

    /// Reads the texts of a command that takes PDDL alone.
    ///
    /// # Errors
    /// A [`Refusal`] where one cannot be read, is not text, or is a GOAP document.
    pub(super) fn read_pddl(&self, host: &dyn Host) -> Result<Source, Box<Refusal>> {
        let source = self.read(host)?;
        if source.language == Language::Pddl {
            return Ok(source);
        }
        let name = &source.sources.files()[0].name;
        let message = format!("{name} is a GOAP document, and this command takes PDDL");
        let finding = Diagnostic::error(code::NOT_PDDL, Span::default(), message)
            .with_help("give a domain and a problem in PDDL; `plan` and `check` take both");
        Err(Refusal::without_text(name, finding))
    }

    /// Reads a plan for the problem: its name and its text.
    ///
    /// # Errors
    /// A [`Refusal`] where it cannot be read or is not text.
    pub(super) fn read_beside(&self, host: &dyn Host, path: &Path) -> Result<Text, Box<Refusal>> {
        read(host, path, self.pddl_bytes_max)
    }

    /// Refuses a GOAP document that comes with another file.
    fn alone(&self, name: &str, text: &str) -> Result<(), Box<Refusal>> {
        let is_goap = starts_as_goap(text) || is_goap_name(name) && !starts_as_pddl(text);
        if self.second.is_none() || !is_goap {
            return Ok(());
        }
        let message = format!("{name} is a GOAP document, which comes alone");
        let finding = Diagnostic::error(code::EXTRA_FILE, Span::default(), message)
            .with_help("give one document at a time; two files are a domain and a problem in PDDL");
        Err(Refusal::without_text(name, finding))
    }
}

impl Source {
    /// The texts of a task whose language is known; those of PDDL in either order.
    pub(super) fn of(language: Language, files: Vec<Text>) -> Self {
        let is_pddl = language == Language::Pddl;
        let files = if is_pddl { in_order(files) } else { files };
        Self::new(language, files, if is_pddl { pddl::codes::NOT_UTF8 } else { code::NOT_UTF8 })
    }

    fn new(language: Language, files: Vec<Text>, code: &str) -> Self {
        let mut source = Self { sources: SourceMap::new(), language, remarks: Vec::new() };
        files.into_iter().for_each(|file| source.push(file, code));
        source
    }

    /// Puts one more text behind the others; bytes that are not UTF-8 are a warning under this code.
    pub(super) fn push(&mut self, file: Text, code: &str) {
        let other = Text { text: String::new(), name: String::new(), ..file };
        self.sources = std::mem::take(&mut self.sources).with(file.name, file.text);
        let start = self.sources.files().last().map_or(0, |last| last.start);
        self.remarks.extend(other.warning(code, start));
    }

    /// The warnings about bytes, then `findings`: what a JSON document reports.
    pub(super) fn with_remarks(&self, findings: &[Diagnostic]) -> Vec<Diagnostic> {
        self.remarks.iter().chain(findings).cloned().collect()
    }

    /// Prints the warnings about bytes on standard error.
    pub fn print_remarks(&self, host: &dyn Host) {
        let page = Page::new(&self.sources, render::stderr_style(host));
        self.remarks.iter().for_each(|remark| host.write_stderr(&page.diagnostic(remark)));
    }

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
                    .with_help("give the domain first, then the problem, or one file that holds both");
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

/// The text of a file of at most `limit` bytes.
pub(super) fn read(host: &dyn Host, path: &Path, limit: u64) -> Result<Text, Box<Refusal>> {
    let is_stdin = path.as_os_str() == "-";
    let name = if is_stdin { "<stdin>".to_owned() } else { path.display().to_string() };
    // Reads one byte beyond the limit, so that a larger file is noticed.
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
    let bytes::Decoded { text, other } = bytes::decode(bytes);
    Ok(Text { name, text, other })
}

impl Refusal {
    /// The arguments are wrong.
    pub fn usage(message: &str) -> Self {
        let finding =
            Diagnostic::error(code::USAGE, Span::default(), message).with_help("see planscope --help");
        *Self::without_text("", finding)
    }

    fn without_text(name: &str, finding: Diagnostic) -> Box<Self> {
        let language = if is_pddl_path(Path::new(name)) { Language::Pddl } else { Language::Goap };
        let sources = SourceMap::new().with(name, String::new());
        let source = Source { sources, language, remarks: Vec::new() };
        Box::new(Self { source, finding, exit: Exit::InputError })
    }

    pub(super) fn unreadable(name: &str, error: &std::io::Error) -> Box<Self> {
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
        if is_check {
            render::print_json(host, &self.check())?;
        } else {
            render::print_json(host, &self.result())?;
        }
        Ok(self.exit)
    }

    /// The refusal in the shape of `plan --json`.
    pub(super) fn result(&self) -> ResultReport {
        ResultReport::refused(self.finding.message.clone(), self.check().diagnostics)
    }

    fn check(&self) -> CheckReport {
        CheckReport::new(std::slice::from_ref(&self.finding), &self.source.report_sources())
    }
}
