//! Where a word of a text ends, and which of its characters no name has.
//!
//! Names have letters and digits of all languages, `-`, `_` and most other signs of ASCII, as public domains
//! and other planners do. Dashes of typesetting stand for `-`. Quotes, square and curly brackets, and colons
//! within a name are cut as a part of it, so that they are one finding and not several words.

use std::borrow::Cow;

/// Longest word in bytes.
pub(super) const WORD_MAX: usize = 1 << 10;

/// Longest name in quotes, in bytes; where none ends sooner, the quote stands for itself.
const QUOTED_MAX: usize = 80;

/// What is wrong with a character of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Odd {
    /// A dash that stands for `-`.
    Dash,
    /// A quote.
    Quote,
    /// A square or curly bracket.
    Bracket,
    /// A colon that is not the first character.
    Colon,
    /// A comma between digits.
    Decimal,
    /// Anything else that is no letter.
    Other,
}

/// Bytes of the word at the start; 0 where none begins here. A `?` begins a word of its own, as in `?x?y`.
pub(super) fn length(text: &str) -> usize {
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        match byte {
            b'(' | b')' | b';' | 0..=b' ' | 0x7F => return at,
            b'?' if at > 0 => return at,
            b',' | b'"' | b'\'' | b'`' | b'[' | b']' | b'{' | b'}' | 0x80.. => return odd_length(text, at),
            _ if at >= WORD_MAX => return at,
            _ => {}
        }
    }
    text.len()
}

/// Bytes of a word whose first odd character stands at `from`.
fn odd_length(text: &str, from: usize) -> usize {
    if from == 0
        && let Some(length) = quoted_length(text)
    {
        return length;
    }
    let mut depth = 0_u32;
    let mut length = from;
    for (at, c) in text[from..].char_indices().map(|(at, c)| (from + at, c)) {
        let is_inside = match c {
            '(' | ')' | ';' => false,
            '?' => at == 0,
            ',' => is_decimal(text, at),
            '[' | '{' => {
                depth += 1;
                at > 0
            }
            ']' | '}' => {
                let is_open = depth > 0;
                depth = depth.saturating_sub(1);
                is_open
            }
            _ if is_operator(c) => {
                if at == 0 {
                    return c.len_utf8();
                }
                false
            }
            _ => !c.is_whitespace() && !c.is_ascii_control(),
        };
        if !is_inside || at >= WORD_MAX {
            break;
        }
        length = at + c.len_utf8();
    }
    length
}

/// Bytes of a name in quotes at the start, where one ends within its line.
fn quoted_length(text: &str) -> Option<usize> {
    let opening = text.chars().next().filter(|&c| is_quote(c))?;
    let inside = &text[opening.len_utf8()..];
    let mut near = inside.char_indices().take_while(|(at, c)| *at < QUOTED_MAX && is_in_quotes(*c));
    let (end, closing) = near.find(|&(_, c)| is_quote(c))?;
    let name = &inside[..end];
    let is_name = !name.is_empty() && name.trim() == name;
    let after = inside[end + closing.len_utf8()..].chars().next();
    let is_end = after.is_none_or(|c| c.is_whitespace() || "();,".contains(c));
    (is_name && is_end).then_some(opening.len_utf8() + end + closing.len_utf8())
}

fn is_in_quotes(c: char) -> bool {
    !matches!(c, '(' | ')' | ';' | '?' | '\n' | '\r')
}

/// Whether the comma at `at` stands between the digits of one number.
fn is_decimal(text: &str, at: usize) -> bool {
    let (before, after) = (&text[..at], &text[at + 1..]);
    let digits = before.strip_prefix('-').unwrap_or(before);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let end = after.find(|c: char| c.is_whitespace() || "();,".contains(c)).unwrap_or(after.len());
    is_number(digits) && is_number(&after[..end])
}

