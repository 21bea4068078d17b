//! Jobs that work side by side get equal shares of the thread, by measured time.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use futures::future::{join, join_all};
use planscope::runtime::sim::Sim;
use planscope::runtime::{Allowed, Control, Meter, Paced, Pacing, Shares, Sleep, Stop, drive};
use planscope::step::{Budget, Progress, Stepper};

/// Work without an end whose slices all take as long.
struct Endless {
    sim: Sim,
    slice: Duration,
}

impl Stepper for Endless {
    type Output = ();

    fn step(&mut self, budget: &mut Budget) -> Progress<()> {
        budget.spend(1);
        self.sim.pass(self.slice);
        Progress::Pending
    }
}

impl Paced for Endless {}

const END: Duration = Duration::from_secs(6);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// One of those who work: the length of its slices, when it begins, and when it is paused.
struct Worker {
    slice: Duration,
    begins: Duration,
    paused: Option<(Duration, Duration)>,
}

fn worker(slice: u64) -> Worker {
    Worker { slice: ms(slice), begins: Duration::ZERO, paused: None }
}

/// How long each has worked at the end.
fn worked(workers: &[Worker]) -> Vec<Duration> {
    let (sim, shares) = (Sim::new(), Shares::default());
    let work = workers.iter().map(async |worker| {
        let (meter, control) = (Rc::new(Meter::default()), Control::default());
        let share = shares.join(sim.pacing(), Rc::clone(&meter));
        let pacing = Pacing { yielder: Rc::new(share), ..sim.pacing() };
        let stepper = RefCell::new(Endless { sim: sim.clone(), slice: worker.slice });
        let allowed = Allowed { time: None, until: Some(END) };
        let working = async {
            sim.sleep(worker.begins).await;
            assert_eq!(drive(&pacing, &control, &meter, allowed, &stepper).await, Err(Stop::TimeLimit));
        };
        let pausing = async {
            if let Some((from, to)) = worker.paused {
                sim.sleep(from).await;
                control.pause();
                sim.sleep(to.saturating_sub(from)).await;
                control.resume();
            }
        };
        join(working, pausing).await;
        meter.worked()
    });
    sim.run(join_all(work))
}

fn is_about(time: Duration, expected: u64) -> bool {
    ms(expected - 60) <= time && time <= ms(expected + 60)
}

#[test]
fn long_slices_get_no_larger_share_than_short_ones() {
    let worked = worked(&[worker(40), worker(2), worker(5)]);
    assert!(worked.iter().all(|worked| is_about(*worked, 2_000)), "{worked:?}");
}

#[test]
fn who_comes_later_neither_catches_up_nor_waits() {
    let late = Worker { begins: ms(3_000), ..worker(5) };
    let worked = worked(&[worker(5), worker(5), late]);
    assert!(is_about(worked[0], 2_500) && is_about(worked[1], 2_500), "{worked:?}");
    assert!(is_about(worked[2], 1_000), "{worked:?}");
}

#[test]
fn who_was_paused_does_not_catch_up() {
    let held = Worker { paused: Some((ms(1_000), ms(4_000))), ..worker(5) };
    let worked = worked(&[held, worker(20)]);
    assert!(is_about(worked[0], 1_500) && is_about(worked[1], 4_500), "{worked:?}");
}

/// Work that takes this many slices.
struct Short {
    sim: Sim,
    slices: u32,
}

impl Stepper for Short {
    type Output = ();

    fn step(&mut self, budget: &mut Budget) -> Progress<()> {
        budget.spend(1);
        self.sim.pass(ms(2));
        self.slices -= 1;
        if self.slices == 0 { Progress::Done(()) } else { Progress::Pending }
    }
}

impl Paced for Short {}

#[test]
fn a_stream_of_short_jobs_does_not_starve_a_long_one() {
    let (sim, shares) = (Sim::new(), Shares::default());
    let join_in = || {
        let meter = Rc::new(Meter::default());
        let share = shares.join(sim.pacing(), Rc::clone(&meter));
        (Pacing { yielder: Rc::new(share), ..sim.pacing() }, meter)
    };
    let allowed = Allowed { time: None, until: Some(END) };
    let long = async {
        let (pacing, meter) = join_in();
        let stepper = RefCell::new(Endless { sim: sim.clone(), slice: ms(5) });
        assert_eq!(
            drive(&pacing, &Control::default(), &meter, allowed, &stepper).await,
            Err(Stop::TimeLimit)
        );
        meter.worked()
    };
    let short = async || {
        let stepper = || RefCell::new(Short { sim: sim.clone(), slices: 3 });
        loop {
            let (pacing, meter) = join_in();
            if drive(&pacing, &Control::default(), &meter, allowed, &stepper()).await.is_err() {
                break;
            }
        }
    };
    let (worked, ..) = sim.run(async { futures::join!(long, short(), short(), short()) });
    assert!(worked > END / 6, "{worked:?}");
}
