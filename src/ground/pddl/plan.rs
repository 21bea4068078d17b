//! Join plans: in which order the core of a schema is matched once one of its atoms is there.
//!
//! A plan is chosen greedily: conditions on bound variables at once, then the atom with the fewest
//! matches to expect, variables that no atom binds last.

use super::lifted::{Arg, Class, Lifted, Literal, Nnf, Schema};
use super::relation::Relation;

/// What is done with one argument of a matched atom.
#[derive(Clone, Copy, Debug)]
pub(super) enum Match {
    /// It binds a variable, where it lies in its domain.
    Bind { position: u32, slot: u32, domain: u32 },
    /// It must be the value of a term.
    Same { position: u32, term: Arg },
}

/// A step of a plan.
#[derive(Debug)]
pub(super) enum Step {
    /// Atoms of a relation under the key that these terms make.
    Scan { relation: u32, key: Vec<Arg>, matches: Vec<Match>, is_older: bool },
    /// A core literal with all its variables bound, by its index.
    Check { literal: u32, is_older: bool },
    /// A filter by its index.
    Filter { filter: u32 },
    /// All objects of a variable's domain.
    Enumerate { slot: u32, domain: u32 },
}

/// How the other conditions of a schema are matched once an atom matches `matches`.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) schema: u32,
    /// Of the triggering atom; empty in plans without one.
    pub(super) matches: Vec<Match>,
    pub(super) steps: Vec<Step>,
}

/// What is known of the extent of a static symbol, for estimates.
#[derive(Clone, Debug, Default)]
pub(super) struct Extent {
    pub(super) atoms: u64,
    /// Per position the number of different objects.
    pub(super) distinct: Vec<u64>,
}

/// All plans of a model and the relations that they use.
#[derive(Debug, Default)]
pub(super) struct Plans {
    pub(super) all: Vec<Plan>,
    /// Per symbol, plans that its atoms trigger.
    pub(super) triggers: Vec<Vec<u32>>,
    /// Plans without a trigger.
    pub(super) free: Vec<u32>,
    pub(super) relations: Vec<Relation>,
    /// Per symbol its relations.
    pub(super) by_symbol: Vec<Vec<u32>>,
}

/// A plan being made.
struct Draft<'a> {
    lifted: &'a Lifted,
    extents: &'a [Extent],
    schema: &'a Schema,
    is_bound: Vec<bool>,
    literals: Vec<bool>,
    filters: Vec<bool>,
    trigger: usize,
    steps: Vec<Step>,
}

impl Plans {
    pub(super) fn new(symbols: usize) -> Self {
        Self { triggers: vec![Vec::new(); symbols], by_symbol: vec![Vec::new(); symbols], ..Self::default() }
    }

    /// Adds the plans of a schema: one per atom of its core that can be reached later on, or one without a
    /// trigger.
    pub(super) fn add(&mut self, lifted: &Lifted, extents: &[Extent], index: usize, objects: usize) {
        let schema = &lifted.schemas[index];
        let is_static = |literal: &Literal| lifted.classes[literal.symbol as usize] == Class::Static;
        let triggers: Vec<usize> =
            (0..schema.core.len()).filter(|&at| !is_static(&schema.core[at])).collect();
        let without = if triggers.is_empty() { Some(usize::MAX) } else { None };
        for trigger in triggers.into_iter().chain(without) {
            let mut draft = Draft {
                lifted,
                extents,
                schema,
                is_bound: vec![false; schema.slots as usize],
                literals: vec![true; schema.core.len()],
                filters: vec![true; schema.filters.len()],
                trigger,
                steps: Vec::new(),
            };
            let id = self.all.len() as u32;
            let mut matches = Vec::new();
            if let Some(literal) = schema.core.get(trigger) {
                matches = draft.matches(literal, &[]);
                draft.literals[trigger] = false;
                self.triggers[literal.symbol as usize].push(id);
            } else {
                self.free.push(id);
            }
            draft.complete(self, objects);
            self.all.push(Plan { schema: index as u32, matches, steps: draft.steps });
        }
    }

