//! What is written out, and its value in a state.

use planscope::lang::pddl::model::{Arithmetic, Assignment, Comparator};

#[derive(Clone, Debug)]
pub(super) enum Tree {
    Known(bool),
    Atom(usize),
    Compare(Comparator, Sum, Sum),
    Not(Box<Tree>),
    And(Vec<Tree>),
    Or(Vec<Tree>),
}

#[derive(Clone, Debug)]
pub(super) enum Sum {
    Number(f64),
    Fluent(usize),
    Negate(Box<Sum>),
    Binary(Arithmetic, Box<Sum>, Box<Sum>),
}

#[derive(Clone, Debug)]
pub(super) enum Deed {
    Make(usize, bool),
    Change(Assignment, usize, Sum),
    When(Tree, Vec<Deed>),
}

/// True, false, or undefined.
pub(super) fn truth(tree: &Tree, atoms: &[bool], numbers: &[Option<f64>]) -> Option<bool> {
    match tree {
        Tree::Known(value) => Some(*value),
        Tree::Atom(atom) => Some(atoms[*atom]),
        Tree::Compare(comparator, left, right) => {
            let order = value(left, numbers)?.partial_cmp(&value(right, numbers)?)?;
            Some(match comparator {
                Comparator::Equal => order.is_eq(),
                Comparator::Less => order.is_lt(),
                Comparator::AtMost => order.is_le(),
                Comparator::Greater => order.is_gt(),
                Comparator::AtLeast => order.is_ge(),
            })
        }
        Tree::Not(part) => truth(part, atoms, numbers).map(|value| !value),
        Tree::And(parts) => worst(parts, false, atoms, numbers),
        Tree::Or(parts) => worst(parts, true, atoms, numbers),
    }
}

/// `decides` where one part is so; else undefined where one part is; else the opposite.
pub(super) fn worst(parts: &[Tree], decides: bool, atoms: &[bool], numbers: &[Option<f64>]) -> Option<bool> {
    let mut result = Some(!decides);
    for part in parts {
        match truth(part, atoms, numbers) {
            Some(value) if value == decides => return Some(decides),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}

pub(super) fn value(sum: &Sum, numbers: &[Option<f64>]) -> Option<f64> {
    let value = match sum {
        Sum::Number(number) => *number,
        Sum::Fluent(fluent) => numbers[*fluent]?,
        Sum::Negate(part) => 0.0 - value(part, numbers)?,
        Sum::Binary(operator, left, right) => {
            let (left, right) = (value(left, numbers)?, value(right, numbers)?);
            match operator {
                Arithmetic::Add => left + right,
                Arithmetic::Subtract => left - right,
                Arithmetic::Multiply => left * right,
                Arithmetic::Divide => (right != 0.0).then_some(left / right)?,
            }
        }
    };
    (!value.is_nan()).then_some(value)
}

/// The metric with 0 for what has no value.
pub(super) fn metric(sum: &Sum, numbers: &[Option<f64>]) -> Option<f64> {
    let filled: Vec<Option<f64>> = numbers.iter().map(|number| Some(number.unwrap_or(0.0))).collect();
    value(sum, &filled).filter(|value| value.is_finite())
}

/// `None` where something is undefined or not finite.
pub(super) fn carry_out(
    deeds: &[Deed],
    atoms: &[bool],
    before: &[Option<f64>],
    after: &mut [Option<f64>],
    made: &mut Vec<(usize, bool)>,
) -> Option<()> {
    for deed in deeds {
        match deed {
            Deed::Make(atom, holds) => made.push((*atom, *holds)),
            Deed::Change(assignment, fluent, sum) => {
                let number = value(sum, before)?;
                let result = match assignment {
                    Assignment::Assign => number,
                    Assignment::Increase => after[*fluent]? + number,
                    Assignment::Decrease => after[*fluent]? - number,
                    Assignment::ScaleUp => after[*fluent]? * number,
                    Assignment::ScaleDown => (number != 0.0).then_some(after[*fluent]? / number)?,
                };
                after[*fluent] = Some(result).filter(|result| result.is_finite());
                after[*fluent]?;
            }
            Deed::When(condition, deeds) => {
                if truth(condition, atoms, before)? {
                    carry_out(deeds, atoms, before, after, made)?;
                }
            }
        }
    }
    Some(())
}

pub(super) fn tree_reads(tree: &Tree, fluent: usize) -> bool {
    match tree {
        Tree::Known(_) | Tree::Atom(_) => false,
        Tree::Compare(_, left, right) => sum_reads(left, fluent) || sum_reads(right, fluent),
        Tree::Not(part) => tree_reads(part, fluent),
        Tree::And(parts) | Tree::Or(parts) => parts.iter().any(|part| tree_reads(part, fluent)),
    }
}

pub(super) fn sum_reads(sum: &Sum, fluent: usize) -> bool {
    match sum {
        Sum::Number(_) => false,
        Sum::Fluent(one) => *one == fluent,
        Sum::Negate(part) => sum_reads(part, fluent),
        Sum::Binary(_, left, right) => sum_reads(left, fluent) || sum_reads(right, fluent),
    }
}

pub(super) fn deeds_only_add(deeds: &[Deed], fluent: usize) -> bool {
    deeds.iter().all(|deed| match deed {
        Deed::Make(..) => true,
        Deed::Change(assignment, one, sum) => {
            let adds = matches!(assignment, Assignment::Increase | Assignment::Decrease);
            (*one != fluent || adds) && !sum_reads(sum, fluent)
        }
        Deed::When(condition, deeds) => !tree_reads(condition, fluent) && deeds_only_add(deeds, fluent),
    })
}

pub(super) fn is_affine(sum: &Sum, fluent: usize) -> bool {
    match sum {
        Sum::Number(_) | Sum::Fluent(_) => true,
        Sum::Negate(part) => is_affine(part, fluent),
        Sum::Binary(operator, left, right) => match operator {
            Arithmetic::Add | Arithmetic::Subtract => is_affine(left, fluent) && is_affine(right, fluent),
            Arithmetic::Multiply => match (&**left, &**right) {
                (Sum::Number(_), other) | (other, Sum::Number(_)) => is_affine(other, fluent),
                _ => !sum_reads(sum, fluent),
            },
            Arithmetic::Divide => {
                !sum_reads(sum, fluent) || matches!(**right, Sum::Number(_)) && is_affine(left, fluent)
            }
        },
    }
}
