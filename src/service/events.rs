//! What happens to a job, as a bounded stream for any number of readers.
//!
//! The job keeps the latest events and never waits for a reader. A reader that is slow, or that comes late, misses
//! the oldest ones and is told how many; the end is the last event, and no reader misses it.

use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;

use futures::Stream;
use futures::stream::unfold;

use super::progress::Phase;
use super::response::{PlanReport, Response};
use crate::runtime::Watch;

/// Events that a job keeps.
const EVENTS_MAX: usize = 64;

/// Something that happened to a job.
#[derive(Clone, Debug)]
pub enum Event {
    /// It left the queue, and runs.
    Started,
    /// A phase began: the one of the queue and the one of the end have events of their own.
    Phase(Phase),
    /// There are new figures in [`super::Job::progress`]. It comes ten times a second of work at most, and once where a
    /// reader has missed several; that does not count as a loss.
    Progress,
    /// The search on show found a plan, better than the ones before.
    Improved(PlanReport),
    /// It is held.
    Paused,
    /// It goes on.
    Resumed,
    /// This many events were lost, because this reader was slow or came late.
    Lost(u64),
    /// It ended, with this answer. Nothing comes after it.
    Ended(Rc<Response>),
}

/// The events of a job, in their order. Ends after [`Event::Ended`].
pub type Events = Pin<Box<dyn Stream<Item = Event>>>;

/// The latest events of a job.
#[derive(Default)]
pub(super) struct EventLog {
    kept: Watch<Kept>,
}

#[derive(Default)]
struct Kept {
    events: VecDeque<Event>,
    /// Events that are no longer kept.
    dropped: u64,
    /// Times that there were new figures.
    moves: u64,
    is_over: bool,
}

/// How far a reader has come.
#[derive(Clone, Copy, Default)]
struct Cursor {
    event: u64,
    moves: u64,
}

impl EventLog {
    /// Adds an event, unless the job is over.
    pub(super) fn add(&self, event: Event) {
        if self.kept.with(|kept| kept.is_over) {
            return;
        }
        self.kept.update(|kept| {
            kept.is_over = matches!(event, Event::Ended(_));
            kept.events.push_back(event);
            if kept.events.len() > EVENTS_MAX {
                kept.events.pop_front();
                kept.dropped += 1;
            }
        });
    }

    /// Says that there are new figures.
    pub(super) fn move_on(&self) {
        self.kept.update(|kept| kept.moves += 1);
    }

    /// The events from the beginning, as far as they are kept.
    pub(super) fn read(self: Rc<Self>) -> Events {
        Box::pin(unfold(Some((self, Cursor::default())), async |state| {
            let (log, cursor) = state?;
            let (event, next) = log.next(cursor).await;
            let is_last = matches!(event, Event::Ended(_));
            Some((event, (!is_last).then_some((log, next))))
        }))
    }

    /// What a reader gets next; waits for what is still to come.
    async fn next(&self, cursor: Cursor) -> (Event, Cursor) {
        self.kept.until(|kept| kept.next(cursor)).await
    }
}

impl Kept {
    fn next(&self, cursor: Cursor) -> Option<(Event, Cursor)> {
        let Some(at) = cursor.event.checked_sub(self.dropped) else {
            let lost = Event::Lost(self.dropped - cursor.event);
            return Some((lost, Cursor { event: self.dropped, ..cursor }));
        };
        if let Some(event) = self.events.get(at as usize) {
            return Some((event.clone(), Cursor { event: cursor.event + 1, ..cursor }));
        }
        (self.moves > cursor.moves).then_some((Event::Progress, Cursor { moves: self.moves, ..cursor }))
    }
}
