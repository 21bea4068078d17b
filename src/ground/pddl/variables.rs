//! Decides which variable and value each atom becomes, and which slot each fluent becomes.
//!
//! A mutex group becomes a variable with a value for each atom. If a state may have none of the atoms, it has
//! one more value at the end: *none of those*. Every other atom becomes a binary variable, with value 1 where
//! the atom holds. Derived atoms become binary variables that axioms set.

use std::collections::{HashMap, HashSet};

use super::draft::{Drafts, GroundBlock};
use super::fates::Fate;
use super::invariants::Groups;
use super::lifted::Class;
use super::relevance::Relevant;
use super::world::{NONE, World};
use crate::step::Budget;
use crate::task::{Fact, Layout, MutexGroups, NO_FAMILY, Placement, SlotId, SlotKind, VariableId};

/// Operators looked at per unit of work.
const OPERATORS_PER_UNIT: usize = 16;
/// Most variables that are sorted.
const SORTED_MAX: usize = 1 << 14;

/// Most pairs of atoms that are compared one by one.
const FEW: usize = 4096;

/// Where atoms and fluents went.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// Indexed by atom: its fact; `variable` is [`NONE`] if it has none.
    facts: Vec<Fact>,
    /// Indexed by variable: its domain size.
    pub(super) domains: Vec<u32>,
    /// Indexed by variable: whether axioms set it.
    pub(super) is_derived: Vec<bool>,
    /// Indexed by variable: its value *none of those*; [`NONE`] if it has no such value.
    pub(super) none: Vec<u32>,
    /// The atom of each value, by variable and value; [`NONE`] for *none of those*.
    pub(super) atoms: Vec<u32>,
    /// Where each variable's values begin in `atoms`.
    pub(super) starts: Vec<u32>,
    /// Indexed by fluent: its slot.
    pub(super) slots: Vec<Option<SlotId>>,
    /// Fluents by slot.
    pub(super) fluents: Vec<u32>,
    /// Mutex groups of at least two atoms.
    groups: Vec<Vec<u32>>,
    next: usize,
}

const NOWHERE: Fact = Fact { variable: VariableId(NONE), value: 0 };

impl Variables {
    /// Starts with disjoint mutex groups, each ascending, which become variables. Other atoms are added by
    /// `finish`.
    pub(super) fn new(world: &World, groups: Vec<Vec<u32>>) -> Self {
        let mut variables = Self { facts: vec![NOWHERE; world.atoms.len()], groups, ..Self::default() };
        for (variable, group) in variables.groups.iter().enumerate() {
            for (value, &atom) in group.iter().enumerate() {
                let variable = VariableId(variable as u32);
                variables.facts[atom as usize] = Fact { variable, value: value as u32 };
            }
        }
        variables.none = vec![NONE; variables.groups.len()];
        for (group, none) in variables.groups.iter().zip(&mut variables.none) {
            let is_initial = |&atom: &u32| (world.order(atom) as usize) < world.initials;
            if !group.iter().any(is_initial) {
                *none = group.len() as u32;
            }
        }
        variables
    }

    /// Finds the groups of which operators can delete the last atom. Answers true when all operators were
    /// looked at.
    pub(super) fn step(&mut self, drafts: &Drafts, relevant: &Relevant, budget: &mut Budget) -> bool {
        while !self.groups.is_empty() && self.next < drafts.len() {
            if budget.is_spent() {
                return false;
            }
            budget.spend(1);
            let end = (self.next + OPERATORS_PER_UNIT).min(drafts.len());
            for id in self.next..end {
                if relevant.operators[id] {
                    self.operator(drafts, id);
                }
            }
            self.next = end;
        }
        true
    }

    fn operator(&mut self, drafts: &Drafts, id: usize) {
        let draft = drafts.operator(id);
        let atoms = drafts.atoms(draft);
        self.leave(atoms.deletes, atoms.holds, atoms.adds, &[]);
        for block in drafts.extra(draft).map_or(&[][..], |extra| &extra.blocks) {
            let GroundBlock { adds, deletes, .. } = block;
            self.leave(deletes, atoms.holds, atoms.adds, adds);
        }
    }

