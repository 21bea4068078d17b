//! The whole way from text to model, in steps.

use std::sync::Arc;

use super::check::Check;
use super::codes;
use super::findings::Findings;
use super::model::Model;
use super::reach::{Reach, Warn};
use super::syntax::{Lexer, MAX_BYTES, Parser, Token, TokenKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::step::{Budget, Progress, Stepper, run};

/// Tokens, cut or put into the tree, that count as one unit.
const TOKENS_PER_UNIT: usize = 50;

/// Variables, actions, goals or bindings checked that count as one unit.
const CHECKS_PER_UNIT: usize = 5;

/// The result of reading a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The model; there exactly where no finding is an error.
    pub model: Option<Model>,
    /// Findings by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads one document.
#[derive(Debug)]
pub struct Parse {
    source: Arc<str>,
    findings: Findings,
    pass: Pass,
}

/// The passes over a text, from its characters to a model.
#[derive(Debug)]
enum Pass {
    Lex(Lexer, Vec<Token>),
    Tree(Parser),
    Check(Box<Check>),
    Reach(Arc<Model>, Box<Reach>),
    Warn(Arc<Model>, Box<Warn>),
    Done(Option<Model>),
}

impl Parse {
    /// Reads `source`.
    pub fn new(source: impl Into<Arc<str>>) -> Self {
        let source = source.into();
        let mut findings = Findings::default();
        let pass = if source.len() > MAX_BYTES {
            findings.push(too_large(&source));
            Pass::Done(None)
        } else {
            Pass::Lex(Lexer::new(source.clone()), Vec::new())
        };
        Self { source, findings, pass }
    }

    /// One unit of work.
    fn work(&mut self, budget: &mut Budget) {
        if let Pass::Reach(model, reach) = &mut self.pass {
            if let Progress::Done(reached) = reach.step(budget) {
                self.pass = Pass::Warn(model.clone(), Box::new(Warn::new(model, reached)));
            }
            return;
        }
        budget.spend(1);
        let pieces = match &self.pass {
            Pass::Lex(..) | Pass::Tree(_) => TOKENS_PER_UNIT,
            _ => CHECKS_PER_UNIT,
        };
        for _ in 0..pieces {
            let more = match &mut self.pass {
                Pass::Lex(lexer, tokens) => {
                    tokens.push(lexer.next(&mut self.findings));
                    tokens.last().is_some_and(|token| token.kind != TokenKind::End)
                }
                Pass::Tree(parser) => parser.advance(&mut self.findings),
                Pass::Check(check) => check.advance(&mut self.findings),
                Pass::Warn(model, warn) => warn.advance(model, &mut self.findings),
                Pass::Reach(..) | Pass::Done(_) => return,
            };
            if !more {
                self.next_pass();
                return;
            }
        }
    }

    fn next_pass(&mut self) {
        self.pass = match std::mem::replace(&mut self.pass, Pass::Done(None)) {
            Pass::Lex(_, tokens) => Pass::Tree(Parser::new(self.source.clone(), tokens)),
            Pass::Tree(parser) => {
                let tree = parser.into_tree();
                let sound = tree.brackets_match && tree.root.is_some();
                if sound { Pass::Check(Box::new(Check::new(tree))) } else { Pass::Done(None) }
            }
            Pass::Check(check) => match check.into_model(&self.findings).map(Arc::new) {
                Some(model) => Pass::Reach(model.clone(), Box::new(Reach::new(model))),
                None => Pass::Done(None),
            },
            Pass::Warn(model, warn) => {
                // It shares the model.
                drop(warn);
                Pass::Done(Some(Arc::unwrap_or_clone(model)))
            }
            pass => pass,
        };
    }
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
            self.work(budget);
        }
        Progress::Pending
    }
}

/// Reads `text` in one go.
pub fn parse(text: &str) -> Parsed {
    run(Parse::new(text))
}

fn too_large(source: &str) -> Diagnostic {
    let mut limit = MAX_BYTES;
    while !source.is_char_boundary(limit) {
        limit -= 1;
    }
    let message = format!("the document has {} bytes, and {MAX_BYTES} are the limit", source.len());
    Diagnostic::error(codes::FILE_TOO_LARGE, Span::new(limit, source.len()), message)
        .with_help("use parameters instead of writing every instance out, or split the document")
}
