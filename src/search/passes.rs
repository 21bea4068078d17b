//! The script of an engine: which searches it runs for a task, in which order, and with which shares of the work.

use super::config::EngineConfig;
use super::heuristics::{HeuristicKind, Heuristics};
use super::kinds::{Course, Rule, SearchKind};
use super::policy::Policy;
use crate::heuristic::Measure;

/// The heuristics and the policy of a pass, for whoever shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guides {
    /// Its heuristics, in the order of their queues.
    pub heuristics: Heuristics,
    /// Its search policy.
    pub policy: Policy,
    /// Counts the passes of the engine, from 1.
    pub number: u32,
    /// Expansions that other passes of the engine have done so far.
    pub expanded_before: u64,
}

/// Whether a pass is an eager or a lazy search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loop {
    /// States are evaluated when they are generated.
    Eager,
    /// States are evaluated when it is their turn.
    Lazy,
}

/// One search of an engine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    pub(super) runs: Loop,
    pub(super) policy: Policy,
    pub(super) heuristics: Heuristics,
    /// Limit of evaluations; a pass that reaches it ends as exhausted.
    pub(super) evaluations: u64,
}

/// Passes that run one after the other, in turns with those of other lanes.
#[derive(Clone, Debug)]
pub(super) struct Series {
    /// The passes in reverse order: the last element runs first.
    pub(super) passes: Vec<Pass>,
    /// Its share of the work, relative to the weights of the other series.
    pub(super) weight: u64,
    /// Work of the whole engine, in units, after which this series begins.
    pub(super) after: u64,
    /// So many of its first units of work count under another weight, and that weight.
    pub(super) head_start: (u64, u64),
}

/// What an engine does.
#[derive(Clone, Debug)]
pub(super) struct Script {
    /// Series that run until there is a plan. The first of them begins at once.
    pub(super) first: Vec<Series>,
    /// What follows the first plan; `None` for an engine that stops there.
    pub(super) better: Option<Better>,
}

/// How an engine looks for better plans.
#[derive(Clone, Debug)]
pub(super) struct Better {
    /// Each series begins with its first pass once there is a plan.
    pub(super) series: Vec<Series>,
    /// A pass that goes before the others where the first plan was found with other heuristics.
    pub(super) before: Option<Pass>,
    /// Weight of replanning windows of the plan.
    pub(super) windows: u64,
    /// Whether the engine ends by itself after a while without a better plan.
    pub(super) gives_up: bool,
}

/// Searches of `auto` for a first plan beside [`without_relaxation`], with their shares of the work, the work of the
/// whole engine after which they begin, and their head starts. LAMA's first iteration has two thirds of the work
/// after the head starts of the others, which together are about 40 ms: so no task takes it more than one and a
/// half times as long, and 50 ms. The others find plans where it is lost.
const AUTO_FIRST: [(SearchKind, u64, u64, u64); 3] = [
    (SearchKind::LamaFirst, 8, 0, 0),
    (SearchKind::Bfws, 2, 10_000, 100_000),
    (SearchKind::SoftminLama, 1, 1_000_000, 0),
];
/// The share of `auto`'s search without the relaxation, and its head start.
const PLAIN: (u64, u64) = (1, 75_000);
/// Operators up to which `auto` looks for an optimal plan: beyond, LM-cut takes too long for a single state.
const AUTO_OPERATORS: usize = 100_000;
/// Parts of the work once there is a plan: restarts, windows, and the proof that the plan is optimal.
const BETTER_WEIGHTS: [u64; 3] = [2, 4, 2];
/// Head start of the proof, about 100 ms: where the plan costs what LM-cut says of the initial state, as short plans
/// often do, nothing else need be tried.
const PROOF_HEAD_START: (u64, u64) = (400_000, 32);
/// Weights of h in LAMA's later passes.
const LAMA_WEIGHTS: [f64; 4] = [5.0, 3.0, 2.0, 1.0];
/// Evaluations of a later pass but the last: where it finds nothing cheaper by then, the next weight often does.
/// Fast Downward has no such limit, and can stay in its second pass for good.
const LAMA_EVALUATIONS: u64 = 20_000;

