//! A comparison as text, for a terminal, and as Markdown.

use std::fmt::Write;

use super::comparison::{Comparison, MEAN_MAX, Pair, WORST_MAX};
use super::lab::{Machine, Platform};
use super::report::{Report, Row};
use super::workload::{Judged, Kind, Unit};

const COLUMNS: [&str; 7] =
    ["Workload", "Natively", "In a browser", "Ratio", "Allowed natively", "In a browser", "Kept"];
/// How many columns there are where one platform was measured.
const COLUMNS_OF_ONE: [&str; 5] = ["Workload", "Median", "Middle half", "Allowed", "Kept"];

/// A table with aligned columns, and what was measured by what. Either report may be missing.
pub fn table(native: Option<&Report>, browser: Option<&Report>) -> String {
    let (columns, rows) = cells(native, browser);
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].as_str()).chain([columns[column]]);
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let mut text = String::new();
    let mut line = |cells: Vec<&str>| {
        let mut line = String::new();
        for (at, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let _ = if at == 0 { write!(line, "{cell:<width$}") } else { write!(line, "  {cell:>width$}") };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    };
    line(columns.clone());
    for row in &rows {
        line(row.iter().map(String::as_str).collect());
    }
    text.push('\n');
    for sentence in sentences(native, browser) {
        text.push_str(&sentence);
        text.push('\n');
    }
    text
}

/// The same as Markdown.
pub fn markdown(native: Option<&Report>, browser: Option<&Report>) -> String {
    let (columns, rows) = cells(native, browser);
    let mut text = format!("| {} |\n|---|{}\n", columns.join(" | "), "--:|".repeat(columns.len() - 1));
    for row in &rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    for sentence in sentences(native, browser) {
        let _ = write!(text, "\n{sentence}\n");
    }
    text
}

/// The heads of the columns, and the cells of each row.
fn cells(native: Option<&Report>, browser: Option<&Report>) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let both = Comparison::new(native, browser);
    let kept = |kept: Option<bool>| kept.map_or("", |kept| if kept { "yes" } else { "NO" }).to_owned();
    match (native, browser) {
        (Some(_), Some(_)) => {
            let row = |pair: &Pair| {
                let median = |platform| {
                    pair.row(platform).map_or("–".to_owned(), |row| with_unit(row.judged(), row.unit))
                };
                vec![
                    pair.label.clone(),
                    median(Platform::Native),
                    median(Platform::Browser),
                    pair.ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
                    allowed(pair, Platform::Native),
                    allowed(pair, Platform::Browser),
                    kept(pair.kept()),
                ]
            };
            (COLUMNS.to_vec(), both.pairs.iter().map(row).collect())
        }
        _ => {
            let platform = if native.is_some() { Platform::Native } else { Platform::Browser };
            let row = |pair: &Pair| {
                let row = pair.row(platform)?;
                let spread = row.spread;
                let half = format!("{} to {}", figure(spread.lower), with_unit(spread.upper, row.unit));
                Some(vec![
                    name(row),
                    with_unit(row.judged(), row.unit),
                    half,
                    allowed(pair, platform),
                    kept(row.kept),
                ])
            };
            (COLUMNS_OF_ONE.to_vec(), both.pairs.iter().filter_map(row).collect())
        }
    }
}

/// What it is, and which of its figures is shown where that is not the median.
fn name(row: &Row) -> String {
    match row.judged {
        Judged::Median => row.label.clone(),
        Judged::Worst => format!("{} (worst round)", row.label),
    }
}

fn allowed(pair: &Pair, platform: Platform) -> String {
    let Some(limit) = pair.allowed(platform) else { return String::new() };
    let sign = if pair.unit.is_rate() { "≥" } else { "≤" };
    format!("{sign} {}", with_unit(limit, pair.unit))
}

/// What stands below a table.
fn sentences(native: Option<&Report>, browser: Option<&Report>) -> Vec<String> {
    let both = Comparison::new(native, browser);
    let mut sentences = Vec::new();
    if let (Some(mean), Some(worst)) = (both.mean, both.worst) {
        let count = both.pairs.iter().filter(|pair| pair.kind == Kind::Computing && pair.ratio.is_some());
        sentences.push(format!(
            "What computes takes {mean:.2} times as long in the browser, as the geometric mean of {} rows \
             (allowed: {MEAN_MAX}), and {worst:.2} times at worst (allowed: {WORST_MAX}).",
            count.count()
        ));
    }
    let (kept, said) = both.kept();
    sentences.push(format!("{kept} of {said} rows that have a limit are within it."));
    for report in [native, browser].into_iter().flatten() {
        sentences.push(origin(report));
        let skipped = report.skipped.iter();
        sentences
            .extend(skipped.map(|skipped| format!("Not measured: {}: {}.", skipped.name, skipped.reason)));
    }
    sentences
}

/// By what a report was measured, and when.
fn origin(report: &Report) -> String {
    let Machine { platform, name, threads, target, build } = &report.machine;
    let place = match platform {
        Platform::Native => "Natively",
        Platform::Browser => "In the browser",
    };
    let end = if report.complete { "" } else { " It was ended early." };
    let threads = if *threads == 0 { String::new() } else { format!(", {threads} threads") };
    format!(
        "{place}: {name}{threads}, {target}; {build}; measured {} in {:.0} s.{end}",
        report.measured, report.seconds
    )
}

fn with_unit(value: f64, unit: Unit) -> String {
    format!("{} {unit}", figure(value))
}

/// A figure with three digits, at least.
fn figure(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
