//! Rules of relaxed reachability: when an instance, an effect or an auxiliary atom can be reached.
//!
//! A rule is a conjunction of atoms to be joined, with tests of the binding, and with checks that something
//! holds for all objects. Other conditions of a schema are rewritten. A disjunction or an "exists" becomes an
//! auxiliary atom with rules of its own, if its parts bind all variables that it shares with the rest.
//! Otherwise it is split into one rule for each part, or joined together with the rest. Conditional effects
//! are rules that instances trigger. Negations of changing atoms, and comparisons of changing fluents, are
//! taken to be possible. Compare Helmert, "Concise finite-domain representations for PDDL planning tasks",
//! 2009, section 6.

use super::generators::{Generator, generators, is_filter};
use super::join_plans::Plans;
use super::lifted::{Arg, Block, Class, Lifted, Literal, Nnf, Quantified, Schema, Variable};
use super::world::NONE;

/// Most rules that an action is split into; further disjunctions become auxiliary atoms.
const BRANCHES_MAX: usize = 16;

/// The conclusion of a rule.
#[derive(Clone, Debug)]
pub(super) enum Head {
    /// An instance of a schema, which no other match finds.
    Instance(u32),
    /// An instance of a schema that several matches may find. The first one reaches its auxiliary atom.
    Once(u32, Literal),
    /// An auxiliary atom.
    Atom(Literal),
    /// The atoms that a block of a schema adds.
    Adds { schema: u32, block: u32 },
}

/// Something that must hold for all objects: for each binding that the plan finds, one of the atoms in the clause
/// must be reached. The plan has no trigger and joins static atoms alone.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) plan: u32,
    pub(super) clause: Vec<Literal>,
}

/// A rule without its body, which is among the plans' bodies.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) slots: u32,
    pub(super) checks: Vec<Check>,
    pub(super) head: Head,
}

/// All rules of a model with their plans.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) all: Vec<Rule>,
    /// Indexed by body of the plans: its rule; [`NONE`] for the bodies of checks.
    pub(super) of_body: Vec<u32>,
    pub(super) plans: Plans,
}

/// A rule's body under construction: the atoms to be joined, and the checks.
#[derive(Clone, Debug, Default)]
struct Branch {
    joined: Generator,
    checks: Vec<(Generator, Vec<Variable>, Vec<Literal>)>,
}

struct Maker<'a> {
    lifted: &'a mut Lifted,
    rules: Rules,
    /// The present schema's environment, the domain of each slot, and its core.
    slots: u32,
    domains: Vec<u32>,
    core: Vec<Literal>,
    branches_max: usize,
}

impl Rules {
    /// The rules of all schemas, whose plans are still to be made. Symbols of auxiliary atoms are added to
    /// `lifted`.
    pub(super) fn new(lifted: &mut Lifted, objects: usize) -> Self {
        let plans = Plans::new(lifted.positions.len(), objects);
        let rules = Rules { all: Vec::new(), of_body: Vec::new(), plans };
        let (slots, domains, core) = (0, Vec::new(), Vec::new());
        let mut maker = Maker { lifted, rules, slots, domains, core, branches_max: 1 };
        let schemas = std::mem::take(&mut maker.lifted.schemas);
        for (index, schema) in (0u32..).zip(&schemas) {
            maker.schema(index, schema);
        }
        maker.lifted.schemas = schemas;
        maker.rules
    }
}

