//! From a model to a compiled task, and from there to an instance.

mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use planscope::ground::goap::compile;
use support::generators::{delivery, economy};
use support::{Prepared, initial};

fn ground(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ground");
    let families =
        [Prepared::new("delivery", delivery(1, 5, 4)), Prepared::new("economy", economy(1, 8, 90))];
    for task in support::tasks().into_iter().chain(families) {
        group.throughput(Throughput::Elements(task.model.actions.len() as u64));
        group.bench_function(task.name, |bencher| bencher.iter(|| compile(&task.model)));
    }
    group.finish();
}

fn instance(criterion: &mut Criterion) {
    let [.., task] = support::tasks();
    let values = initial(&task.model);
    criterion.bench_function("instance: craft1000", |bencher| {
        bencher.iter(|| task.compiled.instance(&task.model, &values, 0));
    });
}

criterion_group! { name = benches; config = support::briefly(); targets = ground, instance }
criterion_main!(benches);
