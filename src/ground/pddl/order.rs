//! Puts operators in the order of their names, and variables too where the causal graph leaves their order
//! open. So ties in a search do not depend on the order in which things were found.
//!
//! Relaxed plans take the first of equally cheap operators. In the order of reachability, an instance that
//! binds an object twice comes before instances that bind two objects, since fewer atoms have to be reached
//! for it: a relaxed plan would prefer cars that park behind themselves. And if the facts of different
//! predicates come in different orders of their objects, each step of a relaxed plan uses another object
//! where one object would do for all. Fast Downward sorts its operators by name, too.

use super::lifted::{Lifted, Origin};
use super::reach::Instances;
use super::room::Room;
use super::world::World;
use crate::lang::pddl::Model;
use crate::step::Budget;
use crate::task::OutOfMemory;

/// Instances moved per unit of work.
const MOVED_PER_UNIT: usize = 64;
/// Instances copied per unit of work.
const COPIED_PER_UNIT: usize = 512;
/// Instances that are sorted in one piece, before the merging begins.
const RUN: usize = 32;

/// Sorts the instances of all actions, one action after the other.
#[derive(Debug)]
pub(super) struct Order {
    /// Indexed by object: its place among all of them by name.
    ranks: Vec<u32>,
    schema: usize,
    sorting: Option<MergeSort>,
    /// How many of the sorted instances are back in their column.
    written: usize,
}

/// A merge sort from short runs up, in bounded pieces.
#[derive(Debug)]
struct MergeSort {
    items: Vec<u32>,
    /// The items in longer runs, as far as the present pass is.
    merged: Vec<u32>,
    /// Length of the sorted runs of `items`; 0 before there are any.
    width: usize,
    /// What was taken of the two runs that are being merged.
    left: usize,
    right: usize,
}

impl Order {
    /// Prepares the sort. O(objects × log).
    pub(super) fn new(model: &Model) -> Self {
        Self { ranks: ranks(model), schema: 0, sorting: None, written: 0 }
    }

    /// Works on; answers whether all are in order.
    pub(super) fn step(
        &mut self,
        world: &World,
        instances: &mut Instances,
        room: Room,
        budget: &mut Budget,
    ) -> Result<bool, OutOfMemory> {
        while self.schema < world.lifted.actions {
            if budget.is_spent() {
                return Ok(false);
            }
            let column = &mut instances.by_schema[self.schema];
            if self.sorting.is_none() {
                room.ask(column.len() * 8)?;
            }
            let count = column.len();
            let sorting = self.sorting.get_or_insert_with(|| MergeSort::new(Vec::with_capacity(count)));
            while sorting.items.len() < count {
                if budget.is_spent() {
                    return Ok(false);
                }
                budget.spend(1);
                let from = sorting.items.len();
                let next = from..count.min(from + COPIED_PER_UNIT);
                sorting.items.extend(next.map(|place| *column.at(place)));
            }
            let parameters = world.lifted.schemas[self.schema].parameters.len();
            let (ranks, arguments) = (&self.ranks, &instances.arguments);
            let ranks = |instance: u32| {
                arguments.run(instance, parameters).iter().map(move |&object| ranks[object as usize])
            };
            if !sorting.step(budget, |one, other| ranks(one).lt(ranks(other))) {
                return Ok(false);
            }
            while self.written < count {
                if budget.is_spent() {
                    return Ok(false);
                }
                budget.spend(1);
                let next = self.written..count.min(self.written + COPIED_PER_UNIT);
                self.written = next.end;
                next.for_each(|place| *column.at_mut(place) = sorting.items[place]);
            }
            (self.sorting, self.written) = (None, 0);
            self.schema += 1;
        }
        Ok(true)
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let sorting = self.sorting.as_ref();
        let sorting = sorting.map_or(0, |sorting| sorting.items.capacity() + sorting.merged.capacity());
        (self.ranks.len() + sorting) * 4
    }
}

/// Indexed by object: its place among all of them by name. O(objects × log).
pub(super) fn ranks(model: &Model) -> Vec<u32> {
    let mut objects: Vec<u32> = (0..model.objects.len() as u32).collect();
    objects.sort_by_cached_key(|&object| model.objects[object as usize].name.to_lowercase());
    let mut ranks = vec![0; objects.len()];
    for (rank, &object) in (0..).zip(&objects) {
        ranks[object as usize] = rank;
    }
    ranks
}

/// Puts the actions in order of their names. O(actions × log).
pub(super) fn sort_actions(lifted: &mut Lifted, model: &Model) {
    lifted.schemas[..lifted.actions].sort_by_key(|schema| match schema.origin {
        Origin::Action(action) => model.actions[action as usize].name.to_lowercase(),
        Origin::Axiom(_) => String::new(),
    });
}

impl MergeSort {
    fn new(items: Vec<u32>) -> Self {
        Self { merged: Vec::with_capacity(items.capacity()), items, width: 0, left: 0, right: 0 }
    }

    /// Works on; answers whether the items are in order.
    fn step(&mut self, budget: &mut Budget, is_less: impl Fn(u32, u32) -> bool) -> bool {
        let length = self.items.len();
        while self.width < length {
            if budget.is_spent() {
                return false;
            }
            budget.spend(1);
            if self.width == 0 {
                self.sort_run(&is_less);
                continue;
            }
            for _ in 0..MOVED_PER_UNIT.min(length - self.merged.len()) {
                self.move_one(&is_less);
            }
            if self.merged.len() == length {
                std::mem::swap(&mut self.items, &mut self.merged);
                self.merged.clear();
                self.width *= 2;
            }
        }
        true
    }

    /// Sorts the next short run.
    fn sort_run(&mut self, is_less: &impl Fn(u32, u32) -> bool) {
        let end = (self.left + RUN).min(self.items.len());
        let order = |&one: &u32, &other: &u32| is_less(other, one).cmp(&is_less(one, other));
        self.items[self.left..end].sort_by(order);
        self.left = end;
        if end == self.items.len() {
            self.width = RUN;
        }
    }

    /// Moves the next item of two neighbouring runs.
    fn move_one(&mut self, is_less: &impl Fn(u32, u32) -> bool) {
        let (length, at) = (self.items.len(), self.merged.len());
        let start = at - at % (2 * self.width);
        let middle = (start + self.width).min(length);
        let end = (middle + self.width).min(length);
        if at == start {
            (self.left, self.right) = (start, middle);
        }
        let (left, right) = (self.left, self.right);
        let is_right = left == middle || (right < end && is_less(self.items[right], self.items[left]));
        let from = if is_right { &mut self.right } else { &mut self.left };
        self.merged.push(self.items[*from]);
        *from += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::SplitMix64;

    #[test]
    fn sorts_in_pieces_as_in_one_go() {
        let mut random = SplitMix64::new(5);
        for length in [0, 1, 2, 31, 32, 33, 64, 65, 96, 97, 1000] {
            let items: Vec<u32> = (0..length).map(|_| random.below(length.max(1)) as u32).collect();
            let mut sorting = MergeSort::new(items.clone());
            while !sorting.step(&mut Budget::units(1), |one, other| one < other) {}
            let mut sorted = items;
            sorted.sort_unstable();
            assert_eq!(sorting.items, sorted);
        }
    }
}
