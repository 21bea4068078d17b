//! What somebody has seen of the world, written into the initial state of a model.
//!
//! The facts of a GOAP document are its variables by name. Those of a PDDL problem are atoms, `(at truck depot)`,
//! which are true or false, and numeric fluents, `(fuel truck)`, which have a number.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::subject::Model;
use crate::diagnostic::Span;
use crate::lang::goap::model::{INT_MAX, Kind, Value as GoapValue};
use crate::lang::nearest::nearest;
use crate::lang::pddl::model::{FunctionId, InitialAtoms, InitialValues, ObjectId, Parameter, PredicateId};
use crate::lang::{goap, letters, pddl};

/// Why a fact was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObserveError {
    /// The model has no variable, predicate, function or object of this name.
    #[error("there is no {kind} called {name:?}{}", suggestion(nearest.as_deref()))]
    Unknown {
        /// `variable`, `predicate or function`, or `object`.
        kind: &'static str,
        /// What was given.
        name: String,
        /// The known name that is nearest to it.
        nearest: Option<String>,
    },
    /// The fact cannot have this value.
    #[error("{fact:?} must be {expected}, not {given}")]
    Value {
        /// The fact.
        fact: String,
        /// What it can be.
        expected: String,
        /// What was given, as JSON.
        given: String,
    },
    /// The atom or fluent does not fit its declaration.
    #[error("{fact:?} {reason}")]
    Shape {
        /// The fact.
        fact: String,
        /// What is wrong with it.
        reason: String,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("; did you mean {nearest:?}?")).unwrap_or_default()
}

impl Model {
    /// The facts of the initial state. Of PDDL's atoms, those that hold.
    pub(super) fn facts(&self) -> BTreeMap<String, Value> {
        match self {
            Self::Goap(model) => {
                let fact =
                    |variable: &goap::model::Variable| (variable.name.clone(), json(&variable.initial));
                model.variables.iter().map(fact).collect()
            }
            Self::Pddl(model) => {
                let written = |name: &str, arguments: &[ObjectId]| {
                    let objects = arguments.iter().map(|object| &*model.objects[object.0 as usize].name);
                    format!("({})", [name].into_iter().chain(objects).collect::<Vec<_>>().join(" "))
                };
                let atoms = model.atoms.iter().map(|(predicate, arguments, _)| {
                    (written(&model.predicates[predicate.0 as usize].name, arguments), Value::Bool(true))
                });
                let values = model.values.iter().map(|(function, arguments, value, _)| {
                    (written(&model.functions[function.0 as usize].name, arguments), Value::from(value))
                });
                atoms.chain(values).collect()
            }
        }
    }

    /// Changes facts of the initial state: all of them, or none. A model that others hold too is copied first.
    /// O(facts given + initial state), and O(model) for a copy.
    ///
    /// # Errors
    /// [`ObserveError`] for the first fact that the model cannot have.
    pub(super) fn observe(&mut self, facts: &Map<String, Value>) -> Result<(), ObserveError> {
        match self {
            Self::Goap(model) => {
                let variables = model.variables.iter().enumerate();
                let known = variables.map(|(at, variable)| (variable.name.as_str(), at)).collect();
                let seen = facts.iter().map(|(name, value)| variable(model, &known, name, value));
                let seen: Vec<(usize, GoapValue)> = seen.collect::<Result<_, _>>()?;
                let model = Arc::make_mut(model);
                for (variable, value) in seen {
                    model.variables[variable].initial = value;
                }
            }
            Self::Pddl(model) => {
                let names = Names::new(model);
                let seen = facts.iter().map(|(fact, value)| Seen::read(model, &names, fact, value));
                let seen: Vec<Seen> = seen.collect::<Result<_, _>>()?;
                let (atoms, values) = (atoms(model, &seen), values(model, &seen));
                let model = Arc::make_mut(model);
                (model.atoms, model.values) = (atoms, values);
            }
        }
        Ok(())
    }
}

fn json(value: &GoapValue) -> Value {
    match value {
        GoapValue::Bool(value) => Value::from(*value),
        GoapValue::Int(value) => Value::from(*value),
        GoapValue::Float(value) => Value::from(*value),
        GoapValue::Symbol(symbol) => Value::from(symbol.as_str()),
    }
}

