//! Searches that are given up soon, and what their results have to agree on.

use std::sync::Arc;

use planscope::hash::{SplitMix64, checksum};
use planscope::search::{
    EngineConfig, HeuristicKind, NoObserver, Optimality, Planner, SearchEnd, SearchKind,
};
use planscope::step::{Budget, Progress, Stepper};
use planscope::task::{Instance, OperatorId, Task};

/// Units that a search may take.
const UNITS: u64 = 5_000;
const MEMORY: u64 = 64 << 20;
/// Engines beside blind A*, picked by the input.
const ENGINES: usize = 2;
/// Costs from here on are not compared: floats do not hold them.
const COST_MAX: f64 = 1e9;

/// What a search came to.
pub enum Found {
    /// A plan, its cost in task units, and whether it is called optimal.
    Plan(Vec<OperatorId>, i64, bool),
    /// It is proven that there is none.
    Nothing,
}

/// The engines that an input is searched with.
pub fn engines(input: &[u8]) -> Vec<EngineConfig> {
    let mut random = SplitMix64::new(checksum(input));
    let mut engines = vec![engine(SearchKind::Astar, HeuristicKind::Blind)];
    for _ in 0..ENGINES {
        let (searches, heuristics) = (SearchKind::all(), HeuristicKind::all());
        let search = searches[random.below(searches.len() as u64) as usize].1;
        let heuristic = heuristics[random.below(heuristics.len() as u64) as usize].1;
        engines.push(engine(search, heuristic));
    }
    engines
}

fn engine(search: SearchKind, heuristic: HeuristicKind) -> EngineConfig {
    EngineConfig { search, heuristic: heuristic.into(), ..EngineConfig::default() }
}

/// `None` where the search takes too long, or ends without a claim.
pub fn search(
    task: &Arc<Task>,
    instance: &Instance,
    engine: &EngineConfig,
    has_uniform_cost: bool,
) -> Option<Found> {
    let observe = Box::new(|_: &_| NoObserver);
    let mut planner = Planner::new(task, instance.clone(), engine, has_uniform_cost, MEMORY, observe);
    let mut budget = Budget::units(UNITS);
    let finished = loop {
        match planner.step(&mut budget) {
            Progress::Done(finished) => break finished,
            Progress::Pending if budget.is_spent() => return None,
            Progress::Pending => {}
        }
    };
    match finished.end {
        SearchEnd::Solved => {
            let is_optimal = planner.optimality() == Optimality::Proven;
            Some(Found::Plan(finished.plan, finished.cost, is_optimal))
        }
        SearchEnd::Unsolvable => Some(Found::Nothing),
        _ => None,
    }
}

/// Costs of plans for one problem, `None` for a proof that there is none; each with whether it is said to be
/// the least.
#[derive(Debug, Default)]
pub struct Costs(Vec<(Option<f64>, bool)>);

impl Costs {
    /// Takes note of a result.
    pub fn push(&mut self, cost: Option<f64>, is_least: bool) {
        self.0.push((cost, is_least));
    }

    /// Whether there is a result.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes note of a plan that costs so much by the validator, and so much by the search.
    pub fn plan(&mut self, total: f64, cost: f64, is_least: bool) {
        // A cheaper way to a node on the path may have been found after the node was expanded.
        let is_cheaper = !is_least && total < cost;
        assert!(is_cheaper || agree(total, cost), "{total} by the validator, {cost} by the search");
        self.push(Some(total), is_least);
    }

    /// All agree on whether there is a plan, and no plan costs less than one that costs the least.
    pub fn check(&self) {
        let mut least = self.0.iter().filter(|(_, is_least)| *is_least).map(|(cost, _)| *cost);
        let least = least.next();
        for &(cost, is_least) in &self.0 {
            assert_eq!(cost.is_some(), self.0[0].0.is_some(), "a plan or not: {self:?}");
            if let (Some(Some(least)), Some(cost)) = (least, cost) {
                assert!(agree(least, cost) || !is_least && least < cost, "{self:?}");
            }
        }
    }
}

fn agree(one: f64, other: f64) -> bool {
    one.abs() > COST_MAX || other.abs() > COST_MAX || (one - other).abs() <= 1e-6 * (1.0 + one.abs())
}
