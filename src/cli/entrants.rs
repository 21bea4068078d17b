//! The engines of a race, as they are typed.

use std::str::FromStr;

use crate::search::{EngineConfig, SearchKind};

/// Most engines in a race: as many as the service runs side by side.
const ENGINES_MAX: usize = 4;

/// The searches of a race, as they are typed: with commas between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engines(Vec<SearchKind>);

impl FromStr for Engines {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut kinds = Vec::new();
        for name in text.split(',') {
            let found = SearchKind::all().iter().find(|(known, _)| *known == name);
            let (_, kind) = found.ok_or_else(|| format!("there is no search {name:?}"))?;
            if kinds.contains(kind) {
                return Err(format!("{name} is named twice"));
            }
            kinds.push(*kind);
        }
        if !(2..=ENGINES_MAX).contains(&kinds.len()) {
            return Err(format!("a race has 2 to {ENGINES_MAX} engines"));
        }
        Ok(Self(kinds))
    }
}

impl Engines {
    /// The engines, all else as in `engine`.
    pub fn resolve(&self, engine: &EngineConfig) -> Vec<EngineConfig> {
        self.0.iter().map(|&search| EngineConfig { search, ..*engine }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_race_has_a_few_different_engines() {
        let parsed = |text: &str| text.parse::<Engines>();
        assert!(parsed("lama-first,bfws,astar-lmcut").is_ok());
        assert_eq!(parsed("lama-first,bfs,lama-first").unwrap_err(), "lama-first is named twice");
        assert_eq!(parsed("bfs,nothing").unwrap_err(), "there is no search \"nothing\"");
        assert_eq!(parsed("bfs").unwrap_err(), "a race has 2 to 4 engines");
        assert_eq!(parsed("bfs,ucs,gbfs,lama,auto").unwrap_err(), "a race has 2 to 4 engines");
    }
}
