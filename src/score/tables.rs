//! The tables of a comparison, whatever they are written as.

use super::{Comparison, Pair, Score};

/// A table of texts.
pub struct Table {
    /// What it shows.
    pub title: String,
    /// How it is read, in one sentence; empty where the title says all.
    pub note: &'static str,
    /// Headings; the first is that of the rows' names.
    pub columns: Vec<String>,
    /// Names and entries.
    pub rows: Vec<(String, Vec<Entry>)>,
}

/// An entry of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it says.
    pub text: String,
    /// Whether none beside it is better; nothing is where all are equal.
    pub is_best: bool,
}

impl Entry {
    fn plain(text: String) -> Self {
        Self { text, is_best: false }
    }
}

impl Comparison {
    /// One sentence about what is compared.
    pub(super) fn subject(&self) -> String {
        let count = |number: usize, one: &str, many: &str| {
            if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
        };
        let domains = self.domains.iter().filter(|domain| !domain.is_empty()).count();
        let domains =
            if domains == 0 { String::new() } else { format!(" of {}", count(domains, "domain", "domains")) };
        let tasks = count(self.tasks.len(), "task", "tasks");
        format!("{tasks}{domains}, {}", count(self.engines.len(), "engine", "engines"))
    }

    /// All tables: scores by engine; pairs, where there are several engines; by domain, where there are several.
    pub(super) fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.by_engine()];
        if self.engines.len() > 1 {
            tables.extend([
                self.by_pair(
                    "Faster",
                    "Tasks that both have a plan for, and the row's engine took less time than the column's.",
                    |pair| pair.faster,
                ),
                self.by_pair(
                    "Cheaper",
                    "Tasks that both have a plan for, and the row's costs less than the column's.",
                    |pair| pair.cheaper,
                ),
                self.by_pair(
                    "Solves more",
                    "Tasks that the row's engine has a plan for, and the column's has not.",
                    |pair| pair.solves_more,
                ),
            ]);
        }
        if self.domains.len() > 1 {
            tables.extend([
                self.by_domain("Plans by domain", |score| score.solved as f64, 0),
                self.by_domain("Agile scores by domain", |score| score.agile, 2),
                self.by_domain("Satisficing scores by domain", |score| score.satisficing, 2),
            ]);
        }
        tables
    }

    fn by_engine(&self) -> Table {
        let columns =
            ["engine", "runs", "plans", "coverage", "optimal", "unsolvable", "agile", "satisficing"];
        let scores: Vec<Score> = (0..self.engines.len()).map(|engine| self.score(engine, None)).collect();
        let tasks = self.tasks.len().max(1) as f64;
        let column =
            |of: fn(&Score) -> f64, digits: usize| ranked(&scores.iter().map(of).collect::<Vec<_>>(), digits);
        let solved = column(|score| score.solved as f64, 0);
        let optimal = column(|score| score.optimal as f64, 0);
        let agile = column(|score| score.agile, 2);
        let satisficing = column(|score| score.satisficing, 2);
        let row = |(at, score): (usize, &Score)| {
            let coverage = format!("{:.1} %", 100.0 * score.solved as f64 / tasks);
            let entries = vec![
                Entry::plain(score.runs.to_string()),
                solved[at].clone(),
                Entry { text: coverage, ..solved[at].clone() },
                optimal[at].clone(),
                Entry::plain(score.unsolvable.to_string()),
                agile[at].clone(),
                satisficing[at].clone(),
            ];
            (self.engines[at].clone(), entries)
        };
        Table {
            title: "Scores".to_owned(),
            note: "Sums over all tasks; what was not run counts as not solved.",
            columns: columns.map(str::to_owned).to_vec(),
            rows: scores.iter().enumerate().map(row).collect(),
        }
    }

    fn by_domain(&self, title: &str, of: fn(&Score) -> f64, digits: usize) -> Table {
        let row = |(at, domain): (usize, &String)| {
            let scores: Vec<f64> =
                (0..self.engines.len()).map(|engine| of(&self.score(engine, Some(at)))).collect();
            let name = if domain.is_empty() { "(none)" } else { domain };
            let mut entries = vec![Entry::plain(self.tasks(Some(at)).to_string())];
            entries.extend(ranked(&scores, digits));
            (name.to_owned(), entries)
        };
        let names = ["domain", "tasks"].map(str::to_owned).into_iter();
        Table {
            title: title.to_owned(),
            note: "",
            columns: names.chain(self.engines.iter().cloned()).collect(),
            rows: self.domains.iter().enumerate().map(row).collect(),
        }
    }

    fn by_pair(&self, title: &str, note: &'static str, of: fn(&Pair) -> usize) -> Table {
        let row = |(one, name): (usize, &String)| {
            let entry = |other: usize| {
                if one == other {
                    return Entry::plain("–".to_owned());
                }
                let (ahead, behind) = (of(&self.pair(one, other)), of(&self.pair(other, one)));
                Entry { text: ahead.to_string(), is_best: ahead > behind }
            };
            (name.clone(), (0..self.engines.len()).map(entry).collect())
        };
        Table {
            title: title.to_owned(),
            note,
            columns: ["engine".to_owned()].into_iter().chain(self.engines.iter().cloned()).collect(),
            rows: self.engines.iter().enumerate().map(row).collect(),
        }
    }
}

/// Numbers as texts, the greatest marked, unless they are all equal.
fn ranked(numbers: &[f64], digits: usize) -> Vec<Entry> {
    let texts: Vec<String> = numbers.iter().map(|number| format!("{number:.digits$}")).collect();
    let most = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let most = format!("{most:.digits$}");
    let are_equal = texts.iter().all(|text| *text == most);
    texts.into_iter().map(|text| Entry { is_best: !are_equal && text == most, text }).collect()
}
