//! Over-approximations of the values that a variable may hold: a set of values, or an interval of numbers.

use std::collections::HashMap;

use super::super::model::{INT_MAX, Kind, Model, Value};

/// Values that a variable may hold. It contains every value that the variable can hold, and perhaps more.
#[derive(Clone, Debug, PartialEq)]
pub enum Domain {
    /// Bools (`false` is 0, `true` is 1) or enum symbols, by index into the kind's values.
    Set(Bits),
    /// Numbers from `lo` to `hi`; empty where `lo > hi`.
    Interval {
        /// Lowest.
        lo: f64,
        /// Highest.
        hi: f64,
    },
}

/// A set of small numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// The empty set with room for numbers below `size`.
    pub fn empty(size: usize) -> Self {
        Self(vec![0; size.div_ceil(64)])
    }

    /// Whether it holds `value`.
    pub fn contains(&self, value: usize) -> bool {
        self.0.get(value / 64).is_some_and(|word| word >> (value % 64) & 1 == 1)
    }

    /// Adds `value`, which is below the size.
    pub fn insert(&mut self, value: usize) {
        if let Some(word) = self.0.get_mut(value / 64) {
            *word |= 1 << (value % 64);
        }
    }

    /// Removes `value`.
    pub fn remove(&mut self, value: usize) {
        if let Some(word) = self.0.get_mut(value / 64) {
            *word &= !(1 << (value % 64));
        }
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    /// Its numbers in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, &word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit)
        })
    }

    /// How many numbers it holds.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
}

impl Domain {
    /// Whether nothing can be held.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Set(bits) => bits.is_empty(),
            Self::Interval { lo, hi } => lo > hi,
        }
    }

    /// An empty domain of the same kind.
    pub(super) fn emptied(&self) -> Self {
        match self {
            Self::Set(bits) => Self::Set(Bits(vec![0; bits.0.len()])),
            Self::Interval { .. } => Self::Interval { lo: f64::INFINITY, hi: f64::NEG_INFINITY },
        }
    }

    /// Adds the values of `other`, which is of the same kind; answers whether any of them is new.
    pub(super) fn join(&mut self, other: &Self) -> bool {
        match (self, other) {
            (Self::Set(mine), Self::Set(theirs)) => {
                let mut grew = false;
                for (mine, theirs) in mine.0.iter_mut().zip(&theirs.0) {
                    grew |= theirs & !*mine != 0;
                    *mine |= theirs;
                }
                grew
            }
            (Self::Interval { lo, hi }, Self::Interval { lo: low, hi: high }) => {
                if low > high {
                    return false;
                }
                let grew = low < lo || high > hi;
                (*lo, *hi) = (lo.min(*low), hi.max(*high));
                grew
            }
            _ => false,
        }
    }
}

/// What the analysis has to know of a variable's kind.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Bool,
    /// Symbols in order, and their indices.
    Enum(Vec<String>, HashMap<String, usize>),
    /// Bounds, inclusive; whether only integers lie between them.
    Number {
        lo: f64,
        hi: f64,
        integer: bool,
    },
}

impl Shape {
    pub fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Bool => Self::Bool,
            Kind::Enum(symbols) => {
                let index = symbols.iter().enumerate().map(|(at, symbol)| (symbol.clone(), at)).collect();
                Self::Enum(symbols.clone(), index)
            }
            Kind::Int(range) => {
                let (lo, hi) = range.unwrap_or((-INT_MAX, INT_MAX));
                Self::Number { lo: lo as f64, hi: hi as f64, integer: true }
            }
            Kind::Float(range) => {
                let (lo, hi) = range.unwrap_or((f64::MIN, f64::MAX));
                Self::Number { lo, hi, integer: false }
            }
        }
    }

    /// How many values a set of it may have.
    pub fn size(&self) -> usize {
        match self {
            Self::Bool => 2,
            Self::Enum(symbols, _) => symbols.len(),
            Self::Number { .. } => 0,
        }
    }

    /// The index of `value` in a set of this shape.
    pub fn index(&self, value: &Value) -> Option<usize> {
        match (self, value) {
            (Self::Bool, Value::Bool(value)) => Some(usize::from(*value)),
            (Self::Enum(_, index), Value::Symbol(symbol)) => index.get(symbol).copied(),
            _ => None,
        }
    }

    /// The domain of `value` alone; empty if the value does not fit.
    pub fn single(&self, value: &Value) -> Domain {
        if let Self::Number { lo, hi, .. } = self {
            let value = number(value);
            return clipped(value, value, *lo, *hi);
        }
        let mut bits = Bits::empty(self.size());
        if let Some(index) = self.index(value) {
            bits.insert(index);
        }
        Domain::Set(bits)
    }

    /// The part of `domain`, which is of shape `from`, that this shape can hold.
    pub fn convert(&self, domain: &Domain, from: &Self) -> Domain {
        match (self, from, domain) {
            (Self::Number { lo, hi, .. }, _, Domain::Interval { lo: low, hi: high }) => {
                clipped(*low, *high, *lo, *hi)
            }
            (Self::Enum(symbols, index), Self::Enum(theirs, _), Domain::Set(bits)) => {
                let mut out = Bits::empty(symbols.len());
                bits.iter().filter_map(|at| index.get(theirs.get(at)?)).for_each(|&at| out.insert(at));
                Domain::Set(out)
            }
            (_, _, domain) => domain.clone(),
        }
    }
}

pub(super) fn clipped(low: f64, high: f64, lo: f64, hi: f64) -> Domain {
    Domain::Interval { lo: low.max(lo), hi: high.min(hi) }
}

pub(super) fn number(value: &Value) -> f64 {
    match value {
        Value::Int(value) => *value as f64,
        Value::Float(value) => *value,
        Value::Bool(_) | Value::Symbol(_) => 0.0,
    }
}

/// A domain for each variable, and the shapes they are read with.
#[derive(Clone, Debug)]
pub(super) struct Domains {
    pub shapes: Vec<Shape>,
    pub at: Vec<Domain>,
}

impl Domains {
    /// The domain of `variable` alone, under the index 0, with every value that it is declared to hold.
    pub fn whole(&self, variable: usize) -> Self {
        let shape = self.shapes[variable].clone();
        let all = match &shape {
            Shape::Number { lo, hi, .. } => Domain::Interval { lo: *lo, hi: *hi },
            shape => {
                let mut bits = Bits::empty(shape.size());
                (0..shape.size()).for_each(|value| bits.insert(value));
                Domain::Set(bits)
            }
        };
        Self { shapes: vec![shape], at: vec![all] }
    }

    /// Each variable at its initial value.
    pub fn initial(model: &Model) -> Self {
        let shapes: Vec<Shape> = model.variables.iter().map(|variable| Shape::of(&variable.kind)).collect();
        let at = shapes.iter().zip(&model.variables).map(|(shape, one)| shape.single(&one.initial)).collect();
        Self { shapes, at }
    }
}
