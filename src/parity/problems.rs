//! The problems that are measured, and what is made of them before.

use std::sync::Arc;

use serde_json::Value;

use super::lab::Lab;
use crate::examples::{Generator, goap as documents};
use crate::ground::goap::{GoapTask, compile};
use crate::hash::SplitMix64;
use crate::lang::goap::parse;
use crate::lang::pddl;
use crate::plan::{Guarantee, Pattern, PatternKey};
use crate::search::{EngineConfig, HeuristicKind, NoObserver, Planner, SearchKind};
use crate::service::Problem;
use crate::task::{Instance, Task};

/// Bytes that a search may hold.
const MEMORY: u64 = 256 << 20;

/// A task and what is asked of it.
pub(super) struct Prepared {
    pub(super) task: Arc<Task>,
    pub(super) instance: Instance,
    pub(super) has_uniform_cost: bool,
}

impl Prepared {
    /// An engine that has not begun.
    pub(super) fn planner(&self, engine: &EngineConfig) -> Planner<NoObserver> {
        let instance = self.instance.clone();
        Planner::new(&self.task, instance, engine, self.has_uniform_cost, MEMORY, Box::new(|_| NoObserver))
    }
}

/// The engine that finds first plans.
pub(super) fn first_plan() -> EngineConfig {
    EngineConfig { search: SearchKind::Gbfs, heuristic: HeuristicKind::Ff.into(), ..EngineConfig::default() }
}

/// The document of 100 actions, as a problem of a request.
pub(super) fn hundred_actions() -> Problem {
    Problem::Goap { text: documents::craft100().into() }
}

/// The document of 100 actions, compiled; with its task and how to get back to its words.
pub(super) fn compiled() -> Result<(Prepared, GoapTask, crate::lang::goap::Model), String> {
    let model = parse(&documents::craft100()).model.ok_or("the document has errors")?;
    let goap = compile(&model).map_err(|_| "its costs do not fit")?;
    let initial: Vec<_> = model.variables.iter().map(|variable| variable.initial.clone()).collect();
    let instance = goap.instance(&model, &initial, 0).ok_or("it has no initial state")?;
    let prepared =
        Prepared { task: Arc::clone(&goap.task), instance, has_uniform_cost: goap.has_uniform_cost };
    Ok((prepared, goap, model))
}

/// Patterns with the plan of the document of 100 actions, under keys of their own.
pub(super) fn patterns(count: u64) -> Result<Vec<Pattern>, String> {
    let (prepared, goap, model) = compiled()?;
    let finished = crate::step::run(prepared.planner(&first_plan()));
    let steps: Vec<_> = finished.plan.iter().filter_map(|&operator| goap.step(&model, operator)).collect();
    let cost = finished.cost as f64 * goap.task.unit;
    let pattern = |at| Pattern::new(key(at), "goal".to_owned(), steps.clone(), cost, Guarantee::Plan);
    Ok((0..count).map(pattern).collect())
}

/// The key of a pattern among many.
pub(super) fn key(at: u64) -> PatternKey {
    PatternKey::new(b"parity", &at.to_le_bytes(), b"")
}

/// The texts of a problem of a family.
pub(super) async fn texts(
    lab: &dyn Lab,
    family: Generator,
    size: u32,
) -> Result<(Arc<str>, Arc<str>), String> {
    let domain = lab.domain(family.example()).await?;
    Ok((domain, family.problem(size, 1).into()))
}

/// The model of a problem of a family.
pub(super) async fn model(
    lab: &dyn Lab,
    family: Generator,
    size: u32,
) -> Result<Arc<pddl::model::Model>, String> {
    let (domain, problem) = texts(lab, family, size).await?;
    let parsed = crate::runtime::in_slices(&lab.pacing(), pddl::Parse::new(domain, problem)).await;
    parsed.model.map(Arc::new).ok_or_else(|| "the problem has errors".to_owned())
}

/// Deliveries on a grid: a first one, and others where one or two parcels lie elsewhere.
pub(super) fn deliveries(count: u64) -> Result<(Problem, Vec<Problem>), String> {
    let text = documents::delivery(3, 4, 3);
    let base: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let random = &mut SplitMix64::new(7);
    let moved = |random: &mut SplitMix64| {
        let mut document = base.clone();
        for _ in 0..=random.below(2) {
            let parcel = format!("parcel_{}", random.below(3));
            document["state"][parcel]["value"] = format!("c{}{}", random.below(4), random.below(4)).into();
        }
        Problem::Goap { text: document.to_string().into() }
    };
    let others = (0..count).map(|_| moved(random)).collect();
    Ok((Problem::Goap { text: text.into() }, others))
}

/// Documents of many kinds, of what a program plans for.
pub(super) fn typical() -> Vec<Problem> {
    let deliveries = (1..10).map(|seed| Problem::Goap { text: documents::delivery(seed, 4, 3).into() });
    std::iter::once(hundred_actions()).chain(deliveries).collect()
}
