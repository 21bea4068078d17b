//! Explains why a condition is never true: a chain of conditions down to the cause, as plain data.

use std::collections::{HashSet, VecDeque};

use super::super::grounded::{GroundCondition, GroundEffect, Operand};
use super::super::instance::Workspace;
use super::super::model::{Comparator, EffectKind, Model};
use super::super::text;
use super::domain::{Domain, number};
use super::evaluate::Leaf;
use super::{Obstacle, Reached};
use crate::diagnostic::{Fix, Span};

/// Most instances that are looked at before the search for a cause is given up: at most a frame's work.
const MAX_VISITS: usize = 100_000;

/// Why one condition of a goal, or of an action, is never true.
#[derive(Clone, Debug, PartialEq)]
pub struct Blame {
    /// From the condition in question down to the condition at which the cause stands; never empty.
    pub links: Vec<Link>,
    /// The cause, at the last link.
    pub root: Root,
    /// An effect that moves the last link's variable the wrong way.
    pub nearest_miss: Option<NearestMiss>,
}

/// A condition that is never true.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// A single comparison; its span is its place in the source.
    pub condition: GroundCondition,
    /// Who asks for it.
    pub asked_by: AskedBy,
    /// The actions with an effect that moves towards it (indices into `Model::actions`, in order);
    /// none of them gets there.
    pub producers: Vec<usize>,
}

/// Who asks for a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedBy {
    /// A goal, by index.
    Goal(usize),
    /// An instance, by index; see [`Reached::instance`].
    Instance(usize),
}

/// Where a chain ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Root {
    /// No action has an effect towards the condition.
    NoProducer,
    /// The actions that move towards it can apply, but do not get there.
    OutOfReach,
    /// The actions that would make it true wait for each other.
    Cycle,
    /// The search was given up; the chain shows what was found.
    Unfinished,
    /// The instance that would make it true has conditions that never hold at once.
    Together(usize),
    /// The instance that would make it true has an effect that always leaves its variable's range.
    Range(usize),
}

/// An effect that moves a variable the wrong way.
#[derive(Clone, Debug, PartialEq)]
pub struct NearestMiss {
    /// The action, by index.
    pub action: usize,
    /// The variable, by index.
    pub variable: usize,
    /// The effect as written.
    pub span: Span,
    /// The edit that reverses the effect.
    pub fix: Fix,
}

/// A breadth-first search for a cause, so that the shortest chain is shown.
struct Search<'a> {
    reached: &'a Reached,
    model: &'a Model,
    steps: Vec<Step>,
    seen: HashSet<String>,
    queue: VecDeque<usize>,
    visits: usize,
}

struct Step {
    link: Link,
    parent: Option<usize>,
}

impl Search<'_> {
    fn push(&mut self, condition: GroundCondition, asked_by: AskedBy, parent: Option<usize>) {
        let Some(leaf) = Leaf::of(&condition) else { return };
        if !self.seen.insert(text::condition(self.model, &condition)) {
            return;
        }
        let reached = self.reached;
        self.visits += reached.writers_of(leaf.variable).len();
        let mut producers: Vec<usize> = reached.producers(leaf).map(|at| reached.action_of(at)).collect();
        producers.sort_unstable();
        producers.dedup();
        self.queue.push_back(self.steps.len());
        self.steps.push(Step { link: Link { condition, asked_by, producers }, parent });
    }

    /// The step at which the cause stands, and the cause.
    fn cause(&mut self) -> Option<(usize, Root)> {
        let mut fallback = None;
        while let Some(at) = self.queue.pop_front() {
            let link = self.steps.get(at).map(|step| step.link.clone())?;
            if link.producers.is_empty() {
                return Some((at, Root::NoProducer));
            }
            for producer in self.reached.producers(Leaf::of(&link.condition)?) {
                self.visits += 1;
                if self.visits > MAX_VISITS {
                    return fallback.or(Some((at, Root::Unfinished)));
                }
                let root = match self.reached.obstacle(producer) {
                    None => Root::OutOfReach,
                    Some(Obstacle::Together) => Root::Together(producer),
                    Some(Obstacle::Effect(_)) => Root::Range(producer),
                    Some(Obstacle::Condition(next)) => {
                        self.push(next, AskedBy::Instance(producer), Some(at));
                        continue;
                    }
                };
                fallback.get_or_insert((at, root));
            }
        }
        fallback.or(Some((self.steps.len().checked_sub(1)?, Root::Cycle)))
    }
}

impl Reached {
    /// Why a goal can never be reached: a chain for its first condition that is never true. `None` if each
    /// condition could be true by itself.
    pub fn blame(&self, model: &Model, goal: usize) -> Option<Blame> {
        let conditions = &self.goals.get(goal).filter(|_| self.complete)?.conditions;
        let culprit = conditions.iter().find_map(|(condition, _)| self.culprit(condition, true))?;
        self.blame_condition(model, &culprit, AskedBy::Goal(goal))
    }

