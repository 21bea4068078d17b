//! Finite-domain variables for numbers that are only set to constants and compared with constants.
//!
//! Two numbers that every comparison treats alike make no difference to a plan, so a value of the variable is
//! a class of numbers. Each constant of a comparison is a class, and so are the numbers between two
//! neighbouring constants. Classes without a number are left out: between consecutive integers, and outside
//! of the range.

use std::cmp::Ordering;
use std::ops::Range;

use super::relevance::Relevance;
use super::{ground_operands, number};
use crate::lang::goap::Model;
use crate::lang::goap::grounded::{GroundAction, GroundCondition, Operand};
use crate::lang::goap::instance::{InstanceTable, Workspace};
use crate::lang::goap::model::{EffectKind, INT_MAX, Kind};
use crate::task::Comparison;

/// Classes that an inequality may name on average. A number with more of them is tested faster as a number.
const NAMED_MAX: usize = 4;

/// The classes of a number, in ascending order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Classes(Vec<Class>);

/// A single number, or all numbers between two others.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Class {
    Value(f64),
    Between(f64, f64),
}

impl Class {
    /// How the numbers of the class compare with a constant. The constant must not lie inside of an interval.
    fn beside(self, right: f64) -> Ordering {
        match self {
            Self::Value(value) => (value + 0.0).total_cmp(&(right + 0.0)),
            Self::Between(_, high) if high <= right => Ordering::Less,
            Self::Between(..) => Ordering::Greater,
        }
    }

    fn holds(self, comparison: Comparison, right: f64) -> bool {
        let beside = self.beside(right);
        match comparison {
            Comparison::Equal => beside.is_eq(),
            Comparison::NotEqual => beside.is_ne(),
            Comparison::Less => beside.is_lt(),
            Comparison::AtMost => beside.is_le(),
            Comparison::Greater => beside.is_gt(),
            Comparison::AtLeast => beside.is_ge(),
        }
    }
}

impl Classes {
    /// The classes of a variable of this kind, separated by `points`; at least one class.
    fn new(kind: &Kind, mut points: Vec<f64>) -> Self {
        let (low, high, is_integer) = match kind {
            Kind::Int(range) => {
                let (low, high) = range.unwrap_or((-INT_MAX, INT_MAX));
                (low as f64, high as f64, true)
            }
            Kind::Float(range) => {
                let (low, high) = range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
                (low, high, false)
            }
            Kind::Bool | Kind::Enum(_) => (0.0, 0.0, false),
        };
        points.retain(|&point| low <= point && point <= high && !(is_integer && point.fract() != 0.0));
        points.sort_unstable_by(f64::total_cmp);
        points.dedup();
        let is_inhabited = |from: f64, to: f64| if is_integer { to - from > 1.0 } else { from < to };
        // The open ends lie just outside of the range, so that an outermost interval includes its bound.
        let (below, above) =
            if is_integer { (low - 1.0, high + 1.0) } else { (low.next_down(), high.next_up()) };
        let mut classes = Vec::with_capacity(2 * points.len() + 1);
        let mut from = below;
        for point in points {
            if is_inhabited(from, point) && point > low {
                classes.push(Class::Between(from, point));
            }
            classes.push(Class::Value(point));
            from = point;
        }
        if classes.is_empty() || (is_inhabited(from, above) && from < high) {
            classes.push(Class::Between(from, above));
        }
        Self(classes)
    }

    /// How many classes there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The class of a number; `None` if it is out of range.
    pub(super) fn index_of(&self, value: f64) -> Option<u32> {
        let at = self.0.partition_point(|class| match *class {
            Class::Value(own) => own < value,
            Class::Between(_, high) => high <= value,
        });
        let is_within = match *self.0.get(at)? {
            Class::Value(own) => own <= value,
            Class::Between(low, high) => low < value && value < high,
        };
        is_within.then_some(at as u32)
    }

