//! Ground instances of action schemas: every template resolved to a variable's index.

use super::model::{Action, Comparator, Condition, EffectKind, Model, Number, Value};
use super::odometer::Odometer;
use super::resolve::{Binding, Resolver};
use crate::diagnostic::Span;

/// A condition with every name resolved.
#[derive(Clone, Debug, PartialEq)]
pub enum GroundCondition {
    /// Every one holds; true where empty.
    All(Vec<GroundCondition>),
    /// At least one holds; false where empty.
    Any(Vec<GroundCondition>),
    /// The inner one does not hold.
    Not(Box<GroundCondition>),
    /// A comparison.
    Compare {
        /// Index into `Model::variables`.
        variable: usize,
        /// How they compare.
        operator: Comparator,
        /// What it is compared with.
        right: Operand,
        /// The comparison as written in the schema.
        span: Span,
    },
}

/// A value or a variable's value in the state before the action.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A value; already of the left side's type where an integer stands for a float.
    Value(Value),
    /// Index into `Model::variables`.
    Variable(usize),
}

/// An effect with every name resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundEffect {
    /// Index into `Model::variables`; no two effects of an instance share it.
    pub variable: usize,
    /// What becomes of it.
    pub kind: EffectKind,
    /// With this value.
    pub value: Operand,
    /// The effect as written in the schema.
    pub span: Span,
}

/// An action schema under one binding.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundAction {
    /// Index into `Model::actions`.
    pub action: usize,
    /// For each parameter, an index into its values.
    pub arguments: Vec<usize>,
    /// What must hold.
    pub precondition: GroundCondition,
    /// What it does.
    pub effects: Vec<GroundEffect>,
    /// The linear part of its cost: variable's index and factor. A variable may stand twice.
    pub per: Vec<(usize, Number)>,
}

impl GroundAction {
    /// Bytes held, nearly.
    pub fn memory_bytes(&self) -> usize {
        let text = |value: &Operand| match value {
            Operand::Value(Value::Symbol(symbol)) => symbol.len(),
            _ => 0,
        };
        let effects = self.effects.iter().map(|effect| size_of::<GroundEffect>() + text(&effect.value));
        let per = self.per.iter().map(|(_, factor)| size_of::<(usize, Number)>() + factor.text.len());
        let mut conditions = 0;
        let mut stack = vec![&self.precondition];
        while let Some(condition) = stack.pop() {
            conditions += size_of::<GroundCondition>();
            match condition {
                GroundCondition::All(parts) | GroundCondition::Any(parts) => stack.extend(parts),
                GroundCondition::Not(inner) => stack.push(inner),
                GroundCondition::Compare { right, .. } => conditions += text(right),
            }
        }
        size_of::<Self>() + self.arguments.len() * 8 + effects.chain(per).sum::<usize>() + conditions
    }
}

/// The ground instances of a model: actions in file order, arguments in lexicographic order with
/// the first parameter slowest. Instances that write a variable twice are left out.
#[derive(Clone, Debug)]
pub struct Instances<'m> {
    model: &'m Model,
    cursor: Cursor,
}

impl<'m> Instances<'m> {
    /// The instances of `model`, which holds no more than the checker allows.
    pub fn new(model: &'m Model) -> Self {
        Self { model, cursor: Cursor::new(model) }
    }
}

impl Iterator for Instances<'_> {
    type Item = GroundAction;

    fn next(&mut self) -> Option<GroundAction> {
        self.cursor.next(self.model)
    }
}

/// A place among the instances of a model, for steppers that hold both.
#[derive(Clone, Debug)]
pub struct Cursor {
    resolver: Resolver,
    action: usize,
    bindings: Odometer,
}

impl Cursor {
    /// Before the first instance of `model`.
    pub fn new(model: &Model) -> Self {
        let bindings = model.actions.first().map_or_else(|| Odometer::new(vec![0]), bindings_of);
        Self { resolver: Resolver::new(model), action: 0, bindings }
    }

    /// The next instance of `model`, always the same one.
    pub fn next(&mut self, model: &Model) -> Option<GroundAction> {
        while let Some(schema) = model.actions.get(self.action) {
            let Some(arguments) = self.bindings.current().map(<[usize]>::to_vec) else {
                self.action += 1;
                if let Some(schema) = model.actions.get(self.action) {
                    self.bindings = bindings_of(schema);
                }
                continue;
            };
            self.bindings.advance();
            if let Some(instance) = self.instance(schema, arguments) {
                return Some(instance);
            }
        }
        None
    }

    /// A goal's condition with every name resolved.
    pub fn goal(&mut self, condition: &Condition) -> Option<GroundCondition> {
        self.resolver.condition(condition, Binding::EMPTY)
    }

    fn instance(&mut self, schema: &Action, arguments: Vec<usize>) -> Option<GroundAction> {
        let binding = Binding { parameters: &schema.parameters, arguments: &arguments };
        let effects = self.effects(schema, binding)?;
        let mut per = Vec::with_capacity(schema.cost.per.len());
        for (template, factor) in &schema.cost.per {
            per.push((self.resolver.variable(template, binding)?, factor.clone()));
        }
        let precondition = self.resolver.condition(&schema.precondition, binding)?;
        Some(GroundAction { action: self.action, arguments, precondition, effects, per })
    }

    /// `None` where a variable is written twice.
    fn effects(&mut self, schema: &Action, binding: Binding<'_>) -> Option<Vec<GroundEffect>> {
        let mut effects = Vec::with_capacity(schema.effects.len());
        for effect in &schema.effects {
            let variable = self.resolver.variable(&effect.variable, binding)?;
            let value = self.resolver.operand(&effect.value, variable, binding)?;
            effects.push(GroundEffect { variable, kind: effect.kind, value, span: effect.span });
        }
        let writes = effects.iter().map(|effect| effect.variable);
        (schema.parameters.is_empty() || written_twice(writes).is_none()).then_some(effects)
    }
}

/// A goal's condition with every name resolved; `None` only where the model was not checked.
pub fn resolve_goal(model: &Model, condition: &Condition) -> Option<GroundCondition> {
    Resolver::new(model).condition(condition, Binding::EMPTY)
}

/// The bindings of `action`, first parameter slowest.
pub(super) fn bindings_of(action: &Action) -> Odometer {
    Odometer::new(action.parameters.iter().map(|parameter| parameter.values.len()).collect())
}

/// A variable that stands twice in `writes`.
pub(super) fn written_twice(writes: impl Iterator<Item = usize>) -> Option<usize> {
    let mut sorted: Vec<usize> = writes.collect();
    sorted.sort_unstable();
    sorted.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}
