//! Derived predicates: the least fixpoint, stratum by stratum.
//!
//! Every rule is evaluated once. Then each new atom is put where it can support a rule, and only the other
//! conditions of that rule are searched (semi-naive evaluation with one atom at a time). A rule that reads its own
//! stratum under a universal quantifier is evaluated again until nothing is new.

use std::collections::{BTreeMap, VecDeque};

use super::formula::{Ask, Formula, Kind, Slots};
use super::number::Numbers;
use super::solve::{Solver, View};
use super::state::{Facts, Fluent, State, atom_key, predicate_of};
use crate::lang::pddl::model::{Axiom, Model, PredicateId, Term};
use crate::step::Pace;

/// A rule as it is evaluated.
#[derive(Clone, Debug)]
pub(super) struct Rule<'m> {
    head: PredicateId,
    arity: usize,
    slots: Slots<'m>,
    /// The types of the head's slots, then the condition.
    body: Vec<Formula>,
}

/// A place in a rule that an atom of the same stratum can support.
struct Support<'r> {
    rule: usize,
    terms: &'r [Term],
    /// What has to hold beside it.
    rest: Vec<&'r Formula>,
}

/// The rules of each stratum.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules<'m> {
    strata: Vec<Vec<Rule<'m>>>,
}

impl<'m> Rules<'m> {
    pub fn new(model: &'m Model) -> Self {
        let mut strata: Vec<Vec<Rule>> = Vec::new();
        for axiom in &model.axioms {
            let Some(stratum) = model.predicates[axiom.predicate.0 as usize].stratum else { continue };
            strata.resize_with(strata.len().max(stratum as usize + 1), Vec::new);
            strata[stratum as usize].push(Rule::new(axiom));
        }
        Self { strata }
    }

    /// Whether nothing is derived.
    pub fn is_empty(&self) -> bool {
        self.strata.is_empty()
    }

    /// All derived atoms of a state.
    pub async fn derive(&self, model: &Model, state: &State, searched: &[bool], pace: &Pace) -> Facts {
        let mut derived = Facts::new(searched);
        for rules in &self.strata {
            let derived = &mut derived;
            Deriving { model, state, pace, rules, derived, queue: VecDeque::new() }.run().await;
        }
        derived
    }
}

impl<'m> Rule<'m> {
    fn new(axiom: &'m Axiom) -> Self {
        let mut slots = Slots::new(axiom.parameters.iter());
        let arity = axiom.parameters.len();
        let types = (0..arity as u32).map(|slot| Formula::new(Kind::Is(slot)));
        let mut body: Vec<Formula> = types.collect();
        body.push(slots.formula(&axiom.condition, (true, Ask::Strictly)));
        Self { head: axiom.predicate, arity, slots, body }
    }
}

/// A stratum under way.
struct Deriving<'a> {
    model: &'a Model,
    state: &'a State,
    pace: &'a Pace,
    rules: &'a [Rule<'a>],
    derived: &'a mut Facts,
    /// Atoms that have not yet been put where they support a rule.
    queue: VecDeque<Fluent>,
}

impl Deriving<'_> {
    async fn run(&mut self) {
        let (supports, again) = supports(self.model, self.rules);
        let mut due: Vec<usize> = (0..self.rules.len()).collect();
        while !due.is_empty() {
            for &index in &due {
                let agenda: Vec<&Formula> = self.rules[index].body.iter().collect();
                self.search(index, &[], &[], &agenda).await;
            }
            due.clear();
            if !self.queue.is_empty() {
                due.extend(&again);
            }
            while let Some(atom) = self.queue.pop_front() {
                for support in supports.get(&predicate_of(&atom)).into_iter().flatten() {
                    self.search(support.rule, support.terms, &atom[1..], &support.rest).await;
                }
            }
        }
    }

    /// Adds the heads of a rule for all solutions of `agenda` where `terms` stand for `row`.
    async fn search(&mut self, index: usize, terms: &[Term], row: &[u32], agenda: &[&Formula]) {
        let rule = &self.rules[index];
        let numbers = Numbers::of(&self.state.fluents);
        let view = View { model: self.model, facts: &self.state.facts, derived: self.derived, numbers };
        let mut heads = Vec::new();
        let mut solver = Solver::new(view, self.pace, &rule.slots.types, &[]);
        let mut found = |slots: &[u32]| {
            heads.push(atom_key(rule.head, slots[..rule.arity].iter().copied()));
            false
        };
        solver.place(terms, row, agenda, &mut found).await;
        for head in heads {
            self.pace.pass().await;
            if self.derived.insert(&head) {
                self.queue.push_back(head);
            }
        }
    }
}

/// Where atoms support the rules of their own stratum, and the rules that read it where no atom can be put.
fn supports<'r>(
    model: &Model,
    rules: &'r [Rule<'_>],
) -> (BTreeMap<PredicateId, Vec<Support<'r>>>, Vec<usize>) {
    let mut all = BTreeMap::new();
    let mut again = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let stratum = model.predicates[rule.head.0 as usize].stratum;
        let mut finding = Finding { model, stratum, rule: index, all: &mut all, is_hidden: false };
        finding.each(&rule.body, &[]);
        if finding.is_hidden {
            again.push(index);
        }
    }
    (all, again)
}

struct Finding<'f, 'r> {
    model: &'f Model,
    stratum: Option<u32>,
    rule: usize,
    all: &'f mut BTreeMap<PredicateId, Vec<Support<'r>>>,
    is_hidden: bool,
}

impl<'r> Finding<'_, 'r> {
    /// Finds the supports in each of `parts`, which are conditions beside each other and beside `rest`.
    fn each(&mut self, parts: &'r [Formula], rest: &[&'r Formula]) {
        for (at, part) in parts.iter().enumerate().filter(|(_, part)| self.reads(part)).collect::<Vec<_>>() {
            let others = parts[..at].iter().chain(&parts[at + 1..]);
            let rest: Vec<&Formula> = others.chain(rest.iter().copied()).collect();
            self.within(part, &rest);
        }
    }

    fn within(&mut self, formula: &'r Formula, rest: &[&'r Formula]) {
        match &formula.kind {
            Kind::Atom(_, predicate, terms) if self.is_own(*predicate) => {
                let support = Support { rule: self.rule, terms, rest: rest.to_vec() };
                self.all.entry(*predicate).or_default().push(support);
            }
            Kind::All(parts) => self.each(parts, rest),
            Kind::Any(parts) => parts.iter().for_each(|part| self.within(part, rest)),
            Kind::Some(_, body) => self.within(body, rest),
            Kind::None(..) => self.is_hidden |= self.reads(formula),
            Kind::Is(_) | Kind::Atom(..) | Kind::Equal(..) | Kind::Compare { .. } => {}
        }
    }

    /// Whether an atom of the own stratum occurs.
    fn reads(&self, formula: &Formula) -> bool {
        match &formula.kind {
            Kind::Atom(_, predicate, _) => self.is_own(*predicate),
            Kind::All(parts) | Kind::Any(parts) => parts.iter().any(|part| self.reads(part)),
            Kind::Some(_, body) | Kind::None(_, body) => self.reads(body),
            Kind::Is(_) | Kind::Equal(..) | Kind::Compare { .. } => false,
        }
    }

    fn is_own(&self, predicate: PredicateId) -> bool {
        self.stratum.is_some() && self.model.predicates[predicate.0 as usize].stratum == self.stratum
    }
}
