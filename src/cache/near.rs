//! Plans by domain and by what they were found for, to be looked up by similarity.
//!
//! The index is in memory, bounded, and shared between threads. Within a domain the oldest plans go first; the domain
//! that was used least recently goes first of all.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;

use super::{CacheCounters, CacheLimits};
use crate::hash::ContentHash;
use crate::plan::{Pattern, Signature};

/// Plans that are kept of one domain. All of them are compared at a lookup.
const PLANS_PER_DOMAIN: usize = 64;
/// The limits used by default. Items are domains; a signature counts as 512 bytes.
pub const DEFAULT_LIMITS: CacheLimits = CacheLimits { items: 64, bytes: 8 << 20 };
const SIGNATURE_BYTES: u64 = 512;

/// A plan that was found for a similar problem.
#[derive(Clone, Debug, PartialEq)]
pub struct NearPlan {
    /// The plan, and who found it.
    pub pattern: Arc<Pattern>,
    /// The estimated share of facts and goals that both problems have, from 0 to 1.
    pub similarity: f64,
}

/// An index of plans by similarity; clones share it.
#[derive(Clone)]
pub struct NearPlans {
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    limits: CacheLimits,
    domains: LruCache<ContentHash, VecDeque<Kept>>,
    /// Of all plans; how many there are is not among them.
    counters: CacheCounters,
}

struct Kept {
    signature: Signature,
    pattern: Arc<Pattern>,
    bytes: u64,
}

impl NearPlans {
    /// An empty index.
    pub fn new(limits: CacheLimits) -> Self {
        let shared = Shared { limits, domains: LruCache::unbounded(), counters: CacheCounters::default() };
        Self { shared: Arc::new(Mutex::new(shared)) }
    }

    /// The plan whose problem is the most similar one, the latest of equals; `None` where none has the least
    /// similarity. O(plans of the domain).
    pub fn find(&self, domain: &ContentHash, signature: &Signature, least: f64) -> Option<NearPlan> {
        let shared = &mut *self.lock();
        let plans = shared.domains.get(domain).into_iter().flatten();
        let compared = plans.map(|kept| (signature.similarity(&kept.signature), &kept.pattern));
        let nearest = compared.max_by(|one, two| one.0.total_cmp(&two.0));
        let near = nearest.filter(|(similarity, _)| *similarity >= least);
        let counter = if near.is_some() { &mut shared.counters.hits } else { &mut shared.counters.misses };
        *counter += 1;
        near.map(|(similarity, pattern)| NearPlan { pattern: Arc::clone(pattern), similarity })
    }

    /// Keeps a plan, in place of one with an equal signature. A plan that is larger than the whole index is not
    /// kept. O(plans of the domain), not counting those that are dropped.
    pub fn keep(&self, domain: ContentHash, signature: Signature, pattern: Arc<Pattern>) {
        let bytes = pattern.memory_bytes() + SIGNATURE_BYTES;
        let shared = &mut *self.lock();
        if bytes > shared.limits.bytes {
            shared.counters.refused += 1;
            return;
        }
        let plans = shared.domains.get_or_insert_mut(domain, VecDeque::new);
        let known = plans.iter().position(|kept| kept.signature == signature);
        let replaced = known.and_then(|at| plans.remove(at));
        plans.push_back(Kept { signature, pattern, bytes });
        let oldest = (plans.len() > PLANS_PER_DOMAIN).then(|| plans.pop_front()).flatten();
        let counters = &mut shared.counters;
        counters.bytes += bytes;
        counters.bytes -= replaced.map_or(0, |kept| kept.bytes);
        counters.evict(oldest);
        shared.trim();
    }

    /// What it has done. Items are plans.
    pub fn counters(&self) -> CacheCounters {
        let items = self.len() as u64;
        CacheCounters { items, ..self.lock().counters }
    }

    /// What it may hold. Items are domains.
    pub fn limits(&self) -> CacheLimits {
        self.lock().limits
    }

