//! The insides of single tokens: escapes of strings, the grammar of numbers, words without quotes.

use super::super::codes;
use super::super::findings::Findings;
use super::tree::Data;
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::invisible;

/// Characters of the author's text that a message repeats at most.
const SHOWN: usize = 40;

/// `text`, cut where it is too long for a message. Invisible characters are named.
pub(in super::super::super) fn shortened(text: &str) -> String {
    let is_unseen = |c: char| invisible::is_invisible(c) || invisible::is_odd_space(c);
    let cut = text.char_indices().nth(SHOWN).map(|(at, _)| at);
    let mut shown = text[..cut.unwrap_or(text.len())].to_owned();
    if shown.contains(is_unseen) {
        let name = |c: char| if is_unseen(c) { format!("<U+{:04X}>", c as u32) } else { c.to_string() };
        shown = shown.chars().map(name).collect();
    }
    if cut.is_some() {
        shown.push('…');
    }
    shown
}

/// `text` as a JSON string with its quotes.
pub(in super::super::super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' || invisible::is_invisible(c) => out.push_str(&escaped(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The finding that the text `body` at `span` stands in quotes of another kind.
pub(super) fn other_quotes(span: Span, body: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSING_QUOTES, span, "text stands in double quotes")
        .with_help("use `\"` on both sides")
        .with_fix("Use double quotes", span, quoted(&between_other_quotes(body)))
}

/// The content of a string in quotes of another kind: `text` with its quotes; `None` where it is not closed.
pub(super) fn in_other_quotes(text: &str) -> Option<String> {
    let mut body = text.chars();
    let (open, close) = (body.next()?, body.next_back()?);
    let is_closed = open != '"' && (close == open || "“”\"‘’'»«".contains(close));
    is_closed.then(|| between_other_quotes(body.as_str()))
}

/// Decodes the escapes of JSON and escaped quotes. A backslash before anything else stands for itself.
fn between_other_quotes(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        let quote = rest.strip_prefix('\\').and_then(|rest| rest.chars().next());
        let quote = quote.filter(|c| "'`“”„‘’‚«»".contains(*c));
        let (decoded, length) = match (c, quote) {
            ('\\', Some(quote)) => (quote, 1 + quote.len_utf8()),
            ('\\', None) => match escape(rest) {
                (Some(decoded), length) => (decoded, length),
                (None, _) => (c, 1),
            },
            _ => (c, c.len_utf8()),
        };
        out.push(decoded);
        rest = &rest[length..];
    }
    out
}

/// Decodes the string at `span` (quotes included); `None` where an escape is wrong.
pub(super) fn decode(source: &str, span: Span, findings: &mut Findings) -> Option<String> {
    let text = span.of(source);
    let body = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    let is_plain = !body.bytes().any(|byte| byte == b'\\' || byte < 0x20);
    if is_plain && (body.is_ascii() || !body.contains(invisible::is_invisible)) {
        return Some(body.to_owned());
    }
    let mut out = String::with_capacity(body.len());
    let (mut sound, mut before) = (true, None);
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        let at = span.start as usize + 1 + body.len() - rest.len();
        let (mut decoded, length) = if c == '\\' { escape(rest) } else { (Some(c), c.len_utf8()) };
        let place = Span::new(at, at + length);
        let after = rest[length..].chars().next();
        match decoded {
            Some(_) if invisible::is_invisible(c) && !invisible::joins(before, c, after) => {
                findings.push(unseen(place, c));
                decoded = None;
            }
            Some(c) if place.of(source).starts_with(|raw| raw < ' ') => findings.push(control(place, c)),
            Some(_) => {}
            None => {
                findings.push(bad_escape(place, place.of(source)));
                sound = false;
            }
        }
        out.extend(decoded);
        before = Some(c);
        rest = &rest[length..];
    }
    sound.then_some(out)
}

