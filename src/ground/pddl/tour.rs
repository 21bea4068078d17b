//! Walks over ground formulas that can stop anywhere and go on later: to visit leaves, and to rewrite them.
//!
//! A walk remembers where it is by indices, not by references, so that its owner can hold the formula too. Going
//! on costs O(depth), which the language bounds.

use super::formulas::{TRUE, truth};
use super::parts::Parts;
use super::room::Room;
use crate::task::{Formula, OutOfMemory};

/// A walk over the leaves of one formula, from left to right.
#[derive(Clone, Debug, Default)]
pub(super) struct Tour {
    /// The next part of each list that is open, outermost first.
    path: Vec<usize>,
    is_begun: bool,
}

/// What a walk comes by.
enum Stop<'f> {
    Opens { is_and: bool },
    Leaf(&'f Formula),
    Closes,
}

/// Where a walk goes from there.
#[derive(PartialEq, Eq)]
enum Next {
    /// On.
    On,
    /// Out of this list and of so many around it.
    Out(usize),
}

impl Tour {
    /// Visits leaves until all were (true) or `moves`, which are counted down, are used up. Always given the same
    /// formula.
    pub(super) fn visit(
        &mut self,
        formula: &Formula,
        moves: &mut u32,
        leaf: &mut dyn FnMut(&Formula),
    ) -> bool {
        self.run(formula, moves, &mut |stop| {
            if let Stop::Leaf(one) = stop {
                leaf(one);
            }
            Ok(Next::On)
        }) == Ok(true)
    }

    fn run(
        &mut self,
        formula: &Formula,
        moves: &mut u32,
        meet: &mut dyn FnMut(Stop<'_>) -> Result<Next, OutOfMemory>,
    ) -> Result<bool, OutOfMemory> {
        let Some((parts, is_and)) = list(formula) else {
            meet(Stop::Leaf(formula))?;
            return Ok(true);
        };
        if !std::mem::replace(&mut self.is_begun, true) {
            meet(Stop::Opens { is_and })?;
            self.path.push(0);
        }
        let mut open = vec![parts];
        for &next in self.path.iter().take(self.path.len().saturating_sub(1)) {
            let within = open.last().and_then(|parts| parts.get(next - 1)).and_then(list);
            open.extend(within.map(|one| one.0));
        }
        while let (Some(at), Some(&parts)) = (self.path.last_mut(), open.last()) {
            if *moves == 0 {
                return Ok(false);
            }
            *moves -= 1;
            let next = match parts.get(*at) {
                Some(part) => {
                    *at += 1;
                    match list(part) {
                        Some((inner, is_and)) => {
                            self.path.push(0);
                            open.push(inner);
                            meet(Stop::Opens { is_and })?
                        }
                        None => meet(Stop::Leaf(part))?,
                    }
                }
                None => {
                    self.path.pop();
                    open.pop();
                    meet(Stop::Closes)?
                }
            };
            if let Next::Out(lists) = next {
                self.path.truncate(self.path.len() - lists);
                open.truncate(open.len() - lists);
            }
        }
        Ok(true)
    }
}

/// The parts of a list, and whether it is a conjunction.
fn list(formula: &Formula) -> Option<(&[Formula], bool)> {
    match formula {
        Formula::And(parts) => Some((parts, true)),
        Formula::Or(parts) => Some((parts, false)),
        Formula::Fact(_) | Formula::NotFact(_) | Formula::Numeric(_) => None,
    }
}

/// Makes another formula of one, leaf by leaf, simplified: what is true or false falls away or decides its list,
/// and lists within lists of their kind are merged.
#[derive(Clone, Debug, Default)]
pub(super) struct Rewrite {
    tour: Tour,
    lists: Lists,
}

/// The lists that are open, outermost first, and the whole in the end.
#[derive(Clone, Debug, Default)]
struct Lists {
    /// Whether a list is a conjunction, and where its parts begin.
    open: Vec<(bool, usize)>,
    parts: Parts,
    whole: Option<Formula>,
    /// Bytes that the whole points to, also once it is handed over.
    whole_bytes: usize,
}

impl Rewrite {
    /// Goes on until the formula is there or `moves`, which are counted down, are used up. Always given the same
    /// source.
    pub(super) fn run(
        &mut self,
        source: &Formula,
        room: Room,
        moves: &mut u32,
        leaf: &mut dyn FnMut(&Formula) -> Formula,
    ) -> Result<Option<Formula>, OutOfMemory> {
        let Self { tour, lists } = self;
        let is_done = tour.run(source, moves, &mut |stop| match stop {
            Stop::Opens { is_and } => {
                lists.open.push((is_and, lists.parts.len()));
                Ok(Next::On)
            }
            Stop::Leaf(one) => lists.give(leaf(one), room),
            Stop::Closes => lists.close(room),
        })?;
        Ok(is_done.then(|| lists.whole.take().unwrap_or(TRUE)))
    }
}

impl Rewrite {
    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.lists.parts.memory_bytes() + self.lists.whole_bytes
    }
}

