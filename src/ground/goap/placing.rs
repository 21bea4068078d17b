//! Where the variables of a document lie in the task's states, worked out in bounded pieces: which of them are
//! relevant, which numbers are told apart by classes, and what nothing writes.

use super::Target;
use super::classes::{Classes, Classing};
use super::relevance::{Relevance, Spreading};
use crate::lang::goap::Model;
use crate::lang::goap::grounded::{GroundAction, GroundCondition};
use crate::lang::goap::model::{INT_MAX, Kind};
use crate::task::{Layout, Placement, SlotId, SlotKind, VariableId};

/// What is known once the ground actions were looked at.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) relevance: Relevance,
    /// Per model variable.
    pub(super) targets: Vec<Target>,
    /// Per variable that stands for a number.
    pub(super) classes: Vec<Classes>,
    pub(super) layout: Layout,
}

/// Works out where everything lies.
#[derive(Debug)]
pub(super) struct Placing(Stage);

/// What is to be worked out next.
#[derive(Debug)]
enum Stage {
    Relevance(Spreading),
    Classes(Relevance, Classing),
    Over,
}

impl Placing {
    /// Not begun. O(variables + goals + ground actions / 8).
    pub(super) fn new(model: &Model, actions: &[GroundAction], goals: &[GroundCondition]) -> Self {
        Self(Stage::Relevance(Spreading::new(model, actions.len(), goals)))
    }

    /// One unit of work; what it comes to at the end. Always given the same model, actions and goals.
    pub(super) fn unit(
        &mut self,
        model: &Model,
        actions: &[GroundAction],
        goals: &[GroundCondition],
    ) -> Option<Placed> {
        let stage = match std::mem::replace(&mut self.0, Stage::Over) {
            Stage::Relevance(mut spreading) => match spreading.unit(model, actions) {
                Some(relevance) => Stage::Classes(relevance, Classing::new(model)),
                None => Stage::Relevance(spreading),
            },
            Stage::Classes(relevance, mut classing) => {
                if let Some((classes, is_written)) = classing.unit(model, actions, goals, &relevance) {
                    return Some(place(model, relevance, classes, &is_written));
                }
                Stage::Classes(relevance, classing)
            }
            Stage::Over => Stage::Over,
        };
        self.0 = stage;
        None
    }
}

/// Gives each relevant variable its place; those that no relevant action writes are static.
fn place(
    model: &Model,
    relevance: Relevance,
    all_classes: Vec<Option<Classes>>,
    is_written: &[bool],
) -> Placed {
    let (mut variables, mut slots, mut classes) = (Vec::new(), Vec::new(), Vec::new());
    let mut targets = Vec::with_capacity(model.variables.len());
    for (index, (variable, own)) in model.variables.iter().zip(all_classes).enumerate() {
        let placement = if is_written[index] { Placement::Dynamic } else { Placement::Static };
        let mut finite = |domain: usize| {
            variables.push((domain as u32, placement));
            VariableId(variables.len() as u32 - 1)
        };
        let mut slot = |kind: SlotKind| {
            slots.push((kind, placement));
            Target::Slot(SlotId(slots.len() as u32 - 1))
        };
        if let Some(own) = own {
            targets.push(Target::Classes(finite(own.len()), classes.len() as u32));
            classes.push(own);
            continue;
        }
        targets.push(match &variable.kind {
            _ if !relevance.variables[index] => Target::LeftOut,
            Kind::Bool => Target::Variable(finite(2)),
            Kind::Enum(symbols) => Target::Variable(finite(symbols.len())),
            Kind::Int(range) => {
                let (low, high) = range.unwrap_or((-INT_MAX, INT_MAX));
                slot(SlotKind::Int { low, high })
            }
            Kind::Float(range) => {
                let (low, high) = range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
                slot(SlotKind::Float { low, high })
            }
        });
    }
    let layout = Layout::new(&variables, &slots);
    Placed { relevance, targets, classes, layout }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::goap::costs::Costing;
    use crate::ground::goap::ground_goals;
    use crate::lang::goap::instance::Instances;
    use crate::lang::goap::parse;

    #[test]
    fn passes_over_many_actions_are_cut_into_pieces() {
        let values: Vec<String> = (0..40).map(|value| value.to_string()).collect();
        let values = values.join(",");
        let text = format!(
            r#"{{ "format": "planscope-goap/1", "state": {{ "n": 0, "done": false }},
              "actions": [{{ "name": "go", "parameters": {{ "a": [{values}], "b": [{values}] }},
                "preconditions": {{ "n": {{ ">=": "$a" }} }}, "effects": {{ "n": "$b", "done": true }}, "cost": 2 }}],
              "goals": [{{ "name": "g", "conditions": {{ "done": true }} }}] }}"#
        );
        let model = parse(&text).model.expect("the document has no errors");
        let (actions, goals) = (Instances::new(&model).collect::<Vec<_>>(), ground_goals(&model));
        assert_eq!(actions.len(), 1600);
        let mut placing = Placing::new(&model, &actions, &goals);
        let mut units = 0;
        let placed = loop {
            units += 1;
            if let Some(placed) = placing.unit(&model, &actions, &goals) {
                break placed;
            }
        };
        assert!(units > actions.len() / 8, "{units} units");
        let mut costing = Costing::default();
        costing.draft(&model, &actions, &placed.relevance, &placed.targets);
        let units = std::iter::repeat_with(|| costing.unit()).take_while(Option::is_none).count();
        assert!(units > actions.len() / 32, "{units} units");
    }
}
