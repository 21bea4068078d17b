//! The partial order of a plan's steps, and windows of steps that belong together.
//!
//! Two steps keep their order where one writes what the other reads or writes. Any order that respects this is
//! a plan of the same cost. So steps that belong together can be moved side by side and planned anew as one
//! window, as Siddiqui & Haslum (2015) do with the blocks of a deordered plan.

use super::cells::Cells;
use crate::hash::SplitMix64;
use crate::task::OperatorId;

/// "No step".
const NONE: u32 = u32::MAX;

/// The partial order: which steps must come before which.
pub(super) struct Order {
    /// Indexed by step: the steps that it must follow. All of them are earlier in the plan.
    before: Vec<Vec<u32>>,
    /// Indexed by step: the steps that must follow it.
    after: Vec<Vec<u32>>,
}

/// A plan's steps with a window moved together: `steps[from..until]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) steps: Vec<OperatorId>,
    pub(super) from: usize,
    pub(super) until: usize,
}

impl Order {
    /// O(cells + what the steps read and write).
    pub(super) fn new(cells: &Cells, plan: &[OperatorId]) -> Self {
        let mut order = Self { before: vec![Vec::new(); plan.len()], after: vec![Vec::new(); plan.len()] };
        let mut writer = vec![NONE; cells.len()];
        let mut readers: Vec<Vec<u32>> = vec![Vec::new(); cells.len()];
        for (step, &operator) in (0u32..).zip(plan) {
            let mut earlier = Vec::new();
            cells.reads(operator, &mut |cell| earlier.push(writer[cell as usize]));
            cells.writes(operator, &mut |cell| {
                earlier.push(writer[cell as usize]);
                earlier.append(&mut readers[cell as usize]);
                writer[cell as usize] = step;
            });
            cells.reads(operator, &mut |cell| readers[cell as usize].push(step));
            earlier.sort_unstable();
            earlier.dedup();
            earlier.retain(|&other| other != NONE && other != step);
            for &other in &earlier {
                order.after[other as usize].push(step);
            }
            order.before[step as usize] = earlier;
        }
        order
    }

    /// How many steps and ordered pairs there are.
    pub(super) fn size(&self) -> usize {
        self.before.len() + self.before.iter().map(Vec::len).sum::<usize>()
    }

    /// Draws one step or two at random, adds about `length` steps that depend on them, and moves these together with
    /// all steps that must come between them. `None` where the window would have more than twice `length` steps.
    pub(super) fn related(
        &self,
        plan: &[OperatorId],
        length: usize,
        random: &mut SplitMix64,
    ) -> Option<Window> {
        let mut chosen = Vec::new();
        let mut is_chosen = vec![false; plan.len()];
        for _ in 0..=random.below(2) {
            let seed = random.below(plan.len() as u64) as u32;
            if !std::mem::replace(&mut is_chosen[seed as usize], true) {
                chosen.push(seed);
            }
        }
        for _ in 0..4 * length {
            if chosen.len() >= length {
                break;
            }
            let step = chosen[random.below(chosen.len() as u64) as usize] as usize;
            let (before, after) = (&self.before[step], &self.after[step]);
            let at = random.below((before.len() + after.len()).max(1) as u64) as usize;
            let Some(&next) = before.get(at).or_else(|| after.get(at - before.len())) else { continue };
            if !std::mem::replace(&mut is_chosen[next as usize], true) {
                chosen.push(next);
            }
        }
        self.gathered(plan, &is_chosen, 2 * length)
    }

    /// Moves the chosen steps together, with all steps that must come between them; `None` where those are more than
    /// `most`.
    fn gathered(&self, plan: &[OperatorId], is_chosen: &[bool], most: usize) -> Option<Window> {
        let (mut follows, mut leads) = (is_chosen.to_vec(), is_chosen.to_vec());
        for step in 0..plan.len() {
            follows[step] |= self.before[step].iter().any(|&other| follows[other as usize]);
        }
        for step in (0..plan.len()).rev() {
            leads[step] |= self.after[step].iter().any(|&other| leads[other as usize]);
        }
        let is_inside = |step: usize| follows[step] && leads[step];
        let inside: Vec<usize> = (0..plan.len()).filter(|&step| is_inside(step)).collect();
        if inside.len() > most || inside.is_empty() {
            return None;
        }
        let middle = inside[inside.len() / 2];
        let comes_first = |step: usize| !follows[step] && (leads[step] || step < middle);
        let mut steps: Vec<OperatorId> =
            (0..plan.len()).filter(|&step| comes_first(step)).map(|step| plan[step]).collect();
        let from = steps.len();
        steps.extend(inside.iter().map(|&step| plan[step]));
        let until = steps.len();
        let last = (0..plan.len()).filter(|&step| !is_inside(step) && !comes_first(step));
        steps.extend(last.map(|step| plan[step]));
        Some(Window { steps, from, until })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::task::{Conjunction, Cost, Fact, Formula, Layout, Operator, Placement, Task, VariableId};

    /// Operators that each take a variable from one value to the next.
    fn task(steps: &[(u32, u32)]) -> Arc<Task> {
        let layout = Layout::new(&[(9, Placement::Dynamic); 4], &[]);
        let fact = |variable, value| Fact { variable: VariableId(variable), value };
        let operator = |&(variable, value): &(u32, u32)| Operator {
            precondition: Conjunction::new(Formula::Fact(fact(variable, value))),
            facts: vec![fact(variable, value + 1)].into(),
            conditional: Vec::new(),
            copies: [].into(),
            numeric: [].into(),
            cost: Cost::Constant(1),
            source: 0,
        };
        Arc::new(Task::new(layout, steps.iter().map(operator).collect(), 1.0))
    }

    #[test]
    fn steps_that_depend_on_each_other_are_moved_together_and_keep_their_order() {
        // Four variables, one after the other in turns.
        let steps: Vec<(u32, u32)> = (0..20).map(|step| (step % 4, step / 4)).collect();
        let task = task(&steps);
        let plan: Vec<OperatorId> = (0..20).map(OperatorId).collect();
        let order = Order::new(&Cells::new(&task), &plan);
        let mut random = SplitMix64::new(1);
        let mut moved = 0;
        for _ in 0..200 {
            let Some(window) = order.related(&plan, 5, &mut random) else { continue };
            let mut state = vec![0; task.layout.words()];
            for step in &window.steps {
                let operator = &task.operators[step.0 as usize];
                assert!(operator.precondition.holds(&task.layout, &state), "{window:?}");
                let before = state.clone();
                assert_eq!(task.apply(operator, &before, &mut state), Some(1));
            }
            assert_eq!(window.steps.len(), plan.len());
            let inside = &window.steps[window.from..window.until];
            moved += usize::from(inside.iter().all(|step| step.0 % 4 == inside[0].0 % 4));
        }
        assert!(moved > 20, "{moved} windows hold steps of one variable");
    }
}