impl Lists {
    /// Adds a part to the innermost list; says which lists are decided by it.
    fn give(&mut self, part: Formula, room: Room) -> Result<Next, OutOfMemory> {
        let mut decided = 0;
        while let Some(&(is_and, begin)) = self.open.last() {
            match part {
                Formula::And(inner) if is_and => self.parts.append(inner, room)?,
                Formula::Or(inner) if !is_and => self.parts.append(inner, room)?,
                _ if part == truth(!is_and) => {
                    self.parts.truncate(begin);
                    self.open.pop();
                    decided += 1;
                    continue;
                }
                other => self.parts.push(other, room)?,
            }
            return Ok(if decided == 0 { Next::On } else { Next::Out(decided) });
        }
        self.whole_bytes = part.inner_bytes();
        self.whole = Some(part);
        Ok(if decided == 0 { Next::On } else { Next::Out(decided) })
    }

    /// Ends the innermost list.
    fn close(&mut self, room: Room) -> Result<Next, OutOfMemory> {
        let Some((is_and, begin)) = self.open.pop() else { return Ok(Next::On) };
        let whole = if self.parts.len() == begin + 1 {
            self.parts.pop().unwrap_or(TRUE)
        } else {
            self.parts.close(begin, is_and, room)?
        };
        self.give(whole, room)
    }
}

#[cfg(test)]
mod tests {
    use super::super::formulas::FALSE;
    use super::*;
    use crate::hash::SplitMix64;
    use crate::task::{Fact, VariableId};

    fn fact(variable: u64) -> Formula {
        Formula::Fact(Fact { variable: VariableId(variable as u32), value: 1 })
    }

    fn random(depth: u64, random_number: &mut SplitMix64) -> Formula {
        let kind = random_number.next_u64() % if depth == 0 { 2 } else { 5 };
        let mut parts = |count: u64| (0..count).map(|_| random(depth - 1, random_number)).collect();
        match kind {
            0 | 1 => fact(random_number.next_u64() % 8),
            2 => Formula::And(parts(3)),
            3 => Formula::Or(parts(3)),
            _ => Formula::And(parts(0)),
        }
    }

    /// Facts below 2 are true, those below 4 are false.
    fn known(leaf: &Formula) -> Formula {
        match leaf {
            Formula::Fact(fact) if fact.variable.0 < 2 => TRUE,
            Formula::Fact(fact) if fact.variable.0 < 4 => FALSE,
            other => other.clone(),
        }
    }

    /// Whether a formula holds where the facts of `set` and 0 and 1 do, and 2 and 3 do not.
    fn holds(formula: &Formula, set: u32) -> bool {
        match formula {
            Formula::Fact(fact) => (set & !0b1100 | 0b11) >> fact.variable.0 & 1 != 0,
            Formula::And(parts) => parts.iter().all(|part| holds(part, set)),
            Formula::Or(parts) => parts.iter().any(|part| holds(part, set)),
            _ => false,
        }
    }

    fn is_simple(formula: &Formula) -> bool {
        let within = |is_and: bool, parts: &[Formula]| {
            let same = |part: &Formula| list(part).is_some_and(|one| one.1 == is_and || one.0.is_empty());
            parts.len() != 1 && !parts.iter().any(same) && parts.iter().all(is_simple)
        };
        list(formula).is_none_or(|(parts, is_and)| within(is_and, parts))
    }

    #[test]
    fn a_formula_is_rewritten_to_the_same_one_however_the_work_is_cut() {
        let mut numbers = SplitMix64::new(7);
        for _ in 0..2_000 {
            let source = random(4, &mut numbers);
            let mut results = Vec::new();
            for piece in [1, 3, u32::MAX] {
                let mut rewrite = Rewrite::default();
                let found = loop {
                    let run = rewrite.run(&source, Room(1 << 30), &mut piece.clone(), &mut known);
                    if let Some(found) = run.expect("there is room") {
                        break found;
                    }
                };
                assert!(is_simple(&found), "{source:?}: {found:?}");
                let spare = rewrite.lists.parts.memory_bytes();
                assert_eq!(rewrite.memory_bytes(), found.inner_bytes() + spare, "{source:?}: {found:?}");
                assert!(
                    (0..256).all(|set| holds(&source, set) == holds(&found, set)),
                    "{source:?}: {found:?}"
                );
                results.push(found);
            }
            assert!(results.iter().all(|one| *one == results[0]), "{results:?}");
        }
    }

    #[test]
    fn each_leaf_is_visited_once_and_from_left_to_right() {
        let source =
            Formula::And(vec![fact(0), Formula::Or(vec![fact(1), Formula::And(vec![fact(2)])]), fact(3)]);
        let (mut tour, mut seen) = (Tour::default(), Vec::new());
        while !tour.visit(&source, &mut 1, &mut |leaf| seen.push(leaf.clone())) {}
        assert_eq!(seen, (0..4).map(fact).collect::<Vec<_>>());
    }
}
