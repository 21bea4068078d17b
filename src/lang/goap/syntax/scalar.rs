//! The insides of single tokens: escapes of strings, the grammar of numbers, words without quotes.

use std::fmt::Write;

use super::super::codes;
use super::super::findings::Findings;
use super::tree::Data;
use crate::diagnostic::{Diagnostic, Span};

/// Characters of the author's text that a message repeats at most.
const SHOWN: usize = 40;

/// `text`, cut where it is too long for a message.
pub(in super::super::super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
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
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

pub(super) fn other_quotes(span: Span, body: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSING_QUOTES, span, "text stands in double quotes")
        .with_help("use `\"` on both sides")
        .with_fix("Use double quotes", span, quoted(&body.replace("\\'", "'")))
}

/// Decodes the string at `span` (quotes included); `None` where an escape is wrong.
pub(super) fn decode(source: &str, span: Span, findings: &mut Findings) -> Option<String> {
    let text = span.of(source);
    let body = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    if !body.bytes().any(|byte| byte == b'\\' || byte < 0x20) {
        return Some(body.to_owned());
    }
    let mut out = String::with_capacity(body.len());
    let mut sound = true;
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        let at = span.start as usize + 1 + body.len() - rest.len();
        let (decoded, length) = if c == '\\' { escape(rest) } else { (Some(c), c.len_utf8()) };
        let place = Span::new(at, at + length);
        match decoded {
            Some(c) if place.of(source).starts_with(|raw| raw < ' ') => findings.push(control(place, c)),
            Some(_) => {}
            None => {
                findings.push(bad_escape(place, place.of(source)));
                sound = false;
            }
        }
        out.extend(decoded);
        rest = &rest[length..];
    }
    sound.then_some(out)
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
    let text = shortened(text);
    Diagnostic::error(codes::BAD_ESCAPE, span, format!("`{text}` is not an escape"))
        .with_help("escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX; write a backslash as \\\\")
        .with_fix("Write a backslash", span, format!("\\{text}"))
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
        let digits = rest[2..].bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
        return (None, 2 + digits);
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
fn mended(text: &str) -> Option<String> {
    let text = text.strip_prefix('+').unwrap_or(text).replace('_', "");
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

/// What a word without quotes stands for as a value.
pub(super) fn word(text: &str, span: Span, findings: &mut Findings) -> Data {
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
    let shown = shortened(text);
    Diagnostic::error(codes::MISSING_QUOTES, span, format!("`{shown}` stands without quotes"))
        .with_help(format!("write \"{shown}\""))
        .with_fix("Put it in quotes", span, quoted(text))
}
