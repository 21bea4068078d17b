//! Colour as a value: the ramp, what is coloured by, and the legend's domain and histogram.

use crate::trace::Trace;

/// Steps of a ramp that are drawn as colours of their own.
pub const STEPS: u8 = 32;
/// The tint of a node without a value.
pub const NO_VALUE: u8 = STEPS;
/// Bars of the legend's histogram.
pub const BINS: usize = 23;
/// Most nodes that a histogram looks at.
const SAMPLE: usize = 16_384;

/// What the scope colours by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourBy {
    /// The heuristic's estimate.
    #[default]
    H,
    /// g + weight × h.
    F,
    /// What the path costs.
    G,
    /// The order of generation.
    Order,
}

impl ColourBy {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 4] = [Self::H, Self::F, Self::G, Self::Order];

    /// What the menu says.
    pub fn label(self) -> &'static str {
        match self {
            Self::H => "h",
            Self::F => "f",
            Self::G => "g",
            Self::Order => "Order",
        }
    }

    /// The value of a node in the document's unit; `None` where it has none.
    pub fn value(self, trace: &Trace, node: u32) -> Option<f64> {
        let h = || trace.h_value(trace.h[node as usize]);
        let g = || trace.g_value(node, None);
        match self {
            Self::H => h(),
            Self::F => h().map(|h| trace.f_value(g(), h)),
            Self::G => Some(g()),
            Self::Order => Some(f64::from(node)),
        }
    }
}

/// A range of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Domain {
    /// Least.
    pub low: f64,
    /// Greatest.
    pub high: f64,
}

impl Default for Domain {
    fn default() -> Self {
        Self { low: f64::INFINITY, high: f64::NEG_INFINITY }
    }
}

impl Domain {
    fn include(&mut self, value: f64) {
        self.low = self.low.min(value);
        self.high = self.high.max(value);
    }