    /// Marks the groups that these deletes leave without an atom. O(all lists), or O(deletes × others) if
    /// that is little.
    fn leave(&mut self, deletes: &[u32], holds: &[u32], adds: &[u32], more: &[u32]) {
        if deletes.len() * (holds.len() + adds.len() + more.len()) > FEW {
            return self.leave_many(deletes, holds, adds, more);
        }
        for &atom in deletes {
            let fact = self.facts[atom as usize];
            if fact.variable.0 == NONE {
                continue;
            }
            let is_same = |&other: &u32| self.facts[other as usize].variable == fact.variable;
            let is_another = |&other: &u32| other != atom && is_same(&other);
            if !adds.iter().chain(more).any(is_same) && !holds.iter().any(is_another) {
                let group = fact.variable.0 as usize;
                self.none[group] = self.groups[group].len() as u32;
            }
        }
    }

    fn leave_many(&mut self, deletes: &[u32], holds: &[u32], adds: &[u32], more: &[u32]) {
        let group = |atom: u32| self.facts[atom as usize].variable.0;
        let added: HashSet<u32> = adds.iter().chain(more).map(|&atom| group(atom)).collect();
        // The atoms of one group exclude each other, so an operator that needs two of them never applies.
        let held: HashMap<u32, u32> = holds.iter().map(|&atom| (group(atom), atom)).collect();
        let is_empty = |&&atom: &&u32| {
            let group = group(atom);
            group != NONE && !added.contains(&group) && held.get(&group).is_none_or(|&other| other == atom)
        };
        let emptied: Vec<u32> = deletes.iter().filter(is_empty).map(|&atom| group(atom)).collect();
        for group in emptied {
            self.none[group as usize] = self.groups[group as usize].len() as u32;
        }
    }

    /// Completes the variables and slots. O(atoms + fluents).
    pub(super) fn finish(&mut self, world: &World, relevant: &Relevant) {
        for (group, &none) in self.groups.iter().zip(&self.none) {
            self.starts.push(self.atoms.len() as u32);
            self.atoms.extend_from_slice(group);
            if none != NONE {
                self.atoms.push(NONE);
            }
            self.domains.push(group.len() as u32 + u32::from(none != NONE));
            self.is_derived.push(false);
        }
        for atom in 0..world.atoms.len() as u32 {
            let is_open =
                self.facts[atom as usize] == NOWHERE && relevant.fates[atom as usize] == Fate::Changes;
            if is_open {
                let class = world.lifted.classes[world.atoms.symbol(atom) as usize];
                let variable = self.binary(atom, matches!(class, Class::Derived(_)));
                self.facts[atom as usize] = Fact { variable, value: 1 };
            }
        }
        self.slots = vec![None; world.fluents.len()];
        for fluent in 0..world.fluents.len() as u32 {
            let function = world.fluents.symbol(fluent);
            if relevant.fluents[fluent as usize] && world.lifted.functions[function as usize].is_changed {
                self.slots[fluent as usize] = Some(SlotId(self.fluents.len() as u32));
                self.fluents.push(fluent);
            }
        }
    }

