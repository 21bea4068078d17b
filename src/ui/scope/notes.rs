//! What is written on the tree, and which part of it the overview frames.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::paint_tree::Notes;
use super::signals::Source;
use super::statistics::figures;
use crate::trace::{NONE, Trace};
use crate::view::drawing::Drawing;
use crate::view::scene::Place;

/// Most operators named at once.
const NAMES: usize = 60;
/// Most names kept; when there are more, all are asked for anew.
const NAMES_KEPT: usize = 10_000;

/// Notes with operators that have no names yet.
#[derive(Default)]
pub struct RawNotes {
    pub path: Vec<Place>,
    pub is_plan: bool,
    pub names: Vec<(Place, u32)>,
    pub selected: Option<(Place, u32, String)>,
}

impl RawNotes {
    /// Reads them off a recording and its drawing.
    pub fn read(trace: &Trace, drawing: &Drawing, cursor: Option<u32>, selected: Option<u32>) -> Self {
        let Some(scene) = drawing.scene() else { return Self::default() };
        let path: Vec<Place> = drawing.trails.places(scene).collect();
        let is_plan = drawing.trails.is_plan();
        let in_sight = |place: &&Place| place.y > -8.0 && place.y < scene.view.height + 8.0;
        let roomy = is_plan && scene.view.level >= 13.0;
        let operator = |node: u32| trace.operator[node as usize];
        let steps = path.iter().filter(in_sight).filter(|place| trace.parent[place.node as usize] != NONE);
        let names =
            steps.take(if roomy { NAMES } else { 0 }).map(|place| (*place, operator(place.node))).collect();
        let known = trace.nodes_at(cursor);
        let selected = selected.filter(|&node| (node as usize) < known);
        let place = selected.and_then(|node| scene.place(node));
        let selected =
            place.map(|place| (place, operator(place.node), figures(trace, place.node, cursor, "  ")));
        Self { path, is_plan, names, selected }
    }
}

/// The names of operators that were asked for, kept.
pub struct Names {
    known: RefCell<HashMap<u32, String>>,
    labels: Rc<dyn Fn(u32) -> Option<String>>,
}

impl Names {
    /// No name yet; those of `source` will be asked for.
    pub fn new(source: &Source) -> Self {
        Self { known: RefCell::default(), labels: Rc::clone(&source.labels) }
    }

    /// The name of an operator. The recording must not be borrowed here.
    pub fn of(&self, operator: u32) -> String {
        if operator == NONE {
            return "initial state".to_owned();
        }
        let mut known = self.known.borrow_mut();
        if known.len() > NAMES_KEPT {
            known.clear();
        }
        let ask = || (self.labels)(operator).unwrap_or_else(|| format!("operator {operator}"));
        known.entry(operator).or_insert_with(ask).clone()
    }

    /// Gives names to the operators on the tree.
    pub fn notes(&self, raw: RawNotes) -> Notes {
        let named = |(place, operator): (Place, u32)| (place, self.of(operator));
        Notes {
            names: raw.names.into_iter().map(named).collect(),
            selected: raw.selected.map(|(place, operator, text)| (place, self.of(operator), text)),
            path: raw.path,
            is_plan: raw.is_plan,
        }
    }
}

/// The part of the overview that the tree's canvas shows; `None` where that is all.
pub fn overview_window(drawing: &Drawing) -> Option<[f64; 4]> {
    let (scene, small) = (drawing.scene()?, drawing.overview()?.view);
    let (left, right, top, bottom) = scene.view.window();
    let extent = drawing.extent();
    let (leaves, levels) = (f64::from(extent.leaves), f64::from(extent.levels));
    let (x0, x1) = (small.x(left.max(0.0)) - 3.0, small.x(right.min(leaves)) + 3.0);
    let (y0, y1) = (small.y(top.max(0.0)) - 3.0, small.y(bottom.min(levels)) + 3.0);
    Some([x0, y0, (x1 - x0).max(4.0), (y1 - y0).max(4.0)])
}
