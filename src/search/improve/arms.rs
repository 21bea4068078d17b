//! Which kind of window is replanned next: the one that has gained most for the work that it took.
//!
//! Each kind is an arm of a multi-armed bandit. Its score is its recent gain, as a fraction of the plan's cost, plus
//! a small credit, divided by its recent work. So cheap kinds are tried first, kinds that gain are tried again, and
//! kinds that do not gain give way to larger windows with more evaluations. Work is counted, never timed: the same
//! search makes the same choices.

/// How the steps of a window are picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Steps that follow each other in the plan.
    Adjacent,
    /// Steps that depend on each other, moved together.
    Related,
}

/// A kind of window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Kind {
    pub(super) shape: Shape,
    /// Steps of the window.
    pub(super) length: usize,
    /// Evaluations that it may take.
    pub(super) evaluations: u64,
}

#[derive(Clone, Copy, Debug)]
struct Arm {
    shape: Shape,
    length: usize,
    /// Recent gain, as a fraction of the plan's cost, and the work for it. Both decay by [`MEMORY`].
    gain: f64,
    work: f64,
    /// Doublings of [`EVALUATIONS`].
    effort: u32,
    /// Windows without a gain since the effort changed.
    failures: u64,
}

/// All kinds of windows, each with its recent gain and work.
pub(super) struct Arms {
    arms: Vec<Arm>,
}

/// Lengths of windows in steps.
const LENGTHS: [usize; 7] = [3, 6, 12, 24, 48, 96, 192];
/// Evaluations of a window at the least effort.
const EVALUATIONS: u64 = 50;
/// Most doublings of them.
const EFFORT_MAX: u32 = 9;
/// Gain that every arm is credited with, as a fraction of the cost.
const CREDIT: f64 = 0.002;
/// Factor by which an arm's past gain and work decay at each window.
const MEMORY: f64 = 0.97;

impl Arms {
    pub(super) fn new() -> Self {
        let arm = |shape| move |length| Arm { shape, length, gain: 0.0, work: 0.0, effort: 0, failures: 0 };
        let adjacent = LENGTHS.into_iter().map(arm(Shape::Adjacent));
        Self { arms: adjacent.chain(LENGTHS.into_iter().map(arm(Shape::Related))).collect() }
    }

    /// Chooses the arm for a plan of so many steps, where an evaluation takes so many units. Where `has_order`, the
    /// partial order is known, and steps may be moved together.
    pub(super) fn choose(&self, steps: usize, evaluation_units: u64, has_order: bool) -> (usize, Kind) {
        let mut best = (0, f64::NEG_INFINITY);
        for (at, arm) in self.arms.iter().enumerate() {
            let is_shorter_there =
                at > 0 && LENGTHS.iter().any(|&other| other < arm.length && other >= steps);
            if is_shorter_there || (arm.shape == Shape::Related && (!has_order || arm.length >= steps)) {
                continue;
            }
            let likely = (self.kind(at).evaluations * evaluation_units) as f64;
            let score = (arm.gain + CREDIT) / (arm.work + likely);
            if score > best.1 {
                best = (at, score);
            }
        }
        (best.0, self.kind(best.0))
    }

    fn kind(&self, at: usize) -> Kind {
        let Arm { shape, length, effort, .. } = self.arms[at];
        Kind { shape, length, evaluations: EVALUATIONS << effort }
    }

    /// Records the result of a window: `gain` is a fraction of the cost before it.
    pub(super) fn note(&mut self, at: usize, steps: usize, gain: f64, work: u64) {
        let arm = &mut self.arms[at];
        arm.gain = arm.gain * MEMORY + gain;
        arm.work = arm.work * MEMORY + work as f64;
        if gain > 0.0 {
            arm.failures = 0;
            return;
        }
        arm.failures += 1;
        // After so many failures most windows of this length have been tried.
        if arm.failures > 4 + 3 * (steps / arm.length) as u64 {
            arm.effort = (arm.effort + 1).min(EFFORT_MAX);
            arm.failures = 0;
        }
    }
}
