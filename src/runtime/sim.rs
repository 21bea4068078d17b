//! A virtual platform: time passes only when somebody says so. For tests of everything that is
//! driven, without a sleep in any of them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use futures::future::LocalBoxFuture;

use super::{Clock, Pacing, Sleep, Yield};

/// A clock, sleeper and yielder over one virtual time.
#[derive(Clone, Debug, Default)]
pub struct Sim {
    inner: Rc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    now: Cell<Duration>,
    timers: RefCell<BTreeMap<(Duration, u64), Rc<Timer>>>,
    next_timer: Cell<u64>,
    yields: Cell<u64>,
    yield_cost: Cell<Duration>,
}

#[derive(Debug, Default)]
struct Timer {
    is_due: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// A timer that is taken off where nobody waits for it any more.
struct Armed {
    inner: Rc<Inner>,
    key: (Duration, u64),
    timer: Rc<Timer>,
}

/// Whether somebody asked for another poll.
#[derive(Debug, Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Sim {
    /// Time 0; yields take no time.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with yields that take this long.
    pub fn with_yield_cost(cost: Duration) -> Self {
        let sim = Self::default();
        sim.inner.yield_cost.set(cost);
        sim
    }

    /// This platform for the driver.
    pub fn pacing(&self) -> Pacing {
        let this = Rc::new(self.clone());
        Pacing { clock: this.clone(), sleep: this.clone(), yielder: this }
    }

    /// Lets time pass, as work does.
    pub fn pass(&self, time: Duration) {
        self.inner.now.set(self.inner.now.get() + time);
        self.ring();
    }

    /// Yields so far.
    pub fn yields(&self) -> u64 {
        self.inner.yields.get()
    }

    /// Runs a future to its end. Where nothing is ready, time jumps to the next timer.
    ///
    /// # Panics
    /// Where nothing is ready and no timer is set: the future would wait for ever.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        let flag = Arc::new(Flag::default());
        let waker = Waker::from(Arc::clone(&flag));
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return output;
            }
            if !flag.0.swap(false, Ordering::Relaxed) {
                let next = self.inner.timers.borrow().keys().next().copied();
                let (due, _) = next.expect("the future waits for something that never comes");
                self.inner.now.set(self.inner.now.get().max(due));
                self.ring();
            }
        }
    }

    fn ring(&self) {
        let now = self.inner.now.get();
        let mut timers = self.inner.timers.borrow_mut();
        while let Some(entry) = timers.first_entry().filter(|entry| entry.key().0 <= now) {
            let timer = entry.remove();
            timer.is_due.set(true);
            if let Some(waker) = timer.waker.take() {
                waker.wake();
            }
        }
    }
}

impl Clock for Sim {
    fn now(&self) -> Duration {
        self.inner.now.get()
    }
}

impl Sleep for Sim {
    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        let id = self.inner.next_timer.get();
        self.inner.next_timer.set(id + 1);
        let timer = Rc::new(Timer::default());
        let due = self.inner.now.get() + duration;
        self.inner.timers.borrow_mut().insert((due, id), Rc::clone(&timer));
        let armed = Armed { inner: Rc::clone(&self.inner), key: (due, id), timer };
        Box::pin(poll_fn(move |context| {
            if armed.timer.is_due.get() {
                return Poll::Ready(());
            }
            *armed.timer.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        }))
    }
}

impl Drop for Armed {
    fn drop(&mut self) {
        self.inner.timers.borrow_mut().remove(&self.key);
    }
}

impl Yield for Sim {
    fn yield_now(&self) -> LocalBoxFuture<'static, ()> {
        self.inner.yields.set(self.inner.yields.get() + 1);
        self.pass(self.inner.yield_cost.get());
        let mut has_yielded = false;
        Box::pin(poll_fn(move |context| {
            if std::mem::replace(&mut has_yielded, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        }))
    }
}
