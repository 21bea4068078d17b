//! Seeded generators of problems: pure functions from a size and a seed to a problem's text. [`goap`] makes GOAP
//! documents; what stands here makes problems in PDDL.
//!
//! Every problem in PDDL belongs to the domain of an example that lies beside the page
//! (`www/examples/pddl/NAME.domain.pddl`, see [`Generator::example`]); no domain's text is in here. Equal
//! sizes and seeds give equal texts on every platform, and every problem has a plan: what a function makes
//! is solvable by the way it is made, and its doc comment says why.

mod draft;
pub mod goap;
mod grid;
mod towers;
mod transport;

use std::ops::RangeInclusive;

use crate::hash::SplitMix64;

use draft::Draft;

/// A family of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Generator {
    /// Towers of blocks to be built anew: 2·n² operators for n blocks.
    Blocksworld,
    /// Balls in a row of rooms: 4·n·r + 2·(r − 1) operators for n balls in r = 2 + ⌊n/4⌋ rooms.
    Gripper,
    /// Parcels, vans and planes, the family that grows large. With n cities there are 4·n places, n vans,
    /// p = ⌈n/4⌉ planes and 2·n parcels, and 16·n² + 4·p·n² + 12·n + p·n·(n − 1) operators: 222 with 3
    /// cities, 426,400 with 65.
    Logistics,
    /// A sliding puzzle of n by n: 4·n·(n − 1)·(n² − 1) operators.
    Tiles,
    /// A maze of n by n with one cell in five closed: fewer than 4·n² operators.
    VisitAll,
    /// Crates in a maze of n by n: fewer than 8·n² operators.
    Sokoban,
    /// Two slow lifts and an express, with action costs; n people on n + 4 floors.
    Elevators,
    /// Quantifiers and conditional effects (ADL): n guests, half of them children, at ⌊n/2⌋ + 3 stops.
    TourBus,
    /// Numeric fluents: n parcels among n + 4 places, trucks with small tanks.
    Fuel,
}

/// Writes a problem of a size.
type Fill = fn(u32, &mut SplitMix64, &mut Draft);

/// What is known of a family.
struct Family {
    example: &'static str,
    sizes: (u32, u32),
    default_size: u32,
    size_label: &'static str,
    fill: Fill,
}

impl Generator {
    /// Every family, in the order of the enumeration.
    pub const ALL: [Self; 9] = [
        Self::Blocksworld,
        Self::Gripper,
        Self::Logistics,
        Self::Tiles,
        Self::VisitAll,
        Self::Sokoban,
        Self::Elevators,
        Self::TourBus,
        Self::Fuel,
    ];

    /// The example whose domain the problems belong to.
    pub fn example(self) -> &'static str {
        self.family().example
    }

    /// The sizes that can be asked for.
    pub fn sizes(self) -> RangeInclusive<u32> {
        let (least, most) = self.family().sizes;
        least..=most
    }

    /// A size that is fun to watch.
    pub fn default_size(self) -> u32 {
        self.family().default_size
    }

    /// What the size counts, in the plural.
    pub fn size_label(self) -> &'static str {
        self.family().size_label
    }

    /// The text of a problem. A size outside of [`sizes`](Self::sizes) is taken for the nearest one within.
    pub fn problem(self, size: u32, seed: u64) -> String {
        let family = self.family();
        let size = size.clamp(family.sizes.0, family.sizes.1);
        let mut draft = Draft::default();
        (family.fill)(size, &mut SplitMix64::new(seed), &mut draft);
        draft.finish(family.example, size, family.size_label, seed)
    }

    fn family(self) -> Family {
        let (example, sizes, default_size, size_label, fill): (_, _, _, _, Fill) = match self {
            Self::Blocksworld => ("blocksworld", (2, 200), 8, "blocks", towers::blocksworld),
            Self::Gripper => ("gripper", (1, 100), 6, "balls", transport::gripper),
            Self::Logistics => ("logistics", (1, 65), 3, "cities", transport::logistics),
            Self::Tiles => ("tiles", (2, 8), 3, "tiles a side", grid::tiles),
            Self::VisitAll => ("visit-all", (2, 50), 6, "cells a side", grid::visit_all),
            Self::Sokoban => ("sokoban", (4, 12), 6, "cells a side", grid::sokoban),
            Self::Elevators => ("elevators", (1, 40), 4, "people", transport::elevators),
            Self::TourBus => ("tour-bus", (2, 60), 6, "guests", transport::tour_bus),
            Self::Fuel => ("fuel", (1, 40), 4, "parcels", transport::fuel),
        };
        Family { example, sizes, default_size, size_label, fill }
    }
}

/// A number below `n` (`n > 0`).
fn below(rng: &mut SplitMix64, n: u32) -> u32 {
    rng.below(u64::from(n)) as u32
}

