//! Looking up kept plans in memory.

use std::hint::black_box;
use std::rc::Rc;

use futures::FutureExt;
use futures::future::{LocalBoxFuture, ready};

use super::figures::quantile;
use super::lab::Lab;
use super::problems::{key, patterns};
use super::rounds::{Round, Rounds};
use crate::cache::PatternCache;
use crate::plan::{Pattern, PatternKey};
use crate::runtime::Clock;

/// Plans that are kept.
const KEPT: u64 = 1_000;

/// Lookups one after the other, all of them of kept plans or none.
struct LookUps {
    clock: Rc<dyn Clock>,
    cache: Rc<dyn PatternCache>,
    keys: Vec<PatternKey>,
    is_kept: bool,
}

/// Lookups on several threads, each of them timed.
struct OnThreads<'a> {
    lab: &'a dyn Lab,
    patterns: Vec<Pattern>,
    threads: usize,
}

/// Lookups of plans that are kept, or of others.
pub(super) fn look_up(lab: &dyn Lab, is_kept: bool) -> Result<Box<dyn Rounds>, String> {
    let cache = lab.patterns();
    for pattern in patterns(KEPT)? {
        cache.put(pattern);
    }
    let first = if is_kept { 0 } else { KEPT };
    // In an order that no processor foresees.
    let keys = (0..KEPT).map(|at| key(first + at * 617 % KEPT)).collect();
    Ok(Box::new(LookUps { clock: lab.pacing().clock, cache, keys, is_kept }))
}

/// Lookups on so many threads; `None` where there are none.
pub(super) fn on_threads(lab: &dyn Lab, threads: usize) -> Result<Option<Box<dyn Rounds + '_>>, String> {
    let patterns = patterns(KEPT)?;
    let is_possible = lab.lookups(&patterns[..1], 1, 1).is_some();
    Ok(is_possible.then(|| Box::new(OnThreads { lab, patterns, threads }) as Box<dyn Rounds>))
}

impl Rounds for LookUps {
    fn round(&mut self, repetitions: u64) -> LocalBoxFuture<'_, Result<Round, String>> {
        let begun = self.clock.now();
        let mut found = 0;
        for key in self.keys.iter().cycle().take(repetitions as usize) {
            found += u64::from(black_box(self.cache.get(black_box(key))).is_some());
        }
        let took = self.clock.now().saturating_sub(begun);
        let is_right = found == if self.is_kept { repetitions } else { 0 };
        let round = Round::of(took, repetitions);
        ready(if is_right { Ok(round) } else { Err("a kept plan was not found".to_owned()) }).boxed_local()
    }
}

impl Rounds for OnThreads<'_> {
    fn round(&mut self, repetitions: u64) -> LocalBoxFuture<'_, Result<Round, String>> {
        let times = self.lab.lookups(&self.patterns, self.threads, repetitions as usize);
        ready(times.ok_or_else(|| "a thread ended".to_owned()).map(|times| {
            let mut seconds: Vec<f64> = times.iter().map(std::time::Duration::as_secs_f64).collect();
            seconds.sort_by(f64::total_cmp);
            Round { figure: quantile(&seconds, 0.99), took: times.iter().sum() }
        }))
        .boxed_local()
    }
}
