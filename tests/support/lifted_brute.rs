//! A PDDL planner that is too simple to be wrong: it writes out every action, quantifier and rule for all
//! objects, keeps a truth value for every atom that can be named, and sees every reachable state.
//!
//! It shares nothing with the engine, the grounder or the validator but the parsed model. Only for tasks of a
//! handful of objects: atoms are `objects ^ arity`.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use planscope::lang::pddl::Model;
use planscope::lang::pddl::model::{
    Arithmetic, Assignment, Comparator, Condition, ConditionKind, Effect, EffectKind, Expression,
    ExpressionKind, FunctionId, Metric, Parameter, PredicateId, Term,
};

/// What a brute search came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A cheapest plan, each step an index into [`Written::steps`].
    Solved { cost: f64, plan: Vec<usize> },
    /// No state with the goal is reachable.
    Unsolvable,
    /// There are more states than were asked for.
    TooLarge,
}

/// Every atom's truth, then every fluent's number.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Derived ones are false here; they are worked out when needed.
    pub atoms: Vec<bool>,
    pub numbers: Vec<Option<f64>>,
}

/// An action with its objects.
#[derive(Clone, Debug)]
pub struct WrittenStep {
    pub action: String,
    pub objects: Vec<String>,
    precondition: Tree,
    effects: Vec<Deed>,
}

/// A task with everything written out.
pub struct Written {
    pub steps: Vec<WrittenStep>,
    pub initial: State,
    /// Every atom as text, for instance `(on a b)`.
    pub atom_names: Vec<String>,
    /// Every fluent as text.
    pub fluent_names: Vec<String>,
    goal: Tree,
    /// Rules by stratum: atom and condition.
    rules: Vec<Vec<(usize, Tree)>>,
    metric: Option<Sum>,
    /// Fluents that a state is not told apart by: nothing reads them, and the metric only adds them up.
    counters: Vec<bool>,
}

#[derive(Clone, Debug)]
enum Tree {
    Known(bool),
    Atom(usize),
    Compare(Comparator, Sum, Sum),
    Not(Box<Tree>),
    And(Vec<Tree>),
    Or(Vec<Tree>),
}

#[derive(Clone, Debug)]
enum Sum {
    Number(f64),
    Fluent(usize),
    Negate(Box<Sum>),
    Binary(Arithmetic, Box<Sum>, Box<Sum>),
}

#[derive(Clone, Debug)]
enum Deed {
    Make(usize, bool),
    Change(Assignment, usize, Sum),
    When(Tree, Vec<Deed>),
}

/// Writes conditions out: names of atoms and fluents to numbers.
struct Pen<'m> {
    model: &'m Model,
    atoms: Vec<usize>,
    fluents: Vec<usize>,
}

/// A state, what it costs to get there, and from which state by which step.
type Node = (State, f64, Option<(usize, usize)>);

fn offsets(arities: impl Iterator<Item = usize>, objects: usize) -> Vec<usize> {
    let mut offsets = vec![0];
    for arity in arities {
        offsets.push(offsets[offsets.len() - 1] + objects.pow(arity as u32));
    }
    offsets
}

