//! `check`: what is wrong with a document, as a compiler says it.

use anyhow::Result;

use super::config::CheckConfig;
use super::render::{self, Page};
use super::{Exit, Host};
use crate::diagnostic::Severity;
use crate::lang::goap;
use crate::service::CheckReport;

/// Reports on the document.
///
/// # Errors
/// Where standard output cannot be written.
pub fn run(host: &dyn Host, config: &CheckConfig) -> Result<Exit> {
    let source = match config.input.read(host) {
        Ok(source) => source,
        Err(refusal) => return refusal.print(host, config.json, true),
    };
    let findings = goap::parse(&source.text).diagnostics;
    if config.json {
        render::print_json(host, &CheckReport::new(&findings, &source.text))?;
    } else {
        let page = Page::new(&source.name, &source.text, render::stdout_style(host));
        let mut text: String = findings.iter().map(|finding| page.diagnostic(finding) + "\n").collect();
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        text += &summary(&source.name, count(Severity::Error), count(Severity::Warning));
        host.write_stdout(&text)?;
    }
    let has_errors = findings.iter().any(crate::diagnostic::Diagnostic::is_error);
    Ok(if has_errors { Exit::InputError } else { Exit::Done })
}

fn summary(name: &str, errors: usize, warnings: usize) -> String {
    let plural = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    let found: Vec<_> =
        [plural(errors, "error"), plural(warnings, "warning")].into_iter().flatten().collect();
    let found = if found.is_empty() { "no problems".to_owned() } else { found.join(", ") };
    format!("{}: {found}\n", render::harmless(name))
}
