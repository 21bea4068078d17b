//! A line of a batch: a task, and the engines that are to plan for it.

use std::path::{Path, PathBuf};

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::lang::nearest::nearest;
use crate::search::SearchKind;
use crate::service::Options;

/// Every key that a line may have.
const KEYS: [&str; 9] =
    ["id", "goap", "goap_file", "domain", "domain_file", "problem", "problem_file", "options", "engines"];

/// Engines of one line at most.
const ENGINES_MAX: usize = 64;

/// Options of which a line that names one takes none of the others from the command line.
const TOGETHER: [&[&str]; 3] = [&["search", "heuristic"], &["use_cache", "reuse"], &["goal", "policy"]];

/// Codes of findings about lines of a batch.
pub mod code {
    /// The line is not a JSON object.
    pub const NOT_JSON: &str = "CL007";
    /// The line has a key too many, none that names a task, or a value of the wrong kind.
    pub const KEY: &str = "CL008";
    /// An option or an engine is refused.
    pub const OPTION: &str = "CL009";
    /// The line is longer than the limit.
    pub const TOO_LONG: &str = "CL010";
}

/// A line that was read.
#[derive(Debug)]
pub struct Entry {
    /// The name of the task, as it was given: a text or a number.
    pub id: Option<Value>,
    /// The task.
    pub task: Task,
    /// The engines, one at least, each with a name of its own.
    pub engines: Vec<Engine>,
}

/// The texts of a task, or where they are.
#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    /// A GOAP document.
    Goap(Given),
    /// A domain and a problem in PDDL.
    Pddl(Given, Given),
}

/// A text, or the file that holds it.
#[derive(Debug, PartialEq, Eq)]
pub enum Given {
    /// The text.
    Text(String),
    /// Its file.
    File(PathBuf),
}

/// An engine by name, and what else is asked for with it.
#[derive(Debug)]
pub struct Engine {
    /// Its name, unique in its line.
    pub name: String,
    /// The engine and the rest.
    pub options: Options,
}

/// Why a line is not understood.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The task's name, where that was understood.
    pub id: Option<Value>,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: String,
    /// The column in the line, in bytes from 1.
    pub column: u32,
}

impl Malformed {
    fn new(code: &'static str, message: String) -> Self {
        let help = match code {
            code::NOT_JSON => "a line is one object, for instance {\"goap_file\": \"a.goap.json\"}",
            code::KEY => {
                "a line has goap or goap_file, or domain or domain_file with problem or problem_file; besides, \
                 id, options and engines"
            }
            _ => "`planscope plan --help` says what each option takes",
        };
        Self { id: None, code, message, help: help.to_owned(), column: 1 }
    }

    /// A line of more than `limit` bytes.
    pub fn too_long(limit: usize) -> Self {
        let message = format!("the line has more than {limit} bytes, which is the limit");
        let help =
            "name files instead of writing their texts, or raise the limit with --max-input".to_owned();
        Self { id: None, code: code::TOO_LONG, message, help, column: 1 }
    }
}

/// Reads a line. What it does not say is as in `base`; files are relative to `folder`.
///
/// # Errors
/// [`Malformed`] for the first thing that is wrong with it.
pub fn read(bytes: &[u8], base: &Map<String, Value>, folder: &Path) -> Result<Entry, Malformed> {
    let mut keys: Map<String, Value> = serde_json::from_slice(bytes).map_err(|error| not_json(&error))?;
    let id = match keys.remove("id") {
        None | Some(Value::Null) => None,
        Some(id @ (Value::String(_) | Value::Number(_))) => Some(id),
        Some(_) => return Err(Malformed::new(code::KEY, "\"id\" must be a text or a number".to_owned())),
    };
    let with_id = |error| Malformed { id: id.clone(), ..error };
    if let Some(unknown) = keys.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let near = nearest(unknown, KEYS.into_iter());
        let near = near.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
        return Err(with_id(Malformed::new(code::KEY, format!("unknown key {unknown:?}{near}"))));
    }
    let task = task(&mut keys, bytes, folder).map_err(with_id)?;
    let engines = engines(&mut keys, base).map_err(with_id)?;
    Ok(Entry { id, task, engines })
}

