//! Files that come in together: what each of them is, and the documents they make.
//!
//! A domain and a problem of PDDL are told apart by what they say, not by their names, and paired by the
//! domain that the problem names.

use crate::lang::define::{Definition, definitions};
use crate::lang::letters;

/// Most bytes of a GOAP document.
pub const GOAP_BYTES: usize = 1 << 20;
/// Most bytes of a file of PDDL.
pub const PDDL_BYTES: usize = 16 << 20;
/// Words of a file that are looked at to tell what it is.
const WORDS: usize = 400;

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A document to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its name.
    pub name: String,
    /// The GOAP document, or the domain.
    pub text: String,
    /// The problem, of PDDL.
    pub problem: Option<String>,
}

/// A domain without a problem, or a problem without a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Half {
    /// 0 for a domain, 1 for a problem.
    pub index: usize,
    /// The file.
    pub file: File,
    /// The domain that it is or names.
    pub domain: Option<String>,
}

/// The documents that files make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    /// Whole documents.
    pub documents: Vec<Made>,
    /// Domains without a problem, and problems without a domain.
    pub halves: Vec<Half>,
    /// Remarks for the person who opened the files, in sentences.
    pub remarks: Vec<String>,
}

impl Half {
    /// What it is called.
    pub fn word(&self) -> &'static str {
        ["domain", "problem"][self.index]
    }

    /// The document that it makes by itself: a domain gets an empty problem of its own.
    pub fn alone(self) -> Made {
        let name = stem(&self.file.name);
        if self.index == 1 {
            return Made { name, text: String::new(), problem: Some(self.file.text) };
        }
        let domain = self.domain.unwrap_or_default();
        let lines =
            ["(define (problem new)\n  (:domain ", &domain, ")\n  (:objects)\n  (:init)\n  (:goal (and)))\n"];
        Made { name, text: self.file.text, problem: Some(lines.concat()) }
    }
}

/// Sorts files into documents.
pub fn sort(files: Vec<File>) -> Incoming {
    let mut incoming = Incoming::default();
    let (mut domains, mut problems) = (Vec::new(), Vec::new());
    for file in files.into_iter().flat_map(parted) {
        match kind(&file.text) {
            Some((index, domain)) => {
                let half = Half { index, file, domain };
                if index == 0 { domains.push(half) } else { problems.push(half) }
            }
            None if file.name.to_lowercase().ends_with(".pddl") => incoming.remarks.push(quoted(
                &file.name,
                " is not opened: it begins neither with (define (domain …) nor with (define (problem …).",
            )),
            None if file.text.len() > GOAP_BYTES => incoming
                .remarks
                .push(quoted(&file.name, " is larger than 1 MiB, the most a GOAP document may have.")),
            None => {
                incoming.documents.push(Made { name: stem(&file.name), text: file.text, problem: None });
            }
        }
    }
    pair(domains, problems, &mut incoming);
    incoming
}

/// A domain and a problem that stand in one file, as two; any other file as it is.
fn parted(file: File) -> Vec<File> {
    let found = definitions(&file.text);
    let is_task = matches!(
        found[..],
        [(Definition::Domain, _), (Definition::Problem, _)]
            | [(Definition::Problem, _), (Definition::Domain, _)]
    );
    if !is_task {
        return vec![file];
    }
    let part = |range: std::ops::Range<usize>| File {
        name: file.name.clone(),
        text: file.text[range].trim_end().to_owned() + "\n",
    };
    found.into_iter().map(|(_, range)| part(range)).collect()
}

fn pair(domains: Vec<Half>, problems: Vec<Half>, incoming: &mut Incoming) {
    let mut is_used = vec![false; domains.len()];
    let is_one_pair = domains.len() == 1 && problems.len() == 1;
    for problem in problems {
        let fits = |domain: &&Half| problem.domain.is_some() && domain.domain == problem.domain;
        let same = |domain: &Half| stem(&domain.file.name) == stem(&problem.file.name);
        let found = domains.iter().position(|domain| fits(&domain) && same(domain));
        let found = found.or_else(|| domains.iter().position(|domain| fits(&domain)));
        let wants = problem.domain.clone().unwrap_or_default();
        if found.is_none() && is_one_pair && problem.domain.is_some() {
            let is = domains[0].domain.as_deref().unwrap_or_default();
            let (domain, problem) = (&domains[0].file.name, &problem.file.name);
            let what =
                ["“", problem, "” is for the domain “", &wants, "”, and “", domain, "” is the domain “", is];
            incoming.remarks.push(what.concat() + "”. They are opened together as they are.");
        }
        match found.or(is_one_pair.then_some(0)) {
            Some(at) => {
                is_used[at] = true;
                incoming.documents.push(together(&domains[at], problem));
            }
            None => {
                if !domains.is_empty() {
                    let what = [" is for the domain “", &wants, "”, which is not among these files."];
                    incoming.remarks.push(quoted(&problem.file.name, &what.concat()));
                }
                incoming.halves.push(problem);
            }
        }
    }
    let unused = domains.into_iter().zip(is_used).filter(|(_, is_used)| !is_used);
    incoming.halves.extend(unused.map(|(domain, _)| domain));
}

fn together(domain: &Half, problem: Half) -> Made {
    let (of_domain, of_problem) = (stem(&domain.file.name), stem(&problem.file.name));
    let name = match &domain.domain {
        Some(declared) if of_domain != of_problem => [declared, ", ", of_problem.as_str()].concat(),
        _ => of_problem,
    };
    Made { name, text: domain.file.text.clone(), problem: Some(problem.file.text) }
}

