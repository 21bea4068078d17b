//! A kept plan, and the key it is found by.
//!
//! The key is made of canonical bytes of the *source* model, so that a change of grounder
//! invalidates nothing. A pattern is a claim about a document, not a proof: it is replayed against
//! the request's own state before it is trusted.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::hash;
use crate::lang::plan::Step;

/// Bytes of a [`PatternKey`].
const KEY_BYTES: usize = 48;

/// How long a pattern is kept that nobody uses: thirty days, in milliseconds.
pub const UNUSED_MS_MAX: f64 = 30.0 * 24.0 * 3_600e3;

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

/// How a pattern was of use once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Use {
    /// Its plan held, and answered a request or a part of one.
    Held {
        /// Milliseconds of search that this saved.
        saved_ms: f64,
    },
    /// Its plan was tried, and nothing came of it.
    Failed,
}

/// Uses of a pattern, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Uses {
    /// Times its plan held.
    pub successes: u32,
    /// Times it did not.
    pub failures: u32,
    /// Milliseconds of search that were saved.
    pub saved_ms: f64,
    /// Milliseconds since 1970 of the latest of them.
    pub last_ms: f64,
}

impl Uses {
    /// One use at `now_ms`.
    pub fn one(used: Use, now_ms: f64) -> Self {
        let (successes, saved_ms) = match used {
            Use::Held { saved_ms } => (1, saved_ms),
            Use::Failed => (0, 0.0),
        };
        Self { successes, failures: 1 - successes, saved_ms, last_ms: now_ms }
    }

    /// Counts others as well.
    pub fn add(&mut self, others: &Self) {
        self.successes = self.successes.saturating_add(others.successes);
        self.failures = self.failures.saturating_add(others.failures);
        self.saved_ms += others.saved_ms;
        self.last_ms = self.last_ms.max(others.last_ms);
    }

    /// How many they are.
    pub fn total(&self) -> u32 {
        self.successes.saturating_add(self.failures)
    }
}

/// A kept plan.
///
/// As a record it has the fields that it had from the first, and beside them what is not zero: older programs read
/// the records of later ones, and the other way round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pattern {
    /// What it is kept under.
    pub key: PatternKey,
    /// Its steps, shared by its copies.
    #[serde(serialize_with = "write_steps", deserialize_with = "read_steps")]
    pub steps: Arc<[Step]>,
    /// The goal it reaches.
    pub goal: String,
    /// Its metric when it was found.
    pub cost: f64,
    /// What is known about it. A plan that is not optimal never answers a request for one.
    pub guarantee: Guarantee,
    /// The engine that found it, in words.
    pub engine: String,
    /// Milliseconds that finding it took; 0 where nobody has said.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub found_in_ms: f64,
    /// Times it was used.
    pub uses: u32,
    /// Times that its plan held then.
    pub successes: u32,
    /// Milliseconds of search that its uses have saved.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub saved_ms: f64,
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
    pub fn new(
        key: PatternKey,
        goal: String,
        steps: impl Into<Arc<[Step]>>,
        cost: f64,
        guarantee: Guarantee,
    ) -> Self {
        Self {
            key,
            steps: steps.into(),
            goal,
            cost,
            guarantee,
            engine: String::new(),
            found_in_ms: 0.0,
            uses: 0,
            successes: 0,
            saved_ms: 0.0,
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

    /// Counts uses.
    pub fn count(&mut self, uses: &Uses) {
        self.uses = self.uses.saturating_add(uses.total());
        self.successes = self.successes.saturating_add(uses.successes);
        self.saved_ms += uses.saved_ms;
        self.last_used_ms = self.last_used_ms.max(uses.last_ms);
    }

    /// Times that it was used and its plan did not hold.
    pub fn failures(&self) -> u32 {
        self.uses.saturating_sub(self.successes)
    }

    /// How likely its next use is to succeed, from 0 to 1, by Laplace's rule of succession: a half before its first
    /// use.
    pub fn confidence(&self) -> f64 {
        (f64::from(self.successes) + 1.0) / (f64::from(self.uses) + 2.0)
    }

    /// Whether nobody has used it for thirty days. One that has no date is not old.
    pub fn is_forgotten(&self, now_ms: f64) -> bool {
        is_forgotten(self.last_used_ms, now_ms)
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

/// Whether what was last used then is no longer kept.
pub fn is_forgotten(last_used_ms: f64, now_ms: f64) -> bool {
    last_used_ms > 0.0 && now_ms - last_used_ms > UNUSED_MS_MAX
}

fn write_steps<S: Serializer>(steps: &Arc<[Step]>, serializer: S) -> Result<S::Ok, S::Error> {
    steps.as_ref().serialize(serializer)
}

fn read_steps<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<[Step]>, D::Error> {
    Vec::deserialize(deserializer).map(Arc::from)
}

fn is_zero<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
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

    fn pattern(cost: f64, guarantee: Guarantee) -> Pattern {
        Pattern::new(PatternKey::new(b"a", b"", b""), String::new(), Vec::new(), cost, guarantee)
    }

    #[test]
    fn only_a_cheaper_plan_or_a_stronger_guarantee_is_better() {
        use Guarantee::{Optimal, Plan};
        let is_better = |one: (f64, Guarantee), other: (f64, Guarantee)| {
            pattern(one.0, one.1).is_better_than(&pattern(other.0, other.1))
        };
        assert!(is_better((3.0, Plan), (4.0, Plan)) && is_better((4.0, Optimal), (4.0, Plan)));
        assert!(!is_better((4.0, Plan), (4.0, Plan)) && !is_better((5.0, Plan), (4.0, Plan)));
        assert!(!is_better((3.0, Plan), (4.0, Optimal)) && !is_better((f64::NAN, Plan), (4.0, Plan)));
    }

    #[test]
    fn uses_add_up_and_confidence_follows_them() {
        let mut pattern = pattern(1.0, Guarantee::Plan);
        assert_eq!((pattern.confidence(), pattern.failures()), (0.5, 0));
        let mut uses = Uses::one(Use::Held { saved_ms: 40.0 }, 7.0);
        uses.add(&Uses::one(Use::Failed, 5.0));
        uses.add(&Uses::one(Use::Held { saved_ms: 2.0 }, 6.0));
        pattern.count(&uses);
        assert_eq!((pattern.uses, pattern.successes, pattern.failures()), (3, 2, 1));
        assert_eq!((pattern.saved_ms, pattern.last_used_ms, pattern.confidence()), (42.0, 7.0, 0.6));
    }

    #[test]
    fn thirty_days_without_use_are_too_many() {
        let used_at = 1e12;
        assert!(
            !is_forgotten(used_at, used_at + UNUSED_MS_MAX)
                && is_forgotten(used_at, used_at + UNUSED_MS_MAX + 1.0)
        );
        assert!(!is_forgotten(0.0, 1e12), "one without a date");
        assert!(!is_forgotten(1e12, 1.0), "the clock was set back");
    }
}
