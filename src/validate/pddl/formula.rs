//! Conditions as they are evaluated: negation pushed inward, variables renamed apart.
//!
//! Conditions have three values: a comparison that reads what has no value is neither true nor false. Asked
//! strictly a formula holds where its condition is true; asked leniently, where the condition is not false.
//! Both are then plain two-valued questions. "For all, strictly" is "for none is the opposite true,
//! leniently", so one search for bindings serves both quantifiers.

use crate::lang::pddl::model::{
    Comparator, Condition, ConditionKind, Expression, ExpressionKind, Parameter, PredicateId, Quantified,
    Term, TypeId,
};

/// A formula with the slots that occur free in it.
#[derive(Clone, Debug)]
pub(super) struct Formula {
    pub kind: Kind,
    /// Ascending, each once.
    pub free: Vec<u32>,
    /// Whether a quantifier stands in it, so that testing it is a search.
    pub searches: bool,
}

/// What a formula says. Variables of terms are slots.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// The slot holds an object of its types.
    Is(u32),
    /// The atom holds, or does not.
    Atom(bool, PredicateId, Vec<Term>),
    /// Both are the same object, or are not.
    Equal(bool, Term, Term),
    /// The comparison is true or false as the first says; `lenient`: or undefined.
    Compare { holds: bool, lenient: bool, comparator: Comparator, sides: Box<[Expression; 2]> },
    /// Each holds.
    All(Vec<Formula>),
    /// One holds.
    Any(Vec<Formula>),
    /// It holds for some objects in these slots, which are its own.
    Some(Vec<u32>, Box<Formula>),
    /// It holds for none.
    None(Vec<u32>, Box<Formula>),
}

/// Which question a condition is turned into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Whether it is true.
    Strictly,
    /// Whether it is not false.
    Leniently,
}

/// The slots of a formula, with the types of each.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots<'m> {
    pub types: Vec<&'m [TypeId]>,
    /// Slot of each variable of the model's environment.
    names: Vec<u32>,
}

impl<'m> Slots<'m> {
    /// A slot for each of the variables 0, 1, ….
    pub fn new(parameters: impl Iterator<Item = &'m Parameter>) -> Self {
        let types: Vec<&[TypeId]> = parameters.map(|one| one.types.as_slice()).collect();
        let names = (0..types.len() as u32).collect();
        Self { types, names }
    }

    /// Slots that hold objects already, so that their types do not matter.
    pub fn bound(count: usize) -> Self {
        Self { types: vec![&[]; count], names: (0..count as u32).collect() }
    }

    /// Slots for the variables of a quantifier, and formulas that say what fits them.
    pub fn open<T>(&mut self, quantified: &'m Quantified<T>) -> Vec<Formula> {
        let first = self.types.len() as u32;
        let slots = first..first + quantified.parameters.len() as u32;
        self.types.extend(quantified.parameters.iter().map(|one| one.types.as_slice()));
        self.names.truncate(quantified.first as usize);
        self.names.extend(slots.clone());
        slots.map(|slot| Formula::new(Kind::Is(slot))).collect()
    }

    /// The formula that asks whether `condition` is true (`holds`) or false.
    pub fn formula(&mut self, condition: &'m Condition, (holds, ask): (bool, Ask)) -> Formula {
        self.read(condition, holds, ask == Ask::Leniently)
    }

    /// That an atom holds.
    pub fn atom(&self, predicate: PredicateId, terms: &[Term]) -> Formula {
        Formula::new(Kind::Atom(true, predicate, terms.iter().map(|&term| self.term(term)).collect()))
    }

    fn read(&mut self, condition: &'m Condition, holds: bool, lenient: bool) -> Formula {
        let kind = match &condition.kind {
            ConditionKind::Atom(predicate, terms) => {
                Kind::Atom(holds, *predicate, terms.iter().map(|&term| self.term(term)).collect())
            }
            ConditionKind::Equal(left, right) => Kind::Equal(holds, self.term(*left), self.term(*right)),
            ConditionKind::Compare(comparator, left, right) => {
                let sides = Box::new([self.expression(left), self.expression(right)]);
                Kind::Compare { holds, lenient, comparator: *comparator, sides }
            }
            ConditionKind::Not(part) => return self.read(part, !holds, lenient),
            ConditionKind::And(parts) => self.list(parts, holds, (holds, lenient)),
            ConditionKind::Or(parts) => self.list(parts, !holds, (holds, lenient)),
            ConditionKind::Imply(parts) => {
                let both = vec![self.read(&parts[0], !holds, lenient), self.read(&parts[1], holds, lenient)];
                if holds { Kind::Any(both) } else { Kind::All(both) }
            }
            ConditionKind::Exists(quantified) => self.quantified(quantified, holds, (holds, lenient)),
            ConditionKind::Forall(quantified) => self.quantified(quantified, !holds, (holds, lenient)),
        };
        Formula::new(kind)
    }

    fn list(&mut self, parts: &'m [Condition], all: bool, (holds, lenient): (bool, bool)) -> Kind {
        let parts = parts.iter().map(|part| self.read(part, holds, lenient)).collect();
        if all { Kind::All(parts) } else { Kind::Any(parts) }
    }

