//! The successor generator: a decision tree over the facts of preconditions (Helmert 2006),
//! flattened into one `u32` program.
//!
//! A node is `[operators, op…, switches, (variable, domain × child)…]`: the operators whose facts
//! are all tested, then one switch per variable that is tested next. A child is an offset into
//! the program, 0 for none (the root is never a child). Operators come out in an order that
//! depends on the task alone.

use super::{Layout, Operator, OperatorId, VariableId};

/// Finds the operators whose facts hold in a state.
#[derive(Clone, Debug, Default)]
pub struct SuccessorGenerator {
    program: Vec<u32>,
}

/// A node still to be written: a range of the sorted operators that agree on `depth` facts, and
/// where its offset goes.
struct Pending {
    from: usize,
    to: usize,
    depth: usize,
    patch: Option<usize>,
}

impl SuccessorGenerator {
    /// Builds the tree. Variables that stand in more preconditions are tested first.
    pub fn new(layout: &Layout, operators: &[Operator]) -> Self {
        let rank = ranks(layout, operators);
        let mut paths: Vec<(Vec<(u32, u32)>, u32)> = operators
            .iter()
            .enumerate()
            .map(|(id, operator)| {
                let mut path: Vec<(u32, u32)> = operator
                    .precondition
                    .facts
                    .iter()
                    .map(|fact| (rank[fact.variable.0 as usize], fact.value))
                    .collect();
                path.sort_unstable();
                (path, id as u32)
            })
            .collect();
        paths.sort_unstable();
        let mut variable_of = vec![0; rank.len()];
        for (variable, &rank) in rank.iter().enumerate() {
            variable_of[rank as usize] = variable as u32;
        }
        Self { program: assemble(layout, &paths, &variable_of) }
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
                let value = layout.variable(VariableId(variable)).read(state) as usize;
                let child = self.program[at + 1 + value];
                if child != 0 {
                    stack.push(child);
                }
                at += 1 + layout.domains[variable as usize] as usize;
            }
        }
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.program.capacity() * 4
    }
}

/// Per variable its place in the order of testing.
fn ranks(layout: &Layout, operators: &[Operator]) -> Vec<u32> {
    let mut uses = vec![0u32; layout.domains.len()];
    for operator in operators {
        for fact in &operator.precondition.facts {
            uses[fact.variable.0 as usize] += 1;
        }
    }
    let mut order: Vec<(i64, usize)> =
        uses.iter().enumerate().map(|(variable, &uses)| (-i64::from(uses), variable)).collect();
    order.sort_unstable();
    let mut rank = vec![0; uses.len()];
    for (place, (_, variable)) in order.into_iter().enumerate() {
        rank[variable] = place as u32;
    }
    rank
}

fn assemble(layout: &Layout, paths: &[(Vec<(u32, u32)>, u32)], variable_of: &[u32]) -> Vec<u32> {
    let mut program = Vec::new();
    let mut work = vec![Pending { from: 0, to: paths.len(), depth: 0, patch: None }];
    while let Some(Pending { from, to, depth, patch }) = work.pop() {
        if let Some(patch) = patch {
            program[patch] = program.len() as u32;
        }
        // Sorted paths put those that end here first.
        let done = from + paths[from..to].iter().take_while(|(path, _)| path.len() == depth).count();
        program.push((done - from) as u32);
        program.extend(paths[from..done].iter().map(|&(_, id)| id));
        let switches_at = program.len();
        program.push(0);
        let mut at = done;
        while at < to {
            let rank = paths[at].0[depth].0;
            let variable = variable_of[rank as usize];
            let base = program.len() + 1;
            program.push(variable);
            program.resize(base + layout.domains[variable as usize] as usize, 0);
            program[switches_at] += 1;
            while at < to && paths[at].0[depth].0 == rank {
                let value = paths[at].0[depth].1;
                let end = at + paths[at..to].iter().take_while(|(p, _)| p[depth] == (rank, value)).count();
                let patch = Some(base + value as usize);
                work.push(Pending { from: at, to: end, depth: depth + 1, patch });
                at = end;
            }
        }
    }
    program
}
