//! The layers of `src/` hold: what a module may import, where platforms and features are told apart, and
//! where clocks, threads, files and spawning may stand.
//!
//! Reads the sources as text: comments and literals are blanked, items under `#[cfg(test)]` left out. It
//! sees `crate::`, `super::` and, in the binaries, `planscope::` paths, groups in braces included; it does
//! not see what a macro of another crate would expand to. The page, a package of its own in `src/ui/`, sees
//! the modules of `planscope` as `crate::` paths too.
#![cfg(not(target_arch = "wasm32"))]

#[path = "layering/circles.rs"]
mod circles;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Each module of the crate root with what it may import beside itself, [`ANYWHERE`] included.
/// Imports point only upward in this list. A module that is not here fails.
const LAYERS: &[(&str, &[&str])] = &[
    ("diagnostic", &[]),
    ("hash", &[]),
    ("examples", &[]),
    ("step", &[]),
    ("task", &["step"]),
    ("lang", &["step", "diagnostic"]),
    ("ground", &["lang", "task", "step", "diagnostic"]),
    ("validate", &["lang", "step", "diagnostic"]),
    ("heuristic", &["task", "step"]),
    ("search", &["task", "heuristic", "step"]),
    ("trace", &["task", "search"]),
    ("plan", &["lang", "task", "heuristic", "validate", "step", "diagnostic"]),
    ("runtime", &["step"]),
    ("cache", &["task", "plan"]),
    ("store", &["plan", "diagnostic"]),
    ("service", ABOVE_SERVICE),
    ("parity", ABOVE_PARITY),
    ("score", &[]),
    // Plans hold values of the source model, so `view` may name `lang`.
    ("view", &["lang", "task", "heuristic", "search", "trace", "plan", "parity", "score", "diagnostic"]),
    ("ui", ABOVE_UI),
    ("serve", ABOVE_SERVE),
    ("cli", ABOVE_CLI),
    ("platform", EVERYTHING),
    ("lib", EVERYTHING),
    ("main", &["platform", "cli"]),
    // Where the page meets its platform: src/ui/mount.rs.
    ("mount", &["platform", "ui", "parity", "service", "store"]),
];

const ABOVE_SERVICE: &[&str] = &[
    "diagnostic",
    "step",
    "task",
    "lang",
    "ground",
    "validate",
    "heuristic",
    "search",
    "trace",
    "plan",
    "runtime",
    "cache",
    "store",
];
const ABOVE_PARITY: &[&str] =
    &["examples", "step", "task", "lang", "ground", "search", "plan", "runtime", "cache", "store", "service"];
const ABOVE_UI: &[&str] = &[
    "diagnostic",
    "examples",
    "step",
    "task",
    "lang",
    "ground",
    "validate",
    "heuristic",
    "search",
    "trace",
    "plan",
    "runtime",
    "cache",
    "store",
    "service",
    "parity",
    "score",
    "view",
];
const ABOVE_SERVE: &[&str] = &[
    "diagnostic",
    "step",
    "lang",
    "ground",
    "validate",
    "search",
    "plan",
    "runtime",
    "cache",
    "store",
    "service",
];
const ABOVE_CLI: &[&str] = &[
    "diagnostic",
    "examples",
    "step",
    "task",
    "lang",
    "ground",
    "validate",
    "heuristic",
    "search",
    "trace",
    "plan",
    "runtime",
    "cache",
    "store",
    "service",
    "parity",
    "score",
    "view",
    "serve",
];
const EVERYTHING: &[&str] = &[
    "diagnostic",
    "examples",
    "step",
    "task",
    "lang",
    "ground",
    "validate",
    "heuristic",
    "search",
    "trace",
    "plan",
    "runtime",
    "cache",
    "store",
    "service",
    "parity",
    "score",
    "view",
    "ui",
    "serve",
    "cli",
    "platform",
];
/// Any module may use these.
const ANYWHERE: &[&str] = &["hash"];

/// The page waits by the document's own timers (`leptos::set_timeout`): they belong to the DOM, which `ui/`
/// may use. Everything else waits through `runtime::Sleep`.
const DOM_TIMER: &str = "set_timeout";

