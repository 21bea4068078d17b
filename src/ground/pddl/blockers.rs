//! What keeps a condition from holding.

use super::lifted::{Class, Nnf};
use super::world::{Odometer, World};
use crate::task::OutOfMemory;

/// Adds atoms to `blockers` of which at least one must be reached before the condition, which does not
/// hold, may hold. Answers false where it never can.
pub(super) fn blockers_of(
    world: &mut World,
    condition: &Nnf,
    bound: &mut [u32],
    blockers: &mut Vec<u32>,
) -> Result<bool, OutOfMemory> {
    match condition {
        Nnf::Literal(literal) => {
            let can_come =
                literal.is_positive && world.lifted.classes[literal.symbol as usize] != Class::Static;
            if can_come {
                let atom = world.intern_literal(literal, bound)?;
                blockers.push(atom);
            }
            Ok(can_come)
        }
        Nnf::Equal { .. } | Nnf::Test(_) => Ok(false),
        Nnf::And(parts) => match parts.iter().find(|part| !world.may_hold(part, bound)) {
            Some(part) => blockers_of(world, part, bound, blockers),
            None => Ok(true),
        },
        Nnf::Or(parts) => {
            let mut can_come = false;
            for part in parts {
                can_come |= blockers_of(world, part, bound, blockers)?;
            }
            Ok(can_come)
        }
        Nnf::Quantified(quantified) => {
            let mut odometer = Odometer::new(&quantified.bindings);
            let mut can_come = false;
            while odometer.next(world, &quantified.bindings, bound) {
                if !quantified.is_forall {
                    can_come |= blockers_of(world, &quantified.body, bound, blockers)?;
                } else if !world.may_hold(&quantified.body, bound) {
                    return blockers_of(world, &quantified.body, bound, blockers);
                }
            }
            Ok(can_come)
        }
    }
}
