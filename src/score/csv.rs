//! A comparison as comma-separated values (RFC 4180), one table for all of it.
//!
//! A row without `versus` has the scores of an engine: on one domain, or on all where `domain` is `*`. A row
//! with `versus` says how often the engine was ahead of that other one, on all tasks.

use super::{Comparison, Pair, Score};

const HEAD: &str =
    "domain,engine,versus,tasks,runs,plans,optimal,unsolvable,agile,satisficing,faster,cheaper,solves_more\n";

/// The table.
pub fn write(comparison: &Comparison) -> String {
    let mut text = HEAD.to_owned();
    let engines = comparison.engines();
    let domains = std::iter::once(None).chain((0..comparison.domains().len()).map(Some));
    for domain in domains {
        let name = domain.map_or("*", |at| comparison.domains()[at].as_str());
        let tasks = comparison.tasks(domain);
        for (at, engine) in engines.iter().enumerate() {
            let Score { runs, solved, optimal, unsolvable, agile, satisficing } =
                comparison.score(at, domain);
            let (name, engine) = (field(name), field(engine));
            text += &format!(
                "{name},{engine},,{tasks},{runs},{solved},{optimal},{unsolvable},{agile},{satisficing},,,\n"
            );
        }
    }
    for (one, engine) in engines.iter().enumerate() {
        for (other, versus) in engines.iter().enumerate().filter(|(other, _)| *other != one) {
            let Pair { faster, cheaper, solves_more } = comparison.pair(one, other);
            let (engine, versus) = (field(engine), field(versus));
            text += &format!("*,{engine},{versus},,,,,,,,{faster},{cheaper},{solves_more}\n");
        }
    }
    text
}

/// A field, in quotes where it has to be.
pub fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
