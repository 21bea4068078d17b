//! Join plans: in which order the atoms of a body are matched, either from nothing or once an atom that matches one of
//! them (the trigger) is reached.
//!
//! A plan is chosen greedily. Conditions on bound variables come first, then the atom with the fewest
//! expected matches; variables that no atom binds come last.

use std::collections::VecDeque;

use super::lifted::{Arg, Class, Lifted, Literal, Nnf, Variable};
use super::relation::Relation;

/// What is to be matched: bindings of the variables under which all atoms of the core are there and the filters
/// are as they have to be. All other slots are bound before.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    /// Size of the environment.
    pub(super) slots: u32,
    pub(super) variables: Vec<Variable>,
    pub(super) core: Vec<Literal>,
    /// Static conditions without quantifiers, with the truth that they must have.
    pub(super) filters: Vec<(Nnf, bool)>,
}

/// How one argument of a matched atom is handled.
#[derive(Clone, Copy, Debug)]
pub(super) enum Match {
    /// It binds a variable, if the object is in the variable's domain.
    Bind { position: u32, slot: u32, domain: u32 },
    /// It must be equal to the value of a term.
    Same { position: u32, term: Arg },
}

/// A step of a plan. With `is_older`, only atoms that were reached before the triggering one match: they stand before
/// the trigger in the core, and so each match of the body is found by one plan alone (semi-naive evaluation).
#[derive(Debug)]
pub(super) enum Step {
    /// Scans the atoms of a relation that have the key which these terms make.
    Scan { relation: u32, key: Vec<Arg>, matches: Vec<Match>, is_older: bool },
    /// Tests a core literal whose variables are all bound; with its index.
    Check { literal: u32, is_older: bool },
    /// Tests a filter; with its index.
    Filter { filter: u32 },
    /// Enumerates all objects of a variable's domain.
    Enumerate { slot: u32, domain: u32 },
}

/// A join plan: how the rest of a body is matched after `matches` has matched the triggering atom.
#[derive(Debug)]
pub(super) struct Plan {
    /// Index into [`Plans::bodies`].
    pub(super) body: u32,
    /// Matches the arguments of the triggering atom. Empty in a plan without a trigger.
    pub(super) matches: Vec<Match>,
    pub(super) steps: Vec<Step>,
}

/// Statistics of a symbol's atoms, for estimates.
#[derive(Clone, Debug, Default)]
pub(super) struct Extent {
    pub(super) atoms: u64,
    /// Indexed by position: how many different objects stand there.
    pub(super) distinct: Vec<u64>,
}

/// All plans and the relations that they use.
#[derive(Debug, Default)]
pub(super) struct Plans {
    pub(super) bodies: Vec<Body>,
    pub(super) all: Vec<Plan>,
    /// Indexed by symbol: the plans that its atoms trigger.
    pub(super) triggers: Vec<Vec<u32>>,
    /// Plans without a trigger of bodies added by [`add_triggered`](Self::add_triggered).
    pub(super) free: Vec<u32>,
    pub(super) relations: Vec<Relation>,
    /// Indexed by symbol: its relations.
    pub(super) by_symbol: Vec<Vec<u32>>,
    objects: usize,
    /// The next plan to be made. For each plan from there on, the place of its trigger in the core, or
    /// `usize::MAX`.
    next: usize,
    waiting: VecDeque<usize>,
}

/// A plan under construction.
struct Draft<'a> {
    lifted: &'a Lifted,
    /// Indexed by symbol: its extent, if it is known. It is known for all static symbols.
    extents: &'a [Option<Extent>],
    body: &'a Body,
    is_bound: Vec<bool>,
    /// Indexed by slot: the domain of its variable, and the literals that mention it.
    domains: Vec<u32>,
    readers: Vec<Vec<u32>>,
    /// Indexed by literal: the expected number of matches, while the literal has no step.
    estimates: Vec<Option<f64>>,
    filters: Vec<bool>,
    trigger: usize,
    steps: Vec<Step>,
}

impl Plans {
    pub(super) fn new(symbols: usize, objects: usize) -> Self {
        let lists = vec![Vec::new(); symbols];
        Self { triggers: lists.clone(), by_symbol: lists, objects, ..Self::default() }
    }

