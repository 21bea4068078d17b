//! Plans by domain and by what they were found for, to be looked up by similarity.
//!
//! The index is in memory, bounded, and shared between threads. Within a domain the oldest plans go first; the domain
//! that was used least recently goes first of all.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;

use crate::hash::ContentHash;
use crate::lang::plan::Step;
use crate::plan::Signature;

/// Plans that are kept of one domain. All of them are compared at a lookup.
const PLANS_PER_DOMAIN: usize = 64;
/// Domains with kept plans.
const DOMAINS: usize = 64;
/// Steps of all plans of the index together, about 100 bytes each.
const STEPS: usize = 100_000;

/// A plan that was found for a similar problem.
#[derive(Clone, Debug, PartialEq)]
pub struct NearPlan {
    /// Its steps.
    pub steps: Arc<[Step]>,
    /// The estimated share of facts and goals that both problems have, from 0 to 1.
    pub similarity: f64,
}

/// An index of plans by similarity; clones share it.
#[derive(Clone)]
pub struct NearPlans {
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    domains: LruCache<ContentHash, VecDeque<(Signature, Arc<[Step]>)>>,
    steps: usize,
}

impl NearPlans {
    /// The plan whose problem is the most similar one, of the latest of equals; `None` where none has the least
    /// similarity. O(plans of the domain).
    pub fn find(&self, domain: &ContentHash, signature: &Signature, least: f64) -> Option<NearPlan> {
        let mut shared = self.lock();
        let plans = shared.domains.get(domain)?;
        let compared = plans.iter().map(|(known, steps)| (signature.similarity(known), steps));
        let (similarity, steps) = compared.max_by(|one, two| one.0.total_cmp(&two.0))?;
        (similarity >= least).then(|| NearPlan { steps: Arc::clone(steps), similarity })
    }

    /// Keeps a plan, in place of one with an equal signature. A plan that is longer than the whole index is not
    /// kept. O(plans of the domain), not counting those that are dropped.
    pub fn keep(&self, domain: ContentHash, signature: Signature, steps: &[Step]) {
        if steps.len() > STEPS {
            return;
        }
        let shared = &mut *self.lock();
        let plans = shared.domains.get_or_insert_mut(domain, VecDeque::new);
        let replaced =
            plans.iter().position(|(known, _)| *known == signature).and_then(|at| plans.remove(at));
        plans.push_back((signature, steps.into()));
        let full = (plans.len() > PLANS_PER_DOMAIN).then(|| plans.pop_front()).flatten();
        shared.steps += steps.len();
        let gone = [replaced, full].into_iter().flatten().map(|(_, steps)| steps.len());
        shared.steps -= gone.sum::<usize>();
        shared.trim();
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
    /// Drops plans of the domain that was used least recently until the bounds hold.
    fn trim(&mut self) {
        while self.domains.len() > DOMAINS || self.steps > STEPS {
            let Some((_, plans)) = self.domains.peek_lru() else { return };
            if plans.len() <= 1 || self.domains.len() > DOMAINS {
                let gone = self.domains.pop_lru().map(|(_, plans)| plans);
                self.steps -= gone.iter().flatten().map(|(_, steps)| steps.len()).sum::<usize>();
            } else if let Some((key, _)) = self.domains.peek_lru().map(|(key, plans)| (*key, plans.len())) {
                let oldest = self.domains.peek_mut(&key).and_then(VecDeque::pop_front);
                self.steps -= oldest.map_or(0, |(_, steps)| steps.len());
            }
        }
    }
}

impl Default for NearPlans {
    fn default() -> Self {
        let shared = Shared { domains: LruCache::unbounded(), steps: 0 };
        Self { shared: Arc::new(Mutex::new(shared)) }
    }
}

impl fmt::Debug for NearPlans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NearPlans").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;

    fn signature(numbers: impl Iterator<Item = u64>) -> Signature {
        Signature::new(numbers.map(|number| hash::words(&[number])))
    }

    fn plan(length: usize) -> Vec<Step> {
        vec![Step { action: "go".to_owned(), arguments: Vec::new() }; length]
    }

    #[test]
    fn the_plan_of_the_most_similar_problem_is_found_and_none_below_the_least_similarity() {
        let (near, domain) = (NearPlans::default(), hash::content(b"domain"));
        near.keep(domain, signature(0..100), &plan(1));
        near.keep(domain, signature(50..150), &plan(2));
        let found = near.find(&domain, &signature(2..102), 0.5).unwrap();
        assert!(found.steps.len() == 1 && found.similarity > 0.8, "{found:?}");
        assert_eq!(near.find(&domain, &signature(48..148), 0.5).unwrap().steps.len(), 2);
        assert_eq!(near.find(&domain, &signature(500..600), 0.5), None);
        assert_eq!(near.find(&hash::content(b"other"), &signature(0..100), 0.0), None);
    }

    #[test]
    fn a_plan_for_the_same_problem_takes_the_place_of_the_one_before() {
        let (near, domain) = (NearPlans::default(), hash::content(b"domain"));
        near.keep(domain, signature(0..10), &plan(3));
        near.keep(domain, signature(0..10), &plan(2));
        assert_eq!(near.len(), 1);
        assert_eq!(near.find(&domain, &signature(0..10), 1.0).unwrap().steps.len(), 2);
    }

    #[test]
    fn plans_domains_and_steps_are_bounded() {
        let near = NearPlans::default();
        for number in 0..100 {
            near.keep(hash::content(b"one"), signature(number * 100..number * 100 + 50), &plan(1));
        }
        assert_eq!(near.len(), PLANS_PER_DOMAIN);
        for domain in 0..100_u64 {
            near.keep(hash::content(&domain.to_le_bytes()), signature(0..10), &plan(1));
        }
        assert_eq!(near.len(), DOMAINS);
        for number in 0..40 {
            near.keep(hash::content(b"long"), signature(number * 100..number * 100 + 50), &plan(10_000));
        }
        assert!(near.lock().steps <= STEPS && near.len() <= 11);
        near.keep(hash::content(b"long"), signature(7..9), &plan(STEPS + 1));
        assert!(near.find(&hash::content(b"long"), &signature(7..9), 0.9).is_none());
    }
}