    /// Why `condition`, a comparison, is never true.
    pub fn blame_condition(
        &self,
        model: &Model,
        condition: &GroundCondition,
        asked_by: AskedBy,
    ) -> Option<Blame> {
        let (steps, seen, queue) = (Vec::new(), HashSet::new(), VecDeque::new());
        let mut search = Search { reached: self, model, steps, seen, queue, visits: 0 };
        search.push(condition.clone(), asked_by, None);
        let (at, root) = search.cause()?;
        Some(self.chain(model, &search.steps, at, root))
    }

    fn chain(&self, model: &Model, steps: &[Step], end: usize, root: Root) -> Blame {
        let mut links = Vec::new();
        let mut at = Some(end);
        while let Some(step) = at.and_then(|at| steps.get(at)) {
            links.push(step.link.clone());
            at = step.parent;
        }
        links.reverse();
        let last = links.last().and_then(|link| Leaf::of(&link.condition));
        let nearest_miss =
            last.filter(|_| root == Root::NoProducer).and_then(|leaf| self.nearest_miss(model, leaf));
        Blame { links, root, nearest_miss }
    }

    /// An effect that would help with the opposite sign. Its instance can apply, or is prevented only by this
    /// effect.
    pub(super) fn nearest_miss(&self, model: &Model, leaf: Leaf<'_>) -> Option<NearestMiss> {
        let mut workspace = Workspace::default();
        self.writers_of(leaf.variable).iter().find_map(|&at| {
            let instance = self.look_at(at as usize, &mut workspace);
            let position = instance.effects.iter().position(|effect| effect.variable == leaf.variable)?;
            if !matches!(self.obstacle(at as usize), None | Some(Obstacle::Effect(_))) {
                return None;
            }
            let effect = &instance.effects[position];
            let turned = match effect.kind {
                EffectKind::Increase => EffectKind::Decrease,
                EffectKind::Decrease => EffectKind::Increase,
                EffectKind::Set => return None,
            };
            let turned_effect = GroundEffect { kind: turned, ..effect.clone() };
            if !helps(self, &turned_effect, leaf) {
                return None;
            }
            let operator_span = model.actions.get(instance.action)?.effects.get(position)?.operator_span;
            let sign = if turned == EffectKind::Increase { "+" } else { "-" };
            let fix = Fix {
                label: format!("Change to \"{sign}\""),
                span: operator_span,
                replacement: format!("\"{sign}\""),
            };
            let (action, span) = (instance.action, effect.span);
            Some(NearestMiss { action, variable: leaf.variable, span, fix })
        })
    }
}

/// Whether `effect` moves its variable towards `leaf`. Errs on the side of yes.
pub(super) fn helps(reached: &Reached, effect: &GroundEffect, leaf: Leaf<'_>) -> bool {
    if effect.variable != leaf.variable {
        return false;
    }
    let (Domain::Interval { lo, hi }, Operand::Value(right)) = (reached.domain(leaf.variable), leaf.right)
    else {
        return sets_towards(reached, effect, leaf);
    };
    if effect.kind == EffectKind::Set {
        return sets_towards(reached, effect, leaf);
    }
    let Operand::Value(amount) = &effect.value else { return true };
    let amount = if effect.kind == EffectKind::Decrease { -number(amount) } else { number(amount) };
    let right = number(right);
    match leaf.operator {
        Comparator::Greater | Comparator::AtLeast => amount > 0.0,
        Comparator::Less | Comparator::AtMost => amount < 0.0,
        Comparator::Equal if right > *hi => amount > 0.0,
        Comparator::Equal if right < *lo => amount < 0.0,
        Comparator::Equal | Comparator::NotEqual => amount != 0.0,
    }
}

/// Whether an effect could make the leaf true, if the effect sets its variable or the leaf compares two
/// variables.
fn sets_towards(reached: &Reached, effect: &GroundEffect, leaf: Leaf<'_>) -> bool {
    let (EffectKind::Set, Operand::Value(value), Operand::Value(right)) =
        (effect.kind, &effect.value, leaf.right)
    else {
        return true;
    };
    let shape = &reached.domains.shapes[leaf.variable];
    if let Domain::Set(_) = reached.domain(leaf.variable) {
        let equal = shape.index(value) == shape.index(right);
        return equal == (leaf.operator == Comparator::Equal);
    }
    let (value, right) = (number(value), number(right));
    match leaf.operator {
        Comparator::Equal => value.total_cmp(&right).is_eq(),
        Comparator::NotEqual => value.total_cmp(&right).is_ne(),
        Comparator::Less => value < right,
        Comparator::AtMost => value <= right,
        Comparator::Greater => value > right,
        Comparator::AtLeast => value >= right,
    }
}
