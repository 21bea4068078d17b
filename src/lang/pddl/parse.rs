//! The whole way from texts to model, in steps.

use std::sync::Arc;

use super::check::Check;
use super::codes;
use super::findings::Findings;
use super::model::Model;
use super::syntax::{Lexer, Repair, Tree};
use crate::diagnostic::{Diagnostic, Span};
use crate::step::{Budget, Progress, Stepper, run};

/// Bytes of one file that are read where nothing else is said.
pub const BYTES_MAX: u64 = 16 << 20;

/// Bytes of both files that can be told apart by a token.
const BYTES_CAP: u64 = 1 << 30;

/// Tokens cut, or looked at again, that count as one unit.
const TOKENS_PER_UNIT: usize = 64;

/// Items checked that count as one unit.
const ITEMS_PER_UNIT: usize = 16;

/// The result of reading the texts.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The model; there exactly where both texts were given and no finding is an error.
    pub model: Option<Model>,
    /// Findings by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether texts can be planned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They can.
    Fine,
    /// They have errors.
    Errors,
    /// They are sound, but use what is not supported.
    Unsupported,
}

impl Parsed {
    /// Whether the texts can be planned for. Errors come before what is not supported.
    pub fn verdict(&self) -> Verdict {
        let mut errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).peekable();
        if errors.peek().is_none() {
            Verdict::Fine
        } else if errors.all(|error| codes::is_unsupported(&error.code)) {
            Verdict::Unsupported
        } else {
            Verdict::Errors
        }
    }
}

/// Reads a domain and a problem.
#[derive(Debug)]
pub struct Parse {
    pass: Pass,
    findings: Findings,
}

/// The passes over the texts, from their characters to a model.
#[derive(Debug)]
enum Pass {
    Lex { source: usize, lexer: Lexer, tree: Tree },
    Repair { repair: Repair, tree: Tree },
    Check(Box<Check>),
    Done(Option<Model>),
}

impl Parse {
    /// Reads files of up to [`BYTES_MAX`] bytes.
    pub fn new(domain: Arc<str>, problem: Arc<str>) -> Self {
        Self::with_limit(domain, problem, BYTES_MAX)
    }

    /// Reads files of up to so many bytes each; of up to a gibibyte together in any case.
    pub fn with_limit(domain: Arc<str>, problem: Arc<str>, bytes_max: u64) -> Self {
        Self::of(vec![domain, problem], bytes_max)
    }

    /// Reads a domain alone: there are findings, but no model.
    pub fn domain(domain: Arc<str>) -> Self {
        Self::domain_with_limit(domain, BYTES_MAX)
    }

    /// The same for a domain of up to so many bytes.
    pub fn domain_with_limit(domain: Arc<str>, bytes_max: u64) -> Self {
        Self::of(vec![domain], bytes_max)
    }

    fn of(texts: Vec<Arc<str>>, bytes_max: u64) -> Self {
        let mut findings = Findings::default();
        let mut start = 0;
        for text in &texts {
            let limit = bytes_max.min(BYTES_CAP / texts.len() as u64);
            if text.len() as u64 > limit {
                findings.push(too_large(text, start, limit));
            }
            start += text.len() + 1;
        }
        if findings.has_errors() {
            return Self { pass: Pass::Done(None), findings };
        }
        let tree = Tree::new(texts);
        let lexer = Lexer::new(&tree, 0);
        Self { pass: Pass::Lex { source: 0, lexer, tree }, findings }
    }

    /// One unit of work; whether it ended a pass.
    fn work(&mut self) -> bool {
        let findings = &mut self.findings;
        match &mut self.pass {
            Pass::Lex { lexer, tree, .. } => (0..TOKENS_PER_UNIT).any(|_| !lexer.advance(tree, findings)),
            Pass::Repair { repair, tree, .. } => {
                (0..TOKENS_PER_UNIT).any(|_| !repair.advance(tree, findings))
            }
            Pass::Check(check) => (0..ITEMS_PER_UNIT).any(|_| !check.advance()),
            Pass::Done(_) => false,
        }
    }

    fn next_pass(&mut self) {
        let findings = &mut self.findings;
        self.pass = match std::mem::replace(&mut self.pass, Pass::Done(None)) {
            Pass::Lex { source, lexer, mut tree } => match lexer.into_unmatched(&mut tree, findings) {
                Some(unmatched) => Pass::Repair { repair: Repair::new(unmatched, &tree), tree },
                None => after(source, tree, findings),
            },
            Pass::Repair { repair, mut tree } => {
                let source = repair.finish(&mut tree, findings);
                after(source, tree, findings)
            }
            Pass::Check(check) => {
                let (model, all) = check.finish();
                *findings = all;
                Pass::Done(model)
            }
            done @ Pass::Done(_) => done,
        };
    }
}

/// The next text, or what comes behind the last.
fn after(source: usize, tree: Tree, findings: &mut Findings) -> Pass {
    let next = source + 1;
    if next < tree.sources.len() {
        let lexer = Lexer::new(&tree, next);
        return Pass::Lex { source: next, lexer, tree };
    }
    Pass::Check(Box::new(Check::new(tree, std::mem::take(findings))))
}

impl Stepper for Parse {
    type Output = Parsed;

    fn step(&mut self, budget: &mut Budget) -> Progress<Parsed> {
        while !budget.is_spent() {
            if let Pass::Done(model) = &mut self.pass {
                let model = model.take();
                let diagnostics = std::mem::take(&mut self.findings).into_sorted();
                return Progress::Done(Parsed { model, diagnostics });
            }
            budget.spend(1);
            if self.work() {
                self.next_pass();
            }
            if let Pass::Check(check) = &mut self.pass {
                budget.spend((check.extra_items() / ITEMS_PER_UNIT) as u64);
            }
        }
        Progress::Pending
    }

    fn memory_bytes(&self) -> u64 {
        let bytes = match &self.pass {
            Pass::Lex { tree, .. } => tree.memory_bytes(),
            Pass::Repair { repair, tree } => tree.memory_bytes() + repair.memory_bytes(),
            Pass::Check(check) => check.memory_bytes(),
            Pass::Done(_) => 0,
        };
        bytes as u64
    }
}

/// Reads a domain and a problem in one go.
pub fn parse(domain: &str, problem: &str) -> Parsed {
    run(Parse::new(domain.into(), problem.into()))
}

/// Reads a domain alone in one go: there are findings, but no model.
pub fn parse_domain(domain: &str) -> Parsed {
    run(Parse::domain(domain.into()))
}

fn too_large(text: &str, start: usize, limit: u64) -> Diagnostic {
    let mut end = limit as usize;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let message = format!("the file has {} bytes, and {limit} are the limit", text.len());
    Diagnostic::error(codes::FILE_TOO_LARGE, Span::new(start + end, start + text.len()), message)
        .with_help("split the problem; the command line takes a larger limit")
}
