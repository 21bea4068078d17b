//! Computes what can be reached, in layers up to a fixpoint.
//!
//! In each layer, every waiting instance is tried against the domains of the layer before. The values that it
//! can write join the next layer. An instance that only sets constants and compares with constants waits for
//! the one value that blocks it, and is finished once it has applied. Any other instance is tried again
//! whenever a variable that it reads has grown. An interval that keeps growing is widened to its bound, so
//! that the number of layers is finite.

use std::sync::Arc;

use smallvec::SmallVec;

use super::super::grounded::{GroundAction, GroundCondition, GroundEffect, Operand};
use super::super::instance::{InstanceTable, Workspace};
use super::super::model::{EffectKind, Model};
use super::Reached;
use super::domain::{Domain, Domains, Shape, number};
use super::evaluate::Leaf;
use crate::step::{Budget, Progress, Stepper};

/// With more instances than this, nothing is analysed and nothing is claimed.
pub const MAX_INSTANCES: usize = 100_000;

/// With more bytes of instances than this, nothing is analysed and nothing is claimed. Conditions may be
/// long.
pub const MAX_INSTANCE_BYTES: usize = 40 << 20;

/// Growths of an interval after which it is widened to its bound.
const WIDEN_AFTER: u32 = 32;

/// Instances built or tried per unit.
const PIECES_PER_UNIT: usize = 20;

/// Computes what a model can reach from its initial state.
#[derive(Debug)]
pub struct Reach {
    model: Arc<Model>,
    table: InstanceTable,
    workspace: Workspace,
    pass: Pass,
    /// The instances by their number, then the conditions of goals.
    nodes: Vec<Node>,
    conditions: Vec<GroundCondition>,
    /// Bytes that all instances would hold together.
    instance_bytes: usize,
    /// First node of each goal's conditions; one more at the end.
    goals: Vec<usize>,
    domains: Domains,
    /// The domains with the variables in `narrowed` narrowed to an instance's conditions.
    scratch: Domains,
    narrowed: Vec<usize>,
    grown: Vec<Domain>,
    changed: Vec<bool>,
    growths: Vec<u32>,
    /// First slot of each variable: one for any growth, then one for each value of a set.
    slots: Vec<usize>,
    /// For each slot, the nodes waiting for it.
    waiting: Vec<Vec<u32>>,
    /// For each variable, the nodes that read it and are tried again whenever it grows.
    readers: Vec<Vec<u32>>,
    queue: Vec<u32>,
    next_queue: Vec<u32>,
    cursor_in_queue: usize,
    layer: u32,
}

/// The passes of the analysis: instances and goals are built, then layers are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Instances,
    Goals,
    Layers,
    Done,
}

/// An instance, or a condition of a goal, in the fixpoint.
#[derive(Debug)]
struct Node {
    first: Option<u32>,
    /// Whether it only compares with and sets constants.
    plain: bool,
    queued: bool,
}

impl Reach {
    /// The analysis of `model`.
    pub fn new(model: Arc<Model>) -> Self {
        let domains = Domains::initial(&model);
        let count = domains.at.len();
        let mut slots = Vec::with_capacity(count);
        let mut slot = 0;
        for shape in &domains.shapes {
            slots.push(slot);
            slot += 1 + shape.size();
        }
        Self {
            table: InstanceTable::new(&model),
            workspace: Workspace::default(),
            model,
            pass: Pass::Instances,
            nodes: Vec::new(),
            conditions: Vec::new(),
            instance_bytes: 0,
            goals: vec![0],
            scratch: domains.clone(),
            narrowed: Vec::new(),
            grown: domains.at.clone(),
            domains,
            changed: vec![false; count],
            growths: vec![0; count],
            slots,
            waiting: vec![Vec::new(); slot],
            readers: vec![Vec::new(); count],
            queue: Vec::new(),
            next_queue: Vec::new(),
            cursor_in_queue: 0,
            layer: 0,
        }
    }

    fn advance(&mut self) {
        match self.pass {
            Pass::Instances => self.add_instance(),
            Pass::Goals => self.add_goal(),
            Pass::Layers => self.try_next(),
            Pass::Done => {}
        }
    }

    fn add_instance(&mut self) {
        let Some(instance) = self.table.list_next(&self.model, &mut self.workspace) else {
            self.pass = Pass::Goals;
            return;
        };
        let plain = is_plain_action(instance);
        let mut reads = Vec::new();
        if !plain {
            variables(&instance.precondition, &mut |variable| reads.push(variable));
            for effect in &instance.effects {
                if effect.kind != EffectKind::Set {
                    reads.push(effect.variable);
                }
                if let Operand::Variable(other) = effect.value {
                    reads.push(other);
                }
            }
        }
        if self.table.len() > MAX_INSTANCES || self.instance_bytes > MAX_INSTANCE_BYTES {
            self.pass = Pass::Done;
        } else {
            self.instance_bytes += instance.memory_bytes();
            self.add_node(plain, reads);
        }
    }

