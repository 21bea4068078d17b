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
        let mut found = Applicable::default();
        let mut tried = 0;
        for action in &self.model.actions {
            let mut counter = vec![0usize; action.parameters.len()];
            let mut over = action.parameters.iter().any(|parameter| parameter.values.is_empty());
            while !over {
                if tried == MAX_TRIED || found.steps.len() == limit {
                    return found;
                }
                tried += 1;
                let pairs = action.parameters.iter().zip(&counter);
                let arguments: Vec<&Argument> = pairs.map(|(parameter, &at)| &parameter.values[at]).collect();
                let values = arguments.iter().map(|argument| argument.value.clone()).collect();
                if let Ok(applied) = self.apply_bound(state, &Bound { action, arguments }) {
                    found.steps.push((Step { action: action.name.clone(), arguments: values }, applied));
                }
                over = !count_up(&mut counter, |digit| action.parameters[digit].values.len());
            }
        }
        found.complete = true;
        found
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
