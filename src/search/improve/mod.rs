//! Making a plan cheaper by planning parts of it anew.
//!
//! A *window* is a run of a plan's steps. Whatever leads from the state before it to what the steps behind it
//! need, for less than it costs, makes the plan cheaper. Windows are runs of the plan as it is, or steps that
//! depend on each other, moved together along the plan's partial order ([`order`]); each is a bounded-cost
//! subtask, solved by lazy weighted A* with FF. Which kind of window goes next is decided by what each has gained
//! for its work ([`arms`]). After BDPO2 (Siddiqui & Haslum 2015), with one planner for the subtasks; Nakhost &
//! Müller (2010) improve plans from a neighbourhood instead.
//!
//! A plan counts only when it was replayed from the initial state. It is a stepper, bounded in memory, and
//! draws from a seeded generator: however the work is sliced, it finds the same plans.

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

use super::engine::{Finished, SearchEnd};
use super::lazy::Lazy;
use super::observer::NoObserver;
use super::ordering::Ordering;
use super::statistics::Statistics;
use crate::hash::{self, SplitMix64};
use crate::heuristic::{Heuristic, Measure, OverRelaxation, Preparation};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Conjunction, Instance, OperatorId, Task};

/// Longer plans are left as they are.
const LENGTH_MAX: usize = 5_000;
/// Windows that failed and are remembered, so that none is tried twice.
const TRIED_MAX: usize = 1 << 16;
/// Bytes that the search of a window may take.
const WINDOW_BYTES: u64 = 256 << 20;
/// Weights of h, one of them drawn for each window.
const WEIGHTS: [f64; 3] = [1.0, 2.0, 5.0];

/// What a try came to.
#[derive(Debug)]
pub(super) enum Try {
    /// Nothing cheaper.
    Failed,
    /// A cheaper plan.
    Better(Finished),
    /// It cannot go on: there is no plan, it is too long, or there is no room.
    Over,
}

/// A window that is being planned anew.
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
    /// The states along a plan are being found, the next step is given: of the plan itself, of the same with a
    /// window moved together, or of a new plan.
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

/// What a walk is for.
enum Purpose {
    /// To take the plan.
    Take,
    /// To look for a window in it.
    Open(Attempt),
    /// To see whether the plan is one, and cheaper.
    Check(Attempt),
}

/// Makes a plan cheaper and cheaper.
pub(super) struct Improver {
    task: Arc<Task>,
    instance: Instance,
    memory_limit: u64,
    cells: Cells,
    ordering: Ordering,
    random: SplitMix64,
    path: Path,
    order: Option<Order>,
    arms: Arms,
    tried: HashSet<u64>,
    heuristic: Option<Box<dyn Heuristic>>,
    evaluation_units: u64,
    stage: Stage,
    statistics: Statistics,
    /// Work of all tries, in units; the same however it was sliced.
    work: u64,
    /// Of the tries before this one.
    work_before: u64,
    scratch: Vec<u64>,
}

impl Improver {
    /// For plans of an instance; it has none yet. `memory_limit` is in bytes.
    pub(super) fn new(task: &Arc<Task>, instance: &Instance, ordering: Ordering, memory_limit: u64) -> Self {
        let measure = Measure::PlusOne;
        Self {
            cells: Cells::new(task),
            ordering,
            random: SplitMix64::new(ordering.seed()),
            path: Path::default(),
            order: None,
            arms: Arms::new(),
            tried: HashSet::new(),
            heuristic: None,
            evaluation_units: 1,
            stage: Stage::Preparing(Preparation::new(task, instance, measure, OverRelaxation::Ff)),
            statistics: Statistics::default(),
            work: 0,
            work_before: 0,
            scratch: instance.initial.clone(),
            task: Arc::clone(task),
            instance: instance.clone(),
            memory_limit: memory_limit.min(WINDOW_BYTES),
        }
    }

