//! The items that a list of a given head may hold, as far as it is needed to tell where a bracket was forgotten.

use super::symbols::{Symbol, words};

/// What is known of a list by its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Lists alone, up to so many.
    Lists(usize),
    /// Anything, up to so many items behind the first word.
    Items(usize),
    /// Words alone, as in an atom; but a type may be `(either …)`.
    Words,
    /// An action: a name, then keys with a list each.
    Action,
    /// Nothing is known.
    Open,
}

/// The shape of a list that begins with `head`; none where it begins with a list, or is empty.
pub(super) fn shape(head: Option<Symbol>) -> Shape {
    let Some(head) = head else { return Shape::Open };
    match head {
        words::AND | words::OR | words::INIT | words::PREDICATES => Shape::Lists(usize::MAX),
        words::NOT | words::GOAL => Shape::Lists(1),
        words::IMPLY | words::WHEN | words::FORALL | words::EXISTS | words::DERIVED => Shape::Lists(2),
        words::EQUAL | words::LESS | words::AT_MOST | words::GREATER | words::AT_LEAST => Shape::Items(2),
        words::ASSIGN | words::INCREASE | words::DECREASE | words::SCALE_UP | words::SCALE_DOWN => {
            Shape::Items(2)
        }
        words::METRIC | words::DIVIDE => Shape::Items(2),
        words::ACTION => Shape::Action,
        words::DEFINE | words::PLUS | words::MINUS | words::TIMES | words::FUNCTIONS => Shape::Open,
        words::PREFERENCE | words::AT | words::OVER => Shape::Open,
        words::DURATIVE_ACTION | words::PROCESS | words::EVENT | words::CONSTRAINTS => Shape::Open,
        head if (words::ALWAYS..=words::HOLD_AFTER).contains(&head) => Shape::Open,
        _ => Shape::Words,
    }
}

/// Whether a word is the key of a part of an action.
pub(super) fn is_key(symbol: Symbol) -> bool {
    (words::PARAMETERS..=words::DURATION).contains(&symbol)
}

/// Whether a section has such keys.
pub(super) fn has_keys(head: Symbol) -> bool {
    [words::ACTION, words::DURATIVE_ACTION, words::PROCESS, words::EVENT].contains(&head)
}