fn not_json(error: &serde_json::Error) -> Malformed {
    let column = error.column() as u32;
    // The place stands beside the message.
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let message = format!("the line is not a JSON object: {message}");
    Malformed { column: column.max(1), ..Malformed::new(code::NOT_JSON, message) }
}

fn task(keys: &mut Map<String, Value>, bytes: &[u8], folder: &Path) -> Result<Task, Malformed> {
    let goap = given(keys, "goap", bytes, folder)?;
    let domain = given(keys, "domain", bytes, folder)?;
    let problem = given(keys, "problem", bytes, folder)?;
    let message = match (goap, domain, problem) {
        (Some(goap), None, None) => return Ok(Task::Goap(goap)),
        (None, Some(domain), Some(problem)) => return Ok(Task::Pddl(domain, problem)),
        (None, None, None) => "the line names no task",
        (None, Some(_), None) => "the line has a domain and no problem",
        (None, None, Some(_)) => "the line has a problem and no domain",
        (Some(_), ..) => "the line has a GOAP document, which comes alone, and PDDL",
    };
    Err(Malformed::new(code::KEY, message.to_owned()))
}

/// A text by its key, or the file that the key with `_file` names.
fn given(
    keys: &mut Map<String, Value>,
    key: &str,
    bytes: &[u8],
    folder: &Path,
) -> Result<Option<Given>, Malformed> {
    let file_key = format!("{key}_file");
    let refuse = |message: String| Err(Malformed::new(code::KEY, message));
    match (keys.remove(key), keys.remove(&file_key)) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => refuse(format!("the line has {key:?} and {file_key:?}: give one of them")),
        (Some(Value::String(text)), None) => Ok(Some(Given::Text(text))),
        (Some(Value::Object(_)), None) if key == "goap" => {
            as_written(bytes).map_or_else(|| refuse("\"goap\" is not read".to_owned()), |text| Ok(Some(text)))
        }
        (Some(_), None) if key == "goap" => refuse("\"goap\" must be a text or an object".to_owned()),
        (Some(_), None) => refuse(format!("{key:?} must be a text")),
        (None, Some(Value::String(name))) if !name.is_empty() => {
            // A dash is a file here, and not standard input.
            let name = if name == "-" { Path::new(".").join(name) } else { PathBuf::from(name) };
            Ok(Some(Given::File(folder.join(name))))
        }
        (None, Some(_)) => refuse(format!("{file_key:?} must be the name of a file")),
    }
}

/// The document that stands in the line as an object, in the order of its text: actions and goals have one.
fn as_written(bytes: &[u8]) -> Option<Given> {
    #[derive(serde::Deserialize)]
    struct Written<'a> {
        #[serde(borrow)]
        goap: &'a RawValue,
    }
    let written: Written<'_> = serde_json::from_slice(bytes).ok()?;
    Some(Given::Text(written.goap.get().to_owned()))
}

fn engines(keys: &mut Map<String, Value>, base: &Map<String, Value>) -> Result<Vec<Engine>, Malformed> {
    let refuse = |message: String| Err(Malformed::new(code::OPTION, message));
    let own = match keys.remove("options") {
        None => Map::new(),
        Some(Value::Object(own)) => own,
        Some(_) => return Err(Malformed::new(code::KEY, "\"options\" must be an object".to_owned())),
    };
    let common = merged(base, &own);
    let list = match keys.remove("engines") {
        None => return Ok(vec![engine(&common, None)?]),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(Malformed::new(code::KEY, "\"engines\" must be a list".to_owned())),
    };
    if list.is_empty() || list.len() > ENGINES_MAX {
        return refuse(format!("\"engines\" must name 1 to {ENGINES_MAX} engines, not {}", list.len()));
    }
    let mut engines: Vec<Engine> = Vec::new();
    for one in list {
        let read = match one {
            Value::String(name) => {
                let search = Map::from_iter([("search".to_owned(), Value::String(name.clone()))]);
                engine(&merged(&common, &search), Some(name))?
            }
            Value::Object(mut own) => {
                let name = match own.remove("name") {
                    None => None,
                    Some(Value::String(name)) if !name.is_empty() => Some(name),
                    Some(_) => return refuse("the \"name\" of an engine must be a text".to_owned()),
                };
                engine(&merged(&common, &own), name)?
            }
            _ => return refuse("an engine is a name or an object of options".to_owned()),
        };
        if engines.iter().any(|other| other.name == read.name) {
            let name = &read.name;
            return refuse(format!("two engines are called {name:?}: give one of them another \"name\""));
        }
        engines.push(read);
    }
    Ok(engines)
}

