//! Novelty of states, as in best-first width search: the evaluation function f5 of BFWS (Lipovetzky & Geffner
//! 2017).
//!
//! States are grouped by `#g`, the number of goal conditions that do not hold, and `#r`, the number of facts
//! of a relaxed plan that have held on the path. The relaxed plan is that of the last state on the path at
//! which `#g` fell. The novelty `w` of a state is 1 if it has a fact that no earlier state with equal `#g`
//! and `#r` had, 2 if it has such a pair of facts, and 3 otherwise. The estimate is `w` with ties broken by
//! `#g`, in one number. Values of numeric fluents do not count as facts.
//!
//! Pairs are tested while their tables fit in [`PAIR_BYTES`]; in groups without a table, states have novelty
//! 1 or 3. [`Heuristic::evaluate`], which does not know the path, takes the state for the first state of a
//! path.

use std::collections::HashMap;
use std::sync::Arc;

use super::Heuristic;
use super::additive::PlanPropositions;
use crate::step::{Budget, Progress};
use crate::task::{Column, Conjunction, Instance, OperatorId, StateId, Task, VariableId};

/// Most bytes of all tables of pairs together. A memory limit can be exceeded by this much.
const PAIR_BYTES: usize = 16 << 20;
/// Most bytes of all tables of single facts together; in groups without a table, states have novelty 3.
const SINGLE_BYTES: usize = 16 << 20;
/// Facts of a relaxed plan that count towards `#r`; further ones are ignored.
const FOLLOWED: usize = 256;
const WORDS: usize = FOLLOWED / 64;
/// Most relaxed plans kept. When there are more, a state keeps following the relaxed plan of its parent.
const PLANS: usize = 1 << 16;

/// Words of pairs looked at in the time of generating a successor.
const WORDS_PER_UNIT: usize = 64;

/// What is remembered of the path to a node.
#[derive(Clone, Copy, Debug, Default)]
struct Path {
    unmet: u32,
    /// Index of the relaxed plan whose facts it counts.
    plan: u32,
    /// Indexed by fact of that plan: whether the fact has held on the path.
    seen: [u64; WORDS],
}

/// The facts and pairs of facts seen so far in states of equal `#g` and `#r`, as bits.
#[derive(Debug, Default)]
struct Seen {
    facts: Vec<u64>,
    pairs: Vec<u64>,
}

/// The novelty of states.
pub(super) struct Novelty {
    task: Arc<Task>,
    goal: Arc<Conjunction>,
    parts: u32,
    relaxed: Box<dyn PlanPropositions>,
    /// Indexed by variable: its first fact.
    base: Vec<u32>,
    facts: usize,
    /// Indexed by relaxed plan: its facts, at most [`FOLLOWED`].
    plans: Vec<Vec<u32>>,
    paths: Column<Path>,
    seen: HashMap<(u32, u32), Seen>,
    /// Words in a table of pairs; `None` if such a table would be too large.
    pair_words: Option<usize>,
    bytes: usize,
    pair_bytes: usize,
    single_bytes: usize,
    present: Vec<u32>,
    mask: Vec<u64>,
    /// The path of the state whose relaxed plan is being computed.
    begun: Option<Path>,
    /// Units of work of the last evaluation.
    units: u64,
}

impl Novelty {
    pub(super) fn new(task: &Arc<Task>, instance: &Instance, relaxed: Box<dyn PlanPropositions>) -> Self {
        let mut facts = 0;
        let base = |&domain: &u32| {
            let base = facts;
            facts += domain;
            base
        };
        let base = task.layout.domains.iter().map(base).collect();
        Self {
            task: Arc::clone(task),
            parts: instance.goal.parts() as u32,
            goal: Arc::clone(&instance.goal),
            relaxed,
            base,
            facts: facts as usize,
            pair_words: pair_words(facts),
            plans: Vec::new(),
            paths: Column::new(1),
            seen: HashMap::new(),
            bytes: 0,
            pair_bytes: 0,
            single_bytes: 0,
            present: Vec::new(),
            mask: Vec::new(),
            begun: None,
            units: 0,
        }
    }

    /// Extends the parent's path by a state. Answers whether `#g` fell, so that the path follows a new
    /// relaxed plan.
    fn begin(&self, parent: Option<Path>, state: &[u64]) -> (Path, bool) {
        let unmet = self.goal.unmet(&self.task.layout, state) as u32;
        let fell = parent.is_none_or(|parent| unmet < parent.unmet);
        (Path { unmet, ..parent.unwrap_or_default() }, fell)
    }

