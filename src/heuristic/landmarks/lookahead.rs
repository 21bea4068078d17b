//! Landmarks from domain transition graphs: values that a variable cannot do without on its way.

use super::rules::Rules;
use crate::heuristic::relaxed::NONE;

/// Which value of a variable operators take to which.
#[derive(Debug, Default)]
struct Transitions {
    /// Per value the values behind it, each once.
    from: Vec<Vec<u32>>,
    /// Values that can be reached from all others.
    from_any: Vec<u32>,
}

/// Domain transition graphs of the variables that were asked for.
#[derive(Debug, Default)]
pub(super) struct Lookahead {
    of_variable: Vec<Option<Box<Transitions>>>,
    bytes: usize,
}

impl Lookahead {
    pub(super) fn new(rules: &Rules) -> Self {
        let of_variable: Vec<_> = rules.initial.iter().map(|_| None).collect();
        Self { bytes: of_variable.len() * 8, of_variable }
    }

    /// The facts of a fact's variable that lie on every way from the initial value to it by reached values;
    /// the initial one first. The fact itself is not reached. Only the initial one where there is no way.
    /// O(edges), and O(operators on the variable) the first time.
    pub(super) fn critical(&mut self, rules: &Rules, fact: u32, reached: &[bool]) -> Vec<u32> {
        let variable = rules.variable_of[fact as usize] as usize;
        let base = rules.relaxation.fact_base[variable];
        let known = &mut self.of_variable[variable];
        let bytes = &mut self.bytes;
        let transitions = known.get_or_insert_with(|| {
            let made = Transitions::new(rules, variable as u32);
            *bytes += made.memory_bytes();
            Box::new(made)
        });
        let reached = &reached[base as usize..base as usize + rules.domain(variable as u32)];
        let (start, end) = (rules.initial[variable] - base, fact - base);
        let path = transitions.path(start, end, reached);
        let critical = transitions.critical(&path, reached);
        critical.into_iter().map(|value| base + value).collect()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.bytes
    }
}

impl Transitions {
    /// Those of all operators, reached or not; axioms make none.
    fn new(rules: &Rules, variable: u32) -> Self {
        let (base, domain) = (rules.relaxation.fact_base[variable as usize], rules.domain(variable));
        let mut transitions = Self { from: vec![Vec::new(); domain], from_any: Vec::new() };
        for value in 0..domain as u32 {
            for (relaxed, _) in rules.adders(base + value) {
                if rules.relaxation.source[relaxed] != NONE {
                    transitions.add(rules, variable, relaxed, value);
                }
            }
        }
        transitions.from_any.dedup();
        for values in &mut transitions.from {
            values.sort_unstable();
            values.dedup();
        }
        transitions
    }

    fn add(&mut self, rules: &Rules, variable: u32, relaxed: usize, value: u32) {
        let base = rules.relaxation.fact_base[variable as usize];
        let needs = rules.needs(relaxed).iter();
        let mut own = needs.filter(|&&fact| rules.variable_of[fact as usize] == variable);
        match (own.next(), own.next()) {
            (None, _) => self.from_any.push(value),
            (Some(fact), None) if fact - base != value => self.from[(fact - base) as usize].push(value),
            // Two values at once, or no change.
            _ => {}
        }
    }

    fn next(&self, value: u32) -> impl Iterator<Item = u32> {
        self.from[value as usize].iter().chain(&self.from_any).copied()
    }

    /// A shortest way, both ends included; only its start where there is none.
    fn path(&self, start: u32, end: u32, reached: &[bool]) -> Vec<u32> {
        let mut before = vec![NONE; self.from.len()];
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

    /// The values of a way that every other way has too, but for its end. What lies before a value of the way
    /// is followed first; the value is critical if nothing of that leads past it.
    fn critical(&self, path: &[u32], reached: &[bool]) -> Vec<u32> {
        let end = path.len() - 1;
        let mut place = vec![NONE; self.from.len()];
        for (index, &value) in (0..).zip(path) {
            place[value as usize] = index;
        }
        let mut is_seen = vec![false; self.from.len()];
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
        let edges: usize = self.from.iter().map(Vec::capacity).sum();
        self.from.len() * 24 + (edges + self.from_any.capacity()) * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transitions(edges: &[(u32, u32)], from_any: &[u32], values: usize) -> Transitions {
        let mut from = vec![Vec::new(); values];
        edges.iter().for_each(|&(one, other)| from[one as usize].push(other));
        Transitions { from, from_any: from_any.to_vec() }
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