impl Pen<'_> {
    fn number(&self, offset: usize, objects: &[usize]) -> usize {
        offset + objects.iter().fold(0, |sum, object| sum * self.model.objects.len() + object)
    }

    fn atom(&self, predicate: PredicateId, terms: &[Term], env: &[usize]) -> usize {
        let objects: Vec<usize> = terms.iter().map(|&term| object(term, env)).collect();
        self.number(self.atoms[predicate.0 as usize], &objects)
    }

    fn fluent(&self, function: FunctionId, terms: &[Term], env: &[usize]) -> usize {
        let objects: Vec<usize> = terms.iter().map(|&term| object(term, env)).collect();
        self.number(self.fluents[function.0 as usize], &objects)
    }

    /// The text of everything with a number, in the order of the numbers.
    fn names<'a>(&self, symbols: impl Iterator<Item = (&'a str, usize)>) -> Vec<String> {
        let mut names = Vec::new();
        for (symbol, arity) in symbols {
            let mut rows = vec![format!("({symbol}")];
            for _ in 0..arity {
                let objects = || self.model.objects.iter();
                rows = rows
                    .iter()
                    .flat_map(|row| objects().map(move |one| format!("{row} {}", one.name)))
                    .collect();
            }
            names.extend(rows.into_iter().map(|row| row + ")"));
        }
        names
    }

    /// All ways to bind parameters, the first of them slowest.
    fn bindings(&self, parameters: &[Parameter]) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new()];
        for parameter in parameters {
            let mut longer = Vec::new();
            for binding in &all {
                for object in 0..self.model.objects.len() {
                    if self.is_of(object, parameter) {
                        longer.push([binding.as_slice(), &[object]].concat());
                    }
                }
            }
            all = longer;
        }
        all
    }

    /// By the declared types of the object and their supertypes.
    fn is_of(&self, object: usize, parameter: &Parameter) -> bool {
        let mut types = self.model.objects[object].types.clone();
        let mut at = 0;
        while at < types.len() {
            let parents = self.model.types[types[at].0 as usize].parents.clone();
            types.extend(parents.into_iter().filter(|one| !types.contains(one)).collect::<Vec<_>>());
            at += 1;
        }
        parameter.types.iter().any(|one| types.contains(one))
    }

    fn tree(&self, condition: &Condition, env: &[usize]) -> Tree {
        match &condition.kind {
            ConditionKind::Atom(predicate, terms) => Tree::Atom(self.atom(*predicate, terms, env)),
            ConditionKind::Equal(left, right) => Tree::Known(object(*left, env) == object(*right, env)),
            ConditionKind::Compare(comparator, left, right) => {
                Tree::Compare(*comparator, self.sum(left, env), self.sum(right, env))
            }
            ConditionKind::Not(part) => Tree::Not(Box::new(self.tree(part, env))),
            ConditionKind::And(parts) => Tree::And(parts.iter().map(|part| self.tree(part, env)).collect()),
            ConditionKind::Or(parts) => Tree::Or(parts.iter().map(|part| self.tree(part, env)).collect()),
            ConditionKind::Imply(parts) => {
                Tree::Or(vec![Tree::Not(Box::new(self.tree(&parts[0], env))), self.tree(&parts[1], env)])
            }
            ConditionKind::Forall(all) => {
                let bindings = self.bindings(&all.parameters);
                Tree::And(bindings.iter().map(|one| self.tree(&all.body, &[env, one].concat())).collect())
            }
            ConditionKind::Exists(some) => {
                let bindings = self.bindings(&some.parameters);
                Tree::Or(bindings.iter().map(|one| self.tree(&some.body, &[env, one].concat())).collect())
            }
        }
    }

    fn sum(&self, expression: &Expression, env: &[usize]) -> Sum {
        match &expression.kind {
            ExpressionKind::Number(number) => Sum::Number(*number),
            ExpressionKind::Fluent(function, terms) => Sum::Fluent(self.fluent(*function, terms, env)),
            ExpressionKind::Negate(part) => Sum::Negate(Box::new(self.sum(part, env))),
            ExpressionKind::Binary(operator, parts) => {
                Sum::Binary(*operator, Box::new(self.sum(&parts[0], env)), Box::new(self.sum(&parts[1], env)))
            }
        }
    }

    fn deeds(&self, effects: &[Effect], env: &[usize]) -> Vec<Deed> {
        let mut deeds = Vec::new();
        for effect in effects {
            match &effect.kind {
                EffectKind::Add(predicate, terms) => {
                    deeds.push(Deed::Make(self.atom(*predicate, terms, env), true));
                }
                EffectKind::Delete(predicate, terms) => {
                    deeds.push(Deed::Make(self.atom(*predicate, terms, env), false));
                }
                EffectKind::Change(change) => {
                    let fluent = self.fluent(change.function, &change.arguments, env);
                    deeds.push(Deed::Change(change.assignment, fluent, self.sum(&change.value, env)));
                }
                EffectKind::When(condition, effects) => {
                    deeds.push(Deed::When(self.tree(condition, env), self.deeds(effects, env)));
                }
                EffectKind::Forall(all) => {
                    for binding in self.bindings(&all.parameters) {
                        deeds.extend(self.deeds(&all.body, &[env, &binding].concat()));
                    }
                }
            }
        }
        deeds
    }
}

fn object(term: Term, env: &[usize]) -> usize {
    match term {
        Term::Variable(at) => env[at as usize],
        Term::Object(object) => object.0 as usize,
    }
}

