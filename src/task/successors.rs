//! The successor generator: a decision tree over the facts of preconditions (Helmert 2006),
//! flattened into one `u32` program.
//!
//! A node is `[operators, op…, switches, switch…]`: first the operators whose facts have all been tested,
//! then one switch for each variable that is tested next. A switch is `[variable, child per value…]` or, if
//! few values have children, `[variable | SPARSE, n, (value, child) × n]`. A child is an offset into the
//! program, and 0 means none (the root is never a child). Variables are tested in ascending order. So the
//! order of operators depends on the task alone: an operator that tests a lower variable comes first.

use super::{Layout, Operator, OperatorId, VariableId};
use crate::step::Budget;

/// Marks a switch that lists its values.
const SPARSE: u32 = 1 << 31;
/// A switch lists its values if a table would be this many times longer.
const SPARSENESS: usize = 2;
/// Operators that are read per unit of work, and entries that are sorted.
const OPERATORS_PER_UNIT: usize = 8;
const SORTED_PER_UNIT: usize = 32;

/// Finds the operators whose facts hold in a state.
#[derive(Clone, Debug, Default)]
pub struct SuccessorGenerator {
    program: Vec<u32>,
}

impl SuccessorGenerator {
    /// Builds the tree in one go.
    pub fn new(layout: &Layout, operators: &[Operator]) -> Self {
        let mut builder = SuccessorBuilder::default();
        while !builder.step(layout, operators, &mut Budget::unlimited()) {}
        builder.finish()
    }

    /// Appends to `applicable` the operators whose facts hold in `state`; the rest of their
    /// preconditions is not tested. `stack` is scratch space.
    #[inline]
    pub fn facts_hold(
        &self,
        layout: &Layout,
        state: &[u64],
        stack: &mut Vec<u32>,
        applicable: &mut Vec<OperatorId>,
    ) {
        stack.clear();
        stack.push(0);
        while let Some(node) = stack.pop() {
            let mut at = node as usize;
            let count = self.program[at] as usize;
            at += 1;
            applicable.extend(self.program[at..at + count].iter().map(|&id| OperatorId(id)));
            at += count;
            let switches = self.program[at];
            at += 1;
            for _ in 0..switches {
                let variable = self.program[at];
                let value = layout.variable(VariableId(variable & !SPARSE)).read(state) as u32;
                if variable & SPARSE == 0 {
                    let child = self.program[at + 1 + value as usize];
                    if child != 0 {
                        stack.push(child);
                    }
                    at += 1 + layout.domains[variable as usize] as usize;
                } else {
                    let listed = self.program[at + 1] as usize;
                    at += 2;
                    let pairs = self.program[at..at + 2 * listed].chunks_exact(2);
                    if let Some(pair) = pairs.into_iter().find(|pair| pair[0] == value) {
                        stack.push(pair[1]);
                    }
                    at += 2 * listed;
                }
            }
        }
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.program.capacity() * 4
    }
}

/// A node that has to be written: the range in `order` of the operators that agree on their first `depth`
/// entries, and the place in the program for the node's offset (`usize::MAX` for the root, which has none).
#[derive(Clone, Copy, Debug)]
struct Pending {
    from: usize,
    to: usize,
    depth: u32,
    patch: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Writing each operator's path, from this operator on.
    Paths(usize),
    Assemble,
}

/// Builds a [`SuccessorGenerator`] in bounded pieces; the longest is a sort of all operators by one key.
#[derive(Debug)]
pub struct SuccessorBuilder {
    stage: Stage,
    /// The facts of each operator as `variable << 32 | value`, ascending, one operator after the other.
    paths: Vec<u64>,
    starts: Vec<u32>,
    /// The operators, each with the entry of its path that is tested next. The ranges of written nodes are
    /// sorted.
    order: Vec<(u64, u32)>,
    work: Vec<Pending>,
    program: Vec<u32>,
}

impl Default for SuccessorBuilder {
    /// A builder that has not begun.
    fn default() -> Self {
        Self {
            stage: Stage::Paths(0),
            paths: Vec::new(),
            starts: vec![0],
            order: Vec::new(),
            work: Vec::new(),
            program: Vec::new(),
        }
    }
}

