//! `check`: what is wrong with a document, as a compiler says it.

use std::sync::Arc;

use anyhow::Result;

use super::config::CheckConfig;
use super::input::Language;
use super::render::{self, Page};
use super::{Exit, Host};
use crate::diagnostic::{Diagnostic, Severity};
use crate::ground;
use crate::lang::pddl;
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
    let text = |index: usize| &*source.sources.files()[index].text;
    let (findings, is_unsupported) = match (source.language, source.sources.files().len()) {
        (Language::Goap, _) => (ground::goap::check(text(0)).diagnostics, false),
        (Language::Pddl, 1) => pddl_findings(pddl::parse_domain(text(0))),
        (Language::Pddl, _) => {
            let limit = config.input.pddl_bytes_max();
            let (domain, problem) = (&source.sources.files()[0].text, &source.sources.files()[1].text);
            let parse = pddl::Parse::with_limit(Arc::clone(domain), Arc::clone(problem), limit);
            pddl_findings(crate::step::run(parse))
        }
    };
    let findings = source.with_remarks(&findings);
    if config.json {
        render::print_json(host, &CheckReport::new(&findings, &source.report_sources()))?;
    } else {
        let page = Page::new(&source.sources, render::stdout_style(host));
        let mut text: String = findings.iter().map(|finding| page.diagnostic(finding) + "\n").collect();
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        let names: Vec<_> = source.sources.files().iter().map(|file| file.name.as_str()).collect();
        text += &summary(&names.join(", "), count(Severity::Error), count(Severity::Warning));
        host.write_stdout(&text)?;
    }
    let has_errors = findings.iter().any(Diagnostic::is_error);
    Ok(match (is_unsupported, has_errors) {
        (true, _) => Exit::Unsupported,
        (false, true) => Exit::InputError,
        (false, false) => Exit::Done,
    })
}

fn pddl_findings(parsed: pddl::Parsed) -> (Vec<Diagnostic>, bool) {
    let is_unsupported = parsed.verdict() == pddl::Verdict::Unsupported;
    (parsed.diagnostics, is_unsupported)
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
