//! Warnings from what can be reached: actions that never apply, conditions that are never true, and variables that
//! are written and never read.

use std::collections::{BTreeMap, BTreeSet};

use super::super::codes;
use super::super::findings::Findings;
use super::super::grounded::{GroundAction, GroundCondition, Operand};
use super::super::instance::{Workspace, resolve_goal};
use super::super::model::{INT_MAX, Model};
use super::super::range::can_fail;
use super::super::syntax::shortened;
use super::super::text;
use super::evaluate::Leaf;
use super::fixpoint::variables;
use super::{AskedBy, Blame, Obstacle, Reached, Root};
use crate::diagnostic::{Diagnostic, Span};

/// A cost that is below zero by less than this counts as zero: the engine's own scale is no finer than 10⁻⁹.
const METRIC_TOLERANCE: f64 = 5e-10;

/// Finds the warnings of an analysed model, one instance, goal, comparison or action at a time.
#[derive(Debug)]
pub(in super::super) struct Warn {
    reached: Reached,
    pass: Pass,
    at: usize,
    workspace: Workspace,
    /// For each action, its first instance, and whether any of its instances applies.
    actions: Vec<(Option<usize>, bool)>,
    /// For each comparison in a precondition, by its place in the text: an instance in which it is never
    /// true; `None` once it is true in some instance.
    leaves: BTreeMap<Span, Option<(GroundCondition, usize)>>,
    /// Comparisons that are never true, each with an instance that has it.
    never: Vec<(GroundCondition, usize)>,
    /// Effects that move a variable the wrong way, by the place of their operator.
    turned: BTreeMap<Span, Diagnostic>,
    /// Actions whose metric was looked at and can turn negative.
    negative: BTreeSet<usize>,
    /// The numbers that the variables of costs can reach.
    extents: BTreeMap<usize, (f64, f64)>,
    /// For each variable, whether anything reads it or its range limits an action, and the first effect that
    /// writes it.
    uses: Vec<(bool, Option<Span>)>,
}

/// The passes over an analysed model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Instances,
    Goals,
    Leaves,
    Actions,
    Variables,
    Done,
}

impl Warn {
    pub fn new(model: &Model, reached: Reached) -> Self {
        let actions = vec![(None, false); model.actions.len()];
        let uses = vec![(false, None); model.variables.len()];
        let pass = if reached.complete { Pass::Instances } else { Pass::Done };
        let (leaves, turned, never) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let (negative, extents) = (BTreeSet::new(), BTreeMap::new());
        Self {
            reached,
            pass,
            at: 0,
            workspace: Workspace::default(),
            actions,
            leaves,
            never,
            turned,
            negative,
            extents,
            uses,
        }
    }

    /// Examines one instance, goal, comparison, action or variable. Whether there was one left.
    pub fn advance(&mut self, model: &Model, findings: &mut Findings) -> bool {
        let at = self.at;
        self.at += 1;
        let (count, next) = match self.pass {
            Pass::Instances => (self.reached.instances(), Pass::Goals),
            Pass::Goals => (self.reached.goals.len(), Pass::Leaves),
            Pass::Leaves => (self.never.len(), Pass::Actions),
            Pass::Actions => (model.actions.len(), Pass::Variables),
            Pass::Variables => (1, Pass::Done),
            Pass::Done => return false,
        };
        if at >= count {
            if self.pass == Pass::Instances {
                self.never = std::mem::take(&mut self.leaves).into_values().flatten().collect();
            }
            (self.pass, self.at) = (next, 0);
            return true;
        }
        match self.pass {
            Pass::Instances => {
                let mut workspace = std::mem::take(&mut self.workspace);
                let instance = self.reached.look_at(at, &mut workspace);
                self.instance(at, instance, model);
                self.metric(at, instance, model, findings);
                self.workspace = workspace;
            }
            Pass::Goals => self.goal(at, model, findings),
            Pass::Leaves => self.leaf(at, model, findings),
            Pass::Actions => self.action(at, model, findings),
            Pass::Variables | Pass::Done => self.variables(model, findings),
        }
        true
    }

