//! A comparison as text, for a terminal.

use std::fmt::Write;

use super::Comparison;
use super::tables::Table;

/// Tables with aligned columns.
pub fn write(comparison: &Comparison) -> String {
    let mut text = format!("{}\n", comparison.subject());
    for table in comparison.tables() {
        let _ = write!(text, "\n{}\n", table.title);
        if !table.note.is_empty() {
            let _ = writeln!(text, "{}", table.note);
        }
        rows(&table, &mut text);
    }
    text
}

fn rows(table: &Table, text: &mut String) {
    let all: Vec<Vec<&str>> = std::iter::once(table.columns.iter().map(String::as_str).collect())
        .chain(table.rows.iter().map(|(name, entries)| {
            std::iter::once(name.as_str()).chain(entries.iter().map(|entry| entry.text.as_str())).collect()
        }))
        .collect();
    let width = |column: usize| all.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..table.columns.len()).map(width).collect();
    for row in &all {
        let mut line = String::new();
        for (at, (entry, width)) in row.iter().zip(&widths).enumerate() {
            let _ = if at == 0 { write!(line, "{entry:<width$}") } else { write!(line, "  {entry:>width$}") };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}