/// What a file of PDDL is, 0 for a domain and 1 for a problem, and the domain that it is or names; `None`
/// for anything else. Names ignore case.
fn kind(text: &str) -> Option<(usize, Option<String>)> {
    let words: Vec<String> = Words(text.trim_start_matches('\u{feff}')).take(WORDS).collect();
    let [first, define, second, kind, ..] = &words[..] else { return None };
    if first != "(" || define != "define" || second != "(" {
        return None;
    }
    match kind.as_str() {
        "domain" => Some((0, words.get(4).cloned())),
        "problem" => {
            let at = words.iter().position(|word| word == ":domain");
            Some((1, at.and_then(|at| words.get(at + 1).cloned())))
        }
        _ => None,
    }
}

/// Brackets and words in lower case, without comments.
struct Words<'a>(&'a str);

impl Iterator for Words<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        loop {
            self.0 = self.0.trim_start();
            match self.0.strip_prefix(';') {
                Some(comment) => self.0 = comment.split_once('\n').map_or("", |(_, rest)| rest),
                None => break,
            }
        }
        let is_bracket = self.0.starts_with(['(', ')']);
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ';');
        let end = if is_bracket { 1 } else { self.0.find(ends).unwrap_or(self.0.len()) };
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        (end > 0).then(|| letters::fold(word).into_owned())
    }
}

/// The name of a document that comes from a file.
pub fn stem(file: &str) -> String {
    let ends = [".goap.json", ".jsonc", ".json", ".domain.pddl", ".problem.pddl", ".pddl"];
    let stem = ends.into_iter().find_map(|end| file.strip_suffix(end)).unwrap_or(file);
    if stem.trim().is_empty() { "Imported problem".into() } else { stem.to_owned() }
}

fn quoted(name: &str, what: &str) -> String {
    ["“", name, "”", what].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> File {
        File { name: name.into(), text: text.into() }
    }

    fn domain(file_name: &str, name: &str) -> File {
        file(file_name, &format!("; a comment (define (problem\n( DEFINE\n (Domain {name})\n)"))
    }

    fn problem(file_name: &str, domain: &str) -> File {
        file(file_name, &format!("(define (problem one) ; (:domain no)\n (:domain {domain}))"))
    }

    #[test]
    fn two_files_are_one_document_whatever_they_are_called() {
        let found = sort(vec![problem("a.txt", "Blocks"), domain("b.pddl", "blocks")]);
        assert_eq!(found.remarks, [""; 0]);
        let [made] = &found.documents[..] else { panic!("{found:?}") };
        assert_eq!(made.name, "blocks, a.txt");
        assert!(made.text.contains("Domain blocks"));
        assert!(made.problem.as_ref().is_some_and(|text| text.contains("problem one")));
    }

    #[test]
    fn files_of_one_name_make_a_document_of_that_name() {
        let found = sort(vec![domain("ferry.domain.pddl", "f"), problem("ferry.problem.pddl", "f")]);
        assert_eq!(found.documents[0].name, "ferry");
    }

    #[test]
    fn a_domain_and_a_problem_in_one_file_are_one_document() {
        let text =
            "; both\n(define (problem p) (:domain d))\n; then\n(define (domain d) (:predicates (p)))\n";
        let found = sort(vec![file("task.pddl", text)]);
        let [made] = &found.documents[..] else { panic!("{found:?}") };
        assert_eq!((made.name.as_str(), found.halves.len(), found.remarks.len()), ("task", 0, 0));
        assert_eq!(made.text, "(define (domain d) (:predicates (p)))\n");
        assert_eq!(made.problem.as_deref(), Some("; both\n(define (problem p) (:domain d))\n; then\n"));
    }

    #[test]
    fn several_pairs_are_several_documents() {
        let found = sort(vec![
            domain("d1.pddl", "one"),
            problem("p1.pddl", "one"),
            problem("p2.pddl", "two"),
            domain("d2.pddl", "two"),
            problem("p3.pddl", "two"),
            file("x.goap.json", "{}"),
        ]);
        let names: Vec<_> = found.documents.iter().map(|made| made.name.as_str()).collect();
        assert_eq!(names, ["x", "one, p1", "two, p2", "two, p3"]);
        assert_eq!((found.halves.len(), found.remarks.len()), (0, 0));
    }

    #[test]
    fn a_wrong_pair_is_opened_and_named() {
        let found = sort(vec![domain("d.pddl", "blocks"), problem("p.pddl", "ferry")]);
        assert_eq!(found.documents.len(), 1);
        assert_eq!(
            found.remarks,
            [
                "“p.pddl” is for the domain “ferry”, and “d.pddl” is the domain “blocks”. They are opened together as they are."
            ]
        );
    }

    #[test]
    fn what_lacks_its_other_half_is_said_so() {
        let found = sort(vec![domain("d.pddl", "a"), problem("p.pddl", "b"), problem("q.pddl", "a")]);
        assert_eq!(found.documents.len(), 1);
        assert_eq!(found.halves.len(), 1);
        assert_eq!(found.remarks, ["“p.pddl” is for the domain “b”, which is not among these files."]);
        let half = sort(vec![domain("d.pddl", "a")]).halves.remove(0);
        let made = half.alone();
        assert!(made.problem.is_some_and(|text| text.contains("(:domain a)")));
    }

    #[test]
    fn what_is_no_pddl_is_refused_where_its_name_says_so() {
        let found = sort(vec![file("x.pddl", "(defin (domain x))"), file("y.json", "(define")]);
        assert_eq!(found.documents.len(), 1);
        assert!(found.remarks[0].starts_with("“x.pddl” is not opened"));
        let large = sort(vec![file("large.json", &" ".repeat(GOAP_BYTES + 1))]);
        assert_eq!(large.remarks, ["“large.json” is larger than 1 MiB, the most a GOAP document may have."]);
    }
}
