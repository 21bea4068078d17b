//! The events of a job: in order, bounded, and never without the end.

use std::rc::Rc;

use crate::support::generators::{classic, switchboard};
use crate::support::served::{Working, blind, greedy, request, served};
use futures::{FutureExt, StreamExt};
use planscope::runtime::Pacing;
use planscope::search::{HeuristicKind, Outcome, SearchKind};
use planscope::service::{Event, Job, KeptPlans, Phase, Request, Service, ServiceConfig};

/// What a reader of all events gets.
async fn all(job: &Job) -> Vec<Event> {
    job.events().collect().await
}

fn is_end(event: Option<&Event>, outcome: Outcome) -> bool {
    matches!(event, Some(Event::Ended(answer)) if answer.outcome == Some(outcome))
}

#[test]
fn the_events_of_a_run_come_in_order_and_end_with_the_answer() {
    served(ServiceConfig::default(), async |test| {
        let anytime = request(&classic(), SearchKind::Lama, HeuristicKind::Ff);
        let job = test.service.try_submit(Request { kept: KeptPlans::Ignore, ..anytime }).unwrap();
        let events = all(&job).await;
        assert!(matches!(events[0], Event::Started), "{events:?}");
        let phases: Vec<_> = events
            .iter()
            .filter_map(|event| if let Event::Phase(phase) = event { Some(*phase) } else { None })
            .collect();
        assert_eq!(phases, [Phase::Parse, Phase::Ground, Phase::Search, Phase::Validate]);
        let improved: Vec<_> = events
            .iter()
            .filter_map(|event| if let Event::Improved(plan) = event { Some(*plan) } else { None })
            .collect();
        let Some(Event::Ended(answer)) = events.last() else { panic!("{events:?}") };
        assert!(!improved.is_empty());
        assert_eq!(improved, answer.improvements);
        assert!(Rc::ptr_eq(answer, &job.response().unwrap()));
        // Who comes later gets the same, and then nothing more.
        assert_eq!(format!("{:?}", all(&job).await), format!("{events:?}"));
    });
}

#[test]
fn a_pause_and_its_end_are_events_and_what_changes_nothing_is_none() {
    served(ServiceConfig::default(), async |test| {
        let job = test.service.try_submit(blind(&switchboard(1, 6))).unwrap();
        job.resume();
        job.pause();
        job.pause();
        job.step();
        test.turns(50).await;
        job.resume();
        let events = all(&job).await;
        let held: Vec<_> =
            events.iter().filter(|event| matches!(event, Event::Paused | Event::Resumed)).collect();
        assert!(matches!(held[..], [Event::Paused, Event::Resumed]), "{held:?}");
        job.pause();
        assert!(matches!(all(&job).await.last(), Some(Event::Ended(_))), "nothing comes after the end");
    });
}

#[test]
fn a_slow_reader_loses_the_oldest_events_is_told_how_many_and_gets_the_end() {
    served(ServiceConfig::default(), async |test| {
        let job = test.service.try_submit(greedy(&classic())).unwrap();
        let (mut slow, quick) = (job.events(), job.events());
        let quick = quick.count();
        assert!(!matches!(slow.next().await, Some(Event::Lost(_))));
        for _ in 0..500 {
            job.pause();
            job.resume();
        }
        assert_eq!(job.finished().await.outcome, Some(Outcome::Solved), "nobody holds it up");
        let late = slow.collect::<Vec<_>>().await;
        let Event::Lost(lost) = late[0] else { panic!("{late:?}") };
        assert!(late[1..].iter().all(|event| !matches!(event, Event::Lost(_))));
        assert!(is_end(late.last(), Outcome::Solved));
        // A thousand pauses and what the run itself says: it started, and went through four phases.
        assert_eq!(lost + late.len() as u64, 1_000 + 5 + 1);
        assert!(quick.await <= 65);
    });
}

#[test]
fn events_do_not_keep_a_job_from_being_cancelled() {
    served(ServiceConfig::default(), async |test| {
        let job = test.service.try_submit(Request { paused: true, ..greedy(&classic()) }).unwrap();
        let mut events = job.events();
        assert!(matches!(events.next().await, Some(Event::Started)));
        drop(job);
        let rest = events.collect::<Vec<_>>().await;
        assert!(is_end(rest.last(), Outcome::Cancelled), "{rest:?}");
    });
}

#[test]
fn a_job_that_never_starts_has_an_end_and_nothing_else() {
    served(ServiceConfig::default(), async |test| {
        let job = test.service.try_submit(greedy(&classic())).unwrap();
        job.cancel();
        let events = all(&job).await;
        assert!(events.len() == 1 && is_end(events.last(), Outcome::Cancelled), "{events:?}");
    });
}

#[test]
fn figures_are_announced_ten_times_a_second_of_work_and_once_to_who_was_away() {
    served(ServiceConfig::default(), async |test| {
        let pacing = Pacing { clock: Rc::new(Working(test.sim.clone())), ..test.sim.pacing() };
        let environment = planscope::service::Environment { pacing, ..test.environment };
        let (service, running) = Service::new(environment, ServiceConfig::default());
        let reading = async {
            let job = service.try_submit(blind(&switchboard(1, 14))).unwrap();
            let (mut events, mut away) = (job.events(), job.events());
            let mut moves = 0;
            while moves < 20 {
                moves += u32::from(matches!(events.next().await, Some(Event::Progress)));
            }
            let worked = job.progress().worked.as_millis();
            assert!((2_000..2_400).contains(&worked), "{worked}");
            while !matches!(away.next().await, Some(Event::Progress)) {}
            assert!(away.next().now_or_never().is_none());
            job.cancel();
        };
        futures::select_biased! {
            () = reading.fuse() => {}
            () = running.fuse() => panic!("the service ended"),
        }
    });
}
