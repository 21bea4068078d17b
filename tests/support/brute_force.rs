//! A planner that is too simple to be wrong: it interprets the source model value by value and
//! sees every reachable state.
//!
//! It shares nothing with the engine but the checked model: names are put in by text, conditions,
//! effects and costs are evaluated here, from the words of the format's description.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use planscope::lang::goap::model::{
    Action, Argument, Comparator, Condition, EffectKind, Kind, Model, Piece, Template, Term, Value,
};

/// What integers can be told apart as floats.
const INT_MAX: i64 = 9_007_199_254_740_991;
/// Costs below zero by less than this are rounding.
const ROUNDING: f64 = 5e-10;

/// The values of all variables, in the model's order.
pub type State = Vec<Value>;

/// An action with an argument for each of its parameters.
#[derive(Clone, Debug)]
pub struct Instance<'m> {
    /// The action.
    pub action: &'m Action,
    /// Its arguments.
    pub arguments: Vec<&'m Argument>,
}

/// The model and where its variables stand.
pub struct Interpreter<'m> {
    model: &'m Model,
    places: HashMap<&'m str, usize>,
    /// Every instance that writes no variable twice.
    pub instances: Vec<Instance<'m>>,
}

impl<'m> Interpreter<'m> {
    /// An interpreter of `model`.
    pub fn new(model: &'m Model) -> Self {
        let places = model.variables.iter().enumerate().map(|(at, one)| (one.name.as_str(), at)).collect();
        let instances = model.actions.iter().flat_map(bindings).collect();
        let mut interpreter = Self { model, places, instances };
        let instances = std::mem::take(&mut interpreter.instances);
        interpreter.instances =
            instances.into_iter().filter(|instance| interpreter.writes_once(instance)).collect();
        interpreter
    }

    /// The values that the document begins with.
    pub fn initial(&self) -> State {
        self.model.variables.iter().map(|variable| plain(variable.initial.clone())).collect()
    }

    /// Whether a goal holds.
    pub fn reaches(&self, state: &State, goal: usize) -> bool {
        self.holds(state, &self.model.goals[goal].conditions, &[])
    }

    /// The state after `instance` and what it costs; `None` where it does not apply.
    pub fn apply(&self, state: &State, instance: &Instance<'m>) -> Option<(State, f64)> {
        let Instance { action, arguments } = instance;
        if !self.holds(state, &action.precondition, arguments) {
            return None;
        }
        let metric = self.metric(state, action, arguments)?;
        let mut after = state.clone();
        for effect in &action.effects {
            let variable = self.place(&effect.variable, arguments);
            let right = self.value(state, &effect.value, arguments);
            let value = match effect.kind {
                EffectKind::Set => right,
                EffectKind::Increase => sum(&state[variable], &right, 1.0)?,
                EffectKind::Decrease => sum(&state[variable], &right, -1.0)?,
            };
            after[variable] = fitted(&self.model.variables[variable].kind, value)?;
        }
        Some((after, metric))
    }

    fn metric(&self, state: &State, action: &Action, arguments: &[&Argument]) -> Option<f64> {
        let weights = &self.model.metric;
        let mut cost = action.cost.base.value;
        for (variable, factor) in &action.cost.per {
            cost += factor.value * float(&state[self.place(variable, arguments)]);
        }
        let risk = -(f64::from(action.confidence) / 100.0).ln();
        let metric = weights.cost.value * cost
            + weights.duration.value * action.duration.value
            + weights.risk.value * risk;
        if metric > 0.0 {
            return metric.is_finite().then_some(metric);
        }
        (metric >= -ROUNDING).then_some(0.0)
    }

