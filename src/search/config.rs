//! What an engine is made of: the search, its heuristics, and what they share; or a preset of them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Ordering;
use crate::heuristic::{Blind, GoalCount, Heuristic, Measure, OverRelaxation, Preparation};
use crate::task::{Instance, Task};

/// A search, or a preset: a search with its heuristics, under the name that the field knows it by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchKind {
    /// Breadth-first: by depth, then order of generation.
    Bfs,
    /// Uniform-cost: by g.
    Ucs,
    /// A*: by g + h, then h; reopens.
    #[default]
    Astar,
    /// Weighted A*: by g + w·h, then h; reopens.
    Wastar,
    /// Greedy best-first: by h, then order of generation.
    Gbfs,
    /// Lazy greedy: a state is evaluated when it is its turn, by its parent's h.
    Lazy,
    /// Enforced hill-climbing (Hoffmann & Nebel 2001), then greedy best-first where it fails.
    Ehc,
    /// Preset: A* with LM-cut (Helmert & Domshlak 2009).
    AstarLmcut,
    /// Preset: lazy greedy with FF and its preferred operators (Helmert 2006).
    LazyFf,
    /// Preset: the first iteration of LAMA (Richter & Westphal 2010).
    LamaFirst,
    /// Preset: LAMA, anytime: lazy greedy, then weighted A* with falling weights.
    Lama,
    /// Preset: `lama-first` with softmin type-based queues (Kuroiwa & Beck 2022).
    SoftminLama,
    /// Preset: best-first width search, BFWS(f5) (Lipovetzky & Geffner 2017).
    Bfws,
    /// Preset: a first plan by several searches in turns, then better ones for a while.
    Auto,
}

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
const SEARCHES: [(&str, SearchKind); 14] = [
    ("bfs", SearchKind::Bfs),
    ("ucs", SearchKind::Ucs),
    ("astar", SearchKind::Astar),
    ("wastar", SearchKind::Wastar),
    ("gbfs", SearchKind::Gbfs),
    ("lazy", SearchKind::Lazy),
    ("ehc", SearchKind::Ehc),
    ("astar-lmcut", SearchKind::AstarLmcut),
    ("lazy-ff", SearchKind::LazyFf),
    ("lama-first", SearchKind::LamaFirst),
    ("lama", SearchKind::Lama),
    ("softmin-lama", SearchKind::SoftminLama),
    ("bfws", SearchKind::Bfws),
    ("auto", SearchKind::Auto),
];

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

impl SearchKind {
    /// The search where none is named: the one that reads the heuristic, where that `has_heuristic`; else the
    /// one that suits most problems.
    pub fn unless_named(has_heuristic: bool) -> Self {
        if has_heuristic { Self::Astar } else { Self::Auto }
    }

    /// Every search and preset with its name.
    pub fn all() -> &'static [(&'static str, Self)] {
        &SEARCHES
    }

    /// The name that it is asked for by.
    pub fn name(self) -> &'static str {
        SEARCHES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// What it does, in a few words.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Bfs => "Breadth-first",
            Self::Ucs => "Uniform cost",
            Self::Astar => "A*",
            Self::Wastar => "Weighted A*",
            Self::Gbfs => "Greedy best-first",
            Self::Lazy => "Lazy greedy best-first",
            Self::Ehc => "Enforced hill-climbing, then greedy best-first where it fails",
            Self::AstarLmcut => "Optimal plans: A* with the landmark-cut heuristic",
            Self::LazyFf => "Lazy greedy search with FF and its preferred operators",
            Self::LamaFirst => {
                "A first plan fast: lazy greedy search with FF, landmarks and preferred operators"
            }
            Self::Lama => "Better and better plans, until a limit or the proof that the last is optimal",
            Self::SoftminLama => "LAMA first that also draws states at random, the closer ones more often",
            Self::Bfws => "Prefers states with something new, then those with more of the goal",
            Self::Auto => {
                "A first plan fast, then better ones for a while, or the proof that the last is optimal"
            }
        }
    }

    /// Whether h matters to it at all.
    pub fn looks_at_h(self) -> bool {
        !matches!(self, Self::Bfs | Self::Ucs)
    }

    /// Whether it goes on for better plans, or promises optimal ones where it can: a kept plan that is not
    /// known to be optimal is no answer then.
    pub fn aims_at_optimal(self) -> bool {
        matches!(self, Self::Lama | Self::Auto)
    }

    /// Whether it brings its own heuristics.
    pub fn is_preset(self) -> bool {
        !matches!(
            self,
            Self::Bfs | Self::Ucs | Self::Astar | Self::Wastar | Self::Gbfs | Self::Lazy | Self::Ehc
        )
    }

    /// Whether the heuristic asked for matters to it.
    pub fn uses_heuristic(self) -> bool {
        !self.is_preset() && self.looks_at_h()
    }
}

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

    /// With one more.
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

