//! Lower bounds on the costs of numeric atoms.
//!
//! After the subgoaling relaxation of Scala, Haslum & Thiébaux (2016), made admissible. Let `R` be a lower
//! bound on what all operators together must pay to make an axis grow by the deficit: the best ratio of cost
//! to step, times the deficit. There are two ways to reach an atom. With steps alone, the first step `t` is
//! applied after its preconditions are reached, so the atom costs at least `h(pre(t)) + max(cost(t), R)`.
//! Otherwise some last operator `t` assigns a value, which costs `h(pre(t)) + cost(t)`, and steps must make
//! up the deficit that is left from there, which costs its `R`.
//!
//! The atoms of an axis are reached in order, since each one implies those before it. So only the next atom
//! is offered, at the least cost by any way: an evaluation takes time linear in operators and atoms.

use super::super::relaxed::{Change, Influence, Left, Numeric, Standing};
use super::CEILING;

/// A step along an axis: its cost and what it adds.
type Step = (i64, f64);
/// Most steps of an axis, and most ways of an axis in an evaluation. Where there are more, two are merged
/// into one that is at least as good as both, which only lowers the bounds.
const KEPT_MAX: usize = 8;

/// The lower bounds of all axes.
#[derive(Debug)]
pub(super) struct Axes {
    /// Indexed by axis: its steps, without dominated ones.
    steps: Vec<Vec<Step>>,
    /// Indexed by axis: where the present state stands on it.
    pub(super) standing: Vec<Standing>,
    ways: Vec<Ways>,
}

/// The ways known so far to reach the atoms of an axis.
#[derive(Clone, Debug, Default)]
struct Ways {
    /// The first atom that is not reached yet.
    next: usize,
    /// Candidates for the first step: the cost of its preconditions, ascending, and its own cost, descending.
    first: Vec<(i64, i64)>,
    /// Assignments: their total cost and the value they lead to, both ascending.
    assigned: Vec<(i64, Left)>,
}

/// An atom, and a lower bound on its cost by the ways known so far.
pub(super) type Offer = (usize, i64);

impl Axes {
    /// Prepares the axes; `costs` is indexed by relaxed operator.
    pub(super) fn new(numeric: &Numeric, costs: &[i64]) -> Self {
        let axes = numeric.axes.len();
        Self { steps: steps(numeric, costs), standing: Vec::new(), ways: vec![Ways::default(); axes] }
    }

    /// Starts over for the state that `standing` describes.
    pub(super) fn clear(&mut self) {
        for (ways, standing) in self.ways.iter_mut().zip(&self.standing) {
            ways.next = standing.unmet;
            ways.first.clear();
            ways.assigned.clear();
        }
    }

    /// Notes an operator that moves along an axis: its preconditions are reached at cost `at`, and it costs
    /// `own` itself. Answers the next atom if the operator may make it cheaper.
    pub(super) fn take(
        &mut self,
        numeric: &Numeric,
        influence: Influence,
        at: i64,
        own: i64,
    ) -> Option<Offer> {
        let axis = influence.axis as usize;
        let ways = &mut self.ways[axis];
        match influence.change {
            // Operators are noted in order of `at`, so a later step helps only if its own cost is lower.
            Change::Grows(_) if ways.first.last().is_none_or(|&(_, least)| own < least) => {
                if ways.first.len() == KEPT_MAX {
                    ways.first[KEPT_MAX - 1].1 = own;
                } else {
                    ways.first.push((at, own));
                }
            }
            Change::Becomes(value) => {
                let left = Left::assigned(value);
                if !left.is_beyond(self.standing[axis].left) || !ways.assign(at.saturating_add(own), left) {
                    return None;
                }
            }
            _ => return None,
        }
        self.offer(numeric, axis)
    }

    /// Notes that an atom was reached. Answers the next atom if any way leads there.
    pub(super) fn reach(&mut self, numeric: &Numeric, atom: usize) -> Option<Offer> {
        let axis = numeric.axis_of[atom] as usize;
        let ways = &mut self.ways[axis];
        if atom < ways.next {
            return None;
        }
        ways.next = atom + 1;
        self.offer(numeric, axis)
    }