    /// Makes a path follow the relaxed plan that was computed last.
    fn take_plan(&mut self, path: &mut Path) {
        if self.plans.len() < PLANS {
            let facts = self.facts as u32;
            let plan = self.relaxed.plan_propositions().iter().copied().filter(|&fact| fact < facts);
            let plan: Vec<u32> = plan.take(FOLLOWED).collect();
            self.bytes += plan.len() * 4 + size_of::<Vec<u32>>();
            self.plans.push(plan);
            (path.plan, path.seen) = (self.plans.len() as u32 - 1, [0; WORDS]);
        }
    }

    /// Marks the facts of the path's relaxed plan that hold in a state.
    fn follow(&self, path: &mut Path, state: &[u64]) {
        for (at, &fact) in self.plans[path.plan as usize].iter().enumerate() {
            if path.seen[at / 64] >> (at % 64) & 1 == 0 && self.holds(fact, state) {
                path.seen[at / 64] |= 1 << (at % 64);
            }
        }
    }

    /// Stores the path of a node. Node ids come in ascending order. A dead end has no successors that need
    /// its path.
    fn keep(&mut self, node: StateId, path: Option<Path>) {
        while self.paths.len() <= node.0 as usize {
            if self.paths.push(&[path.unwrap_or_default()]).is_err() {
                break;
            }
        }
    }

    /// Units of work of looking at all pairs of facts of a state.
    fn own_units(&self) -> u64 {
        1 + (self.base.len() * self.facts.div_ceil(64) / WORDS_PER_UNIT) as u64
    }

    fn holds(&self, fact: u32, state: &[u64]) -> bool {
        let variable = self.base.partition_point(|&base| base <= fact) - 1;
        let value = self.task.layout.variable(VariableId(variable as u32)).read(state);
        u64::from(fact - self.base[variable]) == value
    }

    /// The novelty of a state: 1, 2 or 3. Marks its facts and pairs as seen.
    fn novelty(&mut self, path: &Path, state: &[u64]) -> i64 {
        let layout = &self.task.layout;
        self.present.clear();
        let fact = |(variable, &base): (usize, &u32)| {
            base + layout.variable(VariableId(variable as u32)).read(state) as u32
        };
        self.present.extend(self.base.iter().enumerate().map(fact));
        let reached: u32 = path.seen.iter().map(|word| word.count_ones()).sum();
        let words = self.facts.div_ceil(64);
        let is_known = self.seen.contains_key(&(path.unmet, reached));
        if !is_known && self.single_bytes + words * 8 > SINGLE_BYTES {
            return 3;
        }
        let seen = self.seen.entry((path.unmet, reached)).or_insert_with(|| {
            let pairs = self.pair_words.filter(|words| self.pair_bytes + words * 8 <= PAIR_BYTES);
            let pairs = vec![0; pairs.unwrap_or(0)];
            self.single_bytes += words * 8;
            self.pair_bytes += pairs.len() * 8;
            Seen { facts: vec![0; words], pairs }
        });
        let mut novelty = 3;
        for &fact in &self.present {
            if set(&mut seen.facts, fact as usize) {
                novelty = 1;
            }
        }
        if !seen.pairs.is_empty() && join(&mut seen.pairs, &self.present, &mut self.mask) && novelty == 3 {
            novelty = 2;
        }
        novelty
    }

    fn estimate(&self, novelty: i64, path: &Path) -> i64 {
        if path.unmet == 0 { 0 } else { novelty * (i64::from(self.parts) + 1) + i64::from(path.unmet) }
    }
}

/// Words in a table with a bit for each pair of facts; `None` if it would take more than [`PAIR_BYTES`]. Each
/// fact has a row of bits, one for each fact before it, and each row starts at a word.
fn pair_words(facts: u32) -> Option<usize> {
    let words = row_start(u64::from(facts));
    (words <= PAIR_BYTES as u64 / 8).then_some(words as usize)
}

/// Words in the rows of the first `facts` facts. In 64 bits on every platform.
fn row_start(facts: u64) -> u64 {
    let (whole, rest) = (facts.saturating_sub(1) / 64, facts.saturating_sub(1) % 64);
    32 * whole * (whole + 1) + rest * (whole + 1)
}

