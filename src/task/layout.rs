//! Where variables and slots lie in a packed state.

use super::expression::Expression;
use super::value::Value;
use super::{Fact, SlotId, VariableId};

/// A run of bits in a packed state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Index of its word.
    pub word: u32,
    /// Position of its lowest bit.
    pub shift: u32,
    /// Its bits, in place.
    pub mask: u64,
}

impl Field {
    /// The raw bits.
    #[inline]
    pub fn read(self, state: &[u64]) -> u64 {
        (state[self.word as usize] & self.mask) >> self.shift
    }

    /// Replaces the raw bits; `raw` must fit.
    #[inline]
    pub fn write(self, state: &mut [u64], raw: u64) {
        let word = &mut state[self.word as usize];
        *word = (*word & !self.mask) | (raw << self.shift);
    }
}

/// What a numeric slot may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SlotKind {
    /// Integers of an inclusive range, stored as the offset from its low end.
    Int {
        /// Lowest.
        low: i64,
        /// Highest.
        high: i64,
    },
    /// Floats of an inclusive range, stored as their bits; −0.0 is stored as 0.0.
    Float {
        /// Lowest; may be −∞ (the slot itself is always finite).
        low: f64,
        /// Highest; may be ∞.
        high: f64,
    },
}

/// In which words of a state a variable or slot is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Operators write it, so it is stored in the registered words.
    Dynamic,
    /// Axioms derive it from the rest of the state.
    Derived,
    /// Nothing writes it.
    Static,
}

/// A part of a state that [`Layout::new`] places.
#[derive(Clone, Copy, Debug)]
struct Part {
    bits: u32,
    placement: Placement,
}

/// Where variables and slots are stored. Dynamic words come first, then derived ones, then static ones.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Domain size per variable.
    pub domains: Vec<u32>,
    /// Kind per slot.
    pub slots: Vec<SlotKind>,
    /// Expressions, indexed by [`ExpressionId`](super::ExpressionId).
    pub expressions: Vec<Expression>,
    variable_fields: Vec<Field>,
    slot_fields: Vec<Field>,
    dynamic_words: usize,
    derived_words: usize,
    words: usize,
}

impl Layout {
    /// Assigns fields to variables (given by domain size) and slots: the widest first, and no field across
    /// two words.
    pub fn new(variables: &[(u32, Placement)], slots: &[(SlotKind, Placement)]) -> Self {
        let of_variable = |&(domain, placement): &(u32, Placement)| Part {
            bits: u32::BITS - domain.saturating_sub(1).leading_zeros(),
            placement,
        };
        let of_slot = |&(kind, placement): &(SlotKind, Placement)| Part { bits: slot_bits(kind), placement };
        let parts: Vec<Part> = variables.iter().map(of_variable).chain(slots.iter().map(of_slot)).collect();
        let mut fields = vec![Field { word: 0, shift: 0, mask: 0 }; parts.len()];
        // A state has at least one dynamic word, so that slices of it are never empty.
        let dynamic_words = place(&parts, Placement::Dynamic, 0, &mut fields).max(1);
        let derived_end = place(&parts, Placement::Derived, dynamic_words, &mut fields);
        let words = place(&parts, Placement::Static, derived_end, &mut fields);
        let slot_fields = fields.split_off(variables.len());
        Self {
            domains: variables.iter().map(|&(domain, _)| domain).collect(),
            slots: slots.iter().map(|&(kind, _)| kind).collect(),
            variable_fields: fields,
            slot_fields,
            expressions: Vec::new(),
            dynamic_words,
            derived_words: derived_end - dynamic_words,
            words,
        }
    }

    /// Words of a registered state; at least one.
    pub fn dynamic_words(&self) -> usize {
        self.dynamic_words
    }

    /// The derived words of a full state.
    pub fn derived_words(&self) -> std::ops::Range<usize> {
        self.dynamic_words..self.dynamic_words + self.derived_words
    }

    /// Whether axioms set the variable.
    #[inline]
    pub fn is_derived(&self, variable: VariableId) -> bool {
        self.derived_words > 0 && self.derived_words().contains(&(self.variable(variable).word as usize))
    }

    /// Words of a full state, derived and static ones included.
    pub fn words(&self) -> usize {
        self.words
    }

    /// The field of a variable.
    #[inline]
    pub fn variable(&self, variable: VariableId) -> Field {
        self.variable_fields[variable.0 as usize]
    }

    /// The field of a slot.
    #[inline]
    pub fn slot_field(&self, slot: SlotId) -> Field {
        self.slot_fields[slot.0 as usize]
    }

    /// Whether the fact holds.
    #[inline]
    pub fn holds(&self, fact: Fact, state: &[u64]) -> bool {
        self.variable(fact.variable).read(state) == u64::from(fact.value)
    }

    /// The value of a slot.
    #[inline]
    pub fn read(&self, slot: SlotId, state: &[u64]) -> Value {
        let raw = self.slot_field(slot).read(state);
        match self.slots[slot.0 as usize] {
            SlotKind::Int { low, .. } => Value::Int(low + raw as i64),
            SlotKind::Float { .. } => Value::Float(f64::from_bits(raw)),
        }
    }

    /// The raw bits of a value; `None` where it is outside of the slot's range or type.
    #[inline]
    pub fn encode(&self, slot: SlotId, value: Value) -> Option<u64> {
        match (self.slots[slot.0 as usize], value) {
            (SlotKind::Int { low, high }, Value::Int(value)) => {
                (low <= value && value <= high).then(|| (value - low) as u64)
            }
            (SlotKind::Float { low, high }, value) => {
                let value = value.as_f64();
                let fits = value.is_finite() && low <= value && value <= high;
                // Adding 0.0 turns −0.0 into 0.0, so that equal states have equal bits.
                fits.then(|| (value + 0.0).to_bits())
            }
            (SlotKind::Int { .. }, Value::Float(_)) => None,
        }
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.domains.len() * 20 + self.slots.len() * 40 + self.expressions.len() * size_of::<Expression>()
    }
}

fn slot_bits(kind: SlotKind) -> u32 {
    match kind {
        SlotKind::Int { low, high } => u64::BITS - high.abs_diff(low).leading_zeros(),
        SlotKind::Float { .. } => 64,
    }
}

/// Places parts from `first_word` on, the widest first. Each part goes into the current word if it fits
/// there, otherwise to the start of the next word. Answers the first word behind them.
fn place(parts: &[Part], placement: Placement, first_word: usize, fields: &mut [Field]) -> usize {
    let placed = (0..parts.len()).filter(|&i| parts[i].placement == placement);
    let mut order: Vec<(i64, usize)> = placed.map(|i| (-i64::from(parts[i].bits), i)).collect();
    order.sort_unstable();
    let (mut word, mut used) = (first_word, 0);
    for (_, i) in order {
        let bits = parts[i].bits;
        if used + bits > 64 {
            word += 1;
            used = 0;
        }
        if bits > 0 {
            let mask = (u64::MAX >> (64 - bits)) << used;
            fields[i] = Field { word: word as u32, shift: used, mask };
            used += bits;
        }
    }
    if used > 0 { word + 1 } else { word }
}
