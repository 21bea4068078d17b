//! The cells that operators read and write.
//!
//! A *cell* is a variable or a numeric slot; slots are numbered after the variables. A derived variable
//! counts as all cells that axioms read. A condition that is not a fact is approximated: the cells that it
//! reads are taken to need exactly the values that they have on the plan's path.

use std::sync::Arc;

use crate::task::{
    Comparison, ConditionalEffect, Conjunction, Cost, Fact, Formula, NumericEffect, NumericKind, NumericTest,
    Operand, Operator, OperatorId, SlotId, Task, VariableId,
};

/// Answers which cells the operators of a task read and write.
pub(super) struct Cells {
    task: Arc<Task>,
    variables: u32,
    /// Cells that axioms read, each once, ascending.
    axiom_inputs: Vec<u32>,
}

impl Cells {
    /// O(size of the axioms).
    pub(super) fn new(task: &Arc<Task>) -> Self {
        let variables = task.layout.domains.len() as u32;
        let mut cells = Self { task: Arc::clone(task), variables, axiom_inputs: Vec::new() };
        let mut inputs = Vec::new();
        for rule in task.axioms.rules() {
            cells.condition(&rule.body, &mut |cell| inputs.push(cell));
        }
        inputs.sort_unstable();
        inputs.dedup();
        cells.axiom_inputs = inputs;
        cells
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.variables as usize + self.task.layout.slots.len()
    }

    /// Whether there are axioms: then steps depend on cells that they do not name.
    pub(super) fn has_axioms(&self) -> bool {
        !self.task.axioms.is_empty()
    }

    fn variable(&self, variable: VariableId, each: &mut impl FnMut(u32)) {
        if self.task.layout.is_derived(variable) {
            self.axiom_inputs.iter().for_each(|&cell| each(cell));
        } else {
            each(variable.0);
        }
    }

    fn slot(&self, slot: SlotId) -> u32 {
        self.variables + slot.0
    }

    fn operand(&self, operand: Operand, each: &mut impl FnMut(u32)) {
        match operand {
            Operand::Constant(_) => {}
            Operand::Slot(slot) => each(self.slot(slot)),
            // Expressions name earlier ones only, and the languages bound their nesting.
            Operand::Expression(id) => {
                let expression = self.task.layout.expressions[id.0 as usize];
                self.operand(expression.left, each);
                self.operand(expression.right, each);
            }
        }
    }

    fn test(&self, test: &NumericTest, each: &mut impl FnMut(u32)) {
        self.operand(test.left, each);
        self.operand(test.right, each);
    }

    fn formula(&self, formula: &Formula, each: &mut impl FnMut(u32)) {
        match formula {
            Formula::Fact(fact) | Formula::NotFact(fact) => self.variable(fact.variable, each),
            Formula::Numeric(test) => self.test(test, each),
            Formula::And(parts) | Formula::Or(parts) => {
                parts.iter().for_each(|part| self.formula(part, each));
            }
        }
    }

    /// Calls `each` for every cell that a condition reads, for some cells more than once.
    pub(super) fn condition(&self, condition: &Conjunction, each: &mut impl FnMut(u32)) {
        let facts = condition.facts.iter().chain(condition.not_facts.iter());
        facts.for_each(|fact| self.variable(fact.variable, each));
        condition.tests.iter().for_each(|test| self.test(test, each));
        condition.formulas.iter().for_each(|formula| self.formula(formula, each));
    }

    fn cost(&self, cost: &Cost, each: &mut impl FnMut(u32)) {
        match cost {
            Cost::Constant(_) => {}
            Cost::Linear(linear) => linear.terms.iter().for_each(|&(slot, _)| each(self.slot(slot))),
            Cost::Rounded(rounded) => {
                rounded.terms.iter().for_each(|&(operand, _)| self.operand(operand, each));
            }
        }
    }

