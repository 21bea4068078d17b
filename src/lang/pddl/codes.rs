//! Every code a PDDL diagnostic can carry. A code is never given a second meaning.
//!
//! `PD1xx` are about the text, `PD2xx` about names and types, `PD3xx` about what it means, `PD4xx` name
//! what is not supported, `PD5xx` are warnings. Grounding reports some of `PD3xx` and `PD4xx`, too.

use crate::lang::code::codes;

codes! {
    FILE_TOO_LARGE = "PD101", Error, "the file is larger than the limit";
    NOT_UTF8 = "PD102", Warning, "bytes that are not UTF-8";
    NESTED_TOO_DEEP = "PD103", Error, "brackets are nested too deep";
    UNEXPECTED_CHARACTER = "PD104", Error, "characters that no name has";
    UNCLOSED_BRACKET = "PD105", Error, "a bracket is never closed";
    EXTRA_BRACKET = "PD106", Error, "a closing bracket without an opening one";
    MISSING_BRACKET = "PD107", Error, "an opening bracket is missing";
    EMPTY_FILE = "PD108", Error, "the file is empty";
    NOT_A_DEFINITION = "PD109", Error, "the file does not begin as a definition does";
    OTHER_KIND = "PD110", Error, "a problem where a domain is expected, or the other way round";
    TRAILING_TEXT = "PD111", Error, "text after the end of the definition";
    UNKNOWN_SECTION = "PD112", Error, "a section that the language does not know here";
    DUPLICATE_SECTION = "PD113", Error, "a section that can stand only once stands twice";
    MISSING_NAME = "PD114", Error, "a name is missing";
    UNEXPECTED_ITEM = "PD115", Error, "a word where a list is expected, or the other way round";
    WRONG_PARTS = "PD116", Error, "a form with too few or too many parts";
    BAD_NUMBER = "PD117", Error, "something that is not a number where one is expected";
    BAD_TYPED_LIST = "PD118", Error, "a type is missing behind `-`, or cannot be read";
    NOT_A_VARIABLE = "PD119", Error, "a variable without its `?`";
    UNKNOWN_KEY = "PD120", Error, "a part that actions do not have";
    UNKNOWN_TYPE = "PD201", Error, "a type that is not declared";
    UNKNOWN_PREDICATE = "PD202", Error, "a predicate that is not declared";
    UNKNOWN_FUNCTION = "PD203", Error, "a function that is not declared";
    UNKNOWN_OBJECT = "PD204", Error, "an object that is not declared";
    UNKNOWN_VARIABLE = "PD205", Error, "a variable that is not declared";
    WRONG_ARITY = "PD206", Error, "too few or too many arguments";
    WRONG_TYPE = "PD207", Error, "an argument whose type cannot fit";
    DUPLICATE_ACTION = "PD208", Error, "two actions share a name";
    DUPLICATE_PARAMETER = "PD209", Error, "a parameter is declared twice";
    DUPLICATE_OBJECT = "PD210", Error, "an object is declared twice with different types";
    DUPLICATE_PREDICATE = "PD211", Error, "a predicate is declared twice with different parameters";
    DUPLICATE_FUNCTION = "PD212", Error, "a function is declared twice with different parameters";
    RESERVED_NAME = "PD213", Error, "a name that the language keeps for itself";
    NO_GOAL = "PD301", Error, "a problem without a goal";
    DERIVED_IN_EFFECT = "PD302", Error, "an effect on a derived predicate";
    DERIVED_IN_INIT = "PD303", Error, "a derived predicate in the initial state";
    NOT_STRATIFIED = "PD304", Error, "a derived predicate that depends on its own negation";
    TOO_MANY = "PD305", Error, "more parameters, types or operands than are read";
    NEGATIVE_COST = "PD310", Error, "an action would decrease the total cost";
    COST_TOO_LARGE = "PD311", Error, "a cost that is too large to add up exactly";
    TEMPORAL = "PD401", Error, "durations and points in time are not supported";
    PREFERENCES = "PD402", Error, "preferences are not supported";
    CONSTRAINTS = "PD403", Error, "constraints on the way to the goal are not supported";
    NONLINEAR_METRIC = "PD404", Error, "a metric that is not a weighted sum is not supported";
    DECREASING_METRIC = "PD405", Error, "a metric that an action can decrease is not supported";
    TIMED_LITERALS = "PD406", Error, "facts that come true at a time are not supported";
    OBJECT_FLUENTS = "PD407", Error, "functions whose values are objects are not supported";
    CONTINUOUS = "PD408", Error, "processes, events and continuous change are not supported";
    MAXIMIZE = "PD409", Error, "a metric to be maximized is not supported";
    UNDECLARED_REQUIREMENT = "PD501", Warning, "a requirement is used and not declared";
    UNSUPPORTED_REQUIREMENT = "PD502", Warning, "a requirement that is not supported is declared, but not used";
    UNKNOWN_REQUIREMENT = "PD503", Warning, "a requirement that the language does not know";
    OTHER_DOMAIN = "PD504", Warning, "the problem names another domain";
    NO_INIT = "PD505", Warning, "a problem without an initial state";
    NO_DOMAIN = "PD506", Warning, "a definition that does not name its domain";
    TOTAL_TIME = "PD507", Warning, "the total time counts the steps";
    CONTRADICTION = "PD508", Warning, "the initial state says two things of one fact or number";
    DUPLICATE_FACT = "PD509", Warning, "a fact or number of the initial state stands twice";
    DUPLICATE_DECLARATION = "PD510", Warning, "the same is declared twice";
    CYCLIC_TYPES = "PD511", Warning, "a type is its own supertype";
    IMPLICIT_TYPE = "PD512", Warning, "a supertype that is not declared itself";
    WIDE_TYPE = "PD513", Warning, "an argument whose type fits only in part";
    SHADOWED = "PD514", Warning, "a variable hides another of its name";
    IMPLICIT_TOTAL_COST = "PD515", Warning, "the function `total-cost` is used and not declared";
    IGNORED = "PD516", Warning, "a part that has no meaning here is passed over";
    OTHER_DASH = "PD517", Warning, "a dash of typesetting is read as `-`";
    MORE_FINDINGS = "PD599", Note, "there are more findings than are listed";
}

/// Whether a code names something that is not supported, in a text that is sound as such.
pub fn is_unsupported(code: &str) -> bool {
    code.starts_with("PD4")
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(ALL.windows(2).all(|pair| pair[0].code < pair[1].code));
    }
}
