//! Lifted conditions prepared for grounding: a tree of nodes in which each quantifier has joins that find the
//! bindings that matter (see [`generators`](super::generators)).
//!
//! The joins are over all reached atoms, whose number is known when the plans are made. Relations are filled
//! once, in units of work, before the first join is executed.

use super::generators::generators;
use super::join::{Join, Walk};
use super::join_plans::{Extent, Plans};
use super::lifted::{Block, Lifted, Nnf, Variable};
use super::seen::Seen;
use super::world::World;
use crate::task::OutOfMemory;

/// Atoms put into relations per unit of work.
pub(super) const FILLED_PER_UNIT: usize = 16;

/// A condition, or a part of one.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// A literal, an equality or a comparison.
    Leaf(Nnf),
    /// Parts by their index.
    List { is_and: bool, parts: Vec<u32> },
    /// A quantified body, with the index of the source of its bindings and the index of the body.
    Quantified { is_forall: bool, source: u32, body: u32 },
}

/// A source of bindings of some variables: join plans without triggers, executed one after the other.
#[derive(Clone, Debug)]
pub(super) struct Source {
    variables: Vec<Variable>,
    plans: Vec<u32>,
    /// Whether it may find a binding several times.
    has_doubles: bool,
}

/// The source of a block's bindings, if the block has variables; and its condition.
#[derive(Clone, Copy, Debug)]
pub(super) struct BlockForm {
    pub(super) source: Option<u32>,
    /// `None` if it always holds.
    pub(super) condition: Option<u32>,
}

/// The conditions of a schema.
#[derive(Clone, Debug, Default)]
pub(super) struct SchemaForms {
    pub(super) residue: Vec<u32>,
    pub(super) blocks: Vec<BlockForm>,
}

/// All conditions of a model.
#[derive(Debug, Default)]
pub(super) struct Forms {
    pub(super) nodes: Vec<Form>,
    pub(super) sources: Vec<Source>,
    pub(super) schemas: Vec<SchemaForms>,
    pub(super) goal: u32,
    pub(super) plans: Plans,
    extents: Vec<Option<Extent>>,
    filled: usize,
}

struct Maker<'a> {
    lifted: &'a Lifted,
    forms: Forms,
    slots: u32,
}

impl Forms {
    /// The conditions of all schemas and of the goal. O(their size + atoms).
    pub(super) fn new(world: &World, objects: usize) -> Self {
        let lifted = &world.lifted;
        let plans = Plans::new(lifted.positions.len(), objects);
        let forms = Forms { plans, extents: extents(world), ..Forms::default() };
        let mut maker = Maker { lifted, forms, slots: 0 };
        for schema in &lifted.schemas {
            maker.slots = schema.slots;
            let residue = schema.residue.iter().map(|one| maker.form(one)).collect();
            let blocks = schema.blocks.iter().map(|block| maker.block(block)).collect();
            maker.forms.schemas.push(SchemaForms { residue, blocks });
        }
        maker.slots = lifted.goal_slots;
        maker.forms.goal = maker.form(&lifted.goal);
        maker.forms
    }

    /// Makes the next plan or puts the next atoms into the relations; true when all are there.
    pub(super) fn fill(&mut self, world: &World) -> Result<bool, OutOfMemory> {
        if self.plans.make(&world.lifted, &self.extents) {
            return Ok(false);
        }
        let count = world.reached.len();
        if self.plans.relations.is_empty() {
            return Ok(true);
        }
        for _ in 0..FILLED_PER_UNIT.min(count - self.filled) {
            self.filled += 1;
            // A relation lists the latest atom first. Filling it from the last atom to the first restores the
            // order.
            let atom = *world.reached.at(count - self.filled);
            for &relation in &self.plans.by_symbol[world.atoms.symbol(atom) as usize] {
                self.plans.relations[relation as usize].insert(world, atom)?;
            }
        }
        Ok(self.filled == count)
    }

    /// Bytes held by the relations.
    pub(super) fn memory_bytes(&self) -> usize {
        self.plans.memory_bytes()
    }
}

