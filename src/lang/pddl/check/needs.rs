//! What a text can need, the requirements that allow it, and what is declared and used so far.

use crate::diagnostic::Span;

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
/// From this need on, nothing is supported.
pub(super) const FIRST_UNSUPPORTED: usize = Temporal as usize;

const ADL: &[Need] = &[Typing, Equality, Negative, Disjunctive, Existential, Universal, Conditional];

/// Requirements with what each allows. After `:strips` stands one requirement for each need, in the order of
/// [`Need`]: the one to add where that need is not declared.
pub(super) const REQUIREMENTS: &[(&str, &[Need])] = &[
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

/// The requirements that are supported, each with its colon.
pub fn supported_requirements() -> impl Iterator<Item = &'static str> {
    let is_met =
        |needs: &[Need]| needs.is_empty() || needs.iter().any(|&need| (need as usize) < FIRST_UNSUPPORTED);
    REQUIREMENTS.iter().filter(move |(_, needs)| is_met(needs)).map(|(name, _)| *name)
}

/// The needs that are declared and used so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    /// A bit for each need.
    pub(super) declared: u32,
    /// For each need, the first place that has it.
    pub(super) used: [Option<Span>; COUNT],
    /// Declared requirements that allow only what is not supported: the index into [`REQUIREMENTS`] and the place.
    pub(super) unsupported: Vec<(usize, Span)>,
    /// Where the first list of requirements ends; none without a list.
    pub(super) end: Option<Span>,
    /// Where a list of requirements could be put.
    pub(super) place: Option<Span>,
}

impl Needs {
    /// Notes that `need` is used at `span`. The first place in the texts is kept.
    pub(super) fn note(&mut self, need: Need, span: Span) {
        let used = &mut self.used[need as usize];
        *used = Some(used.map_or(span, |before| before.min(span)));
    }

    /// Notes that types are used at `span`.
    pub(super) fn typing(&mut self, span: Span) {
        self.note(Typing, span);
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
