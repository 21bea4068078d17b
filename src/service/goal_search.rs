//! The search for one goal: with or without a recording, running or ended.

use std::rc::Rc;
use std::time::Duration;

use super::response::HeuristicReport;
use super::subject::Subject;
use crate::lang::plan::Step;
use crate::runtime::{Meter, Paced};
use crate::search::{
    EngineConfig, Finished, Guides, HeuristicKind, HeuristicStart, Improvement, NoObserver, Observer,
    Optimality, Planner, Policy, Statistics,
};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Fact, Instance, OperatorId};
use crate::trace::{Recorder, Trace, TraceBudget};

/// A goal of a model and the task that it is searched in.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) subject: Subject,
    /// Index into the model's goals.
    pub(super) goal: usize,
}

/// The search for one goal.
pub(super) struct GoalSearch {
    pub(super) target: Target,
    unit: f64,
    run: Box<dyn Run>,
    meter: Rc<Meter>,
    /// When each plan was found, as time of work, accurate to a slice.
    found: Vec<Duration>,
    /// The recording of a closed run. It still counts towards the budget.
    recorded: Option<Recorder>,
}

/// The figures of a search.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Figures {
    pub(super) statistics: Statistics,
    /// In the document's unit, as `initial_h` is.
    pub(super) best_h: Option<f64>,
    pub(super) initial_h: Option<f64>,
    pub(super) open: u64,
    pub(super) memory_bytes: u64,
    pub(super) peak_memory_bytes: u64,
}

/// A planner under way, with or without a recording; or what is kept of a planner whose arenas were released.
trait Run {
    fn step(&mut self, budget: &mut Budget) -> Progress<Finished>;
    /// Stops the search for a better plan; answers the best plan so far, if there is one.
    fn stop(&mut self) -> Option<Finished>;
    fn expansions(&self) -> u64;
    fn is_mid_expansion(&self) -> bool;
    /// The figures; `unit` is the value of one unit of cost in the document's terms.
    fn figures(&self, unit: f64) -> Figures;
    fn optimality(&self) -> Optimality;
    fn guides(&self) -> Guides;
    fn passes(&self) -> u32;
    fn improvements(&self) -> &[Improvement];
    fn heuristics(&self, unit: f64) -> Vec<HeuristicReport>;
    fn trace(&self) -> Option<&Trace>;
    fn into_recorder(self: Box<Self>) -> Option<Recorder>;
}

/// An observer that may record.
trait Records: Observer + 'static {
    fn trace(&self) -> Option<&Trace>;
    fn into_recorder(self) -> Option<Recorder>;
}

impl Records for NoObserver {
    fn trace(&self) -> Option<&Trace> {
        None
    }

    fn into_recorder(self) -> Option<Recorder> {
        None
    }
}

impl Records for Recorder {
    fn trace(&self) -> Option<&Trace> {
        Some(self.trace())
    }

    fn into_recorder(self) -> Option<Recorder> {
        Some(self)
    }
}

impl<O: Records> Run for Planner<O> {
    fn step(&mut self, budget: &mut Budget) -> Progress<Finished> {
        Stepper::step(self, budget)
    }

    fn stop(&mut self) -> Option<Finished> {
        self.stop()
    }

    fn expansions(&self) -> u64 {
        self.statistics().expanded
    }

    fn is_mid_expansion(&self) -> bool {
        self.is_mid_expansion()
    }

    fn figures(&self, unit: f64) -> Figures {
        let h_unit = self.policy().h_unit(unit);
        let (best_h, initial_h) = self.best_and_initial_h();
        Figures {
            statistics: self.statistics(),
            best_h: best_h.map(|h| h as f64 * h_unit),
            initial_h: initial_h.map(|h| h as f64 * h_unit),
            open: self.open_size() as u64,
            memory_bytes: self.memory_bytes(),
            peak_memory_bytes: self.peak_memory_bytes(),
        }
    }

    fn optimality(&self) -> Optimality {
        self.optimality()
    }

    fn guides(&self) -> Guides {
        self.guides()
    }

    fn passes(&self) -> u32 {
        self.passes()
    }

    fn improvements(&self) -> &[Improvement] {
        self.improvements()
    }

    fn heuristics(&self, unit: f64) -> Vec<HeuristicReport> {
        let h_unit = self.policy().h_unit(unit);
        let report = |(kind, start): (HeuristicKind, HeuristicStart)| HeuristicReport {
            name: kind.name(),
            initial_h: start.initial_h.map(|h| h as f64 * h_unit),
            landmarks: start.landmarks,
        };
        self.heuristic_starts().into_iter().map(report).collect()
    }

    fn trace(&self) -> Option<&Trace> {
        self.observer().trace()
    }

    fn into_recorder(self: Box<Self>) -> Option<Recorder> {
        self.into_observer().into_recorder()
    }
}

/// What is kept of a planner whose arenas were released.
struct Closed {
    figures: Figures,
    optimality: Optimality,
    guides: Guides,
    passes: u32,
    improvements: Vec<Improvement>,
    heuristics: Vec<HeuristicReport>,
}

impl Run for Closed {
    fn step(&mut self, _: &mut Budget) -> Progress<Finished> {
        Progress::Pending
    }

