//! The searches and presets, each with what makes it up: one row of [`SEARCHES`].

use std::fmt;

use serde::{Deserialize, Serialize};

use super::heuristics::HeuristicKind::{self, Ff, Landmarks, Lmcut, Novelty};
use super::heuristics::Heuristics;
use Guide::{Asked, Nothing, Own, Pair};

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

/// What the key of the open list is made of, and when states are evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// By depth.
    Depth,
    /// By g.
    Cost,
    /// By g + h.
    Astar,
    /// By g + w·h.
    Weighted,
    /// By h.
    Greedy,
    /// By depth from the last state with a new best h.
    Climb,
    /// By the parent's h; a state is evaluated when it is its turn.
    Lazy,
    /// By the parent's g + w·h; a state is evaluated when it is its turn.
    LazyWeighted,
}

/// Which heuristics a search has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guide {
    /// None matters to it.
    Nothing,
    /// Those that were asked for.
    Asked,
    /// Its own: it is a preset.
    Own(HeuristicKind),
    /// Two of its own.
    Pair(HeuristicKind, HeuristicKind),
}

/// What follows the first search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// Nothing.
    Once,
    /// Greedy best-first search, where the first one fails.
    ThenGreedy,
    /// Better plans.
    Improving,
    /// Several searches in turns until there is a plan, then better plans.
    Racing,
}

/// What makes up a search.
struct Row {
    kind: SearchKind,
    /// As programs and people type it.
    name: &'static str,
    /// As people say it.
    spoken: &'static str,
    /// What it does, in a few words.
    summary: &'static str,
    rule: Rule,
    guide: Guide,
    has_softmin: bool,
    course: Course,
}

/// A row of a search that runs once.
const fn row(
    (kind, name, spoken): (SearchKind, &'static str, &'static str),
    rule: Rule,
    guide: Guide,
    summary: &'static str,
) -> Row {
    Row { kind, name, spoken, summary, rule, guide, has_softmin: false, course: Course::Once }
}

/// Every search and preset, in the order of [`SearchKind`].
const SEARCHES: [Row; 14] = [
    row((SearchKind::Bfs, "bfs", "breadth-first"), Rule::Depth, Nothing, "Breadth-first"),
    row((SearchKind::Ucs, "ucs", "uniform cost"), Rule::Cost, Nothing, "Uniform cost"),
    row((SearchKind::Astar, "astar", "A*"), Rule::Astar, Asked, "A*"),
    row((SearchKind::Wastar, "wastar", "weighted A*"), Rule::Weighted, Asked, "Weighted A*"),
    row((SearchKind::Gbfs, "gbfs", "greedy"), Rule::Greedy, Asked, "Greedy best-first"),
    row((SearchKind::Lazy, "lazy", "lazy greedy"), Rule::Lazy, Asked, "Lazy greedy best-first"),
    Row {
        course: Course::ThenGreedy,
        ..row(
            (SearchKind::Ehc, "ehc", "enforced hill-climbing"),
            Rule::Climb,
            Asked,
            "Enforced hill-climbing, then greedy best-first where it fails",
        )
    },
    row(
        (SearchKind::AstarLmcut, "astar-lmcut", "astar-lmcut"),
        Rule::Astar,
        Own(Lmcut),
        "Optimal plans: A* with the landmark-cut heuristic",
    ),
    row(
        (SearchKind::LazyFf, "lazy-ff", "lazy-ff"),
        Rule::Lazy,
        Own(Ff),
        "Lazy greedy search with FF and its preferred operators",
    ),
    row(
        (SearchKind::LamaFirst, "lama-first", "lama-first"),
        Rule::Lazy,
        Pair(Ff, Landmarks),
        "A first plan fast: lazy greedy search with FF, landmarks and preferred operators",
    ),
    Row {
        course: Course::Improving,
        ..row(
            (SearchKind::Lama, "lama", "lama"),
            Rule::Lazy,
            Pair(Ff, Landmarks),
            "Better and better plans, until a limit or the proof that the last is optimal",
        )
    },
    Row {
        has_softmin: true,
        ..row(
            (SearchKind::SoftminLama, "softmin-lama", "softmin-lama"),
            Rule::Lazy,
            Pair(Ff, Landmarks),
            "LAMA first that also draws states at random, the closer ones more often",
        )
    },
    row(
        (SearchKind::Bfws, "bfws", "bfws"),
        Rule::Greedy,
        Own(Novelty),
        "Prefers states with something new, then those with more of the goal",
    ),
    Row {
        course: Course::Racing,
        ..row(
            (SearchKind::Auto, "auto", "auto"),
            Rule::Lazy,
            Pair(Ff, Landmarks),
            "A first plan fast, then better ones for a while, or the proof that the last is optimal",
        )
    },
];

/// Names with their searches.
static NAMES: [(&str, SearchKind); SEARCHES.len()] = {
    let mut names = [("", SearchKind::Astar); SEARCHES.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = (SEARCHES[at].name, SEARCHES[at].kind);
        at += 1;
    }
    names
};

impl SearchKind {
    /// The search where none is named: the one that reads the heuristic, where that `has_heuristic`; else the
    /// one that suits most problems.
    pub fn unless_named(has_heuristic: bool) -> Self {
        if has_heuristic { Self::Astar } else { Self::Auto }
    }

    /// Every search and preset with its name.
    pub fn all() -> &'static [(&'static str, Self)] {
        &NAMES
    }

    fn row(self) -> &'static Row {
        // A test holds the rows to the order of the enum.
        &SEARCHES[self as usize]
    }

    /// The name that it is asked for by.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What it does, in a few words.
    pub fn summary(self) -> &'static str {
        self.row().summary
    }

    /// Whether h matters to it at all.
    pub fn looks_at_h(self) -> bool {
        self.row().guide != Nothing
    }

    /// Whether it improves its plans, or promises optimal plans where it can. Then a kept plan does not
    /// answer the request unless it is known to be optimal.
    pub fn aims_at_optimal(self) -> bool {
        matches!(self.row().course, Course::Improving | Course::Racing)
    }

    /// Whether it brings its own heuristics.
    pub fn is_preset(self) -> bool {
        matches!(self.row().guide, Own(_) | Pair(..))
    }

    /// Whether the heuristic asked for matters to it.
    pub fn uses_heuristic(self) -> bool {
        self.row().guide == Asked
    }

    /// The heuristics of its first search, if the request asks for `asked`.
    pub(super) fn heuristics(self, asked: Heuristics) -> Heuristics {
        match self.row().guide {
            Nothing => HeuristicKind::Blind.into(),
            Asked => asked,
            Own(kind) => kind.into(),
            Pair(first, second) => Heuristics::from(first).with(second).unwrap_or(first.into()),
        }
    }

    /// How its first search is ordered.
    pub(super) fn rule(self) -> Rule {
        self.row().rule
    }

    /// Whether its first search has a softmin type-based queue beside the others.
    pub(super) fn has_softmin(self) -> bool {
        self.row().has_softmin
    }

    /// What follows its first search.
    pub(super) fn course(self) -> Course {
        self.row().course
    }
}

impl fmt::Display for SearchKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().spoken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_searches_and_have_the_names_of_records() {
        for (at, row) in SEARCHES.iter().enumerate() {
            assert_eq!(row.kind as usize, at);
            assert_eq!(serde_json::to_value(row.kind).expect("a string"), row.name);
        }
    }
}
