//! Seeded GOAP documents of any size, as text. Equal arguments give equal text on every platform.
//!
//! [`classic`] and [`craft`] draw their random numbers in a fixed order, so that the same tasks can
//! be made elsewhere and compared.

use crate::hash::SplitMix64;

/// A document under way: parts of it as JSON.
#[derive(Debug, Default)]
struct Draft {
    state: Vec<String>,
    actions: Vec<String>,
}

impl Draft {
    fn variable(&mut self, name: &str, value: impl std::fmt::Display) {
        self.state.push(format!("{name:?}: {value}"));
    }

    fn action(&mut self, name: &str, preconditions: &[String], effects: &[String], rest: &str) {
        let (needs, does) = (preconditions.join(", "), effects.join(", "));
        self.actions.push(format!(
            r#"{{ "name": {name:?}, "preconditions": {{ {needs} }}, "effects": {{ {does} }}{rest} }}"#
        ));
    }

    fn finish(self, name: &str, goal: &str) -> String {
        let (state, actions) = (self.state.join(",\n    "), self.actions.join(",\n    "));
        format!(
            "{{\n  \"format\": \"planscope-goap/1\",\n  \"name\": {name:?},\n  \"state\": {{\n    {state}\n  }},\n  \
             \"actions\": [\n    {actions}\n  ],\n  \"goals\": [\n    {{ \"name\": \"goal\", \"priority\": 5, \
             \"conditions\": {{ {goal} }} }}\n  ]\n}}\n"
        )
    }
}

/// `name` is true, `!name` is false.
fn literal(text: &str) -> String {
    match text.strip_prefix('!') {
        Some(name) => format!("{name:?}: false"),
        None => format!("{text:?}: true"),
    }
}

fn literals<S: AsRef<str>>(texts: &[S]) -> Vec<String> {
    texts.iter().map(|text| literal(text.as_ref())).collect()
}

fn cost(cost: u64) -> String {
    format!(", \"cost\": {cost}")
}

