//! The service on the virtual clock: limits, controls, caches and answers, without a sleep.

use std::rc::Rc;
use std::time::Duration;

use crate::support::generators::{classic, craft100, switchboard};
use crate::support::served::{TURN, blind, greedy, optimal, served};
use planscope::lang::goap::parse;
use planscope::search::{Outcome, SearchKind};
use planscope::service::{KeptPlans, Limits, Phase, Request, ServiceConfig};

/// A run of a million expansions and more.
fn long() -> Request {
    blind(&switchboard(1, 18))
}

fn limited(limits: Limits) -> Request {
    Request { limits, ..long() }
}

#[test]
fn a_full_queue_says_busy_and_drops_nothing() {
    served(ServiceConfig { queue: 2, max_in_flight: 1 }, async |test| {
        let classic = classic();
        let jobs: Vec<_> = (0..2).map(|_| test.service.try_submit(greedy(&classic)).unwrap()).collect();
        for _ in 0..3 {
            assert!(test.service.try_submit(greedy(&classic)).is_err());
        }
        for job in &jobs {
            assert_eq!(job.finished().await.outcome, Some(Outcome::Solved));
        }
        let ids: Vec<u64> = jobs.iter().map(planscope::service::Job::id).collect();
        assert_eq!(ids, [1, 2]);
        // There is room again.
        let job = test.service.try_submit(greedy(&classic)).unwrap();
        assert_eq!(job.finished().await.outcome, Some(Outcome::Solved));
    });
}

#[test]
fn a_clone_of_the_service_shares_its_queue() {
    served(ServiceConfig { queue: 2, max_in_flight: 1 }, async |test| {
        let other = test.service.clone();
        let first = test.service.try_submit(greedy(&classic())).unwrap();
        let second = other.try_submit(greedy(&classic())).unwrap();
        assert!(other.try_submit(greedy(&classic())).is_err() && test.service.try_submit(long()).is_err());
        assert_ne!(first.id(), second.id());
        first.finished().await;
        second.finished().await;
    });
}

#[test]
fn no_more_than_max_in_flight_run_at_once() {
    served(ServiceConfig { queue: 8, max_in_flight: 2 }, async |test| {
        let slow = || Request { pace: Some(1.0), ..long() };
        let jobs: Vec<_> = (0..4).map(|_| test.service.try_submit(slow()).unwrap()).collect();
        test.turns(40).await;
        let begun = jobs.iter().filter(|job| job.progress().phase != Phase::Queued).count();
        assert_eq!(begun, 2);
        jobs[0].cancel();
        test.turns(5).await;
        let begun = jobs.iter().filter(|job| job.progress().phase != Phase::Queued).count();
        assert_eq!(begun, 3);
    });
}

#[test]
fn every_request_is_answered_exactly_once() {
    served(ServiceConfig { queue: 64, max_in_flight: 3 }, async |test| {
        let texts = [classic(), craft100(), "{".to_owned(), switchboard(1, 8)];
        let jobs: Vec<_> =
            (0..32).map(|at| test.service.try_submit(optimal(&texts[at % 4])).unwrap()).collect();
        for (at, job) in jobs.iter().enumerate() {
            let (answer, again) = futures::join!(job.finished(), job.finished());
            assert!(Rc::ptr_eq(&answer, &again));
            let expected = [Some(Outcome::Solved), Some(Outcome::Solved), None, Some(Outcome::Unsolvable)];
            assert_eq!(answer.outcome, expected[at % 4]);
            // Nothing that comes later changes it.
            job.cancel();
            test.turns(2).await;
            assert!(Rc::ptr_eq(&answer, &job.finished().await));
            assert_eq!(job.progress().phase, Phase::Finished);
        }
    });
}

