//! Turns: decides which lane of an engine works next, when waiting series begin, and when windows are
//! replanned.
//!
//! The lane with the least work relative to its weight goes next. Work is counted in units, which take about
//! equally long; setting up a heuristic counts too. So turns do not depend on how the engine is sliced.

use super::lane::{Ground, Lane, Windows};
use super::observer::Observer;
use super::passes::Series;
use super::statistics::Statistics;

/// Least and most units of work of a turn. The least takes less than a millisecond.
const TURN_UNITS: (u64, u64) = (500, 10_000);
/// A turn lasts for this fraction of the work so far.
const TURNS: u64 = 16;

/// The owner of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Going {
    /// A lane, by its index.
    Lane(usize),
    /// The replanning of windows.
    Windows,
}

/// The lanes, series and windows of an engine that take turns.
pub(super) struct Turns<O> {
    pub(super) lanes: Vec<Lane<O>>,
    /// Series that have not begun; the first one begins next.
    waiting: Vec<Series>,
    pub(super) windows: Option<Windows>,
    /// The owner of the turn under way, if there is one.
    pub(super) going: Option<Going>,
    /// Counters of the passes that have ended.
    over: Statistics,
    peak_memory: u64,
    /// Units of work so far.
    pub(super) work: u64,
}

impl<O: Observer + 'static> Turns<O> {
    /// Starts the first series at once; each other series begins when the engine's work reaches its `after`,
    /// or earlier if no lane is left.
    pub(super) fn new(ground: &Ground<O>, mut series: Vec<Series>) -> Self {
        let waiting = series.split_off(1.min(series.len()));
        let lanes = series.into_iter().filter_map(|series| Lane::new(ground, series, 0, i64::MAX)).collect();
        Self {
            lanes,
            waiting,
            windows: None,
            going: None,
            over: Statistics::default(),
            peak_memory: 0,
            work: 0,
        }
    }

    /// Chooses the owner of the next turn and begins the turn; `None` if nothing is left to do. Waiting
    /// series begin here.
    pub(super) fn pick(&mut self, ground: &Ground<O>) -> Option<Going> {
        while self.waiting.first().is_some_and(|next| self.work >= next.after || self.is_idle()) {
            let series = self.waiting.remove(0);
            let due = self.least_due();
            self.lanes.extend(Lane::new(ground, series, due, i64::MAX));
            let ended = self.lanes.extract_if(.., |lane| lane.is_over);
            let statistics = ended.map(|lane| lane.running.core().statistics());
            self.over = statistics.fold(self.over, Statistics::plus);
        }
        let lanes = self.lanes.iter().enumerate().filter(|(_, lane)| !lane.is_over);
        let lanes = lanes.map(|(at, lane)| (lane.due, Going::Lane(at)));
        let windows = self.windows.as_ref().map(|windows| (windows.due, Going::Windows));
        let (_, going) = lanes.chain(windows).min_by_key(|(due, _)| *due)?;
        match (going, &mut self.windows) {
            (Going::Lane(at), _) => self.begin_turn(at, ground.memory_limit),
            (Going::Windows, Some(windows)) => {
                let lanes = self.lanes.iter().map(Lane::memory_bytes).sum();
                windows.improver.room = ground.memory_limit.saturating_sub(lanes);
            }
            (Going::Windows, None) => {}
        }
        Some(going)
    }

    /// Begins the turn of a lane and sets its memory limit. A lane without competitors works until its pass
    /// ends.
    fn begin_turn(&mut self, at: usize, memory_limit: u64) {
        let others = self.memory_bytes() - self.lanes[at].memory_bytes();
        let active = self.lanes.iter().filter(|lane| !lane.is_over).count();
        let is_alone = active == 1 && self.waiting.is_empty() && self.windows.is_none();
        // The first lane may take all memory that the others leave; each other lane gets at most a quarter of
        // the limit.
        let most = if at == 0 { u64::MAX } else { memory_limit / 4 };
        let (least, longest) = TURN_UNITS;
        let units = (self.work / TURNS).clamp(least, longest);
        let running = &mut self.lanes[at].running;
        running.core_mut().memory_limit = memory_limit.saturating_sub(others).min(most);
        running.begin_turn(if is_alone { u64::MAX } else { units });
    }

    /// Adds the work of the turn that has ended.
    pub(super) fn end_turn(&mut self, going: Going) {
        self.peak_memory = self.peak_memory_bytes().max(self.memory_bytes());
        self.going = None;
        self.work += match going {
            Going::Lane(at) => self.lanes[at].end_turn(),
            Going::Windows => self.windows.as_mut().map_or(0, Windows::end_turn),
        };
    }

    /// Ends all lanes except the one at `at`, which it returns, and drops the waiting series.
    pub(super) fn end_all_but(&mut self, at: usize) -> Lane<O> {
        let kept = self.lanes.swap_remove(at);
        let others = self.lanes.drain(..).map(|lane| lane.running.core().statistics());
        self.over = others.fold(self.over, Statistics::plus);
        self.waiting.clear();
        kept
    }

    /// Adds the counters of a pass that has ended.
    pub(super) fn note_over(&mut self, statistics: Statistics) {
        self.over = self.over.plus(statistics);
    }

    /// Whether no lane is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.lanes.iter().all(|lane| lane.is_over)
    }

    fn least_due(&self) -> u64 {
        self.lanes.iter().filter(|lane| !lane.is_over).map(|lane| lane.due).min().unwrap_or(0)
    }

    /// Whether an expansion has begun and is not over.
    pub(super) fn is_mid_expansion(&self) -> bool {
        matches!(self.going, Some(Going::Lane(lane)) if self.lanes[lane].running.is_mid_expansion())
    }

    /// Counters of all passes so far, those of windows included.
    pub(super) fn statistics(&self) -> Statistics {
        let lanes = self.lanes.iter().map(|lane| lane.running.core().statistics());
        let windows = self.windows.as_ref().map(|windows| windows.improver.statistics());
        lanes.chain(windows).fold(self.over, Statistics::plus)
    }

    /// Most bytes held at once.
    pub(super) fn peak_memory_bytes(&self) -> u64 {
        let lanes = self.lanes.iter().map(|lane| lane.running.peak_memory_bytes());
        self.peak_memory.max(lanes.sum())
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> u64 {
        let windows = self.windows.as_ref().map_or(0, |windows| windows.improver.memory_bytes());
        self.lanes.iter().map(Lane::memory_bytes).sum::<u64>() + windows
    }
}
