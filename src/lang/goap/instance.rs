//! Ground instances of action schemas: every template resolved to a variable's index.

use super::grounded::{GroundAction, GroundCondition, GroundEffect};
use super::model::{Action, Condition, Model};
use super::odometer::Odometer;
use super::resolve::{Binding, Resolver};

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

/// A position among the instances of a model. It does not borrow the model, so that a stepper can hold both.
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

    /// The effects of an instance; `None` where they write a variable twice.
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
