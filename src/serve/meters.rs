//! What is counted, and its text for `GET /metrics` in the format of Prometheus.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::Host;
use super::jobs::Jobs;
use crate::runtime::Histogram as Lengths;
use crate::runtime::histogram::BUCKETS;
use crate::service::{End, Totals};
use crate::store::StoreFigures;

/// What is counted of HTTP while it happens. What the services count is looked at where they count it.
pub(super) struct Meters {
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: u32,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

/// Upper bounds of the buckets, in seconds.
const REQUEST_SECONDS: [f64; 16] =
    [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

impl Default for Meters {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(REQUEST_SECONDS);
        Self { requests: Family::default(), seconds: Family::new_with_constructor(histogram) }
    }
}

impl Meters {
    /// Counts a request to a route, the pattern of its path.
    pub(super) fn count_request(&self, route: &str, status: StatusCode, took: Duration) {
        let labels = RequestLabels { route: route.to_owned(), status: u32::from(status.as_u16()) };
        self.requests.get_or_create(&labels).inc();
        let labels = RouteLabels { route: route.to_owned() };
        self.seconds.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Everything under its name, with what the host and the jobs know of themselves.
    pub(super) fn registry(&self, host: &Arc<dyn Host>, jobs: &Jobs) -> Registry {
        let mut registry = Registry::with_prefix("planscope");
        registry.register("http_requests", "Requests answered", self.requests.clone());
        registry.register("http_request_seconds", "Time to an answer", self.seconds.clone());
        registry.register_collector(Box::new(Looked { host: Arc::clone(host), jobs: jobs.clone() }));
        registry
    }
}

/// What is looked at when it is asked for.
struct Looked {
    host: Arc<dyn Host>,
    jobs: Jobs,
}

impl fmt::Debug for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Looked").finish_non_exhaustive()
    }
}

impl Collector for Looked {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let load = self.host.load();
        let (jobs, job_bytes) = self.jobs.size();
        for (name, help, value) in [
            ("queue_length", "Calls that wait for a place", load.waiting as u64),
            ("in_flight", "Calls that are worked on", load.in_flight as u64),
            ("threads", "Planning threads", load.threads as u64),
            ("jobs_kept", "Jobs that are kept", jobs as u64),
            ("jobs_kept_bytes", "Bytes of the results of jobs that are kept", job_bytes),
        ] {
            gauge(&mut encoder, name, help, value)?;
        }
        for (cache, counters) in self.host.caches() {
            for (what, value) in [
                ("hits", counters.hits),
                ("misses", counters.misses),
                ("evicted_items", counters.evicted_items),
            ] {
                count(&mut encoder, &format!("{cache}_cache_{what}"), "Of the cache", value)?;
            }
            for (what, value) in [("items", counters.items), ("bytes", counters.bytes)] {
                gauge(&mut encoder, &format!("{cache}_cache_{what}"), "Held by the cache", value)?;
            }
        }
        if let Some(store) = self.host.store() {
            encode_store(&mut encoder, store)?;
        }
        encode_totals(&mut encoder, &self.host.totals())
    }
}

fn encode_store(encoder: &mut DescriptorEncoder<'_>, store: StoreFigures) -> fmt::Result {
    gauge(encoder, "store_waiting", "Changes to the store that are not written yet", store.waiting)?;
    count(encoder, "store_changes", "Changes that were written to the store", store.written)?;
    count(encoder, "store_batches", "Transactions that wrote to the store", store.batches)?;
    count(encoder, "store_changes_lost", "Changes that could not be written", store.lost)
}

fn encode_totals(encoder: &mut DescriptorEncoder<'_>, totals: &Totals) -> fmt::Result {
    let help = "Requests for a plan by their end";
    let mut ends = encoder.encode_descriptor("outcomes", help, None, MetricType::Counter)?;
    for end in End::ALL {
        let labels = OutcomeLabels { outcome: end.name() };
        ConstCounter::new(totals.ended(end)).encode(ends.encode_family(&labels)?)?;
    }
    lengths(encoder, "queue_wait_seconds", "Time from submission until the work began", &totals.waits)?;
    lengths(encoder, "slice_seconds", "Slices of the requests that have ended", &totals.slices)
}

fn count(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: u64) -> fmt::Result {
    let counter = ConstCounter::new(value);
    counter.encode(encoder.encode_descriptor(name, help, None, MetricType::Counter)?)
}

fn gauge(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: u64) -> fmt::Result {
    let gauge = ConstGauge::new(value);
    gauge.encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)
}

/// A histogram in whole octaves, from 16 µs to a minute.
fn lengths(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, lengths: &Lengths) -> fmt::Result {
    let counts = lengths.counts();
    let octaves = (0..BUCKETS / 2).map(|octave| {
        let (first, last) = (2 * octave, 2 * octave + 1);
        let upper = if last + 1 == BUCKETS { f64::INFINITY } else { Lengths::lower_ms(last + 1) / 1e3 };
        (upper, counts[first] + counts[last])
    });
    let buckets: Vec<(f64, u64)> = octaves.collect();
    let mut encoder = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
    encoder.encode_histogram::<NoLabelSet>(lengths.sum.as_secs_f64(), lengths.count, &buckets, None)
}

/// The text of everything that is counted, and its kind.
pub(super) fn text(registry: &Registry) -> Result<(&'static str, String), fmt::Error> {
    let mut text = String::new();
    encode(&mut text, registry)?;
    Ok(("application/openmetrics-text; version=1.0.0; charset=utf-8", text))
}