    /// `some`: whether one binding for which the body is as asked is enough. Otherwise there may be no binding for
    /// which the body is not as asked.
    fn quantified(
        &mut self,
        quantified: &'m Quantified<Condition>,
        some: bool,
        (holds, lenient): (bool, bool),
    ) -> Kind {
        let around = self.names.clone();
        let mut parts = self.open(quantified);
        let own: Vec<u32> = parts.iter().flat_map(|part| part.free.iter().copied()).collect();
        parts.push(self.read(&quantified.body, holds == some, lenient == some));
        self.names = around;
        quantify(some, &own, parts)
    }

    fn term(&self, term: Term) -> Term {
        match term {
            Term::Variable(variable) => Term::Variable(self.names[variable as usize]),
            Term::Object(_) => term,
        }
    }

    fn expression(&self, expression: &Expression) -> Expression {
        let kind = match &expression.kind {
            ExpressionKind::Number(number) => ExpressionKind::Number(*number),
            ExpressionKind::Fluent(function, terms) => {
                ExpressionKind::Fluent(*function, terms.iter().map(|&term| self.term(term)).collect())
            }
            ExpressionKind::Negate(part) => ExpressionKind::Negate(Box::new(self.expression(part))),
            ExpressionKind::Binary(operator, parts) => {
                let parts = [self.expression(&parts[0]), self.expression(&parts[1])];
                ExpressionKind::Binary(*operator, Box::new(parts))
            }
        };
        Expression { kind, span: expression.span }
    }
}

impl Formula {
    /// A formula of this kind. O(its own parts).
    pub fn new(kind: Kind) -> Self {
        let mut free = Vec::new();
        let mut terms = |terms: &[Term]| free.extend(terms.iter().filter_map(|&term| slot(term)));
        match &kind {
            Kind::Is(slot) => terms(&[Term::Variable(*slot)]),
            Kind::Atom(_, _, arguments) => terms(arguments),
            Kind::Equal(_, left, right) => terms(&[*left, *right]),
            Kind::Compare { sides, .. } => {
                sides.iter().for_each(|side| each_fluent(side, &mut |arguments| terms(arguments)));
            }
            Kind::All(parts) | Kind::Any(parts) => {
                parts.iter().for_each(|part| free.extend(&part.free));
            }
            Kind::Some(slots, body) | Kind::None(slots, body) => {
                free.extend(body.free.iter().filter(|slot| !slots.contains(slot)));
            }
        }
        free.sort_unstable();
        free.dedup();
        let searches = match &kind {
            Kind::All(parts) | Kind::Any(parts) => parts.iter().any(|part| part.searches),
            Kind::Some(..) | Kind::None(..) => true,
            Kind::Is(_) | Kind::Atom(..) | Kind::Equal(..) | Kind::Compare { .. } => false,
        };
        Self { kind, free, searches }
    }
}

/// The question whether all of `parts` hold for some objects in the slots `own` (`some`), or for none. Parts that
/// share none of these slots become separate questions, and so do the parts of a disjunction. So the bindings of
/// one part are not multiplied by those of another.
fn quantify(some: bool, own: &[u32], parts: Vec<Formula>) -> Kind {
    let mut flat = Vec::new();
    for part in parts {
        match part.kind {
            Kind::All(inner) => flat.extend(inner),
            _ => flat.push(part),
        }
    }
    let mut groups: Vec<Vec<Formula>> = Vec::new();
    for part in flat {
        let shares = |group: &Vec<Formula>| {
            let mut slots = group.iter().flat_map(|other| &other.free);
            slots.any(|slot| own.contains(slot) && part.free.contains(slot))
        };
        let (joined, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(shares);
        groups = apart;
        let mut group: Vec<Formula> = joined.into_iter().flatten().collect();
        group.push(part);
        groups.push(group);
    }
    let groups = groups.into_iter().map(|group| Formula::new(closed(some, own, group))).collect();
    if some { Kind::All(groups) } else { Kind::Any(groups) }
}

/// The same for parts that share slots.
fn closed(some: bool, own: &[u32], mut group: Vec<Formula>) -> Kind {
    let own: Vec<u32> =
        own.iter().filter(|slot| group.iter().any(|part| part.free.contains(slot))).copied().collect();
    let is_more = |part: &Formula| !matches!(part.kind, Kind::Is(_));
    let alternatives = |part: &Formula| matches!(part.kind, Kind::Any(_));
    let only =
        group.iter().position(alternatives).filter(|_| group.iter().filter(|one| is_more(one)).count() == 1);
    if let Some(Kind::Any(parts)) = only.map(|at| group.remove(at).kind) {
        let each = |part: Formula| {
            let parts = group.iter().cloned().chain([part]).collect();
            Formula::new(quantify(some, &own, parts))
        };
        let parts = parts.into_iter().map(each).collect();
        return if some { Kind::Any(parts) } else { Kind::All(parts) };
    }
    let body = Box::new(Formula::new(Kind::All(group)));
    if some { Kind::Some(own, body) } else { Kind::None(own, body) }
}

/// The slot that a term stands for, if it is one.
pub(super) fn slot(term: Term) -> Option<u32> {
    match term {
        Term::Variable(slot) => Some(slot),
        Term::Object(_) => None,
    }
}

fn each_fluent(expression: &Expression, each: &mut dyn FnMut(&[Term])) {
    match &expression.kind {
        ExpressionKind::Number(_) => {}
        ExpressionKind::Fluent(_, arguments) => each(arguments),
        ExpressionKind::Negate(part) => each_fluent(part, each),
        ExpressionKind::Binary(_, parts) => parts.iter().for_each(|part| each_fluent(part, each)),
    }
}
