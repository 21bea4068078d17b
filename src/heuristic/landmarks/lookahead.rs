//! Landmarks from domain transition graphs: the facts that a variable cannot avoid on its way to a value.
//!
//! Every mutex group counts as a variable here, with one more value that stands for none of its facts. So it
//! makes no difference which groups became the task's variables.

use super::rules::Rules;
use crate::heuristic::relaxed::{NONE, Rows};
use crate::task::Task;

/// The domain transition graph of a group: from which fact operators lead to which.
#[derive(Debug)]
struct Transitions {
    /// Indexed by fact of the group: the facts that operators lead to from there, each once. The last row,
    /// for the value that is none of the facts, is empty.
    from: Rows,
    /// How many values there are: the facts of the group, and none of them.
    values: usize,
    /// Facts that an operator reaches whatever the value of the group is.
    from_any: Vec<u32>,
}

/// The domain transition graphs of all groups, each made when it is first needed.
#[derive(Debug)]
pub(super) struct Lookahead {
    /// The facts of each group, ascending: first the variables, then the mutex groups.
    groups: Rows,
    /// Indexed by fact: its groups.
    groups_of: Rows,
    transitions: Vec<Option<Box<Transitions>>>,
    bytes: usize,
}

impl Lookahead {
    /// O(facts + mutex groups).
    pub(super) fn new(task: &Task, rules: &Rules) -> Self {
        let bases = &rules.relaxation.fact_base;
        let mut pairs: Vec<(u32, u32)> =
            (0..).zip(&rules.variable_of).map(|(fact, &of)| (of, fact)).collect();
        for (group, facts) in (bases.len() as u32..).zip(task.mutexes.iter()) {
            let from = pairs.len();
            pairs.extend(facts.iter().map(|one| (group, bases[one.variable.0 as usize] + one.value)));
            pairs[from..].sort_unstable();
        }
        let count = bases.len() + task.mutexes.len();
        let groups = Rows::new(count, pairs.iter().copied());
        let groups_of = Rows::new(rules.facts(), pairs.iter().map(|&(group, fact)| (fact, group)));
        let transitions: Vec<_> = (0..count).map(|_| None).collect();
        let bytes = groups.memory_bytes() + groups_of.memory_bytes() + count * 8;
        Self { groups, groups_of, transitions, bytes }
    }

    /// The facts that cannot be avoided on the way to a fact that was not reached: in one of its groups, they
    /// lie on every path from the initial value through reached facts. The initial value itself counts.
    /// O(edges of its groups); the first time also O(operators on them).
    pub(super) fn critical(&mut self, rules: &Rules, fact: u32, reached: &[bool]) -> Vec<u32> {
        let Self { groups, groups_of, transitions, bytes } = self;
        let mut found = Vec::new();
        for &group in groups_of.row(fact as usize) {
            let facts = groups.row(group as usize);
            let known = &mut transitions[group as usize];
            let transitions = known.get_or_insert_with(|| {
                let made = Transitions::new(rules, facts);
                *bytes += made.memory_bytes();
                Box::new(made)
            });
            let reached: Vec<bool> = facts.iter().map(|&one| reached[one as usize]).collect();
            let start = facts.iter().position(|&one| rules.is_initial(one)).unwrap_or(facts.len());
            let Ok(end) = facts.binary_search(&fact) else { continue };
            let path = transitions.path(start as u32, end as u32, &reached);
            let critical = transitions.critical(&path, &reached);
            // The place behind the last fact means that no fact of the group holds initially.
            found.extend(critical.iter().filter_map(|&place| facts.get(place as usize)));
        }
        found
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.bytes
    }
}

impl Transitions {
    /// The transitions of all operators, whether reached or not. Axioms make no transitions.
    fn new(rules: &Rules, facts: &[u32]) -> Self {
        let (mut pairs, mut from_any): (Vec<(u32, u32)>, Vec<u32>) = (Vec::new(), Vec::new());
        for (to, &fact) in (0..).zip(facts) {
            for (relaxed, _) in rules.adders(fact) {
                if rules.relaxation.source[relaxed] == NONE {
                    continue;
                }
                let needs = rules.needs(relaxed).iter();
                let mut own = needs.filter_map(|needed| facts.binary_search(needed).ok());
                match (own.next(), own.next()) {
                    (None, _) => from_any.push(to),
                    (Some(from), None) if from as u32 != to => pairs.push((from as u32, to)),
                    // The operator needs two facts of the group at once, or does not change its value.
                    _ => {}
                }
            }
        }
        from_any.dedup();
        pairs.sort_unstable();
        pairs.dedup();
        let values = facts.len() + 1;
        Self { from: Rows::new(values, pairs.into_iter()), values, from_any }
    }

