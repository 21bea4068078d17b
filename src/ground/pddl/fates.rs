//! Decides the fate of each atom, once it is known which operators are relevant.

use super::draft::Drafts;
use super::lifted::Class;
use super::world::{NONE, World};

/// Operators looked at per unit of work.
const OPERATORS_PER_UNIT: usize = 16;
/// Atoms looked at per unit of work.
const ATOMS_PER_UNIT: usize = 128;

/// The fate of an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing needs it.
    Dropped,
    /// It holds in every state.
    True,
    /// It holds in no state that is reached.
    False,
    /// It changes.
    Changes,
}

/// How relevant operators write an atom.
#[derive(Clone, Copy, Debug, Default)]
struct Written {
    is_added: bool,
    is_deleted: bool,
}

/// Finds the fates: notes what each relevant operator writes, then goes through the atoms.
#[derive(Debug)]
pub(super) struct Fates {
    next_operator: usize,
    /// Indexed by atom.
    written: Vec<Written>,
    /// The fates of the atoms looked at so far.
    found: Vec<Fate>,
}

impl Fates {
    /// Starts with nothing looked at.
    pub(super) fn new(atoms: usize) -> Self {
        Self { next_operator: 0, written: vec![Written::default(); atoms], found: Vec::with_capacity(atoms) }
    }

    /// One unit of work; answers the fates of all atoms at the end. `relevant` is indexed by operator.
    /// `needed` is indexed by atom and not 0 if the atom is needed.
    pub(super) fn unit(
        &mut self,
        world: &World,
        drafts: &Drafts,
        relevant: &[bool],
        needed: &[u8],
    ) -> Option<Vec<Fate>> {
        if self.next_operator < drafts.len() {
            let end = (self.next_operator + OPERATORS_PER_UNIT).min(drafts.len());
            (self.next_operator..end).filter(|&id| relevant[id]).for_each(|id| self.operator(drafts, id));
            self.next_operator = end;
            return None;
        }
        let from = self.found.len();
        let end = (from + ATOMS_PER_UNIT).min(self.written.len());
        for (atom, &needed) in (from as u32..).zip(&needed[from..end]) {
            let fate = if needed == 0 { Fate::Dropped } else { self.fate(world, atom) };
            self.found.push(fate);
        }
        (end == self.written.len()).then(|| std::mem::take(&mut self.found))
    }

    fn operator(&mut self, drafts: &Drafts, id: usize) {
        let draft = drafts.operator(id);
        let atoms = drafts.atoms(draft);
        let blocks = drafts.extra(draft).map_or(&[][..], |extra| &extra.blocks);
        for &atom in atoms.adds.iter().chain(blocks.iter().flat_map(|block| &block.adds)) {
            self.written[atom as usize].is_added = true;
        }
        for &atom in atoms.deletes.iter().chain(blocks.iter().flat_map(|block| &block.deletes)) {
            self.written[atom as usize].is_deleted = true;
        }
    }

    /// The fate of an atom that is needed.
    fn fate(&self, world: &World, atom: u32) -> Fate {
        let Written { is_added, is_deleted } = self.written[atom as usize];
        let order = world.order(atom);
        let class = world.lifted.classes[world.atoms.symbol(atom) as usize];
        if matches!(class, Class::Static | Class::Auxiliary) || order == NONE {
            return Fate::Dropped;
        }
        let is_initial = (order as usize) < world.initials;
        match class {
            _ if world.is_constant(atom) => Fate::True,
            Class::Derived(_) => Fate::Changes,
            _ if is_initial && !is_deleted => Fate::True,
            _ if !is_initial && !is_added => Fate::False,
            _ => Fate::Changes,
        }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.written.len() * size_of::<Written>() + self.found.capacity()
    }
}
