//! Translates drafts over atoms to operators and axioms over facts.

use smallvec::smallvec;
use thin_vec::ThinVec;

use super::draft::{Draft, Drafts, Extra, GroundBlock, Rule};
use super::fates::Fate;
use super::formulas::{FALSE, TRUE, all, any};
use super::metric::Scale;
use super::relevance::Relevant;
use super::variables::Variables;
use super::world::NONE;
use crate::task::{
    Axiom, ConditionalEffect, Conjunction, Cost, Expression, ExpressionId, Fact, Facts, Formula,
    NumericEffect, NumericTest, Operand, Operator, SlotId, VariableId,
};

/// Translates operators once the variables are complete.
pub(super) struct Translator<'a> {
    pub(super) drafts: &'a Drafts,
    pub(super) relevant: &'a Relevant,
    pub(super) variables: &'a Variables,
    /// Indexed by expression: its place in the layout.
    pub(super) expressions: &'a [u32],
    pub(super) scale: Scale,
}

/// The cost of an operator is too large.
pub(super) struct TooCostly;

impl Translator<'_> {
    /// An operator as far as what it always does and its precondition go, but for the formulas of that; `None`
    /// where it never applies. `source` becomes its source.
    pub(super) fn begin(&self, draft: Draft, source: u32) -> Option<Operator> {
        let atoms = self.drafts.atoms(draft);
        let mut precondition = Conjunction::default();
        if !self.literals(atoms.holds, atoms.fails, &mut precondition) {
            return None;
        }
        let mut facts = Facts::with_capacity(atoms.adds.len());
        for &atom in atoms.adds {
            facts.extend(self.variables.fact(atom));
        }
        facts.sort_unstable();
        facts.dedup();
        if facts.windows(2).any(|pair| pair[0].variable == pair[1].variable) {
            return None;
        }
        let mut conditional = Vec::new();
        let adds = facts.len();
        for &atom in atoms.deletes {
            self.delete(atom, adds, &precondition, &mut facts, &mut conditional);
        }
        facts.sort_unstable();
        facts.dedup();
        let (copies, mut numeric) = (ThinVec::new(), ThinVec::new());
        if let Some(extra) = self.drafts.extra(draft) {
            precondition.tests = extra.tests.iter().map(|test| self.test(*test)).collect();
            numeric = self.numeric(&extra.numeric);
        }
        Some(Operator { precondition, facts, conditional, copies, numeric, cost: Cost::ZERO, source })
    }

    /// Adds formulas to the precondition; answers false if it can no longer hold.
    pub(super) fn require(operator: &mut Operator, formulas: Vec<Formula>) -> bool {
        operator.precondition = with(std::mem::take(&mut operator.precondition), formulas);
        !operator.precondition.is_false
    }

    /// Adds some of the blocks of what few operators have.
    pub(super) fn blocks(&self, operator: &mut Operator, blocks: &[GroundBlock]) {
        for block in blocks {
            self.block(block, &operator.facts, &mut operator.conditional);
        }
    }

    /// Completes an operator; `None` if it does nothing.
    pub(super) fn end(&self, mut operator: Operator, draft: Draft) -> Result<Option<Operator>, TooCostly> {
        // The sort is stable and puts deletes first.
        operator.conditional.sort_by_key(|effect| !effect.is_delete);
        if !operator.conditional.iter().any(|effect| effect.is_delete) {
            let known = &operator.precondition.facts;
            operator.facts.retain(|fact| known.binary_search(fact).is_err());
        }
        if !changes(&operator) {
            return Ok(None);
        }
        let extra = self.drafts.extra(draft);
        if self.charge(&mut operator, self.drafts.costs[draft.cost as usize], extra) {
            Ok(Some(operator))
        } else {
            Err(TooCostly)
        }
    }

    /// Sets the cost; answers false if it is too large.
    fn charge(&self, operator: &mut Operator, constant: f64, extra: Option<&Extra>) -> bool {
        let terms = extra.map_or(&[][..], |extra| &extra.cost_terms);
        let is_small = |effect: &ConditionalEffect| effect.cost != TOO_LARGE;
        match self.cost(constant, terms) {
            Some(cost) if operator.conditional.iter().all(is_small) => operator.cost = cost,
            _ => return false,
        }
        true
    }

    fn cost(&self, constant: f64, terms: &[(Operand, f64)]) -> Option<Cost> {
        let terms: Vec<_> = terms.iter().map(|&(term, factor)| (self.operand(term), factor)).collect();
        self.scale.cost(constant, &terms)
    }

    /// Adds literals to a conjunction; false where it is contradictory.
    fn literals(&self, holds: &[u32], fails: &[u32], conjunction: &mut Conjunction) -> bool {
        for &atom in holds {
            match (self.variables.fact(atom), self.relevant.fates[atom as usize]) {
                (_, Fate::False) => return false,
                (Some(fact), _) => conjunction.facts.push(fact),
                (None, _) => {}
            }
        }
        for &atom in fails {
            match (self.variables.fact(atom), self.relevant.fates[atom as usize]) {
                (_, Fate::True) => return false,
                (Some(fact), _) => self.deny(fact, conjunction),
                (None, _) => {}
            }
        }
        let facts = &mut conjunction.facts;
        facts.sort_unstable();
        facts.dedup();
        let is_contradictory = facts.windows(2).any(|pair| pair[0].variable == pair[1].variable);
        let not_facts = &mut conjunction.not_facts;
        let is_denied = not_facts.iter().any(|fact| facts.binary_search(fact).is_ok());
        not_facts.retain(|fact| of_variable(facts, fact.variable).is_none());
        !is_contradictory && !is_denied
    }

    fn deny(&self, fact: Fact, conjunction: &mut Conjunction) {
        if self.variables.domains[fact.variable.0 as usize] == 2 {
            conjunction.facts.push(Fact { value: 1 - fact.value, ..fact });
        } else {
            conjunction.not_facts.push(fact);
        }
    }

    /// Makes an atom false, unless one of the first `adds` facts, which are sorted, sets its variable.
    fn delete(
        &self,
        atom: u32,
        adds: usize,
        precondition: &Conjunction,
        facts: &mut Facts,
        conditional: &mut Vec<ConditionalEffect>,
    ) {
        let Some(fact) = self.variables.fact(atom) else { return };
        if of_variable(&facts[..adds], fact.variable).is_some() {
            return;
        }
        let none = Fact { value: self.variables.none[fact.variable.0 as usize], ..fact };
        let known = of_variable(&precondition.facts, fact.variable);
        match known {
            Some(known) if known.value != fact.value => {}
            _ if known.is_none() && !self.is_binary(fact) => {
                let condition = Conjunction { facts: smallvec![fact], ..Conjunction::default() };
                conditional.push(deleting(condition, none));
            }
            _ => facts.push(none),
        }
    }

    /// Whether the variable has no other atom, so that the atom can be deleted whatever the variable's value
    /// is.
    fn is_binary(&self, fact: Fact) -> bool {
        self.variables.domains[fact.variable.0 as usize] == 2
            && self.variables.none[fact.variable.0 as usize] == 1 - fact.value
    }

    /// Adds the conditional effects of a block. `set` are the facts of the unconditional effects, sorted.
    fn block(&self, block: &GroundBlock, set: &[Fact], conditional: &mut Vec<ConditionalEffect>) {
        let condition = Conjunction::new(self.formula(&block.condition));
        if condition.is_false {
            return;
        }
        let mut facts: Facts = block.adds.iter().filter_map(|&atom| self.variables.fact(atom)).collect();
        facts.sort_unstable();
        for &atom in &block.deletes {
            let Some(fact) = self.variables.fact(atom) else { continue };
            if [&facts, set].iter().any(|list| of_variable(list, fact.variable).is_some()) {
                continue;
            }
            let none = Fact { value: self.variables.none[fact.variable.0 as usize], ..fact };
            let mut condition = condition.clone();
            if !self.is_binary(fact) {
                condition = with(condition, [Formula::Fact(fact)]);
            }
            if !condition.is_false {
                conditional.push(deleting(condition, none));
            }
        }
        let numeric = self.numeric(&block.numeric);
        let cost = self.cost(block.cost, &block.cost_terms).unwrap_or(TOO_LARGE);
        if !facts.is_empty() || !numeric.is_empty() || cost != Cost::ZERO {
            conditional.push(ConditionalEffect { condition, facts, numeric, cost, is_delete: false });
        }
    }

    fn numeric(&self, effects: &[NumericEffect]) -> ThinVec<NumericEffect> {
        let of = |effect: &NumericEffect| {
            let slot = self.variables.slots[effect.slot.0 as usize]?;
            Some(NumericEffect { slot, kind: effect.kind, operand: self.operand(effect.operand) })
        };
        effects.iter().filter_map(of).collect()
    }

    /// A formula over atoms as one over facts.
    fn formula(&self, formula: &Formula) -> Formula {
        match formula {
            Formula::And(parts) => all(parts.iter().map(|part| self.formula(part))),
            Formula::Or(parts) => any(parts.iter().map(|part| self.formula(part))),
            leaf => self.leaf(leaf),
        }
    }

    /// A leaf over atoms as a formula over facts.
    pub(super) fn leaf(&self, leaf: &Formula) -> Formula {
        match leaf {
            Formula::Fact(fact) => {
                let atom = fact.variable.0;
                match (self.variables.fact(atom), self.relevant.fates[atom as usize]) {
                    (_, Fate::False) => FALSE,
                    (Some(fact), _) => Formula::Fact(fact),
                    (None, _) => TRUE,
                }
            }
            Formula::NotFact(fact) => {
                let atom = fact.variable.0;
                match (self.variables.fact(atom), self.relevant.fates[atom as usize]) {
                    (_, Fate::True) => FALSE,
                    (Some(fact), _) if self.variables.domains[fact.variable.0 as usize] == 2 => {
                        Formula::Fact(Fact { value: 1 - fact.value, ..fact })
                    }
                    (Some(fact), _) => Formula::NotFact(fact),
                    (None, _) => TRUE,
                }
            }
            Formula::Numeric(test) => Formula::Numeric(self.test(*test)),
            Formula::And(_) | Formula::Or(_) => leaf.clone(),
        }
    }

    fn test(&self, test: NumericTest) -> NumericTest {
        NumericTest {
            left: self.operand(test.left),
            comparison: test.comparison,
            right: self.operand(test.right),
        }
    }

    fn operand(&self, operand: Operand) -> Operand {
        operand_of(self.variables, self.expressions, operand)
    }

    /// Adds a rule. Disjunctions in it become derived variables, which are appended to `more`.
    pub(super) fn rule(&self, rule: &Rule, more: &mut Auxiliary) {
        let Some(head) = self.variables.fact(rule.head).map(|fact| fact.variable) else { return };
        let mut body = Conjunction::default();
        if !self.literals(&rule.holds, &rule.fails, &mut body) {
            return;
        }
        let mut parts: Vec<Formula> = body.facts.drain(..).map(Formula::Fact).collect();
        parts.extend(body.not_facts.drain(..).map(Formula::NotFact));
        parts.extend(rule.tests.iter().map(|test| Formula::Numeric(self.test(*test))));
        parts.extend(rule.formulas.iter().map(|formula| self.formula(formula)));
        more.rule(head, rule.stratum, all(parts));
    }
}

