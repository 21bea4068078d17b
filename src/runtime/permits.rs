//! A fixed number of permits, and an order of those who wait for one. For one thread; shared by reference count.
//!
//! A permit that is given back goes straight to who is first in the order, so nobody who comes later can take it in
//! between. Who waits and is dropped leaves the line, and a permit that was on its way to it goes on to the next.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::channel::oneshot;

/// Permits, of which there are as many as were made. Clones share them.
#[derive(Clone, Debug)]
pub struct Permits {
    inner: Rc<Inner>,
}

#[derive(Debug)]
struct Inner {
    total: usize,
    free: Cell<usize>,
    /// By rank, then by the order of asking.
    line: RefCell<BTreeMap<Place, oneshot::Sender<Permit>>>,
    asked: Cell<u64>,
}

/// A rank, and a number that counts who asked.
type Place = (i128, u64);

/// The right to do something, until it is dropped.
#[derive(Debug)]
pub struct Permit {
    inner: Rc<Inner>,
}

/// A place in the line; resolves with a permit. Dropping it gives the place up.
#[derive(Debug)]
pub struct Acquire {
    inner: Rc<Inner>,
    place: Place,
    permit: oneshot::Receiver<Permit>,
}

impl Permits {
    /// This many permits, all of them free.
    pub fn new(total: usize) -> Self {
        let (free, line, asked) = (Cell::new(total), RefCell::default(), Cell::default());
        Self { inner: Rc::new(Inner { total, free, line, asked }) }
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.inner.total
    }

    /// How many are taken, or on their way to who waits.
    pub fn taken(&self) -> usize {
        self.inner.total - self.inner.free.get()
    }

    /// A permit, if one is free. None is while somebody waits.
    pub fn try_acquire(&self) -> Option<Permit> {
        let free = self.inner.free.get().checked_sub(1)?;
        self.inner.free.set(free);
        Some(Permit { inner: Rc::clone(&self.inner) })
    }

    /// Waits for a permit. The least rank goes first, and of equal ranks who asked first; the place in the line is
    /// taken by this call. O(log waiting).
    pub fn acquire(&self, rank: i128) -> Acquire {
        let asked = self.inner.asked.get();
        self.inner.asked.set(asked + 1);
        let (place, (sender, permit)) = ((rank, asked), oneshot::channel());
        match self.try_acquire() {
            Some(free) => drop(sender.send(free)),
            None => drop(self.inner.line.borrow_mut().insert(place, sender)),
        }
        Acquire { inner: Rc::clone(&self.inner), place, permit }
    }
}

impl Future for Acquire {
    type Output = Permit;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Permit> {
        match self.permit.poll_unpin(context) {
            Poll::Ready(Ok(permit)) => Poll::Ready(permit),
            // The sender is in the line until it sends.
            Poll::Ready(Err(oneshot::Canceled)) | Poll::Pending => Poll::Pending,
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let next = self.inner.line.borrow_mut().pop_first();
        match next {
            // Who waits leaves the line before its receiver is gone, so this arrives.
            Some((_, sender)) => drop(sender.send(Permit { inner: Rc::clone(&self.inner) })),
            None => self.inner.free.set(self.inner.free.get() + 1),
        }
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        let sender = self.inner.line.borrow_mut().remove(&self.place);
        drop(sender);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_goes_to_the_least_rank_and_then_to_who_asked_first() {
        let permits = Permits::new(1);
        let held = permits.try_acquire().unwrap();
        let mut waiting: Vec<_> = [5, 3, 5, 3].map(|rank| Box::pin(permits.acquire(rank))).into();
        assert!(permits.try_acquire().is_none());
        let mut order = Vec::new();
        let mut current = held;
        for _ in 0..4 {
            drop(current);
            assert!(permits.try_acquire().is_none(), "nobody comes in between");
            let (at, permit) = waiting
                .iter_mut()
                .enumerate()
                .filter(|(at, _)| !order.contains(at))
                .find_map(|(at, wait)| Some((at, wait.as_mut().now_or_never()?)))
                .unwrap();
            order.push(at);
            current = permit;
        }
        assert_eq!(order, [1, 3, 0, 2]);
        drop(current);
        assert_eq!((permits.taken(), permits.total()), (0, 1));
    }

    #[test]
    fn who_gives_up_leaves_the_line_and_passes_on_what_was_on_its_way() {
        let permits = Permits::new(1);
        let held = permits.try_acquire().unwrap();
        let (first, second, third) = (permits.acquire(0), permits.acquire(0), permits.acquire(0));
        drop(first);
        drop(held);
        // It is on its way to the second, which never looks.
        drop(second);
        assert!(third.now_or_never().is_some());
        assert_eq!((permits.taken(), permits.inner.line.borrow().len()), (0, 0));
    }
}
