//! The search for one goal: recorded or not, running or over.

use super::response::HeuristicReport;
use super::subject::{Compiled, Model};
use crate::lang::plan::Step;
use crate::runtime::Paced;
use crate::search::{
    EngineConfig, Finished, Guides, HeuristicKind, HeuristicStart, Improvement, NoObserver, Observer,
    Optimality, Planner, Policy, Statistics,
};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Fact, Instance, OperatorId};
use crate::trace::{Recorder, Trace, TraceLimits};

/// A goal of a model and the task that it is searched in.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) model: Model,
    pub(super) compiled: Compiled,
    /// Index into the model's goals.
    pub(super) goal: usize,
}

/// The search for one goal.
pub(super) struct GoalSearch {
    pub(super) target: Target,
    unit: f64,
    improvements: Vec<Improvement>,
    heuristics: Vec<HeuristicReport>,
    optimality: Optimality,
    guides: Guides,
    passes: u32,
    search: Stage,
    facts: Facts,
}

impl Target {
    /// A fact of the task in the document's words.
    pub(super) fn fact_name(&self, fact: Fact) -> Option<String> {
        self.compiled.fact_name(&self.model, fact)
    }
}

/// What stays of a search when its arenas are gone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    pub(super) statistics: Statistics,
    pub(super) best_h: Option<f64>,
    pub(super) initial_h: Option<f64>,
    pub(super) open: u64,
    pub(super) memory_bytes: u64,
    pub(super) peak_memory_bytes: u64,
}

enum Stage {
    Plain(Box<Planner<NoObserver>>),
    Recorded(Box<Planner<Recorder>>),
    Over(Option<Box<Trace>>),
}

impl GoalSearch {
    /// A search that has not begun.
    pub(super) fn new(
        target: Target,
        instance: Instance,
        engine: &EngineConfig,
        memory_limit: u64,
        record: Option<TraceLimits>,
    ) -> Self {
        let task = target.compiled.task();
        let unit = task.unit;
        let uniform = target.compiled.has_uniform_cost();
        let (guides, search) = match record {
            None => {
                let observe = Box::new(|_: &Policy| NoObserver);
                let planner = Planner::new(task, instance, engine, uniform, memory_limit, observe);
                (planner.guides(), Stage::Plain(Box::new(planner)))
            }
            Some(limits) => {
                let observe = Box::new(move |policy: &Policy| {
                    Recorder::new(limits, unit, policy.h_unit(unit), policy.weight())
                });
                let planner = Planner::new(task, instance, engine, uniform, memory_limit, observe);
                (planner.guides(), Stage::Recorded(Box::new(planner)))
            }
        };
        Self {
            target,
            unit,
            improvements: Vec::new(),
            heuristics: Vec::new(),
            optimality: Optimality::NotByCost,
            guides,
            passes: 0,
            search,
            facts: Facts::default(),
        }
    }

    /// What may be said of its plan.
    pub(super) fn optimality(&self) -> Optimality {
        match &self.search {
            Stage::Plain(search) => search.optimality(),
            Stage::Recorded(search) => search.optimality(),
            Stage::Over(_) => self.optimality,
        }
    }

    /// What guides, or guided, the pass that is shown.
    pub(super) fn guides(&self) -> Guides {
        match &self.search {
            Stage::Plain(search) => search.guides(),
            Stage::Recorded(search) => search.guides(),
            Stage::Over(_) => self.guides,
        }
    }

    /// Searches that the engine has begun.
    pub(super) fn passes(&self) -> u32 {
        match &self.search {
            Stage::Plain(search) => search.passes(),
            Stage::Recorded(search) => search.passes(),
            Stage::Over(_) => self.passes,
        }
    }

    /// Value of one unit of cost in the document's terms.
    pub(super) fn unit(&self) -> f64 {
        self.unit
    }

    /// The plans of an anytime engine so far; none of an engine that stops at the first.
    pub(super) fn improvements(&self) -> &[Improvement] {
        match &self.search {
            Stage::Plain(search) => search.improvements(),
            Stage::Recorded(search) => search.improvements(),
            Stage::Over(_) => &self.improvements,
        }
    }

