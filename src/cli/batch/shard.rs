//! A part of a batch, for one of several processes.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

/// Every line whose number modulo `of` is `index` modulo `of`. So parts can be counted from 0 (0/4 … 3/4) and
/// from 1 (1/4 … 4/4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    of: NonZeroU64,
}

impl Default for Shard {
    /// All lines.
    fn default() -> Self {
        Self { index: 0, of: NonZeroU64::MIN }
    }
}

impl Shard {
    /// Whether the line of this number, which counts from 1, is in it.
    pub fn has(self, line: u64) -> bool {
        line % self.of == self.index % self.of
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = "I/N is expected, with I from 0 to N, for instance 1/4";
        let (index, of) = text.split_once('/').ok_or(expected)?;
        let (index, of) = (index.parse(), of.parse::<NonZeroU64>());
        match (index, of) {
            (Ok(index), Ok(of)) if index <= of.get() => Ok(Self { index, of }),
            _ => Err(expected),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;

    #[test]
    fn each_line_is_in_one_part_counted_from_0_or_from_1() {
        for parts in [["0/4", "1/4", "2/4", "3/4"], ["1/4", "2/4", "3/4", "4/4"]] {
            let parts = parts.map(|part| part.parse::<Shard>().expect("a part"));
            for line in 1..100 {
                assert_eq!(parts.iter().filter(|part| part.has(line)).count(), 1, "line {line}");
            }
        }
        assert!((1..9).all(|line| Shard::default().has(line)));
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["", "1", "1/0", "5/4", "-1/4", "1/4/2", "a/b"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