fn engine(options: &Map<String, Value>, name: Option<String>) -> Result<Engine, Malformed> {
    match Options::from_json(options, &[]) {
        Ok(read) => Ok(Engine { name: name.unwrap_or_else(|| name_of(options)), options: read }),
        Err(error) => Err(Malformed::new(code::OPTION, error.to_string())),
    }
}

/// The name of an engine that has none of its own: `astar(hmax)`, or the search alone.
fn name_of(options: &Map<String, Value>) -> String {
    let text = |name: &str| options.get(name).and_then(Value::as_str);
    let kind = SearchKind::unless_named(options.contains_key("heuristic"));
    let usual = SearchKind::all().iter().find(|(_, known)| *known == kind).map_or("", |(name, _)| name);
    let search = text("search").unwrap_or(usual);
    text("heuristic").map_or_else(|| search.to_owned(), |heuristic| format!("{search}({heuristic})"))
}

/// `own`, and what of `base` it leaves open.
fn merged(base: &Map<String, Value>, own: &Map<String, Value>) -> Map<String, Value> {
    let named = |name: &str| {
        let group = TOGETHER.into_iter().find(|group| group.contains(&name));
        group.is_some_and(|group| group.iter().any(|&one| own.contains_key(one)))
    };
    let open = base.iter().filter(|(name, _)| !named(name));
    open.chain(own).map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_text(text: &str) -> Result<Entry, Malformed> {
        read(text.as_bytes(), &Map::new(), Path::new("folder"))
    }

    #[test]
    fn files_are_relative_to_the_folder_and_a_dash_is_a_file() {
        let entry = read_text(r#"{"domain_file": "a/d.pddl", "problem": "(define)"}"#).expect("a task");
        let file = Given::File(PathBuf::from("folder/a/d.pddl"));
        assert_eq!(entry.task, Task::Pddl(file, Given::Text("(define)".to_owned())));
        let dash = read(br#"{"goap_file": "-"}"#, &Map::new(), Path::new("")).expect("a task");
        assert_eq!(dash.task, Task::Goap(Given::File(PathBuf::from("./-"))));
        let root = read_text(r#"{"goap_file": "/a.goap.json"}"#).expect("a task");
        assert_eq!(root.task, Task::Goap(Given::File(PathBuf::from("/a.goap.json"))));
    }

    #[test]
    fn what_a_line_says_takes_the_place_of_what_belongs_to_it() {
        let base = [("search", "lama"), ("goal", "g")].map(|(name, value)| (name.to_owned(), value.into()));
        let base = Map::from_iter(base);
        let own = |own: Value| Value::Object(merged(&base, own.as_object().expect("an object")));
        assert_eq!(
            own(serde_json::json!({"heuristic": "ff"})),
            serde_json::json!({"heuristic": "ff", "goal": "g"})
        );
        assert_eq!(
            own(serde_json::json!({"policy": "cheapest", "weight": 3})),
            serde_json::json!({"search": "lama", "policy": "cheapest", "weight": 3})
        );
    }

    #[test]
    fn a_line_of_deep_nesting_is_malformed() {
        let deep = format!("{{\"goap\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(read_text(&deep).expect_err("too deep").code, code::NOT_JSON);
    }

    proptest! {
        #[test]
        fn any_line_is_read_or_malformed(
            at in 0_usize..120, cut in 0_usize..8, put in prop::sample::select(vec!["", "\"", "{", "}", "[", "null", ":", "é", "\u{0}"])
        ) {
            let text = r#"{"id": "é/1", "domain_file": "d", "problem": "p", "options": {"search": "bfs"}, "engines": ["ucs", {"name": "n"}]}"#;
            let mut bytes = text.as_bytes().to_vec();
            let from = at.min(bytes.len());
            let to = (from + cut).min(bytes.len());
            bytes.splice(from..to, put.bytes());
            match read(&bytes, &Map::new(), Path::new("")) {
                Ok(entry) => prop_assert!(!entry.engines.is_empty()),
                Err(malformed) => prop_assert!(!malformed.message.is_empty() && malformed.column > 0),
            }
        }
    }
}