    /// Where a value stands, from 0 to 1; 0 where the range is a point.
    pub fn share(&self, value: f64) -> f64 {
        let length = self.high - self.low;
        if length > 0.0 { ((value - self.low) / length).clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// The domains of all values, kept while the trace grows.
#[derive(Clone, Debug, Default)]
pub struct Domains {
    taken: usize,
    ranges: [Domain; 3],
}

impl Domains {
    /// Takes in up to `max` more nodes.
    pub fn update(&mut self, trace: &Trace, max: usize) {
        let end = trace.len().min(self.taken + max);
        for node in self.taken as u32..end as u32 {
            for (range, by) in self.ranges.iter_mut().zip(ColourBy::ALL) {
                if let Some(value) = by.value(trace, node) {
                    range.include(value);
                }
            }
        }
        self.taken = end;
    }

    /// The legend's domain. h, g and order begin at 0; f begins at its least value.
    pub fn of(&self, by: ColourBy) -> Domain {
        let [h, f, g] = self.ranges;
        let from_zero = |range: Domain| Domain { low: 0.0, high: range.high.max(0.0) };
        match by {
            ColourBy::H => from_zero(h),
            ColourBy::F if f.low > f.high => Domain { low: 0.0, high: 0.0 },
            ColourBy::F => f,
            ColourBy::G => from_zero(g),
            ColourBy::Order => Domain { low: 0.0, high: self.taken.saturating_sub(1) as f64 },
        }
    }
}

/// Turns a node into a tint.
#[derive(Clone, Copy, Debug)]
pub struct Tinter {
    /// What is coloured by.
    pub by: ColourBy,
    /// The legend's domain.
    pub domain: Domain,
}

impl Tinter {
    /// The step of the ramp for a node, [`NO_VALUE`] where it has no value.
    pub fn tint(&self, trace: &Trace, node: u32) -> u8 {
        self.by.value(trace, node).map_or(NO_VALUE, |value| self.step(value))
    }

    /// The step of the ramp for a value.
    pub fn step(&self, value: f64) -> u8 {
        (self.domain.share(value) * f64::from(STEPS - 1)).round() as u8
    }
}

/// The bars of the legend over the first `nodes` nodes; of more than 16,384 an even sample.
pub fn histogram(trace: &Trace, tinter: &Tinter, nodes: usize) -> [u32; BINS] {
    let mut bins = [0; BINS];
    let step = (nodes / SAMPLE).max(1);
    for node in (0..nodes).step_by(step) {
        if let Some(value) = tinter.by.value(trace, node as u32) {
            let bin = (tinter.domain.share(value) * BINS as f64) as usize;
            bins[bin.min(BINS - 1)] += 1;
        }
    }
    bins
}

/// Colour stops, evenly spaced, from near the goal to far from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ramp {
    /// Red, green and blue of each stop.
    pub stops: [[u8; 3]; 6],
}

impl Ramp {
    /// The colour at `share` (0 to 1), interpolated between its neighbours.
    pub fn at(&self, share: f64) -> [u8; 3] {
        let place = share.clamp(0.0, 1.0) * (self.stops.len() - 1) as f64;
        let below = (place as usize).min(self.stops.len() - 2);
        let part = place - below as f64;
        let mix = |channel: usize| {
            let (a, b) = (self.stops[below][channel], self.stops[below + 1][channel]);
            (f64::from(a) + (f64::from(b) - f64::from(a)) * part).round() as u8
        };
        [mix(0), mix(1), mix(2)]
    }

    /// The colour of a tint other than [`NO_VALUE`].
    pub fn step(&self, tint: u8) -> [u8; 3] {
        self.at(f64::from(tint) / f64::from(STEPS - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::random_tree;
    use super::*;

    #[test]
    fn the_ramp_meets_its_stops_and_mixes_between() {
        let ramp = Ramp { stops: [[0; 3], [10; 3], [20; 3], [30; 3], [40; 3], [51; 3]] };
        assert_eq!(ramp.at(0.0), [0; 3]);
        assert_eq!(ramp.at(1.0), [51; 3]);
        assert_eq!(ramp.at(0.5), [25; 3]);
        assert_eq!(ramp.at(7.0), [51; 3]);
    }

    #[test]
    fn a_domain_grown_in_pieces_is_that_of_all_nodes() {
        let trace = random_tree(41, 700);
        let mut domains = Domains::default();
        for _ in 0..8 {
            domains.update(&trace, 100);
        }
        for by in ColourBy::ALL {
            let values = (0..trace.len() as u32).filter_map(|node| by.value(&trace, node));
            let high = values.fold(f64::NEG_INFINITY, f64::max);
            assert!((domains.of(by).high - high).abs() < 1e-9);
        }
        let tinter = Tinter { by: ColourBy::H, domain: domains.of(ColourBy::H) };
        let valued = (0..700).filter(|&node| ColourBy::H.value(&trace, node).is_some()).count();
        assert_eq!(histogram(&trace, &tinter, 700).iter().sum::<u32>() as usize, valued);
    }

    #[test]
    fn an_h_that_counts_operators_is_not_multiplied_by_the_unit_of_cost() {
        let trace = Trace { unit: 0.25, h_unit: 1.0, ..random_tree(43, 50) };
        let node = (1..50).find(|&node| trace.h_value(trace.h[node as usize]).is_some()).unwrap_or(0);
        let h = trace.h[node as usize] as f64;
        assert_eq!(ColourBy::H.value(&trace, node), Some(h));
        assert_eq!(ColourBy::F.value(&trace, node), Some(h), "f is h where h counts operators");
        assert_eq!(ColourBy::G.value(&trace, node), Some(trace.g[node as usize] as f64 * 0.25));
    }

    #[test]
    fn an_empty_domain_is_a_point() {
        let domain = Domains::default().of(ColourBy::F);
        assert!(domain.share(3.0).abs() < f64::EPSILON);
    }
}