impl Maker<'_> {
    fn schema(&mut self, index: u32, schema: &Schema) {
        self.slots = schema.slots;
        self.core.clone_from(&schema.core);
        self.domains = vec![0; schema.slots as usize];
        let domains = &mut self.domains;
        let mut note = |one: &Variable| domains[one.slot as usize] = one.domain;
        schema.residue.iter().chain(&schema.statics).for_each(|one| one.variables(&mut note));
        for block in &schema.blocks {
            block.variables.iter().for_each(&mut note);
            block.condition.variables(&mut note);
        }
        schema.parameters.iter().for_each(note);
        self.branches_max = if schema.head.is_some() { 1 } else { BRANCHES_MAX };

        let mut branch = Branch::default();
        branch.joined.core.clone_from(&schema.core);
        branch.joined.filters = schema.filters.iter().map(|one| (one.clone(), true)).collect();
        let mut branches = vec![branch];
        for part in schema.statics.iter().chain(&schema.residue) {
            self.require(&mut branches, part);
        }
        let blocks: Vec<(u32, &Block)> = (0u32..).zip(&schema.blocks).filter(|one| is_late(one.1)).collect();
        let is_split = branches.len() > 1 || branches.iter().any(|one| !one.joined.locals.is_empty());
        let head = if blocks.is_empty() && !is_split {
            Head::Instance(index)
        } else {
            let slots: Vec<u32> = schema.parameters.iter().map(|one| one.slot).collect();
            Head::Once(index, self.symbol(&slots))
        };
        for branch in branches {
            self.rule(branch, &schema.parameters, head.clone());
        }
        let Head::Once(_, instance) = head else { return };
        self.core = vec![instance.clone()];
        for (at, block) in blocks {
            let mut branch = Branch::default();
            branch.joined.require(instance.clone());
            let mut branches = vec![branch];
            self.require(&mut branches, &block.condition);
            let variables = [&schema.parameters[..], &block.variables].concat();
            for branch in branches {
                self.rule(branch, &variables, Head::Adds { schema: index, block: at });
            }
        }
    }

    /// A new auxiliary symbol, with these slots as its arguments.
    fn symbol(&mut self, slots: &[u32]) -> Literal {
        let symbol = self.lifted.positions.len() as u32;
        self.lifted.positions.push(slots.iter().map(|&slot| self.domains[slot as usize]).collect());
        self.lifted.classes.push(Class::Auxiliary);
        self.lifted.is_deleted.push(false);
        self.rules.plans.triggers.push(Vec::new());
        self.rules.plans.by_symbol.push(Vec::new());
        let arguments = slots.iter().map(|&slot| Arg::variable(slot)).collect();
        Literal { symbol, arguments, is_positive: true }
    }

    fn rule(&mut self, branch: Branch, variables: &[Variable], head: Head) {
        let mut checks = Vec::new();
        for (generator, variables, clause) in branch.checks {
            let body = generator.body(&variables, self.slots);
            checks.push(Check { plan: self.rules.plans.add(body), clause });
        }
        let body = branch.joined.body(variables, self.slots);
        let index = self.rules.plans.add_triggered(self.lifted, body);
        self.rules.of_body.resize(index as usize, NONE);
        self.rules.of_body.push(self.rules.all.len() as u32);
        self.rules.all.push(Rule { slots: self.slots, checks, head });
    }

    /// Adds a condition to all branches. If it can never hold, no branch is left.
    fn require(&mut self, branches: &mut Vec<Branch>, condition: &Nnf) {
        match condition {
            Nnf::Literal(literal) if literal.is_positive => {
                branches.iter_mut().for_each(|one| one.joined.require(literal.clone()));
            }
            _ if is_filter(self.lifted, condition, true) => {
                let filter = (condition.clone(), true);
                branches.iter_mut().for_each(|one| one.joined.filters.push(filter.clone()));
            }
            Nnf::Literal(_) | Nnf::Equal { .. } | Nnf::Test(_) => {}
            Nnf::And(parts) => parts.iter().for_each(|part| self.require(branches, part)),
            Nnf::Or(parts) => self.any(branches, condition, parts),
            Nnf::Quantified(one) if one.is_forall => {
                if let Some(check) = self.check(one) {
                    branches.iter_mut().for_each(|branch| branch.checks.push(check.clone()));
                }
            }
            Nnf::Quantified(one) => self.exists(branches, condition, one),
        }
    }

    fn any(&mut self, branches: &mut Vec<Branch>, condition: &Nnf, parts: &[Nnf]) {
        if parts.iter().any(|part| self.may_always_hold(part)) {
            return;
        }
        let is_too_much = parts.len() * branches.len() > self.branches_max;
        if parts.len() > 1 && (is_too_much || binds_all(condition)) {
            let literal = self.auxiliary(condition);
            branches.iter_mut().for_each(|one| one.joined.require(literal.clone()));
            return;
        }
        let mut all = Vec::new();
        for part in parts {
            let mut own = branches.clone();
            self.require(&mut own, part);
            all.append(&mut own);
        }
        *branches = all;
    }

    fn exists(&mut self, branches: &mut Vec<Branch>, condition: &Nnf, one: &Quantified) {
        let is_known = |variable: &Variable| {
            let mut locals = branches.iter().flat_map(|branch| &branch.joined.locals);
            locals.any(|other| other.slot == variable.slot)
        };
        if self.may_always_hold(&one.body) {
            return;
        }
        if self.branches_max == 1 || binds_all(condition) || one.variables.iter().any(is_known) {
            let literal = self.auxiliary(condition);
            branches.iter_mut().for_each(|branch| branch.joined.require(literal.clone()));
            return;
        }
        branches.iter_mut().for_each(|branch| branch.joined.locals.extend(&one.variables));
        self.require(branches, &one.body);
    }

    /// An atom that stands for a condition. If a part of the condition does not bind the variables that it
    /// shares with the rest, atoms of the schema's core that bind them are joined too.
    fn auxiliary(&mut self, condition: &Nnf) -> Literal {
        let free = condition.free();
        let head = self.symbol(&free);
        let parts = match condition {
            Nnf::Or(parts) => &parts[..],
            other => std::slice::from_ref(other),
        };
        let (max, core) = (self.branches_max, self.core.clone());
        self.branches_max = BRANCHES_MAX;
        for part in parts {
            let mut branch = Branch::default();
            let bound = bound_by(part);
            for &open in free.iter().filter(|slot| !bound.contains(slot)) {
                let binds = |literal: &&Literal| literal.arguments.iter().any(|one| one.slot() == Some(open));
                core.iter().filter(binds).for_each(|one| branch.joined.require(one.clone()));
            }
            let joined = branch.joined.core.iter().flat_map(|one| &one.arguments);
            let mut slots: Vec<u32> =
                joined.filter_map(|one| one.slot()).chain(free.iter().copied()).collect();
            slots.sort_unstable();
            slots.dedup();
            let mut branches = vec![branch];
            match part {
                Nnf::Quantified(one) if !one.is_forall => {
                    branches[0].joined.locals.clone_from(&one.variables);
                    self.require(&mut branches, &one.body);
                }
                other => self.require(&mut branches, other),
            }
            let of_slot = |&slot: &u32| Variable { slot, domain: self.domains[slot as usize] };
            let variables: Vec<Variable> = slots.iter().map(of_slot).collect();
            for branch in branches {
                self.rule(branch, &variables, Head::Atom(head.clone()));
            }
        }
        self.branches_max = max;
        head
    }

    /// The check of a condition for all objects; `None` if the condition may always hold.
    fn check(&mut self, one: &Quantified) -> Option<(Generator, Vec<Variable>, Vec<Literal>)> {
        let (mut variables, mut fixed, mut clause) = (Vec::new(), Vec::new(), Vec::new());
        self.clause(one, &mut variables, &mut fixed, &mut clause)?;
        let found = generators(self.lifted, &Nnf::Or(fixed), false, &variables);
        // A conjunction of simple conditions has one generator.
        Some((found.into_iter().next().unwrap_or_default(), variables, clause))
    }

    /// Divides the parts of a "forall" into static parts, of which one must hold, and atoms.
    fn clause(
        &mut self,
        one: &Quantified,
        variables: &mut Vec<Variable>,
        fixed: &mut Vec<Nnf>,
        clause: &mut Vec<Literal>,
    ) -> Option<()> {
        variables.extend(&one.variables);
        let parts = match &one.body {
            Nnf::Or(parts) => &parts[..],
            other => std::slice::from_ref(other),
        };
        for part in parts {
            if self.may_always_hold(part) {
                return None;
            }
            let is_simple = !matches!(part, Nnf::And(_) | Nnf::Or(_) | Nnf::Quantified(_));
            match part {
                simple if is_simple && self.lifted.is_static(part) => fixed.push(simple.clone()),
                Nnf::Literal(literal) => clause.push(literal.clone()),
                Nnf::Quantified(inner) if inner.is_forall => {
                    self.clause(inner, variables, fixed, clause)?;
                }
                other => clause.push(self.auxiliary(other)),
            }
        }
        Some(())
    }

    /// Whether a condition may hold whatever is reached.
    fn may_always_hold(&self, condition: &Nnf) -> bool {
        match condition {
            Nnf::Literal(one) => !one.is_positive && !self.lifted.is_static(condition),
            Nnf::Equal { .. } => false,
            Nnf::Test(_) => !self.lifted.is_static(condition),
            Nnf::And(parts) => parts.iter().all(|part| self.may_always_hold(part)),
            Nnf::Or(parts) => parts.iter().any(|part| self.may_always_hold(part)),
            Nnf::Quantified(one) => self.may_always_hold(&one.body),
        }
    }
}

