//! Warnings from what can be reached: actions that never apply, conditions that are never true,
//! and variables that are set for nobody.

use std::collections::BTreeMap;

use super::super::codes;
use super::super::findings::Findings;
use super::super::instance::{GroundCondition, Operand};
use super::super::model::Model;
use super::super::syntax::shortened;
use super::super::text;
use super::evaluate::Leaf;
use super::fixpoint::variables;
use super::{AskedBy, Blame, Obstacle, Reached, Root};
use crate::diagnostic::{Diagnostic, Span};

/// Goes over the instances of an analysed model, some at a time.
#[derive(Debug)]
pub(in super::super) struct Warn {
    reached: Reached,
    at: usize,
    /// For each action, its first instance, and whether any applies.
    actions: Vec<(Option<usize>, bool)>,
    /// For each comparison in a precondition, by place: an instance in which it is never true;
    /// none once it is true in any.
    leaves: BTreeMap<Span, Option<(GroundCondition, usize)>>,
    /// For each variable, whether anything reads it, and the first effect that writes it.
    uses: Vec<(bool, Option<Span>)>,
}

impl Warn {
    pub fn new(model: &Model, reached: Reached) -> Self {
        let actions = vec![(None, false); model.actions.len()];
        let uses = vec![(false, None); model.variables.len()];
        Self { reached, at: 0, actions, leaves: BTreeMap::new(), uses }
    }

    /// Looks at one instance, and in the end reports; whether there was anything to do.
    pub fn advance(&mut self, model: &Model, findings: &mut Findings) -> bool {
        if !self.reached.complete || self.at > self.reached.instances.len() {
            return false;
        }
        if self.at < self.reached.instances.len() {
            self.instance();
        } else {
            self.report(model, findings);
        }
        self.at += 1;
        true
    }

    fn instance(&mut self) {
        let instance = &self.reached.instances[self.at];
        let (first, applies) = &mut self.actions[instance.action];
        first.get_or_insert(self.at);
        *applies |= self.reached.applied[self.at].is_some();
        let mut read = Vec::new();
        variables(&instance.precondition, &mut read);
        for effect in &instance.effects {
            self.uses[effect.variable].1.get_or_insert(effect.span);
            if let Operand::Variable(other) = effect.value {
                read.push(other);
            }
        }
        read.extend(instance.per.iter().map(|(variable, _)| *variable));
        for variable in read {
            self.uses[variable].0 = true;
        }
        let mut leaves = Vec::new();
        positive_leaves(&instance.precondition, true, &mut leaves);
        for leaf in leaves {
            let GroundCondition::Compare { span, .. } = leaf else { continue };
            let possible = self.reached.could_hold(leaf);
            let entry = self.leaves.entry(*span).or_insert_with(|| Some((leaf.clone(), self.at)));
            if possible {
                *entry = None;
            }
        }
    }

