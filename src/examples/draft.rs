//! A problem's text as it grows: objects, facts and goals, wrapped into short lines.

use std::fmt::{Arguments, Write as _};

/// Characters of a line at most, unless a single item is longer.
const LINE_MAX: usize = 100;

/// The parts of a problem.
#[derive(Default)]
pub(super) struct Draft {
    objects: String,
    init: String,
    goal: String,
    /// A fluent to minimize; empty for none.
    pub(super) metric: &'static str,
}

impl Draft {
    /// Declares an object; its type follows with [`kind`](Self::kind).
    pub(super) fn object(&mut self, name: Arguments<'_>) {
        push(&mut self.objects, name);
    }

    /// Declares the type of the objects since the last one.
    pub(super) fn kind(&mut self, name: &str) {
        push(&mut self.objects, format_args!("- {name}\n   "));
    }

    /// Declares `count` objects that are called by `prefix` and their index.
    pub(super) fn objects(&mut self, prefix: &str, count: u32, kind: &str) {
        for index in 0..count {
            self.object(format_args!("{prefix}{index}"));
        }
        self.kind(kind);
    }

    /// Adds what holds at the start.
    pub(super) fn init(&mut self, fact: Arguments<'_>) {
        push(&mut self.init, fact);
    }

    /// Adds what is to hold in the end.
    pub(super) fn goal(&mut self, condition: Arguments<'_>) {
        push(&mut self.goal, condition);
    }

    /// The text of the problem.
    pub(super) fn finish(self, example: &str, size: u32, size_label: &str, seed: u64) -> String {
        let metric = if self.metric.is_empty() {
            String::new()
        } else {
            format!("\n  (:metric minimize ({}))", self.metric)
        };
        format!(
            "; Made by Planscope: size {size} ({size_label}), seed {seed}.\n\
             (define (problem {example}-{size}-{seed})\n  (:domain {example})\n  \
             (:objects\n   {})\n  (:init\n   {})\n  (:goal (and\n   {})){metric})\n",
            self.objects.trim_end(),
            self.init,
            self.goal,
        )
    }
}

/// Adds an item to the line, or to a new one if it would be too long.
fn push(text: &mut String, item: Arguments<'_>) {
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    let at = text.len();
    // Writing to a string does not fail.
    let _ = write!(text, " {item}");
    if text.len() - line > LINE_MAX {
        text.insert_str(at, "\n   ");
    }
}
