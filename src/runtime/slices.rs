//! Finds out how much work fits between two turns of the event loop, by measuring each slice.

use std::time::Duration;

use super::Pacing;
use crate::step::{Budget, Progress, Stepper};

/// The length that a slice aims at. Two slices and a drawn frame fit in 16 ms.
pub(super) const SLICE: Duration = Duration::from_micros(4_900);
/// Units of the first slice, whose cost is not known yet.
const FIRST_UNITS: u64 = 16;
/// A slice grows at most by this factor over the one before.
const GROWTH: u64 = 4;
/// Weight of the latest slice in the smoothed cost per unit.
const SMOOTHING: f64 = 0.5;

/// Decides the units of the next slice of one stepper. The caller measures each slice; nothing here reads a
/// clock.
#[derive(Clone, Debug)]
pub struct Slices {
    units: u64,
    seconds_per_unit: f64,
}

impl Default for Slices {
    /// Before the first slice.
    fn default() -> Self {
        Self { units: FIRST_UNITS, seconds_per_unit: 0.0 }
    }
}

impl Slices {
    /// What the next slice may spend.
    pub fn budget(&self) -> Budget {
        Budget::units(self.units)
    }

    /// Adapts to the last slice: what it left of its budget, and how long it took.
    pub fn adapt(&mut self, left: Budget, length: Duration) {
        let spent = self.units.saturating_sub(left.units_left());
        if spent == 0 {
            return;
        }
        let sample = length.as_secs_f64() / spent as f64;
        // If a slice took longer than expected, its cost counts at once: a slice that is late is worse than
        // one that is early.
        let weight = if sample > self.seconds_per_unit { 1.0 } else { SMOOTHING };
        self.seconds_per_unit += weight * (sample - self.seconds_per_unit);
        let fitting = SLICE.as_secs_f64() / self.seconds_per_unit.max(1e-9);
        self.units = (fitting as u64).clamp(1, self.units.saturating_mul(GROWTH));
    }
}

/// Runs a stepper to its end and yields between its slices; nothing stops or paces it.
pub async fn in_slices<S: Stepper>(pacing: &Pacing, mut stepper: S) -> S::Output {
    let mut slices = Slices::default();
    loop {
        let (began, mut budget) = (pacing.clock.now(), slices.budget());
        if let Progress::Done(output) = stepper.step(&mut budget) {
            return output;
        }
        slices.adapt(budget, pacing.clock.now().saturating_sub(began));
        pacing.yielder.yield_now().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The length of the next slice of work that takes `unit` a unit.
    fn slice(slices: &mut Slices, unit: Duration) -> Duration {
        let mut budget = slices.budget();
        let units = budget.units_left();
        budget.spend(units);
        let length = unit * units as u32;
        slices.adapt(budget, length);
        length
    }

    #[test]
    fn slices_come_to_their_length_and_shrink_at_once_where_units_get_dearer() {
        let mut slices = Slices::default();
        let lengths: Vec<_> = (0..12).map(|_| slice(&mut slices, Duration::from_micros(2))).collect();
        assert!(lengths.iter().all(|length| *length <= SLICE), "{lengths:?}");
        assert!(lengths[11] > SLICE * 9 / 10, "{lengths:?}");
        let dear = Duration::from_micros(20);
        slice(&mut slices, dear);
        assert!(slice(&mut slices, dear) <= SLICE);
    }
}