    /// Takes another plan, between two tries.
    pub(super) fn take(&mut self, plan: &Finished) {
        self.path = Path::new(plan.plan.clone());
        self.order = None;
    }

    /// What its plan costs; 0 before that is known.
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

    /// Work of all tries that are over, in units; however it was sliced, it is the same.
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

    /// Tries a window while the budget lasts.
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
        if preparation.step(budget, self.memory_limit).is_err() {
            return Some(Try::Over);
        }
        if let Preparation::Ready(heuristic) = preparation {
            self.evaluation_units = heuristic.evaluation_units().max(1);
            self.heuristic = Some(heuristic);
            self.stage = Stage::Idle;
        } else {
            self.stage = Stage::Preparing(preparation);
        }
        None
    }

    /// Draws a window.
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
        let (arm, kind) = self.arms.choose(length, self.evaluation_units, self.order.is_some());
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

    /// A path at its beginning.
    fn started(&self, steps: Vec<OperatorId>) -> Path {
        Path::new(steps).from(&self.instance.initial)
    }

    /// Goes on along a path, and to what it is for.
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

    /// Begins to plan a window anew; `path` is that of its steps.
    fn open(&mut self, mut attempt: Attempt, path: &Path) -> Option<Try> {
        let (from, until) = (attempt.window.from, attempt.window.until);
        let bound = path.cost_of(from, until);
        let goal = self.needed(path, until);
        attempt.key = self.key(&attempt, path.state(from, &self.task), &goal, bound);
        if bound == 0 || self.tried.contains(&attempt.key) {
            return Some(self.failed(attempt.arm));
        }
        let instance = Instance { initial: path.state(from, &self.task).to_vec(), goal };
        let ordering = self.ordering.lazy_weighted(WEIGHTS[attempt.weight]);
        let heuristic = self.aimed(&instance);
        let search =
            Lazy::new(&self.task, instance, vec![heuristic], ordering, self.memory_limit, NoObserver);
        let search = search.with_bound(bound).with_evaluations(attempt.kind.evaluations);
        self.stage = Stage::Searching { attempt, search: Box::new(search) };
        None
    }

    /// What the steps from `until` on need, and the goal.
    fn needed(&mut self, path: &Path, until: usize) -> Conjunction {
        if until == path.steps.len() {
            return self.instance.goal.clone();
        }
        let mut needed = vec![false; self.cells.len()];
        self.cells.condition(&self.instance.goal, &mut |cell| needed[cell as usize] = true);
        for step in (until..path.steps.len()).rev() {
            self.cells.regress(path.steps[step], path.state(step, &self.task), &mut needed);
        }
        self.cells.goal(&needed, path.state(until, &self.task))
    }

    /// What tells a try from others.
    fn key(&self, attempt: &Attempt, state: &[u64], goal: &Conjunction, bound: i64) -> u64 {
        let dynamic = &state[..self.task.layout.dynamic_words()];
        let mut key = hash::mix(hash::words(dynamic), bound as u64);
        key = hash::mix(key, attempt.weight as u64);
        key = hash::mix(key, attempt.kind.evaluations);
        for fact in &goal.facts {
            key = hash::mix(key, u64::from(fact.variable.0) << 32 | u64::from(fact.value));
        }
        // Other conditions are those of the plan's own goal, or equal the values behind the window.
        goal.tests.iter().fold(key, |key, test| match test.right {
            crate::task::Operand::Constant(value) => hash::mix(key, value.as_f64().to_bits()),
            _ => key,
        })
    }

    /// FF for a window: the one that is there where it can be aimed at the goal, else one of its own.
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

    /// What the search of a window came to.
    fn searched(&mut self, attempt: Attempt, search: Lazy<NoObserver>, found: &Finished) -> Option<Try> {
        let statistics = search.statistics();
        self.statistics = self.statistics.plus(statistics);
        self.work += search.work_units();
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

    /// Takes a new plan where it is one, and cheaper.
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
