//! Every code a GOAP diagnostic can carry. A code is never given a second meaning.
//!
//! `GP0xx` are about the text, `GP1xx` about what it declares, `GP2xx` about what can happen.

use crate::lang::code::codes;

codes! {
    FILE_TOO_LARGE = "GP001", Error, "the file is larger than 1 MiB";
    NESTED_TOO_DEEP = "GP002", Error, "brackets are nested more than 128 deep";
    UNEXPECTED_CHARACTER = "GP003", Error, "characters that no JSON text has here";
    UNCLOSED_STRING = "GP004", Error, "a string does not end on its line";
    BAD_ESCAPE = "GP005", Error, "an escape that JSON does not know";
    BAD_NUMBER = "GP006", Error, "a number that is not written as in JSON";
    UNCLOSED_COMMENT = "GP007", Error, "a block comment does not end";
    UNCLOSED_BRACKET = "GP008", Error, "a bracket is never closed";
    WRONG_BRACKET = "GP009", Error, "a closing bracket that does not fit";
    MISSING_COMMA = "GP010", Error, "a comma is missing";
    MISSING_COLON = "GP011", Error, "a colon is missing";
    MISSING_VALUE = "GP012", Error, "a key or a value is missing";
    MISSING_QUOTES = "GP013", Error, "text stands without double quotes";
    UNKNOWN_LITERAL = "GP014", Error, "a literal that JSON does not know";
    UNEXPECTED_TOKEN = "GP015", Error, "a comma, colon or value that does not belong here";
    TRAILING_TEXT = "GP016", Error, "text after the end of the document";
    EMPTY_DOCUMENT = "GP017", Error, "the document is empty";
    CONTROL_CHARACTER = "GP018", Error, "a raw control character in a string";
    MORE_FINDINGS = "GP019", Note, "there are more findings than are listed";
    INVISIBLE_CHARACTER = "GP020", Warning, "a character that nobody sees";
    DUPLICATE_KEY = "GP100", Error, "an object has a key twice";
    UNKNOWN_KEY = "GP101", Error, "a key that the format does not know";
    MISSING_KEY = "GP102", Error, "a key is missing";
    WRONG_FORMAT = "GP103", Error, "the document names another format";
    WRONG_TYPE = "GP104", Error, "a value of the wrong type";
    OUT_OF_RANGE = "GP105", Error, "a number outside its range";
    OUT_OF_ENUM = "GP106", Error, "a symbol outside its enum";
    UNDECLARED_VARIABLE = "GP107", Error, "a variable that state does not declare";
    UNDECLARED_PARAMETER = "GP108", Error, "a parameter that the action does not declare";
    DUPLICATE_NAME = "GP109", Error, "two actions or two goals share a name";
    DUPLICATE_VALUE = "GP110", Error, "a list of values has one twice";
    EMPTY_RANGE = "GP111", Error, "a range whose low end is above its high end";
    EMPTY_ENUM = "GP112", Error, "an enum without values";
    EMPTY_GOALS = "GP113", Error, "a document without goals";
    EXACTLY_ONE = "GP114", Error, "exactly one of several keys is expected";
    UNKNOWN_OPERATOR = "GP115", Error, "an operator that the format does not know";
    RESERVED_NAME = "GP116", Error, "a variable's name that the format keeps for itself";
    NEVER_READ = "GP117", Note, "a variable is set, but nothing reads it";
    EMPTY_NAME = "GP118", Error, "a name without characters";
    NEGATIVE_METRIC = "GP119", Error, "an action whose metric can be negative";
    TOO_MANY_INSTANCES = "GP120", Error, "the actions have too many ground instances";
    MIXED_TYPES = "GP121", Error, "the values of a parameter are not of one type";
    UNUSED_PARAMETER = "GP122", Warning, "a parameter is never used";
    ALWAYS_OR_NEVER = "GP123", Warning, "a comparison with a number outside the declared range";
    WRITTEN_TWICE = "GP124", Warning, "an instance that writes a variable twice is dropped";
    NEVER_APPLIES = "GP201", Warning, "an action that can never apply";
    NEVER_TRUE = "GP202", Warning, "a condition that no action can make true";
    WRONG_DIRECTION = "GP204", Warning, "the only actions that move a variable move it the wrong way";
    COST_TURNS_NEGATIVE = "GP205", Warning, "a cost that can turn negative on the way";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(ALL.windows(2).all(|pair| pair[0].code < pair[1].code));
    }
}
