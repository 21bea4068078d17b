//! Series over expansions: min/max pyramids, the descent of best h, and axes.
//!
//! The columns stay in the trace; what stands here only summarises them, grows with them, and
//! never looks at an entry twice. NaN means "no value" and is left out of every minimum.

use std::ops::Range;

use crate::trace::Trace;

/// Entries of one level that make one of the next.
const FACTOR: usize = 16;

/// Least and greatest value; NaN where there is none.
pub type Bounds = (f64, f64);

const NOTHING: Bounds = (f64::NAN, f64::NAN);

fn join(a: Bounds, b: Bounds) -> Bounds {
    // `f64::min` and `f64::max` prefer the number over NaN.
    (a.0.min(b.0), a.1.max(b.1))
}

/// Minima and maxima of a column in blocks of 16, 16², … complete entries.
#[derive(Clone, Debug, Default)]
pub struct Pyramid {
    levels: Vec<Vec<Bounds>>,
    len: usize,
}

impl Pyramid {
    /// Entries of the column that were taken in.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was taken in.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes in the column up to `len`.
    pub fn update(&mut self, len: usize, value: impl Fn(usize) -> f64) {
        self.len = self.len.max(len);
        let mut level = 0;
        loop {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let below = if level == 0 { self.len } else { self.levels[level - 1].len() };
            for block in self.levels[level].len()..below / FACTOR {
                let range = block * FACTOR..(block + 1) * FACTOR;
                let bounds = match level.checked_sub(1) {
                    None => range.map(|i| (value(i), value(i))).fold(NOTHING, join),
                    Some(low) => self.levels[low][range].iter().copied().fold(NOTHING, join),
                };
                self.levels[level].push(bounds);
            }
            if below / FACTOR < FACTOR {
                return;
            }
            level += 1;
        }
    }

    /// Bounds of a range: O(log n).
    pub fn bounds(&self, range: Range<usize>, value: impl Fn(usize) -> f64) -> Bounds {
        let (mut start, mut end) = (range.start, range.end.min(self.len));
        let mut bounds = NOTHING;
        let mut level = 0;
        while start < end {
            let at = |i: usize| match level {
                0 => (value(i), value(i)),
                _ => self.levels[level - 1][i],
            };
            let blocks = self.levels.get(level).map_or(0, Vec::len);
            let (low, high) = (start.div_ceil(FACTOR), (end / FACTOR).min(blocks));
            if low >= high {
                return (start..end).map(at).fold(bounds, join);
            }
            bounds = (start..low * FACTOR).chain(high * FACTOR..end).map(at).fold(bounds, join);
            (start, end) = (low, high);
            level += 1;
        }
        bounds
    }

    /// Bounds for each of `pixels` equal parts of a range: O(pixels · log n). Where the range
    /// has fewer entries than pixels, an entry spans several.
    pub fn query(&self, range: Range<usize>, pixels: usize, value: impl Fn(usize) -> f64) -> Vec<Bounds> {
        let length = range.len();
        let edge = |pixel: usize| range.start + pixel * length / pixels;
        let part = |pixel: usize| {
            let start = edge(pixel);
            self.bounds(start..edge(pixel + 1).max(start + 1), &value)
        };
        if length == 0 { Vec::new() } else { (0..pixels).map(part).collect() }
    }
}

/// A stretch of expansions in which the best h stayed as it was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plateau {
    /// Its first expansion, from 1.
    pub from: u32,
    /// Its last expansion.
    pub to: u32,
    /// Best h there, in the task's unit of h.
    pub h: i64,
}

impl Plateau {
    /// Expansions in it.
    pub fn length(&self) -> u32 {
        self.to + 1 - self.from
    }
}

/// Where the best h changed.
#[derive(Clone, Debug, Default)]
pub struct Descent {
    changes: Vec<(u32, i64)>,
    taken: usize,
    expansions: u32,
}

impl Descent {
    /// Takes in the records of the first `expansions` expansions.
    pub fn update(&mut self, trace: &Trace, expansions: u32) {
        self.expansions = expansions;
        for record in trace.records[self.taken..].iter().take_while(|record| record.at <= expansions) {
            self.taken += 1;
            let at = record.at.max(1);
            match self.changes.last_mut().filter(|last| last.0 == at) {
                Some(last) => last.1 = record.h,
                None => self.changes.push((at, record.h)),
            }
        }
    }

    /// The changes: `(expansion from 1, best h)`.
    pub fn changes(&self) -> &[(u32, i64)] {
        &self.changes
    }

    /// All stretches, in order; together they cover every expansion from the first change on.
    pub fn stretches(&self) -> impl Iterator<Item = Plateau> + '_ {
        self.changes.iter().enumerate().map(|(index, &(from, h))| {
            let next = self.changes.get(index + 1).map_or(self.expansions + 1, |&(at, _)| at);
            Plateau { from, to: next - 1, h }
        })
    }

    /// Stretches of at least `least` expansions.
    pub fn plateaus(&self, least: u32) -> impl Iterator<Item = Plateau> + '_ {
        self.stretches().filter(move |plateau| plateau.length() >= least)
    }
}

