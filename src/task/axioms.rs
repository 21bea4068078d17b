//! Axioms: derived variables, set from the rest of a state.
//!
//! Derived variables are binary: 0 (false) unless a rule says 1. Rules are stratified: the body of a rule reads
//! derived variables of its own stratum only where they are true, and those of lower strata in any way. Evaluation
//! is a semi-naive forward chaining, one stratum after the other: a rule whose body reads derived variables of its
//! own stratum is tested each time that one of them becomes true; any other rule is tested once, at the start of
//! its stratum.

use super::condition::Conjunction;
use super::layout::Layout;
use super::{Fact, VariableId};

/// A rule: the head is true where the body holds.
#[derive(Clone, Debug)]
pub struct Axiom {
    /// A derived variable.
    pub head: VariableId,
    /// When it is true; without formulas.
    pub body: Conjunction,
    /// The stratum of the head.
    pub stratum: u32,
}

/// The rules of a task.
#[derive(Clone, Debug, Default)]
pub struct Axioms {
    /// By stratum.
    rules: Vec<Axiom>,
    /// End of each stratum's rules.
    ends: Vec<u32>,
    /// Per variable where the rules begin in `triggered` that it triggers; one more at the end.
    starts: Vec<u32>,
    /// Rules whose body reads a derived variable of their own stratum, sorted by that variable.
    triggered: Vec<u32>,
    /// Per rule whether its body reads one, so that it is tested only when that becomes true.
    waits: Vec<bool>,
}

impl Axioms {
    /// The rules, in any order. O(total size).
    pub fn new(layout: &Layout, mut rules: Vec<Axiom>) -> Self {
        rules.sort_by_key(|rule| rule.stratum);
        let mut stratum_of = vec![None; layout.domains.len()];
        for rule in &rules {
            stratum_of[rule.head.0 as usize] = Some(rule.stratum);
        }
        let needs = |rule: &Axiom| -> Vec<u32> {
            let own =
                rule.body.facts.iter().filter(|fact| {
                    fact.value == 1 && stratum_of[fact.variable.0 as usize] == Some(rule.stratum)
                });
            own.map(|fact| fact.variable.0).collect()
        };
        let mut pairs = Vec::new();
        let mut waits = Vec::with_capacity(rules.len());
        for (id, rule) in rules.iter().enumerate() {
            let needed = needs(rule);
            waits.push(!needed.is_empty());
            pairs.extend(needed.into_iter().map(|variable| (variable, id as u32)));
        }
        pairs.sort_unstable();
        let mut starts = vec![0; layout.domains.len() + 1];
        for &(variable, _) in &pairs {
            starts[variable as usize + 1] += 1;
        }
        for variable in 1..starts.len() {
            starts[variable] += starts[variable - 1];
        }
        let strata = rules.last().map_or(0, |rule| rule.stratum + 1);
        let ends = (0..strata).map(|stratum| rules.partition_point(|rule| rule.stratum <= stratum) as u32);
        let ends = ends.collect();
        Self { ends, starts, triggered: pairs.into_iter().map(|pair| pair.1).collect(), waits, rules }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rules, by stratum.
    pub fn rules(&self) -> &[Axiom] {
        &self.rules
    }

    /// Sets the derived variables of a full state. `queue` is scratch space, empty before and after. O(rules
    /// tested).
    pub fn derive(&self, layout: &Layout, state: &mut [u64], queue: &mut Vec<u32>) {
        state[layout.derived_words()].fill(0);
        queue.clear();
        let mut from = 0;
        for &end in &self.ends {
            for id in from..end {
                if !self.waits[id as usize] {
                    self.fire(layout, state, id, queue);
                }
            }
            while let Some(variable) = queue.pop() {
                let rules =
                    self.starts[variable as usize] as usize..self.starts[variable as usize + 1] as usize;
                for &id in &self.triggered[rules] {
                    self.fire(layout, state, id, queue);
                }
            }
            from = end;
        }
    }

    fn fire(&self, layout: &Layout, state: &mut [u64], id: u32, queue: &mut Vec<u32>) {
        let rule = &self.rules[id as usize];
        let head = Fact { variable: rule.head, value: 1 };
        if !layout.holds(head, state) && rule.body.holds(layout, state) {
            layout.variable(rule.head).write(state, 1);
            queue.push(rule.head.0);
        }
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        let bodies: usize = self.rules.iter().map(|rule| rule.body.parts() * 16).sum();
        bodies + self.rules.len() * (size_of::<Axiom>() + 1) + (self.starts.len() + self.triggered.len()) * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::{Formula, Placement};

    fn fact(variable: u32, value: u32) -> Fact {
        Fact { variable: VariableId(variable), value }
    }

    fn body(facts: &[Fact], not_facts: &[Fact]) -> Conjunction {
        let holds = facts.iter().map(|&fact| Formula::Fact(fact));
        let not = not_facts.iter().map(|&fact| Formula::NotFact(fact));
        Conjunction::new(Formula::And(holds.chain(not).collect()))
    }

    /// Edges 0→1, 1→2 as variables 0 and 1; reached(0..3) as 2, 3, 4; 5: node 2 is not reached.
    #[test]
    fn rules_chain_within_a_stratum_and_negate_across_strata() {
        let layout = Layout::new(
            &[
                (2, Placement::Dynamic),
                (2, Placement::Dynamic),
                (2, Placement::Derived),
                (2, Placement::Derived),
                (2, Placement::Derived),
                (2, Placement::Derived),
            ],
            &[],
        );
        let rule = |head, body, stratum| Axiom { head: VariableId(head), body, stratum };
        let axioms = Axioms::new(
            &layout,
            vec![
                rule(5, body(&[], &[fact(4, 1)]), 1),
                rule(4, body(&[fact(3, 1), fact(1, 1)], &[]), 0),
                rule(3, body(&[fact(2, 1), fact(0, 1)], &[]), 0),
                rule(2, body(&[], &[]), 0),
            ],
        );
        let mut state = vec![0; layout.words()];
        layout.variable(VariableId(0)).write(&mut state, 1);
        let derived =
            |state: &[u64]| (2..6).map(|v| layout.variable(VariableId(v)).read(state)).collect::<Vec<_>>();
        axioms.derive(&layout, &mut state, &mut Vec::new());
        assert_eq!(derived(&state), [1, 1, 0, 1]);
        layout.variable(VariableId(1)).write(&mut state, 1);
        axioms.derive(&layout, &mut state, &mut Vec::new());
        assert_eq!(derived(&state), [1, 1, 1, 0]);
    }
}
