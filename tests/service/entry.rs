//! The way into the service: waiting for a place, the order of those who wait, deadlines that count the wait, and
//! the end of taking requests.

use std::rc::Rc;
use std::time::Duration;

use crate::support::generators::{classic, switchboard};
use crate::support::served::{Served, TURN, blind, greedy, served};
use futures::FutureExt;
use futures::future::join_all;
use planscope::runtime::Clock;
use planscope::search::Outcome;
use planscope::service::{Busy, EngineCode, Gate, Job, Phase, Request, ServiceConfig};

/// A run that ends only when it is cancelled.
fn held() -> Request {
    Request { paused: true, ..blind(&switchboard(1, 8)) }
}

fn one_at_a_time(queue: usize) -> ServiceConfig {
    ServiceConfig { queue, max_in_flight: 1 }
}

/// Lets a job begin.
async fn begun(test: &Served, job: &Job) {
    while job.progress().phase == Phase::Queued {
        test.turns(1).await;
    }
}

#[test]
fn a_full_queue_answers_busy_and_says_how_many_wait() {
    served(one_at_a_time(2), async |test| {
        let running = test.service.try_submit(held()).unwrap();
        begun(&test, &running).await;
        let _waiting: Vec<_> = (0..2).map(|_| test.service.try_submit(greedy(&classic())).unwrap()).collect();
        let busy = test.service.try_submit(greedy(&classic())).err().unwrap();
        assert_eq!(busy, Busy { waiting: 2, capacity: 2 });
        let message = "the planner is busy: 2 requests wait in a queue of 2; try again when a run has ended";
        assert_eq!(busy.to_string(), message);
        running.cancel();
    });
}

#[test]
fn who_waits_for_a_place_gets_it_in_turn_and_nobody_comes_in_between() {
    served(one_at_a_time(1), async |test| {
        let running = test.service.try_submit(held()).unwrap();
        begun(&test, &running).await;
        let queued = test.service.try_submit(greedy(&classic())).unwrap();
        let submissions: Vec<_> = (0..3).map(|_| test.service.submit(greedy(&classic()))).collect();
        assert!(test.service.try_submit(greedy(&classic())).is_err());
        running.cancel();
        let mut order = Vec::new();
        let answered = submissions.into_iter().enumerate().map(async |(at, submission)| {
            let job = submission.await;
            (at, job.finished().await.outcome, job.id())
        });
        let mut answered = answered.map(Box::pin).collect::<futures::stream::FuturesUnordered<_>>();
        while let Some((at, outcome, _)) = futures::StreamExt::next(&mut answered).await {
            assert_eq!(outcome, Some(Outcome::Solved));
            order.push(at);
        }
        assert_eq!(order, [0, 1, 2]);
        assert_eq!(queued.finished().await.outcome, Some(Outcome::Solved));
        assert_eq!(test.service.waiting(), 0);
    });
}

#[test]
fn who_gives_up_waiting_for_a_place_leaves_it_to_the_next() {
    served(one_at_a_time(1), async |test| {
        let running = test.service.try_submit(held()).unwrap();
        begun(&test, &running).await;
        let queued = test.service.try_submit(greedy(&classic())).unwrap();
        let mut first = Box::pin(test.service.submit(greedy(&classic())));
        assert!((&mut first).now_or_never().is_none());
        let second = test.service.submit(greedy(&classic()));
        drop(first);
        running.cancel();
        let job = second.await;
        assert_eq!(job.finished().await.outcome, Some(Outcome::Solved));
        assert_eq!(queued.finished().await.outcome, Some(Outcome::Solved));
        assert!(test.service.try_submit(greedy(&classic())).is_ok(), "no place was lost");
    });
}

