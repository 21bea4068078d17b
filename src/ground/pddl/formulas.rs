//! Lifted conditions under a binding as ground formulas, simplified, in bounded steps.
//!
//! A [`Builder`] walks a [form](super::forms) with a stack of its own, so that it can stop between any two
//! bindings and continue later. The parts of all open lists lie on a second stack. A part that decides its
//! list (a false part of a conjunction, a true part of a disjunction) replaces the whole list; a neutral part
//! is dropped.

use super::draft::Drafts;
use super::forms::{Form, Forms, Sweep};
use super::join::Walk;
use super::lifted::{Arg, Class, Nnf, Number};
use super::parts::Parts;
use super::room::Room;
use super::world::{World, compare};
use crate::task::{Fact, Formula, NumericTest, Operand, OutOfMemory, SlotId, Value, VariableId};

/// The formula that always holds.
pub(super) const TRUE: Formula = Formula::And(Vec::new());
/// The formula that never holds.
pub(super) const FALSE: Formula = Formula::Or(Vec::new());

/// A list or a quantifier that is open.
#[derive(Debug)]
struct Frame {
    node: u32,
    /// The next part of a list.
    next: usize,
    /// Where its parts begin.
    begin: usize,
    is_and: bool,
    sweep: Option<Sweep>,
}

/// Builds one formula after another.
#[derive(Debug, Default)]
pub(super) struct Builder {
    frames: Vec<Frame>,
    parts: Parts,
    arguments: Vec<u32>,
}

impl Builder {
    /// Begins a formula. No other may be open.
    pub(super) fn begin(&mut self, forms: &Forms, form: u32) {
        self.clear();
        self.open(forms, form, true);
    }

    /// Drops what is open.
    pub(super) fn clear(&mut self) {
        self.frames.clear();
        self.parts.truncate(0);
    }

    fn open(&mut self, forms: &Forms, node: u32, is_list_and: bool) {
        let (is_and, sweep) = match &forms.nodes[node as usize] {
            Form::Leaf(_) => (is_list_and, None),
            Form::List { is_and, .. } => (*is_and, None),
            Form::Quantified { is_forall, source, .. } => (*is_forall, Some(Sweep::new(forms, *source))),
        };
        self.frames.push(Frame { node, next: 0, begin: self.parts.len(), is_and, sweep });
    }

    /// Continues the formula. It makes at most `moves` moves, counts them down, and answers `None` if they do
    /// not suffice. Nothing else may have changed `bound`.
    pub(super) fn run(
        &mut self,
        (world, forms, drafts): (&mut World, &Forms, &mut Drafts),
        bound: &mut [u32],
        room: Room,
        moves: &mut u32,
    ) -> Result<Option<Formula>, OutOfMemory> {
        while let Some(frame) = self.frames.last_mut() {
            if *moves == 0 {
                return Ok(None);
            }
            *moves -= 1;
            let next = match (&forms.nodes[frame.node as usize], &mut frame.sweep) {
                (Form::Leaf(_), _) => (frame.next == 0).then_some(frame.node),
                (Form::List { parts, .. }, _) => parts.get(frame.next).copied(),
                (Form::Quantified { body, .. }, Some(sweep)) => {
                    match sweep.next(world, forms, bound, moves)? {
                        Walk::Paused => return Ok(None),
                        Walk::Found => Some(*body),
                        Walk::Done => None,
                    }
                }
                (Form::Quantified { .. }, None) => None,
            };
            frame.next += 1;
            let Some(node) = next else {
                self.close(room)?;
                continue;
            };
            match &forms.nodes[node as usize] {
                Form::Leaf(leaf) => {
                    let formula = self.leaf(world, drafts, leaf, bound)?;
                    self.give(formula, room)?;
                }
                _ => self.open(forms, node, true),
            }
        }
        Ok(Some(self.parts.pop().unwrap_or(TRUE)))
    }

    /// Adds a part to the list on top.
    fn give(&mut self, formula: Formula, room: Room) -> Result<(), OutOfMemory> {
        let Some(&Frame { is_and, begin, .. }) = self.frames.last() else {
            return self.parts.push(formula, room);
        };
        if formula == truth(is_and) {
            return Ok(());
        }
        if formula == truth(!is_and) {
            // The part decides its list: the other parts are dropped, and no more are built.
            self.parts.truncate(begin);
            self.frames.pop();
            return self.give(formula, room);
        }
        self.parts.push(formula, room)
    }