    /// How its heuristics began.
    pub(super) fn heuristics(&self) -> Vec<HeuristicReport> {
        let (starts, policy) = match &self.search {
            Stage::Plain(search) => (search.heuristic_starts(), *search.policy()),
            Stage::Recorded(search) => (search.heuristic_starts(), *search.policy()),
            Stage::Over(_) => return self.heuristics.clone(),
        };
        let unit = policy.h_unit(self.unit);
        let report = |(kind, start): (HeuristicKind, HeuristicStart)| HeuristicReport {
            name: kind.name(),
            initial_h: start.initial_h.map(|h| h as f64 * unit),
            landmarks: start.landmarks,
        };
        starts.into_iter().map(report).collect()
    }

    /// Gives up looking for a better plan; the best one so far, where there is one.
    pub(super) fn stop(&mut self) -> Option<Finished> {
        match &mut self.search {
            Stage::Plain(search) => search.stop(),
            Stage::Recorded(search) => search.stop(),
            Stage::Over(_) => None,
        }
    }

    /// How the search stands, or stood when it ended.
    pub(super) fn facts(&self) -> Facts {
        match &self.search {
            Stage::Plain(search) => facts(search, self.unit),
            Stage::Recorded(search) => facts(search, self.unit),
            Stage::Over(_) => Facts { memory_bytes: 0, ..self.facts },
        }
    }

    /// The recording, where there is one.
    pub(super) fn trace(&self) -> Option<&Trace> {
        match &self.search {
            Stage::Plain(_) => None,
            Stage::Recorded(search) => Some(search.observer().trace()),
            Stage::Over(trace) => trace.as_deref(),
        }
    }

    /// Gives the arenas back; the recording stays.
    pub(super) fn close(&mut self) {
        self.facts = self.facts();
        self.optimality = self.optimality();
        (self.guides, self.passes) = (self.guides(), self.passes());
        self.improvements = self.improvements().to_vec();
        self.heuristics = self.heuristics();
        let search = std::mem::replace(&mut self.search, Stage::Over(None));
        self.search = match search {
            Stage::Plain(_) => Stage::Over(None),
            Stage::Recorded(search) => Stage::Over(Some(Box::new(search.into_observer().into_trace()))),
            over @ Stage::Over(_) => over,
        };
    }

    /// An operator in the document's words.
    pub(super) fn step_of(&self, operator: u32) -> Option<Step> {
        self.target.compiled.step(&self.target.model, OperatorId(operator))
    }

    /// The document's words for a plan.
    pub(super) fn steps(&self, plan: &[OperatorId]) -> Vec<Step> {
        plan.iter().filter_map(|operator| self.step_of(operator.0)).collect()
    }
}

fn facts<O: Observer + 'static>(search: &Planner<O>, unit: f64) -> Facts {
    let h_unit = search.policy().h_unit(unit);
    let (best_h, initial_h) = search.best_and_initial_h();
    Facts {
        statistics: search.statistics(),
        best_h: best_h.map(|h| h as f64 * h_unit),
        initial_h: initial_h.map(|h| h as f64 * h_unit),
        open: search.open_size() as u64,
        memory_bytes: search.memory_bytes(),
        peak_memory_bytes: search.peak_memory_bytes(),
    }
}

impl Stepper for GoalSearch {
    type Output = Finished;

    fn step(&mut self, budget: &mut Budget) -> Progress<Finished> {
        match &mut self.search {
            Stage::Plain(search) => search.step(budget),
            Stage::Recorded(search) => search.step(budget),
            Stage::Over(_) => Progress::Pending,
        }
    }
}

impl Paced for GoalSearch {
    const HAS_EXPANSIONS: bool = true;

    fn expansions(&self) -> u64 {
        match &self.search {
            Stage::Plain(search) => search.statistics().expanded,
            Stage::Recorded(search) => search.statistics().expanded,
            Stage::Over(_) => self.facts.statistics.expanded,
        }
    }

    fn is_mid_expansion(&self) -> bool {
        match &self.search {
            Stage::Plain(search) => search.is_mid_expansion(),
            Stage::Recorded(search) => search.is_mid_expansion(),
            Stage::Over(_) => false,
        }
    }
}
