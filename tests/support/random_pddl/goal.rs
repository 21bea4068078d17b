//! Goals: at random, or true in a state that takes some steps.

use planscope::lang::pddl::parse;

use super::super::lifted_brute::{State, Written};
use super::Writer;

/// States that are looked at for a goal.
const SEEN_MAX: usize = 300;

impl Writer {
    pub(super) fn goal(&mut self) -> String {
        let parts: Vec<String> =
            (0..=self.below(2)).map(|_| self.condition(&[], self.anywhere(2), true)).collect();
        if parts.len() == 1 { parts[0].clone() } else { format!("(and {})", parts.join(" ")) }
    }

    /// A state that takes many steps: one of the last that a bounded breadth-first search comes to.
    pub(super) fn far_state(&mut self, written: &Written) -> State {
        let mut seen = vec![written.initial.clone()];
        let mut at = 0;
        while at < seen.len() && seen.len() < SEEN_MAX {
            for (_, after, _) in written.successors(&seen[at]) {
                if !seen.iter().any(|one| one.atoms == after.atoms) {
                    seen.push(after);
                }
            }
            at += 1;
        }
        let last = (seen.len() / 16).max(1);
        let back = 1 + self.below(last as u64) as usize;
        seen.swap_remove(seen.len() - back)
    }

    /// A goal out of what differs from the start in a state that is far from it.
    pub(super) fn far_goal(&mut self, domain: &str, problem: &str) -> Option<String> {
        let written = Written::new(&parse(domain, problem).model?);
        let state = self.far_state(&written);
        let (before, after) = (written.all_atoms(&written.initial), written.all_atoms(&state));
        let mut parts: Vec<String> = Vec::new();
        for (at, name) in written.atom_names.iter().enumerate() {
            match (before[at], after[at]) {
                (false, true) => parts.push(name.clone()),
                (true, false) if self.features.negative => parts.push(format!("(not {name})")),
                _ => {}
            }
        }
        for (at, name) in written.fluent_names.iter().enumerate() {
            let is_read = name.starts_with("(level") || name.starts_with("(fuel");
            if let Some(number) =
                state.numbers[at].filter(|_| is_read && state.numbers != written.initial.numbers)
            {
                let operator = *self.pick(&["=", ">=", "<="]);
                parts.push(format!("({operator} {name} {number})"));
            }
        }
        let mut goal = Vec::new();
        for _ in 0..3 + self.below(8) {
            if !parts.is_empty() {
                let at = self.below(parts.len() as u64) as usize;
                goal.push(parts.swap_remove(at));
            }
        }
        if goal.is_empty() {
            return None;
        }
        if self.features.adl && self.percent(30) {
            goal.push(format!("(or {} {})", goal[0], self.condition(&[], self.anywhere(1), true)));
        }
        Some(format!("(and {})", goal.join(" ")))
    }
}
