//! What the words of the page mean: a primer for who is new to planning, and a sentence for every search,
//! heuristic and figure.
//!
//! Sentences are plain text. A term's sentence stands beside the term wherever that is shown.

use crate::search::{HeuristicKind, SearchKind};

/// A term and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// As it is shown.
    pub word: &'static str,
    /// In a sentence or two.
    pub meaning: &'static str,
}

/// Terms that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Chapter {
    /// What they are about.
    pub name: &'static str,
    /// In the order in which they are read.
    pub terms: &'static [Term],
}

const fn term(word: &'static str, meaning: &'static str) -> Term {
    Term { word, meaning }
}

/// All chapters, the primer first.
pub const CHAPTERS: [Chapter; 4] = [
    Chapter {
        name: "Planning in a minute",
        terms: &[
            term(
                "State",
                "How the world is at one moment: a value for every variable, or the facts that hold.",
            ),
            term(
                "Action",
                "What can be done: it asks for preconditions, has effects, and has a cost. With its arguments filled in it is an operator.",
            ),
            term("Goal", "What must hold at the end."),
            term(
                "Plan",
                "Actions in order that lead from the initial state to the goal. Every plan shown here was replayed on the text first.",
            ),
            term(
                "Search",
                "The planner tries actions from the initial state on and keeps what it finds as a tree: each node is a state, each edge an action.",
            ),
            term(
                "GOAP",
                "Goal-Oriented Action Planning, as games use it: variables, actions and goals in one JSON document.",
            ),
            term(
                "PDDL",
                "The Planning Domain Definition Language: a domain says what can be done at all, a problem which objects there are, how things stand and what is wanted.",
            ),
            term(
                "Grounding",
                "Turning the actions of PDDL, which have parameters, into one operator for every choice of objects that can matter.",
            ),
        ],
    },
    Chapter {
        name: "What guides a search",
        terms: &[
            term(
                "Heuristic",
                "An estimate of what is still to be paid from a state to the goal. It makes the search look at promising states first.",
            ),
            term("g", "What the way from the initial state to this one cost."),
            term("h", "What the heuristic thinks is still to be paid from here."),
            term(
                "f",
                "g + h: what a plan through this state would cost if h were right. A* takes the least f first.",
            ),
            term(
                "Admissible",
                "A heuristic that never says more than the truth. With one, A* finds the cheapest plan and proves it.",
            ),
            term(
                "Preferred operator",
                "An action that the heuristic itself would use next; some searches try those first.",
            ),
            term("Landmark", "Something that every plan must make true at some time."),
            term("Dead end", "A state from which the heuristic proves that no plan leads to the goal."),
            term(
                "Plateau",
                "A stretch of the search in which no state comes closer to the goal than the best one before.",
            ),
            term("Optimal", "Said only of a plan where no cheaper one exists and the search has proven it."),
        ],
    },
    Chapter {
        name: "Figures",
        terms: &[
            term("Evaluated", "States for which the heuristic was computed."),
            term("Expanded", "States whose applicable actions were all looked at."),
            term("Generated", "States reached by expanding, the same state by another way counted again."),
            term("Registered", "Different states that the search knows."),
            term("Reopened", "States expanded once more, because a cheaper way to them was found."),
            term("Duplicate", "A way to a state that was known already and that was no cheaper."),
            term("Open", "States known and not expanded yet; the search takes its next one from among them."),
            term("Dead ends", "States from which the heuristic proves that no plan leads to the goal."),
            term(
                "Best h",
                "The least estimate of any state so far; 0 means that the heuristic sees the goal.",
            ),
            term(
                "Folded",
                "A part of the tree that is too small to draw at this zoom, as one mark with its number of nodes.",
            ),
            term(
                "Slices",
                "The search works in slices of some milliseconds and lets the page draw in between. A slice over 50 ms would be felt; the red line says where that is.",
            ),
            term(
                "Search time",
                "Work of the search alone, without pauses and without what the page itself took.",
            ),
            term("Memory", "What the search's own tables hold; the limit counts the same."),
            term(
                "Kept plan",
                "A plan found before, kept in this browser. It is offered again only where it still holds.",
            ),
            term(
                "Compiled task",
                "The problem in the form that the search works on. It is kept, so that a second run need not compile it again.",
            ),
        ],
    },
    Chapter {
        name: "How a search ends",
        terms: &[
            term("Solved", "A plan was found."),
            term("Unsolvable", "It is proven that there is no plan."),
            term(
                "Exhausted",
                "The search has nothing more to try, but as it leaves states out that proves nothing.",
            ),
            term("Time limit", "The time ran out; a plan may still exist."),
            term("Memory limit", "The memory ran out; a plan may still exist."),
            term("Cancelled", "You ended it."),
        ],
    },
];

