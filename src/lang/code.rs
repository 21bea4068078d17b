//! Codes of findings, and how a language lists them.

use crate::diagnostic::Severity;

/// A code and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// As shown, for instance `GP104`.
    pub code: &'static str,
    /// The severity it is reported with.
    pub severity: Severity,
    /// One line for a list of codes.
    pub meaning: &'static str,
}

/// Declares a constant for each code, and `ALL` with all of them in order.
macro_rules! codes {
    ($($name:ident = $code:literal, $severity:ident, $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)*

        /// All codes in order.
        pub const ALL: &[$crate::lang::code::Code] = &[$($crate::lang::code::Code {
            code: $code,
            severity: $crate::diagnostic::Severity::$severity,
            meaning: $meaning,
        }),*];
    };
}

pub(in crate::lang) use codes;
