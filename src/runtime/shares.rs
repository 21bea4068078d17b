//! Equal shares of one thread for those who work side by side on it, by measured time.
//!
//! Who has worked a slice's length more than another that waits for its turn lets it go first, so it does not
//! matter that one's slices take ten times as long as another's. Who comes, or comes back after a slice's length or
//! more, counts as one that has worked at least as long as whoever has worked least: it does not catch up.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use super::slices::SLICE;
use super::{Clock, Meter, Pacing, Yield};

/// Those who share a thread. Clones share it too.
#[derive(Clone, Debug, Default)]
pub struct Shares {
    inner: Rc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Who waits for a turn: the time that it counts as having worked, and its number.
    waiting: RefCell<BTreeSet<(Duration, u64)>>,
    /// The least such time so far; it only grows.
    floor: Cell<Duration>,
    members: Cell<u64>,
}

/// One of them: it yields to the event loop, and then to whoever has worked less.
pub struct Share {
    shares: Rc<Inner>,
    pacing: Pacing,
    meter: Rc<Meter>,
    number: u64,
    account: Rc<Cell<Account>>,
}

/// How one of them stands.
#[derive(Clone, Copy, Debug, Default)]
struct Account {
    /// The time that it counts as having worked.
    counted: Duration,
    /// The time that it has worked, as far as that is counted.
    worked: Duration,
    /// When its last turn began.
    turn: Option<Duration>,
}

/// A place among those who wait for a turn, until it is dropped.
struct Turn {
    shares: Rc<Inner>,
    place: (Duration, u64),
    clock: Rc<dyn Clock>,
    account: Rc<Cell<Account>>,
}

impl Shares {
    /// A share for what `meter` measures. It takes its turns from `pacing`.
    pub fn join(&self, pacing: Pacing, meter: Rc<Meter>) -> Share {
        let number = self.inner.members.get();
        self.inner.members.set(number + 1);
        Share { shares: Rc::clone(&self.inner), pacing, meter, number, account: Rc::default() }
    }
}

impl Share {
    /// Counts the work since the last turn, and waits for the next. O(log waiting).
    fn wait(&self) -> Turn {
        let (mut account, worked) = (self.account.get(), self.meter.worked());
        let mut waiting = self.shares.waiting.borrow_mut();
        let since = worked.saturating_sub(account.worked);
        let passed = account.turn.map(|turn| self.pacing.clock.now().saturating_sub(turn));
        let was_away = passed.is_none_or(|passed| passed.saturating_sub(since) > SLICE);
        let floor = &self.shares.floor;
        if was_away {
            account.counted = account.counted.max(floor.get());
        }
        // What it has worked counts on top, so a stream of newcomers lifts the floor and starves nobody.
        (account.counted, account.worked) = (account.counted + since, worked);
        self.account.set(account);
        waiting.insert((account.counted, self.number));
        floor.set(floor.get().max(waiting.first().map_or(Duration::ZERO, |(least, _)| *least)));
        Turn {
            shares: Rc::clone(&self.shares),
            place: (account.counted, self.number),
            clock: Rc::clone(&self.pacing.clock),
            account: Rc::clone(&self.account),
        }
    }
}

impl Turn {
    /// Whether nobody who waits has worked a slice's length less.
    fn has_come(&self) -> bool {
        let waiting = self.shares.waiting.borrow();
        waiting.first().is_none_or(|(least, _)| self.place.0.saturating_sub(*least) < SLICE)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let turn = Some(self.clock.now());
        self.account.set(Account { turn, ..self.account.get() });
        self.shares.waiting.borrow_mut().remove(&self.place);
    }
}

impl Yield for Share {
    fn yield_now(&self) -> LocalBoxFuture<'static, ()> {
        let (turn, yielder) = (self.wait(), Rc::clone(&self.pacing.yielder));
        async move {
            loop {
                yielder.yield_now().await;
                if turn.has_come() {
                    break;
                }
            }
        }
        .boxed_local()
    }
}
