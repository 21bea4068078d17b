//! The tasks that are measured, and one search of one engine on a compiled task.
#![allow(dead_code, reason = "each bench uses a part of this")]

#[path = "../../tests/support/generators.rs"]
pub mod generators;

use std::time::Duration;

use criterion::Criterion;
use planscope::ground::goap::{GoapTask, compile};
use planscope::lang::goap::model::{Model, Value};
use planscope::lang::goap::parse;
use planscope::lang::plan::Step;
use planscope::search::{
    EngineConfig, Finished, HeuristicKind, NoObserver, Policy, Search, SearchEnd, SearchKind,
};
use planscope::task::Instance;

/// A document with everything that is made of it before a search.
pub struct Prepared {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: String,
    /// The model.
    pub model: Model,
    /// The compiled task.
    pub compiled: GoapTask,
    /// Its first goal from its initial state.
    pub instance: Instance,
}

impl Prepared {
    /// Reads and compiles a document.
    pub fn new(name: &'static str, text: String) -> Self {
        let model = parse(&text).model.expect("a document without errors");
        let compiled = compile(&model).expect("costs that fit");
        let instance = compiled.instance(&model, &initial(&model), 0).expect("an initial state");
        Self { name, text, model, compiled, instance }
    }

    /// Looks for a plan: the heuristic's set-up and the search, from the compiled task.
    pub fn solve(&self, config: &EngineConfig) -> Finished {
        let (task, instance) = (&self.compiled.task, self.instance.clone());
        let heuristic = config.heuristic_for(task, &instance);
        let policy = Policy::new(config);
        planscope::step::run(Search::new(task, instance, heuristic, policy, 1 << 32, NoObserver))
    }

    /// The plan that this engine finds, in the document's words, and its cost.
    pub fn plan(&self, config: &EngineConfig) -> (Vec<Step>, f64) {
        let finished = self.solve(config);
        assert_eq!(finished.end, SearchEnd::Solved, "{}", self.name);
        let step = |&operator| self.compiled.step(&self.model, operator).expect("an operator of the task");
        (finished.plan.iter().map(step).collect(), finished.cost as f64 * self.compiled.task.unit)
    }
}

/// Criterion, in a hurry: all benches together take a few minutes.
pub fn briefly() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1))
}

/// The values that a document begins with.
pub fn initial(model: &Model) -> Vec<Value> {
    model.variables.iter().map(|variable| variable.initial.clone()).collect()
}

/// Greedy search with FF: a first plan.
pub fn first_plan() -> EngineConfig {
    EngineConfig { search: SearchKind::Gbfs, heuristic: HeuristicKind::Ff.into(), ..EngineConfig::default() }
}

/// A* with this heuristic: an optimal plan where it is admissible.
pub fn astar(heuristic: HeuristicKind) -> EngineConfig {
    EngineConfig { search: SearchKind::Astar, heuristic: heuristic.into(), ..EngineConfig::default() }
}

/// Ten, a hundred and a thousand actions.
pub fn tasks() -> [Prepared; 3] {
    [
        Prepared::new("classic", generators::classic()),
        Prepared::new("craft100", generators::craft100()),
        Prepared::new("craft1000", generators::craft1000()),
    ]
}
