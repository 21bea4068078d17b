//! Derived atoms that hold whatever the state.

use std::collections::HashMap;

use super::draft::{Drafts, Rule};
use super::world::World;

/// Ground axioms looked at per unit of work.
const RULES_PER_UNIT: usize = 16;

/// Finds derived atoms that hold in every state, and takes them out of the ground axioms, in bounded pieces. This is
/// unit propagation over the axioms whose bodies are atoms alone.
#[derive(Debug, Default)]
pub(super) struct Constants {
    stage: Stage,
    next: usize,
    /// Indexed by axiom: how many of the atoms that it needs are not known to hold in every state.
    open: Vec<u32>,
    /// For each atom: the axioms that need it.
    readers: HashMap<u32, Vec<u32>>,
    /// Axioms whose atoms all hold always.
    queue: Vec<u32>,
    /// How many axioms are kept.
    kept: usize,
}

#[derive(Debug, Default)]
enum Stage {
    #[default]
    Index,
    Spread,
    Clear,
}

impl Constants {
    /// One unit of work; true at the end.
    pub(super) fn unit(&mut self, world: &mut World, drafts: &mut Drafts) -> bool {
        match self.stage {
            Stage::Index => self.index(drafts),
            Stage::Spread => self.spread(world, drafts),
            Stage::Clear => return self.clear(world, drafts),
        }
        false
    }

    fn index(&mut self, drafts: &Drafts) {
        let is_certain =
            |rule: &Rule| rule.fails.is_empty() && rule.tests.is_empty() && rule.formulas.is_empty();
        let end = (self.next + RULES_PER_UNIT).min(drafts.rules.len());
        for id in self.next..end {
            let rule = &drafts.rules[id];
            self.open.push(rule.holds.len() as u32);
            if is_certain(rule) {
                rule.holds.iter().for_each(|&atom| self.readers.entry(atom).or_default().push(id as u32));
                self.queue.extend(rule.holds.is_empty().then_some(id as u32));
            }
        }
        self.next = end;
        if end == drafts.rules.len() {
            self.next = 0;
            self.stage = Stage::Spread;
        }
    }

    fn spread(&mut self, world: &mut World, drafts: &Drafts) {
        for _ in 0..RULES_PER_UNIT {
            let Some(id) = self.queue.pop() else {
                self.stage = Stage::Clear;
                return;
            };
            let head = drafts.rules[id as usize].head;
            if world.is_constant(head) {
                continue;
            }
            world.make_constant(head);
            for reader in self.readers.remove(&head).into_iter().flatten() {
                self.open[reader as usize] -= 1;
                self.queue.extend((self.open[reader as usize] == 0).then_some(reader));
            }
        }
    }

    fn clear(&mut self, world: &World, drafts: &mut Drafts) -> bool {
        let end = (self.next + RULES_PER_UNIT).min(drafts.rules.len());
        for id in self.next..end {
            let rule = &mut drafts.rules[id];
            rule.holds.retain(|&atom| !world.is_constant(atom));
            let is_kept =
                !world.is_constant(rule.head) && !rule.fails.iter().any(|&atom| world.is_constant(atom));
            if is_kept {
                drafts.rules.swap(self.kept, id);
                self.kept += 1;
            }
        }
        self.next = end;
        let is_over = end == drafts.rules.len();
        if is_over {
            drafts.rules.truncate(self.kept);
        }
        is_over
    }

    /// Bytes held, nearly.
    pub(super) fn memory_bytes(&self) -> usize {
        (self.open.capacity() + self.queue.capacity()) * 4 + self.readers.len() * 48
    }
}
