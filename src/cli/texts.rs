//! Which of the files that were given is the domain, and which the problem.

use crate::diagnostic::{Diagnostic, Span};
use crate::lang::bytes::Other;
use crate::lang::define::{Definition, definitions};

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// Its name as it was typed.
    pub name: String,
    /// What it says.
    pub text: String,
    /// What of it was not UTF-8.
    pub other: Option<Other>,
}

impl Text {
    /// The warning about bytes that are not UTF-8, where the text starts at `start` among all texts.
    pub fn warning(&self, code: &str, start: u32) -> Option<Diagnostic> {
        let mut warning = self.other?.warning(code);
        warning.span = Span { start: warning.span.start + start, end: warning.span.end + start };
        Some(warning)
    }
}

/// The domain, then the problem, however they were given: in one file, or the other way round. What is neither
/// stays as it is.
pub(super) fn in_order(mut files: Vec<Text>) -> Vec<Text> {
    let kinds: Vec<Vec<Definition>> =
        files.iter().map(|file| definitions(&file.text).into_iter().map(|one| one.0).collect()).collect();
    let kinds: Vec<&[Definition]> = kinds.iter().map(Vec::as_slice).collect();
    match &kinds[..] {
        [[Definition::Domain, Definition::Problem] | [Definition::Problem, Definition::Domain]] => {
            let file = files.remove(0);
            split(&file)
        }
        [[Definition::Problem], [Definition::Domain]] => {
            files.reverse();
            files
        }
        _ => files,
    }
}

/// A domain and a problem that stand in one file. Each keeps its lines and columns: where the other stands, there
/// is nothing but blanks.
fn split(file: &Text) -> Vec<Text> {
    let mut found = definitions(&file.text);
    found.sort_by_key(|one| one.0 != Definition::Domain);
    let part = |range: std::ops::Range<usize>| {
        let blank = |c: char| if matches!(c, '\n' | '\r') { c } else { ' ' };
        let mut text: String = file.text[..range.start].chars().map(blank).collect();
        let before = text.len();
        text.push_str(&file.text[range.clone()]);
        let other = file.other.and_then(|other| match other {
            Other::Windows1252(span) => {
                let at = range.contains(&(span.start as usize)).then(|| span.start as usize - range.start)?;
                let length = (span.end - span.start) as usize;
                Some(Other::Windows1252(Span::new(before + at, before + at + length)))
            }
            Other::Utf16 => (range.start == 0).then_some(other),
        });
        Text { name: file.name.clone(), text, other }
    };
    found.into_iter().map(|one| part(one.1)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Text, in_order};
    use crate::diagnostic::Span;
    use crate::lang::bytes::Other;

    const DOMAIN: &str = "(define (domain d) (:predicates (p)))";
    const PROBLEM: &str = "(define (problem q) (:domain d) (:goal (p)))";

    fn file(text: &str) -> Text {
        Text { name: "x".into(), text: text.into(), other: None }
    }

    #[test]
    fn a_file_of_both_is_split_and_keeps_its_places() {
        for (first, second) in [(DOMAIN, PROBLEM), (PROBLEM, DOMAIN)] {
            let text = format!("; grüße\n{first} \n {second}");
            let at = text.rfind("(define").expect("the second");
            let other = Some(Other::Windows1252(Span::new(at + 1, at + 3)));
            let parts = in_order(vec![Text { other, ..file(&text) }]);
            assert_eq!(parts.len(), 2);
            assert!(parts[0].text.contains(DOMAIN) && !parts[0].text.contains(":goal"));
            assert!(parts[1].text.contains(PROBLEM) && !parts[1].text.contains(":predicates"));
            let late = &parts[usize::from(second == PROBLEM)];
            assert!(late.text.starts_with("       \n ") && late.text.ends_with(&format!("\n {second}")));
            let Some(Other::Windows1252(span)) = late.other else { panic!("{late:?}") };
            assert_eq!(span.of(&late.text), "de");
        }
    }

    #[test]
    fn files_that_are_swapped_are_put_in_order() {
        let in_turn = |files: [&str; 2]| {
            in_order(files.map(file).to_vec()).into_iter().map(|one| one.text).collect::<Vec<_>>()
        };
        assert_eq!(in_turn([PROBLEM, DOMAIN]), [DOMAIN, PROBLEM]);
        assert_eq!(in_turn([DOMAIN, PROBLEM]), [DOMAIN, PROBLEM]);
        assert_eq!(in_turn([PROBLEM, PROBLEM]), [PROBLEM, PROBLEM]);
        assert_eq!(in_turn(["{}", DOMAIN]), ["{}", DOMAIN]);
    }
}
