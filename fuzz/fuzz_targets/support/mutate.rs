//! Mutation by parts: a form or a word of the text is replaced, left out, doubled, put into another's place
//! or wrapped. Plain mutations of bytes end in the reader nearly always; these often go on to the search.

use std::ops::Range;

use planscope::hash::SplitMix64;

/// What a language looks like.
pub struct Language {
    /// Bytes between words.
    pub separators: &'static [u8],
    /// What stands between two parts.
    pub comma: &'static str,
    /// Words to put in.
    pub words: &'static [&'static str],
    /// Texts to put around a part, which stands for `@`.
    pub frames: &'static [&'static str],
}

/// Changes a few parts of `text`.
pub fn mutate(text: &str, language: &Language, seed: u64) -> String {
    let mut random = SplitMix64::new(seed);
    let mut text = text.to_owned();
    for _ in 0..=random.below(3) {
        let parts = parts(&text, language.separators);
        if parts.is_empty() {
            return text;
        }
        let one = pick(&mut random, &parts).clone();
        let other = pick(&mut random, &parts).clone();
        let (here, there) = (&text[one.clone()], &text[other.clone()]);
        let mended = match random.below(8) {
            0 | 1 => there.to_owned(),
            2 => String::new(),
            3 => format!("{here}{}{there}", language.comma),
            4 => pick(&mut random, language.frames).replace('@', here),
            5 => pick(&mut random, language.frames).replace('@', there),
            6 if one.end <= other.start => {
                text = [&text[..one.start], there, &text[one.end..other.start], here, &text[other.end..]]
                    .concat();
                continue;
            }
            _ => (*pick(&mut random, language.words)).to_owned(),
        };
        text.replace_range(one, &mended);
    }
    text
}

fn pick<'a, T>(random: &mut SplitMix64, all: &'a [T]) -> &'a T {
    &all[random.below(all.len() as u64) as usize]
}

/// Words, strings, and pairs of brackets with what they hold.
fn parts(text: &str, separators: &[u8]) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut parts, mut open, mut at) = (Vec::new(), Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        at += 1;
        match bytes[start] {
            b'(' | b'[' | b'{' => open.push(start),
            b')' | b']' | b'}' => parts.extend(open.pop().map(|from| from..at)),
            0 => open.clear(),
            b'"' => {
                while at < bytes.len() && bytes[at] != b'"' {
                    at += 1;
                }
                at = (at + 1).min(bytes.len());
                parts.push(start..at);
            }
            byte if byte <= b' ' || separators.contains(&byte) => {}
            _ => {
                let is_word =
                    |byte: u8| byte > b' ' && !b"()[]{}\"".contains(&byte) && !separators.contains(&byte);
                while at < bytes.len() && is_word(bytes[at]) {
                    at += 1;
                }
                parts.push(start..at);
            }
        }
    }
    parts
}

/// For `fuzz_mutator!`: changes parts mostly, bytes sometimes.
pub fn mutate_input(data: &mut [u8], size: usize, max_size: usize, seed: u32, language: &Language) -> usize {
    let text = std::str::from_utf8(&data[..size]).unwrap_or_default();
    if text.is_empty() || seed % 4 == 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    write_input(data, max_size, &mutate(text, language, u64::from(seed)))
}

/// Puts `text` in place of the input, as far as it fits.
pub fn write_input(data: &mut [u8], max_size: usize, text: &str) -> usize {
    let length = text.floor_char_boundary(max_size);
    data[..length].copy_from_slice(&text.as_bytes()[..length]);
    length
}
