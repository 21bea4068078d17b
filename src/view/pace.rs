//! How often a growing search is drawn, and with how much effort, so that drawing does not starve it.
//!
//! Search and drawing share one thread. A frame is due once the search has had half of the time since the last
//! one, or when the picture would stand still for too long; where frames cost too much for that, they are made
//! cheaper. The clock is the caller's.

use super::stage::Effort;

/// A picture stands still for at most this long, in milliseconds: 20 frames a second.
const LONGEST: f64 = 48.0;
/// What a frame may cost, in milliseconds.
const COST_MOST: f64 = 20.0;
/// The share of the time that belongs to the search.
const SEARCH_SHARE: f64 = 0.5;

/// Decides about frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    effort: Effort,
    last: Option<Start>,
}

/// When a frame began, and what the search had worked by then; both in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Start {
    at: f64,
    worked: Option<f64>,
}

impl Pace {
    /// How much the next frame may do.
    pub fn effort(&self) -> Effort {
        self.effort
    }

    /// Whether to draw now. `worked` is the time that the search has worked, `None` where nothing waits for the
    /// thread.
    pub fn is_due(&self, now: f64, worked: Option<f64>) -> bool {
        let Some(last) = self.last else { return true };
        let Some(share) = last.share(now, worked) else { return true };
        share >= SEARCH_SHARE || now - last.at >= LONGEST
    }

    /// A frame begins.
    pub fn begin(&mut self, now: f64, worked: Option<f64>) {
        if self.last.and_then(|last| last.share(now, worked)).is_some_and(|share| share < SEARCH_SHARE) {
            self.effort = self.effort.scaled(0.85);
        }
        self.last = Some(Start { at: now, worked });
    }

    /// What the frame cost, in milliseconds.
    pub fn end(&mut self, cost: f64) {
        if cost > COST_MOST {
            self.effort = self.effort.scaled((COST_MOST / cost).max(0.5));
        } else if cost < COST_MOST / 2.0 {
            self.effort = self.effort.scaled(1.08);
        }
    }
}

impl Start {
    /// The share of the time since that the search had; `None` where it wanted none, or was another one.
    fn share(self, now: f64, worked: Option<f64>) -> Option<f64> {
        let worked = worked? - self.worked?;
        let passed = now - self.at;
        (worked >= 0.0 && passed > 0.0).then(|| worked / passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays ten seconds of a page that may draw every 16 ms; a frame costs `base` plus `full` at full effort,
    /// the search takes all the rest. Answers the share of the search, and frames a second, of the second half.
    fn play(base: f64, full: f64) -> (f64, f64) {
        let mut pace = Pace::default();
        let (mut now, mut worked) = (0.0, 0.0);
        let (mut from, mut frames) = (None, 0);
        while now < 10_000.0 {
            if from.is_none() && now > 5_000.0 {
                from = Some((now, worked));
                frames = 0;
            }
            if pace.is_due(now, Some(worked)) {
                pace.begin(now, Some(worked));
                let cost = base + full * pace.effort().of(1_000) as f64 / 1_000.0;
                pace.end(cost);
                now += cost;
                frames += 1;
            }
            let rest = 16.0 - now % 16.0;
            now += rest;
            worked += rest;
        }
        let (began, worked_then) = from.unwrap_or_default();
        ((worked - worked_then) / (now - began), f64::from(frames) * 1_000.0 / (now - began))
    }

    #[test]
    fn a_search_keeps_half_of_the_time_however_slow_the_machine_is() {
        for (base, full) in [(0.5, 2.0), (2.0, 30.0), (6.0, 120.0), (10.0, 400.0)] {
            let (share, frames) = play(base, full);
            assert!(share >= 0.5, "{base} + {full} ms: the search has {share}");
            assert!(frames >= 15.0, "{base} + {full} ms: {frames} frames a second");
        }
    }

    #[test]
    fn a_fast_machine_draws_every_frame_in_full() {
        let (share, frames) = play(0.2, 3.0);
        assert!(share > 0.7 && frames > 55.0, "{share} {frames}");
    }

    #[test]
    fn where_nothing_waits_every_frame_is_drawn() {
        let mut pace = Pace::default();
        pace.begin(0.0, None);
        assert!(pace.is_due(1.0, None) && pace.is_due(1.0, Some(3.0)));
    }
}