impl Written {
    /// Writes `model` out.
    pub fn new(model: &Model) -> Self {
        let objects = model.objects.len();
        let atoms = offsets(model.predicates.iter().map(|one| one.parameters.len()), objects);
        let fluents = offsets(model.functions.iter().map(|one| one.parameters.len()), objects);
        let (atom_count, fluent_count) = (atoms[atoms.len() - 1], fluents[fluents.len() - 1]);
        let pen = Pen { model, atoms, fluents };
        let name = |&object: &usize| model.objects[object].name.clone();
        let mut steps = Vec::new();
        for action in &model.actions {
            for binding in pen.bindings(&action.parameters) {
                steps.push(WrittenStep {
                    action: action.name.clone(),
                    objects: binding.iter().map(name).collect(),
                    precondition: pen.tree(&action.precondition, &binding),
                    effects: pen.deeds(&action.effects, &binding),
                });
            }
        }
        let mut rules: Vec<Vec<(usize, Tree)>> = Vec::new();
        for axiom in &model.axioms {
            let stratum = model.predicates[axiom.predicate.0 as usize].stratum.expect("derived") as usize;
            rules.resize(rules.len().max(stratum + 1), Vec::new());
            for binding in pen.bindings(&axiom.parameters) {
                let head = pen.number(pen.atoms[axiom.predicate.0 as usize], &binding);
                rules[stratum].push((head, pen.tree(&axiom.condition, &binding)));
            }
        }
        let metric = match &model.metric {
            Metric::Steps => None,
            Metric::Minimize(expression) => Some(pen.sum(expression, &[])),
        };
        let goal = pen.tree(&model.goal, &[]);
        let initial = initial(&pen, atom_count, fluent_count);
        let atom_names =
            pen.names(model.predicates.iter().map(|one| (one.name.as_str(), one.parameters.len())));
        let fluent_names =
            pen.names(model.functions.iter().map(|one| (one.name.as_str(), one.parameters.len())));
        let counters = Vec::new();
        let mut written = Self { steps, initial, atom_names, fluent_names, goal, rules, metric, counters };
        written.counters = (0..fluent_count).map(|fluent| written.is_counter(fluent)).collect();
        written
    }

    /// The rules' consequences added to what is true.
    pub fn all_atoms(&self, state: &State) -> Vec<bool> {
        let mut atoms = state.atoms.clone();
        for rules in &self.rules {
            loop {
                let mut is_stable = true;
                for (head, condition) in rules {
                    if !atoms[*head] && truth(condition, &atoms, &state.numbers) == Some(true) {
                        atoms[*head] = true;
                        is_stable = false;
                    }
                }
                if is_stable {
                    break;
                }
            }
        }
        atoms
    }

    /// Whether the goal is true.
    pub fn is_goal(&self, state: &State) -> bool {
        truth(&self.goal, &self.all_atoms(state), &state.numbers) == Some(true)
    }

    /// The steps that can be taken, each with the state after it and its cost.
    pub fn successors(&self, state: &State) -> Vec<(usize, State, f64)> {
        let atoms = self.all_atoms(state);
        let all = (0..self.steps.len()).filter_map(|at| {
            let (after, cost) = self.after(state, &atoms, at)?;
            Some((at, after, cost))
        });
        all.collect()
    }

    fn after(&self, state: &State, atoms: &[bool], step: usize) -> Option<(State, f64)> {
        let WrittenStep { precondition, effects, .. } = &self.steps[step];
        if truth(precondition, atoms, &state.numbers) != Some(true) {
            return None;
        }
        let mut after = state.clone();
        let mut made = Vec::new();
        carry_out(effects, atoms, &state.numbers, &mut after.numbers, &mut made)?;
        // Deletions first, so that additions win.
        made.sort_by_key(|&(_, holds)| holds);
        for (atom, holds) in made {
            after.atoms[atom] = holds;
        }
        let cost = match &self.metric {
            None => 1.0,
            Some(sum) => metric(sum, &after.numbers)? - metric(sum, &state.numbers)?,
        };
        Some((after, cost))
    }

    /// What a plan costs; `None` where it is none. Steps are names of an action and of objects.
    pub fn verdict(&self, plan: &[(String, Vec<String>)]) -> Option<f64> {
        let mut state = self.initial.clone();
        let mut total = 0.0;
        for (action, objects) in plan {
            let at = self.steps.iter().position(|one| one.action == *action && one.objects == *objects)?;
            let (after, cost) = self.after(&state, &self.all_atoms(&state), at)?;
            (state, total) = (after, total + cost);
        }
        self.is_goal(&state).then_some(total)
    }