/// Signs of logic and arithmetic, which are words of their own.
fn is_operator(c: char) -> bool {
    matches!(c, '≠' | '≤' | '≥' | '∧' | '∨' | '¬' | '→' | '⇒' | '↔' | '⇔' | '∀' | '∃' | '×' | '÷')
}

fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '´' | '‘' | '’' | '‚' | '“' | '”' | '„' | '«' | '»')
}

/// The first character of a word that no name has, where it stands and what it is; dashes come after all others.
pub(super) fn oddity(word: &str) -> Option<(usize, char, Odd)> {
    if word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'?' | b'.')) {
        return None;
    }
    let mut dash = None;
    for (at, c) in word.char_indices() {
        match odd(word, at, c) {
            Some(Odd::Dash) => dash = dash.or(Some((at, c, Odd::Dash))),
            Some(odd) => return Some((at, c, odd)),
            None => {}
        }
    }
    dash
}

fn odd(word: &str, at: usize, c: char) -> Option<Odd> {
    match c {
        ':' if at > 0 && word != ":=" => Some(Odd::Colon),
        '[' | ']' | '{' | '}' => Some(Odd::Bracket),
        ',' => Some(Odd::Decimal),
        ' ' | '\t' => Some(Odd::Quote),
        _ if is_quote(c) => Some(Odd::Quote),
        _ if is_dash(c) => Some(Odd::Dash),
        _ if c.is_ascii() || is_operator(c) || is_letter(c) => None,
        _ => Some(Odd::Other),
    }
}

/// Whether a letter outside of ASCII may stand in a name; marks that are written over letters may too.
fn is_letter(c: char) -> bool {
    unicode_ident::is_xid_continue(c) || c.is_alphanumeric()
}

/// The name that was probably meant; empty where nothing is left.
pub(super) fn clean(word: &str) -> Cow<'_, str> {
    if oddity(word).is_none() {
        return Cow::Borrowed(word);
    }
    let mut name = String::with_capacity(word.len());
    for (at, c) in word.char_indices() {
        match odd(word, at, c) {
            None => name.push(c),
            Some(Odd::Dash) => name.push('-'),
            Some(Odd::Decimal) => name.push('.'),
            Some(Odd::Bracket | Odd::Colon) => joins(&mut name, word, at + 1),
            Some(Odd::Quote) if c.is_whitespace() => joins(&mut name, word, at + 1),
            Some(Odd::Quote | Odd::Other) => {}
        }
    }
    Cow::Owned(name)
}

/// Joins two parts of a name by `-`, where a letter stands on both sides.
fn joins(name: &mut String, word: &str, next: usize) {
    let is_followed = word[next..].chars().next().is_some_and(is_letter);
    if is_followed && name.ends_with(is_letter) {
        name.push('-');
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, length};

    #[test]
    fn a_word_ends_where_people_see_its_end() {
        let words = [
            ("a(b", 1),
            ("?x?y", 2),
            ("b0, b1", 2),
            ("1,5 ", 3),
            ("1,b", 1),
            ("m[1] n", 4),
            ("b] c", 1),
            ("\"big box\" c", 9),
            ("\"big (box)", 4),
            ("x–y z", 5),
            ("a≤b", 1),
            ("≤b", 3),
            ("größe;", 7),
            ("u\u{308}\u{a0}", 3),
        ];
        for (text, expected) in words {
            assert_eq!(length(text), expected, "{text}");
        }
    }

    #[test]
    fn what_no_name_has_is_cleaned_away() {
        let names = [
            ("\"a\"", "a"),
            ("\"big box\"", "big-box"),
            ("m[1]", "m-1"),
            ("m[1][2]", "m-1-2"),
            ("a:b", "a-b"),
            (":init:", ":init"),
            ("x–y", "x-y"),
            ("−5", "-5"),
            ("1,5", "1.5"),
            ("bo\u{200b}x", "box"),
            ("“", ""),
            ("größe", "größe"),
        ];
        for (word, expected) in names {
            assert_eq!(clean(word), expected, "{word}");
        }
    }
}
