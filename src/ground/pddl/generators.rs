//! Generators: joins that find the bindings of a quantifier's variables that matter.
//!
//! For "exists", the bindings matter under which the body can hold; for "forall", those under which it can
//! fail. A generator is a conjunction that such a binding fulfils: positive literals, whose atoms must be
//! reached, and filters. A disjunction gives one generator for each part. Conditions that no atom decides are
//! left out, so a generator may find more bindings than matter, but never fewer.

use super::join_plans::Body;
use super::lifted::{Class, Lifted, Literal, Nnf, Variable};

/// Most generators of one condition. Beyond that, parts of the condition do not help to find bindings.
const GENERATORS_MAX: usize = 16;

/// One way to find bindings.
#[derive(Clone, Debug, Default)]
pub(super) struct Generator {
    /// Variables of inner quantifiers, which the join binds too.
    pub(super) locals: Vec<Variable>,
    pub(super) core: Vec<Literal>,
    /// Static conditions without quantifiers, each with the truth value that it must have.
    pub(super) filters: Vec<(Nnf, bool)>,
}

impl Generator {
    pub(super) fn require(&mut self, literal: Literal) {
        if !self.core.contains(&literal) {
            self.core.push(literal);
        }
    }

    fn merge(&mut self, other: &Generator) {
        self.locals.extend(&other.locals);
        other.core.iter().for_each(|literal| self.require(literal.clone()));
        self.filters.extend(other.filters.iter().cloned());
    }

    fn is_empty(&self) -> bool {
        self.core.is_empty() && self.filters.is_empty()
    }

    /// Whether its atoms bind a slot.
    pub(super) fn binds(&self, slot: u32) -> bool {
        self.core.iter().flat_map(|literal| &literal.arguments).any(|one| one.slot() == Some(slot))
    }

    /// Whether one of its atoms connects one of these variables with another term.
    fn leads(&self, variables: &[Variable]) -> bool {
        self.core.iter().filter(|literal| literal.arguments.len() > 1).any(|literal| {
            let mut slots = literal.arguments.iter().filter_map(|one| one.slot());
            slots.any(|slot| variables.iter().any(|one| one.slot == slot))
        })
    }

    /// The join body that finds bindings of `variables`.
    pub(super) fn body(self, variables: &[Variable], slots: u32) -> Body {
        let variables = variables.iter().chain(&self.locals).copied().collect();
        Body { slots, variables, core: self.core, filters: self.filters }
    }
}

/// Generators of the bindings of `variables` under which the condition can have the truth value `wanted`. If
/// there are none, no binding does.
pub(super) fn generators(
    lifted: &Lifted,
    condition: &Nnf,
    wanted: bool,
    variables: &[Variable],
) -> Vec<Generator> {
    match condition {
        Nnf::Literal(literal) => {
            let mut one = Generator::default();
            if literal.is_positive == wanted {
                one.core.push(Literal { is_positive: true, ..literal.clone() });
            } else if lifted.classes[literal.symbol as usize] == Class::Static {
                one.filters.push((condition.clone(), wanted));
            }
            vec![one]
        }
        Nnf::Equal { .. } | Nnf::Test(_) => {
            let mut one = Generator::default();
            if lifted.is_static(condition) {
                one.filters.push((condition.clone(), wanted));
            }
            vec![one]
        }
        Nnf::And(parts) if wanted => all(lifted, parts, wanted, variables),
        Nnf::Or(parts) if !wanted => all(lifted, parts, wanted, variables),
        Nnf::And(parts) | Nnf::Or(parts) => {
            if is_filter(lifted, condition, wanted) {
                let filters = vec![(condition.clone(), wanted)];
                return vec![Generator { filters, ..Generator::default() }];
            }
            let mut found = Vec::new();
            for part in parts {
                found.append(&mut generators(lifted, part, wanted, variables));
                if found.len() > GENERATORS_MAX || found.iter().any(Generator::is_empty) {
                    return vec![Generator::default()];
                }
            }
            found
        }
        Nnf::Quantified(inner) if inner.is_forall != wanted => {
            let mut found = generators(lifted, &inner.body, wanted, variables);
            for one in &mut found {
                let read = |own: &&Variable| {
                    let is_read = |filter: &(Nnf, bool)| filter.0.free().contains(&own.slot);
                    one.binds(own.slot) || one.filters.iter().any(is_read)
                };
                let locals: Vec<Variable> = inner.variables.iter().filter(read).copied().collect();
                one.locals.extend(locals);
            }
            found
        }
        Nnf::Quantified(_) => vec![Generator::default()],
    }
}

/// Generators of a conjunction. Its simple parts come first. A disjunction or quantifier is used only if it
/// binds a variable that is still open, or connects the variables with other terms.
fn all(lifted: &Lifted, parts: &[Nnf], wanted: bool, variables: &[Variable]) -> Vec<Generator> {
    let mut found = vec![Generator::default()];
    let is_simple = |part: &&Nnf| matches!(part, Nnf::Literal(_) | Nnf::Equal { .. } | Nnf::Test(_));
    let simple = parts.iter().filter(is_simple);
    for part in simple.chain(parts.iter().filter(|part| !is_simple(part))) {
        let factors = generators(lifted, part, wanted, variables);
        if !is_simple(&part) && !is_filter(lifted, part, wanted) {
            let is_open = |one: &Variable| found.iter().any(|known| !known.binds(one.slot));
            let read = part.free();
            let binds = variables.iter().any(|one| read.contains(&one.slot) && is_open(one));
            if !binds && !factors.iter().all(|factor| factor.leads(variables)) {
                continue;
            }
        }
        let own: Vec<u32> = factors.iter().flat_map(|one| &one.locals).map(|one| one.slot).collect();
        let is_doubled = found.iter().flat_map(|one| &one.locals).any(|one| own.contains(&one.slot));
        if factors.len() * found.len() > GENERATORS_MAX || is_doubled {
            continue;
        }
        let mut product = Vec::with_capacity(factors.len() * found.len());
        for one in &found {
            for factor in &factors {
                let mut both = one.clone();
                both.merge(factor);
                product.push(both);
            }
        }
        found = product;
    }
    found
}

/// Whether a condition only tests a binding: it is static, has no quantifiers, and has no atom that could
/// find bindings.
pub(super) fn is_filter(lifted: &Lifted, condition: &Nnf, wanted: bool) -> bool {
    fn leads(condition: &Nnf, wanted: bool) -> bool {
        match condition {
            Nnf::Literal(literal) => literal.is_positive == wanted,
            Nnf::Equal { .. } | Nnf::Test(_) => false,
            Nnf::And(parts) | Nnf::Or(parts) => parts.iter().any(|part| leads(part, wanted)),
            Nnf::Quantified(_) => true,
        }
    }
    lifted.is_static(condition) && !leads(condition, wanted)
}
