//! From lists of words to a [`Model`]: sections in the order in which they build on each other, item by
//! item.
//!
//! Reading never stops at a finding. What could not be read is left out, and not reported again by what
//! builds on it. A model comes out only where there was no error.

mod action;
mod arguments;
mod condition;
mod connective;
mod declare;
mod effect;
mod expression;
mod fit;
mod init;
mod layout;
mod metric;
mod names;
mod needs;
mod repeats;
mod requirements;
mod strata;
mod typed;
mod types;
mod unknown;
mod world;

use super::findings::Findings;
use super::model::Model;
use super::syntax::{Cursor, NodeId, Tree};
use action::{ActionReader, AxiomReader};
use condition::ConditionReader;
use declare::{Objects, behind_head};
use init::InitReader;
use layout::{Layout, Sections};
use metric::Costs;
use strata::Strata;
use typed::{Step, TypedList};
use types::{Closing, Members, Types};
use world::World;

/// Steps through the graph of types that count as one item.
const STEPS_PER_ITEM: usize = 16;

/// Checks the texts of a [`Tree`].
#[derive(Debug)]
pub(super) struct Check {
    world: World,
    sections: Sections,
    phase: usize,
    /// Next section of the phase.
    next: usize,
    job: Option<Job>,
    has_problem: bool,
    /// Whether both files could be read as what they are.
    is_readable: bool,
}

/// What is being read.
#[derive(Debug)]
enum Job {
    Layout(Layout),
    Types(Types),
    Closing(Closing),
    Objects(Objects),
    Members(Members),
    Predicates(Cursor),
    Functions(TypedList),
    Action(Box<ActionReader>),
    Axiom(Box<AxiomReader>),
    Strata(Strata),
    Init(Box<InitReader>),
    Goal(ConditionReader),
    Costs(Costs),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Layout,
    Requirements,
    Types,
    Closing,
    Constants,
    Objects,
    Members,
    Predicates,
    Functions,
    Heads,
    Actions,
    Axioms,
    Strata,
    Init,
    Goal,
    Metric,
    Costs,
}

/// In the order in which they build on each other.
const PHASES: &[Phase] = &[
    Phase::Layout,
    Phase::Requirements,
    Phase::Types,
    Phase::Closing,
    Phase::Constants,
    Phase::Objects,
    Phase::Members,
    Phase::Predicates,
    Phase::Functions,
    Phase::Heads,
    Phase::Actions,
    Phase::Axioms,
    Phase::Strata,
    Phase::Init,
    Phase::Goal,
    Phase::Metric,
    Phase::Costs,
];

impl Check {
    pub(super) fn new(tree: Tree, findings: Findings) -> Self {
        let has_problem = tree.sources.len() > 1;
        Self {
            world: World::new(tree, findings),
            sections: Sections::default(),
            phase: 0,
            next: 0,
            job: None,
            has_problem,
            is_readable: true,
        }
    }

    /// Reads one item; whether there may be more.
    pub(super) fn advance(&mut self) -> bool {
        if let Some(job) = &mut self.job {
            if !job.advance(&mut self.sections, &mut self.world)
                && let Some(job) = self.job.take()
            {
                job.finish(&mut self.world);
            }
            return true;
        }
        let Some(&phase) = PHASES.get(self.phase).filter(|_| self.is_readable || self.phase == 0) else {
            return false;
        };
        let index = self.next;
        self.next += 1;
        if !self.begin(phase, index) {
            self.end(phase);
            self.phase += 1;
            self.next = 0;
        }
        true
    }

    /// The model, where there was no error, and all findings.
    pub(super) fn finish(mut self) -> (Option<Model>, Findings) {
        let is_whole = self.world.tree.sources.iter().all(|source| source.is_sound);
        if self.is_readable && is_whole {
            self.world.check_requirements();
        }
        std::mem::take(&mut self.world.repeats).tell(&mut self.world.findings);
        let is_sound = self.has_problem && self.is_readable && !self.world.findings.has_errors();
        (is_sound.then_some(self.world.model), self.world.findings)
    }

    /// Work done beyond the items, in items; forgotten once told.
    pub(super) fn toil(&mut self) -> usize {
        std::mem::take(&mut self.world.lattice.toil) / STEPS_PER_ITEM
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let init = match &self.job {
            Some(Job::Init(reader)) => reader.memory_bytes(),
            _ => 0,
        };
        self.world.memory_bytes() + init
    }

