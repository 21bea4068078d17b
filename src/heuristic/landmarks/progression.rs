//! Which landmarks are past and which are future, state by state, in words of bits.
//!
//! After Büchner, Keller, Eriksson & Helmert (2023). A landmark is *past* in a state if every plan prefix
//! that is known to lead there has reached it, and *future* if it still has to be reached, again or for the
//! first time. What is not past is future.

use super::bits::{Bits, has, places, set};
use super::graph::{Node, OrderKind};
use crate::heuristic::relaxed::{NONE, Rows};
use crate::task::{Column, Fact, Field, StateId, Task, VariableId};

/// The bits of all states, and how they follow from each other.
#[derive(Debug)]
pub(super) struct Progression {
    words: usize,
    landmarks: usize,
    /// Variables that landmarks speak of, with the place of their value 0 in `landmark_of`.
    variables: Vec<(Field, u32)>,
    /// The landmark per value of these variables; one that no landmark has sets a bit behind all of them.
    landmark_of: Vec<u32>,
    pub(super) goals: Bits,
    /// Landmarks that hold initially, and all that come before them in some way.
    parents: Rows,
    /// Landmarks that others are greedily necessary for, and these.
    heads: Bits,
    necessary: Rows,
    /// Landmarks that come reasonably before others, and these.
    tails: Bits,
    reasonable: Rows,
    /// Past, then future, by [`StateId`].
    states: Column<u64>,
    /// What is stored for states that were never evaluated.
    empty: Bits,
    is_exhausted: bool,
    /// Bits of the state at hand: landmarks that hold, past ones, future ones, and those that do not hold and
    /// must: goals, and what is greedily necessary for what was never reached.
    pub(super) holds: Bits,
    pub(super) past: Bits,
    pub(super) future: Bits,
    pub(super) required: Bits,
}

impl Progression {
    /// For these landmarks with their facts, of which some hold initially. O(landmarks + orders + values of their
    /// variables).
    pub(super) fn new(
        task: &Task,
        nodes: &[Node],
        facts: &[Vec<Fact>],
        is_initial: impl Fn(&Node) -> bool,
    ) -> Self {
        let words = nodes.len().div_ceil(64).max(1);
        let bits = || vec![0u64; words];
        let pairs = |kind: OrderKind| {
            let of = |(after, node): (u32, &Node)| {
                let parents = node.parents().filter(|parent| parent.1 == kind);
                parents.map(|(before, _)| (before, after)).collect::<Vec<_>>()
            };
            (0..).zip(nodes).flat_map(of).collect::<Vec<(u32, u32)>>()
        };
        let necessary = pairs(OrderKind::GreedyNecessary);
        let reasonable = pairs(OrderKind::Reasonable);
        let mut parents: Vec<(u32, u32)> = Vec::new();
        for (after, node) in (0..).zip(nodes).filter(|(_, node)| is_initial(node)) {
            let natural = places(node.natural().iter().copied()).map(|before| before as u32);
            let before = node.parents().map(|parent| parent.0).chain(natural);
            parents.extend(before.map(|before| (after, before)));
        }
        let (mut goals, mut heads, mut tails) = (bits(), bits(), bits());
        for (id, _) in nodes.iter().enumerate().filter(|(_, node)| node.is_goal) {
            set(&mut goals, id);
        }
        necessary.iter().for_each(|&(_, after)| set(&mut heads, after as usize));
        reasonable.iter().for_each(|&(before, _)| set(&mut tails, before as usize));
        let (variables, landmark_of) = readers(task, facts, words * 64);
        Self {
            words,
            landmarks: nodes.len(),
            variables,
            landmark_of,
            goals,
            parents: Rows::new(nodes.len(), parents.iter().copied()),
            heads,
            necessary: Rows::new(nodes.len(), necessary.iter().map(|&(before, after)| (after, before))),
            tails,
            reasonable: Rows::new(nodes.len(), reasonable.iter().copied()),
            states: Column::new(2 * words),
            empty: vec![0; 2 * words],
            is_exhausted: false,
            holds: vec![0; words + 1],
            past: bits(),
            future: bits(),
            required: bits(),
        }
    }

