//! Progression of landmarks: which of them are past and which are future in each state, in words of bits.
//!
//! After Büchner, Keller, Eriksson & Helmert (2023). A landmark is *past* in a state if every path that is
//! known to lead there has reached it. It is *future* if it still has to be reached, again or for the first
//! time. A landmark that is not past is future.

use super::bits::{Bits, has, places, set};
use super::graph::{Node, OrderKind};
use crate::heuristic::relaxed::{NONE, Rows};
use crate::task::{Column, Fact, Field, StateId, Task, VariableId};

/// The past and future landmarks of all states, and the rules for progressing them.
#[derive(Debug)]
pub(super) struct Progression {
    words: usize,
    landmarks: usize,
    /// Variables that landmarks mention, each with the place of its value 0 in `landmark_of`.
    variables: Vec<(Field, u32)>,
    /// The landmark of each value of these variables. For a value without a landmark, the number of a spare
    /// bit behind the bits of all landmarks.
    landmark_of: Vec<u32>,
    pub(super) goals: Bits,
    /// Indexed by landmark that holds initially: the landmarks ordered before it.
    parents: Rows,
    /// Landmarks for which others are greedily necessary, and for each of them those others.
    heads: Bits,
    necessary: Rows,
    /// Landmarks that reasonable orders put before others, and for each of them those others.
    tails: Bits,
    reasonable: Rows,
    /// Indexed by [`StateId`]: the past landmarks, then the future ones.
    states: Column<u64>,
    /// The entry of a state that was never evaluated.
    empty: Bits,
    is_exhausted: bool,
    /// Bits of the present state: the landmarks that hold, the past ones, the future ones, and the required
    /// ones. A landmark is required if it does not hold and is a goal, or is greedily necessary for a
    /// landmark that was never reached.
    pub(super) holds: Bits,
    pub(super) past: Bits,
    pub(super) future: Bits,
    pub(super) required: Bits,
}

impl Progression {
    /// Prepares the progression of these landmarks; `facts` are their facts. O(landmarks + orders + values of
    /// their variables).
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

    /// Reads a state: the landmarks that hold are past, all others are future.
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

    /// Progresses the landmarks to a state that was registered just now. In the initial state, a landmark
    /// that holds is future too if one that is ordered before it does not hold. O(words + orders of landmarks
    /// that are not past).
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
            // The memory ran out before the parent was stored.
            Some(_) => {}
        }
        self.keep(node);
    }

    /// Makes landmarks future again that goals or orders require.
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

    /// The past and future bits of a stored state.
    pub(super) fn of(&self, node: StateId) -> Option<(&[u64], &[u64])> {
        let place = node.0 as usize;
        (place < self.states.len()).then(|| self.states.run(place).split_at(self.words))
    }

    /// Bytes held. If the allocator has refused memory, the greatest number, so that a memory limit ends the
    /// search.
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

/// The variables of landmarks, each with the place of its value 0, and for each value its landmark, or
/// `none`.
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
