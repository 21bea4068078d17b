//! What an engine is made of: the search or preset, its heuristics, and what they share.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::heuristics::Heuristics;
use super::kinds::SearchKind;

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
    /// The engine of a request that names none.
    pub fn auto() -> Self {
        Self { search: SearchKind::unless_named(false), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_from_before_there_were_presets_are_read() {
        let text = r#"{"search":"gbfs","heuristic":"ff","weight":2.0,"seed":0}"#;
        let read: EngineConfig = serde_json::from_str(text).expect("a record");
        assert_eq!(read, EngineConfig { search: SearchKind::Gbfs, ..EngineConfig::default() });
    }
}
