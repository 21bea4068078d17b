//! Hashes of the order of expansions, computed without files or clocks: natively and in browsers.

use std::fmt::Write as _;

use planscope::ground::goap::{GoapTask, compile};
use planscope::lang::goap::{Model, parse};
use planscope::search::{EngineConfig, HeuristicKind, Planner, SearchKind, TraceHasher};
use planscope::step::{Budget, Progress, Stepper};

use super::engines::{engine, initial, presets, several};
use super::{generators, random_goap};

/// The hashes that every platform and every way to slice the work must give.
pub const CHECKED_IN: &str = include_str!("../fixtures/trace_hashes.txt");

/// Units per slice: one, many, all.
pub const SLICES: [u64; 3] = [1, 1_000, u64::MAX];

/// Expansions that count; longer searches are broken off.
const EXPANSIONS_MAX: u64 = 400;

/// One line per task and engine: `task | engine | expansions | hash`.
pub fn lines(units_per_slice: u64) -> String {
    tasks().iter().map(|task| lines_of(task, units_per_slice)).collect()
}

/// The lines of one task, given by its name and text.
pub fn lines_of((name, text): &(String, String), units_per_slice: u64) -> String {
    let model = parse(text).model.unwrap();
    let compiled = compile(&model).unwrap();
    let mut lines = String::new();
    for config in engines() {
        let hasher = hashed(&model, &compiled, &config, units_per_slice);
        let TraceHasher { hash, expansions } = hasher;
        let _ = writeln!(lines, "{name} | {config} | {expansions} | {hash:016x}");
    }
    lines
}

fn engines() -> Vec<EngineConfig> {
    let mut all = vec![
        engine(SearchKind::Bfs, HeuristicKind::Blind),
        engine(SearchKind::Astar, HeuristicKind::Blind),
        engine(SearchKind::Astar, HeuristicKind::Hmax),
        engine(SearchKind::Wastar, HeuristicKind::Add),
        engine(SearchKind::Gbfs, HeuristicKind::Ff),
        engine(SearchKind::Gbfs, HeuristicKind::GoalCount),
        engine(SearchKind::Ehc, HeuristicKind::Ff),
        several(SearchKind::Gbfs, "landmarks,add"),
    ];
    all.extend(presets());
    all
}

/// The tasks, each with its name and text.
pub fn tasks() -> Vec<(String, String)> {
    let mut tasks = vec![
        ("classic".to_owned(), generators::classic()),
        ("craft100".to_owned(), generators::craft100()),
        ("craft1000".to_owned(), generators::craft1000()),
        ("delivery 3".to_owned(), generators::delivery(1, 3, 2)),
        ("delivery 4".to_owned(), generators::delivery(2, 4, 3)),
        ("economy".to_owned(), generators::economy(1, 3, 20)),
        ("pancakes".to_owned(), generators::pancakes(1, 8)),
        ("switchboard".to_owned(), generators::switchboard(1, 9)),
    ];
    // Risk, floats and costs that depend on the state.
    tasks.extend(RANDOM.map(|seed| (format!("random {seed}"), random_goap::document(seed))));
    tasks
}

/// Seeds of random documents with long searches.
const RANDOM: [u64; 4] = [1_000_417, 1_000_907, 1_000_973, 1_001_226];

fn hashed(model: &Model, compiled: &GoapTask, config: &EngineConfig, units: u64) -> TraceHasher {
    let instance = compiled.instance(model, &initial(model), 0).unwrap();
    let observe = Box::new(|_: &_| TraceHasher::default());
    let uniform = compiled.has_uniform_cost;
    let mut search = Planner::new(&compiled.task, instance, config, uniform, 1 << 28, observe);
    loop {
        let left = EXPANSIONS_MAX - search.statistics().expanded;
        let mut budget = Budget::units(units).with_expansions(left);
        let is_over = matches!(search.step(&mut budget), Progress::Done(_));
        if is_over || search.statistics().expanded == EXPANSIONS_MAX {
            return search.into_observer();
        }
    }
}
