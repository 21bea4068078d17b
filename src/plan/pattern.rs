//! A kept plan, and the key it is found by.
//!
//! The key is made of canonical bytes of the *source* model, so that a change of grounder
//! invalidates nothing. A pattern is a claim about a document, not a proof: it is replayed against
//! the request's own state before it is trusted.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::hash;
use crate::lang::plan::Step;

/// Bytes of a [`PatternKey`].
const KEY_BYTES: usize = 48;

/// What a pattern is kept under: hashes of the domain, of the instance and of the metric.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatternKey([u8; KEY_BYTES]);

impl PatternKey {
    /// The key of canonical bytes: the domain (actions and variables), the instance (initial
    /// state and what is asked of it), and the metric.
    pub fn new(domain: &[u8], instance: &[u8], metric: &[u8]) -> Self {
        let mut bytes = [0; KEY_BYTES];
        for (part, source) in bytes.chunks_exact_mut(16).zip([domain, instance, metric]) {
            part.copy_from_slice(&hash::content(source).0.to_le_bytes());
        }
        Self(bytes)
    }

    /// The key that was stored.
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// The key as it is stored.
    pub fn as_bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// The key that [`fmt::Display`] wrote; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; KEY_BYTES];
        if text.len() != 2 * KEY_BYTES {
            return None;
        }
        for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for PatternKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PatternKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PatternKey({self})")
    }
}

impl Serialize for PatternKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PatternKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("a pattern key is 96 hexadecimal digits"))
    }
}

/// What is known about the plan of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Guarantee {
    /// It is a plan.
    Plan,
    /// It was proven optimal in the metric of its key.
    Optimal,
}

/// A kept plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pattern {
    /// What it is kept under.
    pub key: PatternKey,
    /// Its steps.
    pub steps: Vec<Step>,
    /// The goal it reaches.
    pub goal: String,
    /// Its metric when it was found.
    pub cost: f64,
    /// What is known about it. A plan that is not optimal never answers a request for one.
    pub guarantee: Guarantee,
    /// The engine that found it, in words.
    pub engine: String,
    /// Times it was used to answer.
    pub uses: u32,
    /// Times its replay held.
    pub successes: u32,
    /// Milliseconds since 1970 when it was kept; 0 where nobody has said yet.
    pub created_ms: f64,
    /// Milliseconds since 1970 of its last use, or of its keeping.
    pub last_used_ms: f64,
}

impl Pattern {
    /// Whether it may take the place of `other`: its guarantee is stronger, or the same and it costs less.
    pub fn is_better_than(&self, other: &Self) -> bool {
        self.guarantee > other.guarantee || (self.guarantee == other.guarantee && self.cost < other.cost)
    }

    /// A pattern that has not been used; the store that keeps it dates it.
    pub fn new(key: PatternKey, goal: String, steps: Vec<Step>, cost: f64, guarantee: Guarantee) -> Self {
        Self {
            key,
            steps,
            goal,
            cost,
            guarantee,
            engine: String::new(),
            uses: 0,
            successes: 0,
            created_ms: 0.0,
            last_used_ms: 0.0,
        }
    }

    /// The pattern with the engine that found it.
    #[must_use]
    pub fn with_engine(mut self, engine: impl Into<String>) -> Self {
        self.engine = engine.into();
        self
    }

    /// Counts a use at `now_ms`.
    pub fn count_use(&mut self, success: bool, now_ms: f64) {
        self.uses = self.uses.saturating_add(1);
        self.successes = self.successes.saturating_add(u32::from(success));
        self.last_used_ms = now_ms;
    }

    /// Bytes it holds, about: what bounded caches count.
    pub fn memory_bytes(&self) -> u64 {
        let of_step = |step: &Step| {
            let arguments: usize = step.arguments.iter().map(|value| 32 + value.to_string().len()).sum();
            size_of::<Step>() + step.action.len() + arguments
        };
        let steps: usize = self.steps.iter().map(of_step).sum();
        (size_of::<Self>() + self.goal.len() + self.engine.len() + steps) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_each_part_counts() {
        let key = PatternKey::new(b"domain", b"instance", b"metric");
        assert_eq!(PatternKey::parse(&key.to_string()), Some(key));
        assert_eq!(PatternKey::parse("wood"), None);
        assert_eq!(PatternKey::parse(&"ö".repeat(48)), None);
        assert_ne!(key, PatternKey::new(b"instance", b"domain", b"metric"));
        assert_ne!(key, PatternKey::new(b"domain", b"instance", b""));
    }

    #[test]
    fn an_optimal_plan_is_worth_more_than_a_plan() {
        assert!(Guarantee::Optimal > Guarantee::Plan);
    }
}
