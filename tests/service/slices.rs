//! How the driver cuts work into slices, on the virtual clock.

use std::cell::RefCell;
use std::time::Duration;

use planscope::hash::SplitMix64;
use planscope::runtime::sim::Sim;
use planscope::runtime::{Control, Meter, Paced, Stop, drive};
use planscope::step::{Budget, Progress, Stepper};

/// What a slice aims at, and the longest task that a page may have.
const TARGET: Duration = Duration::from_micros(4_900);
const LONGEST: Duration = Duration::from_millis(50);

/// Work of `units` units, each of which takes the time that `price` says.
struct Costed<F> {
    sim: Sim,
    units: u64,
    price: F,
}

impl<F: FnMut(u64) -> Duration> Stepper for Costed<F> {
    type Output = ();

    fn step(&mut self, budget: &mut Budget) -> Progress<()> {
        while !budget.is_spent() {
            if self.units == 0 {
                return Progress::Done(());
            }
            self.units -= 1;
            budget.spend(1);
            self.sim.pass((self.price)(self.units));
        }
        Progress::Pending
    }
}

impl<F: FnMut(u64) -> Duration> Paced for Costed<F> {}

/// Drives it to its end; answers the meter and how long it took in all.
fn driven(
    units: u64,
    remaining: Option<Duration>,
    price: impl FnMut(u64) -> Duration,
) -> (Meter, Duration, Result<(), Stop>) {
    let sim = Sim::with_yield_cost(Duration::from_micros(100));
    let (meter, control) = (Meter::default(), Control::default());
    let stepper = RefCell::new(Costed { sim: sim.clone(), units, price });
    let pacing = sim.pacing();
    let ended = sim.run(drive(&pacing, &control, &meter, remaining, &stepper));
    (meter, pacing.clock.now(), ended)
}

#[test]
fn slices_of_steady_work_stay_within_their_target_and_use_it() {
    for nanos in [50, 1_000, 20_000, 400_000, 4_000_000] {
        let price = Duration::from_nanos(nanos);
        let units = 3_000_000_000 / nanos;
        let (meter, took, ended) = driven(units, None, |_| price);
        ended.unwrap();
        let (count, longest) = meter.with_slices(|slices| (slices.lengths.count, slices.lengths.longest));
        assert!(longest <= TARGET.max(16 * price), "{longest:?} at {price:?}");
        // Yields cost 0.1 ms each: nearly all of the time is work.
        let share = meter.worked().as_secs_f64() / took.as_secs_f64();
        assert!(share > 0.95, "{share} at {price:?}, {count} slices");
    }
}

#[test]
fn a_slice_that_is_caught_by_dearer_work_is_no_long_task_and_the_next_ones_follow() {
    // Units are the same work nearly everywhere; they may be off by a factor of nine.
    const LEVELS: [u64; 5] = [1, 8, 3, 9, 1];
    const UNITS_EACH: u64 = 40_000;
    let level = |units: u64| LEVELS[(units / UNITS_EACH % 5) as usize];
    let units = 10 * UNITS_EACH;
    let mut random = SplitMix64::new(1);
    let price = move |units: u64| Duration::from_micros(level(units) * (50 + random.below(100)) / 10);
    let (meter, took, ended) = driven(units, None, price);
    ended.unwrap();
    let changes =
        (1..10).filter(|change| level(change * UNITS_EACH) < level(change * UNITS_EACH - 1)).count();
    meter.with_slices(|slices| {
        assert!(slices.lengths.longest < LONGEST, "{:?}", slices.lengths.longest);
        let late = slices.entries().iter().filter(|slice| slice.1 > 9.0).count();
        assert!(late <= changes, "{late} of {} slices, {changes} changes", slices.lengths.count);
    });
    assert!(meter.worked().as_secs_f64() / took.as_secs_f64() > 0.9);
}

#[test]
fn a_deadline_is_kept_to_within_a_slice() {
    let limit = Duration::from_secs(2);
    let (meter, took, ended) = driven(u64::MAX, Some(limit), |_| Duration::from_micros(7));
    assert_eq!(ended, Err(Stop::TimeLimit));
    assert!(limit <= took && took <= limit + TARGET + Duration::from_micros(200), "{took:?}");
    assert!(meter.worked() <= took);
}

#[test]
fn a_limit_of_nothing_does_no_work() {
    let (meter, _, ended) = driven(10, Some(Duration::ZERO), |_| Duration::from_micros(7));
    assert_eq!((ended, meter.worked()), (Err(Stop::TimeLimit), Duration::ZERO));
}
