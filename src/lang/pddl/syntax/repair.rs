//! todo
use super::super::findings::Findings;
use super::lexer::Unmatched;
use super::tree::Tree;
#[derive(Debug)]
pub struct Repair(Unmatched);
impl Repair {
    pub(in super::super) fn new(u: Unmatched, _tree: &mut Tree) -> Self {
        Self(u)
    }
    pub(in super::super) fn advance(&mut self, _t: &mut Tree, _f: &mut Findings) -> bool {
        false
    }
    pub(in super::super) fn finish(self, _t: &mut Tree, f: &mut Findings) -> usize {
        f.push(crate::diagnostic::Diagnostic::error(
            super::super::codes::UNCLOSED_BRACKET,
            crate::diagnostic::Span::default(),
            "brackets",
        ));
        self.0.source
    }
    pub(in super::super) fn memory_bytes(&self) -> usize {
        0
    }
}
