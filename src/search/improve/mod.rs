//! Makes a plan cheaper by replanning parts of it.
//!
//! A *window* is a run of consecutive steps of a plan. Its subtask leads from the state before it to what the steps
//! after it need; a cheaper plan for the subtask makes the whole plan cheaper. A window is taken from the plan as it
//! is, or after steps that depend on each other were moved together, as the partial [`order`] allows. Each subtask
//! has a bound on its cost and is solved by lazy weighted A* with FF. Which kind of window goes next depends on what
//! each kind has gained for its work ([`arms`]). After BDPO2 (Siddiqui & Haslum 2015), with one planner for the
//! subtasks; Nakhost & Müller (2010) improve plans from a neighbourhood instead.
//!
//! A new plan counts only after it was replayed. How the work is sliced does not change which plans are found.

mod arms;
mod cells;
mod order;
mod path;

use std::collections::HashSet;
use std::sync::Arc;

use arms::{Arms, Kind, Shape};
use cells::Cells;
use order::{Order, Window};
use path::Path;

use super::driven::Driven;
use super::finished::{Finished, SearchEnd};
use super::lazy::Lazy;
use super::observer::NoObserver;
use super::policy::Policy;
use super::statistics::Statistics;
use crate::hash::{self, SplitMix64};
use crate::heuristic::{Heuristic, Measure, OverRelaxation, Preparation};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Conjunction, Instance, OperatorId, Task};

/// Longer plans are left as they are.
const LENGTH_MAX: usize = 5_000;
/// How many failed windows are remembered, so that none of them is tried twice.
const TRIED_MAX: usize = 1 << 16;
/// Bytes that the search of a window may take.
const WINDOW_BYTES: u64 = 256 << 20;
/// Weights of h; one of them is drawn for each window.
const WEIGHTS: [f64; 3] = [1.0, 2.0, 5.0];

/// The result of replanning a window.
#[derive(Debug)]
pub(super) enum Try {
    /// No cheaper plan was found.
    Failed,
    /// A cheaper plan for the whole task.
    Better(Finished),
    /// No window can be replanned: the plan is empty or too long, or memory is short.
    Over,
}

/// A window that is being replanned.
struct Attempt {
    arm: usize,
    weight: usize,
    kind: Kind,
    window: Window,
    key: u64,
}

enum Stage {
    /// The heuristic is being set up.
    Preparing(Preparation),
    Idle,
    /// A plan is being replayed to compute its states; `next` says what for.
    Walking {
        path: Path,
        next: Purpose,
    },
    Searching {
        attempt: Attempt,
        search: Box<Lazy<NoObserver>>,
    },
    Over,
}

/// What a plan is replayed for.
enum Purpose {
    /// To make it the plan that windows are taken from.
    Take,
    /// To replan a window of it, whose steps were moved together.
    Open(Attempt),
    /// To check that it reaches the goal, and is cheaper.
    Check(Attempt),
}

/// Makes a plan cheaper and cheaper.
pub(super) struct Improver {
    task: Arc<Task>,
    instance: Instance,
    memory_limit: u64,
    /// Bytes that the other searches leave to it.
    pub(super) room: u64,
    cells: Cells,
    policy: Policy,
    random: SplitMix64,
    path: Path,
    order: Option<Order>,
    arms: Arms,
    tried: HashSet<u64>,
    heuristic: Option<Box<dyn Heuristic>>,
    stage: Stage,
    statistics: Statistics,
    /// Work of all windows, in units; slicing does not change it.
    work: u64,
    /// Work of the windows before the present one.
    work_before: u64,
    scratch: Vec<u64>,
}

impl Improver {
    /// An improver for plans of an instance, which has no plan yet. `memory_limit` is in bytes.
    pub(super) fn new(task: &Arc<Task>, instance: &Instance, policy: Policy, memory_limit: u64) -> Self {
        let measure = Measure::PlusOne;
        Self {
            cells: Cells::new(task),
            policy,
            random: SplitMix64::new(policy.seed()),
            path: Path::default(),
            order: None,
            arms: Arms::new(),
            tried: HashSet::new(),
            heuristic: None,
            stage: Stage::Preparing(Preparation::new(task, instance, measure, OverRelaxation::Ff)),
            statistics: Statistics::default(),
            work: 0,
            work_before: 0,
            scratch: instance.initial.clone(),
            task: Arc::clone(task),
            instance: instance.clone(),
            memory_limit: memory_limit.min(WINDOW_BYTES),
            room: u64::MAX,
        }
    }

    /// Makes another plan the one to be improved. Not while a window is being replanned.
    pub(super) fn take(&mut self, plan: &Finished) {
        self.path = Path::new(plan.plan.clone());
        self.order = None;
    }

    /// The cost of its plan; 0 before that is known.
    pub(super) fn cost(&self) -> i64 {
        self.path.cost()
    }

    /// Counters of all windows.
    pub(super) fn statistics(&self) -> Statistics {
        match &self.stage {
            Stage::Searching { search, .. } => self.statistics.plus(search.statistics()),
            _ => self.statistics,
        }
    }

