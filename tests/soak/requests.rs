//! The requests of a soak, and what their answers may be.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::Duration;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use planscope::hash::SplitMix64;
use planscope::plan::{Pattern, PatternKey, Use};
use planscope::search::Outcome;
use planscope::service::{
    Answer, FaultCause, KeptPlans, LayeredPatterns, Limits, Request, Response, Service,
};
use planscope::store::{PatternStore, StoreError};

use crate::support::generators::{classic, switchboard};
use crate::support::served::{blind, greedy};

/// What the panics of the hook say.
pub const PANIC: &str = "the hook of the soak";

/// What is special about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Plain,
    Cancelled,
    Late,
    Malformed,
    Panics,
}

/// A request: of a hundred, ten are cancelled, ten have a deadline of a millisecond, five are malformed, and one
/// panics.
pub fn draw(random: &mut SplitMix64) -> (Kind, Request) {
    let kind = match random.below(100) {
        0..10 => Kind::Cancelled,
        10..20 => Kind::Late,
        20..25 => Kind::Malformed,
        25 => Kind::Panics,
        _ => Kind::Plain,
    };
    let request = match kind {
        Kind::Malformed => broken(random),
        Kind::Panics => panicking(),
        Kind::Late => Request { deadline: Some(Duration::from_millis(1)), ..sound(random) },
        Kind::Plain | Kind::Cancelled => sound(random),
    };
    (kind, Request { priority: random.below(5) as i8 - 2, ..request })
}

/// A document of its own for each number, whose plan has as many steps as `steps`.
fn counting(number: u64, steps: u64) -> String {
    format!(
        r#"{{"format": "planscope-goap/1", "name": "count {number}", "state": {{"n": 0, "m": {number}}},
        "actions": [{{"name": "count", "effects": {{"n": {{"+": 1}}}}}}],
        "goals": [{{"name": "counted", "conditions": {{"n": {{">=": {steps}}}}}}}]}}"#
    )
}

fn sound(random: &mut SplitMix64) -> Request {
    let kept = [KeptPlans::Ignore, KeptPlans::Offer, KeptPlans::Reuse][random.below(3) as usize];
    let request = match random.below(20) {
        0 => blind(&switchboard(1, 6)),
        1..5 => greedy(&classic()),
        _ => {
            let number = random.below(150);
            greedy(&counting(number, 1 + number % 9))
        }
    };
    Request { kept, limits: Limits::default(), ..request }
}

fn broken(random: &mut SplitMix64) -> Request {
    let text = counting(1, 3);
    let cut = random.below(text.len() as u64) as usize;
    greedy(&text[..cut])
}

/// The one document on which the store panics.
fn panicking() -> Request {
    Request { limits: Limits::default(), ..greedy(&counting(1_000_000, 2)) }
}

/// The key under which the plan of that document is kept.
pub async fn first_key(service: &Service, store: &Panicking) -> PatternKey {
    let job = service.submit(panicking()).await;
    assert!(job.finished().await.plan.is_some());
    store.asked.get().unwrap()
}

/// A store that panics when it is asked for one key.
pub struct Panicking {
    patterns: LayeredPatterns,
    asked: Cell<Option<PatternKey>>,
    key: Cell<Option<PatternKey>>,
}

impl Panicking {
    pub fn new(patterns: LayeredPatterns) -> Self {
        Self { patterns, asked: Cell::default(), key: Cell::default() }
    }

    pub fn panic_on(&self, key: PatternKey) {
        self.key.set(Some(key));
    }
}

impl PatternStore for Panicking {
    fn get(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        self.asked.set(Some(key));
        if self.key.get() == Some(key) {
            return async { panic!("{PANIC}") }.boxed_local();
        }
        self.patterns.get(key)
    }

    fn put(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.patterns.put(pattern)
    }

    fn record_use(&self, key: PatternKey, used: Use) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.patterns.record_use(key, used)
    }

    fn remove(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.patterns.remove(key)
    }
}

/// Answers by the kind of the request and of the answer, and live bytes along the way.
#[derive(Debug, Default)]
pub struct Tally {
    answers: BTreeMap<(Kind, &'static str), u64>,
    pub live: Vec<isize>,
}

impl Tally {
    /// Counts an answer, which has to be one that such a request may have.
    pub fn count(&mut self, kind: Kind, response: &Response) {
        let answer = response.answer();
        let is_plain = matches!(answer, Answer::Planned(_) | Answer::NoPlan(Outcome::Unsolvable));
        let is_right = match (kind, &answer) {
            (Kind::Plain, _) => is_plain,
            (Kind::Cancelled, Answer::NoPlan(Outcome::Cancelled)) => true,
            (Kind::Late, Answer::NoPlan(Outcome::TimeLimit)) => true,
            // They may be answered before that.
            (Kind::Cancelled | Kind::Late, _) => is_plain,
            (Kind::Malformed, answer) => matches!(answer, Answer::Invalid(found) if !found.is_empty()),
            (Kind::Panics, Answer::Fault(fault)) => {
                fault.cause == FaultCause::Panicked { message: PANIC.into() }
            }
            (Kind::Panics, _) => false,
        };
        assert!(is_right, "{kind:?}: {answer:?}");
        let name = match answer {
            Answer::Planned(_) => "planned",
            Answer::NoPlan(Outcome::Cancelled) => "cancelled",
            Answer::NoPlan(Outcome::TimeLimit) if response.message.contains("not started") => "not started",
            Answer::NoPlan(Outcome::TimeLimit) => "too late",
            Answer::NoPlan(_) => "no plan",
            Answer::Invalid(_) => "invalid",
            _ => "fault",
        };
        *self.answers.entry((kind, name)).or_default() += 1;
    }

    /// Both together. Live bytes are those of the process: each has seen them.
    pub fn and(mut self, other: Self) -> Self {
        for (answer, count) in other.answers {
            *self.answers.entry(answer).or_default() += count;
        }
        for (one, other) in self.live.iter_mut().zip(other.live) {
            *one = (*one).max(other);
        }
        self
    }

    /// All were answered, all kinds were among them, and memory did not grow.
    pub fn check(&self, requests: u64) {
        assert_eq!(self.answers.values().sum::<u64>(), requests);
        let of = |kind, name| self.answers.get(&(kind, name)).copied().unwrap_or_default();
        let expected = [
            (Kind::Plain, "planned"),
            (Kind::Plain, "no plan"),
            (Kind::Cancelled, "cancelled"),
            (Kind::Cancelled, "planned"),
            (Kind::Late, "not started"),
            (Kind::Malformed, "invalid"),
            (Kind::Panics, "fault"),
        ];
        assert!(expected.iter().all(|(kind, name)| of(*kind, name) > requests / 1_000), "{self:?}");
        let (early, late) = self.live.split_at(self.live.len() / 2);
        let (early, late) = (early.iter().max().unwrap(), late.iter().max().unwrap());
        assert!(late - early < 1 << 20, "{self:?}");
    }
}