/// Whether a block needs more than an instance of its action.
pub(super) fn is_late(block: &Block) -> bool {
    let is_plain = block.variables.is_empty() && block.condition.is_true();
    !is_plain && !block.adds.is_empty()
}

/// Slots that positive literals bind, whichever parts of the condition hold.
fn bound_by(condition: &Nnf) -> Vec<u32> {
    match condition {
        Nnf::Literal(one) if one.is_positive => one.arguments.iter().filter_map(|one| one.slot()).collect(),
        Nnf::Literal(_) | Nnf::Equal { .. } | Nnf::Test(_) => Vec::new(),
        Nnf::And(parts) => parts.iter().flat_map(bound_by).collect(),
        Nnf::Or(parts) => {
            let mut all = parts.iter().map(bound_by);
            let first = all.next().unwrap_or_default();
            all.fold(first, |known, other| known.into_iter().filter(|slot| other.contains(slot)).collect())
        }
        Nnf::Quantified(one) if one.is_forall => Vec::new(),
        Nnf::Quantified(one) => {
            let mut bound = bound_by(&one.body);
            bound.retain(|slot| one.variables.iter().all(|variable| variable.slot != *slot));
            bound
        }
    }
}

fn binds_all(condition: &Nnf) -> bool {
    let bound = bound_by(condition);
    condition.free().iter().all(|slot| bound.contains(slot))
}
