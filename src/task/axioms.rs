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
use crate::step::Budget;

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
    /// Where each stratum's rules end.
    ends: Vec<u32>,
    /// Indexed by variable: where the rules that it triggers begin in `triggered`; with one more at the end.
    starts: Vec<u32>,
    /// Rules whose body reads a derived variable of their own stratum, sorted by that variable.
    triggered: Vec<u32>,
    /// Indexed by rule: whether its body reads a derived variable of its own stratum. Then it is tested only
    /// when such a variable becomes true.
    waits: Vec<bool>,
    /// Bytes that the bodies hold.
    body_bytes: usize,
}

impl Axiom {
    /// Bytes that the body holds. O(body).
    pub fn body_bytes(&self) -> usize {
        self.body.memory_bytes()
    }
}

impl Axioms {
    /// The rules, in any order. O(total size).
    pub fn new(layout: &Layout, rules: Vec<Axiom>) -> Self {
        let bytes = rules.iter().map(Axiom::body_bytes).sum();
        let mut builder = AxiomsBuilder::new(layout, rules, bytes);
        while !builder.step(&mut Budget::unlimited()) {}
        builder.finish()
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
        self.body_bytes
            + self.rules.len() * (size_of::<Axiom>() + 1)
            + (self.starts.len() + self.triggered.len()) * 4
    }
}

/// Makes [`Axioms`] in bounded pieces: sorts the rules by stratum in place, then finds for each variable the
/// rules that it triggers.
#[derive(Debug)]
pub struct AxiomsBuilder {
    axioms: Axioms,
    /// The stratum of each variable that is a head.
    stratum_of: Vec<Option<u32>>,
    /// The place of each rule that has not been moved there yet.
    places: Vec<u32>,
    stage: Stage,
    /// The next rule.
    next: usize,
}

/// What is done with each rule in turn.
#[derive(Clone, Copy, Debug)]
enum Stage {
    /// Counts its stratum in `ends`.
    Count,
    /// Gives it a place behind the rules of lower strata and the earlier rules of its own.
    Rank,
    /// Moves it to its place.
    Move,
    /// Counts the variables that trigger it in `starts`.
    Trigger,
    /// Enters it in `triggered` under these variables.
    Note,
    Over,
}

/// Rules, and facts of their bodies, that are looked at per unit of work.
const RULES_PER_UNIT: usize = 64;

impl AxiomsBuilder {
    /// Starts with rules in any order, whose bodies hold `body_bytes` bytes. O(variables).
    pub fn new(layout: &Layout, rules: Vec<Axiom>, body_bytes: usize) -> Self {
        let variables = layout.domains.len();
        let starts = vec![0; variables + 1];
        let axioms = Axioms { rules, starts, body_bytes, ..Axioms::default() };
        let stratum_of = vec![None; variables];
        Self { axioms, stratum_of, places: Vec::new(), stage: Stage::Count, next: 0 }
    }

    /// Continues while the budget lasts; answers whether everything is done.
    pub fn step(&mut self, budget: &mut Budget) -> bool {
        while !matches!(self.stage, Stage::Over) {
            if budget.is_spent() {
                return false;
            }
            budget.spend(1);
            let mut done = 0;
            while done < RULES_PER_UNIT && self.next < self.axioms.rules.len() {
                done += self.advance();
            }
            if self.next == self.axioms.rules.len() {
                self.next = 0;
                self.stage = self.following();
            }
        }
        true
    }

    /// Handles the next rule in the present stage; answers how much work that was.
    fn advance(&mut self) -> usize {
        let Self { axioms, stratum_of, places, stage, next: at } = self;
        let Axioms { rules, ends, starts, triggered, waits, .. } = axioms;
        let mut looked_at = 1;
        match stage {
            Stage::Count => {
                let Axiom { head, stratum, .. } = rules[*at];
                stratum_of[head.0 as usize] = Some(stratum);
                ends.resize(ends.len().max(stratum as usize + 1), 0);
                ends[stratum as usize] += 1;
            }
            Stage::Rank => {
                let end = &mut ends[rules[*at].stratum as usize];
                places.push(*end);
                *end += 1;
            }
            Stage::Move => {
                // Each swap brings one rule to its place.
                let place = places[*at] as usize;
                if place != *at {
                    rules.swap(*at, place);
                    places.swap(*at, place);
                    return 1;
                }
            }
            Stage::Trigger => {
                let rule = &rules[*at];
                looked_at += rule.body.facts.len();
                let before = triggered.len();
                for variable in own(stratum_of, rule) {
                    starts[variable as usize + 1] += 1;
                    triggered.push(0);
                }
                waits.push(triggered.len() > before);
            }
            Stage::Note => {
                let rule = &rules[*at];
                looked_at += rule.body.facts.len();
                for variable in own(stratum_of, rule) {
                    let start = &mut starts[variable as usize];
                    triggered[*start as usize] = *at as u32;
                    *start += 1;
                }
            }
            Stage::Over => {}
        }
        *at += 1;
        looked_at
    }