    /// Work of all windows so far, in units; slicing does not change it.
    pub(super) fn work(&self) -> u64 {
        self.work
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> u64 {
        let heuristic = self.heuristic.as_ref().map_or(0, |heuristic| heuristic.memory_bytes());
        let stage = match &self.stage {
            Stage::Preparing(preparation) => preparation.memory_bytes(),
            Stage::Walking { path, .. } => path.memory_bytes(),
            Stage::Searching { search, .. } => search.memory_bytes(),
            Stage::Idle | Stage::Over => 0,
        };
        let order = self.order.as_ref().map_or(0, |order| order.size() as u64 * 8);
        heuristic + stage + order + self.path.memory_bytes() + self.tried.capacity() as u64 * 9
    }

    /// Works on the present window while the budget lasts.
    pub(super) fn step(&mut self, budget: &mut Budget) -> Progress<Try> {
        loop {
            if budget.is_spent() {
                return Progress::Pending;
            }
            let tried = match std::mem::replace(&mut self.stage, Stage::Over) {
                Stage::Over => Some(Try::Over),
                Stage::Preparing(preparation) => self.prepare(preparation, budget),
                Stage::Idle => self.begin(budget),
                Stage::Walking { path, next } => self.walk(path, next, budget),
                Stage::Searching { attempt, mut search } => match search.step(budget) {
                    Progress::Pending => {
                        self.stage = Stage::Searching { attempt, search };
                        return Progress::Pending;
                    }
                    Progress::Done(found) => self.searched(attempt, *search, &found),
                },
            };
            if let Some(tried) = tried {
                return Progress::Done(tried);
            }
        }
    }

    fn prepare(&mut self, mut preparation: Preparation, budget: &mut Budget) -> Option<Try> {
        if preparation.step(budget, self.memory_limit.min(self.room)).is_err() {
            return Some(Try::Over);
        }
        if let Preparation::Ready(heuristic) = preparation {
            self.heuristic = Some(heuristic);
            self.stage = Stage::Idle;
        } else {
            self.stage = Stage::Preparing(preparation);
        }
        None
    }

    /// Chooses the next window.
    fn begin(&mut self, budget: &mut Budget) -> Option<Try> {
        let length = self.path.steps.len();
        if length == 0 || length > LENGTH_MAX {
            return Some(Try::Over);
        }
        self.stage = Stage::Idle;
        if !self.path.has_begun() {
            let path = std::mem::take(&mut self.path);
            self.stage = Stage::Walking { path: self.started(path.steps), next: Purpose::Take };
            return None;
        }
        if self.order.is_none() && !self.cells.has_axioms() {
            let order = Order::new(&self.cells, &self.path.steps);
            budget.spend(order.size() as u64);
            self.order = Some(order);
        }
        let units = self.heuristic.as_ref().map_or(1, |heuristic| heuristic.evaluation_units().max(1));
        let (arm, kind) = self.arms.choose(length, units, self.order.is_some());
        self.work += length as u64 / 8 + 1;
        budget.spend(length as u64 / 8 + 1);
        let weight = self.random.below(WEIGHTS.len() as u64) as usize;
        let attempt = |window| Attempt { arm, weight, kind, window, key: 0 };
        match (kind.shape, &self.order) {
            (Shape::Related, Some(order)) => {
                let Some(window) = order.related(&self.path.steps, kind.length, &mut self.random) else {
                    return Some(self.failed(arm));
                };
                let path = self.started(window.steps.clone());
                self.stage = Stage::Walking { path, next: Purpose::Open(attempt(window)) };
                None
            }
            _ => {
                let most = kind.length.min(length);
                let from = self.random.below((length - most + 1) as u64) as usize;
                let window = Window { steps: self.path.steps.clone(), from, until: from + most };
                let path = std::mem::take(&mut self.path);
                let opened = self.open(attempt(window), &path);
                self.path = path;
                opened
            }
        }
    }

    /// The path of a plan, with its initial state.
    fn started(&self, steps: Vec<OperatorId>) -> Path {
        Path::new(steps).from(&self.instance.initial)
    }

    /// Continues replaying a plan, then does what it was replayed for.
    fn walk(&mut self, mut path: Path, next: Purpose, budget: &mut Budget) -> Option<Try> {
        while let Some(id) = path.next() {
            if budget.is_spent() {
                self.stage = Stage::Walking { path, next };
                return None;
            }
            budget.spend(1);
            self.work += 1;
            if !path.advance(&self.task, id, &mut self.scratch) {
                return Some(match next {
                    Purpose::Take => Try::Over,
                    Purpose::Open(attempt) | Purpose::Check(attempt) => self.failed(attempt.arm),
                });
            }
        }
        self.stage = Stage::Idle;
        match next {
            Purpose::Take => {
                self.path = path;
                None
            }
            Purpose::Open(attempt) => self.open(attempt, &path),
            Purpose::Check(attempt) => Some(self.check(&attempt, path)),
        }
    }

    /// Starts the search for a window's subtask; `path` is that of the whole plan.
    fn open(&mut self, mut attempt: Attempt, path: &Path) -> Option<Try> {
        let (from, until) = (attempt.window.from, attempt.window.until);
        let bound = path.cost_of(from, until);
        let goal = self.needed(path, until);
        attempt.key = self.key(&attempt, path.state(from, &self.task), &goal, bound);
        if bound == 0 || self.tried.contains(&attempt.key) {
            return Some(self.failed(attempt.arm));
        }
        let instance = Instance { initial: path.state(from, &self.task).to_vec(), goal };
        let policy = self.policy.lazy_weighted(WEIGHTS[attempt.weight]);
        let heuristic = self.aimed(&instance);
        let limit = self.memory_limit.min(self.room);
        let search = Lazy::new(&self.task, instance, heuristic, policy, limit, NoObserver);
        let search = search.with_bound(bound).with_evaluations(attempt.kind.evaluations);
        self.stage = Stage::Searching { attempt, search: Box::new(search) };
        None
    }

    /// The goal of the subtask that ends at `until`: what the later steps and the task's goal need.
    fn needed(&mut self, path: &Path, until: usize) -> Arc<Conjunction> {
        if until == path.steps.len() {
            return Arc::clone(&self.instance.goal);
        }
        let mut needed = vec![false; self.cells.len()];
        self.cells.condition(&self.instance.goal, &mut |cell| needed[cell as usize] = true);
        for step in (until..path.steps.len()).rev() {
            self.cells.regress(path.steps[step], path.state(step, &self.task), &mut needed);
        }
        self.cells.goal(&needed, path.state(until, &self.task)).into()
    }

    /// A hash of all that decides what comes of a window.
    fn key(&self, attempt: &Attempt, state: &[u64], goal: &Conjunction, bound: i64) -> u64 {
        let dynamic = &state[..self.task.layout.dynamic_words()];
        let mut key = hash::mix(hash::words(dynamic), bound as u64);
        key = hash::mix(key, attempt.weight as u64);
        key = hash::mix(key, attempt.kind.evaluations);
        for fact in &goal.facts {
            key = hash::mix(key, u64::from(fact.variable.0) << 32 | u64::from(fact.value));
        }
        // All other conditions are those of the task's own goal, or say that a slot has the value after the window.
        goal.tests.iter().fold(key, |key, test| match test.right {
            crate::task::Operand::Constant(value) => hash::mix(key, value.as_f64().to_bits()),
            _ => key,
        })
    }

    /// FF for a subtask: the present one where it can be aimed at the subtask's goal, else a fresh one.
    fn aimed(&mut self, instance: &Instance) -> Preparation {
        let goal = &instance.goal;
        let has_only_facts = goal.parts() == goal.facts.len();
        if has_only_facts && let Some(mut heuristic) = self.heuristic.take() {
            if heuristic.aim(&goal.facts) {
                return Preparation::Ready(heuristic);
            }
            self.heuristic = Some(heuristic);
        }
        Preparation::new(&self.task, instance, Measure::PlusOne, OverRelaxation::Ff)
    }

    /// Draws the conclusion from the search for a subtask.
    fn searched(&mut self, attempt: Attempt, search: Lazy<NoObserver>, found: &Finished) -> Option<Try> {
        let statistics = search.statistics();
        self.statistics = self.statistics.plus(statistics);
        self.work += search.core().work_units();
        let lent = search.into_heuristics().pop();
        self.heuristic = self.heuristic.take().or(lent);
        self.stage = Stage::Idle;
        if found.end != SearchEnd::Solved {
            if self.tried.len() >= TRIED_MAX {
                self.tried.clear();
            }
            self.tried.insert(attempt.key);
            return Some(self.failed(attempt.arm));
        }
        let Window { steps, from, until } = &attempt.window;
        let steps = [&steps[..*from], &found.plan, &steps[*until..]].concat();
        self.stage = Stage::Walking { path: self.started(steps), next: Purpose::Check(attempt) };
        None
    }

    /// Takes a replayed plan where it reaches the goal and is cheaper.
    fn check(&mut self, attempt: &Attempt, path: Path) -> Try {
        let length = path.steps.len();
        let is_plan = self.instance.goal.holds(&self.task.layout, path.state(length, &self.task));
        let (before, cost) = (self.path.cost(), path.cost());
        if !is_plan || cost >= before {
            return self.failed(attempt.arm);
        }
        self.note(attempt.arm, (before - cost) as f64 / before as f64);
        (self.path, self.order) = (path, None);
        Try::Better(Finished { end: SearchEnd::Solved, plan: self.path.steps.clone(), cost })
    }

    fn failed(&mut self, arm: usize) -> Try {
        self.stage = Stage::Idle;
        self.note(arm, 0.0);
        Try::Failed
    }

    fn note(&mut self, arm: usize, gain: f64) {
        let work = self.work - self.work_before;
        self.work_before = self.work;
        self.arms.note(arm, self.path.steps.len(), gain, work);
    }
}
