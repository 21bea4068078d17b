//! Letter case, for all names of PDDL: texts, plans and the validator fold names by this one function.
//!
//! Each letter becomes its lower case by Unicode's own table, without regard to what stands around it or to a
//! language: `Ä` is `ä`, the Kelvin sign is `k`, `ẞ` is `ß` (and never `ss`), `İ` is `i` with a dot above.
//! The Greek final sigma is the same letter as any other sigma. Folding twice changes nothing.

use std::borrow::Cow;

/// The name without differences of letter case; its length in bytes may differ from the word's.
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(word);
    }
    let mut folded = String::with_capacity(word.len());
    fold_into(word, &mut folded);
    Cow::Owned(folded)
}

/// Appends the folded name to `out`.
pub fn fold_into(word: &str, out: &mut String) {
    if word.is_ascii() {
        let start = out.len();
        out.push_str(word);
        out[start..].make_ascii_lowercase();
        return;
    }
    let letters = word.chars().flat_map(char::to_lowercase);
    out.extend(letters.map(|letter| if letter == 'ς' { 'σ' } else { letter }));
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn letters_of_all_languages_have_one_case() {
        let pairs = [
            ("ÜHREN", "ühren"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("\u{212a}ELVIN", "kelvin"),
            ("GROẞ", "groß"),
            ("\u{1c5}", "\u{1c6}"),
            ("İ", "i\u{307}"),
            ("Ⱥ", "ⱥ"),
        ];
        for (upper, lower) in pairs {
            assert_eq!(fold(upper), fold(lower), "{upper}");
            assert_eq!(fold(&fold(upper)), fold(upper), "{upper}");
        }
        assert_ne!(fold("ß"), fold("ss"));
    }
}
