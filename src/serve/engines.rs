//! `GET /v1/engines`: what can be asked for.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::BODY_BYTES_MAX;
use super::app::App;
use crate::lang::pddl;
use crate::search::{HeuristicKind, SearchKind, Tie};

/// What can be asked for, and the most of it.
#[derive(Serialize)]
pub(super) struct Engines {
    searches: Vec<SearchEntry>,
    heuristics: Vec<HeuristicEntry>,
    ties: Vec<&'static str>,
    /// The requirements of PDDL that each search takes.
    requirements: Vec<&'static str>,
    limits: LimitEntry,
}

#[derive(Serialize)]
struct SearchEntry {
    name: &'static str,
    summary: &'static str,
    /// Whether it brings its own heuristics.
    is_preset: bool,
    /// Whether the option `heuristic` matters to it.
    uses_heuristic: bool,
    /// The requirements of PDDL that it takes.
    requirements: Vec<&'static str>,
}

#[derive(Serialize)]
struct HeuristicEntry {
    name: &'static str,
    /// Whether it never overestimates.
    is_admissible: bool,
}

#[derive(Serialize)]
struct LimitEntry {
    /// The longest time of work; a request that asks for more gets this.
    timeout_ms: f64,
    /// The most memory of a search, likewise.
    memory_mib: u64,
    body_bytes: u64,
}

pub(super) async fn engines(State(app): State<App>) -> Json<Engines> {
    let requirements: Vec<_> = pddl::supported_requirements().collect();
    let search = |&(name, kind): &(&'static str, SearchKind)| SearchEntry {
        name,
        summary: kind.summary(),
        is_preset: kind.is_preset(),
        uses_heuristic: kind.uses_heuristic(),
        requirements: requirements.clone(),
    };
    let heuristic = |&(name, kind): &(&'static str, HeuristicKind)| HeuristicEntry {
        name,
        is_admissible: kind.is_admissible(),
    };
    let limits = app.config().limits;
    Json(Engines {
        searches: SearchKind::all().iter().map(search).collect(),
        heuristics: HeuristicKind::all().iter().map(heuristic).collect(),
        ties: Tie::all().iter().map(|(name, _)| *name).collect(),
        requirements: requirements.clone(),
        limits: LimitEntry {
            timeout_ms: limits.timeout.as_secs_f64() * 1e3,
            memory_mib: limits.memory_bytes >> 20,
            body_bytes: BODY_BYTES_MAX,
        },
    })
}
