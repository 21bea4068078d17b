//! Names as they are shown: characters that are not seen, or that turn the text around them, by their numbers.

use std::borrow::Cow;

use crate::lang::invisible::is_invisible;

/// The text with such characters as `⟨U+202E⟩`; line feeds and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    let hides = |c: char| (c.is_control() || is_invisible(c)) && c != '\n' && c != '\t';
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