    fn holds(&self, state: &State, condition: &Condition, arguments: &[&Argument]) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.holds(state, part, arguments)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(state, part, arguments)),
            Condition::Not(part) => !self.holds(state, part, arguments),
            Condition::Compare(comparison) => {
                let left = &state[self.place(&comparison.variable, arguments)];
                let right = self.value(state, &comparison.right, arguments);
                match (order(left, &right), comparison.operator) {
                    (None, operator) => operator == Comparator::NotEqual,
                    (Some(order), Comparator::Equal) => order.is_eq(),
                    (Some(order), Comparator::NotEqual) => order.is_ne(),
                    (Some(order), Comparator::Less) => order.is_lt(),
                    (Some(order), Comparator::AtMost) => order.is_le(),
                    (Some(order), Comparator::Greater) => order.is_gt(),
                    (Some(order), Comparator::AtLeast) => order.is_ge(),
                }
            }
        }
    }

    fn value(&self, state: &State, term: &Term, arguments: &[&Argument]) -> Value {
        match term {
            Term::Literal(value) => value.clone(),
            Term::Parameter(index) => arguments[*index].value.clone(),
            Term::Symbol(template) => Value::Symbol(text(template, arguments).into_owned()),
            Term::Variable(template) => state[self.place(template, arguments)].clone(),
        }
    }

    fn place(&self, template: &Template, arguments: &[&Argument]) -> usize {
        self.places[text(template, arguments).as_ref()]
    }

    fn writes_once(&self, instance: &Instance<'m>) -> bool {
        let effects = instance.action.effects.iter();
        let mut written: Vec<usize> =
            effects.map(|effect| self.place(&effect.variable, &instance.arguments)).collect();
        written.sort_unstable();
        written.windows(2).all(|pair| pair[0] != pair[1])
    }
}

/// Every combination of arguments.
fn bindings(action: &Action) -> Vec<Instance<'_>> {
    let mut all: Vec<Vec<&Argument>> = vec![Vec::new()];
    for parameter in &action.parameters {
        let mut longer = Vec::new();
        for begun in &all {
            longer.extend(parameter.values.iter().map(|value| [begun.as_slice(), &[value]].concat()));
        }
        all = longer;
    }
    all.into_iter().map(|arguments| Instance { action, arguments }).collect()
}

fn text<'t>(template: &'t Template, arguments: &[&'t Argument]) -> Cow<'t, str> {
    let piece = |piece: &'t Piece| match piece {
        Piece::Text(text) => text.as_str(),
        Piece::Parameter(index) => arguments[*index].text.as_str(),
    };
    match template.pieces.as_slice() {
        [one] => Cow::Borrowed(piece(one)),
        pieces => Cow::Owned(pieces.iter().map(piece).collect()),
    }
}

fn float(value: &Value) -> f64 {
    match value {
        Value::Int(value) => *value as f64,
        Value::Float(value) => *value,
        other => panic!("{other} is no number"),
    }
}

/// How two values compare; `None` for bools and symbols that differ.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => (left == right).then_some(Ordering::Equal),
        (Value::Symbol(left), Value::Symbol(right)) => (left == right).then_some(Ordering::Equal),
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (left, right) => float(left).partial_cmp(&float(right)),
    }
}

fn sum(left: &Value, right: &Value, sign: f64) -> Option<Value> {
    Some(match (left, right) {
        (Value::Int(left), Value::Int(right)) => {
            let wide = i128::from(*left) + i128::from(*right) * sign as i128;
            Value::Int(i64::try_from(wide).ok()?)
        }
        (left, right) => Value::Float(float(left) + sign * float(right)),
    })
}

/// The value as its variable holds it; `None` where it cannot.
fn fitted(kind: &Kind, value: Value) -> Option<Value> {
    let fits = match (kind, &value) {
        (Kind::Bool, Value::Bool(_)) => true,
        (Kind::Enum(symbols), Value::Symbol(symbol)) => symbols.contains(symbol),
        (Kind::Int(range), Value::Int(value)) => {
            let (low, high) = range.unwrap_or((-INT_MAX, INT_MAX));
            low.max(-INT_MAX) <= *value && *value <= high.min(INT_MAX)
        }
        (Kind::Float(range), number) => {
            let number = float(number);
            let (low, high) = range.unwrap_or((f64::MIN, f64::MAX));
            low <= number && number <= high
        }
        (kind, value) => panic!("{value} in {kind:?}"),
    };
    let value = if matches!(kind, Kind::Float(_)) { Value::Float(float(&value)) } else { value };
    fits.then(|| plain(value))
}

/// Minus zero is zero.
fn plain(value: Value) -> Value {
    if value == Value::Float(0.0) { Value::Float(0.0) } else { value }
}

