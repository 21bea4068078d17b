//! The jobs of a service that are not answered yet, and where their ends are counted.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use slab::Slab;

use super::meters::Meters;

/// The jobs that a service has taken and not answered: those that wait for a place, wait in the queue, and run.
pub(super) struct Ledger<J> {
    /// Where their ends are counted.
    pub(super) meters: Meters,
    jobs: RefCell<Slab<Weak<J>>>,
}

/// A job's place in a ledger, until it leaves or is dropped.
pub(super) struct Entry<J> {
    ledger: Rc<Ledger<J>>,
    place: Cell<Option<usize>>,
}

impl<J> Ledger<J> {
    pub(super) fn new(meters: Meters) -> Rc<Self> {
        Rc::new(Self { meters, jobs: RefCell::default() })
    }

    /// Takes a job in.
    pub(super) fn enter(self: &Rc<Self>, job: &Weak<J>) -> Entry<J> {
        let place = self.jobs.borrow_mut().insert(Weak::clone(job));
        Entry { ledger: Rc::clone(self), place: Cell::new(Some(place)) }
    }

    /// The jobs, in no order.
    pub(super) fn jobs(&self) -> Vec<Rc<J>> {
        self.jobs.borrow().iter().filter_map(|(_, job)| job.upgrade()).collect()
    }
}

impl<J> Entry<J> {
    /// The job is answered. Answers where to count that; `None` where it was answered before.
    pub(super) fn leave(&self) -> Option<&Meters> {
        let place = self.place.take()?;
        self.ledger.jobs.borrow_mut().try_remove(place);
        Some(&self.ledger.meters)
    }
}

impl<J> Drop for Entry<J> {
    /// Nobody wants the answer any more.
    fn drop(&mut self) {
        self.leave();
    }
}
