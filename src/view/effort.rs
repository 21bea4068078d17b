//! How much of its work a frame does: less on a slow machine, so that frames stay short.

use super::walk::MAX_PRIMITIVES;

/// The least effort.
const LEAST_EFFORT: f64 = 0.03;

/// How much a frame may do, from very little to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort(f64);

impl Default for Effort {
    fn default() -> Self {
        Self(1.0)
    }
}

impl Effort {
    /// More or less of it, within its bounds.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self((self.0 * factor).clamp(LEAST_EFFORT, 1.0))
    }

    /// The share of full effort, from very little to 1.
    pub(super) fn share(self) -> f64 {
        self.0
    }

    /// Its share of what full effort does.
    pub(super) fn of(self, full: usize) -> usize {
        (full as f64 * self.0) as usize
    }

    /// Marks and lines of a scene, in five steps: a scene that was drawn is not drawn again for a little more.
    pub(super) fn primitives(self) -> usize {
        MAX_PRIMITIVES >> ((1.0 / self.0).log2().floor() as u32).min(4)
    }
}
