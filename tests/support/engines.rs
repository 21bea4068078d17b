//! Every engine, and one search with one of them from source model to steps.

use planscope::ground::goap::{GoapTask, compile};
use planscope::lang::goap::model::{Model, Value};
use planscope::lang::goap::parse;
use planscope::lang::plan::Step;
use planscope::search::{
    EngineConfig, HeuristicKind, NoObserver, Planner, SearchEnd, SearchKind, Statistics,
};
use planscope::step::{Budget, Progress, Stepper};

/// Room for a search, in bytes.
const MEMORY: u64 = 1 << 30;

/// All heuristics.
pub const HEURISTICS: [HeuristicKind; 8] = [
    HeuristicKind::Blind,
    HeuristicKind::GoalCount,
    HeuristicKind::Hmax,
    HeuristicKind::Add,
    HeuristicKind::Ff,
    HeuristicKind::Lmcut,
    HeuristicKind::Landmarks,
    HeuristicKind::Novelty,
];

/// The model of a document without errors, and its compiled task.
pub fn read(text: &str) -> (Model, GoapTask) {
    let parsed = parse(text);
    let errors: Vec<_> = parsed.diagnostics.iter().filter(|finding| finding.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
    let model = parsed.model.unwrap();
    let compiled = compile(&model).unwrap();
    (model, compiled)
}

/// An engine.
pub fn engine(search: SearchKind, heuristic: HeuristicKind) -> EngineConfig {
    EngineConfig { search, heuristic: heuristic.into(), ..EngineConfig::default() }
}

/// A search or a preset with several heuristics, by their names.
pub fn several(search: SearchKind, heuristics: &str) -> EngineConfig {
    EngineConfig { search, heuristic: heuristics.parse().unwrap(), ..EngineConfig::default() }
}

/// All presets.
pub fn presets() -> impl Iterator<Item = EngineConfig> {
    let presets = SearchKind::all().iter().map(|&(_, kind)| kind).filter(|kind| kind.is_preset());
    presets.map(|search| EngineConfig { search, ..EngineConfig::default() })
}

/// All engines that differ.
pub fn engines() -> Vec<EngineConfig> {
    let mut all = vec![
        engine(SearchKind::Bfs, HeuristicKind::Blind),
        engine(SearchKind::Ucs, HeuristicKind::Blind),
        EngineConfig { weight: 1.0, ..engine(SearchKind::Wastar, HeuristicKind::Hmax) },
        EngineConfig { weight: 5.5, ..engine(SearchKind::Wastar, HeuristicKind::Ff) },
    ];
    for search in [SearchKind::Astar, SearchKind::Wastar, SearchKind::Gbfs, SearchKind::Lazy] {
        all.extend(HEURISTICS.map(|heuristic| engine(search, heuristic)));
    }
    all.extend(
        [SearchKind::Ehc, SearchKind::Lazy, SearchKind::Gbfs].map(|kind| several(kind, "ff,landmarks")),
    );
    all.push(several(SearchKind::Astar, "hmax,lmcut"));
    all.push(EngineConfig { preferred: false, ..several(SearchKind::Lazy, "add,goal-count") });
    all.extend(presets());
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
    let uniform = compiled.has_uniform_cost;
    let mut search = Planner::new(task, instance, config, uniform, MEMORY, Box::new(|_| NoObserver));
    let finished = loop {
        if let Progress::Done(finished) = search.step(&mut Budget::unlimited()) {
            break finished;
        }
    };
    Found {
        steps: finished.plan.iter().map(|&operator| compiled.step(model, operator).unwrap()).collect(),
        cost: finished.cost as f64 * task.unit,
        end: finished.end,
        is_optimal: search.optimality() == planscope::search::Optimality::Proven,
        statistics: search.statistics(),
    }
}
