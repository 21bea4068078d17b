//! What other formats call our keys, and which of ours is meant.

use super::super::syntax::Member;
use super::keys;

/// Keys of other formats, in lower case, with the keys of ours that they may stand for. The first of those that its
/// place allows is meant.
const ALIASES: &[(&str, &[&str])] = &[
    (
        "preconditions",
        &[
            "pre",
            "precondition",
            "precond",
            "preconds",
            "conditions",
            "condition",
            "requires",
            "require",
            "requirements",
            "needs",
            "if",
            "when",
            "guard",
            "before",
        ],
    ),
    (
        "effects",
        &[
            "post",
            "postconditions",
            "postcondition",
            "postcond",
            "effect",
            "result",
            "results",
            "outcome",
            "then",
            "changes",
            "updates",
            "after",
            "add",
            "effector",
            "effectors",
        ],
    ),
    (
        "conditions",
        &[
            "pre",
            "preconditions",
            "precondition",
            "condition",
            "goal",
            "state",
            "target",
            "desired",
            "desired_state",
            "desiredstate",
            "goal_state",
            "wants",
            "want",
            "requires",
            "world_state",
            "effects",
        ],
    ),
    ("parameters", &["params", "args", "arguments", "vars", "variables", "foreach", "for_each"]),
    ("cost", &["price", "weight", "costs", "base_cost"]),
    ("duration", &["time", "seconds", "takes"]),
    ("confidence", &["probability", "chance", "success", "success_rate"]),
    ("priority", &["weight", "importance", "utility", "insistence", "relevance", "urgency", "prio"]),
    ("when", &["if", "valid", "available", "active", "trigger"]),
    ("name", &["id", "label", "title", "action", "domain"]),
    (
        "state",
        &[
            "init",
            "initial",
            "initial_state",
            "initialstate",
            "world",
            "world_state",
            "worldstate",
            "start",
            "start_state",
            "variables",
            "vars",
            "facts",
            "states",
        ],
    ),
    ("actions", &["operators", "tasks", "moves", "action_list"]),
    ("goals", &["goal", "targets", "objectives", "tasks"]),
    ("format", &["version"]),
    ("metric", &["objective", "minimize", "minimise", "optimize"]),
    ("value", &["initial", "default", "start", "init"]),
    ("enum", &["values", "symbols", "options", "one_of", "domain"]),
    ("int", &["integer", "range", "bounds"]),
    ("float", &["double", "real", "number"]),
    ("base", &["constant", "fixed"]),
    ("per", &["variables", "factors"]),
];

/// The key among `known` that other formats call `key`.
pub(super) fn of_key(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let key = key.to_lowercase();
    let means = |ours: &&&'static str| {
        ALIASES.iter().any(|(name, others)| name == *ours && others.contains(&key.as_str()))
    };
    known.iter().find(means).copied()
}

/// The junction that other formats call `key`.
pub(super) fn of_junction(key: &str) -> Option<&'static str> {
    let junction = match key.trim_start_matches('$').to_lowercase().as_str() {
        "or" | "||" | "|" | "anyof" | "any_of" | "oneof" | "one_of" | "some" | "any" => "any",
        "and" | "&&" | "&" | "allof" | "all_of" | "every" | "all" => "all",
        "!" | "nor" | "none" | "none_of" | "noneof" | "¬" | "not" => "not",
        _ => return None,
    };
    keys::JUNCTIONS.contains(&junction).then_some(junction)
}

/// The name that a key such as `!a`, `not a` or `~a` denies.
pub(super) fn denied(key: &str) -> Option<&str> {
    let signs = ["!", "¬", "~", "not ", "NOT ", "no ", "-"];
    let name = signs.iter().find_map(|sign| key.strip_prefix(sign))?.trim();
    (!name.is_empty()).then_some(name)
}

/// Whether a member of `members` has the key `key`.
pub(super) fn has(members: &[Member], key: &str) -> bool {
    members.iter().any(|member| member.key == key)
}
