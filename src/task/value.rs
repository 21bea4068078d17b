//! Values of numeric slots.

/// A value of a slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// Integer.
    Int(i64),
    /// Finite float.
    Float(f64),
}

impl Value {
    /// The value as a float; exact for integers up to 2^53.
    #[inline]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}