    fn add_goal(&mut self) {
        let goal = self.goals.len() - 1;
        let Some(condition) = self.model.goals.get(goal).map(|goal| &goal.conditions) else {
            self.pass = Pass::Layers;
            return;
        };
        let condition: Option<GroundCondition> = self.table.goal(condition);
        let mut parts = Parts::new();
        if let Some(condition) = &condition {
            flatten(condition, &mut parts);
        }
        // The whole goal comes last: its parts may each be reachable, and not together.
        for part in parts.into_iter().chain(condition.as_ref()) {
            let mut reads = Vec::new();
            let plain = is_plain(part);
            if !plain {
                variables(part, &mut |variable| reads.push(variable));
            }
            self.add_node(plain, reads);
            self.conditions.push(part.clone());
        }
        self.goals.push(self.conditions.len());
    }

    fn add_node(&mut self, plain: bool, mut reads: Vec<usize>) {
        let id = self.nodes.len() as u32;
        reads.sort_unstable();
        reads.dedup();
        for variable in reads {
            self.readers[variable].push(id);
        }
        self.nodes.push(Node { first: None, plain, queued: true });
        self.queue.push(id);
    }

    fn try_next(&mut self) {
        let Some(&id) = self.queue.get(self.cursor_in_queue) else {
            self.end_layer();
            return;
        };
        self.cursor_in_queue += 1;
        self.nodes[id as usize].queued = false;
        let blocked = self.attempt(id as usize);
        for variable in self.narrowed.drain(..) {
            self.scratch.at[variable].clone_from(&self.domains.at[variable]);
        }
        let node = &mut self.nodes[id as usize];
        match blocked {
            Err(slot) if node.plain => self.waiting[slot].push(id),
            Err(_) => {}
            Ok(()) => node.first = node.first.or(Some(self.layer)),
        }
    }

    /// Applies a node to the next layer, or answers the slot that blocks it.
    fn attempt(&mut self, id: usize) -> Result<(), usize> {
        let (condition, effects) = match id.checked_sub(self.table.len()) {
            None => {
                let instance = self.table.at(&self.model, id, &mut self.workspace);
                (&instance.precondition, instance.effects.as_slice())
            }
            Some(at) => (&self.conditions[at], [].as_slice()),
        };
        let mut parts: Parts = SmallVec::new();
        flatten(condition, &mut parts);
        let leaves = || parts.iter().filter_map(|part| Leaf::of(part));
        // Narrowed domains make a difference only if conditions share a variable or effects read one.
        let is_narrowing = !self.nodes[id].plain || leaves().nth(1).is_some();
        for leaf in leaves() {
            if !is_narrowing && self.scratch.could_hold(leaf) {
                continue;
            }
            let left = self.scratch.narrowed(leaf);
            if left.is_empty() {
                return Err(slot_of(&self.slots, &self.scratch.shapes, leaf));
            }
            self.narrowed.push(leaf.variable);
            self.scratch.at[leaf.variable] = left;
        }
        let complex = parts.iter().filter(|part| Leaf::of(part).is_none());
        for part in complex {
            if !self.scratch.could_be(part, true) {
                return Err(0);
            }
        }
        if let Some(effect) = effects.iter().find(|effect| !self.scratch.can_happen(effect)) {
            return Err(self.slots[effect.variable]);
        }
        for effect in effects {
            if self.scratch.join_outcome(effect, &mut self.grown[effect.variable]) {
                self.changed[effect.variable] = true;
            }
        }
        Ok(())
    }

    fn end_layer(&mut self) {
        self.layer += 1;
        self.cursor_in_queue = 0;
        self.queue.clear();
        for variable in 0..self.changed.len() {
            if std::mem::take(&mut self.changed[variable]) {
                self.grow(variable);
            }
        }
        std::mem::swap(&mut self.queue, &mut self.next_queue);
        self.queue.sort_unstable();
        if self.queue.is_empty() {
            self.pass = Pass::Done;
        }
    }

