//! Files that import one another in a circle: none can be read, or tested, without the others.
//!
//! A folder's `mod.rs` stands for its whole folder and is left out: what it re-exports counts as imported
//! from the file that has it. Items under `#[cfg(test)]` are left out too.

use std::collections::{BTreeMap, BTreeSet};

use super::{Token, blank, group, module_path, tokens, without_tests};

/// A path from the crate root, or a module's.
type Path = Vec<String>;

/// The circles among `files`, each a path below `src/` and a text; a circle is a sorted list of its files.
pub fn circles(files: &[(String, String)]) -> Vec<Vec<String>> {
    let sources = Sources::read(files);
    let imports: BTreeMap<&str, BTreeSet<&str>> =
        sources.modules.values().map(|source| (source.file, sources.imported(source))).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        imports.keys().map(|&file| (file, reachable(&imports, file))).collect();
    let mut found = BTreeSet::new();
    for (&file, own) in &reached {
        let circle: Vec<String> = own
            .iter()
            .filter(|&&other| reached[other].contains(file))
            .map(|&other| other.to_owned())
            .collect();
        if circle.len() > 1 {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

/// All that is imported from `file` on; the file itself only where it is imported again.
fn reachable<'a>(imports: &BTreeMap<&'a str, BTreeSet<&'a str>>, file: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = imports[file].iter().copied().collect();
    while let Some(file) = next.pop() {
        if reached.insert(file) {
            next.extend(&imports[file]);
        }
    }
    reached
}

struct Source<'a> {
    file: &'a str,
    module: Path,
    /// The paths that it names, from the crate root.
    names: Vec<Path>,
    /// What it re-exports: a name, and where that comes from.
    exports: Vec<(String, Path)>,
}

impl Source<'_> {
    fn stands_for_its_folder(&self) -> bool {
        self.file.ends_with("mod.rs") || matches!(self.file, "lib.rs" | "ui/main.rs")
    }
}

struct Sources<'a> {
    modules: BTreeMap<Path, Source<'a>>,
}

impl<'a> Sources<'a> {
    fn read(files: &'a [(String, String)]) -> Self {
        let known: BTreeSet<Path> = files.iter().map(|(file, _)| module_path(file)).collect();
        let is_test = |file: &str| file.split('/').any(|part| part == "tests.rs" || part == "tests");
        let read = |(file, text): &'a (String, String)| {
            let module = module_path(file);
            let code = without_tests(&blank(text));
            let tokens = tokens(&code);
            let (names, exports) = names_and_exports(&tokens, &module, &known);
            (module.clone(), Source { file, module, names, exports })
        };
        Self { modules: files.iter().filter(|(file, _)| !is_test(file)).map(read).collect() }
    }

    /// The files that a source names, without those that stand for their folder.
    fn imported(&self, source: &Source) -> BTreeSet<&'a str> {
        let named = source.names.iter().filter_map(|path| self.home(path, 0));
        let others = named.filter(|home| home.module != source.module && !source.stands_for_its_folder());
        others.filter(|home| !home.stands_for_its_folder()).map(|home| home.file).collect()
    }

    /// Where what a path names is written down.
    fn home(&self, path: &[String], steps: usize) -> Option<&Source<'a>> {
        let length = (0..=path.len()).rev().find(|&length| self.modules.contains_key(&path[..length]))?;
        let source = &self.modules[&path[..length]];
        let (Some(name), true) = (path.get(length), steps < 8) else { return Some(source) };
        let exported = source.exports.iter().find(|(known, _)| known == name);
        exported.map_or(Some(source), |(_, from)| self.home(from, steps + 1))
    }
}

fn names_and_exports(
    tokens: &[Token],
    module: &[String],
    known: &BTreeSet<Path>,
) -> (Vec<Path>, Vec<(String, Path)>) {
    let (mut names, mut exports) = (Vec::new(), Vec::new());
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |at| tokens[at].text);
        if before == "::" || tokens.get(at + 1).is_none_or(|next| next.text != "::") {
            continue;
        }
        let base = match token.text {
            "crate" | "planscope" => Vec::new(),
            "self" => module.to_vec(),
            "super" => module[..module.len().saturating_sub(1)].to_vec(),
            name => {
                let child = [module, &[name.to_owned()]].concat();
                if !known.contains(&child) {
                    continue;
                }
                child
            }
        };
        let first = names.len();
        expand(&tokens[at + 2..], base, &mut names);
        let is_public = before == "use" && at >= 2 && matches!(tokens[at - 2].text, "pub" | ")");
        if is_public {
            exports
                .extend(names[first..].iter().filter_map(|path| Some((path.last()?.clone(), path.clone()))));
        }
    }
    (names, exports)
}

/// All paths that a path with groups in braces stands for.
fn expand(tokens: &[Token], mut base: Path, found: &mut Vec<Path>) {
    let Some(token) = tokens.first() else { return };
    match token.text {
        "super" => {
            base.pop();
            expand(tokens.get(2..).unwrap_or_default(), base, found);
        }
        "{" => {
            for member in group(tokens)
                .into_iter()
                .filter(|member| member.first().is_some_and(|first| first.text != "}"))
            {
                expand(member, base.clone(), found);
            }
        }
        "self" | "*" => found.push(base),
        name => {
            base.push(name.to_owned());
            if tokens.get(1).is_some_and(|next| next.text == "::") {
                expand(tokens.get(2..).unwrap_or_default(), base, found);
            } else {
                found.push(base);
            }
        }
    }
}

#[test]
fn a_circle_is_found_through_groups_and_what_a_folder_re_exports() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let files = [
        file("lib.rs", "pub mod a;"),
        file("a/mod.rs", "mod one; mod two; mod three; pub use one::One;"),
        file("a/one.rs", "use super::{two::Two, three}; pub struct One(Two);"),
        file("a/two.rs", "pub struct Two(Box<super::One>);"),
        file(
            "a/three.rs",
            "// use super::one::One;\npub struct Three; #[cfg(test)] mod tests { use super::super::One; }",
        ),
    ];
    assert_eq!(circles(&files), [["a/one.rs", "a/two.rs"]]);
}