    /// The stage after this one. O(variables + strata).
    fn following(&mut self) -> Stage {
        let Axioms { rules, ends, starts, triggered, waits, .. } = &mut self.axioms;
        match self.stage {
            Stage::Count => {
                begin(ends);
                self.places = Vec::with_capacity(rules.len());
                Stage::Rank
            }
            Stage::Rank => Stage::Move,
            Stage::Move => {
                self.places = Vec::new();
                waits.reserve_exact(rules.len());
                Stage::Trigger
            }
            Stage::Trigger => {
                // Turns counts into the places where the rules of each variable begin.
                for variable in 1..starts.len() {
                    starts[variable] += starts[variable - 1];
                }
                triggered.shrink_to_fit();
                Stage::Note
            }
            Stage::Note => {
                // Each start has moved to the one of the variable behind it.
                starts.rotate_right(1);
                starts[0] = 0;
                Stage::Over
            }
            Stage::Over => Stage::Over,
        }
    }

    /// The axioms, once everything is done.
    pub fn finish(self) -> Axioms {
        self.axioms
    }

    /// How many rules there are.
    pub fn count(&self) -> usize {
        self.axioms.rules.len()
    }

    /// Bytes that building takes for a rule, and for a variable, beside the rules.
    pub const BYTES_EACH: usize = 16;

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.axioms.memory_bytes() + self.stratum_of.len() * 8 + self.places.capacity() * 4
    }
}

/// Turns counts into the places where each count begins.
fn begin(counts: &mut [u32]) {
    let mut sum = 0;
    for count in counts {
        sum += std::mem::replace(count, sum);
    }
}

/// The derived variables of the rule's own stratum that its body reads.
fn own<'r>(stratum_of: &'r [Option<u32>], rule: &'r Axiom) -> impl Iterator<Item = u32> + 'r {
    let is_own = |variable: u32| stratum_of[variable as usize] == Some(rule.stratum);
    let held = rule.body.facts.iter().filter(|fact| fact.value == 1);
    held.map(|fact| fact.variable.0).filter(move |&variable| is_own(variable))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::SplitMix64;
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

    #[test]
    fn rules_are_sorted_in_pieces_to_the_same_axioms_however_these_are_cut() {
        let variables = 40;
        let layout = Layout::new(&vec![(2, Placement::Derived); variables], &[]);
        let mut random = SplitMix64::new(3);
        let stratum_of = |variable: u32| variable * 7 % 5;
        let rules: Vec<Axiom> = (0..2_000)
            .map(|_| {
                let head = random.below(variables as u64) as u32;
                let facts = (0..random.below(6)).map(|_| fact(random.below(variables as u64) as u32, 1));
                let facts: Vec<Fact> = facts.collect();
                Axiom { head: VariableId(head), body: body(&facts, &[]), stratum: stratum_of(head) }
            })
            .collect();
        let mut expected = rules.clone();
        expected.sort_by_key(|rule| rule.stratum);
        let built = |units| {
            let mut builder = AxiomsBuilder::new(&layout, rules.clone(), 0);
            let mut slices = 1;
            while !builder.step(&mut Budget::units(units)) {
                slices += 1;
            }
            (builder.finish(), slices)
        };
        let (axioms, slices) = built(1);
        assert!(slices > 4 * rules.len() / RULES_PER_UNIT, "{slices} slices");
        assert_eq!(format!("{axioms:?}"), format!("{:?}", built(u64::MAX).0));
        let same = |(one, other): (&Axiom, &Axiom)| one.head == other.head && one.body == other.body;
        assert!(axioms.rules().iter().zip(&expected).all(same), "by stratum, and else as they came");
        for variable in 0..variables {
            let triggered = axioms.starts[variable] as usize..axioms.starts[variable + 1] as usize;
            let own = |rule: &Axiom| {
                rule.stratum == stratum_of(variable as u32)
                    && rule.body.facts.contains(&fact(variable as u32, 1))
            };
            // A variable that is no head is in no stratum.
            let is_head = rules.iter().any(|rule| rule.head.0 == variable as u32);
            let ids =
                (0..).zip(&expected).filter(|(_, rule)| is_head && own(rule)).map(|(id, _): (u32, _)| id);
            assert_eq!(axioms.triggered[triggered], ids.collect::<Vec<_>>());
        }
    }
}