    fn next(&self, value: u32) -> impl Iterator<Item = u32> {
        self.from.row(value as usize).iter().chain(&self.from_any).copied()
    }

    /// A shortest path, both ends included; only `start` if there is none.
    fn path(&self, start: u32, end: u32, reached: &[bool]) -> Vec<u32> {
        let mut before = vec![NONE; self.values];
        before[start as usize] = start;
        let mut queue = vec![start];
        let mut at = 0;
        while let Some(&value) = queue.get(at) {
            at += 1;
            for next in self.next(value) {
                if before[next as usize] != NONE || (next != end && !reached[next as usize]) {
                    continue;
                }
                before[next as usize] = value;
                if next == end {
                    let mut path = vec![end];
                    while path[path.len() - 1] != start {
                        path.push(before[path[path.len() - 1] as usize]);
                    }
                    path.reverse();
                    return path;
                }
                queue.push(next);
            }
        }
        vec![start]
    }

    /// The values of a path, except its end, that every other path has too. Everything that can be reached
    /// from the values before one is followed first; the value is critical if none of that leads past it.
    fn critical(&self, path: &[u32], reached: &[bool]) -> Vec<u32> {
        let end = path.len() - 1;
        let mut place = vec![NONE; self.values];
        for (index, &value) in (0..).zip(path) {
            place[value as usize] = index;
        }
        let mut is_seen = vec![false; self.values];
        let mut critical = vec![path[0]];
        let mut furthest = 0;
        let mut stack = Vec::new();
        for (index, &value) in path[..end].iter().enumerate() {
            if index > 0 && furthest == index {
                critical.push(value);
            }
            stack.push(value);
            while let Some(value) = stack.pop() {
                for next in self.next(value) {
                    match place[next as usize] {
                        NONE if reached[next as usize] && !is_seen[next as usize] => {
                            is_seen[next as usize] = true;
                            stack.push(next);
                        }
                        NONE => {}
                        index => furthest = furthest.max(index as usize),
                    }
                }
            }
        }
        critical
    }

    fn memory_bytes(&self) -> usize {
        self.from.memory_bytes() + self.from_any.capacity() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transitions(edges: &[(u32, u32)], from_any: &[u32], values: usize) -> Transitions {
        let from = Rows::new(values, edges.iter().copied());
        Transitions { from, values, from_any: from_any.to_vec() }
    }

    /// What a test of each value by itself says.
    fn by_removal(transitions: &Transitions, start: u32, end: u32, values: u32) -> Vec<u32> {
        let is_critical = |&value: &u32| {
            let reached: Vec<bool> = (0..values).map(|one| one != value && one != end).collect();
            value == start || transitions.path(start, end, &reached) == [start]
        };
        (0..values).filter(|&value| value != end).filter(is_critical).collect()
    }

    #[test]
    fn critical_values_are_those_without_which_there_is_no_way() {
        let mut state = 7u64;
        let mut random = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % below) as u32
        };
        let mut found = 0;
        for _ in 0..3000 {
            let values = 3 + random(7);
            let count = values + random(8);
            let edges: Vec<_> = (0..count).map(|_| (random(values.into()), random(values.into()))).collect();
            let edges: Vec<_> = edges.into_iter().filter(|edge| edge.0 != edge.1).collect();
            let from_any: Vec<u32> = if random(6) == 0 { vec![random(values.into())] } else { Vec::new() };
            let transitions = transitions(&edges, &from_any, values as usize);
            let (start, end) = (0, values - 1);
            let reached: Vec<bool> = (0..values).map(|value| value != end).collect();
            let path = transitions.path(start, end, &reached);
            if path.len() == 1 {
                continue;
            }
            let mut critical = transitions.critical(&path, &reached);
            critical.sort_unstable();
            assert_eq!(critical, by_removal(&transitions, start, end, values), "{edges:?} {from_any:?}");
            found += usize::from(critical.len() > 1);
        }
        assert!(found > 100, "only {found} ways had values to find");
    }
}