    fn relation(&mut self, symbol: u32, positions: Vec<u32>, within: Vec<(u32, u32)>, objects: usize) -> u32 {
        let known = &self.by_symbol[symbol as usize];
        let is_same = |relation: &Relation| relation.positions == positions && relation.within == within;
        let found = known.iter().find(|&&id| is_same(&self.relations[id as usize]));
        if let Some(&id) = found {
            return id;
        }
        let id = self.relations.len() as u32;
        self.relations.push(Relation::new(positions, within, objects));
        self.by_symbol[symbol as usize].push(id);
        id
    }

    /// Bytes held by the relations.
    pub(super) fn memory_bytes(&self) -> usize {
        self.relations.iter().map(Relation::memory_bytes).sum()
    }
}

impl Draft<'_> {
    /// Matches the positions of a literal that are not in `known`, and binds its variables.
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
            self.is_bound[slot as usize] = true;
            let parameter = self.schema.parameters.iter().find(|one| one.slot == slot);
            let domain = parameter.map_or(u32::MAX, |one| one.domain);
            matches.push(Match::Bind { position, slot, domain });
        }
        matches
    }

    fn is_known(&self, term: Arg) -> bool {
        term.slot().is_none_or(|slot| self.is_bound[slot as usize])
    }

    fn complete(&mut self, plans: &mut Plans, objects: usize) {
        let schema = self.schema;
        loop {
            self.filter();
            let open = (0..schema.core.len()).filter(|&at| self.literals[at]);
            let estimated = open.map(|at| (self.estimate(&schema.core[at]), at));
            let best = estimated.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            if let Some((_, at)) = best {
                self.literals[at] = false;
                self.take(at, plans, objects);
                continue;
            }
            let unbound = schema.parameters.iter().filter(|one| !self.is_bound[one.slot as usize]);
            let fewest = unbound.min_by_key(|one| self.lifted.domains.objects(one.domain).len());
            let Some(&variable) = fewest else { return };
            self.is_bound[variable.slot as usize] = true;
            self.steps.push(Step::Enumerate { slot: variable.slot, domain: variable.domain });
        }
    }

    fn take(&mut self, at: usize, plans: &mut Plans, objects: usize) {
        let literal = &self.schema.core[at];
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
        let relation = plans.relation(literal.symbol, positions, within, objects);
        let key = known.into_iter().map(|one| one.1).collect();
        self.steps.push(Step::Scan { relation, key, matches, is_older });
    }

    /// Takes the filters whose variables are bound.
    fn filter(&mut self) {
        for (at, filter) in self.schema.filters.iter().enumerate() {
            if self.filters[at] && self.is_ready(filter) {
                self.filters[at] = false;
                self.steps.push(Step::Filter { filter: at as u32 });
            }
        }
    }

    fn is_ready(&self, filter: &Nnf) -> bool {
        let mut is_ready = true;
        filter.slots(&mut |slot| {
            let is_parameter = self.schema.parameters.iter().any(|one| one.slot == slot);
            is_ready &= !is_parameter || self.is_bound[slot as usize];
        });
        is_ready
    }

    /// Matches to expect for a literal.
    fn estimate(&self, literal: &Literal) -> f64 {
        let is_static = self.lifted.classes[literal.symbol as usize] == Class::Static;
        let extent = &self.extents[literal.symbol as usize];
        let mut matches = if is_static { extent.atoms as f64 } else { 1.0 };
        let mut are_all_known = true;
        for (position, &term) in literal.arguments.iter().enumerate() {
            if self.is_known(term) {
                if is_static {
                    matches /= extent.distinct[position].max(1) as f64;
                }
            } else {
                are_all_known = false;
                if !is_static {
                    let own = self.schema.parameters.iter().find(|one| term.slot() == Some(one.slot));
                    matches *= own.map_or(1.0, |one| self.lifted.domains.objects(one.domain).len() as f64);
                }
            }
        }
        match (are_all_known, is_static) {
            (true, true) => -2.0,
            (true, false) => -1.0,
            // Among equals, what is known for certain goes first.
            (false, true) => matches,
            (false, false) => matches * 1.001 + 0.001,
        }
    }
}
