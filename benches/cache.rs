//! Compiled tasks and kept plans: finding, keeping, forgetting.

mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use futures::executor::block_on;
use planscope::cache::tasks::Claim;
use planscope::cache::{CacheLimits, HashPatternCache, PatternCache, TaskCache};
use planscope::plan::{Guarantee, Pattern, PatternKey};
use support::first_plan;

fn tasks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("task cache");
    let cache: TaskCache<u64, u64> = TaskCache::new(CacheLimits { items: 64, bytes: 1 << 20 });
    let get = |key: u64| match block_on(cache.claim(key)) {
        Claim::Hit(value) => value,
        Claim::Load(ticket) => {
            ticket.fill(key, 100);
            key
        }
    };
    get(0);
    group.bench_function("hit", |bencher| bencher.iter(|| get(black_box(0))));
    let mut next = 1;
    group.bench_function("miss and forget", |bencher| {
        bencher.iter(|| {
            next += 1;
            get(next)
        });
    });
    group.finish();
}

fn patterns(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pattern cache");
    let [_, craft, _] = support::tasks();
    let (steps, cost) = craft.plan(&first_plan());
    let key = |at: u64| PatternKey::new(&at.to_le_bytes(), b"", b"");
    let pattern = |at: u64| Pattern::new(key(at), "goal".to_owned(), steps.clone(), cost, Guarantee::Plan);
    let cache = HashPatternCache::new(CacheLimits { items: 1_000, bytes: 8 << 20 });
    (0..1_000).for_each(|at| {
        cache.put(pattern(at));
    });
    let (known, unknown) = (key(500), key(5_000));
    group.bench_function("hit", |bencher| bencher.iter(|| cache.get(black_box(&known))));
    group.bench_function("miss", |bencher| bencher.iter(|| cache.get(black_box(&unknown))));
    let mut next = 1_000;
    group.bench_function("keep and forget", |bencher| {
        bencher.iter(|| {
            next += 1;
            cache.put(pattern(next));
        });
    });
    group.finish();
}

criterion_group! { name = benches; config = support::briefly(); targets = tasks, patterns }
criterion_main!(benches);
