//! The table of the words of the texts, letter case [folded](crate::lang::letters). Each word is a number from here
//! on.

use super::chains::Chains;
use crate::hash;
use crate::lang::letters;

/// Index of a word; the [`words`] come first, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(pub u32);

macro_rules! words {
    ($($name:ident = $text:literal,)*) => {
        /// The words that the language knows, under the numbers that every table gives them.
        #[expect(missing_docs, reason = "each stands for its own text")]
        pub mod words {
            use super::Symbol;
            #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "names of constants")]
            #[derive(Clone, Copy)]
            enum Order { $($name,)* }
            $(pub const $name: Symbol = Symbol(Order::$name as u32);)*
            pub(super) const TEXTS: &[&str] = &[$($text,)*];
        }
    };
}

words! {
    DEFINE = "define", DOMAIN = "domain", PROBLEM = "problem",
    SECTION_DOMAIN = ":domain", REQUIREMENTS = ":requirements", TYPES = ":types",
    CONSTANTS = ":constants", PREDICATES = ":predicates", FUNCTIONS = ":functions",
    ACTION = ":action", DERIVED = ":derived", DURATIVE_ACTION = ":durative-action",
    PROCESS = ":process", EVENT = ":event", CONSTRAINTS = ":constraints",
    OBJECTS = ":objects", INIT = ":init", GOAL = ":goal", METRIC = ":metric", LENGTH = ":length",
    PARAMETERS = ":parameters", PRECONDITION = ":precondition", EFFECT = ":effect",
    CONDITION = ":condition", DURATION = ":duration",
    AND = "and", OR = "or", NOT = "not", IMPLY = "imply", FORALL = "forall", EXISTS = "exists",
    WHEN = "when", EITHER = "either", PREFERENCE = "preference",
    EQUAL = "=", LESS = "<", AT_MOST = "<=", GREATER = ">", AT_LEAST = ">=",
    PLUS = "+", MINUS = "-", TIMES = "*", DIVIDE = "/",
    ASSIGN = "assign", INCREASE = "increase", DECREASE = "decrease",
    SCALE_UP = "scale-up", SCALE_DOWN = "scale-down",
    OBJECT = "object", NUMBER = "number", TOTAL_COST = "total-cost", TOTAL_TIME = "total-time",
    MINIMIZE = "minimize", MAXIMIZE = "maximize", AT = "at", OVER = "over", START = "start",
    END = "end", ALL = "all", ALWAYS = "always", SOMETIME = "sometime", WITHIN = "within",
    AT_MOST_ONCE = "at-most-once", SOMETIME_AFTER = "sometime-after",
    SOMETIME_BEFORE = "sometime-before", ALWAYS_WITHIN = "always-within",
    HOLD_DURING = "hold-during", HOLD_AFTER = "hold-after", IS_VIOLATED = "is-violated",
    ELAPSED = "#t", VARIABLE_DURATION = "?duration", UNDEFINED = "undefined",
}

/// Hash bits mixed at a time.
const CHUNK: usize = 8;

/// The table of words.
#[derive(Clone, Debug)]
pub struct Symbols {
    text: String,
    ends: Vec<u32>,
    chains: Chains,
    buffer: String,
}

impl Symbols {
    /// A table for texts of about so many bytes; it never has to be built anew.
    pub fn new(bytes: usize) -> Self {
        let mut symbols = Self {
            text: String::new(),
            ends: Vec::new(),
            chains: Chains::new(bytes / CHUNK),
            buffer: String::new(),
        };
        for text in words::TEXTS {
            symbols.intern(text);
        }
        symbols
    }

    /// The symbol of a word, letter case aside.
    pub fn intern(&mut self, word: &str) -> Symbol {
        self.buffer.clear();
        letters::fold_into(word, &mut self.buffer);
        let mut hash = self.buffer.len() as u64;
        for chunk in self.buffer.as_bytes().chunks(CHUNK) {
            let mut bytes = [0; CHUNK];
            bytes[..chunk.len()].copy_from_slice(chunk);
            hash = hash::mix(hash, u64::from_le_bytes(bytes));
        }
        let mut at = self.chains.first(hash);
        while let Some(index) = at {
            if self.text(Symbol(index)) == self.buffer {
                return Symbol(index);
            }
            at = self.chains.after(index);
        }
        self.text.push_str(&self.buffer);
        self.ends.push(self.text.len() as u32);
        Symbol(self.chains.push(hash))
    }

    /// The word, folded.
    pub fn text(&self, symbol: Symbol) -> &str {
        let index = symbol.0 as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[index] as usize]
    }

    /// Bytes of the folded word.
    pub fn length(&self, symbol: Symbol) -> u32 {
        let index = symbol.0 as usize;
        self.ends[index] - index.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<u32>() + self.chains.memory_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::{Symbols, words};

    #[test]
    fn words_have_their_own_numbers_and_case_is_ignored() {
        let mut symbols = Symbols::new(100);
        for (index, text) in words::TEXTS.iter().enumerate() {
            assert_eq!(symbols.intern(text).0 as usize, index, "{text}");
        }
        assert_eq!(symbols.intern("AND"), words::AND);
        assert_eq!(symbols.intern("scale-DOWN"), words::SCALE_DOWN);
        let long = symbols.intern("A-Name-Of-More-Than-One-Chunk");
        assert_eq!(symbols.text(long), "a-name-of-more-than-one-chunk");
        assert_eq!(symbols.intern("a-name-of-more-than-one-chunk"), long);
    }
}
