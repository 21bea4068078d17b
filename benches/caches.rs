//! The pattern caches beside the `lru` crate and `quick_cache`: hit rates and time on traces of requests.
//!
//! `PLANSCOPE_TRACE` names a file of a public trace: `oracleGeneral` of libCacheSim (records of 24 bytes: time u32,
//! object u64, size u32, next access i64, all little-endian; named so at its end), the text form of the ARC traces
//! (`first-block blocks ignored request` in each line), or any text with one key in each line. Without it there are
//! seeded traces: keys by Zipf's law, the same with scans in between, and a loop that is larger than the cache.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use lru::LruCache;
use planscope::cache::{CacheLimits, HashPatternCache, PatternCache};
use planscope::hash::{SplitMix64, checksum};
use planscope::plan::{Guarantee, Pattern, PatternKey};
use planscope::platform::native::DashPatternCache;

/// Requests that are read of a trace at most.
const REQUESTS_MAX: usize = 10_000_000;

/// Requests of a trace of our own, and the keys among them.
const REQUESTS: usize = 1_000_000;
const KEYS: usize = 100_000;

/// Patterns that the caches may hold.
const CAPACITIES: [usize; 3] = [256, 1_024, 4_096];

/// A cache of patterns. A miss is answered by keeping the pattern.
trait Tested {
    fn find(&mut self, key: &PatternKey) -> Option<Pattern>;
    fn keep(&mut self, pattern: Pattern);
}

impl<C: PatternCache> Tested for C {
    fn find(&mut self, key: &PatternKey) -> Option<Pattern> {
        self.get(key)
    }

    fn keep(&mut self, pattern: Pattern) {
        self.put(pattern);
    }
}

struct Lru(LruCache<PatternKey, Pattern>, usize);

impl Tested for Lru {
    fn find(&mut self, key: &PatternKey) -> Option<Pattern> {
        self.0.get(key).cloned()
    }

    fn keep(&mut self, pattern: Pattern) {
        self.0.put(pattern.key, pattern);
        if self.0.len() > self.1 {
            self.0.pop_lru();
        }
    }
}

struct QuickUnsync(quick_cache::unsync::Cache<PatternKey, Pattern>);

impl Tested for QuickUnsync {
    fn find(&mut self, key: &PatternKey) -> Option<Pattern> {
        self.0.get(key).cloned()
    }

    fn keep(&mut self, pattern: Pattern) {
        self.0.insert(pattern.key, pattern);
    }
}

struct QuickSync(quick_cache::sync::Cache<PatternKey, Pattern>);

impl Tested for QuickSync {
    fn find(&mut self, key: &PatternKey) -> Option<Pattern> {
        self.0.get(key)
    }

    fn keep(&mut self, pattern: Pattern) {
        self.0.insert(pattern.key, pattern);
    }
}

/// The caches by name: those of one thread, then those that threads share.
fn caches(items: usize) -> Vec<(&'static str, Box<dyn Tested>)> {
    let limits = CacheLimits { items, bytes: u64::MAX / 2 };
    vec![
        ("lru", Box::new(Lru(LruCache::unbounded(), items))),
        ("quick_cache unsync", Box::new(QuickUnsync(quick_cache::unsync::Cache::new(items)))),
        ("ours, one thread", Box::new(HashPatternCache::new(limits))),
        ("quick_cache sync", Box::new(QuickSync(quick_cache::sync::Cache::new(items)))),
        ("ours, shared", Box::new(DashPatternCache::new(limits))),
    ]
}

/// Hits, and the time that all requests took.
fn replay(cache: &mut dyn Tested, requests: &[PatternKey]) -> (usize, Duration) {
    let begun = Instant::now();
    let mut hits = 0;
    for key in requests {
        if black_box(cache.find(key)).is_some() {
            hits += 1;
        } else {
            cache.keep(Pattern::new(*key, "goal".to_owned(), Vec::new(), 1.0, Guarantee::Plan));
        }
    }
    (hits, begun.elapsed())
}

fn key(number: u64) -> PatternKey {
    PatternKey::new(&number.to_le_bytes(), b"", b"")
}