    /// Adds a body with one plan for each atom of its core that may be reached later. If there is none, the
    /// body gets one plan without a trigger. Answers the index of the body.
    pub(super) fn add_triggered(&mut self, lifted: &Lifted, body: Body) -> u32 {
        let is_static = |literal: &Literal| lifted.classes[literal.symbol as usize] == Class::Static;
        let triggers: Vec<usize> = (0..body.core.len()).filter(|&at| !is_static(&body.core[at])).collect();
        for &trigger in &triggers {
            let id = self.announce(trigger);
            self.triggers[body.core[trigger].symbol as usize].push(id);
        }
        if triggers.is_empty() {
            let id = self.announce(usize::MAX);
            self.free.push(id);
        }
        self.bodies.push(body);
        self.bodies.len() as u32 - 1
    }

    /// Adds a body with one plan, which has no trigger; answers the index of the plan. When it is walked, its
    /// relations must already contain all their atoms.
    pub(super) fn add(&mut self, body: Body) -> u32 {
        let id = self.announce(usize::MAX);
        self.bodies.push(body);
        id
    }

    /// Registers a plan to be made for the body that is pushed next.
    fn announce(&mut self, trigger: usize) -> u32 {
        let body = self.bodies.len() as u32;
        self.all.push(Plan { body, matches: Vec::new(), steps: Vec::new() });
        self.waiting.push_back(trigger);
        self.all.len() as u32 - 1
    }

    /// Makes the next plan; answers false if all plans are made. `extents` must have at least the static
    /// symbols. O(core²).
    pub(super) fn make(&mut self, lifted: &Lifted, extents: &[Option<Extent>]) -> bool {
        let Some(trigger) = self.waiting.pop_front() else { return false };
        let index = self.all[self.next].body as usize;
        let body = std::mem::take(&mut self.bodies[index]);
        let mut draft = Draft::new(lifted, extents, &body, trigger);
        let mut matches = Vec::new();
        if let Some(literal) = body.core.get(trigger) {
            draft.estimates[trigger] = None;
            matches = draft.matches(literal, &[]);
        }
        draft.complete(self);
        let plan = &mut self.all[self.next];
        (plan.matches, plan.steps) = (matches, draft.steps);
        self.next += 1;
        self.bodies[index] = body;
        true
    }

    fn relation(&mut self, symbol: u32, positions: Vec<u32>, within: Vec<(u32, u32)>) -> u32 {
        let known = &self.by_symbol[symbol as usize];
        let is_same = |relation: &Relation| relation.positions == positions && relation.within == within;
        let found = known.iter().find(|&&id| is_same(&self.relations[id as usize]));
        if let Some(&id) = found {
            return id;
        }
        let id = self.relations.len() as u32;
        self.relations.push(Relation::new(positions, within, self.objects));
        self.by_symbol[symbol as usize].push(id);
        id
    }

    /// Bytes held by the relations.
    pub(super) fn memory_bytes(&self) -> usize {
        self.relations.iter().map(Relation::memory_bytes).sum()
    }
}

impl<'a> Draft<'a> {
    fn new(lifted: &'a Lifted, extents: &'a [Option<Extent>], body: &'a Body, trigger: usize) -> Self {
        let slots = body.slots as usize;
        let (mut is_bound, mut domains) = (vec![true; slots], vec![u32::MAX; slots]);
        for variable in &body.variables {
            is_bound[variable.slot as usize] = false;
            domains[variable.slot as usize] = variable.domain;
        }
        let mut readers = vec![Vec::new(); slots];
        for (at, literal) in (0u32..).zip(&body.core) {
            let slots = literal.arguments.iter().filter_map(|one| one.slot());
            slots.for_each(|slot| readers[slot as usize].push(at));
        }
        let (estimates, filters) = (Vec::new(), vec![true; body.filters.len()]);
        let steps = Vec::new();
        let mut draft =
            Self { lifted, extents, body, is_bound, domains, readers, estimates, filters, trigger, steps };
        draft.estimates = body.core.iter().map(|literal| Some(draft.estimate(literal))).collect();
        draft
    }

    fn bind(&mut self, slot: u32) {
        self.is_bound[slot as usize] = true;
        for at in std::mem::take(&mut self.readers[slot as usize]) {
            if self.estimates[at as usize].is_some() {
                self.estimates[at as usize] = Some(self.estimate(&self.body.core[at as usize]));
            }
        }
    }

