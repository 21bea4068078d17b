//! The driver: one loop for every stepper on every platform.

use std::cell::RefCell;
use std::pin::pin;
use std::time::Duration;

use futures::FutureExt;
use futures::future::select;

use super::{Allowed, Bounds, Control, Meter, Pacing, Slices, Stop, spans};
use crate::step::{Budget, Progress, Stepper};

/// Shortest wait for a pace: a frame.
const SHORTEST_WAIT: Duration = Duration::from_millis(8);

/// A stepper whose expansions can be counted, for single steps and pacing. A stepper without expansions
/// answers 0; it can be paused, but neither stepped nor paced.
pub trait Paced: Stepper {
    /// Expansions so far.
    fn expansions(&self) -> u64 {
        0
    }

    /// Whether an expansion is unfinished; it is always finished before a pause.
    fn is_mid_expansion(&self) -> bool {
        false
    }

    /// Whether it works in expansions at all.
    const HAS_EXPANSIONS: bool = false;
}

/// Runs a stepper to its end in slices. The stepper is borrowed only within a slice, so that
/// others may look at it in between. `allowed` is what is left for this and all later work of the job: its time
/// excludes waits and includes yields.
///
/// # Errors
/// [`Stop`] where it was cancelled or the time ran out; the stepper is left as it was.
pub async fn drive<S: Paced>(
    pacing: &Pacing,
    control: &Control,
    meter: &Meter,
    allowed: impl Into<Allowed>,
    stepper: &RefCell<S>,
) -> Result<S::Output, Stop> {
    let mut slices = Slices::default();
    let mut allowance = Allowance::new(pacing.clock.now());
    let mut bounds = Bounds::new(pacing, control, meter, allowed);
    let expanded_before = meter.expansions();
    loop {
        let now = pacing.clock.now();
        bounds.check(now)?;
        let expansions = match grant(control, &mut allowance, now, S::HAS_EXPANSIONS) {
            Grant::Go(expansions) => expansions,
            Grant::Wait(_) if stepper.borrow().is_mid_expansion() => 0,
            Grant::Wait(wait) => {
                meter.begin_wait(now);
                hold(pacing, control, &bounds, wait).await;
                meter.end_wait(pacing.clock.now());
                continue;
            }
        };
        let mut budget = slices.budget().with_expansions(expansions);
        let before = stepper.borrow().expansions();
        let progress = slice(stepper, &mut budget);
        let length = pacing.clock.now().saturating_sub(now);
        let total = stepper.borrow().expansions();
        let done = total - before;
        meter.add_slice(expanded_before + total, length);
        slices.adapt(budget, length);
        control.take_steps(done);
        allowance.spend(done);
        if let Progress::Done(output) = progress {
            return Ok(output);
        }
        bounds.race(pacing.yielder.yield_now()).await?;
    }
}

/// One slice of work.
fn slice<S: Stepper>(stepper: &RefCell<S>, budget: &mut Budget) -> Progress<S::Output> {
    let _slice = spans::slice().entered();
    stepper.borrow_mut().step(budget)
}

enum Grant {
    /// The stepper may work, for at most this many expansions.
    Go(u64),
    /// The driver waits until the controls change, or at most for this long.
    Wait(Option<Duration>),
}

fn grant(control: &Control, allowance: &mut Allowance, now: Duration, has_expansions: bool) -> Grant {
    if control.is_paused() {
        let steps = u64::from(control.steps());
        return match steps {
            // A stepper without expansions runs on, towards the search that was asked to step.
            1.. if !has_expansions => Grant::Go(u64::MAX),
            1.. => Grant::Go(steps),
            0 => Grant::Wait(None),
        };
    }
    match control.pace().filter(|_| has_expansions) {
        None => Grant::Go(u64::MAX),
        Some(pace) => match allowance.at(now, pace) {
            0 => Grant::Wait(Some(Duration::from_secs_f64(1.0 / pace).max(SHORTEST_WAIT))),
            granted => Grant::Go(granted),
        },
    }
}

/// Waits until the controls change, until `at_most` has passed, or until it has to end.
async fn hold(pacing: &Pacing, control: &Control, bounds: &Bounds<'_>, at_most: Option<Duration>) {
    let (changed, overdue) = (pin!(control.changed()), pin!(bounds.overdue()));
    let released = select(changed, overdue).map(drop);
    match at_most {
        None => released.await,
        Some(at_most) => select(released, pacing.sleep.sleep(at_most)).map(drop).await,
    }
}

/// Expansions that the pace allows by now.
struct Allowance {
    since: Duration,
    earned: f64,
}

impl Allowance {
    fn new(now: Duration) -> Self {
        Self { since: now, earned: 1.0 }
    }

    /// Whole expansions that are allowed now. At most those of a fifth of a second are saved up.
    fn at(&mut self, now: Duration, pace: f64) -> u64 {
        let passed = now.saturating_sub(self.since).as_secs_f64();
        self.since = now;
        self.earned = (self.earned + passed * pace).min((pace / 5.0).max(1.0));
        self.earned as u64
    }

    fn spend(&mut self, expansions: u64) {
        self.earned = (self.earned - expansions as f64).max(0.0);
    }
}