/// Paths that reach a clock, a thread, a file or an executor, and where they may stand.
const PLATFORM_ONLY: &[(&str, &str)] = &[
    ("std::time::Instant", "read the clock through runtime::Clock"),
    ("std::time::SystemTime", "read the clock through runtime::Clock"),
    ("Instant::now", "read the clock through runtime::Clock"),
    ("SystemTime::now", "read the clock through runtime::Clock"),
    ("Date::now", "read the clock through runtime::Clock"),
    ("std::thread", "only platform/native starts threads"),
    ("std::fs", "the command line reads and writes through cli::Host"),
    ("std::net", "nothing here speaks to a network"),
    ("tokio", "only platform/native knows Tokio"),
    ("spawn_local", "only platform/ spawns"),
    ("gloo_timers", "wait through runtime::Sleep"),
    ("web_sys::window", "in ui/, the document is reached through leptos"),
];

#[test]
fn the_sources_keep_the_layers() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &root, &mut files);
    assert!(files.len() > 10, "found only {} sources", files.len());
    let mut faults = String::new();
    for (path, text) in &files {
        for fault in check(path, text) {
            writeln!(faults, "src/{path}:{fault}").expect("a string takes what is written");
        }
    }
    assert!(faults.is_empty(), "the layers are broken:\n{faults}");
}

#[test]
fn no_files_import_one_another_in_a_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &root, &mut files);
    let found = circles::circles(&files);
    let list: Vec<String> = found.iter().map(|circle| circle.join(" ")).collect();
    assert!(found.is_empty(), "{} circles:\n{}", found.len(), list.join("\n"));
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("src is readable").map(|entry| entry.expect("readable").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(root, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).expect("under src").to_string_lossy().replace('\\', "/");
            files.push((name, fs::read_to_string(&path).expect("sources are UTF-8")));
        }
    }
}

/// The faults of one source, `path` relative to `src/`, each as `line: message`.
fn check(path: &str, text: &str) -> Vec<String> {
    let module = module_path(path);
    let top = if path == "ui/mount.rs" { "mount" } else { module.first().map_or("lib", String::as_str) };
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == top) else {
        return vec![format!("1: unknown module `{top}`: give it a place in tests/layering.rs")];
    };
    if path.split('/').any(|part| part == "tests.rs" || part == "tests") {
        return Vec::new();
    }
    let code = without_tests(&blank(text));
    let tokens = tokens(&code);
    let mut faults = Vec::new();

    for import in imports(&tokens, &module) {
        let name = import.module.as_str();
        let known = LAYERS.iter().any(|(layer, _)| *layer == name);
        if !known {
            faults.push(format!("{}: `{name}` is no module of the crate root: name the module", import.line));
        } else if name != top && !allowed.contains(&name) && !ANYWHERE.contains(&name) {
            faults.push(format!("{}: `{top}` may not use `{name}`", import.line));
        }
    }
    faults.extend(check_cfg(path, &tokens, text));
    if top != "platform" {
        faults.extend(check_platform_only(&tokens));
        if top != "ui" {
            faults.extend(check_path(&tokens, DOM_TIMER, "wait through runtime::Sleep"));
        }
    }
    faults
}

/// `search/open/mod.rs` → `[search, open]`; `lib.rs` → `[]`; `ui/main.rs`, the root of the page's package,
/// → `[ui]`.
fn module_path(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") || parts == ["lib"] || parts == ["ui", "main"] {
        parts.pop();
    }
    parts
}

/// Where platforms and features may be told apart.
fn check_cfg(path: &str, tokens: &[Token], text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut faults = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if !matches!(token.text, "cfg" | "cfg_attr") {
            continue;
        }
        let open = at + 1 + usize::from(tokens.get(at + 1).is_some_and(|next| next.text == "!"));
        if tokens.get(open).is_none_or(|next| next.text != "(") {
            continue;
        }
        for inner in condition(&tokens[open..], token.text == "cfg_attr") {
            let is_target = inner.text.starts_with("target_") || matches!(inner.text, "unix" | "windows");
            let line = lines.get(inner.line - 1).map_or("", |line| line.trim());
            if is_target && path != "platform/mod.rs" {
                faults.push(format!("{}: only platform/mod.rs tells targets apart: {line}", inner.line));
            }
            let may = path == "lib.rs" || (path.starts_with("platform/") && path.ends_with("/mod.rs"));
            if inner.text == "feature" && !may {
                faults.push(format!(
                    "{}: only lib.rs and platform/**/mod.rs tell features apart: {line}",
                    inner.line
                ));
            }
        }
    }
    faults
}