    /// Begins the phase's section of that number; whether there was one.
    fn begin(&mut self, phase: Phase, index: usize) -> bool {
        let (world, sections) = (&mut self.world, &self.sections);
        if phase == Phase::Layout {
            if index < world.tree.sources.len() {
                let layout = Layout::new(index, world);
                self.is_readable &= layout.is_some();
                self.job = layout.map(Job::Layout);
            }
            // Both are looked at, also where the first is not readable.
            return index < self.world.tree.sources.len();
        }
        let list: &[NodeId] = match phase {
            Phase::Requirements => &sections.requirements,
            Phase::Types => &sections.types,
            Phase::Constants => &sections.constants,
            Phase::Objects => &sections.objects,
            Phase::Predicates => &sections.predicates,
            Phase::Functions => &sections.functions,
            Phase::Heads | Phase::Axioms => &sections.derived,
            Phase::Actions => &sections.actions,
            Phase::Init => &sections.init,
            Phase::Goal => &sections.goal,
            Phase::Metric => &sections.metric,
            Phase::Layout | Phase::Closing | Phase::Members | Phase::Strata | Phase::Costs => {
                self.job = (index == 0).then(|| whole(phase)).flatten();
                return index == 0;
            }
        };
        let Some(&section) = list.get(index) else { return false };
        if world.tree.is_broken(section) {
            leave_gap(phase, world);
        } else {
            self.job = start(phase, section, world);
        }
        true
    }

    fn end(&mut self, phase: Phase) {
        let world = &mut self.world;
        match phase {
            Phase::Layout => self.sections.leave_gaps(world),
            Phase::Constants => world.constants = world.model.objects.len(),
            Phase::Goal if self.has_problem => self.sections.check_problem(world),
            _ => {}
        }
    }
}

/// A job that is about all sections together.
fn whole(phase: Phase) -> Option<Job> {
    match phase {
        Phase::Closing => Some(Job::Closing(Closing::default())),
        Phase::Members => Some(Job::Members(Members::default())),
        Phase::Strata => Some(Job::Strata(Strata::default())),
        Phase::Costs => Some(Job::Costs(Costs::default())),
        _ => None,
    }
}

/// Names that a section would have declared are not missed.
fn leave_gap(phase: Phase, world: &mut World) {
    match phase {
        Phase::Types => world.gaps.types = true,
        Phase::Constants | Phase::Objects => world.gaps.objects = true,
        Phase::Predicates => world.gaps.predicates = true,
        Phase::Functions => world.gaps.functions = true,
        _ => {}
    }
}

fn start(phase: Phase, section: NodeId, world: &mut World) -> Option<Job> {
    match phase {
        Phase::Requirements => world.requirements(section),
        Phase::Heads => world.note_derived(section),
        Phase::Metric => world.metric(section),
        Phase::Types => return Some(Job::Types(Types::new(section, world))),
        Phase::Constants | Phase::Objects => return Some(Job::Objects(Objects::new(section, world))),
        Phase::Predicates => return Some(Job::Predicates(behind_head(section, world))),
        Phase::Functions => return Some(Job::Functions(TypedList::new(behind_head(section, world)))),
        Phase::Actions => {
            return ActionReader::new(section, world).map(|reader| Job::Action(Box::new(reader)));
        }
        Phase::Axioms => return AxiomReader::new(section, world).map(|reader| Job::Axiom(Box::new(reader))),
        Phase::Init => return Some(Job::Init(Box::new(InitReader::new(section, world)))),
        Phase::Goal => return world.goal(section).map(Job::Goal),
        Phase::Layout | Phase::Closing | Phase::Members | Phase::Strata | Phase::Costs => {}
    }
    None
}

impl Job {
    /// Reads one item; whether there may be more.
    fn advance(&mut self, sections: &mut Sections, world: &mut World) -> bool {
        match self {
            Self::Layout(layout) => layout.advance(sections, world),
            Self::Types(types) => types.advance(world),
            Self::Closing(closing) => closing.advance(world),
            Self::Objects(objects) => objects.advance(world),
            Self::Members(members) => members.advance(world),
            Self::Predicates(cursor) => {
                let item = cursor.take(&world.tree);
                if let Some(item) = item {
                    world.predicate(item);
                }
                item.is_some()
            }
            Self::Functions(list) => match list.next(world) {
                Step::More => true,
                Step::Entry(item, of) => {
                    world.function(item, of);
                    true
                }
                Step::End => false,
            },
            Self::Action(reader) => reader.advance(world),
            Self::Axiom(reader) => reader.advance(world),
            Self::Strata(strata) => strata.advance(world),
            Self::Init(reader) => reader.advance(world),
            Self::Goal(reader) => reader.advance(world),
            Self::Costs(costs) => costs.advance(world),
        }
    }

    fn finish(self, world: &mut World) {
        match self {
            Self::Action(reader) => reader.finish(world),
            Self::Axiom(reader) => reader.finish(world),
            Self::Init(reader) => reader.finish(world),
            Self::Goal(mut reader) => world.model.goal = reader.take(),
            _ => {}
        }
    }
}

impl World {
    fn goal(&mut self, section: NodeId) -> Option<ConditionReader> {
        let mut cursor = behind_head(section, self);
        let goal = cursor.take(&self.tree);
        let (Some(goal), None) = (goal, cursor.peek()) else {
            let count = self.tree.items(section).count() - 1;
            self.wrong_parts(section, count, 1, "condition");
            return None;
        };
        self.scope.truncate(0);
        Some(ConditionReader::new(goal, self))
    }
}
