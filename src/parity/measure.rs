//! Measures the workloads one after the other.

use std::ops::ControlFlow;
use std::time::Duration;

use super::lab::Lab;
use super::report::{Report, Row, Skipped, rounded};
use super::rounds::Rounds;
use super::workload::{ALL, Work, Workload};
use super::{computing, lookups, requests, waits};
use crate::lang::nearest::nearest;

/// Rounds where nobody says how many.
const ROUNDS: u32 = 20;
/// Rounds at most.
const ROUNDS_MAX: u32 = 1_000;
/// How long a workload warms up.
const WARM_UP: Duration = Duration::from_millis(300);
/// Times that the clock is read to see its step: a few milliseconds.
const CLOCK_READS: u32 = 20_000;
/// A round is so many repetitions that it takes about this long.
const ROUND: Duration = Duration::from_millis(12);

/// What is to be measured.
#[derive(Clone, Debug)]
pub struct Options {
    /// Rounds of each workload that count, from 1 to 1000.
    pub rounds: u32,
    /// The workloads, in the order in which they are measured.
    pub workloads: Vec<&'static Workload>,
}

impl Default for Options {
    /// All workloads in 20 rounds.
    fn default() -> Self {
        Self { rounds: ROUNDS, workloads: ALL.iter().collect() }
    }
}

/// No workload has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no workload {name:?}{}", hint.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default())]
pub struct UnknownWorkload {
    name: String,
    hint: Option<&'static str>,
}

impl Options {
    /// The workloads of these names, or all where there is none.
    ///
    /// # Errors
    /// [`UnknownWorkload`] for the first name that none has.
    pub fn new<S: AsRef<str>>(rounds: Option<u32>, only: &[S]) -> Result<Self, UnknownWorkload> {
        for name in only.iter().map(AsRef::as_ref) {
            if Workload::named(name).is_none() {
                let hint = nearest(name, ALL.iter().map(|workload| workload.name));
                return Err(UnknownWorkload { name: name.to_owned(), hint });
            }
        }
        let is_asked = |name: &str| only.is_empty() || only.iter().any(|asked| asked.as_ref() == name);
        Ok(Self {
            rounds: rounds.unwrap_or(ROUNDS).clamp(1, ROUNDS_MAX),
            workloads: ALL.iter().filter(|workload| is_asked(workload.name)).collect(),
        })
    }
}