/// The tokens of the condition after `cfg`: all in its parentheses, or, of `cfg_attr`, up to the comma.
fn condition<'a>(tokens: &'a [Token<'a>], first_only: bool) -> &'a [Token<'a>] {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if first_only && depth == 1 => return &tokens[..at],
            _ => {}
        }
        if depth == 0 {
            return &tokens[..at];
        }
    }
    tokens
}

fn check_platform_only(tokens: &[Token]) -> Vec<String> {
    PLATFORM_ONLY.iter().flat_map(|(path, instead)| check_path(tokens, path, instead)).collect()
}

fn check_path(tokens: &[Token], path: &str, instead: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let wanted: Vec<&str> = path.split("::").collect();
    for at in 0..tokens.len() {
        // A name of one segment stands for the crate or the function, not for a field or a local.
        let after = tokens.get(at + 1).map_or("", |token| token.text);
        let alone = wanted.len() == 1 && !matches!(after, "::" | "(" | "{" | "<");
        if !alone && names(&tokens[at..], &wanted) {
            faults.push(format!("{}: `{path}` stands only in platform/: {instead}", tokens[at].line));
        }
    }
    faults
}

/// Whether a path begins here that names `wanted`, in a group of braces or not.
fn names(tokens: &[Token], wanted: &[&str]) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return true };
    if tokens.first().is_none_or(|token| token.text != *first) {
        return false;
    }
    if rest.is_empty() {
        return true;
    }
    if tokens.get(1).is_none_or(|token| token.text != "::") {
        return false;
    }
    if tokens.get(2).is_none_or(|token| token.text != "{") {
        return names(&tokens[2..], rest);
    }
    group(&tokens[2..]).into_iter().any(|member| names(member, rest))
}

/// The members of the group in braces that begins here, each to the end of the tokens.
fn group<'a>(tokens: &'a [Token<'a>]) -> Vec<&'a [Token<'a>]> {
    let mut members = Vec::new();
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(token.text, "{" | ",") {
            members.push(&tokens[at + 1..]);
        }
    }
    members
}

struct Import {
    line: usize,
    module: String,
}

/// The modules of the crate root that the tokens of a source name, `module` being the source's own path.
fn imports(tokens: &[Token], module: &[String]) -> Vec<Import> {
    let mut found = Vec::new();
    let mut here = module.to_vec();
    let mut depth = 0_usize;
    let mut inline: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "{" => {
                depth += 1;
                if at >= 2 && tokens[at - 2].text == "mod" {
                    here.push(tokens[at - 1].text.to_owned());
                    inline.push(depth);
                }
            }
            "}" => {
                if inline.last() == Some(&depth) {
                    inline.pop();
                    here.pop();
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        let begins = at == 0 || tokens[at - 1].text != "::";
        let next_is_path = tokens.get(at + 1).is_some_and(|next| next.text == "::");
        if !begins || !next_is_path {
            continue;
        }
        match token.text {
            "crate" | "planscope" => resolve(&tokens[at + 2..], &[], &mut found),
            "super" => {
                let above = &here[..here.len().saturating_sub(1)];
                resolve(&tokens[at + 2..], above, &mut found);
            }
            _ => {}
        }
    }
    found
}

/// Follows a path that continues in `base`, through `super`, `self` and groups, to the root's modules.
fn resolve(tokens: &[Token], base: &[String], found: &mut Vec<Import>) {
    let Some(token) = tokens.first() else { return };
    let rest = tokens.get(2..).unwrap_or_default();
    match token.text {
        "super" => resolve(rest, &base[..base.len().saturating_sub(1)], found),
        "self" if base.is_empty() => {}
        "{" if base.is_empty() => {
            for member in group(tokens) {
                if member.first().is_some_and(|first| first.text != "}") {
                    resolve(member, base, found);
                }
            }
        }
        "{" => {
            for member in group(tokens) {
                if member.first().is_some_and(|first| first.text == "super") {
                    resolve(member, base, found);
                }
            }
        }
        name if base.is_empty() => found.push(Import { line: token.line, module: name.to_owned() }),
        _ => {}
    }
}

#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    line: usize,
}

fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (text, after) = rest.split_at(length);
        if first == '\n' {
            line += 1;
        } else if !first.is_whitespace() {
            found.push(Token { text, line });
        }
        rest = after;
    }
    found
}

/// The source with comments, strings and characters turned into spaces; lines stay where they are.
fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = literal_length(rest, out.chars().next_back());
        let (skipped, after) = rest.split_at(length.unwrap_or(first.len_utf8()));
        match length {
            Some(_) => out.extend(skipped.chars().map(|c| if c == '\n' { '\n' } else { ' ' })),
            None => out.push_str(skipped),
        }
        rest = after;
    }
    out
}

/// The length of the comment or literal that begins here, if one does.
fn literal_length(rest: &str, before: Option<char>) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment_length(rest));
    }
    if rest.starts_with('"') {
        return Some(quoted_length(rest, '"'));
    }
    if let Some(inside) = rest.strip_prefix('\'') {
        let mut inside = inside.chars();
        let (first, second) = (inside.next()?, inside.next());
        // Otherwise it is a lifetime.
        return (first == '\\' || second == Some('\'')).then(|| quoted_length(rest, '\''));
    }
    let in_name = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if !in_name && (rest.starts_with('r') || rest.starts_with("br")) {
        let marks = rest.trim_start_matches(['b', 'r']);
        let hashes = marks.len() - marks.trim_start_matches('#').len();
        if marks[hashes..].starts_with('"') {
            let prefix = rest.len() - marks.len() + hashes + 1;
            let end = format!("\"{}", "#".repeat(hashes));
            return Some(rest[prefix..].find(&end).map_or(rest.len(), |at| prefix + at + end.len()));
        }
    }
    None
}

fn block_comment_length(rest: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The code without the items that stand under `#[cfg(test)]`, blanked in place.
fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    let mut from = 0;
    while let Some(at) = out[from..].find("#[cfg(test)]").map(|at| from + at) {
        let end = item_end(&out, at + "#[cfg(test)]".len());
        let blanked: String = out[at..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        from = at + blanked.len();
        out.replace_range(at..end, &blanked);
    }
    out
}

/// The end of the item that begins at `from`: its semicolon, or the brace that closes its body.
fn item_end(code: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code[from..].char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && c == '}' {
                    return from + at + 1;
                }
            }
            ';' if depth == 0 => return from + at + 1,
            _ => {}
        }
    }
    code.len()
}

/// The faults of made-up sources: proof that the check can fail, and does not fail where it must not.
mod made_up {
    use super::check;

    fn faults(path: &str, text: &str) -> usize {
        check(path, text).len()
    }

    #[test]
    fn an_import_that_points_downward_fails() {
        assert_eq!(faults("search/mod.rs", "use crate::service::Job;"), 1);
        assert_eq!(faults("search/mod.rs", "use crate::{task::Task, service::Job};"), 1);
        assert_eq!(faults("search/open/list.rs", "use super::super::super::trace::Recorder;"), 1);
        assert_eq!(faults("search/open/list.rs", "use super::{Entry, super::super::trace::Recorder};"), 1);
        assert_eq!(faults("step.rs", "use super::search::Search;"), 1);
        assert_eq!(faults("plan/mod.rs", "fn f() -> crate::search::Outcome { todo!() }"), 1);
        assert_eq!(faults("search/mod.rs", "mod inner { use super::super::trace::Recorder; }"), 1);
        assert_eq!(faults("ui/app.rs", "use crate::platform::mount;"), 1);
        assert_eq!(faults("cli/mod.rs", "pub(in crate::ui) fn f() {}"), 1);
        assert_eq!(faults("main.rs", "use planscope::search::Search;"), 1);
        assert_eq!(faults("ui/main.rs", "use planscope::{plan, platform};"), 1);
        assert_eq!(faults("ui/mount.rs", "use planscope::search::Search;"), 1);
    }

