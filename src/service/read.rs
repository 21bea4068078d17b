//! Problems that were read and checked: a text that comes again is not read again.

use std::sync::Arc;

use super::keys::Keys;
use super::request::Problem;
use super::subject::Model;
use crate::cache::{CacheLimits, TaskCache};
use crate::diagnostic::Diagnostic;
use crate::hash::{self, ContentHash};

/// What is kept at most: the texts of a server's clients, not those of the world.
const LIMITS: CacheLimits = CacheLimits { items: 256, bytes: 32 << 20 };

/// Bytes that a model and its findings take for each byte of its text, roughly and rather too many.
const BYTES_PER_BYTE: u64 = 16;

/// Problems that were read. Clones share them, between threads too.
#[derive(Clone, Debug)]
pub struct ReadProblems(TaskCache<ContentHash, Read>);

/// The result of reading a problem.
#[derive(Clone, Debug)]
pub(super) struct Read {
    /// The texts themselves: texts of equal hashes need not be equal.
    problem: Problem,
    pub(super) model: Option<Model>,
    pub(super) keys: Arc<Keys>,
    pub(super) diagnostics: Arc<[Diagnostic]>,
    pub(super) is_unsupported: bool,
}

impl Default for ReadProblems {
    fn default() -> Self {
        Self(TaskCache::new(LIMITS))
    }
}

impl ReadProblems {
    /// What was read of exactly these texts.
    pub(super) fn find(&self, problem: &Problem) -> Option<Read> {
        self.0.find(&key(problem)).filter(|read| read.problem == *problem)
    }

    /// Keeps what was read of these texts; answers where their keys are kept.
    pub(super) fn keep(
        &self,
        problem: &Problem,
        model: Option<&Model>,
        diagnostics: &[Diagnostic],
        is_unsupported: bool,
    ) -> Arc<Keys> {
        let bytes: u64 = problem.texts().iter().map(|(_, text)| text.len() as u64).sum();
        let (problem, model) = (problem.clone(), model.cloned());
        let keys = Arc::<Keys>::default();
        let read =
            Read { model, keys: Arc::clone(&keys), diagnostics: diagnostics.into(), is_unsupported, problem };
        self.0.keep(&key(&read.problem), &read, bytes.saturating_mul(BYTES_PER_BYTE) + 1_024);
        keys
    }
}

fn key(problem: &Problem) -> ContentHash {
    match problem {
        Problem::Goap { text } => hash::content(text.as_bytes()),
        Problem::Pddl { domain, problem } => {
            let length = (domain.len() as u64).to_le_bytes();
            hash::content(&[&length[..], domain.as_bytes(), problem.as_bytes()].concat())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goap(text: &str) -> Problem {
        Problem::Goap { text: text.into() }
    }

    #[test]
    fn only_what_was_read_of_exactly_these_texts_is_found() {
        let kept = ReadProblems::default();
        kept.keep(
            &goap("{}"),
            None,
            &[Diagnostic::error("GP001", crate::diagnostic::Span::new(0, 1), "no")],
            false,
        );
        assert_eq!(kept.find(&goap("{}")).unwrap().diagnostics.len(), 1);
        assert!(kept.find(&goap("{ }")).is_none());
        // The same bytes, cut elsewhere.
        let pddl =
            |domain: &str, problem: &str| Problem::Pddl { domain: domain.into(), problem: problem.into() };
        kept.keep(&pddl("ab", "c"), None, &[], true);
        assert!(kept.find(&pddl("ab", "c")).unwrap().is_unsupported);
        assert!(kept.find(&pddl("a", "bc")).is_none());
    }

    #[test]
    fn a_text_that_would_take_all_the_room_is_not_kept() {
        let kept = ReadProblems::default();
        let large = goap(&" ".repeat(3 << 20));
        kept.keep(&large, None, &[], false);
        assert!(kept.find(&large).is_none());
    }
}
