//! Several engines race on one thread: the race ends when it is decided, and says who worked how long.

use std::rc::Rc;

use crate::support::generators::{craft100, switchboard};
use crate::support::served::{Working, optimal, served};
use futures::FutureExt;
use planscope::runtime::Pacing;
use planscope::search::{EngineConfig, HeuristicKind, Outcome, SearchKind};
use planscope::service::{
    Answer, Environment, KeptPlans, Race, RacePolicy, RaceResult, Request, Service, ServiceConfig,
};

fn engine(search: SearchKind, heuristic: HeuristicKind) -> EngineConfig {
    EngineConfig { search, heuristic: heuristic.into(), ..EngineConfig::default() }
}

/// Begins a race of these engines on `text`, on a clock by which work takes time, and looks at it.
fn race(
    text: &str,
    engines: &[EngineConfig],
    policy: RacePolicy,
    look: impl AsyncFnOnce(&Race, &Service) -> RaceResult,
) -> RaceResult {
    served(ServiceConfig::default(), async |test| {
        let pacing = Pacing { clock: Rc::new(Working(test.sim.clone())), ..test.sim.pacing() };
        let (service, running) =
            Service::new(Environment { pacing, ..test.environment }, ServiceConfig::default());
        let racing = async {
            let request = Request { kept: KeptPlans::Ignore, ..optimal(text) };
            let mut entrants = Vec::new();
            for request in Race::requests(&request, engines) {
                entrants.push((request.engine.to_string(), service.submit(request).await));
            }
            look(&Race::new(entrants, policy), &service).await
        };
        futures::select_biased! {
            result = racing.fuse() => result,
            () = running.fuse() => panic!("the service ended"),
        }
    })
}

async fn to_the_end(race: &Race, _: &Service) -> RaceResult {
    race.finished().await.unwrap()
}

const BLIND: SearchKind = SearchKind::Astar;

#[test]
fn the_first_plan_wins_and_the_losers_are_cancelled_after_equal_shares() {
    let engines = [engine(BLIND, HeuristicKind::Blind), engine(SearchKind::Gbfs, HeuristicKind::Ff)];
    let result = race(&craft100(), &engines, RacePolicy::First, to_the_end);
    assert_eq!(result.winner, 1);
    assert!(matches!(result.response().answer(), Answer::Planned(_)));
    assert_eq!(result.runs[0].response.outcome, Some(Outcome::Cancelled));
    let shares: Vec<f64> = result.runs.iter().map(|run| run.share).collect();
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{shares:?}");
    assert!((0.3..0.7).contains(&shares[0]), "{shares:?}");
    // One of them compiled the task for both.
    assert!(result.runs.iter().filter(|run| run.response.compiled_hit).count() <= 1);
    let reports = result.reports();
    assert!(!reports[0].won && reports[1].won && reports[1].cost.is_some());
}

#[test]
fn an_engine_that_goes_on_for_better_plans_wins_with_its_first() {
    let engines = [engine(BLIND, HeuristicKind::Blind), engine(SearchKind::Lama, HeuristicKind::Ff)];
    let result = race(&craft100(), &engines, RacePolicy::First, to_the_end);
    assert_eq!(result.winner, 1);
    assert!(matches!(result.response().answer(), Answer::Planned(_)));
    assert_eq!(result.response().improvements.len(), 1);
}

#[test]
fn the_best_plan_wins_and_one_that_is_proven_optimal_ends_the_race() {
    let endless = engine(SearchKind::Lama, HeuristicKind::Ff);
    let engines = [endless, engine(SearchKind::AstarLmcut, HeuristicKind::Lmcut)];
    let result = race(&craft100(), &engines, RacePolicy::Best, to_the_end);
    let answer = result.response();
    assert!(answer.optimal);
    assert_eq!(answer.plan.as_ref().unwrap().cost.to_bits(), 22f64.to_bits());
}

#[test]
fn a_document_with_errors_is_nobodys_win_and_is_answered_as_such() {
    let engines = [engine(BLIND, HeuristicKind::Blind), engine(SearchKind::Gbfs, HeuristicKind::Ff)];
    let result = race("{", &engines, RacePolicy::First, to_the_end);
    assert!(matches!(result.response().answer(), Answer::Invalid(_)));
}

#[test]
fn a_race_can_be_cancelled() {
    let engines = [engine(BLIND, HeuristicKind::Blind), engine(SearchKind::Bfs, HeuristicKind::Blind)];
    let result = race(&switchboard(1, 14), &engines, RacePolicy::Best, async |race, _| {
        let finished = race.finished();
        race.cancel();
        finished.await.unwrap()
    });
    assert_eq!(result.response().outcome, Some(Outcome::Cancelled));
    assert_eq!(result.runs.len(), 2);
}
