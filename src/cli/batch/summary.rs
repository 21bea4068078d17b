//! What a batch came to: counts by outcome, and the exit code.

use std::fmt::Write;

use crate::cli::Exit;
use crate::search::Outcome;

/// Answers by how they ended; `None` is one whose input is at fault.
#[derive(Clone, Debug, Default)]
pub struct Counts(Vec<(Option<Outcome>, u64)>);

impl Counts {
    /// One more.
    pub fn add(&mut self, outcome: Option<Outcome>) {
        match self.0.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, count)) => *count += 1,
            None => self.0.push((outcome, 1)),
        }
    }

    /// Those that ended so.
    pub fn of(&self, outcome: Option<Outcome>) -> u64 {
        self.0.iter().find(|(known, _)| *known == outcome).map_or(0, |(_, count)| *count)
    }

    /// All of them.
    pub fn sum(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}

/// What a run has done, and what it found.
#[derive(Debug, Default)]
pub struct Summary {
    /// The answers that were there.
    pub before: Counts,
    /// The answers that were written.
    pub written: Counts,
    /// Whether somebody pressed Ctrl-C.
    pub is_interrupted: bool,
}

impl Summary {
    /// How the process ends, by all answers of the output. An outcome without a plan is an answer like another.
    pub fn exit(&self) -> Exit {
        let has = |outcome| self.before.of(outcome) + self.written.of(outcome) > 0;
        if self.is_interrupted {
            Exit::Cancelled
        } else if has(Some(Outcome::Fault)) {
            Exit::Fault
        } else if has(None) {
            Exit::InputError
        } else {
            Exit::Done
        }
    }

    /// One line about all of it.
    pub fn text(&self, can_resume: bool) -> String {
        let mut text = format!("{} answered", self.written.sum());
        let order = [
            (Some(Outcome::Solved), "with a plan"),
            (Some(Outcome::Unsolvable), "proven unsolvable"),
            (Some(Outcome::Exhausted), "exhausted"),
            (Some(Outcome::TimeLimit), "at the time limit"),
            (Some(Outcome::MemoryLimit), "at the memory limit"),
            (Some(Outcome::NegativeCost), "at a step of negative cost"),
            (Some(Outcome::Cancelled), "cancelled"),
            (Some(Outcome::Fault), "ended by a fault of the planner"),
            (None, "with errors in their input"),
        ];
        let mut sign = ": ";
        for (outcome, words) in order {
            let count = self.written.of(outcome);
            if count > 0 {
                let _ = write!(text, "{sign}{count} {words}");
                sign = ", ";
            }
        }
        let before = self.before.sum();
        if before > 0 {
            let _ = write!(text, "; {before} were there");
        }
        text.push('\n');
        if self.is_interrupted {
            text += if can_resume { "interrupted; --resume goes on\n" } else { "interrupted\n" };
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_by_the_gravest_of_its_answers() {
        let mut summary = Summary::default();
        summary.written.add(Some(Outcome::Solved));
        summary.written.add(Some(Outcome::TimeLimit));
        assert_eq!(summary.exit(), Exit::Done);
        summary.before.add(None);
        assert_eq!(summary.exit(), Exit::InputError);
        summary.written.add(Some(Outcome::Fault));
        assert_eq!(summary.exit(), Exit::Fault);
        summary.is_interrupted = true;
        assert_eq!(summary.exit(), Exit::Cancelled);
    }

    #[test]
    fn its_text_names_what_there_is() {
        let mut summary = Summary::default();
        (0..7).for_each(|_| summary.before.add(Some(Outcome::Solved)));
        summary.written.add(Some(Outcome::Solved));
        summary.written.add(Some(Outcome::Solved));
        summary.written.add(None);
        assert_eq!(
            summary.text(true),
            "3 answered: 2 with a plan, 1 with errors in their input; 7 were there\n"
        );
    }
}