#[test]
fn a_deadline_ends_a_run_with_its_own_outcome_and_what_is_known_so_far() {
    served(ServiceConfig::default(), async |test| {
        let timeout = 12 * TURN;
        let limits = Limits { timeout: Some(timeout), ..Limits::default() };
        let answer = test.service.try_submit(limited(limits)).unwrap();
        let response = answer.finished().await;
        assert_eq!(response.outcome, Some(Outcome::TimeLimit));
        assert!(response.statistics.expanded > 0 && response.statistics.registered > 0);
        assert!(response.plan.is_none() && !response.optimal && response.peak_memory_bytes > 0);
        let elapsed = answer.progress().elapsed;
        assert!(timeout <= elapsed && elapsed <= timeout + TURN, "{elapsed:?}");
    });
}

#[test]
fn cancelling_ends_a_run_within_a_slice_and_keeps_what_is_known_so_far() {
    served(ServiceConfig::default(), async |test| {
        let job = test.service.try_submit(long()).unwrap();
        while job.progress().statistics.expanded == 0 {
            test.turns(1).await;
        }
        let slices = job.progress().slices.count;
        job.cancel();
        let response = job.finished().await;
        assert_eq!(response.outcome, Some(Outcome::Cancelled));
        assert!(response.statistics.expanded > 0 && response.message.contains("cancelled"));
        assert!(job.progress().slices.count <= slices + 1);
        // One that still waits is answered too.
        let job = test.service.try_submit(long()).unwrap();
        job.cancel();
        assert_eq!(job.finished().await.outcome, Some(Outcome::Cancelled));
    });
}

#[test]
fn a_memory_limit_ends_a_run_before_it_is_passed() {
    served(ServiceConfig::default(), async |test| {
        for memory_bytes in [1 << 20, 2 << 20, 5_000_000] {
            let job = test.service.try_submit(limited(Limits { timeout: None, memory_bytes })).unwrap();
            let response = job.finished().await;
            assert_eq!(response.outcome, Some(Outcome::MemoryLimit));
            assert!(response.statistics.expanded > 0, "{}", response.message);
            let peak = response.peak_memory_bytes;
            assert!(memory_bytes / 4 < peak && peak <= memory_bytes, "{peak} of {memory_bytes}");
        }
    });
}

#[test]
fn a_paused_run_makes_single_steps_and_goes_on() {
    served(ServiceConfig::default(), async |test| {
        let job = test.service.try_submit(Request { paused: true, ..optimal(&craft100()) }).unwrap();
        test.turns(50).await;
        assert!(job.progress().paused && job.progress().statistics.expanded == 0);
        for expanded in 1..=5 {
            job.step();
            test.turns(50).await;
            assert_eq!(job.progress().statistics.expanded, expanded);
            assert!(job.progress().paused);
        }
        let worked = job.progress().elapsed;
        test.turns(1_000).await;
        assert_eq!(job.progress().elapsed, worked, "a pause does not count");
        job.resume();
        let response = job.finished().await;
        assert_eq!(response.plan.as_ref().unwrap().cost.to_bits(), 22f64.to_bits());
        assert!(!job.progress().paused);
    });
}

#[test]
fn a_paused_run_can_be_cancelled_and_does_not_run_out_of_time() {
    served(ServiceConfig::default(), async |test| {
        let limits = Limits { timeout: Some(20 * TURN), ..Limits::default() };
        let job = test.service.try_submit(limited(limits)).unwrap();
        test.turns(8).await;
        job.pause();
        test.turns(500).await;
        assert!(job.response().is_none());
        job.cancel();
        assert_eq!(job.finished().await.outcome, Some(Outcome::Cancelled));
    });
}

#[test]
fn a_pace_is_kept() {
    served(ServiceConfig::default(), async |test| {
        let job = test.service.try_submit(Request { pace: Some(20.0), ..long() }).unwrap();
        let begin = test.sim.pacing().clock.now();
        let sleep = test.environment.pacing.sleep.clone();
        sleep.sleep(Duration::from_secs(5)).await;
        let seconds = test.sim.pacing().clock.now().saturating_sub(begin).as_secs_f64();
        let expanded = job.progress().statistics.expanded as f64;
        assert!((expanded - 20.0 * seconds).abs() < 10.0, "{expanded} in {seconds} s");
        job.set_pace(None);
        test.turns(30).await;
        assert!(job.progress().statistics.expanded > 2_000);
        job.cancel();
        job.finished().await;
    });
}

