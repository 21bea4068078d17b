//! How the lines of a text are indented.

/// Bytes looked at before a token to find the start of its line.
const LINE_MAX: usize = 256;

/// Where a token stands in its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Indent {
    /// Bytes of whitespace at the start of the line; none where the line is too long to tell.
    pub(super) column: Option<u32>,
    /// Whether nothing but whitespace stands before it.
    pub(super) leads: bool,
    /// Where the line starts.
    pub(super) line: usize,
}

/// The indentation of the line around `at`.
pub(super) fn indent(text: &str, at: usize) -> Indent {
    let bytes = text.as_bytes();
    let from = at.saturating_sub(LINE_MAX);
    let newline = bytes[from..at].iter().rposition(|&byte| byte == b'\n');
    let line = match newline {
        Some(before) => from + before + 1,
        None if from == 0 => 0,
        None => return Indent { line: from, ..Indent::default() },
    };
    let blank = bytes[line..at].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    Indent { column: Some(blank as u32), leads: line + blank == at, line }
}
