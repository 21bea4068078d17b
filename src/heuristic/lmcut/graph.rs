//! Relaxed operators with all their preconditions. The justification graph of a state has the same operators,
//! but only one precondition each: the supporter.

use super::super::relaxed::{NONE, Relaxation, Rows};
use super::{bytes, row_bytes};

/// The relaxed operators, with one more that stands for the goal, and the propositions, with `start` and
/// `goal`.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) preconditions: Rows,
    pub(super) adds: Rows,
    pub(super) needed_by: Rows,
    pub(super) added_by: Rows,
    /// Groups of relaxed operators that stand for the same task operator and share its cost; empty where none
    /// do.
    pub(super) groups: Rows,
    /// Indexed by relaxed operator: its group, or [`NONE`] if it shares its cost with no other.
    pub(super) group: Vec<u32>,
    /// A proposition that holds in every state. It is the precondition of operators that have no other.
    pub(super) start: u32,
    pub(super) goal: u32,
}

impl Graph {
    /// Builds the graph, without `needed_by` and `added_by`. Numeric atoms are left out: a numeric condition
    /// counts as met.
    pub(super) fn new(relaxation: &Relaxation, operators: usize) -> Self {
        let start = relaxation.propositions as u32;
        let goal = start + 1;
        let atoms = relaxation.atom_base..relaxation.atom_base + relaxation.numeric.axis_of.len();
        let is_kept = |proposition: &u32| !atoms.contains(&(*proposition as usize));
        let (mut preconditions, mut adds) = (Rows::default(), Rows::default());
        let mut add = |needs: &[u32], gives: &[u32]| {
            if needs.iter().any(is_kept) {
                preconditions.push(needs.iter().copied().filter(is_kept));
            } else {
                preconditions.push([start]);
            }
            adds.push(gives.iter().copied().filter(is_kept));
        };
        for operator in 0..relaxation.operators() {
            add(relaxation.preconditions.row(operator), relaxation.adds.row(operator));
        }
        add(&relaxation.goal, &[goal]);
        let (groups, group) = shared(relaxation, operators);
        Self { preconditions, adds, groups, group, start, goal, ..Self::default() }
    }

    /// How many propositions there are.
    pub(super) fn propositions(&self) -> usize {
        self.goal as usize + 1
    }

    /// How many relaxed operators there are, with the one that stands for the goal.
    pub(super) fn operators(&self) -> usize {
        self.group.len()
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let Self { preconditions, adds, needed_by, added_by, groups, .. } = self;
        row_bytes([preconditions, adds, needed_by, added_by, groups]) + bytes(&self.group)
    }
}

/// Groups of relaxed operators that stand for the same operator of the task.
fn shared(relaxation: &Relaxation, operators: usize) -> (Rows, Vec<u32>) {
    let mut count = vec![0u32; operators];
    let sources = || relaxation.source.iter().filter(|&&source| source != NONE);
    for &source in sources() {
        count[source as usize] += 1;
    }
    let mut group_of = vec![NONE; operators];
    let mut groups = 0;
    for (group, &count) in group_of.iter_mut().zip(&count) {
        if count > 1 {
            *group = groups;
            groups += 1;
        }
    }
    let of = |source: u32| if source == NONE { NONE } else { group_of[source as usize] };
    let mut group: Vec<u32> = relaxation.source.iter().map(|&source| of(source)).collect();
    // The operator that stands for the goal.
    group.push(NONE);
    let pairs = (0u32..).zip(&group).filter(|(_, group)| **group != NONE);
    let pairs: Vec<(u32, u32)> = pairs.map(|(operator, &group)| (group, operator)).collect();
    (Rows::new(groups as usize, pairs.into_iter()), group)
}
