//! The whole way from text to model, in steps.

use std::sync::Arc;

use super::check::Check;
use super::codes;
use super::findings::Findings;
use super::model::Model;
use super::syntax::{Lexer, MAX_BYTES, Parser, Token, TokenKind, Tree};
use crate::diagnostic::{Diagnostic, Span};
use crate::step::{Budget, Progress, Stepper, run};

/// Tokens, or pieces of checking, that count as one unit.
const PIECES_PER_UNIT: usize = 50;

/// What reading a text came to.
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
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Lex(Lexer, Vec<Token>),
    Tree(Parser),
    Check(Box<Check>),
    Done(Option<Model>),
}

impl Parse {
    /// Reads `source`.
    pub fn new(source: impl Into<Arc<str>>) -> Self {
        let source = source.into();
        let mut findings = Findings::default();
        let stage = if source.len() > MAX_BYTES {
            findings.push(too_large(&source));
            Stage::Done(None)
        } else {
            Stage::Lex(Lexer::new(source.clone()), Vec::new())
        };
        Self { source, findings, stage }
    }

    /// One piece of work; what comes next where the stage is over.
    fn advance(&mut self) -> Option<Stage> {
        match &mut self.stage {
            Stage::Lex(lexer, tokens) => {
                let token = lexer.next(&mut self.findings);
                tokens.push(token);
                let over = token.kind == TokenKind::End;
                over.then(|| Stage::Tree(Parser::new(self.source.clone(), std::mem::take(tokens))))
            }
            Stage::Tree(parser) => {
                if parser.advance(&mut self.findings) {
                    return None;
                }
                let empty = Parser::new(self.source.clone(), Vec::new());
                let tree = std::mem::replace(parser, empty).into_tree();
                Some(Self::after_tree(tree))
            }
            Stage::Check(check) => {
                if check.advance(&mut self.findings) {
                    return None;
                }
                let tree = Parser::new(self.source.clone(), Vec::new()).into_tree();
                let check = std::mem::replace(&mut **check, Check::new(tree));
                Some(Stage::Done(check.into_model(&self.findings)))
            }
            Stage::Done(_) => None,
        }
    }

    fn after_tree(tree: Tree) -> Stage {
        if tree.brackets_match && tree.root.is_some() {
            Stage::Check(Box::new(Check::new(tree)))
        } else {
            Stage::Done(None)
        }
    }
}

impl Stepper for Parse {
    type Output = Parsed;

    fn step(&mut self, budget: &mut Budget) -> Progress<Parsed> {
        while !budget.is_spent() {
            for _ in 0..PIECES_PER_UNIT {
                if let Stage::Done(model) = &mut self.stage {
                    let model = model.take();
                    let diagnostics = std::mem::take(&mut self.findings).into_sorted();
                    return Progress::Done(Parsed { model, diagnostics });
                }
                if let Some(next) = self.advance() {
                    self.stage = next;
                }
            }
            budget.spend(1);
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
