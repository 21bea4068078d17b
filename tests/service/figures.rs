//! What a service says of itself while it works, and what it has counted.

use std::time::Duration;

use crate::support::generators::{classic, switchboard};
use crate::support::served::{TURN, blind, greedy, served};
use planscope::search::Outcome;
use planscope::service::{End, KeptPlans, Phase, Request, RequestFigures, ServiceConfig};

#[test]
fn a_snapshot_lists_who_waits_and_who_is_worked_on() {
    served(ServiceConfig { queue: 2, max_in_flight: 1 }, async |test| {
        let deadline = Some(Duration::from_secs(9));
        let paced = Request { pace: Some(100.0), ..blind(&switchboard(1, 8)) };
        let running = test.service.try_submit(paced).unwrap();
        let waiting = test.service.try_submit(Request { deadline, ..greedy(&classic()) }).unwrap();
        while running.progress().phase != Phase::Search {
            test.turns(1).await;
        }
        test.turns(5).await;
        let figures = test.service.figures();
        assert_eq!((figures.in_flight, figures.max_in_flight), (1, 1));
        assert_eq!((figures.waiting, figures.capacity, figures.unlisted), (1, 2, 0));
        let [first, second] = &figures.requests[..] else { panic!("{:?}", figures.requests) };
        assert_eq!((first.id, first.phase, first.left), (running.id(), Phase::Search, None));
        assert_eq!(first.engine.to_string(), "A* · blind");
        assert!(first.since >= 5 * TURN, "{first:?}");
        // The name of a problem that was not read yet is not known.
        let expected = RequestFigures {
            id: waiting.id(),
            name: String::new(),
            engine: greedy("").engine,
            phase: Phase::Queued,
            is_paused: false,
            worked: Duration::ZERO,
            since: first.since,
            left: Some(Duration::from_secs(9).saturating_sub(first.since)),
        };
        assert_eq!(*second, expected);
        let slices = figures.totals.slices.count;
        assert!(slices > 0, "slices of a request under way count");
        running.cancel();
        waiting.finished().await;
        let after = test.service.figures();
        assert_eq!((after.requests.len(), after.waiting, after.in_flight), (0, 0, 0));
        assert!(after.totals.slices.count > slices, "none is lost when it ends");
    });
}

#[test]
fn each_request_is_counted_once_by_its_end() {
    served(ServiceConfig { queue: 1, max_in_flight: 1 }, async |test| {
        let ended = async |request: Request| test.service.try_submit(request).unwrap().finished().await;
        assert_eq!(ended(greedy(&classic())).await.outcome, Some(Outcome::Solved));
        assert_eq!(ended(greedy("{")).await.outcome, None);
        let reuse = Request { kept: KeptPlans::Reuse, ..greedy(&classic()) };
        assert_eq!(ended(reuse).await.outcome, Some(Outcome::Solved));
        let held = Request { paused: true, ..blind(&switchboard(1, 8)) };
        let running = test.service.try_submit(held.clone()).unwrap();
        while running.progress().phase == Phase::Queued {
            test.turns(1).await;
        }
        let waiting = test.service.try_submit(held.clone()).unwrap();
        assert!(test.service.try_submit(held.clone()).is_err());
        // Nobody waits for this one any more.
        drop(test.service.submit(held));
        running.cancel();
        waiting.cancel();
        waiting.finished().await;
        running.finished().await;
        let totals = test.service.figures().totals;
        let counted: Vec<_> =
            End::ALL.iter().map(|&end| (end, totals.ended(end))).filter(|(_, count)| *count > 0).collect();
        assert_eq!(counted, [(End::Solved, 2), (End::Cancelled, 2), (End::Invalid, 1), (End::Busy, 1)]);
        assert_eq!(totals.answered(), 5);
        // The one that was cancelled in the queue never began.
        assert_eq!(totals.waits.count, 4);
        let recent = totals.recent.until(test.environment.pacing.clock.now());
        let (answers, from_caches) =
            recent.iter().fold((0, 0), |sum, one| (sum.0 + one.answers, sum.1 + one.from_caches));
        assert_eq!((answers, from_caches), (5, 1));
    });
}

#[test]
fn a_wait_in_the_queue_is_measured() {
    served(ServiceConfig { queue: 4, max_in_flight: 1 }, async |test| {
        let held = test.service.try_submit(Request { paused: true, ..blind(&switchboard(1, 8)) }).unwrap();
        let waiting = test.service.try_submit(greedy(&classic())).unwrap();
        test.turns(200).await;
        held.cancel();
        waiting.finished().await;
        let waits = test.service.figures().totals.waits;
        assert_eq!(waits.count, 2);
        assert!(waits.longest >= 200 * TURN && waits.longest < 230 * TURN, "{:?}", waits.longest);
    });
}