    #[test]
    fn an_import_that_points_upward_passes() {
        assert_eq!(faults("search/mod.rs", "use crate::{hash, task::{Task, Instance}, heuristic};"), 0);
        assert_eq!(faults("search/open/list.rs", "use super::super::statistics::Statistics;"), 0);
        assert_eq!(faults("search/open/list.rs", "use super::{Entry, self as open};"), 0);
        assert_eq!(faults("search/mod.rs", "mod inner { use super::Statistics; pub(crate) fn f() {} }"), 0);
        assert_eq!(faults("service/mod.rs", "use crate::{cache, store, runtime};"), 0);
        assert_eq!(faults("platform/native/mod.rs", "use crate::cli::Host;"), 0);
        assert_eq!(faults("main.rs", "fn main() { planscope::platform::native::main() }"), 0);
        assert_eq!(faults("ui/mount.rs", "use planscope::platform::api;\nuse super::Host;"), 0);
    }

    #[test]
    fn an_unknown_module_fails() {
        assert_eq!(faults("util/mod.rs", ""), 1);
        assert_eq!(faults("search/mod.rs", "use crate::Outcome;"), 1);
    }

    #[test]
    fn text_and_tests_are_not_read() {
        assert_eq!(faults("step.rs", "// use crate::ui::App;\n/* crate::ui::App /* */ crate::cli */"), 0);
        assert_eq!(
            faults("step.rs", r##"const A: &str = "crate::ui::App"; const B: &str = r#"crate::ui"#;"##),
            0
        );
        assert_eq!(faults("step.rs", "#[cfg(test)]\nmod tests {\n use crate::search::Search;\n}"), 0);
        assert_eq!(faults("step.rs", "#[cfg(test)]\nmod tests { fn f() {} }\nuse crate::ui::App;"), 1);
        assert_eq!(faults("step.rs", "fn f<'a>(x: &'a str) -> char { '\"' }\nuse crate::ui::App;"), 1);
        assert_eq!(check("step.rs", "\n\nuse crate::ui::App;"), ["3: `step` may not use `ui`"]);
    }

    #[test]
    fn targets_and_features_are_told_apart_in_their_places() {
        let target = "#[cfg(target_arch = \"wasm32\")] mod browser;";
        assert_eq!(faults("platform/mod.rs", target), 0);
        assert_eq!(faults("platform/native/mod.rs", target), 1);
        assert_eq!(faults("lib.rs", target), 1);
        let feature = "#[cfg(all(feature = \"native\", not(unix)))] mod native;";
        assert_eq!(faults("platform/mod.rs", feature), 0);
        assert_eq!(faults("lib.rs", "#[cfg(feature = \"ui\")] pub mod ui;"), 0);
        assert_eq!(faults("service/mod.rs", feature), 2);
        assert_eq!(faults("task/mod.rs", "fn f() -> bool { cfg!(target_pointer_width = \"32\") }"), 1);
        assert_eq!(faults("task/mod.rs", "#[cfg_attr(feature = \"native\", derive(Debug))] struct A;"), 1);
        assert_eq!(faults("task/mod.rs", "#[cfg_attr(test, doc(target_link))] struct A;"), 0);
        assert_eq!(faults("task/mod.rs", "#[cfg(debug_assertions)] fn f() {}"), 0);
    }

    #[test]
    fn clocks_threads_and_files_stand_in_the_platform() {
        assert_eq!(faults("runtime/driver.rs", "use std::time::{Duration, Instant};"), 1);
        assert_eq!(faults("runtime/driver.rs", "use std::time::Duration;"), 0);
        assert_eq!(faults("cli/mod.rs", "use std::{fmt, fs, io};"), 1);
        assert_eq!(faults("service/mod.rs", "std::thread::spawn(f);"), 1);
        assert_eq!(faults("ui/app.rs", "leptos::task::spawn_local(async {});"), 1);
        assert_eq!(faults("ui/app.rs", "let w = web_sys::window();"), 1);
        assert_eq!(faults("service/mod.rs", "tokio::spawn(f);"), 1);
        assert_eq!(faults("platform/native/mod.rs", "tokio::spawn(f); std::fs::read(p);"), 0);
    }
}
