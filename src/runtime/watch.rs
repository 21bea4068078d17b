//! A value that futures can wait for. For one thread; shared by reference count.
//!
//! Every change wakes all waiting futures, and each one checks the value again. A future that is dropped
//! leaves its waker behind until the next change; a task has at most one.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::task::{Poll, Waker};

/// A value, and the tasks that wait for it to change.
#[derive(Debug, Default)]
pub struct Watch<T> {
    value: RefCell<T>,
    wakers: RefCell<Vec<Waker>>,
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
        let wakers = self.wakers.take();
        wakers.into_iter().for_each(Waker::wake);
        answer
    }

    /// Resolves with the first answer of `ready`, which is asked now and after every change.
    pub fn until<'a, R>(
        &'a self,
        mut ready: impl FnMut(&T) -> Option<R> + 'a,
    ) -> impl Future<Output = R> + 'a {
        poll_fn(move |context| {
            if let Some(answer) = ready(&self.value.borrow()) {
                return Poll::Ready(answer);
            }
            let mut wakers = self.wakers.borrow_mut();
            if !wakers.iter().any(|waker| waker.will_wake(context.waker())) {
                wakers.push(context.waker().clone());
            }
            Poll::Pending
        })
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use futures::executor::block_on;

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
}
