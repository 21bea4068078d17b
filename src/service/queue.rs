//! The way into a service: a bounded queue with an order, and the end of taking requests.
//!
//! A request has a place in the queue from its submission until it runs. Who waits for a place, and who waits in the
//! queue for a turn to run, goes in one order: the time of submission, a second earlier for each point of priority.
//! So of two requests a more urgent one goes first, unless the other came as many seconds earlier as their
//! priorities differ: nothing starves.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures::channel::mpsc;

use super::job_state::JobCore;
use super::ledger::Ledger;
use super::response::Response;
use super::running::run;
use super::submission::{Closing, Submission, Unanswered};
use super::{Environment, Job, Request, ServiceConfig, Tasks};
use crate::runtime::{Permit, Permits, Shares, Watch};

/// How much earlier a request goes for each point of its priority.
const AGEING: Duration = Duration::from_secs(1);

/// The queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the planner is busy: {waiting} requests wait in a queue of {capacity}; try again when a run has ended"
)]
pub struct Busy {
    /// Requests that wait.
    pub waiting: usize,
    /// Requests that may wait.
    pub capacity: usize,
}

/// A handle to the service. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    queue: Rc<RefCell<mpsc::Sender<Submission>>>,
    places: Permits,
    pub(super) running: Permits,
    /// When it was made, on the clock.
    pub(super) opened: Duration,
    pub(super) ledger: Rc<Ledger<JobCore>>,
    shares: Shares,
    next_id: Rc<Cell<u64>>,
    closing: Rc<Watch<Closing>>,
    pub(super) environment: Environment,
}

impl Service {
    /// A service, and the future that runs its jobs; it ends when every job is answered, and every handle is gone or
    /// the service was shut down. If that future is dropped, every job that is left is answered as after
    /// [`Self::shutdown`].
    pub fn new(environment: Environment, config: ServiceConfig) -> (Self, impl Future<Output = ()>) {
        let places = Permits::new(config.queue.max(1));
        // Whatever is in the channel has a place in the queue, so the channel is never full.
        let (queue, requests) = mpsc::channel(places.total());
        let closing = Rc::<Watch<Closing>>::default();
        let run = run(environment.clone(), requests, Rc::clone(&closing));
        let service = Self {
            queue: Rc::new(RefCell::new(queue)),
            places,
            running: Permits::new(config.max_in_flight.max(1)),
            opened: environment.pacing.clock.now(),
            ledger: Ledger::new(environment.meters.clone()),
            shares: Shares::default(),
            next_id: Rc::new(Cell::new(1)),
            closing,
            environment,
        };
        (service, run)
    }

    /// Puts a request into the queue, if there is a place. After [`Self::shutdown`], the job is one that is answered
    /// already, and says so.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full, or others wait for a place.
    pub fn try_submit(&self, request: Request) -> Result<Job, Busy> {
        if !self.is_open() {
            return Ok(Job::new(self.refused(&request)));
        }
        let place = self.places.try_acquire().ok_or_else(|| {
            self.ledger.meters.count_busy();
            self.busy()
        })?;
        let core = self.job(&request);
        Ok(self.enqueue(core, request, place))
    }

    /// Puts a request into the queue as soon as there is a place. The request counts as submitted when this is
    /// called; its deadline may pass while it waits, and the job is answered then. Dropping the future gives the
    /// place up. After [`Self::shutdown`], the job is one that is answered already, and says so.
    pub fn submit(&self, request: Request) -> impl Future<Output = Job> {
        let core = self.job(&request);
        let place = self.places.acquire(rank(&core, &request));
        async move {
            let closing = self.closing.until(|closing| (*closing > Closing::No).then_some(()));
            match core.before_the_start(closing, place).await {
                Ok(place) => self.enqueue(core, request, place),
                Err(response) => {
                    core.finish(response);
                    Job::new(core)
                }
            }
        }
    }

    /// Ends the service: it takes no request from now on, answers what it has taken for as long as `drain`, and then
    /// cancels what is left. A later call can only shorten the drain. The service ends whether or not the future
    /// is awaited; it resolves when every job is answered and what they found is stored, and waits for the store no
    /// longer than two seconds.
    pub fn shutdown(&self, drain: Duration) -> impl Future<Output = ()> + use<> {
        let until = self.environment.pacing.clock.now().saturating_add(drain);
        self.closing.update(|closing| match *closing {
            Closing::No => *closing = Closing::Draining(until),
            Closing::Draining(earlier) => *closing = Closing::Draining(earlier.min(until)),
            Closing::Over | Closing::Ended => {}
        });
        let closing = Rc::clone(&self.closing);
        async move { closing.until(|closing| (*closing == Closing::Ended).then_some(())).await }
    }

    /// Whether it takes requests.
    pub fn is_open(&self) -> bool {
        self.closing.with(|closing| *closing == Closing::No)
    }

    /// Requests that wait in the queue now.
    pub fn waiting(&self) -> usize {
        self.places.taken()
    }

    /// Requests that may wait in the queue.
    pub fn capacity(&self) -> usize {
        self.places.total()
    }

    /// The cache of compiled tasks.
    pub fn tasks(&self) -> &Tasks {
        &self.environment.tasks
    }

    fn busy(&self) -> Busy {
        Busy { waiting: self.waiting(), capacity: self.capacity() }
    }

    fn job(&self, request: &Request) -> Rc<JobCore> {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        JobCore::new(id, request, self.environment.pacing.clone(), &self.shares, &self.ledger)
    }

    fn refused(&self, request: &Request) -> Rc<JobCore> {
        let core = self.job(request);
        core.finish(Response::shut_down());
        core
    }

    fn enqueue(&self, core: Rc<JobCore>, request: Request, place: Permit) -> Job {
        let (job, turn) = (Job::new(Rc::clone(&core)), self.running.acquire(rank(&core, &request)));
        let submission = Submission { job: Unanswered(core), request, place, turn };
        // Where nothing runs any more, the submission is dropped here, and so answered.
        drop(self.queue.borrow_mut().try_send(submission));
        job
    }
}

/// A request's place in the order of those who wait: nanoseconds on the clock.
fn rank(core: &JobCore, request: &Request) -> i128 {
    core.submitted.as_nanos() as i128 - i128::from(request.priority) * AGEING.as_nanos() as i128
}