/// The finding about an invisible character. It is left out of the string, since with it the name would be another
/// one.
fn unseen(span: Span, c: char) -> Diagnostic {
    let message = format!("{} stands in this string, and is left out", invisible::name(c));
    let help = format!("remove it, or write it as `{}` if it is meant", escaped(c));
    Diagnostic::warning(codes::INVISIBLE_CHARACTER, span, message).with_help(help).with_fix(
        "Remove it",
        span,
        "",
    )
}

/// `c` as an escape with a number.
fn escaped(c: char) -> String {
    let mut units = [0; 2];
    c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// Decodes a string that stands alone, with its quotes; broken where an escape is wrong.
pub(in super::super::super) fn decode_string(text: &str) -> Data {
    let decoded = decode(text, Span::new(0, text.len()), &mut Findings::default());
    decoded.map_or(Data::Broken, Data::String)
}

fn control(span: Span, c: char) -> Diagnostic {
    let escape = quoted(&c.to_string());
    let escape = escape.trim_matches('"');
    Diagnostic::error(codes::CONTROL_CHARACTER, span, "a control character cannot stand in a string as it is")
        .with_help(format!("write it as `{escape}`"))
        .with_fix(format!("Change to `{escape}`"), span, escape)
}

fn bad_escape(span: Span, text: &str) -> Diagnostic {
    let shown = shortened(text);
    let report = |message: String| Diagnostic::error(codes::BAD_ESCAPE, span, message);
    if text.len() == 6 && text.starts_with("\\u") && !text.contains('{') {
        return report(format!("`{shown}` is only half of a character"))
            .with_help("write both halves, as in `\\ud83d\\ude00`, or the character itself")
            .with_fix("Remove it", span, "");
    }
    let report = report(format!("`{shown}` is not an escape"));
    if let Some(c) = foreign_escape(text) {
        let right = if c.is_control() || invisible::is_invisible(c) { escaped(c) } else { c.to_string() };
        return report.with_help(format!("JSON writes it as `{right}`")).with_fix(
            format!("Change to `{right}`"),
            span,
            right,
        );
    }
    report
        .with_help("escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX; write a backslash as \\\\")
        .with_fix("Write a backslash", span, format!("\\{text}"))
}

/// The character that an escape of other languages stands for: `\'`, `\0`, `\x41`, `\u{1f600}`.
fn foreign_escape(text: &str) -> Option<char> {
    let code = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
    match text.get(1..)? {
        "'" => Some('\''),
        "`" => Some('`'),
        "$" => Some('$'),
        "0" => Some('\0'),
        "a" => Some('\u{7}'),
        "v" => Some('\u{b}'),
        "e" => Some('\u{1b}'),
        rest => {
            let braced = rest.strip_prefix("u{").and_then(|rest| rest.strip_suffix('}'));
            code(braced.or(rest.strip_prefix('x'))?)
        }
    }
}

/// The character of the escape at the start of `rest` and its length in bytes.
fn escape(rest: &str) -> (Option<char>, usize) {
    let Some(letter) = rest.chars().nth(1) else { return (None, 1) };
    let length = 1 + letter.len_utf8();
    let simple = match letter {
        '"' | '\\' | '/' => letter,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode_escape(rest),
        'x' => return (None, 2 + digits(&rest[2..], 2)),
        _ => return (None, length),
    };
    (Some(simple), length)
}

fn unicode_escape(rest: &str) -> (Option<char>, usize) {
    let unit = |text: Option<&str>| {
        let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u32::from_str_radix(text, 16).ok()
    };
    let Some(high) = unit(rest.get(2..6)) else {
        // `\u{1f600}`, as other languages write it.
        if let Some(braced) = rest[2..].strip_prefix('{') {
            let digits = digits(braced, 6);
            if braced[digits..].starts_with('}') {
                return (None, 4 + digits);
            }
        }
        return (None, 2 + digits(&rest[2..], 4));
    };
    if !(0xD800..0xDC00).contains(&high) {
        return (char::from_u32(high), 6);
    }
    let low = (rest.get(6..8) == Some("\\u")).then(|| unit(rest.get(8..12))).flatten();
    match low.filter(|low| (0xDC00..0xE000).contains(low)) {
        Some(low) => (char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), 12),
        None => (None, 6),
    }
}

