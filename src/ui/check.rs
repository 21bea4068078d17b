//! The findings about the texts on screen, and their places.

use crate::diagnostic::{Diagnostic, Span};
use crate::lang::{goap, pddl};
use crate::service::Problem;
use crate::view::format;

/// How far the checker is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CheckProgress {
    /// It has read all texts.
    #[default]
    Done,
    /// It reads a text that was opened or replaced as a whole.
    Reading,
    /// The texts are too large to be read with every edit.
    Waiting,
}

/// The checked texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// How far it is.
    pub progress: CheckProgress,
    /// Findings in order of place.
    pub found: Vec<Found>,
    /// Names of the state variables, of a GOAP document.
    pub variables: Vec<String>,
    /// Names of the goals, of a GOAP document.
    pub goals: Vec<String>,
    /// How large the model is, where there is no error.
    pub size: Option<String>,
}

/// A finding and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The finding; its span counts through all texts.
    pub diagnostic: Diagnostic,
    /// Where it is.
    pub place: Place,
}

/// A place in one of the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which text, by its index.
    pub index: usize,
    /// What the text is called; empty where there is one.
    pub name: &'static str,
    /// The span within it.
    pub span: Span,
    /// Its line, from 1.
    pub line: u32,
}

impl Place {
    /// As it is named in a list: `line 3`, or `domain, line 3`.
    pub fn words(self) -> String {
        let line = self.line.to_string();
        if self.name.is_empty() { ["line ", &line].concat() } else { [self.name, ", line ", &line].concat() }
    }

    /// What a button says that goes there.
    pub fn go_to(self) -> String {
        let line = self.line.to_string();
        if self.name.is_empty() {
            ["Go to line ", &line].concat()
        } else {
            ["Go to line ", &line, " of the ", self.name].concat()
        }
    }
}

impl Checked {
    /// What is known of texts that have not been read.
    pub fn not_yet(progress: CheckProgress) -> Self {
        Self { progress, ..Self::default() }
    }

    /// How many findings are errors.
    pub fn errors(&self) -> usize {
        self.found.iter().filter(|found| found.diagnostic.is_error()).count()
    }

    /// Findings about a GOAP document.
    pub fn goap(problem: &Problem, parsed: goap::Parsed) -> Self {
        let found = found(problem, parsed.diagnostics);
        let Some(model) = parsed.model else { return Self { found, ..Self::default() } };
        Self {
            found,
            variables: model.variables.iter().map(|variable| variable.name.clone()).collect(),
            goals: model.goals.iter().map(|goal| goal.name.clone()).collect(),
            size: Some(size(&[
                (model.variables.len(), "variable", "variables"),
                (model.actions.len(), "action", "actions"),
            ])),
            ..Self::default()
        }
    }

    /// Findings about a PDDL task.
    pub fn pddl(problem: &Problem, parsed: pddl::Parsed) -> Self {
        let size = parsed.model.map(|model| {
            size(&[(model.actions.len(), "action", "actions"), (model.objects.len(), "object", "objects")])
        });
        Self { found: found(problem, parsed.diagnostics), size, ..Self::default() }
    }
}

fn size(counts: &[(usize, &str, &str)]) -> String {
    let words = counts.iter().map(|(count, one, many)| format::plural(*count as u64, one, many));
    words.collect::<Vec<_>>().join(", ")
}

/// Findings with their places.
pub fn found(problem: &Problem, diagnostics: Vec<Diagnostic>) -> Vec<Found> {
    let spans: Vec<Span> = diagnostics.iter().map(|finding| finding.span).collect();
    let places = places(problem, &spans);
    diagnostics.into_iter().zip(places).map(|(diagnostic, place)| Found { diagnostic, place }).collect()
}

/// Where a span is.
pub fn place(problem: &Problem, span: Span) -> Place {
    places(problem, &[span]).remove(0)
}

/// Where spans are, each in its own text: O(bytes + spans · log spans) for all of them together.
fn places(problem: &Problem, spans: &[Span]) -> Vec<Place> {
    let (texts, sources) = (problem.texts(), problem.sources());
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|&at| spans[at]);
    let mut places = vec![Place { index: 0, name: "", span: Span::default(), line: 1 }; spans.len()];
    let (mut last, mut at, mut line) = (0, 0, 1);
    for one in order {
        let Some((index, span)) = sources.locate(spans[one]) else { continue };
        if index != last {
            (last, at, line) = (index, 0, 1);
        }
        let (name, text) = texts[index];
        let start = span.start as usize;
        line += text.get(at..start).map_or(0, |between| between.matches('\n').count()) as u32;
        at = start;
        places[one] = Place { index, name, span, line };
    }
    places
}
