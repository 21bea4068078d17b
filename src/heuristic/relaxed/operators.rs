//! Operators to relaxed operators: one for what always happens, and one for each conditional effect. An operator with
//! very many parts is taken in piece by piece.

use super::Literal;
use super::build::Builder;
use super::condition::{Draft, Drafter};
use super::writers::Changes;
use crate::task::{ConditionalEffect, Conjunction, Fact, Task};

/// Conditional effects and disjunctions of one operator, or of the goal, taken in per piece, and literals in which
/// these end up.
const PARTS_PER_PIECE: usize = 64;
const LITERALS_PER_PIECE: usize = 1 << 12;

impl Builder {
    /// Takes an operator in, or some parts of it; answers whether all of it is there.
    pub(super) fn operator(&mut self, task: &Task, id: usize) -> bool {
        let operator = &task.operators[id];
        if operator.precondition.is_false {
            return true;
        }
        let source = id as u32;
        let mut preconditions = std::mem::take(&mut self.literals);
        let formulas = operator.precondition.formulas.len();
        if self.parts == 0 {
            preconditions.clear();
            self.literals_of(task, &operator.precondition, &mut preconditions);
        }
        if self.parts < formulas {
            self.parts = self.formulas(task, &operator.precondition, self.parts, &mut preconditions);
            if self.parts < formulas {
                self.literals = preconditions;
                return false;
            }
        }
        if self.parts == formulas {
            self.parts += 1;
            for effect in &operator.numeric {
                let drafter = Drafter { layout: &task.layout, grids: &self.grids };
                let implied: Vec<Draft> = drafter.of_range(effect).collect();
                preconditions.extend(implied.into_iter().map(|draft| self.atom(draft)));
            }
            for copied in &operator.copies {
                for (value, target) in copied.values.iter().enumerate() {
                    let Some(target) = *target else { continue };
                    let mut preconditions = preconditions.clone();
                    preconditions.push(self.fact(Fact { variable: copied.source, value: value as u32 }));
                    let add = self.fact(Fact { variable: copied.target, value: target });
                    self.push(source, &mut preconditions, &[add]);
                }
            }
        }
        let from = self.parts - formulas - 1;
        let most = (LITERALS_PER_PIECE / (1 + preconditions.len())).clamp(1, PARTS_PER_PIECE);
        for (index, effect) in operator.conditional.iter().enumerate().skip(from).take(most) {
            self.parts += 1;
            self.conditional(task, (source, index as u32), effect, &preconditions);
        }
        if self.parts - formulas - 1 < operator.conditional.len() {
            self.literals = preconditions;
            return false;
        }
        self.parts = 0;
        let mut adds = std::mem::take(&mut self.added);
        adds.clear();
        adds.extend(operator.facts.iter().map(|&fact| self.fact(fact)));
        let relaxed = self.push(source, &mut preconditions, &adds);
        (self.literals, self.added) = (preconditions, adds);
        if !operator.numeric.is_empty() {
            self.changes.push(Changes { relaxed, source, conditional: None });
        }
        true
    }

    /// Takes a conditional effect in, by its operator and its index there.
    fn conditional(
        &mut self,
        task: &Task,
        (source, index): (u32, u32),
        effect: &ConditionalEffect,
        preconditions: &[Literal],
    ) {
        if effect.condition.is_false {
            return;
        }
        let mut preconditions = preconditions.to_vec();
        self.conjunction(task, &effect.condition, &mut preconditions);
        let adds: Vec<u32> = effect.facts.iter().map(|&fact| self.fact(fact)).collect();
        let relaxed = self.push(source, &mut preconditions, &adds);
        if !effect.numeric.is_empty() {
            self.changes.push(Changes { relaxed, source, conditional: Some(index) });
        }
    }

    /// Adds the literals of some disjunctions of a conjunction, from this one on; answers where it stopped.
    pub(super) fn formulas(
        &mut self,
        task: &Task,
        conjunction: &Conjunction,
        from: usize,
        literals: &mut Vec<Literal>,
    ) -> usize {
        let to = conjunction.formulas.len().min(from + PARTS_PER_PIECE);
        for formula in &conjunction.formulas[from..to] {
            self.formula(task, formula, literals);
        }
        to
    }
}
