//! Runs the jobs of a service, each to its one answer, and the service to its end.

use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures::channel::mpsc;
use futures::future::select;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt, select_biased};
use tracing::Instrument;

use super::submission::{Closing, Submission};
use super::upkeep::Upkeep;
use super::{Environment, answer};
use crate::runtime::{Pacing, Watch};

/// Jobs whose changes to the store are waited for at once. Where a store does not answer, those of later jobs are
/// begun, and nobody waits for them: what is kept in memory is kept, and what the disk loses costs a search later.
const UPKEEP_MAX: usize = 64;

/// How long a service that ends waits for the changes to its store.
const UPKEEP_PATIENCE: Duration = Duration::from_secs(2);

/// Says that nothing runs any more, also where the future that runs the jobs is dropped.
struct Ended(Rc<Watch<Closing>>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.update(|closing| *closing = Closing::Ended);
    }
}

/// Runs jobs until every handle is gone or the service is shut down, and every job is answered.
pub(super) async fn run(
    environment: Environment,
    mut requests: mpsc::Receiver<Submission>,
    closing: Rc<Watch<Closing>>,
) {
    let ended = Ended(closing);
    let closing = &*ended.0;
    let mut jobs = FuturesUnordered::new();
    let mut upkeep = FuturesUnordered::new();
    let mut shutting = pin!(closing.until(|closing| (*closing > Closing::No).then_some(())).fuse());
    let mut draining = pin!(drain(closing, &environment.pacing).fuse());
    let mut is_open = true;
    while is_open || !jobs.is_empty() {
        select_biased! {
            () = shutting => requests.close(),
            () = draining => {}
            request = requests.next() => match request {
                Some(submission) => {
                    let span = submission.job.0.span();
                    jobs.push(serve(&environment, closing, submission).instrument(span));
                }
                None => is_open = false,
            },
            changes = jobs.select_next_some() => {
                let kept_up = keep_up(&environment, changes);
                if upkeep.len() < UPKEEP_MAX {
                    upkeep.push(kept_up);
                } else {
                    let _ = kept_up.now_or_never();
                }
            },
            () = upkeep.select_next_some() => {}
        }
    }
    if !upkeep.is_empty() {
        let changes = upkeep.collect::<Vec<()>>();
        select(changes, environment.pacing.sleep.sleep(UPKEEP_PATIENCE)).await;
    }
}

/// Waits until a drain is under way and its time has passed, and says then that it is over.
async fn drain(closing: &Watch<Closing>, pacing: &Pacing) {
    loop {
        let until = closing.until(|closing| closing.drains_until()).await;
        let left = until.saturating_sub(pacing.clock.now());
        if left.is_zero() {
            break;
        }
        let shortened = closing.until(|closing| (closing.drains_until() != Some(until)).then_some(()));
        select(pin!(shortened), pacing.sleep.sleep(left)).await;
    }
    closing.update(|closing| *closing = Closing::Over);
}

/// Answers one request. While it waits for the engine's code or for its turn to run, it can be cancelled, and its
/// deadline counts; its time limit does not.
async fn serve(
    environment: &Environment,
    closing: &Watch<Closing>,
    Submission { job, request, place, turn }: Submission,
) -> Vec<Upkeep> {
    let core = &job.0;
    let begun = async {
        environment.gate.opened().await;
        turn.await
    };
    let running = match core.before_the_start(is_over(closing), begun).await {
        Ok(running) => running,
        Err(response) => {
            core.finish(response);
            return Vec::new();
        }
    };
    drop(place);
    // Behind a pointer, so that it is a function apart, of the engine's module.
    let (response, upkeep) =
        answer::contained(environment, core, &request, is_over(closing)).boxed_local().await;
    drop(running);
    core.finish(response);
    upkeep
}

/// Resolves when the time to drain is over.
async fn is_over(closing: &Watch<Closing>) {
    closing.until(|closing| (*closing >= Closing::Over).then_some(())).await;
}

/// Makes the changes to the store that a job has asked for.
async fn keep_up(environment: &Environment, changes: Vec<Upkeep>) {
    for change in changes {
        change.apply(&*environment.patterns).await;
    }
}
