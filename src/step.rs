//! Work in bounded steps: the contract between everything that can take long and the driver.
//!
//! A stepper does a bounded amount of work per call, counted in units of about one heuristic
//! evaluation each. It never reads a clock, never sleeps and never does I/O: the driver in
//! `runtime` owns time. How the work is cut into steps must not change its result.

/// What a stepper may spend before it has to return.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    units: u64,
    expansions: u64,
}

impl Budget {
    /// `units` of work, any number of expansions.
    pub fn units(units: u64) -> Self {
        Self { units, expansions: u64::MAX }
    }

    /// No limit: the work runs to its end.
    pub fn unlimited() -> Self {
        Self::units(u64::MAX)
    }

    /// The same with at most `expansions` expansions, for stepping and watching.
    #[must_use]
    pub fn with_expansions(mut self, expansions: u64) -> Self {
        self.expansions = expansions;
        self
    }

    /// Takes `units`; work that turns out larger than what is left empties the budget.
    pub fn spend(&mut self, units: u64) {
        self.units = self.units.saturating_sub(units);
    }

    /// Takes one expansion.
    pub fn spend_expansion(&mut self) {
        self.expansions = self.expansions.saturating_sub(1);
    }

    /// A part of it: all its units, and at most `expansions` of its expansions.
    #[must_use]
    pub fn part(&self, expansions: u64) -> Self {
        Self { units: self.units, expansions: self.expansions.min(expansions) }
    }

    /// Takes what was spent of a [`part`](Self::part); answers its expansions.
    pub fn settle(&mut self, expansions: u64, part: Self) -> u64 {
        let expanded = self.expansions.min(expansions).saturating_sub(part.expansions);
        self.units = self.units.min(part.units);
        self.expansions -= expanded;
        expanded
    }

    /// Whether the stepper has to return. A stepper checks it before each piece of work.
    pub fn is_spent(&self) -> bool {
        self.units == 0
    }

    /// Whether no further expansion may begin.
    pub fn has_no_expansions(&self) -> bool {
        self.expansions == 0
    }

    /// Units left.
    pub fn units_left(&self) -> u64 {
        self.units
    }

    /// Expansions left.
    pub fn expansions_left(&self) -> u64 {
        self.expansions
    }
}

/// What a step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Progress<T> {
    /// The budget ran out before the work did; call again.
    Pending,
    /// The work is done. The stepper must not be called again.
    Done(T),
}

/// Work that is done in bounded steps.
pub trait Stepper {
    /// What the work comes to.
    type Output;

    /// Works until it is done or `budget` is spent. Always makes progress when the budget is not
    /// spent on entry.
    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output>;

    /// Bytes held now in arenas that grow with the work, for whoever shows them. The work bounds them itself.
    fn memory_bytes(&self) -> u64 {
        0
    }
}

/// Runs a stepper to its end in one go. For tests, benches and work known to be small.
pub fn run<S: Stepper>(mut stepper: S) -> S::Output {
    loop {
        if let Progress::Done(output) = stepper.step(&mut Budget::unlimited()) {
            return output;
        }
    }
}