    /// Cells that a numeric effect reads: its operand, and its own slot unless the effect assigns.
    fn change(&self, effect: &NumericEffect, each: &mut impl FnMut(u32)) {
        self.operand(effect.operand, each);
        if effect.kind != NumericKind::Assign {
            each(self.slot(effect.slot));
        }
    }

    fn operator(&self, id: OperatorId) -> &Operator {
        &self.task.operators[id.0 as usize]
    }

    /// Cells that an operator reads, conditional effects included.
    pub(super) fn reads(&self, id: OperatorId, each: &mut impl FnMut(u32)) {
        let operator = self.operator(id);
        self.condition(&operator.precondition, each);
        self.cost(&operator.cost, each);
        operator.copies.iter().for_each(|copied| self.variable(copied.source, each));
        operator.numeric.iter().for_each(|effect| self.change(effect, each));
        for effect in &operator.conditional {
            self.condition(&effect.condition, each);
            self.cost(&effect.cost, each);
            effect.numeric.iter().for_each(|effect| self.change(effect, each));
        }
    }

    /// Cells that an operator may write.
    pub(super) fn writes(&self, id: OperatorId, each: &mut impl FnMut(u32)) {
        let operator = self.operator(id);
        let under_conditions = operator.conditional.iter();
        let facts = operator.facts.iter().chain(under_conditions.clone().flat_map(|effect| &effect.facts));
        facts.for_each(|fact| each(fact.variable.0));
        operator.copies.iter().for_each(|copied| each(copied.target.0));
        let numeric = operator.numeric.iter().chain(under_conditions.flat_map(|effect| &effect.numeric));
        numeric.for_each(|effect| each(self.slot(effect.slot)));
    }

    /// Regression: turns the cells that matter after a step into those that matter before it, where the step is
    /// applied in `state`.
    pub(super) fn regress(&self, id: OperatorId, state: &[u64], needed: &mut [bool]) {
        let operator = self.operator(id);
        let matters = |effect: &&ConditionalEffect| {
            let mut facts = effect.facts.iter();
            !effect.numeric.is_empty() || facts.any(|fact| needed[fact.variable.0 as usize])
        };
        let relevant: Vec<&ConditionalEffect> = operator.conditional.iter().filter(matters).collect();
        // A conditional effect occurs again wherever its condition has the truth value that it has here.
        let happening = relevant.iter().filter(|effect| effect.condition.holds(&self.task.layout, state));
        let facts = operator.facts.iter().chain(happening.flat_map(|effect| &effect.facts));
        facts.for_each(|fact| needed[fact.variable.0 as usize] = false);
        for copied in &operator.copies {
            if std::mem::take(&mut needed[copied.target.0 as usize]) {
                needed[copied.source.0 as usize] = true;
            }
        }
        for effect in operator.numeric.iter().filter(|effect| effect.kind == NumericKind::Assign) {
            needed[self.slot(effect.slot) as usize] = false;
        }
        let mut need = |cell: u32| needed[cell as usize] = true;
        operator.numeric.iter().for_each(|effect| self.change(effect, &mut need));
        for effect in relevant {
            self.condition(&effect.condition, &mut need);
            effect.numeric.iter().for_each(|effect| self.change(effect, &mut need));
        }
        self.condition(&operator.precondition, &mut need);
        self.cost(&operator.cost, &mut need);
    }

    /// The condition that the needed cells have their values in `state`.
    pub(super) fn goal(&self, needed: &[bool], state: &[u64]) -> Conjunction {
        let layout = &self.task.layout;
        let mut goal = Conjunction::default();
        for cell in (0u32..).zip(needed).filter(|(_, needed)| **needed).map(|(cell, _)| cell) {
            if let Some(slot) = cell.checked_sub(self.variables).map(SlotId) {
                let value = Operand::Constant(layout.read(slot, state));
                let left = Operand::Slot(slot);
                goal.tests.push(NumericTest { left, comparison: Comparison::Equal, right: value });
            } else {
                let variable = VariableId(cell);
                let value = layout.variable(variable).read(state) as u32;
                goal.facts.push(Fact { variable, value });
            }
        }
        goal
    }
}