/// Adds all pairs of the facts `present`, which are ascending, to a table; answers whether one of them is
/// new. `mask` is scratch space.
fn join(pairs: &mut [u64], present: &[u32], mask: &mut Vec<u64>) -> bool {
    mask.clear();
    let mut is_new = 0;
    for &high in present {
        let start = row_start(u64::from(high)) as usize;
        // The mask has the facts before this one.
        for (known, &mask) in pairs[start..].iter_mut().zip(&*mask) {
            is_new |= mask & !*known;
            *known |= mask;
        }
        mask.resize(high as usize / 64 + 1, 0);
        mask[high as usize / 64] |= 1 << (high % 64);
    }
    is_new != 0
}

/// Sets a bit; answers whether it was not set.
fn set(bits: &mut [u64], at: usize) -> bool {
    let (word, bit) = (&mut bits[at / 64], 1 << (at % 64));
    let is_new = *word & bit == 0;
    *word |= bit;
    is_new
}

impl Heuristic for Novelty {
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        self.begun = None;
        let (mut path, _) = self.begin(None, state);
        self.relaxed.evaluate(state)?;
        self.take_plan(&mut path);
        self.follow(&mut path, state);
        let novelty = self.novelty(&path, state);
        Some(self.estimate(novelty, &path))
    }

    fn evaluate_node(
        &mut self,
        node: StateId,
        from: Option<(StateId, OperatorId)>,
        state: &[u64],
    ) -> Option<i64> {
        loop {
            if let Progress::Done(h) = self.proceed(node, from, state, &mut Budget::unlimited()) {
                return h;
            }
        }
    }

    fn proceed(
        &mut self,
        node: StateId,
        from: Option<(StateId, OperatorId)>,
        state: &[u64],
        budget: &mut Budget,
    ) -> Progress<Option<i64>> {
        let (mut path, fell) = match self.begun.take() {
            Some(path) => (path, true),
            None => {
                self.units = self.own_units();
                budget.spend(self.units);
                let parent = from.map(|(parent, _)| parent.0 as usize);
                let parent = parent.filter(|&parent| parent < self.paths.len());
                self.begin(parent.map(|parent| *self.paths.at(parent)), state)
            }
        };
        if fell {
            let relaxed = self.relaxed.proceed(node, from, state, budget);
            if let Progress::Done(_) = relaxed {
                self.units += self.relaxed.evaluation_units();
            }
            match relaxed {
                Progress::Pending => {
                    self.begun = Some(path);
                    return Progress::Pending;
                }
                Progress::Done(None) => {
                    self.keep(node, None);
                    return Progress::Done(None);
                }
                Progress::Done(Some(_)) => self.take_plan(&mut path),
            }
        }
        self.follow(&mut path, state);
        self.keep(node, Some(path));
        let novelty = self.novelty(&path, state);
        Progress::Done(Some(self.estimate(novelty, &path)))
    }

    fn evaluation_units(&self) -> u64 {
        self.units
    }

    fn memory_bytes(&self) -> u64 {
        let tables = self.bytes + self.pair_bytes + self.single_bytes + self.seen.len() * 96;
        self.relaxed.memory_bytes() + (tables + self.paths.memory_bytes() + self.base.len() * 8) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_pairs_are_bounded_whatever_the_number_of_facts() {
        assert_eq!((pair_words(0), pair_words(1), pair_words(2)), (Some(0), Some(0), Some(1)));
        assert_eq!((pair_words(65), pair_words(66), pair_words(129)), (Some(64), Some(66), Some(192)));
        // Where the number of pairs has more than 32 bits too.
        assert_eq!((pair_words(92_683), pair_words(u32::MAX)), (None, None));
    }

    #[test]
    fn a_pair_is_new_once() {
        let facts = 200;
        let mut pairs = vec![0; pair_words(facts).unwrap_or(0)];
        let mut known = std::collections::BTreeSet::new();
        let mut random = crate::hash::SplitMix64::new(3);
        for _ in 0..2000 {
            let few = 1 + random.below(9);
            let present: std::collections::BTreeSet<u32> =
                (0..few).map(|_| random.below(u64::from(facts)) as u32).collect();
            let present: Vec<u32> = present.into_iter().collect();
            let before = known.len();
            for (at, high) in present.iter().enumerate() {
                known.extend(present[..at].iter().map(|low| (*low, *high)));
            }
            assert_eq!(join(&mut pairs, &present, &mut Vec::new()), known.len() > before);
        }
    }
}
