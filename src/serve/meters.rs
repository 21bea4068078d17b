//! What is counted, and its text for `GET /metrics` in the format of Prometheus.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::Host;
use super::jobs::Jobs;
use crate::search::Outcome;

/// What is counted while it happens. Clones count together.
#[derive(Clone)]
pub struct Meters {
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
    outcomes: Family<OutcomeLabels, Counter>,
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
const BUCKETS: [f64; 16] =
    [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

impl Default for Meters {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        Self {
            requests: Family::default(),
            seconds: Family::new_with_constructor(histogram),
            outcomes: Family::default(),
        }
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

    /// Counts a request for a plan by its end.
    pub(super) fn count_outcome(&self, outcome: Option<Outcome>) {
        let outcome = match outcome {
            None => "invalid",
            Some(Outcome::Solved) => "solved",
            Some(Outcome::Unsolvable) => "unsolvable",
            Some(Outcome::Exhausted) => "exhausted",
            Some(Outcome::TimeLimit) => "time_limit",
            Some(Outcome::MemoryLimit) => "memory_limit",
            Some(Outcome::NegativeCost) => "negative_cost",
            Some(Outcome::Cancelled) => "cancelled",
            Some(Outcome::Fault) => "fault",
        };
        self.outcomes.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Everything under its name, with what the host and the jobs know of themselves.
    pub(super) fn registry(&self, host: &Arc<dyn Host>, jobs: &Jobs) -> Registry {
        let mut registry = Registry::with_prefix("planscope");
        registry.register("http_requests", "Requests answered", self.requests.clone());
        registry.register("http_request_seconds", "Time to an answer", self.seconds.clone());
        registry.register("outcomes", "Requests for a plan by their end", self.outcomes.clone());
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
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)?;
        }
        for (cache, counters) in self.host.caches() {
            for (what, value) in [
                ("hits", counters.hits),
                ("misses", counters.misses),
                ("evicted_items", counters.evicted_items),
            ] {
                let name = format!("{cache}_cache_{what}");
                let counter = ConstCounter::new(value);
                counter.encode(encoder.encode_descriptor(
                    &name,
                    "Of the cache",
                    None,
                    MetricType::Counter,
                )?)?;
            }
            for (what, value) in [("items", counters.items), ("bytes", counters.bytes)] {
                let name = format!("{cache}_cache_{what}");
                let gauge = ConstGauge::new(value);
                gauge.encode(encoder.encode_descriptor(
                    &name,
                    "Held by the cache",
                    None,
                    MetricType::Gauge,
                )?)?;
            }
        }
        Ok(())
    }
}

/// The text of everything that is counted, and its kind.
pub(super) fn text(registry: &Registry) -> Result<(&'static str, String), fmt::Error> {
    let mut text = String::new();
    encode(&mut text, registry)?;
    Ok(("application/openmetrics-text; version=1.0.0; charset=utf-8", text))
}