    fn instance(&mut self, at: usize, instance: &GroundAction, model: &Model) {
        let (first, applies) = &mut self.actions[instance.action];
        first.get_or_insert(at);
        *applies |= self.reached.applied[at].is_some();
        let uses = &mut self.uses;
        variables(&instance.precondition, &mut |variable| uses[variable].0 = true);
        for effect in &instance.effects {
            uses[effect.variable].1.get_or_insert(effect.span);
            if let Operand::Variable(other) = effect.value {
                uses[other].0 = true;
            }
            // If an effect can leave the range, the range decides whether the action applies. That is a way
            // of reading the variable.
            if !uses[effect.variable].0 && can_fail(model, effect) {
                uses[effect.variable].0 = true;
            }
        }
        instance.per.iter().for_each(|&(variable, _)| uses[variable].0 = true);
        let Self { leaves, reached, .. } = self;
        positive_leaves(&instance.precondition, true, &mut |leaf| {
            let GroundCondition::Compare { span, .. } = leaf else { return };
            match leaves.get_mut(span) {
                Some(None) => {}
                Some(never) if reached.could_hold(leaf) => *never = None,
                Some(_) => {}
                None => {
                    let never = (!reached.could_hold(leaf)).then(|| (leaf.clone(), at));
                    leaves.insert(*span, never);
                }
            }
        });
    }

    /// Warns once about an action whose cost can turn negative in a state in which it could apply. If bounded
    /// variables could make it negative, reading the document reported an error.
    fn metric(&mut self, at: usize, instance: &GroundAction, model: &Model, findings: &mut Findings) {
        let is_said = self.negative.contains(&instance.action);
        if instance.per.is_empty() || self.reached.applied[at].is_none() || is_said || findings.is_crowded() {
            return;
        }
        let lowest = self.reached.lowest_metric(model, instance, &mut self.extents);
        let Some((variable, value)) = lowest.worst else { return };
        if lowest.total >= -METRIC_TOLERANCE.max(lowest.magnitude * 1e-15) {
            return;
        }
        self.negative.insert(instance.action);
        let action = &model.actions[instance.action];
        let (name, variable) = (shortened(&action.name), shortened(text::name(model, variable)));
        let reaches = match value.abs() {
            huge if huge >= INT_MAX as f64 => format!("nothing bounds `{variable}`"),
            _ => format!("`{variable}` can become {value}"),
        };
        let message = format!("the cost of `{name}` can turn negative on the way: {reaches}");
        let help = format!(
            "the action does not apply where it is; bound `{variable}` in state or in the preconditions, or change \
             the cost"
        );
        findings
            .push(Diagnostic::warning(codes::COST_TURNS_NEGATIVE, action.cost.span, message).with_help(help));
    }

    fn goal(&mut self, index: usize, model: &Model, findings: &mut Findings) {
        let when = model.goals.get(index).and_then(|goal| resolve_goal(model, &goal.when));
        let uses = &mut self.uses;
        if let Some(when) = &when {
            variables(when, &mut |variable| uses[variable].0 = true);
        }
        for (condition, first) in &self.reached.goals[index].conditions {
            let uses = &mut self.uses;
            variables(condition, &mut |variable| uses[variable].0 = true);
            let culprit = self.reached.culprit(condition, true).filter(|_| first.is_none());
            let blame = culprit
                .and_then(|culprit| self.reached.blame_condition(model, &culprit, AskedBy::Goal(index)));
            if let Some(blame) = blame {
                findings.push(self.never_true(model, &blame));
                turn(&self.reached, model, &blame, &mut self.turned);
            }
        }
        self.together(index, model, findings);
    }

    /// Warns of a goal whose conditions could each hold, but never all at once.
    fn together(&self, index: usize, model: &Model, findings: &mut Findings) {
        let (goal, reach) = (&model.goals[index], &self.reached.goals[index]);
        if reach.together.is_some() || reach.conditions.iter().any(|(_, first)| first.is_none()) {
            return;
        }
        let whole = GroundCondition::All(reach.conditions.iter().map(|(part, _)| part.clone()).collect());
        let (message, span, help) = match self.reached.contradiction(&whole) {
            Some((first, second)) => (
                format!("{} can never hold at once", both(model, first, second)),
                place(second).unwrap_or(goal.conditions_span),
                "they exclude each other: remove one of them, or put them into \"any\"",
            ),
            None => (
                format!("the conditions of the goal \"{}\" can never hold at once", shortened(&goal.name)),
                goal.conditions_span,
                "each of them can hold by itself; look for two that exclude each other",
            ),
        };
        findings.push(Diagnostic::warning(codes::NEVER_TRUE, span, message).with_help(help));
    }

