//! A run whose document has moved on: what has changed since.

use std::sync::Arc;

use leptos::prelude::With;

use super::runner::Run;
use super::shelf::Shelf;
use crate::service::{Problem, Settings};
use crate::view::words;

/// What has changed since a run began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outdated {
    /// The first line that differs, in words, for each text that differs.
    pub texts: Vec<String>,
    /// The engine of the run, where another one is chosen now.
    pub engine: Option<String>,
    /// Whether other goals are chosen now.
    pub goals: bool,
}

impl Outdated {
    /// Compares a run with the document as it is now; `None` where it is the same.
    pub fn of(shelf: Shelf, run: &Run) -> Option<Self> {
        let texts = shelf.problem.with(|now| changed_texts(&run.problem, now));
        let (engine, goals) = shelf.settings.with(|now: &Settings| {
            let engine = (now.engine != run.asked.engine).then(|| words::engine(&run.settings.engine));
            (engine, now.goals != run.asked.goals)
        });
        let changed = Self { texts, engine, goals };
        (changed != Self::default()).then_some(changed)
    }

    /// Whether a text differs.
    pub fn is_of_other_text(&self) -> bool {
        !self.texts.is_empty()
    }

    /// What is to be said over a result that is old.
    pub fn sentence(&self, is_running: bool) -> String {
        let mut changed = self.texts.clone();
        if let Some(engine) = &self.engine {
            changed.push(format!("the engine (this is {engine})"));
        }
        if self.goals {
            changed.push("the choice of goals".into());
        }
        let what = if is_running { "This search" } else { "This result" };
        format!("{what} is of an earlier state of the document. Changed since: {}.", changed.join(", "))
    }
}

/// Whether a run was of exactly these texts. Large texts are compared only where they are not one and the same.
pub fn is_of(run: &Run, now: &Problem) -> bool {
    are_same(&run.problem, now)
}

fn are_same(then: &Problem, now: &Problem) -> bool {
    let (then, now) = (then.texts(), now.texts());
    let mut pairs = then.iter().zip(&now).map(|(then, now)| (then.1, now.1));
    then.len() == now.len() && pairs.all(|(then, now)| Arc::ptr_eq(then, now) || then == now)
}

fn changed_texts(then: &Problem, now: &Problem) -> Vec<String> {
    if are_same(then, now) {
        return Vec::new();
    }
    let (then, now) = (then.texts(), now.texts());
    if then.len() != now.len() {
        return vec!["the language".into()];
    }
    let pairs = then.iter().zip(&now).filter(|(then, now)| then.1 != now.1);
    let single = then.len() == 1;
    pairs
        .map(|(then, now)| {
            let name = if single { "the text" } else { then.0 };
            format!("{name}, from line {} on", first_difference(then.1, now.1))
        })
        .collect()
}

/// The first line, from 1, that is not the same.
fn first_difference(then: &str, now: &str) -> usize {
    then.lines().zip(now.lines()).take_while(|(then, now)| then == now).count() + 1
}