/// Numbers below `keys`, the n-th about 1/n^`skew` times as often as the first.
fn zipf(random: &mut SplitMix64, keys: usize, skew: f64, requests: usize) -> Vec<u64> {
    let mut sum = 0.0;
    let sums: Vec<f64> = (1..=keys)
        .map(|rank| {
            sum += (rank as f64).powf(-skew);
            sum
        })
        .collect();
    let mut draw = || sum * (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    (0..requests)
        .map(|_| {
            let drawn = draw();
            sums.partition_point(|&sum| sum < drawn) as u64
        })
        .collect()
}

/// After every eight requests of `numbers`, two for numbers that are asked for once in all.
fn with_scans(numbers: &[u64]) -> Vec<u64> {
    let mut scanned = 1 << 40;
    let mut scan = || {
        scanned += 1;
        scanned
    };
    numbers
        .chunks(8)
        .flat_map(|some| some.iter().copied().chain([scan(), scan()]).collect::<Vec<_>>())
        .collect()
}

/// The objects of a trace in a file.
fn read(path: &Path) -> std::io::Result<Vec<u64>> {
    let file = BufReader::new(File::open(path)?);
    if path.to_string_lossy().contains("oracleGeneral") { read_records(file) } else { read_lines(file) }
}

fn read_records(mut file: impl Read) -> std::io::Result<Vec<u64>> {
    let (mut objects, mut record) = (Vec::new(), [0; 24]);
    while objects.len() < REQUESTS_MAX {
        match file.read_exact(&mut record) {
            Ok(()) => objects.extend(record[4..].first_chunk().map(|object| u64::from_le_bytes(*object))),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
    }
    Ok(objects)
}

fn read_lines(file: impl BufRead) -> std::io::Result<Vec<u64>> {
    let mut objects = Vec::new();
    for line in file.lines() {
        let line = line?;
        let fields: Option<Vec<u64>> = line.split_whitespace().map(|field| field.parse().ok()).collect();
        match fields.as_deref() {
            Some(&[first, blocks, _, _]) => {
                objects.extend((0..blocks).map(|block| first.wrapping_add(block)).take(REQUESTS_MAX));
            }
            _ if line.trim().is_empty() => {}
            _ => objects.push(checksum(line.trim().as_bytes())),
        }
        if objects.len() >= REQUESTS_MAX {
            objects.truncate(REQUESTS_MAX);
            println!("the trace is cut after {REQUESTS_MAX} requests");
            break;
        }
    }
    Ok(objects)
}

/// The readers read what the formats say.
fn check_readers() {
    let arc = read_lines(&b"100 3 0 1\n7 1 0 2\n"[..]).expect("readable");
    assert_eq!(arc, [100, 101, 102, 7]);
    let keys = read_lines(&b"one\ntwo\n\none\n"[..]).expect("readable");
    assert!(keys.len() == 3 && keys[0] == keys[2] && keys[0] != keys[1]);
    let mut record = [0; 48];
    record[4] = 9;
    record[29] = 1;
    assert_eq!(read_records(&record[..]).expect("readable"), [9, 256]);
    assert_eq!(read_records(&record[..40]).expect("readable"), [9], "a record that is cut is none");
}

fn report(trace: &str, items: usize, numbers: &[u64]) {
    let requests: Vec<PatternKey> = numbers.iter().copied().map(key).collect();
    for (name, mut cache) in caches(items) {
        let (hits, time) = replay(&mut *cache, &requests);
        let rate = 100.0 * hits as f64 / requests.len().max(1) as f64;
        let nanoseconds = time.as_nanos() as f64 / requests.len().max(1) as f64;
        println!("{trace:<24} {items:>8} {name:<20} {rate:>8.2} % {nanoseconds:>8.0} ns");
    }
}

fn main() {
    check_readers();
    // Under `cargo test --benches` it is enough that everything runs.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let (requests, keys) = if is_bench { (REQUESTS, KEYS) } else { (2_000, 500) };
    println!("{:<24} {:>8} {:<20} {:>10} {:>11}", "trace", "patterns", "cache", "hits", "a request");
    if let Some(path) = std::env::var_os("PLANSCOPE_TRACE") {
        let numbers = read(Path::new(&path)).expect("the trace that PLANSCOPE_TRACE names");
        let name = Path::new(&path).file_name().unwrap_or(&path).to_string_lossy().into_owned();
        CAPACITIES.iter().for_each(|&items| report(&name, items, &numbers));
        return;
    }
    let mut random = SplitMix64::new(7);
    let numbers = zipf(&mut random, keys, 0.9, requests);
    for items in CAPACITIES {
        report("Zipf 0.9", items, &numbers);
        report("Zipf 0.9 and scans", items, &with_scans(&numbers));
        let around = items as u64 * 5 / 4;
        report("a loop of 5/4", items, &(0..requests as u64 / 4).map(|at| at % around).collect::<Vec<_>>());
    }
}