    /// A cheapest plan (Dijkstra 1959); costs must not be negative.
    pub fn solve(&self, states_max: usize) -> Answer {
        let mut ids: HashMap<Vec<u64>, usize> = HashMap::from([(self.key(&self.initial), 0)]);
        let mut nodes: Vec<Node> = vec![(self.initial.clone(), 0.0, None)];
        let mut closed = vec![false];
        let mut queue = BinaryHeap::from([Reverse((0u64, 0usize))]);
        while let Some(Reverse((_, id))) = queue.pop() {
            if std::mem::replace(&mut closed[id], true) {
                continue;
            }
            let (state, cost, _) = nodes[id].clone();
            if self.is_goal(&state) {
                return Answer::Solved { cost, plan: way_to(&nodes, id) };
            }
            for (step, after, step_cost) in self.successors(&state) {
                let total = (cost + step_cost).max(0.0);
                let next = nodes.len();
                let known = *ids.entry(self.key(&after)).or_insert(next);
                if known == next {
                    if next == states_max {
                        return Answer::TooLarge;
                    }
                    nodes.push((after, total, Some((id, step))));
                    closed.push(false);
                } else if closed[known] || nodes[known].1 <= total {
                    continue;
                } else {
                    nodes[known] = (after, total, Some((id, step)));
                }
                // Bits of numbers that are not negative are in their order.
                queue.push(Reverse((total.to_bits(), known)));
            }
        }
        Answer::Unsolvable
    }

    fn key(&self, state: &State) -> Vec<u64> {
        let mut key: Vec<u64> = state.atoms.chunks(64).map(word).collect();
        for (number, is_counter) in state.numbers.iter().zip(&self.counters) {
            if !is_counter {
                key.push(number.map_or(u64::MAX, |number| (number + 0.0).to_bits()));
            }
        }
        key
    }

    fn is_counter(&self, fluent: usize) -> bool {
        let unread = |tree: &Tree| !tree_reads(tree, fluent);
        let steps =
            self.steps.iter().all(|step| unread(&step.precondition) && deeds_only_add(&step.effects, fluent));
        let rules = self.rules.iter().flatten().all(|(_, condition)| unread(condition));
        steps && rules && unread(&self.goal) && self.metric.as_ref().is_none_or(|sum| is_affine(sum, fluent))
    }
}

fn initial(pen: &Pen<'_>, atoms: usize, fluents: usize) -> State {
    let mut state = State { atoms: vec![false; atoms], numbers: vec![None; fluents] };
    for (predicate, objects, _) in pen.model.atoms.iter() {
        let objects: Vec<usize> = objects.iter().map(|one| one.0 as usize).collect();
        state.atoms[pen.number(pen.atoms[predicate.0 as usize], &objects)] = true;
    }
    for (at, function) in pen.model.functions.iter().enumerate() {
        if function.name == "total-cost" && function.parameters.is_empty() {
            state.numbers[pen.fluents[at]] = Some(0.0);
        }
    }
    for (function, objects, value, _) in pen.model.values.iter() {
        let objects: Vec<usize> = objects.iter().map(|one| one.0 as usize).collect();
        state.numbers[pen.number(pen.fluents[function.0 as usize], &objects)] = Some(value);
    }
    state
}

fn way_to(nodes: &[Node], mut id: usize) -> Vec<usize> {
    let mut plan = Vec::new();
    while let Some((parent, step)) = nodes[id].2 {
        plan.push(step);
        id = parent;
    }
    plan.reverse();
    plan
}

fn word(bits: &[bool]) -> u64 {
    bits.iter().enumerate().fold(0, |word, (at, &bit)| word | u64::from(bit) << at)
}

/// True, false, or undefined.
fn truth(tree: &Tree, atoms: &[bool], numbers: &[Option<f64>]) -> Option<bool> {
    match tree {
        Tree::Known(value) => Some(*value),
        Tree::Atom(atom) => Some(atoms[*atom]),
        Tree::Compare(comparator, left, right) => {
            let order = value(left, numbers)?.partial_cmp(&value(right, numbers)?)?;
            Some(match comparator {
                Comparator::Equal => order.is_eq(),
                Comparator::Less => order.is_lt(),
                Comparator::AtMost => order.is_le(),
                Comparator::Greater => order.is_gt(),
                Comparator::AtLeast => order.is_ge(),
            })
        }
        Tree::Not(part) => truth(part, atoms, numbers).map(|value| !value),
        Tree::And(parts) => worst(parts, false, atoms, numbers),
        Tree::Or(parts) => worst(parts, true, atoms, numbers),
    }
}