/// What happens while it is measured.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// So many rounds of a workload have been done, or none that counts while it warms up.
    Round {
        /// The workload.
        workload: &'static Workload,
        /// Its number among those that are measured, from 0.
        index: usize,
        /// How many are measured.
        workloads: usize,
        /// Rounds done.
        round: u32,
        /// Rounds that it will have.
        rounds: u32,
    },
    /// A workload has been measured: the report so far.
    Measured(&'a Report),
    /// A workload cannot be measured.
    Skipped(&'a Skipped),
}

/// Measures. Where `tell` breaks, the report has what was measured by then, and is not complete.
pub async fn measure(
    lab: &dyn Lab,
    options: &Options,
    tell: &mut dyn FnMut(&Event<'_>) -> ControlFlow<()>,
) -> Report {
    let begun = lab.pacing().clock.now();
    let mut report = Report::new(lab.machine(), lab.wall_clock_ms());
    report.clock_us = clock_us(lab);
    for (index, workload) in options.workloads.iter().enumerate() {
        let place = Place { workload, index, workloads: options.workloads.len() };
        let goes_on = match rounds(lab, &place, options.rounds, tell).await {
            Ok((figures, per_round)) => {
                let row = Row::new(workload, report.machine.platform, per_round, figures);
                report.workloads.push(row);
                tell(&Event::Measured(&report))
            }
            Err(Ended::Cancelled) => ControlFlow::Break(()),
            Err(Ended::Impossible(reason)) => {
                report.skipped.push(Skipped { name: workload.name.to_owned(), reason });
                tell(&Event::Skipped(&report.skipped[report.skipped.len() - 1]))
            }
        };
        if goes_on.is_break() {
            report.complete = false;
            break;
        }
    }
    report.seconds = lab.pacing().clock.now().saturating_sub(begun).as_secs_f64();
    report
}

/// The least step that the clock is seen to make, in millionths of a second.
fn clock_us(lab: &dyn Lab) -> f64 {
    let clock = lab.pacing().clock;
    let mut least: Option<Duration> = None;
    let mut before = clock.now();
    for _ in 0..CLOCK_READS {
        let now = clock.now();
        let step = now.saturating_sub(before);
        if !step.is_zero() {
            least = Some(least.map_or(step, |least| least.min(step)));
        }
        before = now;
    }
    rounded(least.map_or(0.0, |least| least.as_secs_f64() * 1e6))
}

/// A workload among those that are measured.
struct Place {
    workload: &'static Workload,
    index: usize,
    workloads: usize,
}

impl Place {
    fn event(&self, round: u32, rounds: u32) -> Event<'static> {
        Event::Round { workload: self.workload, index: self.index, workloads: self.workloads, round, rounds }
    }
}

/// Why a workload was not measured.
enum Ended {
    Cancelled,
    Impossible(String),
}

impl From<String> for Ended {
    fn from(reason: String) -> Self {
        Self::Impossible(reason)
    }
}

/// The figures of the rounds of a workload, in its unit, and how many repetitions each was.
async fn rounds(
    lab: &dyn Lab,
    place: &Place,
    asked: u32,
    tell: &mut dyn FnMut(&Event<'_>) -> ControlFlow<()>,
) -> Result<(Vec<f64>, u64), Ended> {
    let Place { workload, .. } = *place;
    let rounds = workload.rounds(asked);
    let mut go_on = |round| match tell(&place.event(round, rounds)) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Ended::Cancelled),
    };
    go_on(0)?;
    let pacing = lab.pacing();
    pacing.yielder.yield_now().await;
    let mut work = prepare(lab, workload.work).await?;
    let [least, most] = workload.repetitions();
    let mut repetitions = least;
    let begun = pacing.clock.now();
    while workload.warms_up() {
        let took = work.round(repetitions).await?.took;
        pacing.yielder.yield_now().await;
        go_on(0)?;
        if took * 2 <= ROUND && repetitions < most {
            repetitions = (repetitions * 2).min(most);
        } else if pacing.clock.now().saturating_sub(begun) >= WARM_UP {
            break;
        }
    }
    let mut figures = Vec::new();
    for round in 1..=rounds {
        figures.push(workload.unit.of(work.round(repetitions).await?.figure));
        pacing.yielder.yield_now().await;
        go_on(round)?;
    }
    Ok((figures, repetitions))
}

/// What a workload does, ready to be repeated.
async fn prepare(lab: &dyn Lab, work: Work) -> Result<Box<dyn Rounds + '_>, String> {
    match work {
        Work::Held => requests::held(lab).ok_or_else(|| "the system does not tell what is held".to_owned()),
        Work::Near => requests::near(lab).await,
        Work::LookUp { is_kept } => Ok(lookups::look_up(lab, is_kept)?),
        Work::LookUpOnThreads(threads) => lookups::on_threads(lab, threads)?
            .ok_or_else(|| "there are no threads here, and no clock for single lookups".to_owned()),
        Work::StoreWrite => Ok(waits::store(lab, true).await?),
        Work::StoreRead => Ok(waits::store(lab, false).await?),
        Work::Spawn => Ok(waits::spawned(lab)),
        Work::Yield => Ok(waits::yields(lab)),
        Work::Requests { is_cached, in_flight } => Ok(requests::requests(lab, is_cached, in_flight).await?),
        computing => Ok(computing::prepare(computing, lab).await?),
    }
}