    /// How many plans there are.
    pub fn len(&self) -> usize {
        self.lock().domains.iter().map(|(_, plans)| plans.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        // Nothing of a caller's runs under the lock, so a poisoned lock is still consistent.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Drops the domains that were used least recently until the limits hold; of the last domain, the oldest plans.
    fn trim(&mut self) {
        while self.domains.len() > self.limits.items.max(1) || self.counters.bytes > self.limits.bytes {
            let gone = if self.domains.len() > 1 {
                self.domains.pop_lru().map(|(_, plans)| plans).unwrap_or_default()
            } else {
                let last = self.domains.iter_mut().next();
                last.and_then(|(_, plans)| plans.pop_front()).into_iter().collect()
            };
            self.counters.evict(gone);
        }
    }
}

impl CacheCounters {
    /// Plans were forgotten to make room.
    fn evict(&mut self, gone: impl IntoIterator<Item = Kept>) {
        for kept in gone {
            self.bytes -= kept.bytes;
            self.evicted_items += 1;
            self.evicted_bytes += kept.bytes;
        }
    }
}

impl Default for NearPlans {
    fn default() -> Self {
        Self::new(DEFAULT_LIMITS)
    }
}

impl fmt::Debug for NearPlans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NearPlans").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::patterns::laws::pattern;
    use super::*;
    use crate::hash;

    fn signature(numbers: impl Iterator<Item = u64>) -> Signature {
        Signature::new(numbers.map(|number| hash::words(&[number])))
    }

    fn plan(name: &str) -> Arc<Pattern> {
        Arc::new(pattern(name))
    }

    fn found(near: &NearPlans, domain: &ContentHash, signature: &Signature, least: f64) -> Option<String> {
        near.find(domain, signature, least).map(|near| near.pattern.goal.clone())
    }

    #[test]
    fn the_plan_of_the_most_similar_problem_is_found_and_none_below_the_least_similarity() {
        let (near, domain) = (NearPlans::default(), hash::content(b"domain"));
        near.keep(domain, signature(0..100), plan("a"));
        near.keep(domain, signature(50..150), plan("b"));
        assert_eq!(found(&near, &domain, &signature(2..102), 0.5).as_deref(), Some("a"));
        assert_eq!(found(&near, &domain, &signature(48..148), 0.5).as_deref(), Some("b"));
        assert_eq!(found(&near, &domain, &signature(500..600), 0.5), None);
        assert_eq!(found(&near, &hash::content(b"other"), &signature(0..100), 0.0), None);
    }

    #[test]
    fn a_plan_for_the_same_problem_takes_the_place_of_the_one_before() {
        let (near, domain) = (NearPlans::default(), hash::content(b"domain"));
        near.keep(domain, signature(0..10), plan("first"));
        near.keep(domain, signature(0..10), plan("second"));
        assert_eq!(near.len(), 1);
        assert_eq!(found(&near, &domain, &signature(0..10), 1.0).as_deref(), Some("second"));
    }

    #[test]
    fn plans_of_a_domain_domains_and_bytes_are_bounded() {
        let near = NearPlans::new(CacheLimits { items: 16, bytes: 200_000 });
        for number in 0..100 {
            near.keep(hash::content(b"one"), signature(number * 100..number * 100 + 50), plan("x"));
        }
        assert_eq!(near.len(), PLANS_PER_DOMAIN);
        for domain in 0..100_u64 {
            near.keep(hash::content(&domain.to_le_bytes()), signature(0..10), plan("x"));
        }
        assert_eq!(near.len(), 16);
        let long = hash::content(b"long");
        for number in 0..40 {
            near.keep(long, signature(number * 100..number * 100 + 50), plan(&"x".repeat(20_000)));
        }
        assert!(near.counters().bytes <= 200_000 && (2..=10).contains(&near.len()), "{}", near.len());
        near.keep(long, signature(7..9), plan(&"x".repeat(200_000)));
        assert_eq!(found(&near, &long, &signature(7..9), 0.9), None);
    }
}
