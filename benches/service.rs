//! Whole requests on the virtual clock: text in, checked plan out.

mod support;

use std::pin::pin;
use std::rc::Rc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures::future::{Either, join_all, select};
use planscope::cache::HashPatternCache;
use planscope::runtime::sim::Sim;
use planscope::search::Outcome;
use planscope::service::{Environment, KeptPlans, LayeredPatterns, Problem, Request, Service, ServiceConfig};
use support::first_plan;

/// Runs requests side by side until all are answered.
fn answered(service: &Service, sim: &Sim, running: impl Future<Output = ()> + Unpin, requests: Vec<Request>) {
    let jobs: Vec<_> = requests.into_iter().map(|one| service.try_submit(one).expect("room")).collect();
    let all = pin!(async { join_all(jobs.iter().map(planscope::service::Job::finished)).await });
    let Either::Left((responses, _)) = sim.run(select(all, running)) else { panic!("the service ended") };
    assert!(responses.iter().all(|response| response.outcome == Some(Outcome::Solved)));
}

fn requests(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("service");
    for task in support::tasks() {
        for (what, kept) in [("compiled", KeptPlans::Ignore), ("pattern", KeptPlans::Reuse)] {
            let sim = Sim::new();
            let patterns = LayeredPatterns::new(Rc::new(HashPatternCache::default()), None, || 1.0);
            let environment = Environment::new(sim.pacing(), Rc::new(patterns));
            let (service, running) = Service::new(environment, ServiceConfig::default());
            let mut running = pin!(running);
            let problem = Problem::Goap { text: task.text.as_str().into() };
            let request = Request { engine: first_plan(), kept, ..Request::new(problem) };
            for side_by_side in [1, 16] {
                group.throughput(Throughput::Elements(side_by_side));
                group.bench_function(format!("{}: {what}, {side_by_side} at once", task.name), |bencher| {
                    bencher.iter(|| {
                        let requests = (0..side_by_side).map(|_| request.clone()).collect();
                        answered(&service, &sim, running.as_mut(), requests);
                    });
                });
            }
        }
    }
    group.finish();
}

criterion_group! { name = benches; config = support::briefly(); targets = requests }
criterion_main!(benches);