    /// Finds what holds in a state, and takes it as past, the rest as future.
    pub(super) fn look(&mut self, state: &[u64]) {
        self.holds.fill(0);
        for &(field, base) in &self.variables {
            let landmark = self.landmark_of[base as usize + field.read(state) as usize] as usize;
            set(&mut self.holds, landmark);
        }
        let mut left = self.landmarks;
        for word in 0..self.words {
            let used = if left >= 64 { u64::MAX } else { (1 << left) - 1 };
            left = left.saturating_sub(64);
            self.past[word] = self.holds[word];
            self.future[word] = !self.holds[word] & used;
            self.required[word] = self.goals[word] & !self.holds[word];
        }
    }

    /// The same of a state that was registered just now. Of the initial state, what holds and comes after
    /// what does not hold is future too. O(words + orders of landmarks that are not past).
    pub(super) fn progress(&mut self, node: StateId, from: Option<StateId>, state: &[u64]) {
        self.look(state);
        match from {
            None => {
                for id in places(self.past.iter().copied()) {
                    let is_open = |&before: &u32| !has(&self.past, before as usize);
                    if self.parents.row(id).iter().any(is_open) {
                        set(&mut self.future, id);
                    }
                }
            }
            Some(parent) if (parent.0 as usize) < self.states.len() => {
                let (past, future) = self.states.run(parent.0 as usize).split_at(self.words);
                for word in 0..self.words {
                    self.past[word] |= past[word];
                    self.future[word] &= future[word];
                }
                self.require();
            }
            // Its parent could not be kept.
            Some(_) => {}
        }
        self.keep(node);
    }

    /// Makes future again what goals and orders ask for.
    fn require(&mut self) {
        for head in places(self.heads.iter().zip(&self.past).map(|(heads, past)| heads & !past)) {
            for &tail in self.necessary.row(head) {
                set(&mut self.required, tail as usize);
            }
        }
        for word in 0..self.words {
            self.required[word] &= !self.holds[word];
            self.future[word] |= self.required[word];
        }
        for tail in places(self.tails.iter().zip(&self.past).map(|(tails, past)| tails & !past)) {
            for &head in self.reasonable.row(tail) {
                set(&mut self.future, head as usize);
            }
        }
    }

    fn keep(&mut self, node: StateId) {
        let place = node.0 as usize;
        while self.states.len() <= place && !self.is_exhausted {
            self.is_exhausted = self.states.push(&self.empty).is_err();
        }
        if place < self.states.len() {
            let (past, future) = self.states.run_mut(place).split_at_mut(self.words);
            past.copy_from_slice(&self.past);
            future.copy_from_slice(&self.future);
        }
    }

    /// Past and future bits of a state that was progressed to.
    pub(super) fn of(&self, node: StateId) -> Option<(&[u64], &[u64])> {
        let place = node.0 as usize;
        (place < self.states.len()).then(|| self.states.run(place).split_at(self.words))
    }

    /// Bytes held; all there are, where the allocator refused, so that whoever compares them with a limit
    /// ends.
    pub(super) fn memory_bytes(&self) -> u64 {
        if self.is_exhausted {
            return u64::MAX;
        }
        let fixed = self.words * 80 + self.variables.len() * 24 + self.landmark_of.len() * 4;
        let rows =
            [&self.parents, &self.necessary, &self.reasonable].map(Rows::memory_bytes).iter().sum::<usize>();
        (fixed + rows + self.states.memory_bytes()) as u64
    }
}

/// Variables of landmarks with where their values begin, and per value its landmark or `none`.
fn readers(task: &Task, facts: &[Vec<Fact>], none: usize) -> (Vec<(Field, u32)>, Vec<u32>) {
    let mut base_of: Vec<u32> = vec![NONE; task.layout.domains.len()];
    let (mut variables, mut landmark_of) = (Vec::new(), Vec::new());
    for (id, facts) in (0u32..).zip(facts) {
        for fact in facts {
            let VariableId(variable) = fact.variable;
            let base = &mut base_of[variable as usize];
            if *base == NONE {
                *base = landmark_of.len() as u32;
                variables.push((task.layout.variable(fact.variable), *base));
                let end = landmark_of.len() + task.layout.domains[variable as usize] as usize;
                landmark_of.resize(end, none as u32);
            }
            landmark_of[(*base + fact.value) as usize] = id;
        }
    }
    (variables, landmark_of)
}
