//! From a compiled task to a plan. The figures with their limits are in `figures`.

mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use planscope::search::{EngineConfig, HeuristicKind, SearchKind};
use support::generators::{delivery, economy, pancakes, switchboard};
use support::{Prepared, astar, first_plan};

fn crafting(criterion: &mut Criterion) {
    for task in support::tasks() {
        let mut group = criterion.benchmark_group(task.name);
        group.sample_size(20);
        group.bench_function("first plan", |bencher| bencher.iter(|| task.solve(&first_plan())));
        for heuristic in [HeuristicKind::Hmax, HeuristicKind::Blind] {
            let config = astar(heuristic);
            group.bench_function(format!("optimal, {heuristic}"), |bencher| {
                bencher.iter(|| task.solve(&config));
            });
        }
        let weighted = EngineConfig { search: SearchKind::Wastar, ..first_plan() };
        group.bench_function("weighted A* 2, FF", |bencher| bencher.iter(|| task.solve(&weighted)));
        let optimal = astar(HeuristicKind::Lmcut);
        group.bench_function("optimal, LM-cut", |bencher| bencher.iter(|| task.solve(&optimal)));
        group.finish();
    }
}

fn families(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("families");
    group.sample_size(10);
    for task in [
        Prepared::new("delivery", delivery(1, 4, 3)),
        Prepared::new("economy", economy(1, 4, 40)),
        Prepared::new("pancakes", pancakes(1, 8)),
    ] {
        let first = format!("{}: first plan", task.name);
        group.bench_function(first, |bencher| bencher.iter(|| task.solve(&first_plan())));
        let optimal = format!("{}: optimal", task.name);
        let config = astar(HeuristicKind::Hmax);
        group.bench_function(optimal, |bencher| bencher.iter(|| task.solve(&config)));
    }
    group.finish();
}

/// Every state of a space without an end: generated states a second, in and out of cache.
fn throughput(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("exhaust");
    group.sample_size(10);
    for lamps in [12u64, 17] {
        let task = Prepared::new("switchboard", switchboard(1, lamps));
        let generated = (1 << (lamps - 1)) * lamps * (lamps - 1) / 2;
        group.throughput(Throughput::Elements(generated));
        let config = astar(HeuristicKind::Blind);
        group.bench_function(format!("{lamps} lamps"), |bencher| bencher.iter(|| task.solve(&config)));
    }
    group.finish();
}

criterion_group! { name = benches; config = support::briefly(); targets = crafting, families, throughput }
criterion_main!(benches);
