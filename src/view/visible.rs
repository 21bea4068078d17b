//! Names as they are shown: characters that are not seen, or that turn the text around them, by their numbers.

use std::borrow::Cow;

/// Whether a character shows nothing or changes how its neighbours are laid out: controls, bidirectional
/// controls, fillers and joiners.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}')
}

/// The text with such characters as `⟨U+202E⟩`; line feeds and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    let hides = |c: char| is_unseen(c) && c != '\n' && c != '\t';
    if !text.contains(hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if hides(c) {
            shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_turns_the_text_is_shown_by_its_number() {
        assert_eq!(visible("light\u{202e}gnorw"), "light⟨U+202E⟩gnorw");
        assert_eq!(visible("a\u{200b}b"), "a⟨U+200B⟩b");
        assert!(matches!(visible("Gerät, עץ, 木\n"), Cow::Borrowed(_)));
    }
}