    /// Sorts the variables by their least atoms: by predicate, then by the arguments' `ranks`. If there are
    /// too many for one piece of work, they stay as they are. See [`order`](super::order). O(atoms +
    /// variables × log).
    pub(super) fn sort(&mut self, world: &World, ranks: &[u32]) {
        let count = self.domains.len();
        if count > SORTED_MAX {
            return;
        }
        let compared = |one: u32, other: u32| {
            let ranked =
                |atom: u32| world.atoms.arguments(atom).iter().map(move |&object| ranks[object as usize]);
            let symbols = world.atoms.symbol(one).cmp(&world.atoms.symbol(other));
            symbols.then_with(|| ranked(one).cmp(ranked(other)))
        };
        let values = |variable: usize| {
            let start = self.starts[variable] as usize;
            &self.atoms[start..start + self.domains[variable] as usize]
        };
        let least = |variable: usize| {
            let atoms = values(variable).iter().copied().filter(|&atom| atom != NONE);
            atoms.min_by(|&one, &other| compared(one, other))
        };
        let least: Vec<Option<u32>> = (0..count).map(least).collect();
        let mut order: Vec<u32> = (0..count as u32).collect();
        order.sort_by(|&one, &other| match (least[one as usize], least[other as usize]) {
            (Some(one), Some(other)) => compared(one, other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        });
        self.permute(&order);
    }

    /// Puts the variables in this order. O(atoms + variables).
    pub(super) fn permute(&mut self, order: &[u32]) {
        let values = |variable: u32| {
            let start = self.starts[variable as usize] as usize;
            &self.atoms[start..start + self.domains[variable as usize] as usize]
        };
        let mut atoms = Vec::with_capacity(self.atoms.len());
        let mut starts = Vec::with_capacity(order.len());
        let mut places = vec![0; order.len()];
        for (place, &variable) in (0..).zip(order) {
            places[variable as usize] = place;
            starts.push(atoms.len() as u32);
            atoms.extend_from_slice(values(variable));
        }
        (self.atoms, self.starts) = (atoms, starts);
        self.domains = order.iter().map(|&variable| self.domains[variable as usize]).collect();
        self.is_derived = order.iter().map(|&variable| self.is_derived[variable as usize]).collect();
        self.none = order.iter().map(|&variable| self.none[variable as usize]).collect();
        for fact in self.facts.iter_mut().filter(|fact| **fact != NOWHERE) {
            fact.variable = VariableId(places[fact.variable.0 as usize]);
        }
    }

    /// Adds a binary variable for an atom or, with [`NONE`], for an auxiliary condition.
    pub(super) fn binary(&mut self, atom: u32, is_derived: bool) -> VariableId {
        let variable = VariableId(self.domains.len() as u32);
        self.starts.push(self.atoms.len() as u32);
        self.atoms.extend([NONE, atom]);
        self.domains.push(2);
        self.none.push(0);
        self.is_derived.push(is_derived);
        variable
    }

    /// The fact of an atom that changes.
    #[inline]
    pub(super) fn fact(&self, atom: u32) -> Option<Fact> {
        let fact = self.facts[atom as usize];
        (fact != NOWHERE).then_some(fact)
    }

    /// Indexed by variable and value: the predicate of the value's atom. The value *none of those* has one
    /// only in a variable of a single atom.
    pub(super) fn families(&self, symbol: impl Fn(u32) -> u32) -> Vec<u32> {
        let mut families = Vec::with_capacity(self.atoms.len());
        for (&start, &domain) in self.starts.iter().zip(&self.domains) {
            let atoms = &self.atoms[start as usize..(start + domain) as usize];
            let mut named = atoms.iter().filter(|&&atom| atom != NONE);
            let only = named.next().filter(|_| named.next().is_none());
            let none = only.map_or(NO_FAMILY, |&atom| symbol(atom));
            let family = |&atom: &u32| if atom == NONE { none } else { symbol(atom) };
            families.extend(atoms.iter().map(family));
        }
        families
    }

    /// Mutex groups of atoms as such of facts.
    pub(super) fn mutexes(&self, all: &Groups) -> MutexGroups {
        let mut mutexes = MutexGroups::default();
        for group in all.iter() {
            mutexes.push(group.iter().filter_map(|&atom| self.fact(atom)));
        }
        mutexes.shrink_to_fit();
        mutexes
    }

    /// How many mutex groups of at least two atoms are variables.
    pub(super) fn mutex_groups(&self) -> usize {
        self.groups.len()
    }

    /// The layout of these variables and slots.
    pub(super) fn layout(&self) -> Layout {
        let place = |is_derived: bool| if is_derived { Placement::Derived } else { Placement::Dynamic };
        let variables = self.domains.iter().zip(&self.is_derived);
        let variables: Vec<_> = variables.map(|(&domain, &derived)| (domain, place(derived))).collect();
        let float = SlotKind::Float { low: f64::NEG_INFINITY, high: f64::INFINITY };
        Layout::new(&variables, &vec![(float, Placement::Dynamic); self.fluents.len()])
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.facts.len() * 8
            + self.domains.len() * 13
            + (self.atoms.len() + self.starts.len() + self.slots.len() * 2 + self.fluents.len()) * 4
            + self.groups.iter().map(|group| 24 + group.len() * 4).sum::<usize>()
    }
}
