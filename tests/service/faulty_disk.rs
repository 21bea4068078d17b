//! A disk for redb that fails where a test wants it to: it answers an error, runs out of room, or loses its power and
//! with it some of what was written and not synced.

use std::io;
use std::sync::{Arc, Mutex};

use planscope::hash::SplitMix64;
use redb::StorageBackend;

/// Bytes that a disk writes as a whole.
const SECTOR: usize = 512;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// The operation of this number fails, and no other.
    Error(u64),
    /// The operation of this number fails, and all after it.
    Broken(u64),
    /// The power fails within the sync of this number: it fails, and all after it.
    PowerLoss(u64),
    /// There is no room beyond so many bytes.
    Quota(u64),
}

/// The disk; copies are the same disk.
#[derive(Clone, Debug)]
pub struct FaultyDisk(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    fault: Fault,
    operations: u64,
    syncs: u64,
    is_off: bool,
    /// What is read, and what is safe.
    contents: Vec<u8>,
    synced: Vec<u8>,
    /// What was done since the last sync.
    unsynced: Vec<Change>,
}

#[derive(Clone, Debug)]
enum Change {
    Length(usize),
    Bytes(usize, Vec<u8>),
}

impl FaultyDisk {
    /// A disk that holds `contents`.
    pub fn new(contents: Vec<u8>, fault: Fault) -> Self {
        let (operations, syncs, is_off) = (0, 0, false);
        let synced = contents.clone();
        let state = State { fault, operations, syncs, is_off, contents, synced, unsynced: Vec::new() };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Operations so far, and syncs among them.
    pub fn counts(&self) -> (u64, u64) {
        let state = self.0.lock().unwrap();
        (state.operations, state.syncs)
    }

    /// What the system has, and will write in time: as after a process that was killed.
    pub fn written(&self) -> Vec<u8> {
        self.0.lock().unwrap().contents.clone()
    }

    /// What was synced, and nothing else: as after a loss of power at the worst moment.
    pub fn synced(&self) -> Vec<u8> {
        self.0.lock().unwrap().synced.clone()
    }

    /// What was synced, and of what came later some sectors, in no order.
    pub fn torn(&self, random: &mut SplitMix64) -> Vec<u8> {
        let state = self.0.lock().unwrap();
        let mut bytes = state.synced.clone();
        for change in &state.unsynced {
            match change {
                Change::Length(length) if random.below(2) == 0 => bytes.resize(*length, 0),
                Change::Length(_) => {}
                Change::Bytes(at, written) => put_some(&mut bytes, *at, written, random),
            }
        }
        bytes
    }
}

/// Puts those sectors of `written` into the bytes that a random number says.
fn put_some(bytes: &mut Vec<u8>, at: usize, written: &[u8], random: &mut SplitMix64) {
    let mut from = 0;
    while from < written.len() {
        let until = written.len().min(from + SECTOR - (at + from) % SECTOR);
        if random.below(2) == 0 {
            bytes.resize(bytes.len().max(at + until), 0);
            bytes[at + from..at + until].copy_from_slice(&written[from..until]);
        }
        from = until;
    }
}

impl State {
    /// Counts an operation, and lets it fail if it is to.
    fn begin(&mut self, doing: &str) -> io::Result<()> {
        let number = self.operations;
        self.operations += 1;
        let fails = match self.fault {
            Fault::Error(at) => number == at,
            Fault::Broken(at) => number >= at,
            Fault::None | Fault::PowerLoss(_) | Fault::Quota(_) => self.is_off,
        };
        if fails { Err(io::Error::other(format!("the disk failed to {doing}"))) } else { Ok(()) }
    }

    fn change(&mut self, change: Change) {
        match &change {
            Change::Length(length) => self.contents.resize(*length, 0),
            Change::Bytes(at, bytes) => self.contents[*at..*at + bytes.len()].copy_from_slice(bytes),
        }
        self.unsynced.push(change);
    }
}

impl StorageBackend for FaultyDisk {
    fn len(&self) -> io::Result<u64> {
        let mut state = self.0.lock().unwrap();
        state.begin("tell its length")?;
        Ok(state.contents.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        state.begin("read")?;
        let found = state.contents.get(offset as usize..offset as usize + out.len());
        out.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        state.begin("grow")?;
        if matches!(state.fault, Fault::Quota(bytes) if len > bytes) {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        state.change(Change::Length(len as usize));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        if state.fault == Fault::PowerLoss(state.syncs) {
            state.is_off = true;
        }
        state.syncs += 1;
        state.begin("sync")?;
        let State { synced, contents, .. } = &mut *state;
        synced.clone_from(contents);
        state.unsynced.clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        state.begin("write")?;
        state.change(Change::Bytes(offset as usize, data.to_vec()));
        Ok(())
    }
}
