//! From text to a checked model.

mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use planscope::lang::goap::canonical::{domain_bytes, instance_bytes};
use planscope::lang::goap::parse;

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    for task in support::tasks() {
        group.throughput(Throughput::Bytes(task.text.len() as u64));
        group.bench_function(task.name, |bencher| bencher.iter(|| parse(&task.text)));
    }
    group.finish();
}

fn hash(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("canonical bytes");
    for task in support::tasks() {
        group.bench_function(task.name, |bencher| {
            bencher.iter(|| {
                (domain_bytes(&task.model), instance_bytes(&task.model, &task.model.goals[0].conditions))
            });
        });
    }
    group.finish();
}

criterion_group! { name = benches; config = support::briefly(); targets = read, hash }
criterion_main!(benches);
