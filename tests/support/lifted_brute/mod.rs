//! A PDDL planner that is too simple to be wrong: it writes out every action, quantifier and rule for all
//! objects, keeps a truth value for every atom that can be named, and sees every reachable state.
//!
//! It shares nothing with the engine, the grounder or the validator but the parsed model. Only for tasks of a
//! handful of objects: atoms are `objects ^ arity`.

mod pen;
mod tree;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use planscope::lang::pddl::Model;
use planscope::lang::pddl::model::Metric;

use pen::Pen;
use tree::{Deed, Sum, Tree, carry_out, deeds_only_add, is_affine, metric, tree_reads, truth};

/// What a brute search came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A cheapest plan, each step an index into [`Written::steps`].
    Solved { cost: f64, plan: Vec<usize> },
    /// No state with the goal is reachable.
    Unsolvable,
    /// There are more states than were asked for.
    TooLarge,
}

/// Every atom's truth, then every fluent's number.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Derived ones are false here; they are worked out when needed.
    pub atoms: Vec<bool>,
    pub numbers: Vec<Option<f64>>,
}

/// An action with its objects.
#[derive(Clone, Debug)]
pub struct WrittenStep {
    pub action: String,
    pub objects: Vec<String>,
    precondition: Tree,
    effects: Vec<Deed>,
}

/// A task with everything written out.
pub struct Written {
    pub steps: Vec<WrittenStep>,
    pub initial: State,
    /// Every atom as text, for instance `(on a b)`.
    pub atom_names: Vec<String>,
    /// Every fluent as text.
    pub fluent_names: Vec<String>,
    goal: Tree,
    /// Rules by stratum: atom and condition.
    rules: Vec<Vec<(usize, Tree)>>,
    metric: Option<Sum>,
    /// Fluents that a state is not told apart by: nothing reads them, and the metric only adds them up.
    counters: Vec<bool>,
}

/// A state, what it costs to get there, and from which state by which step.
type Node = (State, f64, Option<(usize, usize)>);

impl Written {
    /// Writes `model` out.
    pub fn new(model: &Model) -> Self {
        let objects = model.objects.len();
        let atoms = pen::offsets(model.predicates.iter().map(|one| one.parameters.len()), objects);
        let fluents = pen::offsets(model.functions.iter().map(|one| one.parameters.len()), objects);
        let (atom_count, fluent_count) = (atoms[atoms.len() - 1], fluents[fluents.len() - 1]);
        let pen = Pen { model, atoms, fluents };
        let name = |&object: &usize| model.objects[object].name.clone();
        let mut steps = Vec::new();
        for action in &model.actions {
            for binding in pen.bindings(&action.parameters) {
                steps.push(WrittenStep {
                    action: action.name.clone(),
                    objects: binding.iter().map(name).collect(),
                    precondition: pen.tree(&action.precondition, &binding),
                    effects: pen.deeds(&action.effects, &binding),
                });
            }
        }
        let mut rules: Vec<Vec<(usize, Tree)>> = Vec::new();
        for axiom in &model.axioms {
            let stratum = model.predicates[axiom.predicate.0 as usize].stratum.expect("derived") as usize;
            rules.resize(rules.len().max(stratum + 1), Vec::new());
            for binding in pen.bindings(&axiom.parameters) {
                let head = pen.number(pen.atoms[axiom.predicate.0 as usize], &binding);
                rules[stratum].push((head, pen.tree(&axiom.condition, &binding)));
            }
        }
        let metric = match &model.metric {
            Metric::Steps => None,
            Metric::Minimize(expression) => Some(pen.sum(expression, &[])),
        };
        let goal = pen.tree(&model.goal, &[]);
        let initial = pen::initial(&pen, atom_count, fluent_count);
        let atom_names =
            pen.names(model.predicates.iter().map(|one| (one.name.as_str(), one.parameters.len())));
        let fluent_names =
            pen.names(model.functions.iter().map(|one| (one.name.as_str(), one.parameters.len())));
        let counters = Vec::new();
        let mut written = Self { steps, initial, atom_names, fluent_names, goal, rules, metric, counters };
        written.counters = (0..fluent_count).map(|fluent| written.is_counter(fluent)).collect();
        written
    }

    /// The rules' consequences added to what is true.
    pub fn all_atoms(&self, state: &State) -> Vec<bool> {
        let mut atoms = state.atoms.clone();
        for rules in &self.rules {
            loop {
                let mut is_stable = true;
                for (head, condition) in rules {
                    if !atoms[*head] && truth(condition, &atoms, &state.numbers) == Some(true) {
                        atoms[*head] = true;
                        is_stable = false;
                    }
                }
                if is_stable {
                    break;
                }
            }
        }
        atoms
    }

