//! The report on a node of a recorded search.

use crate::lang::goap::model::Value;
use crate::lang::plan::Step;
use crate::search::HeuristicKind;
use crate::trace::NodeStatus;

/// A node opened for inspection. Costs are in the document's unit.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeReport {
    /// The node.
    pub node: u32,
    /// Its parent; `None` for the root.
    pub parent: Option<u32>,
    /// Steps from the root.
    pub depth: u32,
    /// Metric paid on the way.
    pub g: f64,
    /// The heuristic's estimate; `None` for a dead end or where it was not evaluated.
    pub h: Option<f64>,
    /// g + weight × h.
    pub f: Option<f64>,
    /// What became of it in the end.
    pub status: NodeStatus,
    /// Expansion that generated it; 0 for the root. In lazy search the expansion before which it was taken up.
    pub generated_at: u32,
    /// Expansion that was its first.
    pub expanded_at: Option<u32>,
    /// The step that led here; `None` for the root.
    pub step: Option<Step>,
    /// What holds here: each variable of a GOAP document; of a PDDL task the atoms that hold here or in
    /// the parent, and the fluents.
    pub state: Vec<StateRow>,
    /// Each applicable action, and what became of it.
    pub operators: Vec<OperatorReport>,
    /// Whether more actions apply than are listed.
    pub truncated: bool,
    /// What guides the search here; `None` where the task is too large to work it out anew.
    pub guidance: Option<GuidanceReport>,
}

/// What guides the search at a node.
#[derive(Clone, Debug, PartialEq)]
pub struct GuidanceReport {
    /// What each heuristic says. Novelty is left out: it depends on all that was seen.
    pub estimates: Vec<EstimateReport>,
    /// Whether each heuristic has a queue, and they take turns; otherwise their maximum counts.
    pub alternates: bool,
    /// Whether each heuristic has a second queue, for successors by preferred operators.
    pub has_preferred_queues: bool,
    /// Whether there is one more queue, from which states are drawn at random.
    pub draws: bool,
    /// How things stand with the landmarks, where the search counts them.
    pub landmarks: Option<LandmarkReport>,
}

/// The estimate of one heuristic.
#[derive(Clone, Debug, PartialEq)]
pub struct EstimateReport {
    /// The heuristic.
    pub heuristic: HeuristicKind,
    /// Its estimate for the node; `None` for a dead end.
    pub estimate: Option<f64>,
}

/// Landmarks of a node: facts that every plan makes true at some time.
#[derive(Clone, Debug, PartialEq)]
pub struct LandmarkReport {
    /// All of the task.
    pub total: usize,
    /// Still to be reached from here.
    pub future: usize,
    /// Of those, the ones that were reached before and must be again.
    pub again: usize,
    /// The first of those still to be reached, in the document's words.
    pub named: Vec<String>,
}

/// A variable, an atom or a fluent in a node's state.
#[derive(Clone, Debug, PartialEq)]
pub struct StateRow {
    /// Its name.
    pub name: String,
    /// Its value in the parent; equal to `to` for the root.
    pub from: Value,
    /// Its value here.
    pub to: Value,
}

/// An applicable action of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct OperatorReport {
    /// The step.
    pub step: Step,
    /// Its metric here.
    pub cost: f64,
    /// Whether the search favours it here.
    pub is_preferred: bool,
    /// What became of it.
    pub became: Became,
}

/// What became of a successor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Became {
    /// A node of its own.
    New {
        /// The node.
        node: u32,
        /// Its h.
        h: Option<f64>,
        /// Its f.
        f: Option<f64>,
    },
    /// A state that was known already.
    Duplicate {
        /// The known node.
        node: u32,
        /// Whether the known node got this cheaper path.
        cheaper: bool,
    },
    /// It leads to a dead end.
    DeadEnd {
        /// The node.
        node: u32,
    },
    /// The action cannot matter to any goal and was left out of the task.
    Irrelevant,
    /// The node has not been expanded.
    NotYet,
    /// It was not recorded: the trace was full.
    NotRecorded,
    /// The successor is not made yet, though the node is expanded: lazy search makes a state when its turn comes.
    NotGenerated,
}