/// `decides` where one part is so; else undefined where one part is; else the opposite.
fn worst(parts: &[Tree], decides: bool, atoms: &[bool], numbers: &[Option<f64>]) -> Option<bool> {
    let mut result = Some(!decides);
    for part in parts {
        match truth(part, atoms, numbers) {
            Some(value) if value == decides => return Some(decides),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}

fn value(sum: &Sum, numbers: &[Option<f64>]) -> Option<f64> {
    let value = match sum {
        Sum::Number(number) => *number,
        Sum::Fluent(fluent) => numbers[*fluent]?,
        Sum::Negate(part) => 0.0 - value(part, numbers)?,
        Sum::Binary(operator, left, right) => {
            let (left, right) = (value(left, numbers)?, value(right, numbers)?);
            match operator {
                Arithmetic::Add => left + right,
                Arithmetic::Subtract => left - right,
                Arithmetic::Multiply => left * right,
                Arithmetic::Divide => (right != 0.0).then_some(left / right)?,
            }
        }
    };
    (!value.is_nan()).then_some(value)
}

/// The metric with 0 for what has no value.
fn metric(sum: &Sum, numbers: &[Option<f64>]) -> Option<f64> {
    let filled: Vec<Option<f64>> = numbers.iter().map(|number| Some(number.unwrap_or(0.0))).collect();
    value(sum, &filled).filter(|value| value.is_finite())
}

/// `None` where something is undefined or not finite.
fn carry_out(
    deeds: &[Deed],
    atoms: &[bool],
    before: &[Option<f64>],
    after: &mut [Option<f64>],
    made: &mut Vec<(usize, bool)>,
) -> Option<()> {
    for deed in deeds {
        match deed {
            Deed::Make(atom, holds) => made.push((*atom, *holds)),
            Deed::Change(assignment, fluent, sum) => {
                let number = value(sum, before)?;
                let result = match assignment {
                    Assignment::Assign => number,
                    Assignment::Increase => after[*fluent]? + number,
                    Assignment::Decrease => after[*fluent]? - number,
                    Assignment::ScaleUp => after[*fluent]? * number,
                    Assignment::ScaleDown => (number != 0.0).then_some(after[*fluent]? / number)?,
                };
                after[*fluent] = Some(result).filter(|result| result.is_finite());
                after[*fluent]?;
            }
            Deed::When(condition, deeds) => {
                if truth(condition, atoms, before)? {
                    carry_out(deeds, atoms, before, after, made)?;
                }
            }
        }
    }
    Some(())
}

fn tree_reads(tree: &Tree, fluent: usize) -> bool {
    match tree {
        Tree::Known(_) | Tree::Atom(_) => false,
        Tree::Compare(_, left, right) => sum_reads(left, fluent) || sum_reads(right, fluent),
        Tree::Not(part) => tree_reads(part, fluent),
        Tree::And(parts) | Tree::Or(parts) => parts.iter().any(|part| tree_reads(part, fluent)),
    }
}

fn sum_reads(sum: &Sum, fluent: usize) -> bool {
    match sum {
        Sum::Number(_) => false,
        Sum::Fluent(one) => *one == fluent,
        Sum::Negate(part) => sum_reads(part, fluent),
        Sum::Binary(_, left, right) => sum_reads(left, fluent) || sum_reads(right, fluent),
    }
}

fn deeds_only_add(deeds: &[Deed], fluent: usize) -> bool {
    deeds.iter().all(|deed| match deed {
        Deed::Make(..) => true,
        Deed::Change(assignment, one, sum) => {
            let adds = matches!(assignment, Assignment::Increase | Assignment::Decrease);
            (*one != fluent || adds) && !sum_reads(sum, fluent)
        }
        Deed::When(condition, deeds) => !tree_reads(condition, fluent) && deeds_only_add(deeds, fluent),
    })
}

fn is_affine(sum: &Sum, fluent: usize) -> bool {
    match sum {
        Sum::Number(_) | Sum::Fluent(_) => true,
        Sum::Negate(part) => is_affine(part, fluent),
        Sum::Binary(operator, left, right) => match operator {
            Arithmetic::Add | Arithmetic::Subtract => is_affine(left, fluent) && is_affine(right, fluent),
            Arithmetic::Multiply => match (&**left, &**right) {
                (Sum::Number(_), other) | (other, Sum::Number(_)) => is_affine(other, fluent),
                _ => !sum_reads(sum, fluent),
            },
            Arithmetic::Divide => {
                !sum_reads(sum, fluent) || matches!(**right, Sum::Number(_)) && is_affine(left, fluent)
            }
        },
    }
}
