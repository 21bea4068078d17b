//! A batch: tasks by engines, what each run came to, and what that says of the engines. Pure, as all of `view`.

use std::collections::HashSet;

use crate::score::{Comparison, End, Run};
use crate::search::Outcome;
use crate::view::{format, words};

/// Seconds up to which a plan has an agile score, as the agile tracks of planning competitions have it.
pub const AGILE_SECONDS: f64 = 300.0;

/// How a run ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ended {
    /// The outcome; `None` where the task has errors, or could not be read.
    pub outcome: Option<Outcome>,
    /// What that means here, in a sentence.
    pub message: String,
    /// Seconds of work in all phases but the next.
    pub own_seconds: f64,
    /// Seconds of compiling the task; of a run that found it compiled, what it took another one.
    pub compile_seconds: f64,
    /// The plan's cost, where there is one.
    pub cost: Option<f64>,
    /// Its steps.
    pub steps: usize,
    /// Whether it is proven optimal.
    pub optimal: bool,
    /// States expanded.
    pub expanded: u64,
}

impl Ended {
    /// Seconds of work in all phases.
    pub fn seconds(&self) -> f64 {
        self.own_seconds + self.compile_seconds
    }
}

/// One engine on one task.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Not run yet.
    #[default]
    Waiting,
    /// Under way.
    Running,
    /// Over.
    Ended(Ended),
}

impl Cell {
    /// How the run ended, where it has.
    pub fn ended(&self) -> Option<&Ended> {
        match self {
            Self::Ended(ended) => Some(ended),
            _ => None,
        }
    }
}

/// What the cells of the table show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Milliseconds of work.
    #[default]
    Milliseconds,
    /// The plan's cost.
    Cost,
    /// The plan's steps.
    Steps,
    /// States expanded.
    Expanded,
}

impl Shown {
    /// In the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Milliseconds, Self::Cost, Self::Steps, Self::Expanded];

    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Milliseconds => "Time in ms",
            Self::Cost => "Cost of the plan",
            Self::Steps => "Steps of the plan",
            Self::Expanded => "States expanded",
        }
    }

    /// The figure of a run with a plan.
    pub fn figure(self, ended: &Ended) -> f64 {
        match self {
            Self::Milliseconds => ended.seconds() * 1e3,
            Self::Cost => ended.cost.unwrap_or(0.0),
            Self::Steps => ended.steps as f64,
            Self::Expanded => ended.expanded as f64,
        }
    }

    /// The figure as the table shows it.
    pub fn text(self, ended: &Ended) -> String {
        match self {
            Self::Milliseconds => milliseconds(ended.seconds()),
            Self::Cost => format!("{}{}", format::cost(self.figure(ended)), proven(ended)),
            Self::Steps | Self::Expanded => format::count(self.figure(ended) as u64),
        }
    }
}

fn proven(ended: &Ended) -> &'static str {
    if ended.optimal { " =" } else { "" }
}

fn milliseconds(seconds: f64) -> String {
    let ms = seconds * 1e3;
    if ms < 9.95 { format!("{ms:.1}") } else { format::count(ms.round() as u64) }
}

/// A batch as it stands: a row for each task, a column for each engine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// Names of the tasks.
    pub tasks: Vec<String>,
    /// Names of the engines.
    pub engines: Vec<String>,
    /// By task, then engine.
    pub cells: Vec<Vec<Cell>>,
}

/// What has become of the runs of a batch so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Runs that there are to be.
    pub runs: usize,
    /// Those that have ended.
    pub done: usize,
    /// Those that are under way.
    pub running: usize,
    /// Of each outcome that there is, its count; errors last.
    pub outcomes: Vec<(Option<Outcome>, usize)>,
    /// Seconds of work of the runs that have ended.
    pub worked: f64,
}

impl Matrix {
    /// All cells, with their places.
    fn cells(&self) -> impl Iterator<Item = (usize, usize, &Cell)> {
        self.cells
            .iter()
            .enumerate()
            .flat_map(|(task, row)| row.iter().enumerate().map(move |(engine, cell)| (task, engine, cell)))
    }

    /// Puts in how a run ended. A task is compiled once for all engines: each of them is charged for that.
    pub fn end(&mut self, task: usize, engine: usize, ended: Ended) {
        let Some(row) = self.cells.get_mut(task) else { return };
        let Some(cell) = row.get_mut(engine) else { return };
        *cell = Cell::Ended(ended);
        let compiling = |cell: &Cell| cell.ended().map_or(0.0, |ended| ended.compile_seconds);
        let most = row.iter().map(compiling).fold(0.0, f64::max);
        for cell in row {
            if let Cell::Ended(ended) = cell {
                ended.compile_seconds = most;
            }
        }
    }