    /// Matches for the arguments of a literal whose positions are not in `known`; binds its variables.
    fn matches(&mut self, literal: &Literal, known: &[u32]) -> Vec<Match> {
        let mut matches = Vec::new();
        for (position, &term) in (0u32..).zip(&literal.arguments) {
            if known.contains(&position) {
                continue;
            }
            let unbound = term.slot().filter(|&slot| !self.is_bound[slot as usize]);
            let Some(slot) = unbound else {
                matches.push(Match::Same { position, term });
                continue;
            };
            self.bind(slot);
            let domain = self.domains[slot as usize];
            matches.push(Match::Bind { position, slot, domain });
        }
        matches
    }

    fn is_known(&self, term: Arg) -> bool {
        term.slot().is_none_or(|slot| self.is_bound[slot as usize])
    }

    fn complete(&mut self, plans: &mut Plans) {
        let body = self.body;
        loop {
            self.filter();
            let estimated = self.estimates.iter().enumerate().filter_map(|(at, one)| Some(((*one)?, at)));
            let best = estimated.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            if let Some((_, at)) = best {
                self.estimates[at] = None;
                self.take(at, plans);
                continue;
            }
            let unbound = body.variables.iter().filter(|one| !self.is_bound[one.slot as usize]);
            let fewest = unbound.min_by_key(|one| self.lifted.domains.objects(one.domain).len());
            let Some(&variable) = fewest else { return };
            self.bind(variable.slot);
            self.steps.push(Step::Enumerate { slot: variable.slot, domain: variable.domain });
        }
    }

    fn take(&mut self, at: usize, plans: &mut Plans) {
        let literal = &self.body.core[at];
        let is_older = at < self.trigger && self.trigger != usize::MAX;
        if literal.arguments.iter().all(|&term| self.is_known(term)) {
            self.steps.push(Step::Check { literal: at as u32, is_older });
            return;
        }
        let arguments = (0u32..).zip(&literal.arguments);
        let known: Vec<(u32, Arg)> =
            arguments.filter(|(_, term)| self.is_known(**term)).map(|(at, term)| (at, *term)).collect();
        let positions: Vec<u32> = known.iter().map(|one| one.0).collect();
        let matches = self.matches(literal, &positions);
        let declared = &self.lifted.positions[literal.symbol as usize];
        let narrower = |one: &Match| match *one {
            Match::Bind { position, domain, .. } if declared[position as usize] != domain => {
                Some((position, domain))
            }
            _ => None,
        };
        let within = matches.iter().filter_map(narrower).collect();
        let relation = plans.relation(literal.symbol, positions, within);
        let key = known.into_iter().map(|one| one.1).collect();
        self.steps.push(Step::Scan { relation, key, matches, is_older });
    }

    /// Adds steps for the filters whose variables are all bound.
    fn filter(&mut self) {
        for (at, (filter, _)) in self.body.filters.iter().enumerate() {
            if self.filters[at] && self.is_ready(filter) {
                self.filters[at] = false;
                self.steps.push(Step::Filter { filter: at as u32 });
            }
        }
    }

    fn is_ready(&self, filter: &Nnf) -> bool {
        let mut is_ready = true;
        filter.slots(&mut |slot| is_ready &= self.is_bound[slot as usize]);
        is_ready
    }

    /// The expected number of matches of a literal.
    fn estimate(&self, literal: &Literal) -> f64 {
        let is_static = self.lifted.classes[literal.symbol as usize] == Class::Static;
        let extent = self.extents.get(literal.symbol as usize).and_then(Option::as_ref);
        let mut matches = extent.map_or(1.0, |extent| extent.atoms as f64);
        let mut are_all_known = true;
        for (position, &term) in literal.arguments.iter().enumerate() {
            let is_known = self.is_known(term);
            are_all_known &= is_known;
            if let (true, Some(extent)) = (is_known, extent) {
                matches /= extent.distinct[position].max(1) as f64;
            } else if !is_known && extent.is_none() {
                let domain = term.slot().map_or(u32::MAX, |slot| self.domains[slot as usize]);
                if domain != u32::MAX {
                    matches *= self.lifted.domains.objects(domain).len() as f64;
                }
            }
        }
        match (are_all_known, is_static) {
            (true, true) => -2.0,
            (true, false) => -1.0,
            // Among equal estimates, a literal whose extent is known comes first.
            (false, _) if extent.is_some() => matches,
            (false, _) => matches * 1.001 + 0.001,
        }
    }
}
