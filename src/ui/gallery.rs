//! The gallery: examples that lie beside the page, each fetched when it is opened; templates.

use leptos::prelude::*;

use super::workbench::Workbench;
use crate::examples::Generator;
use crate::service::Problem;

/// An example.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Its name, also of the document that it becomes.
    pub name: &'static str,
    /// What it shows, in a sentence.
    pub shows: &'static str,
    /// What its files are called.
    pub file: &'static str,
}

/// A group of examples in one language.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// What they have in common.
    pub name: &'static str,
    /// Whether they are in PDDL.
    pub is_pddl: bool,
    /// The examples.
    pub examples: &'static [Example],
}

impl Example {
    /// What makes more problems of its kind.
    pub fn generator(self) -> Option<Generator> {
        Generator::ALL.into_iter().find(|generator| generator.example() == self.file)
    }
}

const fn example(name: &'static str, shows: &'static str, file: &'static str) -> Example {
    Example { name, shows, file }
}

/// Where a problem from nothing begins.
fn template(is_pddl: bool) -> Problem {
    if is_pddl {
        Problem::Pddl {
            domain: include_str!("../../www/examples/template.domain.pddl").into(),
            problem: include_str!("../../www/examples/template.problem.pddl").into(),
        }
    } else {
        Problem::Goap { text: include_str!("../../www/examples/template.goap.json").into() }
    }
}

/// A button that begins a problem from nothing.
#[component]
pub fn NewProblem(
    bench: Workbench,
    is_pddl: bool,
    /// Called when it has begun.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let new = move |_| {
        bench.shelf.create("Untitled problem".into(), &template(is_pddl));
        bench.sheet.show_problem();
        done.run(());
    };
    view! {
        <button class="btn line" type="button" on:click=new>
            {if is_pddl { "New PDDL problem" } else { "New GOAP problem" }}
        </button>
    }
}

/// All examples.
pub const GROUPS: [Group; 5] = [
    Group {
        name: "GOAP: problems",
        is_pddl: false,
        examples: &[
            example(
                "Axe, wood, fire",
                "The smallest that is not trivial: get an axe, chop, light the fire.",
                "axe-wood-fire",
            ),
            example(
                "Hungry villager",
                "Three goals with priorities; the most urgent one that applies wins.",
                "hungry-villager",
            ),
            example(
                "Smith’s apprentice",
                "Counts and coins: sell wood to buy the tool that earns the rest.",
                "smiths-apprentice",
            ),
            example(
                "Soldier who stays alive",
                "Attack, reload or take cover; a goal that only holds under fire.",
                "soldier",
            ),
            example("Village economy", "A logger, a miner and a smith share one store.", "village-economy"),
            example(
                "Research and publish",
                "Risk in the metric: the sure path against the quick one.",
                "research-and-publish",
            ),
            example(
                "Within a token budget",
                "Answer a request by cost, time and confidence.",
                "token-budget",
            ),
            example(
                "Workshop at full stretch",
                "A long search: A* runs into its limit, greedy gets there.",
                "workshop",
            ),
        ],
    },
    Group {
        name: "GOAP: traps and lessons",
        is_pddl: false,
        examples: &[
            example("No key to this door", "Unsolvable on purpose. See how the reason is found.", "no-key"),
            example(
                "Trap: greedy loves the shop",
                "Goal count walks away from the goal and has to come back.",
                "greedy-shop",
            ),
            example(
                "Trap: buy and sell",
                "A loop that looks like work; known states keep it from being one.",
                "buy-and-sell",
            ),
            example(
                "Trap: spent twice",
                "One plank, two uses: relaxed plans miss it, the search does not.",
                "spent-twice",
            ),
            example(
                "Trap: the growing counter",
                "A number without bounds makes the states endless; costs still order them.",
                "growing-counter",
            ),
            example(
                "Trap: cost from the state",
                "The load makes each walk dearer; the fewest steps are not the cheapest.",
                "cost-from-state",
            ),
        ],
    },
    Group {
        name: "PDDL: puzzles",
        is_pddl: true,
        examples: &[
            example("Blocksworld", "Eight lettered blocks; one tower is to read PLANETS.", "blocksworld"),
            example("Towers of Hanoi", "Six discs: few states, a long plan.", "hanoi"),
            example("Eight-puzzle", "Tiles, well shuffled.", "tiles"),
            example("Sokoban", "Four crates among pillars.", "sokoban"),
            example("Free cell", "Twelve cards, four columns, two cells.", "freecell"),
            example("Peg solitaire", "Fifteen holes; the last peg ends at the top.", "peg-solitaire"),
            example("Missionaries", "Three and three, and a boat for two.", "missionaries"),
            example(
                "Swapped tiles",
                "Unsolvable by parity: the search has to see every state.",
                "swapped-tiles",
            ),
        ],
    },
    Group {
        name: "PDDL: moving things",
        is_pddl: true,
        examples: &[
            example("Gripper", "Six balls swap rooms in two hands.", "gripper"),
            example("Logistics", "Two cities, vans and a plane, five parcels.", "logistics"),
            example("Ferry", "Six cars, four islands, room for one.", "ferry"),
            example("Visit all", "Every bed of a garden, on a short walk.", "visit-all"),
            example("Elevators", "Two slow lifts and an express; trips have a price.", "elevators"),
            example("Drivers", "Drivers, trucks, roads and footpaths.", "drivers"),
            example("Depots", "Hoists, trucks and stacked crates.", "depots"),
            example("Satellites", "Power, calibrate, photograph.", "satellites"),
            example("Rovers", "Drill, photograph, report.", "rovers"),
        ],
    },
    Group {
        name: "PDDL: more of the language",
        is_pddl: true,
        examples: &[
            example("Farmer", "Wolf, goat and cabbage with forall and imply.", "farmer"),
            example("Cheapest route", "Action costs: few legs are not a cheap round.", "cheapest-route"),
            example("Lights out", "Conditional effects: each press toggles a cross.", "lights-out"),
            example("Tour bus", "Quantifiers in goals, preconditions and effects.", "tour-bus"),
            example("Warehouse", "Axioms: pushes only, walking is derived.", "warehouse"),
            example("Power grid", "Axioms, read negated.", "power-grid"),
            example("Water jugs", "Numeric fluents: halve eight litres.", "water-jugs"),
            example("Fuel", "Numbers, and a metric over them.", "fuel"),
        ],
    },
];
