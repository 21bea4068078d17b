//! Decides in bounded pieces where the variables of a document are stored in a state: which variables are
//! relevant, which numbers have classes, and which variables are never written.

use super::Target;
use super::classes::{Classes, Classing};
use super::relevance::{Relevance, Spreading};
use crate::lang::goap::Model;
use crate::lang::goap::grounded::GroundCondition;
use crate::lang::goap::instance::InstanceTable;
use crate::lang::goap::model::{INT_MAX, Kind};
use crate::task::{Layout, Placement, SlotId, SlotKind, VariableId};

/// The relevant variables and actions, and where variables are stored.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) relevance: Relevance,
    /// Indexed by model variable.
    pub(super) targets: Vec<Target>,
    /// The classes of each variable that stands for a number.
    pub(super) classes: Vec<Classes>,
    pub(super) layout: Layout,
}

/// Decides where variables are stored.
#[derive(Debug)]
pub(super) struct Placing(Stage);

/// The step that the decision is at.
#[derive(Debug)]
enum Stage {
    Relevance(Spreading),
    Classes(Relevance, Classing),
    Over,
}

impl Placing {
    /// Starts with what the goals need. O(variables + goals + ground actions / 8).
    pub(super) fn new(model: &Model, table: &InstanceTable, goals: &[GroundCondition]) -> Self {
        Self(Stage::Relevance(Spreading::new(model, table.len(), goals)))
    }

    /// Bytes held, approximately.
    pub(super) fn memory_bytes(&self) -> usize {
        match &self.0 {
            Stage::Relevance(spreading) => spreading.memory_bytes(),
            Stage::Classes(relevance, _) => relevance.memory_bytes(),
            Stage::Over => 0,
        }
    }

    /// One unit of work, always with the same model, actions and goals. Answers the result at the end.
    pub(super) fn unit(
        &mut self,
        model: &Model,
        table: &InstanceTable,
        goals: &[GroundCondition],
    ) -> Option<Placed> {
        let stage = match std::mem::replace(&mut self.0, Stage::Over) {
            Stage::Relevance(mut spreading) => match spreading.unit(model, table) {
                Some(relevance) => Stage::Classes(relevance, Classing::new(model)),
                None => Stage::Relevance(spreading),
            },
            Stage::Classes(relevance, mut classing) => {
                if let Some((classes, is_written)) = classing.unit(model, table, goals, &relevance) {
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
    use crate::lang::goap::instance::Workspace;
    use crate::lang::goap::parse;

    /// 40 × 40 instances that read variables `n` and a number per instance of `a`.
    fn many() -> (Model, InstanceTable) {
        let values: Vec<String> = (0..40).map(|value| value.to_string()).collect();
        let values = values.join(",");
        let declared: String = (0..40).map(|value| format!(r#""x{value}": 0, "#)).collect();
        let text = format!(
            r#"{{ "format": "planscope-goap/1", "state": {{ {declared} "n": 0, "done": false }},
              "actions": [{{ "name": "go", "parameters": {{ "a": [{values}], "b": [{values}] }},
                "preconditions": {{ "n": {{ ">=": "$a" }} }}, "effects": {{ "n": "$b", "done": true }},
                "cost": {{ "base": 2, "per": {{ "x$a": 2 }} }} }}],
              "goals": [{{ "name": "g", "conditions": {{ "done": true }} }}] }}"#
        );
        let model = parse(&text).model.expect("the document has no errors");
        let (mut table, mut workspace) = (InstanceTable::new(&model), Workspace::default());
        while table.list_next(&model, &mut workspace).is_some() {}
        assert_eq!(table.len(), 1600);
        (model, table)
    }

    fn placed(model: &Model, table: &InstanceTable) -> (Placed, usize) {
        let goals = ground_goals(model);
        let mut placing = Placing::new(model, table, &goals);
        let mut units = 0;
        loop {
            units += 1;
            if let Some(placed) = placing.unit(model, table, &goals) {
                return (placed, units);
            }
        }
    }

    #[test]
    fn passes_over_many_actions_are_cut_into_pieces() {
        let (model, table) = many();
        let (placed, units) = placed(&model, &table);
        assert!(units > table.len() / 8, "{units} units");
        let mut costing = Costing::default();
        let unit = || costing.unit(&model, &table, &placed.relevance, &placed.targets);
        let units = std::iter::repeat_with(unit).take_while(Option::is_none).count();
        assert!(units > table.len() / 32, "{units} units");
    }

    #[test]
    fn instances_that_read_the_same_variables_share_a_cost() {
        let (model, table) = many();
        let (placed, _) = placed(&model, &table);
        let mut costing = Costing::default();
        let mut unit = || costing.unit(&model, &table, &placed.relevance, &placed.targets);
        let costs = std::iter::repeat_with(&mut unit).flatten().next();
        let costs = costs.expect("it ends").expect("costs that fit");
        assert!(costs.memory_bytes() < 1600 * 4 * 2 + 64 * 64, "{} bytes", costs.memory_bytes());
        let of = |number| costs.of(number).expect("all are relevant");
        assert!(of(0) == of(39) && of(39) != of(40) && of(1599) == of(1560));
    }
}