#[test]
fn a_deadline_that_passes_in_the_queue_is_answered_and_nothing_is_started() {
    served(one_at_a_time(1), async |test| {
        let running = test.service.try_submit(held()).unwrap();
        begun(&test, &running).await;
        let before = test.sim.now();
        let ask = || Request { deadline: Some(20 * TURN), ..greedy(&classic()) };
        // One waits in the queue, one for a place in it.
        let queued = test.service.try_submit(ask()).unwrap();
        let for_a_place = test.service.submit(ask());
        let (queued_answer, for_a_place) = futures::join!(queued.finished(), for_a_place);
        let late = test.sim.now().saturating_sub(before);
        assert!(20 * TURN <= late && late <= 21 * TURN, "{late:?}");
        for answer in [queued_answer, for_a_place.finished().await] {
            assert_eq!(answer.outcome, Some(Outcome::TimeLimit));
            assert!(answer.message.contains("it was not started"), "{}", answer.message);
            assert_eq!((answer.statistics.expanded, answer.phases.total()), (0, Duration::ZERO));
        }
        assert_eq!(test.service.waiting(), 0, "its place is free");
        running.cancel();
    });
}

#[test]
fn a_deadline_counts_the_wait_and_a_pause_and_ends_a_run() {
    served(one_at_a_time(4), async |test| {
        let first = test.service.try_submit(held()).unwrap();
        begun(&test, &first).await;
        let submitted = test.sim.now();
        let slow = || Request { pace: Some(20.0), ..blind(&switchboard(1, 18)) };
        let ask = || Request { deadline: Some(60 * TURN), ..slow() };
        let next = test.service.try_submit(ask()).unwrap();
        test.turns(30).await;
        first.cancel();
        begun(&test, &next).await;
        assert_eq!(next.finished().await.outcome, Some(Outcome::TimeLimit));
        let late = test.sim.now().saturating_sub(submitted);
        assert!(60 * TURN <= late && late <= 62 * TURN, "{late:?}");
        // A pause stops the time limit, and not the deadline.
        let submitted = test.sim.now();
        let paused = test.service.try_submit(Request { paused: true, ..ask() }).unwrap();
        assert_eq!(paused.finished().await.outcome, Some(Outcome::TimeLimit));
        let late = test.sim.now().saturating_sub(submitted);
        assert!(60 * TURN <= late && late <= 62 * TURN, "{late:?}");
    });
}

#[test]
fn a_gate_that_stays_closed_outlasts_no_deadline() {
    served(ServiceConfig::default(), async |test| {
        let gate: Rc<Gate> = Rc::clone(&test.environment.gate);
        gate.set(EngineCode::Coming);
        let submitted = test.sim.now();
        let job =
            test.service.try_submit(Request { deadline: Some(9 * TURN), ..greedy(&classic()) }).unwrap();
        let answer = job.finished().await;
        assert_eq!(answer.outcome, Some(Outcome::TimeLimit));
        assert!(test.sim.now().saturating_sub(submitted) <= 10 * TURN);
        gate.set(EngineCode::Here);
        let job = test.service.try_submit(greedy(&classic())).unwrap();
        assert_eq!(job.finished().await.outcome, Some(Outcome::Solved));
    });
}

/// The order in which jobs end, as indices.
async fn order_of(jobs: &[Job], test: &Served) -> Vec<usize> {
    let mut order = Vec::new();
    while order.len() < jobs.len() {
        test.turns(1).await;
        for (at, job) in jobs.iter().enumerate() {
            if job.response().is_some() && !order.contains(&at) {
                order.push(at);
            }
        }
    }
    order
}

#[test]
fn the_more_urgent_goes_first_until_the_others_have_waited_long_enough() {
    served(one_at_a_time(8), async |test| {
        let running = test.service.try_submit(held()).unwrap();
        begun(&test, &running).await;
        let with = |priority| Request { priority, ..greedy(&classic()) };
        let submit = |priority| test.service.try_submit(with(priority)).unwrap();
        let mut jobs = vec![submit(0), submit(0), submit(3), submit(-2)];
        test.turns(1_500).await;
        // It is more urgent by a point, but has come a second and a half later.
        jobs.push(submit(1));
        jobs.push(submit(2));
        running.cancel();
        assert_eq!(order_of(&jobs, &test).await, [2, 5, 0, 1, 4, 3]);
    });
}

