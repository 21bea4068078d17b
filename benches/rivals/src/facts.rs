//! A task of nothing but true and false, as every planner understands it.

use planscope::ground::goap::{GoapTask, compile};
use planscope::lang::goap::model::{Condition, Model, Piece, Template, Term, Value};
use planscope::lang::goap::parse;

/// A name and what it is, or becomes.
pub type Fact = (String, bool);

/// An action in facts.
pub struct Action {
    /// Its name.
    pub name: String,
    /// What must hold.
    pub needs: Vec<Fact>,
    /// What it does.
    pub does: Vec<Fact>,
    /// What it costs.
    pub cost: usize,
}

/// A task in facts, and compiled.
pub struct Facts {
    /// The model.
    pub model: Model,
    /// The compiled task.
    pub compiled: GoapTask,
    /// All facts as they are at first.
    pub initial: Vec<Fact>,
    /// Actions in file order.
    pub actions: Vec<Action>,
    /// What must hold in the end.
    pub goal: Vec<Fact>,
}

impl Facts {
    /// Reads a document without parameters and numbers.
    pub fn new(text: &str) -> Self {
        let model = parse(text).model.expect("a document without errors");
        let compiled = compile(&model).expect("costs that fit");
        let initial = model.variables.iter().map(|one| (one.name.clone(), one.initial == Value::Bool(true)));
        let actions = model.actions.iter().map(|action| Action {
            name: action.name.clone(),
            needs: conjuncts(&action.precondition),
            does: action.effects.iter().map(|effect| fact(&effect.variable, &effect.value)).collect(),
            cost: action.cost.base.value as usize,
        });
        let goal = conjuncts(&model.goals[0].conditions);
        Self { initial: initial.collect(), actions: actions.collect(), goal, compiled, model }
    }
}

fn conjuncts(condition: &Condition) -> Vec<Fact> {
    match condition {
        Condition::All(parts) => parts.iter().flat_map(conjuncts).collect(),
        Condition::Compare(comparison) => vec![fact(&comparison.variable, &comparison.right)],
        Condition::Any(_) | Condition::Not(_) => panic!("only conjunctions of facts"),
    }
}

fn fact(variable: &Template, value: &Term) -> Fact {
    let [Piece::Text(name)] = variable.pieces.as_slice() else { panic!("no parameters") };
    let Term::Literal(Value::Bool(value)) = value else { panic!("only true and false") };
    (name.clone(), *value)
}