    fn grow(&mut self, variable: usize) {
        self.growths[variable] += 1;
        if self.growths[variable] > WIDEN_AFTER {
            self.widen(variable);
        }
        let slot = self.slots[variable];
        let mut woken = std::mem::take(&mut self.waiting[slot]);
        if let (Domain::Set(before), Domain::Set(after)) = (&self.domains.at[variable], &self.grown[variable])
        {
            for value in after.iter().filter(|&value| !before.contains(value)) {
                woken.append(&mut self.waiting[slot + 1 + value]);
            }
        }
        self.domains.at[variable].clone_from(&self.grown[variable]);
        self.scratch.at[variable].clone_from(&self.grown[variable]);
        woken.extend_from_slice(&self.readers[variable]);
        for id in woken {
            if !std::mem::replace(&mut self.nodes[id as usize].queued, true) {
                self.next_queue.push(id);
            }
        }
    }

    fn widen(&mut self, variable: usize) {
        let Shape::Number { lo: low, hi: high, .. } = self.domains.shapes[variable] else { return };
        let Domain::Interval { lo: before_lo, hi: before_hi } = self.domains.at[variable] else { return };
        if let Domain::Interval { lo, hi } = &mut self.grown[variable] {
            *lo = if *lo < before_lo { low } else { *lo };
            *hi = if *hi > before_hi { high } else { *hi };
        }
    }

    fn result(&mut self) -> Reached {
        // Where there is an analysis, it has a layer.
        let complete = self.layer > 0;
        let table = std::mem::take(&mut self.table);
        let count = table.len();
        let nodes = std::mem::take(&mut self.nodes);
        let first = nodes.iter().map(|node| node.first).collect::<Vec<_>>();
        let (applied, conditions) = first.split_at(count.min(first.len()));
        let mut goals = Vec::new();
        let mut parts = std::mem::take(&mut self.conditions).into_iter();
        for pair in self.goals.windows(2) {
            let all = conditions.get(pair[0]..pair[1]).unwrap_or_default();
            let mut goal: Vec<_> = parts.by_ref().take(all.len()).zip(all.iter().copied()).collect();
            let together = goal.pop().and_then(|(_, first)| first);
            goals.push(super::GoalReach { conditions: goal, together });
        }
        Reached::new(
            complete,
            self.domains.clone(),
            self.model
                .variables
                .iter()
                .map(|variable| number(&variable.initial))
                .map(|at| (at, at))
                .collect(),
            (Arc::clone(&self.model), table),
            applied.to_vec(),
            goals,
        )
    }
}

impl Stepper for Reach {
    type Output = Reached;

    fn step(&mut self, budget: &mut Budget) -> Progress<Reached> {
        while !budget.is_spent() {
            for _ in 0..PIECES_PER_UNIT {
                if self.pass == Pass::Done {
                    return Progress::Done(self.result());
                }
                self.advance();
            }
            budget.spend(1);
        }
        Progress::Pending
    }
}

/// Parts of a condition that must all hold.
pub(super) type Parts<'c> = SmallVec<[&'c GroundCondition; 8]>;

/// The parts that must all hold.
pub(super) fn flatten<'c>(condition: &'c GroundCondition, out: &mut Parts<'c>) {
    match condition {
        GroundCondition::All(parts) => parts.iter().for_each(|part| flatten(part, out)),
        part => out.push(part),
    }
}

/// Whether an instance only compares with and sets constants.
fn is_plain_action(instance: &GroundAction) -> bool {
    let sets =
        |effect: &GroundEffect| effect.kind == EffectKind::Set && matches!(effect.value, Operand::Value(_));
    instance.effects.iter().all(sets) && is_plain(&instance.precondition)
}

fn is_plain(condition: &GroundCondition) -> bool {
    let mut parts = Parts::new();
    flatten(condition, &mut parts);
    parts.iter().all(|part| Leaf::of(part).is_some_and(|leaf| matches!(leaf.right, Operand::Value(_))))
}

fn slot_of(slots: &[usize], shapes: &[Shape], leaf: Leaf<'_>) -> usize {
    let any = slots[leaf.variable];
    let Operand::Value(value) = leaf.right else { return any };
    match shapes[leaf.variable].index(value) {
        Some(index) if leaf.operator == super::super::model::Comparator::Equal => any + 1 + index,
        _ => any,
    }
}

/// Calls `each` for every variable that a condition reads, for some more than once.
pub(super) fn variables(condition: &GroundCondition, each: &mut impl FnMut(usize)) {
    match condition {
        GroundCondition::All(parts) | GroundCondition::Any(parts) => {
            for part in parts {
                variables(part, each);
            }
        }
        GroundCondition::Not(part) => variables(part, each),
        GroundCondition::Compare { variable, right, .. } => {
            each(*variable);
            if let Operand::Variable(other) = right {
                each(*other);
            }
        }
    }
}