    /// Warns of a comparison that is never true where no effect moves towards it. Where an effect does, the cause
    /// lies elsewhere and is reported there.
    fn leaf(&mut self, at: usize, model: &Model, findings: &mut Findings) {
        let (leaf, instance) = &self.never[at];
        if findings.is_crowded() || Leaf::of(leaf).is_none_or(|leaf| self.reached.has_producer(leaf)) {
            return;
        }
        if let Some(blame) = self.reached.blame_condition(model, leaf, AskedBy::Instance(*instance)) {
            findings.push(self.never_true(model, &blame));
            turn(&self.reached, model, &blame, &mut self.turned);
        }
    }

    /// Warns of an action that never applies, unless one of its effects was reported as the cause.
    fn action(&mut self, at: usize, model: &Model, findings: &mut Findings) {
        let (action, (first, applies)) = (&model.actions[at], self.actions[at]);
        if applies || findings.is_crowded() {
            return;
        }
        let obstacle = first.and_then(|first| self.reached.obstacle(first));
        let first_instance = first.map(|at| self.reached.instance(at));
        let exclusive = first_instance.as_ref().and_then(|one| self.reached.contradiction(&one.precondition));
        let (why, help) = match (&obstacle, first, exclusive) {
            (_, None, _) => (
                "it has no instance".to_owned(),
                "a parameter has no values, or every instance writes a variable twice".to_owned(),
            ),
            (_, _, Some((first, second))) => (
                format!("{} can never hold at once", both(model, first, second)),
                "they exclude each other: remove one of them, or put them into \"any\"".to_owned(),
            ),
            (Some(Obstacle::Condition(culprit)), Some(first), None) => {
                let blame = self.reached.blame_condition(model, culprit, AskedBy::Instance(first));
                let help = blame.map_or_else(String::new, |blame| self.cause(model, &blame));
                (format!("`{}` is never true", text::condition(model, culprit)), help)
            }
            (Some(Obstacle::Effect(at)), Some(first), None) => {
                if action
                    .effects
                    .get(*at)
                    .is_some_and(|effect| self.turned.contains_key(&effect.operator_span))
                {
                    return;
                }
                let effect = text::effect(model, &self.reached.instance(first).effects[*at]);
                let why = format!("`{effect}` always leaves what the variable can hold");
                (why, "widen the range, or change the effect".to_owned())
            }
            _ => (
                "its conditions are never true at once".to_owned(),
                "look for conditions that exclude each other".to_owned(),
            ),
        };
        let message = format!("`{}` can never apply: {why}", shortened(&action.name));
        findings.push(Diagnostic::warning(codes::NEVER_APPLIES, action.span, message).with_help(help));
    }

    fn variables(&mut self, model: &Model, findings: &mut Findings) {
        for report in std::mem::take(&mut self.turned).into_values() {
            findings.push(report);
        }
        for (variable, (is_read, written)) in model.variables.iter().zip(&self.uses) {
            if let (false, Some(span)) = (is_read, written) {
                let name = shortened(&variable.name);
                let message = format!("`{name}` is set here, and no condition, cost or value reads it");
                findings.push(
                    Diagnostic::note(codes::NEVER_READ, *span, message)
                        .with_help("remove the effect, or ask for it in a goal or a precondition"),
                );
            }
        }
    }

    fn never_true(&self, model: &Model, blame: &Blame) -> Diagnostic {
        let condition = blame.links.first().map(|link| &link.condition);
        let text = condition.map_or_else(String::new, |condition| text::condition(model, condition));
        let span = match condition {
            Some(GroundCondition::Compare { span, .. }) => *span,
            _ => Span::default(),
        };
        let message = format!("no action can make `{text}` true");
        Diagnostic::warning(codes::NEVER_TRUE, span, message).with_help(self.cause(model, blame))
    }

