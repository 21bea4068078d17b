//! What watching costs: nobody, a hash, a full recording.

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use planscope::search::{HeuristicKind, NoObserver, Observer, Policy, Search, TraceHasher};
use planscope::trace::{Recorder, TraceLimits};
use support::generators::switchboard;
use support::{Prepared, astar};

fn watched<O: Observer>(task: &Prepared, observer: O) -> planscope::search::Finished {
    let config = astar(HeuristicKind::Blind);
    let (compiled, instance) = (&task.compiled.task, task.instance.clone());
    let heuristic = config.heuristic_for(compiled, &instance);
    let policy = Policy::new(&config);
    planscope::step::run(Search::new(compiled, instance, heuristic, policy, 1 << 32, observer))
}

fn observers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("observer");
    group.sample_size(10);
    let [_, craft, _] = support::tasks();
    for task in [craft, Prepared::new("switchboard", switchboard(1, 13))] {
        let name = |who: &str| format!("{}: {who}", task.name);
        group.bench_function(name("nobody"), |bencher| bencher.iter(|| watched(&task, NoObserver)));
        group.bench_function(name("hash"), |bencher| {
            bencher.iter(|| watched(&task, TraceHasher::default()));
        });
        group.bench_function(name("recorder"), |bencher| {
            let recorder = || Recorder::new(TraceLimits::default(), 1.0, 1.0, 1.0);
            bencher.iter(|| watched(&task, recorder()));
        });
    }
    group.finish();
}

criterion_group! { name = benches; config = support::briefly(); targets = observers }
criterion_main!(benches);
