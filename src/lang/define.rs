//! Finds where definitions of PDDL begin in a text, also where its brackets do not match.

use std::ops::Range;

/// Comments passed over to tell whether `define` begins a definition.
const COMMENTS_MAX: usize = 64;

/// What a definition is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definition {
    /// `(define (domain …) …)`
    Domain,
    /// `(define (problem …) …)`
    Problem,
}

/// The definitions of a text with the bytes of each, which end where the next one begins. The first one includes
/// the text before it. O(bytes).
pub fn definitions(text: &str) -> Vec<(Definition, Range<usize>)> {
    let mut found: Vec<(Definition, Range<usize>)> = Vec::new();
    let mut is_comment = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' | b'\r' => is_comment = false,
            b';' => is_comment = true,
            b'(' if !is_comment => {
                let Some(definition) = begun(&text[at + 1..]) else { continue };
                let start = if found.is_empty() { 0 } else { at };
                if let Some(last) = found.last_mut() {
                    last.1.end = at;
                }
                found.push((definition, start..text.len()));
            }
            _ => {}
        }
    }
    found
}

/// The definition that begins with an opening bracket, of which `text` is what follows.
fn begun(text: &str) -> Option<Definition> {
    let text = past_blank(text);
    let define = text.get(.."define".len()).filter(|word| word.eq_ignore_ascii_case("define"))?;
    named(&text[define.len()..])
}

/// What is defined in a text behind `define`.
pub fn named(text: &str) -> Option<Definition> {
    let kind = past_blank(past_blank(text).strip_prefix('(')?);
    let end = kind.find(|c: char| c.is_whitespace() || "();".contains(c)).unwrap_or(kind.len());
    let is = |word: &str| kind[..end].eq_ignore_ascii_case(word);
    if is("domain") { Some(Definition::Domain) } else { is("problem").then_some(Definition::Problem) }
}

/// The rest of a text behind whitespace and a few comments.
fn past_blank(mut text: &str) -> &str {
    for _ in 0..COMMENTS_MAX {
        text = text.trim_start();
        let Some(comment) = text.strip_prefix(';') else { return text };
        text = comment.split_once(['\n', '\r']).map_or("", |(_, rest)| rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Definition, definitions};

    #[test]
    fn definitions_are_found_behind_comments_and_broken_brackets() {
        let text = "; (define (domain no))\n(DEFINE ; x\n (Domain d) (:predicates (define ?define) (p)\n\
                    (define (problem p) (:goal (p)))";
        let found = definitions(text);
        let kinds: Vec<_> = found.iter().map(|one| one.0).collect();
        assert_eq!(kinds, [Definition::Domain, Definition::Problem]);
        assert!(found[0].1.start == 0 && text[found[1].1.clone()].starts_with("(define (problem"));
        assert_eq!(definitions("(define domain x)"), []);
        assert_eq!(definitions("{\"a\": 1}"), []);
    }
}
