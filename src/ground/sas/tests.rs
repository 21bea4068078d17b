//! The format, word for word, on a task that has everything.

use super::*;
use crate::task::{
    Axiom, Axioms, ConditionalEffect, Conjunction, Formula, Layout, Placement, SlotId, SlotKind,
};
use crate::task::{Comparison, NumericTest, Operand, Value};

fn fact(variable: u32, value: u32) -> Fact {
    Fact { variable: VariableId(variable), value }
}

fn is(variable: u32, value: u32) -> Formula {
    Formula::Fact(fact(variable, value))
}

fn not(variable: u32, value: u32) -> Formula {
    Formula::NotFact(fact(variable, value))
}

fn all(parts: Vec<Formula>) -> Conjunction {
    Conjunction::new(Formula::And(parts))
}

fn operator(precondition: Vec<Formula>, facts: &[Fact], cost: i64) -> Operator {
    Operator {
        precondition: all(precondition),
        facts: facts.iter().copied().collect(),
        conditional: Vec::new(),
        copies: [].into(),
        numeric: [].into(),
        cost: Cost::Constant(cost),
        source: 0,
    }
}

fn when(condition: Vec<Formula>, change: Fact, is_delete: bool) -> ConditionalEffect {
    let (condition, facts) = (all(condition), vec![change]);
    ConditionalEffect { condition, facts: facts.into(), numeric: [].into(), cost: Cost::ZERO, is_delete }
}

/// Variable 0 has three values, 1 and 2 have two, 3 is derived.
fn task(operators: Vec<Operator>, unit: f64) -> Task {
    let dynamic = |domain| (domain, Placement::Dynamic);
    let variables = [dynamic(3), dynamic(2), dynamic(2), (2, Placement::Derived)];
    let mut task = Task::new(Layout::new(&variables, &[]), operators, unit);
    let rule = Axiom { head: VariableId(3), body: all(vec![not(0, 1), is(1, 1)]), stratum: 0 };
    task.axioms = Axioms::new(&task.layout, vec![rule]);
    task
}

fn instance(task: &Task, goal: Vec<Formula>) -> Instance {
    let mut initial = vec![0; task.layout.words()];
    task.layout.variable(VariableId(0)).write(&mut initial, 2);
    Instance { initial, goal: all(goal).into() }
}

fn written(task: &Task, goal: Vec<Formula>) -> Result<(String, Report), SasError> {
    let mut text = String::new();
    let names = Names {
        fact: &|fact| format!("Atom v{}({})", fact.variable.0, fact.value),
        operator: &|id| format!("o{}", id.0),
    };
    let report = write(task, &instance(task, goal), &[vec![fact(0, 0), fact(1, 1)]], names, &mut text)?;
    Ok((text, report))
}

const EVERYTHING: &str = "\
begin_version\n3\nend_version
begin_metric\n1\nend_metric
6
begin_variable\nvar0\n-1\n3\nAtom v0(0)\nAtom v0(1)\nAtom v0(2)\nend_variable
begin_variable\nvar1\n-1\n2\nAtom v1(0)\nAtom v1(1)\nend_variable
begin_variable\nvar2\n-1\n2\nAtom v2(0)\nAtom v2(1)\nend_variable
begin_variable\nvar3\n0\n2\nAtom v3(0)\nAtom v3(1)\nend_variable
begin_variable\nvar4\n0\n2\nNegatedAtom auxiliary-0()\nAtom auxiliary-0()\nend_variable
begin_variable\nvar5\n1\n2\nNegatedAtom auxiliary-1()\nAtom auxiliary-1()\nend_variable
1
begin_mutex_group\n2\n0 0\n1 1\nend_mutex_group
begin_state\n2\n0\n0\n0\n0\n0\nend_state
begin_goal\n2\n2 1\n5 1\nend_goal
2
begin_operator\no0\n1\n4 1\n2\n1 2 0 0 -1 2\n0 1 0 1\n6\nend_operator
begin_operator\no2\n0\n3\n1 1 1 2 -1 0\n0 2 -1 1\n1 3 1 0 -1 0\n0\nend_operator
5
begin_rule\n2\n1 1\n4 1\n3 0 1\nend_rule
begin_rule\n1\n0 0\n4 0 1\nend_rule
begin_rule\n1\n0 2\n4 0 1\nend_rule
begin_rule\n2\n1 0\n4 1\n5 0 1\nend_rule
begin_rule\n1\n3 0\n5 0 1\nend_rule
";

