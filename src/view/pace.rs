//! How often a growing search is drawn, and with how much effort, so that drawing does not starve it.
//!
//! Search and drawing share one thread. After a frame the search has as long as the frame took, before the next one is
//! asked for; and frames that cost much are made cheaper, so that they come often all the same. A frame must not be
//! asked for earlier: a browser that finds one asked for draws it first, and lets everything else wait. The clock is
//! the caller's.

use super::effort::Effort;

/// A picture stands still for at most this long, in milliseconds, even where the search has not had its share then:
/// where others keep the processor busy, waiting for the share would stop the picture and not give it.
const LONGEST: f64 = 120.0;
/// Or for as many times as long as a picture costs.
const LONGEST_FOR_COST: f64 = 4.0;
/// What a frame should cost at most, in milliseconds. The search has as long after it: with the wait for the screen's
/// next refresh that makes some 17 frames a second.
const COST_MOST: f64 = 18.0;
/// The share of the time that belongs to the search.
const SEARCH_SHARE: f64 = 0.5;
/// Figures in text and the strips under the tree are renewed at most this often, in milliseconds, by a fast
/// machine.
const FIGURES_EVERY: f64 = 100.0;
/// The same, by a slow one.
const FIGURES_EVERY_SLOW: f64 = 240.0;

/// The most that a frame which came early leaves to the next wait, in milliseconds.
const OWED_MOST: f64 = 60.0;

/// What a frame draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The tree.
    Picture,
    /// The tree, and all figures of the page. It comes when figures are read, whether it is due or not, and what it
    /// costs depends little on the effort.
    Figures,
}

/// Decides about frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    effort: Effort,
    last: Option<Start>,
    /// What the search is owed from before the last frame, in milliseconds.
    owed: f64,
    /// What the last picture cost, in milliseconds.
    cost: f64,
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

    /// How long to wait before the next frame is asked for, in milliseconds; 0 where it is due. `worked` is the
    /// time that the search has worked, `None` where no search waits for the thread.
    pub fn wait(&self, now: f64, worked: Option<f64>) -> f64 {
        let Some((passed, worked)) = self.last.and_then(|last| last.since(now, worked)) else { return 0.0 };
        // The search is expected to have all of the wait: then its share is reached at the end of it.
        let owed = (self.owed + passed * SEARCH_SHARE - worked) / (1.0 - SEARCH_SHARE);
        owed.min(LONGEST.max(LONGEST_FOR_COST * self.cost) - passed).max(0.0)
    }

    /// How long figures in text and strips stay as they are, in milliseconds: the longer, the less a frame may do.
    pub fn figures_every(&self) -> f64 {
        FIGURES_EVERY_SLOW - (FIGURES_EVERY_SLOW - FIGURES_EVERY) * self.effort.share()
    }

    /// A frame begins.
    pub fn begin(&mut self, now: f64, worked: Option<f64>, kind: Kind) {
        let since = self.last.and_then(|last| last.since(now, worked));
        let owed = since.map_or(0.0, |(passed, worked)| self.owed + passed * SEARCH_SHARE - worked);
        if owed > 0.0 && kind == Kind::Picture {
            self.effort = self.effort.scaled(0.85);
        }
        self.owed = owed.clamp(0.0, OWED_MOST);
        self.last = Some(Start { at: now, worked });
    }

    /// What a frame cost, in milliseconds.
    pub fn end(&mut self, cost: f64, kind: Kind) {
        if kind == Kind::Figures {
            return;
        }
        self.cost = cost;
        if cost > COST_MOST {
            self.effort = self.effort.scaled((COST_MOST / cost).max(0.5));
        } else if cost < COST_MOST / 2.0 {
            self.effort = self.effort.scaled(1.08);
        }
    }
}

