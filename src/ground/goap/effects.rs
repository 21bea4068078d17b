//! Ground effects to effects of an operator.

use thin_vec::ThinVec;

use super::condition::{Translator, values};
use super::{Target, index_of, number};
use crate::lang::goap::grounded::{GroundEffect, Operand};
use crate::lang::goap::model::EffectKind;
use crate::task::{self, Copied, Fact, Facts, NumericEffect, NumericKind, VariableId, push_tight};

/// The effects of an operator, grouped by what they write.
#[derive(Debug, Default)]
pub(super) struct Effects {
    pub(super) facts: Facts,
    pub(super) copies: ThinVec<Copied>,
    pub(super) numeric: ThinVec<NumericEffect>,
}

impl Translator<'_> {
    /// The effects on relevant variables; `None` if one of them can never be applied.
    pub(super) fn effects(&self, effects: &[GroundEffect]) -> Option<Effects> {
        let mut translated = Effects::default();
        for effect in effects {
            match self.targets[effect.variable] {
                Target::LeftOut => {}
                Target::Variable(id) => self.finite(id, effect, &mut translated)?,
                Target::Classes(variable, classes) => {
                    let Operand::Value(value) = &effect.value else { return None };
                    let value = self.classes[classes as usize].index_of(number(value)?.as_f64())?;
                    translated.facts.push(Fact { variable, value });
                }
                Target::Slot(slot) => {
                    let kind = match effect.kind {
                        EffectKind::Set => NumericKind::Assign,
                        EffectKind::Increase => NumericKind::Increase,
                        EffectKind::Decrease => NumericKind::Decrease,
                    };
                    let operand = match &effect.value {
                        Operand::Value(value) => task::Operand::Constant(number(value)?),
                        Operand::Variable(other) => match self.targets[*other] {
                            Target::Slot(other) => task::Operand::Slot(other),
                            _ => return None,
                        },
                    };
                    push_tight(&mut translated.numeric, NumericEffect { slot, kind, operand });
                }
            }
        }
        translated.copies.shrink_to_fit();
        translated.numeric.shrink_to_fit();
        Some(translated)
    }

    fn finite(&self, id: VariableId, effect: &GroundEffect, translated: &mut Effects) -> Option<()> {
        let kind = &self.model.variables[effect.variable].kind;
        match &effect.value {
            Operand::Value(value) => {
                translated.facts.push(Fact { variable: id, value: index_of(kind, value)? });
            }
            Operand::Variable(other) => {
                let Target::Variable(source) = self.targets[*other] else { return None };
                if source != id {
                    let from = values(&self.model.variables[*other].kind);
                    let values = from.iter().map(|value| index_of(kind, value)).collect();
                    push_tight(&mut translated.copies, Copied { target: id, source, values });
                }
            }
        }
        Some(())
    }
}