    fn report(&mut self, model: &Model, findings: &mut Findings) {
        let mut turned = BTreeMap::new();
        self.report_goals(model, findings, &mut turned);
        self.report_leaves(model, findings, &mut turned);
        self.report_actions(model, findings, &turned);
        for (span, report) in turned {
            debug_assert_eq!(report.span, span);
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

    fn report_goals(
        &mut self,
        model: &Model,
        findings: &mut Findings,
        turned: &mut BTreeMap<Span, Diagnostic>,
    ) {
        let mut cursor = super::super::instance::Cursor::new(model);
        for (index, goal) in self.reached.goals.iter().enumerate() {
            let when = model.goals.get(index).and_then(|goal| cursor.goal(&goal.when));
            let mut read = Vec::new();
            if let Some(when) = &when {
                variables(when, &mut read);
            }
            for (condition, first) in &goal.conditions {
                variables(condition, &mut read);
                let Some(culprit) = self.reached.culprit(condition, true).filter(|_| first.is_none()) else {
                    continue;
                };
                let Some(blame) = self.reached.blame_condition(model, &culprit, AskedBy::Goal(index)) else {
                    continue;
                };
                findings.push(self.never_true(model, &blame));
                self.turn(model, &blame, turned);
            }
            for variable in read {
                self.uses[variable].0 = true;
            }
        }
    }

    fn report_leaves(&self, model: &Model, findings: &mut Findings, turned: &mut BTreeMap<Span, Diagnostic>) {
        for (leaf, instance) in self.leaves.values().flatten() {
            let produced = Leaf::of(leaf).is_none_or(|leaf| self.reached.has_producer(leaf));
            if findings.is_crowded() || produced {
                continue;
            }
            let asked_by = AskedBy::Instance(*instance);
            if let Some(blame) = self.reached.blame_condition(model, leaf, asked_by) {
                findings.push(self.never_true(model, &blame));
                self.turn(model, &blame, turned);
            }
        }
    }

    /// An action that only an effect reported in `turned` keeps from applying is not reported again.
    fn report_actions(&self, model: &Model, findings: &mut Findings, turned: &BTreeMap<Span, Diagnostic>) {
        for (action, (first, applies)) in model.actions.iter().zip(&self.actions) {
            if *applies || findings.is_crowded() {
                continue;
            }
            let name = shortened(&action.name);
            let report = |why: String| {
                Diagnostic::warning(
                    codes::NEVER_APPLIES,
                    action.span,
                    format!("`{name}` can never apply: {why}"),
                )
            };
            let Some(first) = first else {
                findings.push(
                    report("it has no instance".to_owned())
                        .with_help("a parameter has no values, or every instance writes a variable twice"),
                );
                continue;
            };
            findings.push(match self.reached.obstacle(*first) {
                Some(Obstacle::Condition(culprit)) => {
                    let asked_by = AskedBy::Instance(*first);
                    let blame = self.reached.blame_condition(model, &culprit, asked_by);
                    let help = blame.map_or_else(String::new, |blame| self.cause(model, &blame));
                    report(format!("`{}` is never true", text::condition(model, &culprit))).with_help(help)
                }
                Some(Obstacle::Effect(at)) => {
                    if action.effects.get(at).is_some_and(|effect| turned.contains_key(&effect.operator_span))
                    {
                        continue;
                    }
                    let effect = text::effect(model, &self.reached.instances[*first].effects[at]);
                    report(format!("`{effect}` always leaves what the variable can hold"))
                        .with_help("widen the range, or change the effect")
                }
                _ => report("its conditions are never true at once".to_owned())
                    .with_help("look for two conditions on one variable that exclude each other"),
            });
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

    /// What lies at the end of the chain, in a sentence.
    fn cause(&self, model: &Model, blame: &Blame) -> String {
        let Some(last) = blame.links.last() else { return String::new() };
        let GroundCondition::Compare { variable, .. } = last.condition else { return String::new() };
        let name = shortened(text::name(model, variable));
        let condition = text::condition(model, &last.condition);
        let start = model.variables.get(variable).map_or_else(String::new, |one| one.initial.to_string());
        let asked = match last.asked_by {
            AskedBy::Instance(at) if blame.links.len() > 1 => {
                format!("{} needs `{condition}`; ", text::instance(model, &self.reached.instances[at]))
            }
            _ => String::new(),
        };
        let producer = |at: usize| text::instance(model, &self.reached.instances[at]);
        match blame.root {
            Root::NoProducer => {
                format!(
                    "{asked}`{name}` starts at {start}, and no effect moves it there: add one, or change the condition"
                )
            }
            Root::OutOfReach => {
                format!("{asked}`{name}` reaches only {}", self.reached.describe(model, variable))
            }
            Root::Cycle => format!("{asked}the actions that would make it true wait for each other"),
            Root::Together(at) => format!("{asked}the conditions of {} are never true at once", producer(at)),
            Root::Range(at) => format!("{asked}an effect of {} always leaves its range", producer(at)),
        }
    }

    /// Reports the effect that moves the last link's variable the wrong way, once.
    fn turn(&self, model: &Model, blame: &Blame, turned: &mut BTreeMap<Span, Diagnostic>) {
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
                let action = model.actions.get(self.reached.instances[at].action);
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
}

/// The comparisons that help `condition` by being true.
fn positive_leaves<'c>(condition: &'c GroundCondition, positive: bool, out: &mut Vec<&'c GroundCondition>) {
    match condition {
        GroundCondition::All(parts) | GroundCondition::Any(parts) => {
            for part in parts {
                positive_leaves(part, positive, out);
            }
        }
        GroundCondition::Not(part) => positive_leaves(part, !positive, out),
        GroundCondition::Compare { .. } if positive => out.push(condition),
        GroundCondition::Compare { .. } => {}
    }
}