/// Equal for equal states.
fn key(state: &State) -> Vec<u8> {
    let mut key = Vec::with_capacity(state.len() * 8);
    for value in state {
        // A variable holds values of one kind.
        match value {
            Value::Bool(value) => key.push(u8::from(*value)),
            Value::Int(value) => key.extend(value.to_le_bytes()),
            Value::Float(value) => key.extend(value.to_bits().to_le_bytes()),
            Value::Symbol(symbol) => {
                key.extend(symbol.as_bytes());
                key.push(b'\n');
            }
        }
    }
    key
}

/// Every state that can be reached, and what can be done in each.
pub struct Graph {
    /// States in the order in which they were found; the first is the initial one.
    pub states: Vec<State>,
    /// Per state the cheapest way to it.
    pub distances: Vec<f64>,
    /// Per state: instance, successor, cost.
    pub edges: Vec<Vec<(usize, usize, f64)>>,
}

/// A node in a queue by cost.
#[derive(PartialEq)]
struct Entry(f64, usize);

impl Eq for Entry {}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.total_cmp(&self.0).then(other.1.cmp(&self.1))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Graph {
    /// The whole of it; `None` where there are more than `most` states.
    pub fn explore(interpreter: &Interpreter<'_>, most: usize) -> Option<Self> {
        let mut states = vec![interpreter.initial()];
        let mut ids = HashMap::from([(key(&states[0]), 0)]);
        let mut edges = Vec::new();
        while edges.len() < states.len() {
            let mut own = Vec::new();
            for (id, instance) in interpreter.instances.iter().enumerate() {
                let Some((after, cost)) = interpreter.apply(&states[edges.len()], instance) else { continue };
                let next = *ids.entry(key(&after)).or_insert_with(|| {
                    states.push(after);
                    states.len() - 1
                });
                own.push((id, next, cost));
            }
            edges.push(own);
            if states.len() > most {
                return None;
            }
        }
        let mut graph = Self { states, distances: Vec::new(), edges };
        graph.distances = spread(&graph.edges, &[0]);
        Some(graph)
    }

    /// The least cost of a plan for `goal`; `None` where there is no plan.
    pub fn optimum(&self, interpreter: &Interpreter<'_>, goal: usize) -> Option<f64> {
        let goals = (0..self.states.len()).filter(|&at| interpreter.reaches(&self.states[at], goal));
        goals.map(|at| self.distances[at]).min_by(f64::total_cmp)
    }

    /// The least number of steps of a plan for `goal`; `None` where there is no plan.
    pub fn steps_to(&self, interpreter: &Interpreter<'_>, goal: usize) -> Option<usize> {
        let mut depths = vec![usize::MAX; self.states.len()];
        depths[0] = 0;
        // States stand in the order of breadth-first search.
        for at in 0..self.states.len() {
            if interpreter.reaches(&self.states[at], goal) {
                return Some(depths[at]);
            }
            for &(_, next, _) in &self.edges[at] {
                depths[next] = depths[next].min(depths[at] + 1);
            }
        }
        None
    }

    /// Per state the least cost of a plan from it for `goal`; infinite where there is none.
    pub fn distances_to(&self, interpreter: &Interpreter<'_>, goal: usize) -> Vec<f64> {
        let mut backwards = vec![Vec::new(); self.edges.len()];
        for (from, own) in self.edges.iter().enumerate() {
            own.iter().for_each(|&(id, to, cost)| backwards[to].push((id, from, cost)));
        }
        let all = 0..self.states.len();
        let goals: Vec<usize> = all.filter(|&at| interpreter.reaches(&self.states[at], goal)).collect();
        spread(&backwards, &goals)
    }
}

/// Dijkstra's distances from any of `roots`.
fn spread(edges: &[Vec<(usize, usize, f64)>], roots: &[usize]) -> Vec<f64> {
    let mut distances = vec![f64::INFINITY; edges.len()];
    let mut queue: BinaryHeap<Entry> = roots.iter().map(|&root| Entry(0.0, root)).collect();
    roots.iter().for_each(|&root| distances[root] = 0.0);
    while let Some(Entry(distance, at)) = queue.pop() {
        if distance > distances[at] {
            continue;
        }
        for &(_, next, cost) in &edges[at] {
            if distance + cost < distances[next] {
                distances[next] = distance + cost;
                queue.push(Entry(distance + cost, next));
            }
        }
    }
    distances
}
