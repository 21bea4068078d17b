//! Every engine, and one search with one of them from source model to steps.

use planscope::ground::goap::GoapTask;
use planscope::lang::goap::model::{Model, Value};
use planscope::lang::plan::Step;
use planscope::search::{
    EngineConfig, HeuristicKind, NoObserver, Ordering, Search, SearchEnd, SearchKind, Statistics,
};
use planscope::step::{Budget, Progress, Stepper};

/// Room for a search, in bytes.
const MEMORY: u64 = 1 << 30;

/// All heuristics.
pub const HEURISTICS: [HeuristicKind; 5] = [
    HeuristicKind::Blind,
    HeuristicKind::GoalCount,
    HeuristicKind::Hmax,
    HeuristicKind::Add,
    HeuristicKind::Ff,
];

/// An engine.
pub fn engine(search: SearchKind, heuristic: HeuristicKind) -> EngineConfig {
    EngineConfig { search, heuristic: heuristic.into(), ..EngineConfig::default() }
}

/// All engines that differ.
pub fn engines() -> Vec<EngineConfig> {
    let mut all = vec![
        engine(SearchKind::Bfs, HeuristicKind::Blind),
        engine(SearchKind::Ucs, HeuristicKind::Blind),
        EngineConfig { weight: 1.0, ..engine(SearchKind::Wastar, HeuristicKind::Hmax) },
        EngineConfig { weight: 5.5, ..engine(SearchKind::Wastar, HeuristicKind::Ff) },
    ];
    for search in [SearchKind::Astar, SearchKind::Wastar, SearchKind::Gbfs] {
        all.extend(HEURISTICS.map(|heuristic| engine(search, heuristic)));
    }
    all
}

/// What a search came to, in the document's words.
#[derive(Debug)]
pub struct Found {
    /// How it ended.
    pub end: SearchEnd,
    /// The plan, where there is one.
    pub steps: Vec<Step>,
    /// The search's own idea of its cost, in the document's unit.
    pub cost: f64,
    /// Whether the engine calls the plan optimal.
    pub is_optimal: bool,
    /// Counters.
    pub statistics: Statistics,
}

/// The values that a document begins with.
pub fn initial(model: &Model) -> Vec<Value> {
    model.variables.iter().map(|variable| variable.initial.clone()).collect()
}

/// Looks for a plan for a goal.
pub fn solve(model: &Model, compiled: &GoapTask, goal: usize, config: &EngineConfig) -> Found {
    let task = &compiled.task;
    let instance = compiled.instance(model, &initial(model), goal).unwrap();
    let heuristic = config.heuristic_for(task, &instance);
    let ordering = Ordering::new(config);
    let optimality = ordering.optimality(heuristic.is_admissible(), compiled.has_uniform_cost);
    let mut search = Search::new(task, instance, heuristic, ordering, MEMORY, NoObserver);
    let finished = loop {
        if let Progress::Done(finished) = search.step(&mut Budget::unlimited()) {
            break finished;
        }
    };
    Found {
        steps: finished.plan.iter().map(|&operator| compiled.step(model, operator).unwrap()).collect(),
        cost: finished.cost as f64 * task.unit,
        end: finished.end,
        is_optimal: optimality == planscope::search::Optimality::Proven,
        statistics: search.statistics(),
    }
}