#[test]
fn a_stream_of_urgent_requests_starves_nobody() {
    served(one_at_a_time(4), async |test| {
        let first = test.service.try_submit(held()).unwrap();
        begun(&test, &first).await;
        let patient = test.service.try_submit(Request { priority: -3, ..greedy(&classic()) }).unwrap();
        let submitted = test.sim.now();
        // There is an urgent one waiting at any time, and each runs for a tenth of a second.
        let urgent = || test.service.try_submit(Request { priority: 3, ..held() }).unwrap();
        let mut waiting = vec![urgent(), urgent()];
        first.cancel();
        while patient.response().is_none() {
            test.turns(100).await;
            waiting.iter().filter(|job| job.progress().phase != Phase::Queued).for_each(Job::cancel);
            waiting.retain(|job| job.progress().phase == Phase::Queued);
            waiting.push(urgent());
        }
        let waited = test.sim.now().saturating_sub(submitted);
        assert!(Duration::from_secs(5) < waited && waited < Duration::from_secs(9), "{waited:?}");
    });
}

#[test]
fn a_service_that_shuts_down_drains_and_then_cancels_and_answers_everybody() {
    served(one_at_a_time(2), async |test| {
        let solved = test.service.try_submit(greedy(&classic())).unwrap();
        let held = test.service.submit(held()).await;
        let third = test.service.submit(greedy(&classic()));
        let before = test.sim.now();
        let shut_down = test.service.shutdown(Duration::from_millis(300));
        // It takes nothing more, and says so.
        let late = test.service.try_submit(greedy(&classic())).unwrap();
        for refused in [late, third.await, test.service.submit(greedy(&classic())).await] {
            let answer = refused.response().unwrap();
            assert!(answer.is_shut_down && answer.message.contains("before the request was started"));
        }
        assert_eq!(solved.finished().await.outcome, Some(Outcome::Solved));
        shut_down.await;
        let drained = test.sim.now().saturating_sub(before);
        assert!(
            Duration::from_millis(300) <= drained && drained <= Duration::from_millis(305),
            "{drained:?}"
        );
        let cut = held.response().unwrap();
        assert_eq!(cut.outcome, Some(Outcome::Cancelled));
        assert!(cut.is_shut_down && cut.message.contains("before the run had ended"), "{}", cut.message);
    });
}

#[test]
fn a_drain_ends_as_soon_as_all_is_answered_and_can_be_shortened() {
    served(one_at_a_time(4), async |test| {
        let held = test.service.try_submit(held()).unwrap();
        begun(&test, &held).await;
        let queued = test.service.try_submit(greedy(&classic())).unwrap();
        let shut_down = test.service.shutdown(Duration::from_hours(1));
        test.turns(20).await;
        assert!(held.response().is_none() && queued.response().is_none());
        let at_once = test.service.shutdown(Duration::ZERO);
        futures::join!(shut_down, at_once);
        assert!(test.sim.now() < Duration::from_mins(1));
        assert!(held.response().unwrap().is_shut_down && queued.response().unwrap().is_shut_down);
        assert!(queued.response().unwrap().message.contains("before the request was started"));
    });
}

#[test]
fn jobs_of_a_service_that_is_dropped_are_answered() {
    let jobs = served(one_at_a_time(4), async |test| {
        let held = test.service.try_submit(held()).unwrap();
        begun(&test, &held).await;
        let queued = test.service.try_submit(greedy(&classic())).unwrap();
        let just_now = test.service.try_submit(greedy(&classic())).unwrap();
        (held, queued, just_now, test.service)
    });
    let (held, queued, just_now, service) = jobs;
    for job in [held, queued, just_now] {
        assert!(job.response().unwrap().is_shut_down);
    }
    assert!(service.try_submit(greedy(&classic())).unwrap().response().unwrap().is_shut_down);
    let waits = join_all((0..9).map(|_| service.submit(greedy(&classic()))));
    assert!(waits.now_or_never().unwrap().iter().all(|job| job.response().is_some()));
}