    /// Whether the goal is true.
    pub fn is_goal(&self, state: &State) -> bool {
        truth(&self.goal, &self.all_atoms(state), &state.numbers) == Some(true)
    }

    /// The steps that can be taken, each with the state after it and its cost.
    pub fn successors(&self, state: &State) -> Vec<(usize, State, f64)> {
        let atoms = self.all_atoms(state);
        let all = (0..self.steps.len()).filter_map(|at| {
            let (after, cost) = self.after(state, &atoms, at)?;
            Some((at, after, cost))
        });
        all.collect()
    }

    fn after(&self, state: &State, atoms: &[bool], step: usize) -> Option<(State, f64)> {
        let WrittenStep { precondition, effects, .. } = &self.steps[step];
        if truth(precondition, atoms, &state.numbers) != Some(true) {
            return None;
        }
        let mut after = state.clone();
        let mut made = Vec::new();
        carry_out(effects, atoms, &state.numbers, &mut after.numbers, &mut made)?;
        // Deletions first, so that additions win.
        made.sort_by_key(|&(_, holds)| holds);
        for (atom, holds) in made {
            after.atoms[atom] = holds;
        }
        let cost = match &self.metric {
            None => 1.0,
            Some(sum) => metric(sum, &after.numbers)? - metric(sum, &state.numbers)?,
        };
        Some((after, cost))
    }

    /// What a plan costs; `None` where it is none. Steps are names of an action and of objects.
    pub fn verdict(&self, plan: &[(String, Vec<String>)]) -> Option<f64> {
        let mut state = self.initial.clone();
        let mut total = 0.0;
        for (action, objects) in plan {
            let at = self.steps.iter().position(|one| one.action == *action && one.objects == *objects)?;
            let (after, cost) = self.after(&state, &self.all_atoms(&state), at)?;
            (state, total) = (after, total + cost);
        }
        self.is_goal(&state).then_some(total)
    }

    /// A cheapest plan (Dijkstra 1959); costs must not be negative.
    pub fn solve(&self, states_max: usize) -> Answer {
        let mut ids: HashMap<Vec<u64>, usize> = HashMap::from([(self.key(&self.initial), 0)]);
        let mut nodes: Vec<Node> = vec![(self.initial.clone(), 0.0, None)];
        let mut closed = vec![false];
        let mut queue = BinaryHeap::from([Reverse((0u64, 0usize))]);
        while let Some(Reverse((_, id))) = queue.pop() {
            if std::mem::replace(&mut closed[id], true) {
                continue;
            }
            let (state, cost, _) = nodes[id].clone();
            if self.is_goal(&state) {
                return Answer::Solved { cost, plan: way_to(&nodes, id) };
            }
            for (step, after, step_cost) in self.successors(&state) {
                let total = (cost + step_cost).max(0.0);
                let next = nodes.len();
                let known = *ids.entry(self.key(&after)).or_insert(next);
                if known == next {
                    if next == states_max {
                        return Answer::TooLarge;
                    }
                    nodes.push((after, total, Some((id, step))));
                    closed.push(false);
                } else if closed[known] || nodes[known].1 <= total {
                    continue;
                } else {
                    nodes[known] = (after, total, Some((id, step)));
                }
                // Bits of numbers that are not negative are in their order.
                queue.push(Reverse((total.to_bits(), known)));
            }
        }
        Answer::Unsolvable
    }

    fn key(&self, state: &State) -> Vec<u64> {
        let mut key: Vec<u64> = state.atoms.chunks(64).map(word).collect();
        for (number, is_counter) in state.numbers.iter().zip(&self.counters) {
            if !is_counter {
                key.push(number.map_or(u64::MAX, |number| (number + 0.0).to_bits()));
            }
        }
        key
    }

    fn is_counter(&self, fluent: usize) -> bool {
        let unread = |tree: &Tree| !tree_reads(tree, fluent);
        let steps =
            self.steps.iter().all(|step| unread(&step.precondition) && deeds_only_add(&step.effects, fluent));
        let rules = self.rules.iter().flatten().all(|(_, condition)| unread(condition));
        steps && rules && unread(&self.goal) && self.metric.as_ref().is_none_or(|sum| is_affine(sum, fluent))
    }
}

fn way_to(nodes: &[Node], mut id: usize) -> Vec<usize> {
    let mut plan = Vec::new();
    while let Some((parent, step)) = nodes[id].2 {
        plan.push(step);
        id = parent;
    }
    plan.reverse();
    plan
}

fn word(bits: &[bool]) -> u64 {
    bits.iter().enumerate().fold(0, |word, (at, &bit)| word | u64::from(bit) << at)
}