/// Axioms, and derived variables for the disjunctions in them.
#[derive(Debug)]
pub(super) struct Auxiliary {
    pub(super) next: u32,
    pub(super) axioms: Vec<Axiom>,
    /// Bytes that their bodies hold.
    pub(super) body_bytes: usize,
}

impl Auxiliary {
    fn rule(&mut self, head: VariableId, stratum: u32, formula: Formula) {
        let parts = match formula {
            Formula::And(parts) => parts,
            other => vec![other],
        };
        let mut simple = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Formula::Or(parts) if parts.is_empty() => return,
                Formula::Or(parts) => {
                    let variable = VariableId(self.next);
                    self.next += 1;
                    parts.into_iter().for_each(|part| self.rule(variable, stratum, part));
                    simple.push(Formula::Fact(Fact { variable, value: 1 }));
                }
                other => simple.push(other),
            }
        }
        let body = Conjunction::new(Formula::And(simple));
        if !body.is_false {
            let axiom = Axiom { head, body, stratum };
            self.body_bytes += axiom.body_bytes();
            self.axioms.push(axiom);
        }
    }
}

/// The first fact of a variable in a sorted list.
fn of_variable(facts: &[Fact], variable: VariableId) -> Option<Fact> {
    let at = facts.partition_point(|other| other.variable < variable);
    facts.get(at).copied().filter(|other| other.variable == variable)
}

