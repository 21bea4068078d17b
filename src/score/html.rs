//! A comparison as one HTML page that needs nothing beside itself, in light and in dark.

use std::fmt::Write;

use super::markup::escaped;
use super::tables::Table;
use super::{Comparison, End, chart};

/// Tasks that are listed one by one at most.
const TASKS_MAX: usize = 2000;

/// The picture of plans over time, in user units.
const PICTURE: [f64; 2] = [760.0, 300.0];

const STYLE: &str = include_str!("report.css");

/// The page.
pub fn write(comparison: &Comparison) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Planscope report</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header><h1>Planscope report</h1><p>{}</p></header>\n<main>\n",
        escaped(&comparison.subject())
    );
    let mut tables = comparison.tables().into_iter();
    if let Some(scores) = tables.next() {
        section(&scores, &mut page);
    }
    let picture = chart::write(comparison, PICTURE);
    if !picture.is_empty() {
        let _ = write!(page, "<section><h2>Plans over time</h2>\n<figure>\n{picture}");
        legend(comparison, &mut page);
        page += "</figure></section>\n";
    }
    tables.for_each(|table| section(&table, &mut page));
    tasks(comparison, &mut page);
    let limit = comparison.limit;
    let _ = write!(
        page,
        "</main>\n<footer><p>Agile: 1 for a plan within a second, 1 − log t / log {limit} up to {limit} s. \
         Satisficing: C* / C, where C* is the cost of the cheapest plan of those compared. Both are summed \
         over tasks, as the International Planning Competition does. Time is that of all phases, \
         without waiting; of a compiled task that engines share, each is counted its compiling.</p></footer>\n</body>\n</html>\n"
    );
    page
}

fn section(table: &Table, page: &mut String) {
    let _ = writeln!(page, "<section><h2>{}</h2>", escaped(&table.title));
    if !table.note.is_empty() {
        let _ = writeln!(page, "<p>{}</p>", table.note);
    }
    page.push_str("<div class=\"wide\"><table>\n<thead><tr>");
    for column in &table.columns {
        let _ = write!(page, "<th scope=\"col\">{}</th>", escaped(column));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for (name, entries) in &table.rows {
        let _ = write!(page, "<tr><th scope=\"row\">{}</th>", escaped(name));
        for entry in entries {
            let class = if entry.is_best { " class=\"best\"" } else { "" };
            let _ = write!(page, "<td{class}>{}</td>", escaped(&entry.text));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></div></section>\n");
}

fn legend(comparison: &Comparison, page: &mut String) {
    page.push_str("<figcaption>");
    for (at, engine) in comparison.engines().iter().enumerate() {
        let class = chart::class(at);
        let _ = write!(
            page,
            "<span><svg viewBox=\"0 0 24 8\"><path class=\"{class}\" d=\"M1 4H23\"/></svg>{}</span>",
            escaped(engine)
        );
    }
    page.push_str("</figcaption>\n");
}

/// What each engine came to on each task.
fn tasks(comparison: &Comparison, page: &mut String) {
    let count = comparison.tasks.len();
    let _ = writeln!(page, "<section><details><summary>All tasks ({count})</summary>");
    page.push_str("<p>Cost of the plan, and time.</p>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">task</th>");
    for engine in comparison.engines() {
        let _ = write!(page, "<th scope=\"col\">{}</th>", escaped(engine));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for (at, task) in comparison.tasks.iter().enumerate().take(TASKS_MAX) {
        let _ = write!(page, "<tr><th scope=\"row\">{}</th>", escaped(&task.name));
        for engine in 0..comparison.engines().len() {
            let _ = match comparison.cell(at, engine) {
                None => write!(page, "<td class=\"none\">not run</td>"),
                Some(cell) => {
                    let time = chart::seconds_text(cell.seconds);
                    match cell.end {
                        End::Plan { cost, optimal } => {
                            let cost = shortened(cost);
                            let star = if optimal { "<abbr title=\"proven optimal\">*</abbr>" } else { "" };
                            write!(page, "<td>{cost}{star} <small>{time}</small></td>")
                        }
                        End::Unsolvable => {
                            write!(page, "<td class=\"none\">unsolvable <small>{time}</small></td>")
                        }
                        End::Open => write!(page, "<td class=\"none\">no plan <small>{time}</small></td>"),
                    }
                }
            };
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></div>\n");
    if let Some(more @ 1..) = count.checked_sub(TASKS_MAX) {
        let _ = writeln!(page, "<p>{more} more tasks are counted above and not listed.</p>");
    }
    page.push_str("</details></section>\n");
}

/// A cost with three decimals at most.
fn shortened(cost: f64) -> String {
    let text = format!("{cost:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
