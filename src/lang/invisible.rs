//! Invisible characters. They come with copied text, and make two names differ that look alike.

/// Whether `c` takes no room on the screen, or steers the direction of the text around it.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

/// Whether `c` steers the direction of the text after it: a line would then read otherwise than it is.
pub fn turns_text(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether `c` looks like a space and is none to JSON.
pub(in crate::lang) fn is_odd_space(c: char) -> bool {
    c.is_whitespace() && !c.is_ascii() && !is_invisible(c) || matches!(c, '\u{b}' | '\u{c}')
}

/// Whether the invisible `c` belongs where it stands in a string: joiners shape the letters of some scripts, and
/// put pictures together.
pub(in crate::lang) fn joins(before: Option<char>, c: char, after: Option<char>) -> bool {
    let is_joined = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !is_invisible(c));
    matches!(c, '\u{200c}' | '\u{200d}') && is_joined(before) && is_joined(after)
}

/// What `c` is called, with its number.
pub(in crate::lang) fn name(c: char) -> String {
    let name = match c {
        '\u{a0}' | '\u{202f}' => "a no-break space",
        '\u{ad}' => "a soft hyphen",
        '\u{200b}' => "a zero width space",
        '\u{200c}' | '\u{200d}' => "a joiner of letters",
        '\u{2028}' | '\u{2029}' => "a line separator",
        '\u{feff}' => "a byte order mark",
        c if turns_text(c) => "a mark for the direction of text",
        c if is_odd_space(c) => "a space of another kind",
        _ => "a character that is not seen",
    };
    format!("{name} (U+{:04X})", c as u32)
}