impl Start {
    /// How long ago this was, and how much of that the search has worked; `None` where it wanted no time, or was
    /// another search.
    fn since(self, now: f64, worked: Option<f64>) -> Option<(f64, f64)> {
        let worked = worked? - self.worked?;
        let passed = now - self.at;
        (worked >= 0.0 && passed > 0.0).then_some((passed, worked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Length of a slice of the search, and time between two refreshes of the screen, in milliseconds.
    const SLICE: f64 = 5.0;
    const REFRESH: f64 = 16.0;

    /// Plays ten seconds of a page. A frame is asked for when its wait is over, which is noticed between two
    /// slices, and drawn at the next refresh; it costs `base` plus `full` at full effort. Once a second a frame
    /// brings figures, due or not, which costs `figures`. The search takes all the rest. Answers the share of the
    /// search, and frames a second, of the second half.
    fn play(base: f64, full: f64, figures: f64) -> (f64, f64) {
        let mut pace = Pace::default();
        let (mut now, mut worked) = (0.0, 0.0);
        let mut read = 0.0;
        let (mut from, mut frames) = (None, 0);
        while now < 10_000.0 {
            if from.is_none() && now > 5_000.0 {
                from = Some((now, worked));
                frames = 0;
            }
            let wait = (pace.wait(now, Some(worked)) / SLICE).ceil() * SLICE;
            let asked = now + wait;
            let drawn = (asked / REFRESH).floor() * REFRESH + REFRESH;
            worked += drawn - now;
            now = drawn;
            let kind = if now - read > 1_000.0 { Kind::Figures } else { Kind::Picture };
            pace.begin(now, Some(worked), kind);
            let picture = base + full * pace.effort().of(1_000) as f64 / 1_000.0;
            let cost = if kind == Kind::Figures { figures } else { picture };
            read = if kind == Kind::Figures { now } else { read };
            pace.end(cost, kind);
            now += cost;
            frames += 1;
        }
        let (began, worked_then) = from.unwrap_or_default();
        ((worked - worked_then) / (now - began), f64::from(frames) * 1_000.0 / (now - began))
    }

    #[test]
    fn a_search_keeps_half_of_the_time_however_slow_the_machine_is() {
        for (base, full) in [(0.5, 2.0), (2.0, 30.0), (6.0, 120.0), (10.0, 400.0)] {
            let (share, frames) = play(base, full, base);
            assert!(share >= 0.5, "{base} + {full} ms: the search has {share}");
            assert!(frames >= 15.0, "{base} + {full} ms: {frames} frames a second");
        }
    }

    #[test]
    fn a_search_keeps_half_of_the_time_where_frames_cannot_be_made_cheap_enough() {
        let (share, frames) = play(60.0, 400.0, 60.0);
        assert!(share >= 0.5 && frames >= 5.0, "{share} {frames}");
    }

    #[test]
    fn figures_that_cost_much_are_paid_for_by_the_pictures_after_them() {
        let (share, frames) = play(6.0, 120.0, 110.0);
        assert!(share >= 0.5 && frames >= 12.0, "{share} {frames}");
    }

    #[test]
    fn a_fast_machine_draws_every_frame_in_full() {
        let (share, frames) = play(0.2, 3.0, 3.0);
        assert!(share > 0.7 && frames > 55.0, "{share} {frames}");
    }

    #[test]
    fn the_wait_is_as_long_as_the_frame_was_and_shorter_once_the_search_has_worked() {
        let mut pace = Pace::default();
        pace.begin(100.0, Some(40.0), Kind::Picture);
        assert!((pace.wait(112.0, Some(40.0)) - 12.0).abs() < 1e-9);
        assert!((pace.wait(118.0, Some(44.0)) - 10.0).abs() < 1e-9);
        assert!(pace.wait(124.0, Some(52.0)) <= 0.0);
        assert!(pace.wait(100.0 + LONGEST, Some(40.0)) <= 0.0, "the picture must not stand for ever");
    }

    #[test]
    fn where_no_search_waits_every_frame_is_drawn() {
        let mut pace = Pace::default();
        pace.begin(0.0, None, Kind::Picture);
        assert!(pace.wait(1.0, None) <= 0.0 && pace.wait(1.0, Some(3.0)) <= 0.0);
    }

    #[test]
    fn figures_are_renewed_four_to_ten_times_a_second() {
        let mut pace = Pace::default();
        assert!((pace.figures_every() - FIGURES_EVERY).abs() < 1e-9);
        for _ in 0..20 {
            pace.end(1_000.0, Kind::Picture);
        }
        assert!(pace.figures_every() > 200.0 && pace.figures_every() <= 250.0);
    }
}