    fn stop(&mut self) -> Option<Finished> {
        None
    }

    fn expansions(&self) -> u64 {
        self.figures.statistics.expanded
    }

    fn is_mid_expansion(&self) -> bool {
        false
    }

    fn figures(&self, _: f64) -> Figures {
        self.figures
    }

    fn optimality(&self) -> Optimality {
        self.optimality
    }

    fn guides(&self) -> Guides {
        self.guides
    }

    fn passes(&self) -> u32 {
        self.passes
    }

    fn improvements(&self) -> &[Improvement] {
        &self.improvements
    }

    fn heuristics(&self, _: f64) -> Vec<HeuristicReport> {
        self.heuristics.clone()
    }

    fn trace(&self) -> Option<&Trace> {
        None
    }

    fn into_recorder(self: Box<Self>) -> Option<Recorder> {
        None
    }
}

impl GoalSearch {
    /// A search that has not begun.
    pub(super) fn new(
        target: Target,
        instance: Instance,
        engine: &EngineConfig,
        memory_limit: u64,
        record: Option<TraceBudget>,
        meter: Rc<Meter>,
    ) -> Self {
        let task = target.subject.task();
        let unit = task.unit;
        let uniform = target.subject.has_uniform_cost();
        let run: Box<dyn Run> = match record {
            None => {
                let observe = Box::new(|_: &Policy| NoObserver);
                Box::new(Planner::new(task, instance, engine, uniform, memory_limit, observe))
            }
            Some(budget) => {
                let observe = Box::new(move |policy: &Policy| {
                    Recorder::new(budget.clone(), unit, policy.h_unit(unit), policy.weight())
                });
                Box::new(Planner::new(task, instance, engine, uniform, memory_limit, observe))
            }
        };
        Self { target, unit, run, meter, found: Vec::new(), recorded: None }
    }

    /// What can be claimed about its plan.
    pub(super) fn optimality(&self) -> Optimality {
        self.run.optimality()
    }

    /// What guides, or guided, the search of the engine that is shown.
    pub(super) fn guides(&self) -> Guides {
        self.run.guides()
    }

    /// Searches that the engine has begun.
    pub(super) fn passes(&self) -> u32 {
        self.run.passes()
    }

    /// Value of one unit of cost in the document's terms.
    pub(super) fn unit(&self) -> f64 {
        self.unit
    }

    /// The plans of an anytime engine so far; none of an engine that stops at the first.
    pub(super) fn improvements(&self) -> &[Improvement] {
        self.run.improvements()
    }

    /// The same, each with the time of work at which it was found.
    pub(super) fn improvements_with_times(&mut self) -> impl Iterator<Item = (&Improvement, Duration)> {
        self.stamp();
        self.run.improvements().iter().zip(self.found.iter().copied())
    }

    /// Records the time of plans that were found since the last slice. Between slices, the meter includes all
    /// of them.
    fn stamp(&mut self) {
        self.found.resize(self.run.improvements().len().max(self.found.len()), self.meter.worked());
    }

    /// How its heuristics began.
    pub(super) fn heuristics(&self) -> Vec<HeuristicReport> {
        self.run.heuristics(self.unit)
    }

    /// Stops the search for a better plan; answers the best plan so far, if there is one.
    pub(super) fn stop(&mut self) -> Option<Finished> {
        self.run.stop()
    }

    /// How the search stands, or stood when it ended.
    pub(super) fn figures(&self) -> Figures {
        self.run.figures(self.unit)
    }

    /// The recording, where there is one.
    pub(super) fn trace(&self) -> Option<&Trace> {
        self.run.trace().or(self.recorded.as_ref().map(Recorder::trace))
    }

    /// Releases the arenas; the figures and the recording are kept.
    pub(super) fn close(&mut self) {
        let closed = Closed {
            figures: Figures { memory_bytes: 0, ..self.figures() },
            optimality: self.optimality(),
            guides: self.guides(),
            passes: self.passes(),
            improvements: self.improvements().to_vec(),
            heuristics: self.heuristics(),
        };
        let run = std::mem::replace(&mut self.run, Box::new(closed));
        self.recorded = run.into_recorder().or(self.recorded.take());
    }

    /// An operator in the document's words.
    pub(super) fn step_of(&self, operator: u32) -> Option<Step> {
        self.target.subject.step(OperatorId(operator))
    }

    /// A fact of the task in the document's words.
    pub(super) fn fact_name(&self, fact: Fact) -> Option<String> {
        self.target.subject.fact_name(fact)
    }

    /// The document's words for a plan.
    pub(super) fn steps(&self, plan: &[OperatorId]) -> Vec<Step> {
        plan.iter().filter_map(|operator| self.step_of(operator.0)).collect()
    }
}

impl Stepper for GoalSearch {
    type Output = Finished;

    fn step(&mut self, budget: &mut Budget) -> Progress<Finished> {
        self.stamp();
        self.run.step(budget)
    }
}

impl Paced for GoalSearch {
    const HAS_EXPANSIONS: bool = true;

    fn expansions(&self) -> u64 {
        self.run.expansions()
    }

    fn is_mid_expansion(&self) -> bool {
        self.run.is_mid_expansion()
    }
}