    /// The cause at the end of the chain, as a sentence.
    fn cause(&self, model: &Model, blame: &Blame) -> String {
        let Some(last) = blame.links.last() else { return String::new() };
        let GroundCondition::Compare { variable, .. } = last.condition else { return String::new() };
        let name = shortened(text::name(model, variable));
        let condition = text::condition(model, &last.condition);
        let start = model.variables.get(variable).map_or_else(String::new, |one| one.initial.to_string());
        let asked = match last.asked_by {
            AskedBy::Instance(at) if blame.links.len() > 1 => {
                format!("{} needs `{condition}`; ", text::instance(model, &self.reached.instance(at)))
            }
            _ => String::new(),
        };
        if last.condition.is_with_itself() {
            return format!("{asked}both sides are `{name}`: compare it with another variable or a value");
        }
        let producer = |at: usize| text::instance(model, &self.reached.instance(at));
        match blame.root {
            Root::NoProducer => {
                format!(
                    "{asked}`{name}` starts at {start}, and no effect moves it there: add one, or change the condition"
                )
            }
            Root::OutOfReach => {
                format!("{asked}`{name}` reaches only {}", self.reached.describe(model, variable))
            }
            Root::Unfinished => format!("{asked}what stands in the way is too long to follow"),
            Root::Cycle => format!("{asked}the actions that would make it true wait for each other"),
            Root::Together(at) => format!("{asked}the conditions of {} are never true at once", producer(at)),
            Root::Range(at) => format!("{asked}an effect of {} always leaves its range", producer(at)),
        }
    }
}

/// Two conditions in words.
fn both(model: &Model, first: &GroundCondition, second: &GroundCondition) -> String {
    format!("`{}` and `{}`", text::condition(model, first), text::condition(model, second))
}

/// Where the first comparison of a condition stands.
fn place(condition: &GroundCondition) -> Option<Span> {
    match condition {
        GroundCondition::All(parts) | GroundCondition::Any(parts) => parts.iter().find_map(place),
        GroundCondition::Not(part) => place(part),
        GroundCondition::Compare { span, .. } => Some(*span),
    }
}

/// Reports the effect that moves the last link's variable the wrong way, once.
fn turn(reached: &Reached, model: &Model, blame: &Blame, turned: &mut BTreeMap<Span, Diagnostic>) {
    let (Some(miss), Some(last)) = (&blame.nearest_miss, blame.links.last()) else { return };
    let GroundCondition::Compare { variable, .. } = last.condition else { return };
    let name = shortened(text::name(model, variable));
    let start = model.variables.get(variable).map_or_else(String::new, |one| one.initial.to_string());
    let verb = if miss.fix.replacement.contains('+') { "raises" } else { "lowers" };
    let who = match last.asked_by {
        AskedBy::Goal(goal) => {
            format!("the goal \"{}\"", model.goals.get(goal).map_or("", |goal| &goal.name))
        }
        AskedBy::Instance(at) => {
            let action = model.actions.get(reached.action_of(at));
            format!("`{}`", shortened(action.map_or("", |action| &action.name)))
        }
    };
    let condition = text::condition(model, &last.condition);
    let message =
        format!("nothing ever {verb} `{name}`: it starts at {start}, and {who} needs `{condition}`");
    turned.entry(miss.fix.span).or_insert_with(|| {
        Diagnostic::warning(codes::WRONG_DIRECTION, miss.fix.span, message)
            .with_help("this effect moves it the other way; turn it round if that is meant")
            .with_fix(miss.fix.label.clone(), miss.fix.span, miss.fix.replacement.clone())
    });
}

/// The comparisons whose truth helps to make `condition` true.
fn positive_leaves(condition: &GroundCondition, positive: bool, each: &mut impl FnMut(&GroundCondition)) {
    match condition {
        GroundCondition::All(parts) | GroundCondition::Any(parts) => {
            for part in parts {
                positive_leaves(part, positive, each);
            }
        }
        GroundCondition::Not(part) => positive_leaves(part, !positive, each),
        GroundCondition::Compare { .. } if positive => each(condition),
        GroundCondition::Compare { .. } => {}
    }
}
