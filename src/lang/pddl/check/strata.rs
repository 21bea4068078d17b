//! Strata of derived predicates: a rule reads its own stratum and those below, and negations of those
//! below alone.

use std::collections::BTreeMap;

use super::super::codes;
use super::super::model::{Condition, ConditionKind};
use super::world::World;
use crate::diagnostic::Span;

/// Sorts derived predicates into strata (Tarjan's strongly connected components, 1972).
#[derive(Debug, Default)]
pub(super) struct Strata {
    next_axiom: usize,
    /// For each derived predicate: what its rules read, whether negated, and where.
    edges: BTreeMap<u32, Vec<(u32, bool, Span)>>,
    roots: Option<Vec<u32>>,
    marks: BTreeMap<u32, Mark>,
    path: Vec<(u32, usize)>,
    stack: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    index: usize,
    lowest: usize,
    is_done: bool,
}

impl Strata {
    /// Reads one rule, or follows one edge; whether there is more to do.
    pub(super) fn advance(&mut self, world: &mut World) -> bool {
        if let Some(axiom) = world.model.axioms.get(self.next_axiom) {
            self.next_axiom += 1;
            let edges = self.edges.entry(axiom.predicate.0).or_default();
            reads(&axiom.condition, false, &mut |predicate, is_negated, span| {
                edges.push((predicate, is_negated, span));
            });
            return true;
        }
        let Some(&(own, next)) = self.path.last() else { return self.next_root() };
        let Some(&(other, _, _)) = self.edges.get(&own).and_then(|edges| edges.get(next)) else {
            self.leave(own, world);
            return true;
        };
        if let Some(last) = self.path.last_mut() {
            last.1 += 1;
        }
        match self.marks.get(&other).copied() {
            None if self.edges.contains_key(&other) => self.enter(other),
            Some(mark) if !mark.is_done => self.lower(own, mark.index),
            _ => {}
        }
        true
    }

    fn next_root(&mut self) -> bool {
        let roots = self.roots.get_or_insert_with(|| self.edges.keys().rev().copied().collect());
        let Some(root) = roots.pop() else { return false };
        if !self.marks.contains_key(&root) {
            self.enter(root);
        }
        true
    }

    fn enter(&mut self, predicate: u32) {
        let index = self.marks.len();
        self.marks.insert(predicate, Mark { index, lowest: index, is_done: false });
        self.path.push((predicate, 0));
        self.stack.push(predicate);
    }

    fn lower(&mut self, predicate: u32, index: usize) {
        if let Some(mark) = self.marks.get_mut(&predicate) {
            mark.lowest = mark.lowest.min(index);
        }
    }

    /// Ends the visit of `own`: all its edges have been followed.
    fn leave(&mut self, own: u32, world: &mut World) {
        self.path.pop();
        let Some(mark) = self.marks.get(&own).copied() else { return };
        if let Some(&(parent, _)) = self.path.last() {
            self.lower(parent, mark.lowest);
        }
        if mark.lowest != mark.index {
            return;
        }
        let at = self.stack.iter().rposition(|&one| one == own).unwrap_or(0);
        let component = self.stack.split_off(at);
        let mut stratum = 0;
        for &(other, is_negated, span) in component.iter().filter_map(|one| self.edges.get(one)).flatten() {
            // A predicate that was reached from here and is not done belongs to this component.
            let is_inside = self.marks.get(&other).is_some_and(|mark| !mark.is_done);
            if is_inside && is_negated {
                not_stratified(other, span, world);
            }
            if !is_inside {
                let below = world.model.predicates[other as usize].stratum;
                stratum = stratum.max(below.map_or(0, |below| below + u32::from(is_negated)));
            }
        }
        for one in component {
            world.model.predicates[one as usize].stratum = Some(stratum);
            if let Some(mark) = self.marks.get_mut(&one) {
                mark.is_done = true;
            }
        }
    }
}

fn not_stratified(predicate: u32, span: Span, world: &mut World) {
    let name = &world.model.predicates[predicate as usize].name;
    let message = format!("`{name}` depends on its own negation here, so that it has no meaning");
    let help = "no derived predicate may need, by way of its rules, that it does not hold";
    world.error(codes::NOT_STRATIFIED, span, message, help);
}

/// Atoms that a condition reads, with whether it needs them not to hold.
fn reads(condition: &Condition, is_negated: bool, visit: &mut dyn FnMut(u32, bool, Span)) {
    match &condition.kind {
        ConditionKind::Atom(predicate, _) => visit(predicate.0, is_negated, condition.span),
        ConditionKind::Equal(..) | ConditionKind::Compare(..) => {}
        ConditionKind::Not(part) => reads(part, !is_negated, visit),
        ConditionKind::And(parts) | ConditionKind::Or(parts) => {
            parts.iter().for_each(|part| reads(part, is_negated, visit));
        }
        ConditionKind::Imply(sides) => {
            reads(&sides[0], !is_negated, visit);
            reads(&sides[1], is_negated, visit);
        }
        ConditionKind::Forall(inner) | ConditionKind::Exists(inner) => {
            reads(&inner.body, is_negated, visit);
        }
    }
}
