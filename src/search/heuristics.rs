//! Which heuristics guide a search: their kinds, and lists of them as people type them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::heuristic::{Blind, GoalCount, Measure, OverRelaxation, Preparation};
use crate::task::{Instance, Task};

/// Which heuristic guides the search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeuristicKind {
    /// Zero at the goal, the cheapest operator elsewhere.
    Blind,
    /// Unmet goal conditions.
    GoalCount,
    /// hmax: admissible.
    Hmax,
    /// hadd.
    Add,
    /// The cost of a relaxed plan.
    #[default]
    Ff,
    /// LM-cut: admissible.
    Lmcut,
    /// Landmarks that are still to come.
    Landmarks,
    /// How new a state is.
    Novelty,
}

/// Names, as programs and people type them.
const HEURISTICS: [(&str, HeuristicKind); 8] = [
    ("blind", HeuristicKind::Blind),
    ("goal-count", HeuristicKind::GoalCount),
    ("hmax", HeuristicKind::Hmax),
    ("add", HeuristicKind::Add),
    ("ff", HeuristicKind::Ff),
    ("lmcut", HeuristicKind::Lmcut),
    ("landmarks", HeuristicKind::Landmarks),
    ("novelty", HeuristicKind::Novelty),
];

impl HeuristicKind {
    /// Every heuristic with its name.
    pub fn all() -> &'static [(&'static str, Self)] {
        &HEURISTICS
    }

    /// The name that it is asked for by.
    pub fn name(self) -> &'static str {
        HEURISTICS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Whether it never overestimates the cost.
    pub fn is_admissible(self) -> bool {
        matches!(self, Self::Blind | Self::Hmax | Self::Lmcut)
    }

    /// Sets it up for one instance, in bounded pieces.
    pub fn prepare(self, task: &Arc<Task>, instance: &Instance, measure: Measure) -> Preparation {
        let over = |kind| Preparation::new(task, instance, measure, kind);
        match self {
            Self::Blind => Preparation::Ready(Box::new(Blind::new(task, instance, measure))),
            Self::GoalCount => Preparation::Ready(Box::new(GoalCount::new(task, instance, measure))),
            Self::Hmax => over(OverRelaxation::Hmax),
            Self::Add => over(OverRelaxation::Add),
            Self::Lmcut => over(OverRelaxation::Lmcut),
            Self::Novelty => over(OverRelaxation::Novelty),
            Self::Ff => over(OverRelaxation::Ff),
            Self::Landmarks => Preparation::landmarks(task, instance, measure),
        }
    }
}

/// One heuristic or several, in order, each once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Heuristics {
    first: HeuristicKind,
    more: [Option<HeuristicKind>; Heuristics::MOST - 1],
}

/// Why a list of heuristics was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeuristicsError {
    /// There is no heuristic of this name.
    #[error("there is no heuristic {0:?}")]
    Unknown(String),
    /// The same one stands in the list twice.
    #[error("heuristic {0:?} is given twice")]
    Twice(String),
    /// There are too many.
    #[error("at most {max} heuristics go together", max = Heuristics::MOST)]
    TooMany,
}

impl Heuristics {
    /// Most heuristics of one search.
    pub const MOST: usize = 4;

    /// The first one: the one that is shown.
    pub fn first(self) -> HeuristicKind {
        self.first
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = HeuristicKind> {
        std::iter::once(self.first).chain(self.more.into_iter().flatten())
    }

    /// The list with one more heuristic.
    ///
    /// # Errors
    /// [`HeuristicsError`] where it is there already, or where there are [`Self::MOST`] of them.
    pub fn with(mut self, kind: HeuristicKind) -> Result<Self, HeuristicsError> {
        if self.iter().any(|present| present == kind) {
            return Err(HeuristicsError::Twice(kind.name().to_owned()));
        }
        let place = self.more.iter_mut().find(|place| place.is_none()).ok_or(HeuristicsError::TooMany)?;
        *place = Some(kind);
        Ok(self)
    }

    /// Whether none of them overestimates.
    pub fn are_admissible(self) -> bool {
        self.iter().all(HeuristicKind::is_admissible)
    }
}

impl From<HeuristicKind> for Heuristics {
    fn from(first: HeuristicKind) -> Self {
        Self { first, more: [None; Self::MOST - 1] }
    }
}

impl Default for Heuristics {
    fn default() -> Self {
        HeuristicKind::default().into()
    }
}

impl FromStr for Heuristics {
    type Err = HeuristicsError;

    fn from_str(text: &str) -> Result<Self, HeuristicsError> {
        let mut kinds = text.split(',').map(str::trim).map(|name| {
            let found = HEURISTICS.iter().find(|(known, _)| *known == name);
            found.map(|(_, kind)| *kind).ok_or_else(|| HeuristicsError::Unknown(name.to_owned()))
        });
        let first = kinds.next().unwrap_or_else(|| Err(HeuristicsError::Unknown(String::new())))?;
        kinds.try_fold(Self::from(first), |list, kind| list.with(kind?))
    }
}

/// As it is typed: names with commas between them.
impl fmt::Display for Heuristics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iter().map(HeuristicKind::name).collect::<Vec<_>>().join(","))
    }
}

impl Serialize for Heuristics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Heuristics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for HeuristicKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blind => "blind",
            Self::GoalCount => "goal count",
            Self::Hmax => "hmax",
            Self::Add => "hadd",
            Self::Ff => "FF",
            Self::Lmcut => "LM-cut",
            Self::Landmarks => "landmarks",
            Self::Novelty => "novelty",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heuristics_are_read_as_they_are_written() {
        for text in ["ff", "ff,landmarks", "blind,goal-count,hmax,add"] {
            let list: Heuristics = text.parse().expect("known names");
            assert_eq!(list.to_string(), text);
        }
        assert_eq!("ff, landmarks".parse::<Heuristics>().expect("known").to_string(), "ff,landmarks");
        assert_eq!("ff,f".parse::<Heuristics>(), Err(HeuristicsError::Unknown("f".into())));
        assert_eq!("ff,ff".parse::<Heuristics>(), Err(HeuristicsError::Twice("ff".into())));
        assert_eq!("ff,add,hmax,blind,lmcut".parse::<Heuristics>(), Err(HeuristicsError::TooMany));
    }

    #[test]
    fn names_are_those_that_records_have() {
        for &(name, kind) in HeuristicKind::all() {
            assert_eq!(serde_json::to_value(kind).expect("a string"), name);
        }
    }
}