/// Stands for a cost that is too large, until the operator is rejected because of it.
const TOO_LARGE: Cost = Cost::Constant(i64::MAX);

/// Whether an operator has an effect other than its cost.
fn changes(operator: &Operator) -> bool {
    let does = |effect: &ConditionalEffect| !effect.facts.is_empty() || !effect.numeric.is_empty();
    !operator.facts.is_empty() || !operator.numeric.is_empty() || operator.conditional.iter().any(does)
}

fn deleting(condition: Conjunction, none: Fact) -> ConditionalEffect {
    let (facts, numeric) = (smallvec![none], ThinVec::new());
    ConditionalEffect { condition, facts, numeric, cost: Cost::ZERO, is_delete: true }
}

/// A conjunction with more parts.
fn with(conjunction: Conjunction, more: impl IntoIterator<Item = Formula>) -> Conjunction {
    let mut more = more.into_iter().peekable();
    if conjunction.is_false || more.peek().is_none() {
        return conjunction;
    }
    let facts = conjunction.facts.into_iter().map(Formula::Fact);
    let not_facts = conjunction.not_facts.into_iter().map(Formula::NotFact);
    let tests = conjunction.tests.into_iter().map(Formula::Numeric);
    let parts = facts.chain(not_facts).chain(tests).chain(conjunction.formulas).chain(more);
    Conjunction::new(Formula::And(parts.collect()))
}

