//! Byte offsets, as spans have them, to UTF-16 offsets, as browsers count.

/// The UTF-16 offset of each byte offset. Offsets past the end, or inside a character, count as
/// the place before. O(bytes + offsets · log offsets).
pub fn from_bytes(text: &str, offsets: &[u32]) -> Vec<u32> {
    let end = text.len() as u32;
    if text.is_ascii() {
        return offsets.iter().map(|&offset| offset.min(end)).collect();
    }
    let mut order: Vec<(i64, usize)> =
        offsets.iter().enumerate().map(|(index, &offset)| (i64::from(offset), index)).collect();
    order.sort_unstable();
    let mut found = vec![0; offsets.len()];
    let mut units = 0;
    let mut characters = text.char_indices().peekable();
    for (_, index) in order {
        while let Some(&(at, character)) = characters.peek() {
            if (at + character.len_utf8()) as u32 > offsets[index] {
                break;
            }
            units += character.len_utf16() as u32;
            characters.next();
        }
        found[index] = units;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_code_units() {
        let text = "a’b𝄞c";
        assert_eq!(from_bytes(text, &[0, 1, 4, 5, 9, 10, 99]), [0, 1, 2, 3, 5, 6, 6]);
        assert_eq!(from_bytes(text, &[9, 1, 5]), [5, 1, 3]);
        assert_eq!(from_bytes(text, &[2, 7]), [1, 3]);
        assert_eq!(from_bytes("plain", &[3, 9]), [3, 5]);
    }
}