    /// The classes whose numbers fulfil a comparison with a constant. Not for `!=`. O(log classes).
    pub(super) fn comparing(&self, comparison: Comparison, right: f64) -> Range<u32> {
        let first = |comparison: Comparison, holds: bool| {
            self.0.partition_point(|class| class.holds(comparison, right) == holds) as u32
        };
        match comparison {
            Comparison::Less | Comparison::AtMost => 0..first(comparison, true),
            Comparison::Greater | Comparison::AtLeast => first(comparison, false)..self.0.len() as u32,
            Comparison::Equal | Comparison::NotEqual => {
                first(Comparison::Less, true)..first(Comparison::AtMost, true)
            }
        }
    }

    /// Says in words that a variable's number is in a class.
    pub(super) fn words(&self, name: &str, class: u32) -> Option<String> {
        Some(match *self.0.get(class as usize)? {
            Class::Value(value) => format!("{name} = {value}"),
            Class::Between(low, high) => {
                let is_first = class == 0;
                let is_last = class as usize + 1 == self.0.len();
                match (is_first, is_last) {
                    (true, true) => format!("{name} = anything"),
                    (true, false) => format!("{name} < {high}"),
                    (false, true) => format!("{name} > {low}"),
                    (false, false) => format!("{low} < {name} < {high}"),
                }
            }
        })
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.0.len() * size_of::<Class>()
    }
}

/// How relevant actions and the goals use a variable.
#[derive(Clone, Debug, Default)]
struct Use {
    /// Whether an action writes it.
    is_written: bool,
    /// Whether it is used in another way than being set to constants and compared with constants.
    is_open: bool,
    /// How many comparisons there are.
    comparisons: usize,
    /// Constants that it is compared with. Consecutive equal ones are stored once.
    points: Vec<f64>,
    /// Constants of inequalities, with how many inequalities there are. Consecutive equal ones are stored
    /// once.
    inequalities: Vec<(f64, usize)>,
}

/// Actions that are read per unit of work.
const LOOKED_AT_PER_UNIT: usize = 16;

/// Finds the classes in bounded pieces: a first pass over the actions reads their effects, a second one their
/// preconditions.
#[derive(Debug)]
pub(super) struct Classing {
    uses: Vec<Use>,
    /// The next action, counted over both passes.
    next: usize,
    workspace: Workspace,
}

/// Indexed by variable: its classes, if it has some; and whether an action writes it.
pub(super) type Classed = (Vec<Option<Classes>>, Vec<bool>);

impl Classing {
    /// Starts with nothing read.
    pub(super) fn new(model: &Model) -> Self {
        let is_number = |kind: &Kind| matches!(kind, Kind::Int(_) | Kind::Float(_));
        let uses = model.variables.iter();
        let uses = uses.map(|variable| Use { is_open: !is_number(&variable.kind), ..Use::default() });
        Self { uses: uses.collect(), next: 0, workspace: Workspace::default() }
    }

    /// One unit of work; answers the classes at the end. O(comparisons of one variable × log).
    pub(super) fn unit(
        &mut self,
        model: &Model,
        table: &InstanceTable,
        goals: &[GroundCondition],
        relevance: &Relevance,
    ) -> Option<Classed> {
        let end = (self.next + LOOKED_AT_PER_UNIT).min(2 * table.len());
        let mut workspace = std::mem::take(&mut self.workspace);
        for at in self.next..end {
            let (is_condition, id) = (at >= table.len(), at % table.len());
            if relevance.actions[id] {
                match table.at(model, id, &mut workspace) {
                    action if is_condition => self.compares(&action.precondition),
                    action => self.writes(action),
                }
            }
        }
        (self.next, self.workspace) = (end, workspace);
        if end < 2 * table.len() {
            return None;
        }
        goals.iter().for_each(|goal| self.compares(goal));
        let is_written = self.uses.iter().map(|one| one.is_written).collect();
        let relevant = model.variables.iter().zip(&relevance.variables);
        let uses = std::mem::take(&mut self.uses).into_iter().zip(relevant);
        Some((uses.map(|(one, (variable, &is))| of_use(&variable.kind, one, is)).collect(), is_written))
    }

