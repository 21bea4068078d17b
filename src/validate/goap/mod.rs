//! Replays plans on a GOAP document, one value at a time.
//!
//! It reads the lifted [`Model`] directly, puts arguments in by text and evaluates over plain values. It
//! shares no code with the resolver of ground instances either. It is not made to be fast.

mod describe;
mod evaluate;
mod inspect;
mod replay;

pub use evaluate::{Applied, Change};
pub use inspect::{Applicable, Enumerating};
pub use replay::{Replay, ReplayedStep, Replaying, replay};

use std::collections::HashMap;

use crate::lang::goap::Model;
use crate::lang::goap::model::Value;

/// The value of each variable, in the model's order.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Indexed as `Model::variables`.
    pub values: Vec<Value>,
}

impl State {
    /// The values that the variables of a model begin with.
    pub fn initial(model: &Model) -> Self {
        Self { values: model.variables.iter().map(|variable| variable.initial.clone()).collect() }
    }

    /// Bytes that are equal exactly for equal states of one model, for sets of states.
    pub fn key(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.values.len() * 8);
        for value in &self.values {
            match value {
                Value::Bool(value) => out.push(u8::from(*value)),
                Value::Int(value) => out.extend(value.to_le_bytes()),
                Value::Float(value) => out.extend((value + 0.0).to_bits().to_le_bytes()),
                Value::Symbol(value) => {
                    out.extend((value.len() as u32).to_le_bytes());
                    out.extend(value.as_bytes());
                }
            }
        }
        out
    }
}

/// Interprets one model.
#[derive(Clone, Debug)]
pub struct Validator<'m> {
    model: &'m Model,
    variables: HashMap<&'m str, usize>,
    actions: HashMap<&'m str, usize>,
}

impl<'m> Validator<'m> {
    /// An interpreter of `model`; O(variables + actions).
    pub fn new(model: &'m Model) -> Self {
        let variables = model.variables.iter().enumerate().map(|(at, one)| (one.name.as_str(), at)).collect();
        let actions = model.actions.iter().enumerate().map(|(at, one)| (one.name.as_str(), at)).collect();
        Self { model, variables, actions }
    }

    /// The model.
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// The initial state.
    pub fn initial(&self) -> State {
        State::initial(self.model)
    }
}