#[test]
fn everything_that_can_be_said_is_said() {
    let mut first = operator(vec![not(0, 1), is(1, 0)], &[fact(1, 1)], 3);
    first.conditional = vec![when(vec![is(2, 0)], fact(0, 2), true)];
    let never = operator(vec![is(1, 0), Formula::Or(vec![])], &[fact(1, 1)], 1);
    let mut second = operator(vec![], &[fact(2, 1)], 0);
    second.conditional =
        vec![when(vec![is(1, 1)], fact(2, 0), true), when(vec![is(3, 1)], fact(0, 0), false)];
    let goal = vec![is(2, 1), Formula::Or(vec![not(3, 1), Formula::And(vec![not(0, 1), is(1, 0)])])];
    let nothing = operator(vec![], &[], 1);
    let (text, report) = written(&task(vec![first, never, second, nothing], 2.0), goal).unwrap();
    assert_eq!(text, EVERYTHING);
    assert_eq!(report, Report { auxiliary_variables: 2, axioms: 5, operators: 2, cost_unit: 1.0 });
}

#[test]
fn trivial_goals_speak_of_a_variable_of_their_own() {
    let task = task(vec![operator(vec![], &[fact(1, 1)], 1)], 1.0);
    let (empty, _) = written(&task, vec![]).unwrap();
    assert!(empty.contains("begin_goal\n1\n5 0\nend_goal") && empty.contains("begin_metric\n0"));
    let (never, _) = written(&task, vec![Formula::Or(vec![])]).unwrap();
    assert!(never.contains("begin_goal\n1\n5 1\nend_goal"));
}

#[test]
fn costs_that_are_not_integers_are_said_in_their_unit() {
    let task = task(vec![operator(vec![], &[fact(1, 1)], 3)], 0.5);
    let (text, report) = written(&task, vec![is(1, 1)]).unwrap();
    assert!(text.contains("\n3\nend_operator"));
    assert!((report.cost_unit - 0.5).abs() < f64::EPSILON);
}

#[test]
fn numbers_cannot_be_said() {
    let mut task = task(vec![operator(vec![], &[fact(1, 1)], i64::from(i32::MAX) + 1)], 1.0);
    assert_eq!(written(&task, vec![is(1, 1)]).unwrap_err(), SasError::CostTooLarge);
    task.operators[0].cost = Cost::linear(0, vec![]);
    assert_eq!(written(&task, vec![is(1, 1)]).unwrap_err(), SasError::StateDependentCost);
    let kind = SlotKind::Int { low: 0, high: 7 };
    let layout = Layout::new(&[(3, Placement::Dynamic)], &[(kind, Placement::Dynamic)]);
    let (left, right) = (Operand::Slot(SlotId(0)), Operand::Constant(Value::Int(1)));
    let test = Formula::Numeric(NumericTest { left, comparison: Comparison::Less, right });
    let numeric = Task::new(layout, vec![], 1.0);
    assert_eq!(written(&numeric, vec![test]).unwrap_err(), SasError::Numeric);
}

#[test]
fn atoms_are_written_in_the_format_s_way() {
    assert_eq!(fact_name("on a b"), "Atom on(a, b)");
    assert_eq!(fact_name("not (handempty)"), "NegatedAtom handempty()");
    assert_eq!(fact_name("none of those"), "<none of those>");
}