    /// Closes the list on top, which becomes a part of the list below.
    fn close(&mut self, room: Room) -> Result<(), OutOfMemory> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let count = self.parts.len() - frame.begin;
        if count == 0 {
            return self.give(truth(frame.is_and), room);
        }
        if count > 1 && self.frames.last().is_some_and(|below| below.is_and == frame.is_and) {
            return Ok(());
        }
        if count == 1 {
            let only = self.parts.pop().unwrap_or(TRUE);
            return self.give_list(only, room);
        }
        let whole = self.parts.close(frame.begin, frame.is_and, room)?;
        self.give(whole, room)
    }

    /// Adds a part. If it is a list of the same kind as the list on top, its parts are added instead.
    fn give_list(&mut self, formula: Formula, room: Room) -> Result<(), OutOfMemory> {
        let is_and = self.frames.last().map(|frame| frame.is_and);
        match (formula, is_and) {
            (Formula::And(parts), Some(true)) | (Formula::Or(parts), Some(false)) if !parts.is_empty() => {
                parts.into_iter().try_for_each(|part| self.give(part, room))
            }
            (formula, _) => self.give(formula, room),
        }
    }

    fn leaf(
        &mut self,
        world: &mut World,
        drafts: &mut Drafts,
        condition: &Nnf,
        bound: &[u32],
    ) -> Result<Formula, OutOfMemory> {
        Ok(match condition {
            Nnf::Literal(literal) => {
                let fact = |atom| Fact { variable: VariableId(atom), value: 1 };
                let is_static = world.lifted.classes[literal.symbol as usize] == Class::Static;
                match (world.find(literal, bound), literal.is_positive) {
                    (Some(atom), is_positive) if is_static || world.is_constant(atom) => truth(is_positive),
                    (Some(atom), true) => Formula::Fact(fact(atom)),
                    (Some(atom), false) => Formula::NotFact(fact(atom)),
                    (None, is_positive) => truth(!is_positive),
                }
            }
            Nnf::Test(test) => {
                let (left, comparison, right) = &**test;
                let left = self.operand(world, drafts, left, bound)?;
                let right = self.operand(world, drafts, right, bound)?;
                match (left, right) {
                    (Operand::Constant(left), Operand::Constant(right)) => {
                        truth(compare(*comparison, left.as_f64(), right.as_f64()))
                    }
                    _ => Formula::Numeric(NumericTest { left, comparison: *comparison, right }),
                }
            }
            other => truth(world.holds(other, bound)),
        })
    }

    /// A number under a binding.
    pub(super) fn operand(
        &mut self,
        world: &mut World,
        drafts: &mut Drafts,
        number: &Number,
        bound: &[u32],
    ) -> Result<Operand, OutOfMemory> {
        let constant = |value: f64| Operand::Constant(Value::Float(value));
        match number {
            Number::Constant(value) => Ok(constant(*value)),
            Number::Fluent(function, arguments) => {
                if !world.lifted.functions[*function as usize].is_changed {
                    self.read(arguments, bound);
                    return Ok(constant(world.initial_value(*function, &self.arguments)));
                }
                Ok(Operand::Slot(SlotId(self.fluent(world, *function, arguments, bound)?)))
            }
            Number::Binary(operator, sides) => {
                let left = self.operand(world, drafts, &sides[0], bound)?;
                let right = self.operand(world, drafts, &sides[1], bound)?;
                drafts.expression(*operator, left, right)
            }
        }
    }

    /// A fluent under a binding.
    pub(super) fn fluent(
        &mut self,
        world: &mut World,
        function: u32,
        arguments: &[Arg],
        bound: &[u32],
    ) -> Result<u32, OutOfMemory> {
        self.read(arguments, bound);
        world.fluent(function, &self.arguments)
    }

    fn read(&mut self, arguments: &[Arg], bound: &[u32]) {
        self.arguments.clear();
        self.arguments.extend(arguments.iter().map(|one| one.value(bound)));
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let sweeps = self.frames.iter().filter_map(|frame| frame.sweep.as_ref());
        self.parts.memory_bytes() + sweeps.map(Sweep::memory_bytes).sum::<usize>()
    }
}

/// [`TRUE`] or [`FALSE`].
pub(super) fn truth(is_true: bool) -> Formula {
    if is_true { TRUE } else { FALSE }
}

/// The conjunction, simplified.
pub(super) fn all(parts: impl IntoIterator<Item = Formula>) -> Formula {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Formula::And(inner) => flat.extend(inner),
            Formula::Or(inner) if inner.is_empty() => return FALSE,
            other => flat.push(other),
        }
    }
    if flat.len() == 1 { flat.remove(0) } else { Formula::And(flat) }
}

/// The disjunction, simplified.
pub(super) fn any(parts: impl IntoIterator<Item = Formula>) -> Formula {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Formula::Or(inner) => flat.extend(inner),
            Formula::And(inner) if inner.is_empty() => return TRUE,
            other => flat.push(other),
        }
    }
    if flat.len() == 1 { flat.remove(0) } else { Formula::Or(flat) }
}
