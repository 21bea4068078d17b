//! Derived atoms that hold whatever the state.

use std::collections::HashMap;

use super::draft::{Drafts, Rule};
use super::world::World;

/// Finds derived atoms that hold in every state, and takes them out of the rules. O(size of the rules).
pub(super) fn constants(world: &mut World, drafts: &mut Drafts) {
    let is_certain = |rule: &Rule| rule.fails.is_empty() && rule.tests.is_empty() && rule.formulas.is_empty();
    // Of each rule whose head needs atoms alone, how many of these are not known to hold always.
    let mut open: Vec<u32> = drafts.rules.iter().map(|rule| rule.holds.len() as u32).collect();
    let mut queue: Vec<u32> = Vec::new();
    let mut readers: HashMap<u32, Vec<u32>> = HashMap::new();
    for (id, rule) in (0u32..).zip(&drafts.rules).filter(|(_, rule)| is_certain(rule)) {
        rule.holds.iter().for_each(|&atom| readers.entry(atom).or_default().push(id));
        queue.extend((open[id as usize] == 0).then_some(id));
    }
    while let Some(id) = queue.pop() {
        let head = drafts.rules[id as usize].head;
        if world.is_constant(head) {
            continue;
        }
        world.make_constant(head);
        for reader in readers.remove(&head).into_iter().flatten() {
            open[reader as usize] -= 1;
            queue.extend((open[reader as usize] == 0).then_some(reader));
        }
    }
    for rule in &mut drafts.rules {
        rule.holds.retain(|&atom| !world.is_constant(atom));
    }
    drafts.rules.retain(|rule| {
        !world.is_constant(rule.head) && !rule.fails.iter().any(|&atom| world.is_constant(atom))
    });
}
