//! Pure: runs of engines on tasks to scores and tables, as planning competitions have them.
//!
//! Nothing is read or written here, and no clock is asked: a run comes with its seconds. What is compared is
//! every engine on every task that any of them was run on; a run that is missing counts as one without a plan.

pub mod chart;
pub mod csv;
pub mod html;
pub mod text;

mod markup;
mod pairs;
mod tables;

use std::collections::HashMap;

pub use pairs::Pair;

/// One engine on one task.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The task. What stands before its last `/`, if there is one, is its domain.
    pub task: String,
    /// The engine.
    pub engine: String,
    /// Seconds of work: the sum of the phases.
    pub seconds: f64,
    /// How it ended.
    pub end: End,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// With a plan.
    Plan {
        /// Its metric, not negative.
        cost: f64,
        /// Whether it is proven optimal.
        optimal: bool,
    },
    /// With the proof that there is no plan.
    Unsolvable,
    /// Without either.
    Open,
}

/// The agile score of a run with a plan after `seconds`, of at most `limit` seconds: 1 where it took less than
/// one second, 1 − log(t) / log(T) up to the limit T, 0 beyond. The agile tracks of the International Planning
/// Competitions of 2018 and 2023 sum it over tasks, with T = 300 (<https://ipc2023-classical.github.io>).
/// `limit` is greater than 1.
///
/// ```
/// use planscope::score::agile;
/// assert_eq!([agile(0.2, 300.0), agile(1.0, 300.0), agile(300.0, 300.0)], [1.0, 1.0, 0.0]);
/// assert!((agile(10.0, 100.0) - 0.5).abs() < 1e-12);
/// ```
pub fn agile(seconds: f64, limit: f64) -> f64 {
    if seconds <= 1.0 {
        return 1.0;
    }
    (1.0 - libm::log(seconds) / libm::log(limit)).max(0.0)
}

/// The satisficing score of a plan of this cost where the cheapest of those compared costs `reference`: C* / C.
/// The satisficing tracks of the International Planning Competitions since 2008 sum it over tasks, where C* is
/// the cost of the best plan known (<https://ipc2023-classical.github.io>); here it is the best of those
/// compared, so scores of different comparisons are not comparable. Costs of zero are as good as each other.
///
/// ```
/// use planscope::score::satisficing;
/// assert_eq!([satisficing(10.0, 10.0), satisficing(20.0, 10.0), satisficing(0.0, 0.0)], [1.0, 0.5, 1.0]);
/// ```
pub fn satisficing(cost: f64, reference: f64) -> f64 {
    if cost <= reference { 1.0 } else { reference / cost }
}

/// Costs that differ by no more than rounding: plans of the same steps in another order are as cheap.
fn is_cheaper(cost: f64, other: f64) -> bool {
    cost < other - 1e-9 * other.abs().max(1.0)
}

/// A run without its names.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cell {
    seconds: f64,
    end: End,
}

impl Cell {
    fn cost(self) -> Option<f64> {
        if let End::Plan { cost, .. } = self.end { Some(cost) } else { None }
    }
}

/// A task by name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Task {
    name: String,
    /// Index into the domains.
    domain: usize,
}

/// Runs side by side.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Seconds, greater than 1.
    limit: f64,
    /// In the order in which they were met, as the rest.
    engines: Vec<String>,
    domains: Vec<String>,
    tasks: Vec<Task>,
    /// Of each task, its runs: indexed by engine, where there is one.
    cells: Vec<Vec<Option<Cell>>>,
}

/// Scores of one engine, summed over tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Runs that there are.
    pub runs: usize,
    /// Runs with a plan.
    pub solved: usize,
    /// Those whose plan is proven optimal.
    pub optimal: usize,
    /// Runs with the proof that there is no plan.
    pub unsolvable: usize,
    /// Sum of [`agile`].
    pub agile: f64,
    /// Sum of [`satisficing`].
    pub satisficing: f64,
}

impl Comparison {
    /// Compares runs; of two by one engine on one task the first counts. `limit` is that of [`agile`], in
    /// seconds; one that is not greater than 1 counts as 300.
    pub fn new(runs: impl IntoIterator<Item = Run>, limit: f64) -> Self {
        let limit = if limit > 1.0 { limit } else { 300.0 };
        let (engines, domains, tasks, cells) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut comparison = Self { limit, engines, domains, tasks, cells };
        let (mut engines, mut domains, mut tasks) = (Names::default(), Names::default(), Names::default());
        for run in runs {
            let engine = engines.number(&run.engine, &mut comparison.engines);
            let mut names = Vec::new();
            let task = tasks.number(&run.task, &mut names);
            if task == comparison.tasks.len() {
                let domain = run.task.rsplit_once('/').map_or("", |(domain, _)| domain);
                let domain = domains.number(domain, &mut comparison.domains);
                comparison.tasks.push(Task { name: run.task, domain });
                comparison.cells.push(Vec::new());
            }
            let cells = &mut comparison.cells[task];
            if cells.len() <= engine {
                cells.resize(engine + 1, None);
            }
            cells[engine].get_or_insert(Cell { seconds: run.seconds, end: run.end });
        }
        comparison
    }

    /// The engines, in the order in which they were met.
    pub fn engines(&self) -> &[String] {
        &self.engines
    }

    /// The domains, in the order in which they were met; a task without one has the empty domain.
    pub fn domains(&self) -> &[String] {
        &self.domains
    }

    /// Tasks, of one domain or of all.
    pub fn tasks(&self, domain: Option<usize>) -> usize {
        self.of(domain).count()
    }

    /// The scores of an engine, on one domain or on all; both are indices.
    pub fn score(&self, engine: usize, domain: Option<usize>) -> Score {
        let mut score = Score::default();
        for task in self.of(domain) {
            let Some(cell) = self.cell(task, engine) else { continue };
            score.runs += 1;
            match cell.end {
                End::Plan { cost, optimal } => {
                    score.solved += 1;
                    score.optimal += usize::from(optimal);
                    score.agile += agile(cell.seconds, self.limit);
                    score.satisficing += satisficing(cost, self.cheapest(task).unwrap_or(cost));
                }
                End::Unsolvable => score.unsolvable += 1,
                End::Open => {}
            }
        }
        score
    }

    fn of(&self, domain: Option<usize>) -> impl Iterator<Item = usize> {
        let is_in = move |task: &usize| domain.is_none_or(|domain| self.tasks[*task].domain == domain);
        (0..self.tasks.len()).filter(is_in)
    }

    fn cell(&self, task: usize, engine: usize) -> Option<Cell> {
        self.cells[task].get(engine).copied().flatten()
    }

    /// The cost of the cheapest plan for a task.
    fn cheapest(&self, task: usize) -> Option<f64> {
        self.cells[task].iter().flatten().filter_map(|cell| cell.cost()).reduce(f64::min)
    }
}

/// Numbers names in the order in which they are met.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    /// The number of a name; one that is met for the first time goes behind `all`.
    fn number(&mut self, name: &str, all: &mut Vec<String>) -> usize {
        if let Some(&known) = self.0.get(name) {
            return known;
        }
        let number = self.0.len();
        self.0.insert(name.to_owned(), number);
        all.push(name.to_owned());
        number
    }
}
