//! Checks the texts once they have come to rest, a slice at a time: typing never waits for it.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::Host;
use super::check::{Checked, Stage};
use crate::ground::goap::Check;
use crate::lang::pddl;
use crate::runtime::Slices;
use crate::service::Problem;
use crate::step::{Budget, Progress, Stepper};

/// A text is checked this long after the last key.
const AFTER: Duration = Duration::from_millis(150);
/// While keys come, new errors are held back for this long: what is half typed is no error yet.
const TYPING: Duration = Duration::from_secs(1);
/// Milliseconds of work after which no further slice begins before the page may do something else.
const TASK_MS: f64 = 3.0;
/// Larger texts are checked when they are run, and not with every edit.
const MOST_BYTES: usize = 4 << 20;

/// The checker.
#[derive(Clone, Copy)]
pub struct Checker {
    host: StoredValue<Rc<dyn Host>, LocalStorage>,
    work: StoredValue<Option<(Problem, Reading, Slices)>, LocalStorage>,
    /// Whether the texts came whole, and not from under the keys.
    is_whole: StoredValue<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// What it says.
    pub checked: RwSignal<Arc<Checked>>,
}

/// Text that is being read.
enum Reading {
    Goap(Box<Check>),
    Pddl(Box<pddl::Parse>),
}

impl Checker {
    pub fn new(host: Rc<dyn Host>) -> Self {
        Self {
            host: StoredValue::new_local(host),
            work: StoredValue::new_local(None),
            is_whole: StoredValue::new(true),
            timer: StoredValue::new(None),
            checked: RwSignal::default(),
        }
    }

    /// Checks texts: a moment after the last edit, or at once where they have come whole, for what was
    /// said of the ones before is not of them.
    pub fn check(self, problem: Problem, is_whole: bool) {
        self.rest();
        self.is_whole.set_value(is_whole);
        let bytes: usize = problem.texts().iter().map(|(_, text)| text.len()).sum();
        if problem.is_pddl() && bytes > MOST_BYTES {
            self.checked.set(Arc::new(Checked::not_yet(Stage::Waiting)));
        } else if is_whole {
            self.begin(problem);
            if self.work.with_value(Option::is_some) {
                self.checked.set(Arc::new(Checked::not_yet(Stage::Reading)));
            }
        } else {
            self.timer.set_value(set_timeout_with_handle(move || self.begin(problem), AFTER).ok());
        }
    }

    fn rest(self) {
        self.work.set_value(None);
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
    }

    fn begin(self, problem: Problem) {
        let reading = match &problem {
            Problem::Goap { text } => Reading::Goap(Box::new(Check::new(Arc::clone(text)))),
            Problem::Pddl { domain, problem } => Reading::Pddl(Box::new(if problem.trim().is_empty() {
                pddl::Parse::domain(Arc::clone(domain))
            } else {
                pddl::Parse::new(Arc::clone(domain), Arc::clone(problem))
            })),
        };
        self.work.set_value(Some((problem, reading, Slices::default())));
        self.go_on();
    }

    /// A few slices; the rest follows in tasks of their own.
    fn go_on(self) {
        let done = self.work.try_update_value(|work| {
            let (problem, reading, slices) = work.as_mut()?;
            let now = || self.host.with_value(|host| host.now_ms());
            let (mut before, until) = (now(), now() + TASK_MS);
            while before < until {
                let mut budget = slices.budget();
                if let Some(checked) = reading.step(problem, &mut budget) {
                    *work = None;
                    return Some(checked);
                }
                let after = now();
                slices.adapt(budget, Duration::from_secs_f64((after - before).max(0.0) / 1e3));
                before = after;
            }
            None
        });
        match done {
            Some(Some(checked)) => self.publish(Arc::new(checked)),
            Some(None) => {
                self.timer.set_value(set_timeout_with_handle(move || self.go_on(), Duration::ZERO).ok());
            }
            None => {}
        }
    }

    /// Says at once what is no worse than before; the rest once the keys are at rest.
    fn publish(self, checked: Arc<Checked>) {
        let is_worse = checked.errors() > self.checked.with_untracked(|before| before.errors());
        if !is_worse || self.is_whole.get_value() {
            self.checked.set(checked);
            return;
        }
        let late = set_timeout_with_handle(move || self.checked.set(checked), TYPING);
        self.timer.set_value(late.ok());
    }
}

impl Reading {
    fn step(&mut self, problem: &Problem, budget: &mut Budget) -> Option<Checked> {
        match self {
            Self::Goap(parse) => match parse.step(budget) {
                Progress::Done(parsed) => Some(Checked::goap(problem, parsed)),
                Progress::Pending => None,
            },
            Self::Pddl(parse) => match parse.step(budget) {
                Progress::Done(parsed) => Some(Checked::pddl(problem, parsed)),
                Progress::Pending => None,
            },
        }
    }
}
