//! Guesses at which list was left open or closed too early: by what the list may hold, and by indentation.
//!
//! They are made only while the balance of the section says that a bracket is missing, or one too many.

use super::super::findings::Findings;
use super::frame::{Frame, is_number};
use super::repair::Repair;
use super::rules::Shape;
use super::symbols::words;
use super::tree::{Kind, Node, Tree};

impl Repair {
    /// Takes back the last closing bracket where what follows belongs inside the list that it closed.
    pub(super) fn reopen_before(&mut self, is_list: bool, tree: &mut Tree, findings: &mut Findings) {
        let (Some(closed), Some(parent)) = (self.closed, self.frames.last()) else { return };
        let does_not_belong = match parent.shape() {
            Shape::Lists(_) if !is_list => true,
            Shape::Action => !parent.is_behind_key,
            _ => self.frames.len() == 1 || parent.is_full(),
        };
        if does_not_belong {
            self.reopen(closed, tree, findings);
        }
    }

    /// Ends the lists that the next token cannot belong to.
    pub(super) fn leave_before(
        &mut self,
        node: Node,
        is_list: bool,
        tree: &mut Tree,
        findings: &mut Findings,
    ) {
        while self.missing > 0 && self.frames.len() > 2 {
            let Some(&frame) = self.frames.last() else { return };
            let is_first = self.is_head(tree);
            let cannot = match frame.shape_in(tree) {
                Shape::Words if is_list => !self.is_type_ahead(),
                Shape::Words => is_number(node, tree) && self.is_operand(),
                Shape::Lists(_) => frame.is_full() || !is_list && !is_first,
                Shape::Items(_) => frame.is_full(),
                Shape::Action | Shape::Open => false,
            };
            let is_left = is_list && self.is_outdented(frame, node, tree);
            if is_first || !(cannot || is_left) {
                return;
            }
            self.leave_open(node.start, tree, findings);
        }
    }

    /// Whether the list that opens here is `(either …)`.
    fn is_type_ahead(&self) -> bool {
        self.old.last().is_some_and(|node| node.kind() == Kind::Word(words::EITHER))
    }

    /// Whether the innermost list is a side of a comparison or change.
    fn is_operand(&self) -> bool {
        let outer = self.frames.len().checked_sub(2).map(|outer| self.frames[outer].shape());
        matches!(outer, Some(Shape::Items(_)))
    }

    /// Whether a token that leads its line stands too far left to be inside of a list.
    fn is_outdented(&self, frame: Frame, node: Node, tree: &Tree) -> bool {
        let here = self.indent(node.start, tree);
        let (Some(column), Some(outer)) = (here.column, frame.indent.column) else { return false };
        let is_left = match frame.inner {
            Some(inner) => column < inner && column <= outer,
            None => column < outer,
        };
        here.leads && here.line != frame.indent.line && is_left
    }

    /// Ends the lists that begin further right than a closing bracket that leads its line, where that bracket
    /// stands below the start of another list, its partner.
    pub(super) fn leave_indented(&mut self, node: Node, tree: &mut Tree, findings: &mut Findings) {
        let here = self.indent(node.start, tree);
        let Some(column) = here.column.filter(|_| here.leads) else { return };
        let is_partner =
            |frame: &Frame| frame.indent.column == Some(column) && frame.indent.line != here.line;
        let Some(partner) = self.frames.iter().rposition(is_partner) else { return };
        // Where several lists begin in the partner's line, the bracket closes the outermost.
        let line = self.frames[partner].indent.line;
        let partner = self.frames.iter().position(|frame| frame.indent.line == line).unwrap_or(partner);
        let is_right =
            |frame: &Frame| frame.indent.line == line || frame.indent.column.is_some_and(|own| own > column);
        while self.missing > 0 && self.frames.len() > partner + 1 && self.frames.last().is_some_and(is_right)
        {
            self.leave_open(node.start, tree, findings);
        }
    }
}
