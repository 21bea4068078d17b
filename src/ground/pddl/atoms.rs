//! Ground atoms, each once: from a symbol and its arguments to a dense id.
//!
//! Also used for numeric fluents, with functions as symbols. Symbols with few possible atoms have a table
//! that is addressed by the arguments; others are hashed.

use super::arena::Arena;
use super::domains::Domains;
use crate::hash;
use crate::task::{Column, Index, OutOfMemory};

/// Interned atoms. Ids count from 0 in the order of interning.
#[derive(Debug)]
pub(super) struct AtomTable {
    arities: Vec<u32>,
    tables: Vec<Table>,
    /// Indexed by domain and object: the rank of the object in the domain, or [`OUTSIDE`].
    ranks: Vec<Vec<u32>>,
    table_bytes: usize,
    /// Bytes that tables may still take up.
    pub(super) room: usize,
    runs: Arena,
    starts: Column<u32>,
    index: Index,
    scratch: Vec<u32>,
}

/// Atoms of one symbol by their arguments.
#[derive(Debug, Default)]
struct Table {
    /// Indexed by position: its domain, and the distance in `ids` between neighbouring objects of the domain.
    strides: Vec<(u32, u32)>,
    size: usize,
    /// One more than the atom's id; 0 where there is none. Made when the first atom comes.
    ids: Vec<u32>,
}

/// Entries of a table, and of all of them.
const TABLE_MAX: u64 = 1 << 20;
const TABLES_MAX: u64 = 1 << 22;
/// Entries of all ranks.
const RANKS_MAX: usize = 1 << 22;
const OUTSIDE: u32 = u32::MAX;

#[inline]
fn tag(symbol: u32, arguments: &[u32]) -> u32 {
    let mut hash = u64::from(symbol);
    for &argument in arguments {
        hash = hash::mix(hash, u64::from(argument));
    }
    (hash::mix(hash, 1) >> 32) as u32
}

impl AtomTable {
    /// No atoms; `positions` are the domains of each symbol's arguments.
    pub(super) fn new(positions: &[Vec<u32>], domains: &Domains, objects: usize) -> Self {
        let mut used: Vec<bool> = Vec::new();
        for &domain in positions.iter().flatten() {
            used.resize(used.len().max(domain as usize + 1), false);
            used[domain as usize] = true;
        }
        let has_tables = used.len().saturating_mul(objects) <= RANKS_MAX;
        let rank = |(domain, &is_used): (usize, &bool)| {
            let mut ranks = vec![OUTSIDE; if is_used && has_tables { objects } else { 0 }];
            if !ranks.is_empty() {
                for (rank, &object) in (0u32..).zip(domains.objects(domain as u32)) {
                    ranks[object as usize] = rank;
                }
            }
            ranks
        };
        let ranks: Vec<Vec<u32>> = used.iter().enumerate().map(rank).collect();
        let mut left = TABLES_MAX;
        let table = |positions: &Vec<u32>| {
            let mut size = 1u64;
            let mut strides = Vec::with_capacity(positions.len());
            for &domain in positions {
                strides.push((domain, size as u32));
                size = (size * domains.objects(domain).len() as u64).min(TABLE_MAX + 1);
            }
            let fits = has_tables && size <= TABLE_MAX.min(left);
            left -= if fits { size } else { 0 };
            Table { strides, size: if fits { size as usize } else { 0 }, ids: Vec::new() }
        };
        let (runs, starts) = (Arena::default(), Column::new(1));
        Self {
            arities: positions.iter().map(|one| one.len() as u32).collect(),
            tables: positions.iter().map(table).collect(),
            table_bytes: ranks.iter().map(|one| one.len() * 4).sum(),
            ranks,
            room: usize::MAX,
            runs,
            starts,
            index: Index::new(),
            scratch: Vec::new(),
        }
    }

    /// Adds symbols with these numbers of arguments, whose atoms are hashed.
    pub(super) fn add_symbols(&mut self, arities: impl Iterator<Item = usize>) {
        for arity in arities {
            self.arities.push(arity as u32);
            self.tables.push(Table::default());
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The symbol of an atom.
    #[inline]
    pub(super) fn symbol(&self, atom: u32) -> u32 {
        self.runs.at(*self.starts.at(atom as usize))
    }

    /// The arguments of an atom.
    #[inline]
    pub(super) fn arguments(&self, atom: u32) -> &[u32] {
        let start = *self.starts.at(atom as usize);
        let arity = self.arities[self.runs.at(start) as usize];
        &self.runs.run(start, 1 + arity as usize)[1..]
    }

    /// The id of an atom that is there.
    #[inline]
    pub(super) fn find(&self, symbol: u32, arguments: &[u32]) -> Option<u32> {
        if let Some(place) = self.place(symbol, arguments) {
            let id = self.tables[symbol as usize].ids.get(place)?;
            return id.checked_sub(1);
        }
        self.find_tag(tag(symbol, arguments), symbol, arguments)
    }

    /// Where an atom stands in its symbol's table, if it has one.
    #[inline]
    fn place(&self, symbol: u32, arguments: &[u32]) -> Option<usize> {
        let table = &self.tables[symbol as usize];
        if table.size == 0 {
            return None;
        }
        let mut place = 0;
        for (&(domain, stride), &argument) in table.strides.iter().zip(arguments) {
            let rank = self.ranks[domain as usize][argument as usize];
            if rank == OUTSIDE {
                return None;
            }
            place += (rank * stride) as usize;
        }
        Some(place)
    }

    #[inline]
    fn find_tag(&self, tag: u32, symbol: u32, arguments: &[u32]) -> Option<u32> {
        self.index.find(tag, |id| {
            let start = *self.starts.at(id as usize);
            self.runs.at(start) == symbol && self.runs.run(start, 1 + arguments.len())[1..] == *arguments
        })
    }

    /// The id of an atom, which is added where it is not there. Answers whether it was.
    pub(super) fn intern(&mut self, symbol: u32, arguments: &[u32]) -> Result<(u32, bool), OutOfMemory> {
        if let Some(place) = self.place(symbol, arguments) {
            let table = &mut self.tables[symbol as usize];
            if table.ids.is_empty() {
                self.room = self.room.checked_sub(table.size * 4).ok_or(OutOfMemory)?;
                table.ids = vec![0; table.size];
                self.table_bytes += table.size * 4;
            }
            if let Some(id) = table.ids[place].checked_sub(1) {
                return Ok((id, false));
            }
            table.ids[place] = self.starts.len() as u32 + 1;
            return Ok((self.append(symbol, arguments)?, true));
        }
        let tag = tag(symbol, arguments);
        if let Some(id) = self.find_tag(tag, symbol, arguments) {
            return Ok((id, false));
        }
        self.index.insert(tag, self.starts.len() as u32)?;
        Ok((self.append(symbol, arguments)?, true))
    }

    fn append(&mut self, symbol: u32, arguments: &[u32]) -> Result<u32, OutOfMemory> {
        self.scratch.clear();
        self.scratch.push(symbol);
        self.scratch.extend_from_slice(arguments);
        let start = self.runs.push(&self.scratch)?;
        self.starts.push(&[start])?;
        Ok(self.starts.len() as u32 - 1)
    }

    /// Drops the tables and the index: from now on atoms are only looked up by id.
    pub(super) fn freeze(&mut self) {
        self.tables = Vec::new();
        self.ranks = Vec::new();
        self.index = Index::new();
        self.table_bytes = 0;
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.table_bytes + self.runs.memory_bytes() + self.starts.memory_bytes() + self.index.memory_bytes()
    }
}