impl Pass {
    /// The pass of a single search, or the first pass of a preset.
    fn of(config: &EngineConfig) -> Self {
        let runs = match config.search.rule() {
            Rule::Lazy | Rule::LazyWeighted => Loop::Lazy,
            _ => Loop::Eager,
        };
        Self {
            runs,
            policy: Policy::new(config),
            heuristics: Policy::heuristics(config),
            evaluations: u64::MAX,
        }
    }

    /// The pass of a preset by its name.
    fn named(search: SearchKind, config: &EngineConfig) -> Self {
        Self::of(&EngineConfig { search, ..*config })
    }

    /// Whether action elimination shortens its plans: plans of lazy search have detours.
    pub(super) fn shortens(&self) -> bool {
        self.runs == Loop::Lazy
    }

    /// Whether its heuristics never overestimate.
    pub(super) fn is_admissible(&self) -> bool {
        self.heuristics.are_admissible()
    }
}

impl Series {
    fn new(passes: Vec<Pass>, weight: u64) -> Self {
        Self { passes, weight, after: 0, head_start: (0, 1) }
    }
}

/// LAMA's passes after its first iteration, in reverse order: weighted A* with falling weights, after a greedy pass
/// by cost where operators differ in cost.
fn restarts(config: &EngineConfig, has_uniform_cost: bool) -> Vec<Pass> {
    let first = Pass::named(SearchKind::LamaFirst, config);
    let later = |policy| Pass { policy, evaluations: LAMA_EVALUATIONS, ..first };
    let weighted = |weight| later(first.policy.lazy_weighted(weight));
    let mut left: Vec<Pass> = LAMA_WEIGHTS.into_iter().rev().map(weighted).collect();
    left[0].evaluations = u64::MAX;
    if !has_uniform_cost {
        left.push(later(first.policy.with_measure(Measure::PlusOne)));
    }
    left
}

/// Lazy greedy search by the number of goals that do not hold. It needs no relaxation, which can take long to build
/// and to explore, and can say little where goals are numeric.
fn without_relaxation(config: &EngineConfig) -> Series {
    let greedy = EngineConfig {
        search: SearchKind::Lazy,
        heuristic: HeuristicKind::GoalCount.into(),
        seed: config.seed,
        ..EngineConfig::default()
    };
    let (weight, head_start) = PLAIN;
    Series { head_start: (head_start, first_weight()), ..Series::new(vec![Pass::of(&greedy)], weight) }
}

/// The weight of `auto`'s first search, which the others have too in their head starts.
fn first_weight() -> u64 {
    AUTO_FIRST[0].1
}

/// What an engine does for a task with so many operators.
pub(super) fn script(config: &EngineConfig, has_uniform_cost: bool, operators: usize) -> Script {
    let alone = |passes| Script { first: vec![Series::new(passes, 1)], better: None };
    let first = Pass::of(config);
    let [restarting, windows, proving] = BETTER_WEIGHTS;
    let restarts = || Series::new(restarts(config, has_uniform_cost), restarting);
    match config.search.course() {
        Course::Once => alone(vec![first]),
        Course::ThenGreedy => {
            // Where hill-climbing fails, a complete search starts from the initial state.
            let greedy = EngineConfig { search: SearchKind::Gbfs, ..*config };
            alone(vec![Pass::of(&greedy), first])
        }
        Course::Improving => {
            let better = Better { series: vec![restarts()], before: None, windows, gives_up: false };
            Script { better: Some(better), ..alone(vec![first]) }
        }
        Course::Racing => {
            let series = |(search, weight, after, head_start)| Series {
                after,
                head_start: (head_start, first_weight()),
                ..Series::new(vec![Pass::named(search, config)], weight)
            };
            let lama = Pass { evaluations: LAMA_EVALUATIONS, ..Pass::named(SearchKind::LamaFirst, config) };
            let mut better = Better { series: vec![restarts()], before: Some(lama), windows, gives_up: true };
            if operators <= AUTO_OPERATORS {
                let proof = Pass::named(SearchKind::AstarLmcut, config);
                better
                    .series
                    .push(Series { head_start: PROOF_HEAD_START, ..Series::new(vec![proof], proving) });
            }
            let mut first: Vec<Series> = AUTO_FIRST.into_iter().map(series).collect();
            first.insert(1, without_relaxation(config));
            Script { first, better: Some(better) }
        }
    }
}
