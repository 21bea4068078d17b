//! What computes: parsing, compiling, searching.

use std::sync::Arc;

use super::lab::Lab;
use super::problems::{Prepared, compiled, first_plan, model, texts};
use super::rounds::{Once, Rounds, Stepped};
use super::workload::Work;
use crate::examples::{Generator, goap};
use crate::ground::goap::{Check, compile};
use crate::ground::pddl::{Ground, GroundOptions};
use crate::lang::goap::Parsed;
use crate::lang::pddl;
use crate::runtime::in_slices;
use crate::search::{EngineConfig, Finished, HeuristicKind, SearchEnd, SearchKind};

/// The sizes of the problems that are read and grounded.
const READ: u32 = 8;
const GROUNDED: u32 = 5;

/// Prepares work that computes.
pub(super) async fn prepare(work: Work, lab: &dyn Lab) -> Result<Box<dyn Rounds>, String> {
    use Generator::{Blocksworld, Gripper, Logistics, VisitAll};
    let pacing = lab.pacing();
    Ok(match work {
        Work::ParsePddl => {
            let (domain, problem) = texts(lab, Logistics, READ).await?;
            let begin = move || pddl::Parse::new(Arc::clone(&domain), Arc::clone(&problem));
            Box::new(Stepped { pacing, begin, is_right: |parsed: &pddl::Parsed| parsed.model.is_some() })
        }
        Work::Compile => {
            let (.., model) = compiled()?;
            let model = Arc::new(model);
            let begin = move || {
                let model = Arc::clone(&model);
                Once(move || compile(&model))
            };
            Box::new(Stepped { pacing, begin, is_right: |result: &Result<_, _>| result.is_ok() })
        }
        Work::Ground => {
            let model = model(lab, Logistics, GROUNDED).await?;
            let begin = move || Ground::new(Arc::clone(&model), GroundOptions::default());
            Box::new(Stepped { pacing, begin, is_right: |result: &Result<_, _>| result.is_ok() })
        }
        Work::FirstPlan => search(lab, compiled()?.0, first_plan()),
        Work::AstarFf => search(lab, grounded(lab, Gripper, 5).await?, astar(HeuristicKind::Ff)),
        Work::AstarLmcut => search(lab, grounded(lab, Blocksworld, 7).await?, engine(SearchKind::AstarLmcut)),
        Work::LamaFirst => search(lab, grounded(lab, Logistics, 5).await?, engine(SearchKind::LamaFirst)),
        Work::Bfws => search(lab, grounded(lab, VisitAll, 12).await?, engine(SearchKind::Bfws)),
        _ => {
            let text: Arc<str> = goap::craft100().into();
            let begin = move || Check::new(Arc::clone(&text));
            Box::new(Stepped { pacing, begin, is_right: |parsed: &Parsed| parsed.model.is_some() })
        }
    })
}

/// An engine at work on a compiled task, its set-up included.
fn search(lab: &dyn Lab, prepared: Prepared, engine: EngineConfig) -> Box<dyn Rounds> {
    let begin = move || prepared.planner(&engine);
    let is_right = |finished: &Finished| finished.end == SearchEnd::Solved;
    Box::new(Stepped { pacing: lab.pacing(), begin, is_right })
}

async fn grounded(lab: &dyn Lab, family: Generator, size: u32) -> Result<Prepared, String> {
    let model = model(lab, family, size).await?;
    let ground = Ground::new(model, GroundOptions::default());
    let grounded = in_slices(&lab.pacing(), ground).await.map_err(|_| "the task does not fit")?;
    Ok(Prepared {
        task: grounded.task,
        instance: grounded.instance,
        has_uniform_cost: grounded.has_uniform_cost,
    })
}

fn engine(search: SearchKind) -> EngineConfig {
    EngineConfig { search, ..EngineConfig::default() }
}

fn astar(heuristic: HeuristicKind) -> EngineConfig {
    EngineConfig { heuristic: heuristic.into(), ..engine(SearchKind::Astar) }
}