/// In which order equal keys leave the open list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tie {
    /// First in, first out.
    Fifo,
    /// Last in, first out.
    Lifo,
}

impl Tie {
    /// Both with their names.
    pub fn all() -> &'static [(&'static str, Self)] {
        &[("fifo", Self::Fifo), ("lifo", Self::Lifo)]
    }
}

impl fmt::Display for SearchKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bfs => "breadth-first",
            Self::Ucs => "uniform cost",
            Self::Astar => "A*",
            Self::Wastar => "weighted A*",
            Self::Gbfs => "greedy",
            Self::Lazy => "lazy greedy",
            Self::Ehc => "enforced hill-climbing",
            preset => preset.name(),
        })
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

/// As people say it: `A* · FF`.
impl fmt::Display for EngineConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.search)?;
        if self.search == SearchKind::Wastar {
            write!(f, " {}", self.weight)?;
        }
        if self.search.uses_heuristic() {
            let names: Vec<String> = self.heuristic.iter().map(|kind| kind.to_string()).collect();
            write!(f, " · {}", names.join(" + "))?;
        }
        Ok(())
    }
}

/// The engine of a request. A preset reads only the seed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EngineConfig {
    /// The search.
    pub search: SearchKind,
    /// The heuristics; `Bfs` and `Ucs` use none. A* and weighted A* take their maximum, greedy and lazy
    /// search have a queue for each.
    pub heuristic: Heuristics,
    /// Whether greedy, lazy and hill-climbing search favour preferred operators.
    pub preferred: bool,
    /// What progress takes off the priorities of the preferred queues of lazy search.
    pub boost: u32,
    /// How ties are broken; `None`: as the search does by itself.
    pub tie: Option<Tie>,
    /// Weight of h in `Wastar`, from 1.0 to 100.0.
    pub weight: f64,
    /// Seed for whatever is drawn at random.
    pub seed: u64,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            search: SearchKind::default(),
            heuristic: Heuristics::default(),
            preferred: true,
            boost: 1000,
            tie: None,
            weight: 2.0,
            seed: 0,
        }
    }
}

impl EngineConfig {
    /// The engine of whoever asks for none.
    pub fn auto() -> Self {
        Self { search: SearchKind::unless_named(false), ..Self::default() }
    }

    /// The first heuristic that this engine uses, for one instance. O(size of the task).
    pub fn heuristic_for(&self, task: &Arc<Task>, instance: &Instance) -> Box<dyn Heuristic> {
        self.prepare(task, instance).finish()
    }

    /// The same, to be set up in bounded pieces.
    pub fn prepare(&self, task: &Arc<Task>, instance: &Instance) -> Preparation {
        Ordering::heuristics(self).first().prepare(task, instance, Ordering::new(self).measure())
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
        for &(name, kind) in SearchKind::all() {
            assert_eq!(serde_json::to_value(kind).expect("a string"), name);
        }
        for &(name, kind) in HeuristicKind::all() {
            assert_eq!(serde_json::to_value(kind).expect("a string"), name);
        }
        let read: EngineConfig =
            serde_json::from_str(r#"{"search":"gbfs","heuristic":"ff","weight":2.0,"seed":0}"#)
                .expect("a record from before there were presets");
        assert_eq!(read, EngineConfig { search: SearchKind::Gbfs, ..EngineConfig::default() });
    }
}
