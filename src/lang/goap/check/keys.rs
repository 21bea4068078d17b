//! The keys and operators that the format knows, each list in the order in which to name them.

/// Keys of a document.
pub const DOCUMENT: &[&str] = &["$schema", "format", "name", "state", "actions", "goals", "metric"];
/// Keys of an action.
pub const ACTION: &[&str] =
    &["name", "parameters", "preconditions", "effects", "cost", "duration", "confidence"];
/// Keys of a goal.
pub const GOAL: &[&str] = &["name", "priority", "when", "conditions"];
/// Keys of a metric.
pub const METRIC: &[&str] = &["cost", "duration", "risk"];
/// Keys of a cost that depends on the state.
pub const COST: &[&str] = &["base", "per"];
/// Keys of a variable that is not a bare literal; exactly one beside `value`.
pub const VARIABLE: &[&str] = &["int", "float", "enum", "value"];
/// Keys that join conditions, and so cannot name variables.
pub const JUNCTIONS: &[&str] = &["any", "all", "not"];
/// Keys of a comparison.
pub const COMPARISON: &[&str] = &["==", "!=", "<", "<=", ">", ">=", "var"];
/// Keys of an effect; exactly one.
pub const EFFECT: &[&str] = &["set", "+", "-", "var"];
/// The key of a reference to a variable.
pub const REFERENCE: &[&str] = &["var"];
/// The format this checker reads.
pub const FORMAT: &str = "planscope-goap/1";