    /// Counts the runs.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for (_, _, cell) in self.cells() {
            tally.runs += 1;
            tally.running += usize::from(*cell == Cell::Running);
            let Some(ended) = cell.ended() else { continue };
            tally.done += 1;
            tally.worked += ended.seconds();
            match tally.outcomes.iter_mut().find(|(known, _)| *known == ended.outcome) {
                Some((_, count)) => *count += 1,
                None => tally.outcomes.push((ended.outcome, 1)),
            }
        }
        tally.outcomes.sort_by_key(|&(outcome, _)| place(outcome));
        tally
    }

    /// The engine with the least figure on a task, among those with a plan; of several, the first.
    pub fn best(&self, task: usize, shown: Shown) -> Option<usize> {
        let figures = self.cells.get(task)?.iter().enumerate().filter_map(|(engine, cell)| {
            let ended = cell.ended().filter(|ended| ended.cost.is_some())?;
            Some((engine, shown.figure(ended)))
        });
        let least = figures.reduce(|one, other| if other.1 < one.1 { other } else { one });
        least.map(|(engine, _)| engine)
    }

    /// What is to be said of a task, in a sentence.
    pub fn sentence(&self, task: usize) -> String {
        let name = &self.tasks[task];
        let row = &self.cells[task];
        let Some(fastest) = self.best(task, Shown::Milliseconds) else {
            let ended = row.iter().filter(|cell| cell.ended().is_some()).count();
            return match ended {
                0 => format!("{name} has not been run yet"),
                _ => format!("{name}: no engine has a plan"),
            };
        };
        let Some(ended) = row[fastest].ended() else { return name.clone() };
        let cheapest = self.best(task, Shown::Cost).and_then(|best| row[best].ended());
        let least = cheapest.and_then(|cheapest| cheapest.cost).unwrap_or(0.0);
        let cost = ended.cost.unwrap_or(0.0);
        let beyond = cost - least;
        let than = if beyond > 1e-9 * least.max(1.0) {
            format!(", {} more than the cheapest", format::cost(beyond))
        } else {
            ", and none is cheaper".to_owned()
        };
        let (engine, ms) = (&self.engines[fastest], milliseconds(ended.seconds()));
        format!("{name}, fastest by {engine} in {ms} ms: cost {}{than}", format::cost(cost))
    }

    /// The runs that have ended, to be compared. Those of tasks with errors are left out.
    pub fn comparison(&self) -> Comparison {
        let runs = self.cells().filter_map(|(task, engine, cell)| {
            let ended = cell.ended()?;
            let end = match (ended.outcome?, ended.cost) {
                (Outcome::Solved, Some(cost)) => End::Plan { cost, optimal: ended.optimal },
                (Outcome::Unsolvable, _) => End::Unsolvable,
                (Outcome::Cancelled, _) => return None,
                _ => End::Open,
            };
            // A name is not a path here.
            let name = self.tasks[task].replace('/', "∕");
            Some(Run { task: name, engine: self.engines[engine].clone(), seconds: ended.seconds(), end })
        });
        Comparison::new(runs, AGILE_SECONDS)
    }

    /// Of each engine, its median of seconds over the runs with a plan.
    pub fn median(&self, engine: usize) -> Option<f64> {
        let cells = self.cells.iter().filter_map(|row| row.get(engine)?.ended());
        let mut seconds: Vec<f64> = cells.filter(|ended| ended.cost.is_some()).map(Ended::seconds).collect();
        seconds.sort_by(f64::total_cmp);
        let (low, high) = (seconds.get(seconds.len().checked_sub(1)? / 2)?, seconds.get(seconds.len() / 2)?);
        Some(f64::midpoint(*low, *high))
    }

    /// Runs with a plan, of an engine.
    pub fn solved(&self, engine: usize) -> usize {
        let has_plan = |row: &&Vec<Cell>| {
            row.get(engine).and_then(Cell::ended).is_some_and(|ended| ended.cost.is_some())
        };
        self.cells.iter().filter(has_plan).count()
    }

    /// All runs that have ended as comma-separated values (RFC 4180), a line each.
    pub fn csv(&self) -> String {
        let mut text = "task,engine,outcome,seconds,cost,steps,optimal,expanded\n".to_owned();
        for (task, engine, cell) in self.cells() {
            let Some(ended) = cell.ended() else { continue };
            let outcome = ended.outcome.map_or("Errors", words::outcome);
            let (cost, steps) = match ended.cost {
                Some(cost) => (cost.to_string(), ended.steps.to_string()),
                None => Default::default(),
            };
            text += &[
                field(&self.tasks[task]),
                field(&self.engines[engine]),
                outcome.to_owned(),
                format!("{:.6}", ended.seconds()),
                cost,
                steps,
                ended.optimal.to_string(),
                ended.expanded.to_string(),
            ]
            .join(",");
            text.push('\n');
        }
        text
    }
}

/// Names of which some may be equal, made distinct: runs are compared by the names of their tasks.
pub fn distinct(names: Vec<String>) -> Vec<String> {
    let mut known = HashSet::new();
    let distinct = |name: String| {
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| known.insert(name.clone()));
        free.unwrap_or(name)
    };
    names.into_iter().map(distinct).collect()
}

/// A field of comma-separated values. One that a spreadsheet would take for a formula is made a text.
fn field(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    crate::score::csv::field(&guarded)
}