    /// The next atom of an axis, at the least cost by any way.
    fn offer(&self, numeric: &Numeric, axis: usize) -> Option<Offer> {
        let Ways { next: atom, first, assigned } = &self.ways[axis];
        if *atom >= numeric.axes[axis].atoms.end || (first.is_empty() && assigned.is_empty()) {
            return None;
        }
        let growth = |left: Left| growth(numeric, &self.steps[axis], *atom, left);
        let assigned = assigned.iter().map(|&(total, left)| {
            let is_met = *atom < numeric.unmet_after(axis as u32, left);
            if is_met { total } else { total.saturating_add(growth(left)) }
        });
        let least = assigned.min();
        let by_steps = if first.is_empty() {
            None
        } else {
            let bound = growth(self.standing[axis].left);
            first.iter().map(|&(at, own)| at.saturating_add(own.max(bound))).min()
        };
        let least = least.into_iter().chain(by_steps).min()?;
        Some((*atom, least.min(CEILING)))
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let kept = 2 * size_of::<Step>() + size_of::<(i64, Left)>();
        self.ways.len() * (size_of::<Standing>() + size_of::<Ways>() + 24 + KEPT_MAX * kept)
    }
}

impl Ways {
    /// Notes an assignment. Answers `false` if another one costs no more and leads as far.
    fn assign(&mut self, total: i64, left: Left) -> bool {
        let known = &mut self.assigned;
        let at = known.partition_point(|&(cost, _)| cost <= total);
        if at.checked_sub(1).is_some_and(|before| !left.is_beyond(known[before].1)) {
            return false;
        }
        let dominated = known[at..].iter().take_while(|(_, other)| !other.is_beyond(left)).count();
        known.splice(at..at + dominated, [(total, left)]);
        if known.len() > KEPT_MAX {
            let (cheaper, _) = known.remove(KEPT_MAX - 1);
            known[KEPT_MAX - 1].0 = cheaper;
        }
        true
    }
}

/// Indexed by axis: its steps in order of cost, each longer than those before it. Where nothing rounds, only
/// the step with the best ratio of cost to length.
fn steps(numeric: &Numeric, costs: &[i64]) -> Vec<Vec<Step>> {
    let mut steps: Vec<Vec<Step>> = vec![Vec::new(); numeric.axes.len()];
    for &(operator, influence) in numeric.influences() {
        let Change::Grows(delta) = influence.change else { continue };
        let step = (costs[operator as usize], delta);
        let known = &mut steps[influence.axis as usize];
        if numeric.axes[influence.axis as usize].is_exact() {
            let ratio = |(own, delta): Step| own as f64 / delta;
            if known.first().is_none_or(|&best| ratio(step) < ratio(best)) {
                *known = vec![step];
            }
        } else {
            add_step(known, step);
        }
    }
    steps
}

/// Adds a step to those of an axis unless one of them dominates it.
fn add_step(known: &mut Vec<Step>, (own, delta): Step) {
    let at = known.partition_point(|&(cost, longest)| cost < own || (cost == own && longest > delta));
    if at.checked_sub(1).is_some_and(|before| known[before].1 >= delta) {
        return;
    }
    let dominated = known[at..].iter().take_while(|&&(_, longest)| longest <= delta).count();
    known.splice(at..at + dominated, [(own, delta)]);
    if known.len() > KEPT_MAX {
        let (cheaper, _) = known.remove(KEPT_MAX - 1);
        known[KEPT_MAX - 1].0 = cheaper;
    }
}

/// A lower bound on what all steps together must pay to reach an atom from `left`.
fn growth(numeric: &Numeric, steps: &[Step], atom: usize, left: Left) -> i64 {
    let ratio = |&(own, delta): &Step| own as f64 / numeric.gain(atom, delta, left);
    let ratio = steps.iter().map(ratio).fold(f64::INFINITY, f64::min);
    let least = (ratio * numeric.deficit(atom, left) * (1.0 - 1e-9)).ceil();
    if least.is_finite() { least.min(1e18) as i64 } else { 0 }
}