/// The summaries of a trace's sample columns.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Entries in the open list.
    pub open: Pyramid,
    /// KiB held.
    pub memory: Pyramid,
    /// Best h.
    pub descent: Descent,
}

impl Series {
    /// Takes in up to `max` more samples.
    pub fn update(&mut self, trace: &Trace, max: usize) {
        let end = trace.expansions().min(self.open.len() + max);
        self.open.update(end, |i| f64::from(trace.open_size[i]));
        self.memory.update(end, |i| f64::from(trace.memory_kib[i]));
        self.descent.update(trace, end as u32);
    }
}

/// The distance between labels: the least of 1, 2, 5, 10, … that keeps them `least` pixels
/// apart where `unit` pixels make one.
pub fn label_step(unit: f64, least: f64) -> u32 {
    let mut decade = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if factor * decade * unit >= least || decade >= 1e9 {
                return (factor * decade) as u32;
            }
        }
        decade *= 10.0;
    }
}

/// How many expansions the time axis spans: all of them at the end; while searching the next
/// round number, so that the axis rests between steps.
pub fn axis_end(expansions: u32, running: bool) -> u32 {
    if !running {
        return expansions.max(2);
    }
    let mut decade = 10u32;
    loop {
        for part in [2, 3, 5, 8, 12] {
            let end = (decade / 2).saturating_mul(part);
            if end >= expansions + expansions / 20 + 5 {
                return end;
            }
        }
        decade = decade.saturating_mul(10);
        if decade > 1_000_000_000 {
            return u32::MAX;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::random_tree;
    use super::*;
    use crate::hash::SplitMix64;

    fn brute(values: &[f64], range: Range<usize>) -> Bounds {
        values[range].iter().fold(NOTHING, |bounds, &value| join(bounds, (value, value)))
    }

    fn same(a: Bounds, b: Bounds) -> bool {
        a.0.to_bits() == b.0.to_bits() && a.1.to_bits() == b.1.to_bits()
    }

    #[test]
    fn a_pyramid_grown_in_pieces_answers_as_a_scan_does() {
        let mut random = SplitMix64::new(61);
        let values: Vec<f64> = (0..9_000).map(|_| random.below(100_000) as f64).collect();
        let mut pyramid = Pyramid::default();
        for len in [0, 1, 15, 16, 17, 255, 256, 257, 4_000, 4_096, 9_000] {
            pyramid.update(len, |i| values[i]);
            for _ in 0..200 {
                let end = random.below(len as u64 + 1) as usize;
                let start = random.below(end as u64 + 1) as usize;
                let bounds = pyramid.bounds(start..end, |i| values[i]);
                assert!(same(bounds, brute(&values, start..end)), "{start}..{end} of {len}");
            }
        }
        let pixels = pyramid.query(100..8_900, 333, |i| values[i]);
        for (pixel, &bounds) in pixels.iter().enumerate() {
            let edge = |p: usize| 100 + p * 8_800 / 333;
            assert!(same(bounds, brute(&values, edge(pixel)..edge(pixel + 1))));
        }
    }

    #[test]
    fn values_that_are_missing_are_left_out() {
        let values = [f64::NAN, 3.0, f64::NAN, 1.0];
        let mut pyramid = Pyramid::default();
        pyramid.update(4, |i| values[i]);
        assert!(same(pyramid.bounds(0..4, |i| values[i]), (1.0, 3.0)));
        assert!(pyramid.bounds(0..1, |i| values[i]).0.is_nan());
    }

    #[test]
    fn plateaus_cover_all_expansions_without_gaps() {
        let trace = random_tree(67, 2_000);
        let mut descent = Descent::default();
        for expansions in [1, 2, 40, 41, trace.expansions() as u32] {
            descent.update(&trace, expansions);
        }
        let mut next = 1;
        for stretch in descent.stretches() {
            assert_eq!(stretch.from, next);
            for time in stretch.from..=stretch.to {
                assert_eq!(trace.best_at(Some(time)).map(|record| record.h), Some(stretch.h));
            }
            next = stretch.to + 1;
        }
        assert_eq!(next as usize, trace.expansions() + 1);
    }

    #[test]
    fn axes_have_round_steps_and_room_while_searching() {
        assert_eq!(label_step(1.5, 64.0), 50);
        assert_eq!(label_step(0.0005, 64.0), 200_000);
        assert_eq!(axis_end(315, false), 315);
        for expansions in [0, 1, 9, 148, 999, 123_456, 9_999_999] {
            assert!(axis_end(expansions, true) > expansions);
        }
    }
}