/// Name, cost, preconditions, effects.
type Fixed = (&'static str, u64, &'static [&'static str], &'static [&'static str]);

const CLASSIC_FACTS: [&str; 9] =
    ["at_home", "at_shop", "at_forest", "has_money", "has_axe", "has_wood", "has_fire", "has_food", "fed"];
const CLASSIC_ACTIONS: [Fixed; 10] = [
    ("goto_shop", 2, &["!at_shop"], &["at_shop", "!at_home", "!at_forest"]),
    ("goto_forest", 3, &["!at_forest"], &["at_forest", "!at_home", "!at_shop"]),
    ("goto_home", 2, &["!at_home"], &["at_home", "!at_shop", "!at_forest"]),
    ("get_money", 1, &["at_home"], &["has_money"]),
    ("buy_axe", 2, &["at_shop", "has_money"], &["has_axe", "!has_money"]),
    ("chop_wood", 4, &["at_forest", "has_axe"], &["has_wood"]),
    ("gather_sticks", 9, &["at_forest"], &["has_wood"]),
    ("make_fire", 1, &["at_home", "has_wood"], &["has_fire", "!has_wood"]),
    ("forage", 3, &["at_forest"], &["has_food"]),
    ("cook", 1, &["has_fire", "has_food"], &["fed", "!has_food"]),
];

/// The axe, the wood and the fire: ten actions; the optimal plan costs 18 in 8 steps.
pub fn classic() -> String {
    let mut draft = Draft::default();
    for fact in CLASSIC_FACTS {
        draft.variable(fact, ["at_home", "has_money"].contains(&fact));
    }
    for (name, price, needs, does) in CLASSIC_ACTIONS {
        draft.action(name, &literals(needs), &literals(does), &cost(price));
    }
    draft.finish("classic", r#""has_fire": true, "fed": true"#)
}

/// The size of a [`craft`] task.
#[derive(Clone, Copy, Debug)]
pub struct Craft {
    /// Places on a ring with random chords.
    pub locations: u64,
    /// Tiers of items; those of the last need those below.
    pub tiers: u64,
    /// Items per tier.
    pub width: u64,
    /// Ways between places.
    pub moves: usize,
    /// Actions that make items of the first tier.
    pub gathers: u64,
    /// Actions in all.
    pub total: usize,
}

/// A hundred actions; the optimal plan costs 22 in 13 steps.
pub fn craft100() -> String {
    let size = Craft { locations: 6, tiers: 5, width: 11, moves: 16, gathers: 12, total: 100 };
    craft("craft100", 1, size)
}

/// A thousand actions; the optimal plan costs 16 in 10 steps.
pub fn craft1000() -> String {
    let size = Craft { locations: 12, tiers: 5, width: 57, moves: 48, gathers: 14, total: 1000 };
    craft("craft1000", 1, size)
}

/// A crafting task: go to benches and turn items into items of higher tiers, some of which are used
/// up. The order of the draws is part of its definition.
pub fn craft(name: &str, seed: u64, size: Craft) -> String {
    let mut random = SplitMix64::new(seed);
    let mut draft = Draft::default();
    for place in 0..size.locations {
        draft.variable(&at(place), place == 0);
    }
    for (tier, which) in (0..size.tiers).flat_map(|tier| (0..size.width).map(move |which| (tier, which))) {
        draft.variable(&item(tier, which), false);
    }
    for (from, to) in ways(&mut random, size) {
        let price = 1 + random.below(3);
        let does = literals(&[at(to), format!("!{}", at(from))]);
        draft.action(&format!("move_{from}_{to}"), &literals(&[at(from)]), &does, &cost(price));
    }
    for k in 0..size.gathers {
        let (place, made) = (random.below(size.locations), item(0, k % size.width));
        let price = 1 + random.below(3);
        let needs = literals(&[at(place), format!("!{made}")]);
        draft.action(&format!("gather_{k}_{}", k % size.width), &needs, &literals(&[made]), &cost(price));
    }
    recipes(&mut random, size, &mut draft);
    draft.finish(name, &literal(&item(size.tiers - 1, 0)))
}

fn at(place: u64) -> String {
    format!("at_{place}")
}

fn item(tier: u64, which: u64) -> String {
    format!("it_{tier}_{which}")
}

/// The ring in both directions, then chords.
fn ways(random: &mut SplitMix64, size: Craft) -> Vec<(u64, u64)> {
    let ring = (0..size.locations).map(|i| (i, (i + 1) % size.locations));
    let mut pairs: Vec<(u64, u64)> = ring.flat_map(|(a, b)| [(a, b), (b, a)]).collect();
    while pairs.len() < size.moves {
        let pair = (random.below(size.locations), random.below(size.locations));
        if pair.0 != pair.1 && !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    pairs.truncate(size.moves);
    pairs
}

fn recipes(random: &mut SplitMix64, size: Craft, draft: &mut Draft) {
    let made: Vec<(u64, u64)> =
        (1..size.tiers).flat_map(|tier| (0..size.width).map(move |which| (tier, which))).collect();
    let benches: Vec<u64> = made.iter().map(|_| random.below(size.locations)).collect();
    for k in 0..size.total.saturating_sub(draft.actions.len()) {
        let index = if k < made.len() { k } else { random.below(made.len() as u64) as usize };
        let (tier, which) = made[index];
        let mut ingredients = vec![(tier - 1, random.below(size.width))];
        if random.below(2) == 0 {
            let tier = random.below(tier);
            let other = (tier, random.below(size.width));
            if !ingredients.contains(&other) {
                ingredients.push(other);
            }
        }
        let product = item(tier, which);
        let mut needs = vec![at(benches[index]), format!("!{product}")];
        let mut does = vec![product];
        needs.extend(ingredients.iter().map(|&(tier, which)| item(tier, which)));
        for &(tier, which) in &ingredients {
            if random.below(2) == 0 {
                does.push(format!("!{}", item(tier, which)));
            }
        }
        let price = 1 + random.below(4);
        draft.action(&format!("craft_{k}_{tier}_{which}"), &literals(&needs), &literals(&does), &cost(price));
    }
}

/// A van on a grid, with a tank, a hold and parcels: enums, a bounded integer, a float that counts
/// the way, and a cost that grows with the load.
pub fn delivery(seed: u64, side: u64, parcels: u64) -> String {
    let mut random = SplitMix64::new(seed);
    let mut draft = Draft::default();
    let cell = |x: u64, y: u64| format!("c{x}{y}");
    let cells: Vec<String> = (0..side * side).map(|i| cell(i % side, i / side)).collect();
    let quoted: Vec<String> = cells.iter().map(|name| format!("{name:?}")).collect();
    let any = |random: &mut SplitMix64| cells[random.below(side * side) as usize].clone();
    draft.variable("van", format!(r#"{{ "enum": [{}], "value": "c00" }}"#, quoted.join(", ")));
    draft.variable("fuel", format!(r#"{{ "int": [0, {0}], "value": {0} }}"#, 2 * side));
    draft.variable("load", r#"{ "int": [0, 3], "value": 0 }"#);
    draft.variable("driven", "0.0");
    let mut goal = Vec::new();
    for p in 0..parcels {
        let (from, to) = (any(&mut random), any(&mut random));
        let places = format!(r#"{}, "van""#, quoted.join(", "));
        draft.variable(&format!("parcel_{p}"), format!(r#"{{ "enum": [{places}], "value": {from:?} }}"#));
        goal.push(format!(r#""parcel_{p}": {to:?}"#));
    }
    let pump = any(&mut random);
    for (from, to) in neighbours(side) {
        let (from, to) = (&cells[from], &cells[to]);
        let does =
            [format!(r#""van": {to:?}"#), r#""fuel": { "-": 1 }"#.into(), r#""driven": { "+": 0.5 }"#.into()];
        let rest = r#", "cost": { "base": 2, "per": { "load": 0.5 } }, "duration": 1.5"#;
        draft.action(&format!("drive_{from}_{to}"), &[format!(r#""van": {from:?}"#)], &does, rest);
    }
    for p in 0..parcels {
        for place in &cells {
            let here = format!(r#""van": {place:?}"#);
            let (in_hold, outside) =
                (format!(r#""parcel_{p}": "van""#), format!(r#""parcel_{p}": {place:?}"#));
            let (up, down) = (r#""load": { "+": 1 }"#.to_owned(), r#""load": { "-": 1 }"#.to_owned());
            let load = format!("load_{p}_{place}");
            draft.action(&load, &[here.clone(), outside.clone()], &[in_hold.clone(), up], &cost(1));
            draft.action(&format!("unload_{p}_{place}"), &[here, in_hold], &[outside, down], &cost(1));
        }
    }
    let full = format!(r#""fuel": {}"#, 2 * side);
    draft.action("refuel", &[format!(r#""van": {pump:?}"#)], &[full], &cost(3));
    draft.finish(&format!("delivery {side}×{side}"), &goal.join(", "))
}

/// Pairs of cells side by side on a grid.
fn neighbours(side: u64) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (x, y) in (0..side * side).map(|i| (i % side, i / side)) {
        let here = (y * side + x) as usize;
        if x + 1 < side {
            pairs.extend([(here, here + 1), (here + 1, here)]);
        }
        if y + 1 < side {
            pairs.extend([(here, here + side as usize), (here + side as usize, here)]);
        }
    }
    pairs
}

/// A village: goods are made of other goods, sold and bought at prices that follow the stock.
/// Bounded integers, sums of variables, costs that depend on the state.
pub fn economy(seed: u64, goods: u64, target: u64) -> String {
    let mut random = SplitMix64::new(seed);
    let mut draft = Draft::default();
    draft.variable("coins", format!(r#"{{ "int": [0, {}], "value": 4 }}"#, target + 10));
    for good in 0..goods {
        draft.variable(&format!("good_{good}"), r#"{ "int": [0, 6], "value": 0 }"#);
        draft.variable(&format!("price_{good}"), 2 + 3 * good + random.below(3));
    }
    draft.action("work", &[], &[r#""coins": { "+": 1 }"#.into()], &cost(3));
    for good in 0..goods {
        let (stock, price) = (format!("good_{good}"), format!("price_{good}"));
        let rest = format!(r#", "cost": {{ "base": 1, "per": {{ {stock:?}: 0.5 }} }}"#);
        let earns = format!(r#""coins": {{ "+": {{ "var": {price:?} }} }}"#);
        let takes = format!(r#""{stock}": {{ "-": 1 }}"#);
        draft.action(&format!("sell_{good}"), &[], &[earns, takes], &cost(1));
        let pays = format!(r#""coins": {{ "-": {{ "var": {price:?} }} }}"#);
        let gets = format!(r#""{stock}": {{ "+": 1 }}"#);
        let below = format!(r#""{stock}": {{ "<": 4 }}"#);
        draft.action(&format!("buy_{good}"), &[below], &[pays, gets.clone()], &rest);
        if good == 0 {
            draft.action("gather_0", &[], &[gets], &rest);
        } else {
            let needs = 1 + random.below(2);
            let enough = format!(r#""good_{}": {{ ">=": {needs} }}"#, good - 1);
            let uses = format!(r#""good_{}": {{ "-": {needs} }}"#, good - 1);
            draft.action(&format!("make_{good}"), &[enough], &[uses, gets], &rest);
        }
    }
    let last = goods - 1;
    draft.finish("economy", &format!(r#""coins": {{ ">=": {target} }}, "good_{last}": {{ ">=": 1 }}"#))
}

/// A stack of pancakes to be sorted by turning over its top: every flip copies enums.
pub fn pancakes(seed: u64, count: usize) -> String {
    let mut random = SplitMix64::new(seed);
    let mut draft = Draft::default();
    let mut stack: Vec<usize> = (0..count).collect();
    for i in (1..count).rev() {
        stack.swap(i, random.below(i as u64 + 1) as usize);
    }
    let sizes: Vec<String> = (0..count).map(|size| format!("\"s{size}\"")).collect();
    for (place, size) in stack.into_iter().enumerate() {
        let value = format!(r#"{{ "enum": [{}], "value": "s{size}" }}"#, sizes.join(", "));
        draft.variable(&format!("p{place}"), value);
    }
    for top in 2..=count {
        let does: Vec<String> =
            (0..top).map(|place| format!(r#""p{place}": {{ "var": "p{}" }}"#, top - 1 - place)).collect();
        draft.action(&format!("flip_{top}"), &[], &does, &cost(1));
    }
    let goal: Vec<String> = (0..count).map(|place| format!(r#""p{place}": "s{place}""#)).collect();
    draft.finish("pancakes", &goal.join(", "))
}

/// A long search: `lamps` lamps that are switched in pairs, each pair at a price of its own, until
/// all but one are lit, which no search can do (each switch keeps the number of lit lamps even).
/// Blind search sees 2^(lamps − 1) states, about 20 M generated at 18 lamps, 480 M at 22.
pub fn switchboard(seed: u64, lamps: u64) -> String {
    let mut random = SplitMix64::new(seed);
    let mut draft = Draft::default();
    let lamp = |lamp: u64, lit: bool| format!("\"lamp_{lamp}\": {lit}");
    for i in 0..lamps {
        draft.variable(&format!("lamp_{i}"), false);
    }
    for (a, b) in (0..lamps).flat_map(|a| (a + 1..lamps).map(move |b| (a, b))) {
        let price = 1 + random.below(3);
        for (is_a, is_b) in [(false, false), (false, true), (true, false), (true, true)] {
            let name = format!("switch_{a}_{b}_{}{}", u8::from(is_a), u8::from(is_b));
            let does = [lamp(a, !is_a), lamp(b, !is_b)];
            draft.action(&name, &[lamp(a, is_a), lamp(b, is_b)], &does, &cost(price));
        }
    }
    let odd = lamps - lamps % 2 - 1;
    let goal: Vec<String> = (0..lamps).map(|i| lamp(i, i < odd)).collect();
    draft.finish("switchboard", &goal.join(", "))
}