/// What a word of the page means; case and a plural's last letter do not matter.
pub fn meaning(word: &str) -> Option<&'static str> {
    let word = word.trim();
    let is = |known: &str| {
        known.eq_ignore_ascii_case(word) || known.eq_ignore_ascii_case(word.trim_end_matches('s'))
    };
    CHAPTERS.iter().flat_map(|chapter| chapter.terms).find(|term| is(term.word)).map(|term| term.meaning)
}

/// What a search does, in a sentence.
pub fn search(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Bfs => {
            "Takes states in the order of their number of steps. Finds a plan with the fewest steps, whatever they cost."
        }
        SearchKind::Ucs => "Takes the state with the least g. Finds the cheapest plan without any heuristic.",
        SearchKind::Astar => {
            "Takes the state with the least g + h. With an admissible heuristic the plan is the cheapest, proven."
        }
        SearchKind::Wastar => "A* that trusts h more, by the weight: faster, and the plan can be dearer.",
        SearchKind::Gbfs => {
            "Takes the state with the least h. Often fast; what the plan costs does not guide it."
        }
        SearchKind::Lazy => {
            "Greedy search that estimates a state only when it is taken: good where estimates are dear."
        }
        SearchKind::Ehc => {
            "Goes to the first state with a smaller h and forgets the rest; where that fails, greedy search."
        }
        preset => preset.summary(),
    }
}

/// What a heuristic counts, in a sentence.
pub fn heuristic(kind: HeuristicKind) -> &'static str {
    match kind {
        HeuristicKind::Blind => "Knows nothing but whether this is the goal. Admissible.",
        HeuristicKind::GoalCount => "The number of goal conditions that do not hold yet.",
        HeuristicKind::Hmax => {
            "The dearest single goal condition, if nothing an action makes true were ever undone. Admissible."
        }
        HeuristicKind::Add => {
            "The goal conditions' costs added up, if nothing were ever undone. Counts shared work twice."
        }
        HeuristicKind::Ff => {
            "The cost of a plan for the problem in which nothing is ever undone. A good guide; can overestimate."
        }
        HeuristicKind::Lmcut => {
            "Finds sets of actions of which every plan needs one, and adds their costs. Admissible, close, and dear to compute."
        }
        HeuristicKind::Landmarks => "What every plan must still make true, counted by its cost.",
        HeuristicKind::Novelty => "Prefers states that have something in them which no state before had.",
    }
}

#[cfg(test)]
mod tests {
    use super::super::words;
    use super::*;

    #[test]
    fn every_search_and_heuristic_on_offer_has_a_sentence() {
        let searches = words::SEARCHES.into_iter().chain(words::PRESETS).map(search);
        let heuristics = words::HEURISTICS.into_iter().map(heuristic);
        for sentence in searches.chain(heuristics) {
            assert!(sentence.split(' ').count() >= 4, "{sentence:?} says nothing");
        }
    }

    #[test]
    fn a_word_is_found_in_any_case_and_number() {
        assert_eq!(meaning("expanded"), meaning("Expanded"));
        assert_eq!(meaning("Dead end"), meaning("dead end"));
        assert!(meaning("Landmarks").is_some());
        assert_eq!(meaning("cost, 7 steps"), None);
    }

    #[test]
    fn no_term_is_explained_twice_in_one_chapter() {
        for chapter in CHAPTERS {
            for (at, term) in chapter.terms.iter().enumerate() {
                assert!(chapter.terms[..at].iter().all(|before| before.word != term.word), "{}", term.word);
                assert!(term.meaning.ends_with('.'), "{}", term.word);
            }
        }
    }
}
