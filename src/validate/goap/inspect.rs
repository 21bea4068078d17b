//! What can be done in a state.

use crate::lang::goap::model::Argument;
use crate::lang::plan::Step;

use super::evaluate::{Applied, Bound};
use super::{State, Validator};

/// Bindings tried at most for one question, so that it is answered within a frame or two.
const MAX_TRIED: usize = 20_000;

/// The steps that can be taken in a state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applicable {
    /// Each with what it does: actions in file order, first parameter slowest.
    pub steps: Vec<(Step, Applied)>,
    /// Whether these are all.
    pub complete: bool,
}

impl Validator<'_> {
    /// The first `limit` steps that can be taken in `state`.
    pub fn enumerate_applicable(&self, state: &State, limit: usize) -> Applicable {
        let mut enumerating = Enumerating::new(limit);
        while !enumerating.advance(self, state) {}
        enumerating.into_found()
    }
}

/// The steps that can be taken in a state, one binding of an action's parameters at a time.
#[derive(Debug)]
pub struct Enumerating {
    limit: usize,
    /// Index of the action whose bindings are tried, and the next binding.
    action: usize,
    binding: Option<Vec<usize>>,
    tried: usize,
    found: Applicable,
}

impl Enumerating {
    /// An enumeration that has not begun, of the first `limit` steps.
    pub fn new(limit: usize) -> Self {
        Self { limit, action: 0, binding: None, tried: 0, found: Applicable::default() }
    }

    /// Tries one binding at most; whether the enumeration is over. All calls are for the same state.
    pub fn advance(&mut self, validator: &Validator<'_>, state: &State) -> bool {
        let Some(action) = validator.model.actions.get(self.action) else {
            self.found.complete = true;
            return true;
        };
        if !action.parameters.iter().any(|parameter| parameter.values.is_empty()) {
            if self.tried == MAX_TRIED || self.found.steps.len() == self.limit {
                return true;
            }
            self.tried += 1;
            let binding = self.binding.get_or_insert_with(|| vec![0; action.parameters.len()]);
            let pairs = action.parameters.iter().zip(&*binding);
            let arguments: Vec<&Argument> = pairs.map(|(parameter, &at)| &parameter.values[at]).collect();
            let values = arguments.iter().map(|argument| argument.value.clone()).collect();
            if let Ok(applied) = validator.apply_bound(state, &Bound { action, arguments }) {
                self.found.steps.push((Step { action: action.name.clone(), arguments: values }, applied));
            }
            if count_up(binding, |digit| action.parameters[digit].values.len()) {
                return false;
            }
        }
        self.action += 1;
        self.binding = None;
        false
    }

    /// The steps found.
    pub fn into_found(self) -> Applicable {
        self.found
    }
}

/// Counts up by one, the last digit fastest. Whether there was a next number.
fn count_up(counter: &mut [usize], size: impl Fn(usize) -> usize) -> bool {
    for digit in (0..counter.len()).rev() {
        counter[digit] += 1;
        if counter[digit] < size(digit) {
            return true;
        }
        counter[digit] = 0;
    }
    false
}