impl SuccessorBuilder {
    /// Continues, always with the same layout and operators; answers whether it is done.
    pub fn step(&mut self, layout: &Layout, operators: &[Operator], budget: &mut Budget) -> bool {
        while !budget.is_spent() {
            match self.stage {
                Stage::Paths(from) => {
                    budget.spend(1);
                    self.write_paths(operators, from);
                }
                Stage::Assemble => {
                    let Some(node) = self.work.pop() else { return true };
                    budget.spend(1 + ((node.to - node.from) / SORTED_PER_UNIT) as u64);
                    self.assemble(layout, node);
                }
            }
        }
        self.stage == Stage::Assemble && self.work.is_empty()
    }

    /// What was built.
    pub fn finish(mut self) -> SuccessorGenerator {
        self.program.shrink_to_fit();
        SuccessorGenerator { program: self.program }
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        let work = self.work.capacity() * size_of::<Pending>();
        self.paths.capacity() * 8
            + self.order.capacity() * 16
            + (self.starts.capacity() + self.program.capacity()) * 4
            + work
    }

    fn write_paths(&mut self, operators: &[Operator], from: usize) {
        let to = operators.len().min(from + OPERATORS_PER_UNIT);
        for operator in &operators[from..to] {
            let facts = operator.precondition.facts.iter();
            self.paths.extend(facts.map(|fact| u64::from(fact.variable.0) << 32 | u64::from(fact.value)));
            self.starts.push(self.paths.len() as u32);
            self.order.push((0, self.order.len() as u32));
        }
        self.stage = Stage::Paths(to);
        if to == operators.len() {
            self.work.push(Pending { from: 0, to, depth: 0, patch: usize::MAX });
            self.stage = Stage::Assemble;
        }
    }

    /// The entry of an operator's path at a depth, shifted by 1: 0 marks the end of the path and sorts first.
    fn entry(&self, operator: u32, depth: u32) -> u64 {
        let (start, end) = (self.starts[operator as usize], self.starts[operator as usize + 1]);
        if start + depth < end { self.paths[(start + depth) as usize] + 1 } else { 0 }
    }

    /// The variable that is tested next by the operator at a place in `order`.
    fn variable_at(&self, place: usize) -> u32 {
        ((self.order[place].0 - 1) >> 32) as u32
    }

    fn assemble(&mut self, layout: &Layout, Pending { from, to, depth, patch }: Pending) {
        if let Some(place) = self.program.get(patch).copied() {
            debug_assert_eq!(place, 0);
            self.program[patch] = self.program.len() as u32;
        }
        for at in from..to {
            self.order[at].0 = self.entry(self.order[at].1, depth);
        }
        self.order[from..to].sort_unstable();
        let done = from + self.order[from..to].iter().take_while(|(entry, _)| *entry == 0).count();
        self.program.push((done - from) as u32);
        self.program.extend(self.order[from..done].iter().map(|&(_, id)| id));
        let switches_at = self.program.len();
        self.program.push(0);
        // The walk takes switches from a stack, the last one first.
        let mut end = to;
        while end > done {
            let variable = self.variable_at(end - 1);
            let same = (done..end).rev().take_while(|&at| self.variable_at(at) == variable).count();
            self.switch(layout, variable, end - same..end, depth);
            self.program[switches_at] += 1;
            end -= same;
        }
    }

    /// Writes the switch over a variable for operators that test it next, sorted by value.
    fn switch(&mut self, layout: &Layout, variable: u32, range: std::ops::Range<usize>, depth: u32) {
        let domain = layout.domains[variable as usize] as usize;
        let values = self.order[range.clone()].chunk_by(|one, other| one.0 == other.0).count();
        let is_sparse = domain > SPARSENESS * (2 * values + 1);
        self.program.push(if is_sparse { variable | SPARSE } else { variable });
        if is_sparse {
            self.program.push(values as u32);
        }
        let base = self.program.len();
        self.program.resize(base + if is_sparse { 2 * values } else { domain }, 0);
        let mut from = range.start;
        for listed in 0..values {
            let entry = self.order[from].0;
            let value = ((entry - 1) as u32) as usize;
            let to =
                from + self.order[from..range.end].iter().take_while(|(other, _)| *other == entry).count();
            let patch = if is_sparse {
                self.program[base + 2 * listed] = value as u32;
                base + 2 * listed + 1
            } else {
                base + value
            };
            self.work.push(Pending { from, to, depth: depth + 1, patch });
            from = to;
        }
    }
}