/// How many atoms of each symbol there are, and at most how many different objects at each position.
fn extents(world: &World) -> Vec<Option<Extent>> {
    let mut counts = vec![0u64; world.lifted.positions.len()];
    for place in 0..world.reached.len() {
        counts[world.atoms.symbol(*world.reached.at(place)) as usize] += 1;
    }
    let extent = |(positions, &atoms): (&Vec<u32>, &u64)| {
        let objects = |&domain: &u32| (world.lifted.domains.objects(domain).len() as u64).min(atoms);
        Some(Extent { atoms, distinct: positions.iter().map(objects).collect() })
    };
    world.lifted.positions.iter().zip(&counts).map(extent).collect()
}

impl Maker<'_> {
    fn push(&mut self, form: Form) -> u32 {
        self.forms.nodes.push(form);
        self.forms.nodes.len() as u32 - 1
    }

    fn form(&mut self, condition: &Nnf) -> u32 {
        let form = match condition {
            Nnf::Literal(_) | Nnf::Equal { .. } | Nnf::Test(_) => Form::Leaf(condition.clone()),
            Nnf::And(parts) | Nnf::Or(parts) => {
                let is_and = matches!(condition, Nnf::And(_));
                Form::List { is_and, parts: parts.iter().map(|part| self.form(part)).collect() }
            }
            Nnf::Quantified(one) => {
                let body = self.form(&one.body);
                let source = self.source(&one.body, !one.is_forall, &one.variables);
                Form::Quantified { is_forall: one.is_forall, source, body }
            }
        };
        self.push(form)
    }

    fn source(&mut self, condition: &Nnf, wanted: bool, variables: &[Variable]) -> u32 {
        let found = generators(self.lifted, condition, wanted, variables);
        let has_doubles = found.len() > 1 || found.iter().any(|one| !one.locals.is_empty());
        let mut plans = Vec::with_capacity(found.len());
        for one in found {
            let body = one.body(variables, self.slots);
            plans.push(self.forms.plans.add(body));
        }
        self.forms.sources.push(Source { variables: variables.to_vec(), plans, has_doubles });
        self.forms.sources.len() as u32 - 1
    }

    /// The bindings of a block that matter: its condition can hold, and if the block only deletes, one of the
    /// atoms to be deleted is reached.
    fn block(&mut self, block: &Block) -> BlockForm {
        let condition = (!block.condition.is_true()).then(|| self.form(&block.condition));
        if block.variables.is_empty() {
            return BlockForm { source: None, condition };
        }
        let only_deletes = block.adds.is_empty() && block.changes.is_empty();
        let matters = if only_deletes {
            let deletes = Nnf::any(block.deletes.iter().cloned().map(Nnf::Literal));
            Nnf::all([deletes, block.condition.clone()])
        } else {
            block.condition.clone()
        };
        BlockForm { source: Some(self.source(&matters, true, &block.variables)), condition }
    }
}

/// A walk through the bindings of a source.
#[derive(Debug)]
pub(super) struct Sweep {
    source: u32,
    /// The index of its next plan.
    next: usize,
    is_walking: bool,
    join: Join,
    /// The bindings found so far, if a binding may be found several times.
    seen: Option<Seen>,
}

impl Sweep {
    pub(super) fn new(forms: &Forms, source: u32) -> Self {
        let seen = forms.sources[source as usize].has_doubles.then(Seen::default);
        Self { source, next: 0, is_walking: false, join: Join::default(), seen }
    }

    /// Writes the next binding to `bound`. It makes at most `moves` moves and counts them down.
    pub(super) fn next(
        &mut self,
        world: &World,
        forms: &Forms,
        bound: &mut [u32],
        moves: &mut u32,
    ) -> Result<Walk, OutOfMemory> {
        let source = &forms.sources[self.source as usize];
        loop {
            if !self.is_walking {
                let Some(&plan) = source.plans.get(self.next) else { return Ok(Walk::Done) };
                self.next += 1;
                self.is_walking = true;
                self.join.begin(world, &forms.plans, plan, None, bound);
            }
            match self.join.walk(world, &forms.plans, bound, moves) {
                Walk::Paused => return Ok(Walk::Paused),
                Walk::Done => self.is_walking = false,
                Walk::Found => {
                    let binding = source.variables.iter().map(|one| bound[one.slot as usize]);
                    let is_new = match &mut self.seen {
                        Some(seen) => seen.insert(binding)?,
                        None => true,
                    };
                    if is_new {
                        return Ok(Walk::Found);
                    }
                }
            }
        }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.seen.as_ref().map_or(0, Seen::memory_bytes)
    }
}