fn operand_of(variables: &Variables, expressions: &[u32], operand: Operand) -> Operand {
    match operand {
        Operand::Constant(_) => operand,
        Operand::Slot(slot) => {
            let slot = variables.slots.get(slot.0 as usize).copied().flatten();
            slot.map_or(super::metric::constant(f64::NAN), Operand::Slot)
        }
        Operand::Expression(id) => match expressions.get(id.0 as usize) {
            Some(&place) if place != NONE => Operand::Expression(ExpressionId(place)),
            _ => super::metric::constant(f64::NAN),
        },
    }
}

/// An expression of the drafts over slots, where all that it reads has one; `places` are those of the ones before it.
pub(super) fn expression(one: &Expression, variables: &Variables, places: &[u32]) -> Option<Expression> {
    let &Expression { operator, left, right } = one;
    let has_place = |operand: Operand| match operand {
        Operand::Constant(_) => true,
        Operand::Slot(SlotId(fluent)) => variables.slots[fluent as usize].is_some(),
        Operand::Expression(ExpressionId(id)) => places[id as usize] != NONE,
    };
    let over_slots = |operand: Operand| operand_of(variables, places, operand);
    (has_place(left) && has_place(right)).then(|| Expression {
        operator,
        left: over_slots(left),
        right: over_slots(right),
    })
}