#[test]
fn a_document_is_compiled_once_however_many_ask_for_it() {
    served(ServiceConfig { queue: 8, max_in_flight: 4 }, async |test| {
        let text = craft100();
        let ask = || Request { kept: KeptPlans::Ignore, ..greedy(&text) };
        let jobs: Vec<_> = (0..4).map(|_| test.service.try_submit(ask()).unwrap()).collect();
        let mut hits = 0;
        for job in &jobs {
            hits += usize::from(job.finished().await.compiled_hit);
        }
        assert_eq!(hits, 3);
        let counters = test.service.tasks().counters();
        assert_eq!((counters.misses, counters.hits, counters.items), (1, 3, 1));
        assert!(counters.joined > 0, "they ran side by side");
        assert!(test.service.try_submit(ask()).unwrap().finished().await.compiled_hit);
    });
}

#[test]
fn who_waits_for_a_compilation_that_is_cancelled_takes_over() {
    served(ServiceConfig { queue: 8, max_in_flight: 4 }, async |test| {
        let text = craft100();
        let ask = || Request { kept: KeptPlans::Ignore, ..greedy(&text) };
        let jobs: Vec<_> = (0..3).map(|_| test.service.try_submit(ask()).unwrap()).collect();
        while jobs[0].progress().phase != Phase::Ground {
            test.turns(1).await;
        }
        jobs[0].cancel();
        assert_eq!(jobs[0].finished().await.outcome, Some(Outcome::Cancelled));
        for job in &jobs[1..] {
            assert_eq!(job.finished().await.outcome, Some(Outcome::Solved));
        }
    });
}

#[test]
fn a_broken_document_is_answered_with_what_is_wrong() {
    served(ServiceConfig::default(), async |test| {
        for text in ["", "{", "[1, 2]", r#"{ "format": "planscope-goap/2" }"#] {
            let response = test.service.try_submit(greedy(text)).unwrap().finished().await;
            assert_eq!(response.outcome, None);
            assert_eq!(response.diagnostics, parse(text).diagnostics);
            assert!(response.name.is_empty() && response.plan.is_none());
        }
    });
}

#[test]
fn dropping_every_handle_cancels_a_job() {
    served(ServiceConfig { queue: 8, max_in_flight: 1 }, async |test| {
        let long_one = test.service.try_submit(long()).unwrap();
        let next = test.service.try_submit(greedy(&classic())).unwrap();
        let clone = long_one.clone();
        drop(long_one);
        while clone.progress().phase != Phase::Search {
            test.turns(1).await;
        }
        assert_eq!(next.progress().phase, Phase::Queued);
        drop(clone);
        assert_eq!(next.finished().await.outcome, Some(Outcome::Solved));
    });
}

#[test]
fn searches_are_the_same_with_and_without_a_recording_and_at_any_pace() {
    served(ServiceConfig::default(), async |test| {
        let text = craft100();
        let plain = || Request { kept: KeptPlans::Ignore, ..optimal(&text) };
        let recorded = Request { trace: Some(planscope::trace::TraceLimits::default()), ..plain() };
        let paced = Request { pace: Some(100_000.0), ..plain() };
        let mut all = Vec::new();
        for request in [plain(), recorded, paced, Request { engine: request_engine(), ..plain() }] {
            let response = test.service.try_submit(request).unwrap().finished().await;
            all.push((response.statistics, response.plan.clone()));
        }
        assert_eq!(all[0], all[1]);
        assert_eq!(all[0], all[2]);
        assert_ne!(all[0].0, all[3].0, "another engine counts otherwise");
    });
}

fn request_engine() -> planscope::search::EngineConfig {
    planscope::search::EngineConfig { search: SearchKind::Ucs, ..Default::default() }
}