/// A number below `n` other than `not` (`n > 1`).
fn other(rng: &mut SplitMix64, n: u32, not: u32) -> u32 {
    (not + 1 + below(rng, n - 1)) % n
}

/// Brings the items into a random order (Fisher and Yates).
fn shuffle(rng: &mut SplitMix64, items: &mut [u32]) {
    for last in (1..items.len()).rev() {
        items.swap(last, rng.below(last as u64 + 1) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often `word` stands in the text.
    fn count(text: &str, word: &str) -> usize {
        text.matches(word).count()
    }

    /// The sizes that the tests look at.
    fn sizes(generator: Generator) -> [u32; 4] {
        let (least, most) = (*generator.sizes().start(), *generator.sizes().end());
        [least, least + 1, generator.default_size(), most]
    }

    #[test]
    fn equal_seeds_give_equal_texts_and_others_do_not() {
        for generator in Generator::ALL {
            let size = generator.default_size();
            assert_eq!(generator.problem(size, 7), generator.problem(size, 7));
            assert_ne!(generator.problem(size, 7), generator.problem(size, 8));
        }
    }

    #[test]
    fn texts_are_the_same_on_every_platform() {
        let all: String = Generator::ALL.iter().map(|it| it.problem(it.default_size(), 1)).collect();
        assert_eq!(crate::hash::checksum(all.as_bytes()), 11_347_890_832_044_033_020);
    }

    #[test]
    fn brackets_are_balanced_and_lines_short() {
        for generator in Generator::ALL {
            for size in sizes(generator) {
                let text = generator.problem(size, 3);
                let mut depth = 0_i32;
                for c in text.chars() {
                    depth += i32::from(c == '(') - i32::from(c == ')');
                    assert!(depth >= 0, "{generator:?} {size}");
                }
                assert_eq!(depth, 0, "{generator:?} {size}");
                assert!(text.lines().all(|line| line.len() <= 110 && line == line.trim_end()), "{text}");
            }
        }
    }

    #[test]
    fn the_domain_lies_beside_the_page() {
        for generator in Generator::ALL {
            let example = generator.example();
            let root = env!("CARGO_MANIFEST_DIR");
            let domain = std::fs::read_to_string(format!("{root}/www/examples/pddl/{example}.domain.pddl"));
            assert!(domain.expect("a file").contains(&format!("(define (domain {example})")));
            assert!(generator.problem(1, 1).contains(&format!("(:domain {example})")));
            assert!(generator.sizes().contains(&generator.default_size()));
        }
    }

    #[test]
    fn sizes_are_honoured_and_held_to_their_range() {
        for generator in Generator::ALL {
            let most = *generator.sizes().end();
            assert_eq!(generator.problem(most + 1, 5), generator.problem(most, 5));
            for size in sizes(generator) {
                let (text, n) = (generator.problem(size, 5), size as usize);
                let (counted, expected) = match generator {
                    Generator::Blocksworld => (count(&text, "(on ") + count(&text, "(on-table "), 2 * n),
                    Generator::Gripper => (count(&text, "(lies-in "), 2 * n),
                    Generator::Logistics => (count(&text, "(in-city "), 4 * n),
                    Generator::Tiles => (count(&text, "(at "), 2 * (n * n - 1)),
                    Generator::VisitAll => (count(&text, "(visited "), n * n - n * n / 5 + 1),
                    Generator::Sokoban => (count(&text, "(crate-at "), n / 2 * 2),
                    Generator::Elevators => (count(&text, "(waits "), 2 * n),
                    Generator::TourBus => (count(&text, "(wants "), n),
                    Generator::Fuel => (count(&text, "(parcel-at "), 2 * n),
                };
                assert_eq!(counted, expected, "{generator:?} {size}\n{text}");
            }
        }
    }

    #[test]
    fn no_problem_is_solved_from_the_start() {
        for (generator, fact) in [
            (Generator::Blocksworld, "(on"),
            (Generator::Gripper, "(lies-in"),
            (Generator::Logistics, "(at parcel"),
            (Generator::Tiles, "(at"),
            (Generator::Sokoban, "(crate-at"),
            (Generator::Elevators, "(waits"),
            (Generator::Fuel, "(parcel-at"),
        ] {
            for seed in 0..50 {
                let text = generator.problem(0, seed);
                let (init, goal) = text.split_once("(:goal").expect("a goal");
                let wanted = goal.split('(').filter(|it| format!("({it}").starts_with(fact));
                let open = wanted
                    .filter(|it| !init.contains(&format!("({}", it.trim_end_matches([')', '\n', ' ']))));
                assert!(open.count() > 0, "{text}");
            }
        }
    }
}
