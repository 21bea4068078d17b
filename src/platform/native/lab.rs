//! The native platform as the bench needs it.

#![expect(clippy::disallowed_methods, reason = "it measures: clocks, threads and tasks are what it is about")]

use std::fs;
use std::num::NonZero;
use std::path::PathBuf;
use std::process;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::{LocalBoxFuture, ready};

use super::patterns::DashPatternCache;
use super::redb_store::RedbStore;
use super::time::{TokioSleep, TokioYield, WallClock, wall_clock_ms};
use crate::cache::PatternCache;
use crate::parity::{Disk, Lab, Machine, Platform};
use crate::plan::{Pattern, PatternKey};
use crate::runtime::Pacing;
use crate::store::StoreError;

/// The domains of the examples that are measured.
const DOMAINS: [(&str, &str); 4] = [
    ("blocksworld", include_str!("../../../www/examples/pddl/blocksworld.domain.pddl")),
    ("gripper", include_str!("../../../www/examples/pddl/gripper.domain.pddl")),
    ("logistics", include_str!("../../../www/examples/pddl/logistics.domain.pddl")),
    ("visit-all", include_str!("../../../www/examples/pddl/visit-all.domain.pddl")),
];

/// Stores that were made by this process.
static STORES: AtomicU32 = AtomicU32::new(0);

/// This process. Must be used inside a Tokio `LocalSet`.
pub struct NativeLab {
    clock: WallClock,
}

impl NativeLab {
    /// The clock begins now.
    pub fn new() -> Self {
        Self { clock: WallClock::default() }
    }
}

impl Lab for NativeLab {
    fn pacing(&self) -> Pacing {
        Pacing { clock: Rc::new(self.clock), sleep: Rc::new(TokioSleep), yielder: Rc::new(TokioYield) }
    }

    fn wall_clock_ms(&self) -> f64 {
        wall_clock_ms()
    }

    fn machine(&self) -> Machine {
        let threads = thread::available_parallelism().map_or(0, NonZero::get);
        let optimised = if cfg!(debug_assertions) { "not optimised" } else { "optimised" };
        Machine {
            platform: Platform::Native,
            name: processor().unwrap_or_else(|| "a processor that is not told".to_owned()),
            threads: threads as u32,
            target: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            build: format!("planscope {}, {optimised}", env!("CARGO_PKG_VERSION")),
        }
    }

    fn spawn(&self, future: LocalBoxFuture<'static, ()>) {
        tokio::task::spawn_local(future);
    }

    fn patterns(&self) -> Rc<dyn PatternCache> {
        Rc::new(DashPatternCache::default())
    }

    fn disk(&self) -> Result<Disk, StoreError> {
        let number = STORES.fetch_add(1, Relaxed);
        let folder = std::env::temp_dir().join(format!("planscope-bench-{}-{number}", process::id()));
        let scratch = Scratch(folder.clone());
        let opened = RedbStore::open(&folder);
        let unavailable = || StoreError::Unavailable { detail: opened.notices.join("; ") };
        let patterns = Rc::new(opened.store.ok_or_else(unavailable)?);
        Ok(Disk { patterns, deletes: Box::new(scratch) })
    }

    fn domain(&self, example: &'static str) -> LocalBoxFuture<'_, Result<Arc<str>, String>> {
        let found = DOMAINS.iter().find(|(name, _)| *name == example);
        ready(found.map(|(_, text)| (*text).into()).ok_or_else(|| format!("no domain {example}")))
            .boxed_local()
    }

    fn held_bytes(&self) -> Option<u64> {
        // Resident pages that are of no file: what the allocator has, and the stacks.
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib << 10)
    }

    fn lookups(&self, patterns: &[Pattern], threads: usize, each: usize) -> Option<Vec<Duration>> {
        let cache = DashPatternCache::default();
        for pattern in patterns {
            cache.put(pattern.clone());
        }
        let keys: Vec<PatternKey> = patterns.iter().map(|pattern| pattern.key).collect();
        let look_up = |first: usize| {
            let mut times = Vec::with_capacity(each);
            for key in keys.iter().cycle().skip(first * 97 % keys.len()).take(each) {
                let begun = Instant::now();
                let found = std::hint::black_box(cache.get(key));
                times.push(begun.elapsed());
                drop(found);
            }
            times
        };
        let look_up = &look_up;
        thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|first| scope.spawn(move || look_up(first))).collect();
            running.into_iter().map(|thread| thread.join().ok()).collect::<Option<Vec<_>>>()
        })
        .map(|times| times.concat())
    }
}

/// The name of the processor, where the system tells it.
fn processor() -> Option<String> {
    let told = fs::read_to_string("/proc/cpuinfo").ok()?;
    let name = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'))?.1;
    Some(name.trim().to_owned())
}

/// A folder that is deleted when this is dropped.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left over there is the system's to clear.
        let _ = fs::remove_dir_all(&self.0);
    }
}