/// A variable by its name, and the value for it.
fn variable(
    model: &goap::Model,
    known: &HashMap<&str, usize>,
    name: &str,
    value: &Value,
) -> Result<(usize, GoapValue), ObserveError> {
    let Some(&at) = known.get(name) else {
        let known = model.variables.iter().map(|variable| variable.name.as_str());
        return Err(unknown("variable", name, known));
    };
    let kind = &model.variables[at].kind;
    let fitting = fitting(kind, value).ok_or_else(|| refused(name, expected(kind), value))?;
    Ok((at, fitting))
}

/// The value as one of its kind; `None` where it is none.
fn fitting(kind: &Kind, value: &Value) -> Option<GoapValue> {
    match kind {
        Kind::Bool => value.as_bool().map(GoapValue::Bool),
        Kind::Int(range) => {
            let (least, most) = range.unwrap_or((-INT_MAX, INT_MAX));
            let whole = value.as_i64().or_else(|| whole(value.as_f64()?));
            whole.filter(|number| (least..=most).contains(number)).map(GoapValue::Int)
        }
        Kind::Float(range) => {
            let (least, most) = range.unwrap_or((f64::MIN, f64::MAX));
            value.as_f64().filter(|number| (least..=most).contains(number)).map(GoapValue::Float)
        }
        Kind::Enum(symbols) => {
            let symbol = value.as_str()?;
            symbols.iter().any(|known| known == symbol).then(|| GoapValue::Symbol(symbol.to_owned()))
        }
    }
}

/// A number of JavaScript as an integer; `None` where it has a fraction or is too large.
fn whole(number: f64) -> Option<i64> {
    let is_whole = number.trunc().to_bits() == (number + 0.0).to_bits();
    (is_whole && number.abs() <= INT_MAX as f64).then_some(number as i64)
}

fn expected(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "true or false".to_owned(),
        Kind::Int(None) => "a whole number".to_owned(),
        Kind::Int(Some((least, most))) => format!("a whole number from {least} to {most}"),
        Kind::Float(None) => "a number".to_owned(),
        Kind::Float(Some((least, most))) => format!("a number from {least} to {most}"),
        Kind::Enum(symbols) => format!("one of {}", symbols.join(", ")),
    }
}

/// Where each name of a PDDL model stands.
struct Names<'m> {
    predicates: HashMap<&'m str, usize>,
    functions: HashMap<&'m str, usize>,
    objects: HashMap<&'m str, usize>,
}

impl<'m> Names<'m> {
    fn new(model: &'m pddl::Model) -> Self {
        let predicates = model.predicates.iter().map(|predicate| predicate.name.as_str());
        let functions = model.functions.iter().map(|function| function.name.as_str());
        let objects = model.objects.iter().map(|object| object.name.as_str());
        Self {
            predicates: predicates.zip(0..).collect(),
            functions: functions.zip(0..).collect(),
            objects: objects.zip(0..).collect(),
        }
    }
}

/// A fact of PDDL, and the value that it has.
enum Seen {
    Atom((PredicateId, Vec<ObjectId>), bool),
    Fluent((FunctionId, Vec<ObjectId>), f64),
}

impl Seen {
    /// Reads `(name object …)`, with or without its brackets.
    fn read(model: &pddl::Model, names: &Names<'_>, fact: &str, value: &Value) -> Result<Self, ObserveError> {
        let inner = fact.trim();
        let inner = inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(inner);
        let folded = letters::fold(inner);
        let mut words = folded.split_whitespace();
        let name = words.next().unwrap_or_default();
        let arguments: Vec<ObjectId> =
            words.map(|word| object(model, names, word)).collect::<Result<_, _>>()?;
        if let Some(&at) = names.predicates.get(name) {
            let predicate = &model.predicates[at];
            check(model, fact, &predicate.parameters, &arguments)?;
            if predicate.stratum.is_some() {
                let reason = "is derived: observe what it is derived from".to_owned();
                return Err(ObserveError::Shape { fact: fact.to_owned(), reason });
            }
            let holds = value.as_bool().ok_or_else(|| refused(fact, "true or false".to_owned(), value))?;
            return Ok(Self::Atom((PredicateId(at as u32), arguments), holds));
        }
        if let Some(&at) = names.functions.get(name) {
            check(model, fact, &model.functions[at].parameters, &arguments)?;
            let number = value.as_f64().ok_or_else(|| refused(fact, "a number".to_owned(), value))?;
            return Ok(Self::Fluent((FunctionId(at as u32), arguments), number));
        }
        let predicates = model.predicates.iter().map(|predicate| predicate.name.as_str());
        let functions = model.functions.iter().map(|function| function.name.as_str());
        Err(unknown("predicate or function", name, predicates.chain(functions)))
    }
}