/// How many hexadecimal digits `text` begins with, up to `most`.
fn digits(text: &str, most: usize) -> usize {
    text.bytes().take(most).take_while(u8::is_ascii_hexdigit).count()
}

/// The value of a number token: [`Data::Number`], or broken and reported.
pub(super) fn number(text: &str, span: Span, findings: &mut Findings) -> Data {
    if is_number(text) {
        return Data::Number;
    }
    let shown = shortened(text);
    let report = Diagnostic::error(codes::BAD_NUMBER, span, format!("`{shown}` is not a number"));
    findings.push(match mended(text) {
        Some(number) => report.with_help(format!("JSON writes it as `{number}`")).with_fix(
            format!("Change to `{number}`"),
            span,
            number,
        ),
        None => report.with_help("numbers look like 12, -3, 0.5 or 1e6"),
    });
    Data::Broken
}

/// Whether `text` is a number in JSON's grammar.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

/// The number that `text` was probably meant to be.
pub(in super::super::super) fn mended(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| *c != '_' && !invisible::is_invisible(*c)).collect();
    let text = text.strip_prefix('+').unwrap_or(&text).to_owned();
    if let Some(hex) = text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        return u32::from_str_radix(hex, 16).ok().map(|value| value.to_string());
    }
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |text| ("-", text));
    let text = text.trim_start_matches('0');
    let text =
        if text.starts_with(|c: char| c.is_ascii_digit()) { text.to_owned() } else { format!("0{text}") };
    let text = if text.ends_with('.') { format!("{text}0") } else { text };
    let text = format!("{sign}{}", text.replace(".e", ".0e").replace(".E", ".0E"));
    is_number(&text).then_some(text)
}

/// The value that a word without quotes stands for.
pub(super) fn word(text: &str, span: Span, findings: &mut Findings) -> Data {
    let seen: String;
    let mut text = text;
    if let Some(c) = text.chars().find(|c| invisible::is_invisible(*c)) {
        let message = format!("{} stands in this word, and is left out", invisible::name(c));
        seen = text.replace(invisible::is_invisible, "");
        text = &seen;
        findings.push(
            Diagnostic::warning(codes::INVISIBLE_CHARACTER, span, message)
                .with_help("write the word anew")
                .with_fix("Remove it", span, text),
        );
    }
    match text {
        "true" => return Data::Bool(true),
        "false" => return Data::Bool(false),
        "null" => return Data::Null,
        _ => {}
    }
    let lower = text.to_lowercase();
    let unknown = |message: String| Diagnostic::error(codes::UNKNOWN_LITERAL, span, message);
    match lower.as_str() {
        "true" | "false" => {
            findings.push(
                unknown(format!("`{text}` is not spelled as in JSON"))
                    .with_help(format!("write `{lower}`"))
                    .with_fix(format!("Change to `{lower}`"), span, &*lower),
            );
            Data::Bool(lower == "true")
        }
        "none" | "nil" | "undefined" | "null" => {
            findings.push(
                unknown(format!("`{text}` is not a JSON value"))
                    .with_help("write a bool, a number or a string; leave out what has no value"),
            );
            Data::Broken
        }
        "nan" | "inf" | "infinity" => {
            findings.push(
                Diagnostic::error(codes::BAD_NUMBER, span, format!("`{text}` is not a number"))
                    .with_help("numbers are finite; leave a bound out by declaring no range"),
            );
            Data::Broken
        }
        _ => {
            findings.push(missing_quotes(text, span));
            Data::String(text.to_owned())
        }
    }
}

/// The finding that `text` stands without quotes.
pub(super) fn missing_quotes(text: &str, span: Span) -> Diagnostic {
    let text = &*text.replace(invisible::is_invisible, "");
    let shown = shortened(text);
    Diagnostic::error(codes::MISSING_QUOTES, span, format!("`{shown}` stands without quotes"))
        .with_help(format!("write \"{shown}\""))
        .with_fix("Put it in quotes", span, quoted(text))
}
