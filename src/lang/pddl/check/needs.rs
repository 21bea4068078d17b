//! Requirements: which are declared, and which are used where.

use super::super::codes;
use super::super::syntax::NodeId;
use super::world::World;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::lang::nearest::nearest;

/// What a text can need; a bit of a mask each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Need {
    Typing,
    Equality,
    Negative,
    Disjunctive,
    Existential,
    Universal,
    Conditional,
    Derived,
    Numeric,
    Costs,
    Temporal,
    Timed,
    Preferences,
    Constraints,
    ObjectFluents,
    Continuous,
}

use Need::{
    Conditional, Constraints, Continuous, Costs, Derived, Disjunctive, Equality, Existential, Negative,
    Numeric, ObjectFluents, Preferences, Temporal, Timed, Typing, Universal,
};

const COUNT: usize = Continuous as usize + 1;
/// From here on, nothing is supported.
const FIRST_UNSUPPORTED: usize = Temporal as usize;

const ADL: &[Need] = &[Typing, Equality, Negative, Disjunctive, Existential, Universal, Conditional];

/// Requirements with what each allows. For a need the first that allows it alone is the one to add.
const REQUIREMENTS: &[(&str, &[Need])] = &[
    (":strips", &[]),
    (":typing", &[Typing]),
    (":equality", &[Equality]),
    (":negative-preconditions", &[Negative]),
    (":disjunctive-preconditions", &[Disjunctive, Negative]),
    (":existential-preconditions", &[Existential]),
    (":universal-preconditions", &[Universal]),
    (":conditional-effects", &[Conditional]),
    (":derived-predicates", &[Derived]),
    (":numeric-fluents", &[Numeric, Costs]),
    (":action-costs", &[Costs]),
    (":durative-actions", &[Temporal]),
    (":timed-initial-literals", &[Timed]),
    (":preferences", &[Preferences]),
    (":constraints", &[Constraints]),
    (":object-fluents", &[ObjectFluents]),
    (":continuous-effects", &[Continuous]),
    (":quantified-preconditions", &[Existential, Universal]),
    (":adl", ADL),
    (":fluents", &[Numeric, Costs, ObjectFluents]),
    (":negation", &[Negative]),
    (":domain-axioms", &[Derived]),
    (":duration-inequalities", &[Temporal]),
    (":time", &[Continuous, Temporal]),
    (":processes", &[Continuous]),
    (":events", &[Continuous]),
    (":timed-initial-fluents", &[Timed]),
    (":timed-initial-effects", &[Timed]),
];

/// Requirements read of one list.
const LISTED_MAX: usize = 1000;

/// Declared and used so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    declared: u32,
    used: [Option<Span>; COUNT],
    /// Per requirement declared that allows something unsupported, its place.
    unsupported: Vec<(usize, Span)>,
    /// Where the first list of requirements ends, and whether there is one.
    end: Option<Span>,
    /// Where a list of requirements could be put.
    pub(super) place: Option<Span>,
}

impl Needs {
    /// Takes note that something is used at `span`; the first place in the texts counts.
    pub(super) fn note(&mut self, need: Need, span: Span) {
        let used = &mut self.used[need as usize];
        *used = Some(used.map_or(span, |before| before.min(span)));
    }

    /// The same for types.
    pub(super) fn typing(&mut self, span: Span) {
        self.note(Typing, span);
    }
}

impl World {
    /// Reads `(:requirements …)`.
    pub(super) fn requirements(&mut self, section: NodeId) {
        let span = self.tree.span(section);
        self.needs.end.get_or_insert(Span { start: span.end - 1, end: span.end - 1 });
        let mut cursor = self.tree.cursor(section);
        cursor.take(&self.tree);
        let mut left = LISTED_MAX;
        while let Some(item) = cursor.take(&self.tree).filter(|_| left > 0) {
            left -= 1;
            let name = self.tree.name(item);
            let span = self.tree.span(item);
            let Some(index) = REQUIREMENTS.iter().position(|one| one.0 == name) else {
                self.unknown_requirement(item, section);
                continue;
            };
            let allowed = REQUIREMENTS[index].1;
            for &need in allowed {
                self.needs.declared |= 1 << need as u8;
            }
            if allowed.iter().all(|&need| need as usize >= FIRST_UNSUPPORTED) && !allowed.is_empty() {
                self.needs.unsupported.push((index, span));
            }
        }
    }

    fn unknown_requirement(&mut self, item: NodeId, section: NodeId) {
        if !self.findings.wants(Severity::Warning) {
            return;
        }
        let (span, name) = (self.tree.opening(item), self.tree.name(item));
        let message = if name.is_empty() {
            "a list stands where a requirement is expected".to_owned()
        } else {
            format!("the requirement `{name}` is not known")
        };
        let finding = Diagnostic::warning(codes::UNKNOWN_REQUIREMENT, span, message);
        let is_listed = |name: &str| self.tree.items(section).any(|item| self.tree.name(item) == name);
        let others = REQUIREMENTS.iter().map(|one| one.0).filter(|name| !is_listed(name));
        let finding = match nearest(name, others) {
            Some(near) => finding.with_help(format!("did you mean `{near}`?")).with_fix(
                format!("Change to `{near}`"),
                span,
                near,
            ),
            None => finding.with_help("it is passed over; remove it"),
        };
        self.findings.push(finding);
    }

    /// Reports what is used and not declared, and what is declared, not supported and not used.
    pub(super) fn check_requirements(&mut self) {
        let needs = std::mem::take(&mut self.needs);
        for (index, (name, allowed)) in REQUIREMENTS.iter().take(FIRST_UNSUPPORTED + 1).enumerate() {
            let Some(&need) = allowed.first() else { continue };
            debug_assert_eq!(need as usize + 1, index);
            let is_declared = needs.declared & (1 << need as u8) != 0;
            let Some(span) = needs.used[need as usize].filter(|_| !is_declared) else { continue };
            let message = format!("this needs the requirement `{name}`, which is not declared");
            let finding = Diagnostic::warning(codes::UNDECLARED_REQUIREMENT, span, message)
                .with_help(format!("add `{name}` to `:requirements`; it is solved all the same"));
            self.findings.push(match (needs.end, needs.place) {
                (Some(end), _) => finding.with_fix(format!("Declare `{name}`"), end, format!(" {name}")),
                (None, Some(place)) => {
                    let text = format!("\n  (:requirements {name})");
                    finding.with_fix(format!("Declare `{name}`"), place, text)
                }
                (None, None) => finding,
            });
        }
        for (index, span) in needs.unsupported {
            let (name, allowed) = REQUIREMENTS[index];
            if allowed.iter().all(|&need| needs.used[need as usize].is_none()) {
                let message = format!("`{name}` is not supported; nothing here uses it");
                self.warn(codes::UNSUPPORTED_REQUIREMENT, span, message, "remove it");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{COUNT, REQUIREMENTS};

    #[test]
    fn each_need_has_its_own_requirement() {
        for (index, (name, allowed)) in REQUIREMENTS.iter().take(COUNT + 1).enumerate().skip(1) {
            assert_eq!(allowed[0] as usize + 1, index, "{name}");
        }
    }
}
