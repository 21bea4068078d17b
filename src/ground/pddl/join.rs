//! Walking a join plan, a bounded number of moves at a time.

use super::plan::{Match, Plan, Plans, Step};
use super::world::{NONE, World};

/// A walk through the matches of one plan.
#[derive(Debug, Default)]
pub(super) struct Join {
    /// Index of the plan.
    pub(super) plan: u32,
    /// The binding: complete for the schema's parameters where one is found.
    pub(super) bound: Vec<u32>,
    /// The triggering atom's place in the order of reaching; later atoms are not matched.
    now: u32,
    /// Per step that has begun, where to go on.
    cursors: Vec<u32>,
    is_fresh: bool,
    key: Vec<u32>,
}

/// What a part of a walk came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    /// A binding was found; go on afterwards.
    Found,
    /// The allowance was used up.
    Paused,
    /// There are no more.
    Done,
}

impl Join {
    /// Begins a plan, for an atom where it has a trigger. False where the atom does not match it.
    pub(super) fn begin(&mut self, world: &World, plans: &Plans, plan: u32, atom: Option<u32>) -> bool {
        let Plan { schema, matches, .. } = &plans.all[plan as usize];
        self.plan = plan;
        self.bound.clear();
        self.bound.resize(world.lifted.schemas[*schema as usize].slots as usize, 0);
        self.cursors.clear();
        self.is_fresh = true;
        self.now = atom.map_or(NONE - 1, |atom| world.order(atom));
        atom.is_none_or(|atom| does_match(world, matches, world.atoms.arguments(atom), &mut self.bound))
    }

    /// Goes on to the next binding, making at most `moves` moves, which are counted down.
    pub(super) fn walk(&mut self, world: &World, plans: &Plans, moves: &mut u32) -> Walk {
        let plan = &plans.all[self.plan as usize];
        if self.is_fresh {
            self.is_fresh = false;
            if plan.steps.is_empty() {
                return Walk::Found;
            }
            self.enter(world, plans, plan);
        }
        while !self.cursors.is_empty() {
            if *moves == 0 {
                return Walk::Paused;
            }
            *moves -= 1;
            if !self.advance(world, plans, plan) {
                self.cursors.pop();
            } else if self.cursors.len() == plan.steps.len() {
                return Walk::Found;
            } else {
                self.enter(world, plans, plan);
            }
        }
        Walk::Done
    }

    /// Opens the next step.
    fn enter(&mut self, world: &World, plans: &Plans, plan: &Plan) {
        let first = match &plan.steps[self.cursors.len()] {
            Step::Scan { relation, key, .. } => {
                self.key.clear();
                self.key.extend(key.iter().map(|term| term.value(&self.bound)));
                plans.relations[*relation as usize].first(&world.atoms, &self.key)
            }
            Step::Check { .. } | Step::Filter { .. } | Step::Enumerate { .. } => 0,
        };
        self.cursors.push(first);
    }

    /// Makes the next match of the last step; false where there is none.
    fn advance(&mut self, world: &World, plans: &Plans, plan: &Plan) -> bool {
        let depth = self.cursors.len() - 1;
        let cursor = self.cursors[depth];
        match &plan.steps[depth] {
            Step::Scan { relation, matches, is_older, .. } => {
                let relation = &plans.relations[*relation as usize];
                let mut at = cursor;
                while at != NONE {
                    let (atom, next) = relation.entry(at);
                    at = next;
                    let is_too_young = *is_older && world.order(atom) >= self.now;
                    if !is_too_young
                        && does_match(world, matches, world.atoms.arguments(atom), &mut self.bound)
                    {
                        self.cursors[depth] = at;
                        return true;
                    }
                }
                false
            }
            Step::Check { literal, is_older } => {
                let schema = &world.lifted.schemas[plan.schema as usize];
                let found = world.find(&schema.core[*literal as usize], &self.bound);
                let limit = self.now + u32::from(!is_older);
                self.cursors[depth] = NONE;
                cursor == 0 && found.is_some_and(|atom| world.order(atom) < limit)
            }
            Step::Filter { filter } => {
                let schema = &world.lifted.schemas[plan.schema as usize];
                self.cursors[depth] = NONE;
                cursor == 0 && world.may_hold(&schema.filters[*filter as usize], &mut self.bound)
            }
            Step::Enumerate { slot, domain } => {
                let object = world.lifted.domains.objects(*domain).get(cursor as usize);
                if let Some(&object) = object {
                    self.bound[*slot as usize] = object;
                    self.cursors[depth] = cursor + 1;
                }
                object.is_some()
            }
        }
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
