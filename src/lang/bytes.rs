//! Turns the bytes of a file into text, whichever editor wrote them.
//!
//! Every planner reads UTF-8. Other texts are read too, with a warning: as UTF-16 where a byte order mark or the
//! zero bytes between letters show it; otherwise as UTF-8 in which each byte that belongs to no character is
//! Windows-1252, which old editors write.

use crate::diagnostic::{Diagnostic, Span};

/// Bytes looked at to tell UTF-16 by its zero bytes.
const SAMPLE: usize = 64;

/// The characters of Windows-1252 from 0x80 to 0x9F. A byte without a character becomes the code point of the same
/// number, as on the web.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// A text, and the encoding that its bytes were in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// The encoding other than UTF-8 that was read; `None` where all bytes were UTF-8.
    pub other: Option<Other>,
}

/// An encoding other than UTF-8 that bytes were read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// The whole text was UTF-16.
    Utf16,
    /// Some bytes were Windows-1252; the first of them became this place of the text.
    Windows1252(Span),
}

/// Reads bytes as text. O(bytes).
pub fn decode(bytes: Vec<u8>) -> Decoded {
    if let Some(is_little) = utf16_order(&bytes) {
        let order = if is_little { u16::from_le_bytes } else { u16::from_be_bytes };
        let units = bytes.chunks_exact(2).map(|pair| order([pair[0], pair[1]]));
        let units = units.skip_while(|&unit| unit == 0xFEFF);
        let text = char::decode_utf16(units).map(|one| one.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        return Decoded { text, other: Some(Other::Utf16) };
    }
    match String::from_utf8(bytes) {
        Ok(text) => Decoded { text, other: None },
        Err(error) => mixed(error.as_bytes()),
    }
}

/// Whether bytes are UTF-16 with the lower byte first, or with the higher one; `None` where they are not.
fn utf16_order(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some(true),
        [0xFE, 0xFF, ..] => return Some(false),
        _ => {}
    }
    let sample = &bytes[..bytes.len().min(SAMPLE) / 2 * 2];
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let (first, second, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    match (first, second) {
        (0, zeros) if pairs > 1 && zeros > pairs / 2 => Some(true),
        (zeros, 0) if pairs > 1 && zeros > pairs / 2 => Some(false),
        _ => None,
    }
}

/// Reads UTF-8 in which bytes that belong to no character are Windows-1252.
fn mixed(bytes: &[u8]) -> Decoded {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut first = None;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for &byte in chunk.invalid() {
            let start = text.len();
            text.push(UPPER.get(usize::from(byte).wrapping_sub(0x80)).copied().unwrap_or(char::from(byte)));
            first.get_or_insert(Span::new(start, text.len()));
        }
    }
    Decoded { text, other: first.map(Other::Windows1252) }
}

impl Other {
    /// The encoding's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf16 => "UTF-16",
            Self::Windows1252(_) => "Windows-1252",
        }
    }

    /// The warning about it, under a code of the caller's.
    pub fn warning(self, code: &str) -> Diagnostic {
        let (span, message) = match self {
            Self::Utf16 => (Span::default(), "this file is UTF-16, and is read as that"),
            Self::Windows1252(span) => {
                (span, "this is not UTF-8: bytes that belong to no character are read as Windows-1252")
            }
        };
        Diagnostic::warning(code, span, message)
            .with_help("save the file as UTF-8, which every planner reads")
    }
}

#[cfg(test)]
mod tests {
    use super::{Other, decode};
    use crate::diagnostic::Span;

    #[test]
    fn text_of_any_editor_is_read() {
        let read = |bytes: &[u8]| {
            let decoded = decode(bytes.to_vec());
            (decoded.text, decoded.other)
        };
        assert_eq!(read("größe".as_bytes()), ("größe".into(), None));
        let at = Some(Other::Windows1252(Span::new(5, 7)));
        assert_eq!(read(b"; caf\xe9"), ("; café".into(), at));
        assert_eq!(read("ß ".bytes().chain(*b"\x80").collect::<Vec<_>>().as_slice()).0, "ß €");
        let utf16 =
            |order: fn(u16) -> [u8; 2], text: &str| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        for text in ["\u{feff}(déf", "(define"] {
            let plain = text.trim_start_matches('\u{feff}');
            assert_eq!(read(&utf16(u16::to_le_bytes, text)), (plain.into(), Some(Other::Utf16)));
            assert_eq!(read(&utf16(u16::to_be_bytes, text)), (plain.into(), Some(Other::Utf16)));
        }
        assert_eq!(read(b""), (String::new(), None));
        assert_eq!(read(b"\0"), ("\0".into(), None));
    }
}
