//! Runs that are cancelled in the middle, to see what they leave behind.

use planscope::search::Outcome;
use planscope::service::{GoalPolicy, KeptPlans, Request, ServiceConfig};
use planscope::trace::TraceLimits;

use super::generators::{craft100, switchboard};
use super::served::{Served, blind, optimal, served};

/// Cancels `runs` runs of three kinds; answers what `measure` said after each run, by kind.
pub fn after_cancelled_runs<T: Copy>(runs: usize, measure: impl Fn() -> T) -> Vec<[T; 3]> {
    served(ServiceConfig::default(), async |test| {
        let (long, craft) = (switchboard(1, 12), craft100());
        let plain = || blind(&long);
        let recorded = || Request { trace: Some(TraceLimits::default()), ..blind(&long) };
        let stepped = || Request {
            goals: GoalPolicy::Cheapest,
            paused: true,
            kept: KeptPlans::Ignore,
            ..optimal(&craft)
        };
        let mut measured = Vec::with_capacity(runs.div_ceil(3));
        for _ in 0..runs.div_ceil(3) {
            cancel(&test, plain()).await;
            let first = measure();
            cancel(&test, recorded()).await;
            let second = measure();
            cancel(&test, stepped()).await;
            measured.push([first, second, measure()]);
        }
        measured
    })
}

/// Begins a run, cancels it in the middle of its search and waits for its answer.
async fn cancel(test: &Served, request: Request) {
    let job = test.service.try_submit(request).unwrap();
    job.step();
    while job.progress().statistics.expanded == 0 {
        test.turns(1).await;
    }
    job.resume();
    test.turns(2).await;
    job.cancel();
    let response = job.finished().await;
    assert_eq!(response.outcome, Some(Outcome::Cancelled));
    assert!(response.statistics.registered > 0);
    drop((job, response));
    test.turns(3).await;
}
