//! The gallery: examples that lie beside the page, each fetched when it is opened.

/// An example.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Its name, also of the document that it becomes.
    pub name: &'static str,
    /// What it shows, in a sentence.
    pub shows: &'static str,
    /// Its file, relative to the page.
    pub file: &'static str,
}

/// A group of examples.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// What they have in common.
    pub name: &'static str,
    /// The examples.
    pub examples: &'static [Example],
}

macro_rules! example {
    ($name:literal, $shows:literal, $file:literal) => {
        Example { name: $name, shows: $shows, file: concat!("./examples/", $file, ".goap.json") }
    };
}

/// Where a problem from nothing begins.
pub const TEMPLATE: &str = include_str!("../../www/examples/template.goap.json");

/// All examples.
pub const GROUPS: [Group; 2] = [
    Group {
        name: "Problems",
        examples: &[
            example!(
                "Axe, wood, fire",
                "The smallest that is not trivial: get an axe, chop, light the fire.",
                "axe-wood-fire"
            ),
            example!(
                "Hungry villager",
                "Three goals with priorities; the most urgent one that applies wins.",
                "hungry-villager"
            ),
            example!(
                "Smith’s apprentice",
                "Counts and coins: sell wood to buy the tool that earns the rest.",
                "smiths-apprentice"
            ),
            example!(
                "Soldier who stays alive",
                "Attack, reload or take cover; a goal that only holds under fire.",
                "soldier"
            ),
            example!("Village economy", "A logger, a miner and a smith share one store.", "village-economy"),
            example!(
                "Research and publish",
                "Risk in the metric: the sure path against the quick one.",
                "research-and-publish"
            ),
            example!(
                "Within a token budget",
                "Answer a request by cost, time and confidence.",
                "token-budget"
            ),
            example!(
                "Workshop at full stretch",
                "A long search: A* runs into its limit, greedy gets there.",
                "workshop"
            ),
        ],
    },
    Group {
        name: "Traps and lessons",
        examples: &[
            example!("No key to this door", "Unsolvable on purpose. See how the reason is found.", "no-key"),
            example!(
                "Trap: greedy loves the shop",
                "Goal count walks away from the goal and has to come back.",
                "greedy-shop"
            ),
            example!(
                "Trap: buy and sell",
                "A loop that looks like work; known states keep it from being one.",
                "buy-and-sell"
            ),
            example!(
                "Trap: spent twice",
                "One plank, two uses: relaxed plans miss it, the search does not.",
                "spent-twice"
            ),
            example!(
                "Trap: the growing counter",
                "A number without bounds makes the states endless; costs still order them.",
                "growing-counter"
            ),
            example!(
                "Trap: cost from the state",
                "The load makes each walk dearer; the fewest steps are not the cheapest.",
                "cost-from-state"
            ),
        ],
    },
];
