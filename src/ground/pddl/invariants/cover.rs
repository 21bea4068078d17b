//! Chooses which mutex groups become variables: greedily, the group that covers most atoms not covered yet.
//!
//! After Helmert (2009), where a largest group is taken first; among equally large groups, the first one is
//! taken. Groups wait in buckets by size. A group that has shrunk is moved to its bucket when it is met.
//! O(members of all groups + atoms).

use super::groups::Groups;
use crate::step::{Budget, Progress, Stepper};

/// Members that are looked at per unit of work.
const MEMBERS_PER_UNIT: u64 = 64;

/// A partition of the atoms into mutex groups and single atoms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covering {
    /// Disjoint groups with at least two atoms each.
    pub groups: Groups,
    /// Atoms in none of these groups, ascending: they become binary variables.
    pub rest: Vec<u32>,
    /// All mutex groups that the choice was made from.
    pub all: Groups,
}

/// Chooses disjoint groups.
#[derive(Debug)]
pub struct Cover {
    groups: Groups,
    is_covered: Vec<bool>,
    /// Indexed by atom: where its groups begin in `containing`; with one more at the end.
    starts: Vec<u32>,
    /// The groups that contain each atom, one atom after the other.
    containing: Vec<u32>,
    /// Indexed by group: how many of its atoms are not covered.
    sizes: Vec<u32>,
    /// Indexed by size: groups that had this size when they were put there.
    buckets: Vec<Vec<u32>>,
    chosen: Groups,
}

impl Cover {
    /// A choice among groups of atoms below `atoms`. O(members + atoms).
    pub fn new(groups: Groups, atoms: usize) -> Self {
        let mut starts = vec![0; atoms + 1];
        let members =
            || groups.iter().zip(0..).flat_map(|(group, id)| group.iter().map(move |&atom| (atom, id)));
        for (atom, _) in members() {
            starts[atom as usize + 1] += 1;
        }
        for atom in 0..atoms {
            starts[atom + 1] += starts[atom];
        }
        let mut ends = starts.clone();
        let mut containing: Vec<u32> = vec![0; groups.total()];
        for (atom, id) in members() {
            let end = &mut ends[atom as usize];
            containing[*end as usize] = id;
            *end += 1;
        }
        let sizes: Vec<u32> = groups.iter().map(|group| group.len() as u32).collect();
        let largest = sizes.iter().max().map_or(0, |&size| size as usize);
        let mut buckets = vec![Vec::new(); largest + 1];
        // The last group of a bucket is taken first.
        for (id, &size) in sizes.iter().enumerate().rev() {
            buckets[size as usize].push(id as u32);
        }
        let (is_covered, chosen) = (vec![false; atoms], Groups::default());
        Self { groups, is_covered, starts, containing, sizes, buckets, chosen }
    }

    /// Takes the uncovered atoms of a group as a variable. Answers how many members of groups were looked at.
    fn take(&mut self, id: u32) -> usize {
        let group = self.groups.at(id as usize);
        let left = group.iter().copied().filter(|&atom| !self.is_covered[atom as usize]);
        self.chosen.push(left);
        let mut work = group.len();
        for &atom in self.chosen.at(self.chosen.len() - 1) {
            self.is_covered[atom as usize] = true;
            let groups = self.starts[atom as usize] as usize..self.starts[atom as usize + 1] as usize;
            work += groups.len();
            for &other in &self.containing[groups] {
                self.sizes[other as usize] -= 1;
            }
        }
        work
    }

    fn finish(&mut self) -> Covering {
        let rest = (0..).zip(&self.is_covered).filter(|pair| !*pair.1).map(|pair| pair.0).collect();
        let (groups, all) = (std::mem::take(&mut self.chosen), std::mem::take(&mut self.groups));
        Covering { groups, rest, all }
    }
}

impl Stepper for Cover {
    type Output = Covering;

    fn step(&mut self, budget: &mut Budget) -> Progress<Covering> {
        let mut looked_at = 0;
        while !budget.is_spent() {
            let largest = self.buckets.len().saturating_sub(1);
            if largest < 2 {
                return Progress::Done(self.finish());
            }
            looked_at += 1;
            match self.buckets[largest].pop() {
                None => drop(self.buckets.pop()),
                Some(id) if self.sizes[id as usize] as usize == largest => looked_at += self.take(id) as u64,
                Some(id) => self.buckets[self.sizes[id as usize] as usize].push(id),
            }
            if looked_at >= MEMBERS_PER_UNIT {
                budget.spend(looked_at / MEMBERS_PER_UNIT);
                looked_at %= MEMBERS_PER_UNIT;
            }
        }
        Progress::Pending
    }

    fn memory_bytes(&self) -> u64 {
        let words = self.starts.len() + self.containing.len() + self.sizes.len() * 3;
        (words * 4 + self.is_covered.len()) as u64 + self.chosen.memory_bytes()
    }
}
