//! The relaxed plan of FF: its operators are marked backwards from the goal, each as the supporter of a
//! proposition.

use super::super::amount::{Amount, Summed};
use super::super::pausing::Edges;
use super::super::relaxed::NONE;
use super::exploration::{Exploration, Proposition};
use crate::step::Progress;
use crate::task::{OperatorId, Task};

/// A relaxed plan, and the memory in which it is marked.
#[derive(Debug)]
pub(super) struct RelaxedPlan {
    /// Indexed by proposition: the evaluation that marked it last.
    of_proposition: Vec<u32>,
    /// Indexed by task operator: the evaluation that marked it last, and how many times the relaxed plan
    /// applies it.
    of_operator: Vec<(u32, i64)>,
    /// The number of the present evaluation.
    epoch: u32,
    stack: Vec<u32>,
    /// The task operators of the plan; sorted once it is complete.
    operators: Vec<u32>,
    /// Propositions that the plan reaches.
    pub(super) reached: Vec<u32>,
    /// Operators of the plan that apply in the state.
    pub(super) preferred: Vec<OperatorId>,
}

impl RelaxedPlan {
    pub(super) fn new(propositions: usize, operators: usize) -> Self {
        Self {
            of_proposition: vec![0; propositions],
            of_operator: vec![(0, 0); operators],
            epoch: 0,
            stack: Vec::new(),
            operators: Vec::new(),
            reached: Vec::new(),
            preferred: Vec::new(),
        }
    }

    /// Starts marking from the goal.
    pub(super) fn begin(&mut self, goal: &[u32]) {
        self.epoch += 1;
        self.operators.clear();
        self.reached.clear();
        self.stack.clear();
        self.stack.extend(goal);
    }

    /// Marks the plan; answers its cost. Pending when `edges` are spent.
    pub(super) fn mark<C: Summed>(
        &mut self,
        exploration: &Exploration<C>,
        task: &Task,
        state: &[u64],
        edges: &mut Edges,
    ) -> Progress<i64> {
        let epoch = self.epoch;
        while let Some(proposition) = self.stack.pop() {
            let Proposition { cost, supporter } = exploration.propositions[proposition as usize];
            let mark = &mut self.of_proposition[proposition as usize];
            if *mark == epoch || supporter == NONE || cost == C::INFINITE {
                continue;
            }
            *mark = epoch;
            self.reached.push(proposition);
            let operator = supporter as usize;
            let source = exploration.relaxation.source[operator];
            if source != NONE {
                let times = exploration.times_of(operator, proposition);
                let mark = &mut self.of_operator[source as usize];
                if mark.0 != epoch {
                    *mark = (epoch, 0);
                    self.operators.push(source);
                }
                mark.1 = mark.1.max(times);
            }
            let preconditions = exploration.relaxation.preconditions.row(operator);
            self.stack.extend(preconditions);
            edges.look_at(1 + preconditions.len() as u64);
            if edges.are_spent() {
                return Progress::Pending;
            }
        }
        Progress::Done(self.end(exploration.costs(), task, state))
    }

    /// Lists the preferred operators, and answers the cost of the marked plan.
    fn end(&mut self, costs: &[i64], task: &Task, state: &[u64]) -> i64 {
        self.operators.sort_unstable();
        self.preferred.clear();
        let applies = |id: &&u32| task.operators[**id as usize].precondition.holds(&task.layout, state);
        self.preferred.extend(self.operators.iter().filter(applies).map(|&id| OperatorId(id)));
        self.operators.iter().fold(0i64, |sum, &id| {
            let times = self.of_operator[id as usize].1;
            sum.plus(costs[id as usize].times(times)).min(i64::CEILING)
        })
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.of_proposition.len() * 4 + self.of_operator.len() * 20
    }
}