    fn writes(&mut self, action: &GroundAction) {
        for effect in &action.effects {
            let own = &mut self.uses[effect.variable];
            own.is_written = true;
            own.is_open |= effect.kind != EffectKind::Set;
            if let Operand::Variable(read) = effect.value {
                own.is_open = true;
                self.uses[read].is_open = true;
            }
        }
        action.per.iter().for_each(|&(read, _)| self.uses[read].is_open = true);
    }

    fn compares(&mut self, condition: &GroundCondition) {
        let uses = &mut self.uses;
        ground_operands(condition, &mut |variable: usize, operator: Comparison, right: &Operand| {
            let Operand::Value(value) = right else {
                if let Operand::Variable(read) = right {
                    uses[*read].is_open = true;
                }
                uses[variable].is_open = true;
                return;
            };
            let own = &mut uses[variable];
            if let (false, Some(value)) = (own.is_open, number(value)) {
                own.compare(
                    value.as_f64() + 0.0,
                    !matches!(operator, Comparison::Equal | Comparison::NotEqual),
                );
            }
        });
    }
}

impl Use {
    fn compare(&mut self, right: f64, is_inequality: bool) {
        self.comparisons += 1;
        if self.points.last().is_none_or(|last| last.total_cmp(&right).is_ne()) {
            self.points.push(right);
        }
        if is_inequality {
            match self.inequalities.last_mut() {
                Some((last, count)) if last.total_cmp(&right).is_eq() => *count += 1,
                _ => self.inequalities.push((right, 1)),
            }
        }
    }
}

fn of_use(kind: &Kind, own: Use, is_relevant: bool) -> Option<Classes> {
    let Use { is_open, comparisons, points, inequalities, .. } = own;
    if is_open || !is_relevant {
        return None;
    }
    let classes = Classes::new(kind, points);
    // An inequality names the classes on one side of the constant; its negation names those on the other
    // side.
    let named = |&(right, count): &(f64, usize)| {
        let below = classes.comparing(Comparison::Less, right).len();
        count * below.max(classes.len() - below)
    };
    let named: usize = inequalities.iter().map(named).sum();
    (named <= NAMED_MAX * comparisons).then_some(classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fall_into_the_classes_that_comparisons_tell_apart() {
        let all = |classes: &Classes, values: &[f64]| -> Vec<Option<u32>> {
            values.iter().map(|&value| classes.index_of(value)).collect()
        };
        let integers = Classes::new(&Kind::Int(Some((0, 9))), vec![5.0, 6.0, 0.0, 5.0, 12.0]);
        assert_eq!(integers.len(), 5);
        let indices = all(&integers, &[-1.0, 0.0, 1.0, 4.0, 5.0, 6.0, 9.0, 10.0]);
        assert_eq!(indices, [None, Some(0), Some(1), Some(1), Some(2), Some(3), Some(4), None]);
        assert_eq!(integers.comparing(Comparison::AtLeast, 5.0), 2..5);
        assert_eq!(integers.comparing(Comparison::Less, 5.0), 0..2);
        assert_eq!(integers.comparing(Comparison::Less, 12.0), 0..5);
        assert_eq!(integers.comparing(Comparison::Equal, 6.0), 3..4);
        assert!(integers.comparing(Comparison::Equal, 3.0).is_empty());
        let floats = Classes::new(&Kind::Float(Some((0.0, 1.0))), vec![0.5, 1.0]);
        let indices = all(&floats, &[0.0, 0.25, 0.5, 0.75, 1.0, 1.5]);
        assert_eq!(indices, [Some(0), Some(0), Some(1), Some(2), Some(3), None]);
        let free = Classes::new(&Kind::Float(None), vec![]);
        assert_eq!(all(&free, &[-1e300, 0.0, 1e300]), [Some(0); 3]);
    }
}
