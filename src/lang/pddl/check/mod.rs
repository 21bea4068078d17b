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

pub use needs::supported_requirements;

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
    pass: usize,
    /// Next section of the pass.
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

/// The passes of the check, each over the sections of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
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
const PASSES: &[Pass] = &[
    Pass::Layout,
    Pass::Requirements,
    Pass::Types,
    Pass::Closing,
    Pass::Constants,
    Pass::Objects,
    Pass::Members,
    Pass::Predicates,
    Pass::Functions,
    Pass::Heads,
    Pass::Actions,
    Pass::Axioms,
    Pass::Strata,
    Pass::Init,
    Pass::Goal,
    Pass::Metric,
    Pass::Costs,
];

impl Check {
    pub(super) fn new(tree: Tree, findings: Findings) -> Self {
        let has_problem = tree.sources.len() > 1;
        Self {
            world: World::new(tree, findings),
            sections: Sections::default(),
            pass: 0,
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
        let Some(&pass) = PASSES.get(self.pass).filter(|_| self.is_readable || self.pass == 0) else {
            return false;
        };
        let index = self.next;
        self.next += 1;
        if !self.begin(pass, index) {
            self.end(pass);
            self.pass += 1;
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

    /// Work done beyond the items since the last call, counted in items.
    pub(super) fn extra_items(&mut self) -> usize {
        std::mem::take(&mut self.world.lattice.steps) / STEPS_PER_ITEM
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let init = match &self.job {
            Some(Job::Init(reader)) => reader.memory_bytes(),
            _ => 0,
        };
        self.world.memory_bytes() + init
    }

    /// Begins the pass's section of that number; whether there was one.
    fn begin(&mut self, pass: Pass, index: usize) -> bool {
        let (world, sections) = (&mut self.world, &self.sections);
        if pass == Pass::Layout {
            if index < world.tree.sources.len() {
                let layout = Layout::new(index, world);
                self.is_readable &= layout.is_some();
                self.job = layout.map(Job::Layout);
            }
            // The second text is looked at too where the first is not readable.
            return index < self.world.tree.sources.len();
        }
        let list: &[NodeId] = match pass {
            Pass::Requirements => &sections.requirements,
            Pass::Types => &sections.types,
            Pass::Constants => &sections.constants,
            Pass::Objects => &sections.objects,
            Pass::Predicates => &sections.predicates,
            Pass::Functions => &sections.functions,
            Pass::Heads | Pass::Axioms => &sections.derived,
            Pass::Actions => &sections.actions,
            Pass::Init => &sections.init,
            Pass::Goal => &sections.goal,
            Pass::Metric => &sections.metric,
            Pass::Layout | Pass::Closing | Pass::Members | Pass::Strata | Pass::Costs => {
                self.job = (index == 0).then(|| whole(pass)).flatten();
                return index == 0;
            }
        };
        let Some(&section) = list.get(index) else { return false };
        if world.tree.is_broken(section) {
            leave_gap(pass, world);
        } else {
            self.job = start(pass, section, world);
        }
        true
    }

    fn end(&mut self, pass: Pass) {
        let world = &mut self.world;
        match pass {
            Pass::Layout => self.sections.leave_gaps(world),
            Pass::Constants => world.constants = world.model.objects.len(),
            Pass::Goal if self.has_problem => self.sections.check_problem(world),
            _ => {}
        }
    }
}

/// A job that is about all sections together.
fn whole(pass: Pass) -> Option<Job> {
    match pass {
        Pass::Closing => Some(Job::Closing(Closing::default())),
        Pass::Members => Some(Job::Members(Members::default())),
        Pass::Strata => Some(Job::Strata(Strata::default())),
        Pass::Costs => Some(Job::Costs(Costs::default())),
        _ => None,
    }
}

/// Names that a section would have declared are not missed.
fn leave_gap(pass: Pass, world: &mut World) {
    match pass {
        Pass::Types => world.gaps.types = true,
        Pass::Constants | Pass::Objects => world.gaps.objects = true,
        Pass::Predicates => world.gaps.predicates = true,
        Pass::Functions => world.gaps.functions = true,
        _ => {}
    }
}

fn start(pass: Pass, section: NodeId, world: &mut World) -> Option<Job> {
    match pass {
        Pass::Requirements => world.requirements(section),
        Pass::Heads => world.note_derived(section),
        Pass::Metric => world.metric(section),
        Pass::Types => return Some(Job::Types(Types::new(section, world))),
        Pass::Constants | Pass::Objects => return Some(Job::Objects(Objects::new(section, world))),
        Pass::Predicates => return Some(Job::Predicates(behind_head(section, world))),
        Pass::Functions => return Some(Job::Functions(TypedList::new(behind_head(section, world)))),
        Pass::Actions => {
            return ActionReader::new(section, world).map(|reader| Job::Action(Box::new(reader)));
        }
        Pass::Axioms => return AxiomReader::new(section, world).map(|reader| Job::Axiom(Box::new(reader))),
        Pass::Init => return Some(Job::Init(Box::new(InitReader::new(section, world)))),
        Pass::Goal => return world.goal(section).map(Job::Goal),
        Pass::Layout | Pass::Closing | Pass::Members | Pass::Strata | Pass::Costs => {}
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
