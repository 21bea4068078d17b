//! A value that futures can wait for. For one thread; shared by reference count.
//!
//! Every change wakes all waiting futures, and each one checks the value again. A future that is dropped leaves
//! nothing behind, so a watch holds no more than the futures that wait.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::task::{Poll, Waker};

use slab::Slab;

/// A value, and the tasks that wait for it to change.
#[derive(Debug, Default)]
pub struct Watch<T> {
    value: RefCell<T>,
    wakers: RefCell<Slab<Waker>>,
}

/// Where a waiting future keeps its waker, until it is dropped.
struct Place<'a> {
    wakers: &'a RefCell<Slab<Waker>>,
    key: Option<usize>,
}

impl<T> Watch<T> {
    /// A watch over `value`.
    pub fn new(value: T) -> Self {
        Self { value: RefCell::new(value), wakers: RefCell::default() }
    }

    /// Looks at the value. The closure must not change it.
    pub fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.value.borrow())
    }

    /// Changes the value, and wakes everybody who waits. The closure must not look at it.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let answer = change(&mut self.value.borrow_mut());
        let wakers: Vec<Waker> = self.wakers.borrow().iter().map(|(_, waker)| waker.clone()).collect();
        wakers.into_iter().for_each(Waker::wake);
        answer
    }

    /// Resolves with the first answer of `ready`, which is asked now and after every change.
    pub fn until<'a, R>(
        &'a self,
        mut ready: impl FnMut(&T) -> Option<R> + 'a,
    ) -> impl Future<Output = R> + 'a {
        let mut place = Place { wakers: &self.wakers, key: None };
        poll_fn(move |context| {
            if let Some(answer) = ready(&self.value.borrow()) {
                return Poll::Ready(answer);
            }
            place.keep(context.waker());
            Poll::Pending
        })
    }
}

impl Place<'_> {
    fn keep(&mut self, waker: &Waker) {
        let mut wakers = self.wakers.borrow_mut();
        match self.key.and_then(|key| wakers.get_mut(key)) {
            Some(kept) => kept.clone_from(waker),
            None => self.key = Some(wakers.insert(waker.clone())),
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let waker = self.key.and_then(|key| self.wakers.borrow_mut().try_remove(key));
        drop(waker);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures::FutureExt;
    use futures::executor::block_on;
    use futures::future::{Either, select};

    use super::*;

    #[test]
    fn whoever_waits_is_woken_by_the_change_it_waits_for() {
        let watch = Watch::new(0);
        assert_eq!(watch.until(|value| (*value > 1).then_some(*value)).now_or_never(), None);
        let change = async {
            watch.update(|value| *value = 1);
            watch.update(|value| *value = 2);
        };
        let both = watch.until(|value| (*value > 1).then_some(*value));
        assert_eq!(block_on(async { futures::join!(both, change).0 }), 2);
    }

    #[test]
    fn a_future_that_gives_up_leaves_nothing_behind() {
        let watch = Watch::new(0);
        for _ in 0..3 {
            let wait = pin!(watch.until(|value| (*value > 1).then_some(*value)));
            let Either::Right(((), wait)) = block_on(select(wait, async {}.boxed_local())) else { panic!() };
            assert_eq!(watch.wakers.borrow().len(), 1);
            assert_eq!(wait.now_or_never(), None);
        }
        assert_eq!(watch.wakers.borrow().len(), 0);
    }
}