fn place(outcome: Option<Outcome>) -> usize {
    const ORDER: [Outcome; 8] = [
        Outcome::Solved,
        Outcome::Unsolvable,
        Outcome::Exhausted,
        Outcome::TimeLimit,
        Outcome::MemoryLimit,
        Outcome::NegativeCost,
        Outcome::Cancelled,
        Outcome::Fault,
    ];
    outcome.map_or(ORDER.len(), |outcome| {
        ORDER.iter().position(|known| *known == outcome).unwrap_or(ORDER.len())
    })
}

/// Seconds until a batch is done, where runs go on taking as long as they did: `at_once` of them share one thread,
/// so what counts is the work that is left. `None` before the first has ended.
pub fn seconds_left(tally: &Tally, elapsed: f64) -> Option<f64> {
    let left = tally.runs.checked_sub(tally.done)?;
    (tally.done > 0).then(|| elapsed / tally.done as f64 * left as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(seconds: f64, cost: f64) -> Cell {
        Cell::Ended(Ended {
            outcome: Some(Outcome::Solved),
            message: String::new(),
            own_seconds: seconds,
            compile_seconds: 0.0,
            cost: Some(cost),
            steps: 3,
            optimal: false,
            expanded: 10,
        })
    }

    fn end(outcome: Option<Outcome>) -> Cell {
        let Cell::Ended(ended) = plan(2.0, 0.0) else { unreachable!("it has ended") };
        Cell::Ended(Ended { outcome, cost: None, steps: 0, ..ended })
    }

    fn matrix() -> Matrix {
        Matrix {
            tasks: vec!["Ferry".into(), "=Gates, \"two\"".into(), "Hanoi".into()],
            engines: vec!["A".into(), "B".into()],
            cells: vec![
                vec![plan(0.25, 10.0), plan(0.0004, 12.0)],
                vec![end(Some(Outcome::TimeLimit)), end(None)],
                vec![Cell::Running, Cell::Waiting],
            ],
        }
    }

    #[test]
    fn runs_are_counted_by_outcome() {
        let tally = matrix().tally();
        assert_eq!((tally.runs, tally.done, tally.running), (6, 4, 1));
        assert_eq!(tally.outcomes, [(Some(Outcome::Solved), 2), (Some(Outcome::TimeLimit), 1), (None, 1)]);
        assert_eq!(seconds_left(&tally, 8.0), Some(4.0));
        assert_eq!(seconds_left(&Tally { runs: 6, ..Tally::default() }, 8.0), None);
    }

    #[test]
    fn the_best_of_a_row_has_a_plan_and_the_least_figure() {
        let matrix = matrix();
        assert_eq!(matrix.best(0, Shown::Milliseconds), Some(1));
        assert_eq!(matrix.best(0, Shown::Cost), Some(0));
        assert_eq!(matrix.best(1, Shown::Milliseconds), None);
        assert_eq!(matrix.sentence(0), "Ferry, fastest by B in 0.4 ms: cost 12, 2 more than the cheapest");
        assert_eq!(matrix.sentence(2), "Hanoi has not been run yet");
        assert_eq!((matrix.solved(0), matrix.median(0)), (1, Some(0.25)));
        assert_eq!(matrix.median(1), Some(0.0004));
    }

    #[test]
    fn every_engine_is_charged_for_compiling_its_task() {
        let mut matrix = matrix();
        let of = |cell: &Cell| cell.ended().map(|ended| (ended.own_seconds, ended.compile_seconds));
        let Cell::Ended(ended) = plan(1.0, 10.0) else { unreachable!("it has ended") };
        matrix.end(0, 0, Ended { compile_seconds: 0.5, ..ended });
        assert_eq!(
            matrix.cells[0].iter().map(of).collect::<Vec<_>>(),
            [Some((1.0, 0.5)), Some((0.0004, 0.5))]
        );
        matrix.end(
            7,
            0,
            Ended { compile_seconds: 0.5, ..matrix.cells[0][0].ended().cloned().expect("ended") },
        );
        assert_eq!(matrix.cells.len(), 3, "a place that is not in the table changes nothing");
    }

    #[test]
    fn engines_are_scored_on_what_they_were_run_on() {
        let comparison = matrix().comparison();
        let score = comparison.score(0, None);
        assert_eq!((score.runs, score.solved), (2, 1), "the run with errors and those to come do not count");
        assert!((comparison.score(1, None).satisficing - 10.0 / 12.0).abs() < 1e-12);
    }

    #[test]
    fn tasks_of_one_name_are_told_apart() {
        let names = ["Ferry", "Hanoi", "Ferry", "Ferry (2)", "Ferry"].map(str::to_owned).to_vec();
        assert_eq!(distinct(names), ["Ferry", "Hanoi", "Ferry (2)", "Ferry (2) (2)", "Ferry (3)"]);
    }

    #[test]
    fn the_table_is_safe_in_a_spreadsheet() {
        let text = matrix().csv();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[1], "Ferry,A,Solved,0.250000,10,3,false,10");
        assert_eq!(lines[3], "\"'=Gates, \"\"two\"\"\",A,Time limit,2.000000,,,false,10");
    }
}