fn object(model: &pddl::Model, names: &Names<'_>, name: &str) -> Result<ObjectId, ObserveError> {
    let at = names.objects.get(name);
    let known = || model.objects.iter().map(|object| object.name.as_str());
    at.map(|&at| ObjectId(at as u32)).ok_or_else(|| unknown("object", name, known()))
}

/// Whether the arguments fit the parameters.
fn check(
    model: &pddl::Model,
    fact: &str,
    parameters: &[Parameter],
    arguments: &[ObjectId],
) -> Result<(), ObserveError> {
    let shape = |reason: String| ObserveError::Shape { fact: fact.to_owned(), reason };
    if parameters.len() != arguments.len() {
        let (takes, has) = (parameters.len(), arguments.len());
        return Err(shape(format!("takes {takes} objects, and has {has}")));
    }
    for (parameter, argument) in parameters.iter().zip(arguments) {
        let fits =
            |one: &pddl::model::TypeId| model.types[one.0 as usize].objects.binary_search(argument).is_ok();
        if !parameter.types.iter().any(fits) {
            let name = &model.objects[argument.0 as usize].name;
            let types = parameter.types.iter().map(|one| &*model.types[one.0 as usize].name);
            let types = types.collect::<Vec<_>>().join(" or ");
            return Err(shape(format!("has {name} where it takes a {types}")));
        }
    }
    Ok(())
}

/// The initial atoms with what was seen.
fn atoms(model: &pddl::Model, seen: &[Seen]) -> InitialAtoms {
    let mut changed = BTreeMap::new();
    for seen in seen {
        if let Seen::Atom((predicate, arguments), holds) = seen {
            changed.insert((*predicate, arguments.as_slice()), *holds);
        }
    }
    let mut atoms = InitialAtoms::default();
    let mut kept = BTreeSet::new();
    for (predicate, arguments, span) in model.atoms.iter() {
        match changed.get(&(predicate, arguments)) {
            Some(false) => {}
            Some(true) => {
                kept.insert((predicate, arguments));
                atoms.push(predicate, arguments, span);
            }
            None => atoms.push(predicate, arguments, span),
        }
    }
    for ((predicate, arguments), holds) in &changed {
        if *holds && !kept.contains(&(*predicate, *arguments)) {
            atoms.push(*predicate, arguments, Span::default());
        }
    }
    atoms
}

/// The initial numbers with what was seen.
fn values(model: &pddl::Model, seen: &[Seen]) -> InitialValues {
    let mut changed = BTreeMap::new();
    for seen in seen {
        if let Seen::Fluent((function, arguments), number) = seen {
            changed.insert((*function, arguments.as_slice()), *number);
        }
    }
    let mut values = InitialValues::default();
    for (function, arguments, value, span) in model.values.iter() {
        let value = changed.remove(&(function, arguments)).unwrap_or(value);
        values.push(function, arguments, value, span);
    }
    for ((function, arguments), number) in changed {
        values.push(function, arguments, number, Span::default());
    }
    values
}

fn unknown<'k>(kind: &'static str, name: &str, known: impl Iterator<Item = &'k str>) -> ObserveError {
    let nearest = nearest(name, known).map(str::to_owned);
    ObserveError::Unknown { kind, name: name.to_owned(), nearest }
}

fn refused(fact: &str, expected: String, given: &Value) -> ObserveError {
    ObserveError::Value { fact: fact.to_owned(), expected, given: given.to_string() }
}
