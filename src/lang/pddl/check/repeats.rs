//! Findings that one slip would raise in many places: the first is reported, the others are counted.

use std::collections::BTreeMap;

use super::super::findings::Findings;
use crate::diagnostic::Severity;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Type,
    Predicate,
    Function,
    Object,
    Variable,
    /// An argument by its name and what is wanted of it.
    Argument,
    /// A parameter and the type of what does not fit it.
    Parameter,
    /// A predicate or function and a number of arguments that it does not take.
    Arity,
}

/// Errors reported so far, by what they are about.
#[derive(Clone, Debug, Default)]
pub(super) struct Repeats(BTreeMap<Of, Seen>);

/// What a finding is about: its kind and up to three numbers that tell it from others of the kind.
pub(super) type Of = (Kind, [u32; 3]);

#[derive(Clone, Copy, Debug)]
struct Seen {
    /// The finding, by its place among the errors.
    index: usize,
    /// Further places.
    more: usize,
}

impl Repeats {
    /// Whether nothing was reported about `of` yet and one more error is kept. If so, the caller reports it before
    /// anything else; if not, this place is counted.
    pub(super) fn is_first(&mut self, of: Of, findings: &mut Findings) -> bool {
        if let Some(seen) = self.0.get_mut(&of) {
            seen.more += 1;
            return false;
        }
        if !findings.wants(Severity::Error) {
            return false;
        }
        self.0.insert(of, Seen { index: findings.errors(), more: 0 });
        true
    }

    /// The same for a finding with two possible causes: where either was reported, this place is counted with it.
    pub(super) fn is_first_of_both(&mut self, one: Of, other: Of, findings: &mut Findings) -> bool {
        for (seen, unseen) in [(one, other), (other, one)] {
            if let Some(&Seen { index, .. }) = self.0.get(&seen) {
                self.is_first(seen, findings);
                self.0.entry(unseen).or_insert(Seen { index, more: 0 });
                return false;
            }
        }
        let index = findings.errors();
        let is_first = self.is_first(one, findings);
        if is_first {
            self.0.insert(other, Seen { index, more: 0 });
        }
        is_first
    }

    /// Says of each finding in how many further places the same is wrong.
    pub(super) fn tell(self, findings: &mut Findings) {
        let mut more: BTreeMap<usize, usize> = BTreeMap::new();
        self.0.into_values().for_each(|seen| *more.entry(seen.index).or_default() += seen.more);
        for (index, more) in more {
            match more {
                0 => {}
                1 => findings.amend(index, "; the same stands in one more place"),
                _ => findings.amend(index, &format!("; the same stands in {more} more places")),
            }
        }
    }
}
