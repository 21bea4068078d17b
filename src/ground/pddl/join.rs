//! Executes a join plan, a bounded number of moves at a time.

use super::join_plans::{Match, Plan, Plans, Step};
use super::world::{NONE, World};

/// A walk through the matches of one plan.
#[derive(Debug, Default)]
pub(super) struct Join {
    /// Index of the plan.
    pub(super) plan: u32,
    /// The place of the triggering atom in the order in which atoms are reached. Later atoms are ignored.
    now: u32,
    /// For each step that has begun: where to continue it.
    pub(super) cursors: Vec<u32>,
    is_fresh: bool,
    key: Vec<u32>,
}

/// The result of a part of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    /// A binding was found. The walk can be continued.
    Found,
    /// The allowed moves were used up.
    Paused,
    /// There are no more bindings.
    Done,
}

impl Join {
    /// Starts a plan; `atom` is the triggering atom, if the plan has a trigger. In `bound`, all slots must be
    /// bound except those of the body's variables. Answers false if the atom does not match.
    pub(super) fn begin(
        &mut self,
        world: &World,
        plans: &Plans,
        plan: u32,
        atom: Option<u32>,
        bound: &mut [u32],
    ) -> bool {
        self.plan = plan;
        self.cursors.clear();
        self.is_fresh = true;
        self.now = atom.map_or(NONE - 1, |atom| world.order(atom));
        let matches = &plans.all[plan as usize].matches;
        atom.is_none_or(|atom| does_match(world, matches, world.atoms.arguments(atom), bound))
    }

    /// Continues behind an earlier match, which had these cursors, of a plan without a trigger.
    pub(super) fn resume(&mut self, plan: u32, cursors: &[u32]) {
        self.plan = plan;
        self.cursors.clear();
        self.cursors.extend_from_slice(cursors);
        self.is_fresh = false;
        self.now = NONE - 1;
    }

    /// Continues to the next binding and writes it to `bound`. It makes at most `moves` moves and counts them
    /// down. Between two calls, nothing else may change `bound`.
    pub(super) fn walk(&mut self, world: &World, plans: &Plans, bound: &mut [u32], moves: &mut u32) -> Walk {
        let plan = &plans.all[self.plan as usize];
        if self.is_fresh {
            self.is_fresh = false;
            if plan.steps.is_empty() {
                return Walk::Found;
            }
            self.enter(world, plans, plan, bound);
        }
        while !self.cursors.is_empty() {
            if *moves == 0 {
                return Walk::Paused;
            }
            *moves -= 1;
            match self.advance(world, plans, plan, bound, moves) {
                Walk::Paused => return Walk::Paused,
                Walk::Done => {
                    self.cursors.pop();
                }
                Walk::Found if self.cursors.len() == plan.steps.len() => return Walk::Found,
                Walk::Found => self.enter(world, plans, plan, bound),
            }
        }
        Walk::Done
    }

    /// Starts the next step of the plan.
    fn enter(&mut self, world: &World, plans: &Plans, plan: &Plan, bound: &[u32]) {
        let first = match &plan.steps[self.cursors.len()] {
            Step::Scan { relation, key, .. } => {
                self.key.clear();
                self.key.extend(key.iter().map(|term| term.value(bound)));
                plans.relations[*relation as usize].first(&world.atoms, &self.key)
            }
            Step::Check { .. } | Step::Filter { .. } | Step::Enumerate { .. } => 0,
        };
        self.cursors.push(first);
    }

    /// Finds the next match of the last step; [`Walk::Done`] if there is none. Atoms that do not match count
    /// as moves too.
    fn advance(
        &mut self,
        world: &World,
        plans: &Plans,
        plan: &Plan,
        bound: &mut [u32],
        moves: &mut u32,
    ) -> Walk {
        let depth = self.cursors.len() - 1;
        let cursor = self.cursors[depth];
        let body = &plans.bodies[plan.body as usize];
        let does_match = match &plan.steps[depth] {
            Step::Scan { relation, matches, is_older, .. } => {
                let relation = &plans.relations[*relation as usize];
                let mut at = cursor;
                while at != NONE {
                    let (atom, next) = relation.entry(at);
                    at = next;
                    self.cursors[depth] = at;
                    let is_too_young = *is_older && world.order(atom) >= self.now;
                    if !is_too_young && does_match(world, matches, world.atoms.arguments(atom), bound) {
                        return Walk::Found;
                    }
                    if *moves == 0 {
                        return Walk::Paused;
                    }
                    *moves -= 1;
                }
                false
            }
            Step::Check { literal, is_older } => {
                let found = world.find(&body.core[*literal as usize], bound);
                let limit = self.now + u32::from(!is_older);
                self.cursors[depth] = NONE;
                cursor == 0 && found.is_some_and(|atom| world.order(atom) < limit)
            }
            Step::Filter { filter } => {
                let (condition, wanted) = &body.filters[*filter as usize];
                self.cursors[depth] = NONE;
                cursor == 0 && world.holds(condition, bound) == *wanted
            }
            Step::Enumerate { slot, domain } => {
                let object = world.lifted.domains.objects(*domain).get(cursor as usize);
                if let Some(&object) = object {
                    bound[*slot as usize] = object;
                    self.cursors[depth] = cursor + 1;
                }
                object.is_some()
            }
        };
        if does_match { Walk::Found } else { Walk::Done }
    }
}

#[inline]
fn does_match(world: &World, matches: &[Match], arguments: &[u32], bound: &mut [u32]) -> bool {
    matches.iter().all(|one| match *one {
        Match::Bind { position, slot, domain } => {
            let object = arguments[position as usize];
            bound[slot as usize] = object;
            world.lifted.domains.contains(domain, object)
        }
        Match::Same { position, term } => arguments[position as usize] == term.value(bound),
    })
}
