//! Ground instances of action schemas: every template resolved to a variable's index.
//!
//! An instance is identified by its number. Its parts are built whenever they are needed, in reused memory.
//! So a million instances take four bytes each, and building one allocates memory only if it is of another
//! schema than the last one.

use smallvec::SmallVec;

use super::grounded::{GroundAction, GroundCondition, GroundEffect};
use super::model::{Action, Condition, Model};
use super::odometer::{Odometer, digits};
use super::resolve::{Binding, Resolver};

/// The ground instances of a model: actions in file order, arguments in lexicographic order with the first
/// parameter slowest. Instances that write a variable twice are left out.
#[derive(Clone, Debug)]
pub struct Instances<'m> {
    model: &'m Model,
    table: InstanceTable,
    workspace: Workspace,
}

impl<'m> Instances<'m> {
    /// The instances of `model`, which holds no more than the checker allows.
    pub fn new(model: &'m Model) -> Self {
        Self { model, table: InstanceTable::new(model), workspace: Workspace::default() }
    }
}

impl Iterator for Instances<'_> {
    type Item = GroundAction;

    fn next(&mut self) -> Option<GroundAction> {
        self.table.list_next(self.model, &mut self.workspace).cloned()
    }
}

/// The instances of a model by number. The table does not borrow the model, so that a stepper can hold both;
/// it must always be given the same model.
#[derive(Clone, Debug, Default)]
pub struct InstanceTable {
    resolver: Resolver,
    /// For each schema that was begun: the number of its first instance.
    starts: Vec<u32>,
    /// Indexed by instance: its binding, counted in lexicographic order.
    bindings: Vec<u32>,
    /// The next binding of the last schema that was begun, and how many it has.
    next: u32,
    end: u32,
}

/// The memory in which an instance is built. A workspace serves one table.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    instance: Option<GroundAction>,
    /// The number of its binding; [`NO_BINDING`] while the instance is incomplete.
    binding: u32,
    buffer: String,
}

/// Stands for no binding.
const NO_BINDING: u32 = u32::MAX;

impl InstanceTable {
    /// A table of the instances of `model`, of which none is listed yet. O(variables).
    pub fn new(model: &Model) -> Self {
        Self { resolver: Resolver::new(model), ..Self::default() }
    }

    /// Instances listed so far.
    pub fn len(&self) -> usize {
        self.bindings.len()
    }

    /// Whether no instance is listed.
    pub fn is_empty(&self) -> bool {
        self.bindings.is_empty()
    }

    /// Lists the next instance; always with the same model.
    pub fn list_next<'s>(&mut self, model: &Model, workspace: &'s mut Workspace) -> Option<&'s GroundAction> {
        loop {
            while self.next == self.end {
                let schema = model.actions.get(self.starts.len())?;
                self.starts.push(self.bindings.len() as u32);
                (self.next, self.end) = (0, bindings(schema));
            }
            let (action, binding) = (self.starts.len() - 1, self.next);
            self.next += 1;
            if self.resolver.put_together(model, action, binding, workspace)
                && !writes_twice(model, action, workspace)
            {
                self.bindings.push(binding);
                return workspace.instance.as_ref();
            }
        }
    }

    /// The listed instance with this number, built in `workspace`.
    ///
    /// # Panics
    /// If it is not listed, or if the model is another one.
    pub fn at<'s>(&self, model: &Model, number: usize, workspace: &'s mut Workspace) -> &'s GroundAction {
        let is_of = |action: usize| {
            let ends =
                [action, action + 1].map(|at| self.starts.get(at).map_or(usize::MAX, |&at| at as usize));
            ends[0] <= number && number < ends[1]
        };
        let (action, binding) = match &workspace.instance {
            Some(last) if is_of(last.action) => (last.action as u32, self.bindings[number]),
            _ => self.source(number),
        };
        let is_there = self.resolver.put_together(model, action as usize, binding, workspace);
        match &workspace.instance {
            Some(instance) if is_there => instance,
            _ => unreachable!("what was listed can be put together again"),
        }
    }

    /// The instance with this number, in memory of its own.
    ///
    /// # Panics
    /// As [`at`](Self::at).
    pub fn instance(&self, model: &Model, number: usize) -> GroundAction {
        self.at(model, number, &mut Workspace::default()).clone()
    }

    /// The schema of an instance, and its binding by number. O(log schemas).
    pub fn source(&self, number: usize) -> (u32, u32) {
        let action = self.starts.partition_point(|&start| start as usize <= number) - 1;
        (action as u32, self.bindings[number])
    }

    /// A goal's condition with every name resolved.
    pub fn goal(&self, condition: &Condition) -> Option<GroundCondition> {
        self.resolver.condition(condition, Binding::EMPTY, &mut String::new())
    }

    /// Bytes held, without those of names, which are linear in the model.
    pub fn memory_bytes(&self) -> usize {
        (self.starts.capacity() + self.bindings.capacity()) * 4
    }

    /// Most bytes that listing the next instance allocates.
    pub fn growth_bytes(&self) -> usize {
        if self.bindings.len() < self.bindings.capacity() { 0 } else { self.bindings.capacity().max(4) * 8 }
    }
}

impl Resolver {
    /// Builds an instance; answers `false` if a name in it is not a variable's.
    fn put_together(&self, model: &Model, action: usize, binding: u32, workspace: &mut Workspace) -> bool {
        let Some(schema) = model.actions.get(action) else { return false };
        let Workspace { instance, binding: present, buffer } = workspace;
        let is_there = match instance {
            Some(instance) if instance.action == action => {
                if *present == binding {
                    return true;
                }
                set_arguments(schema, binding, &mut instance.arguments);
                self.rebind(schema, instance, buffer).is_some()
            }
            _ => {
                let mut arguments = Vec::with_capacity(schema.parameters.len());
                set_arguments(schema, binding, &mut arguments);
                *instance = self.bind(action, schema, arguments, buffer);
                instance.is_some()
            }
        };
        *present = if is_there { binding } else { NO_BINDING };
        is_there
    }

    fn bind(
        &self,
        action: usize,
        schema: &Action,
        arguments: Vec<usize>,
        buffer: &mut String,
    ) -> Option<GroundAction> {
        let binding = Binding { parameters: &schema.parameters, arguments: &arguments };
        let mut effects = Vec::with_capacity(schema.effects.len());
        for effect in &schema.effects {
            let variable = self.variable(&effect.variable, binding, buffer)?;
            let value = self.operand(&effect.value, variable, binding, buffer)?;
            effects.push(GroundEffect { variable, kind: effect.kind, value, span: effect.span });
        }
        let mut per = Vec::with_capacity(schema.cost.per.len());
        for (template, factor) in &schema.cost.per {
            per.push((self.variable(template, binding, buffer)?, factor.clone()));
        }
        let precondition = self.condition(&schema.precondition, binding, buffer)?;
        Some(GroundAction { action, arguments, precondition, effects, per })
    }

    /// Resolves the names of an instance again after its arguments have changed.
    fn rebind(&self, schema: &Action, instance: &mut GroundAction, buffer: &mut String) -> Option<()> {
        let GroundAction { arguments, precondition, effects, per, .. } = instance;
        let binding = Binding { parameters: &schema.parameters, arguments };
        for (effect, own) in schema.effects.iter().zip(effects) {
            self.rebind_pair(
                &effect.variable,
                &effect.value,
                binding,
                (&mut own.variable, &mut own.value),
                buffer,
            )?;
        }
        for ((template, _), own) in schema.cost.per.iter().zip(per) {
            if !template.is_fixed() {
                own.0 = self.variable(template, binding, buffer)?;
            }
        }
        self.rebind_condition(&schema.precondition, binding, precondition, buffer)
    }
}

/// How many bindings an action has.
fn bindings(schema: &Action) -> u32 {
    // The checker allows no more instances than fit.
    schema.parameters.iter().map(|parameter| parameter.values.len() as u32).product()
}

fn set_arguments(schema: &Action, binding: u32, arguments: &mut Vec<usize>) {
    arguments.resize(schema.parameters.len(), 0);
    digits(binding, schema.parameters.iter().map(|parameter| parameter.values.len()), arguments);
}

/// The arguments of a binding of an action, by its number: for each parameter, an index into its values.
pub fn arguments_of(schema: &Action, binding: u32) -> Vec<usize> {
    let mut arguments = Vec::new();
    set_arguments(schema, binding, &mut arguments);
    arguments
}

/// Whether an instance with parameters writes a variable twice.
fn writes_twice(model: &Model, action: usize, workspace: &Workspace) -> bool {
    let (Some(schema), Some(instance)) = (model.actions.get(action), &workspace.instance) else {
        return false;
    };
    !schema.parameters.is_empty()
        && written_twice(instance.effects.iter().map(|effect| effect.variable)).is_some()
}

/// A goal's condition with every name resolved; `None` only where the model was not checked.
pub fn resolve_goal(model: &Model, condition: &Condition) -> Option<GroundCondition> {
    Resolver::new(model).condition(condition, Binding::EMPTY, &mut String::new())
}

/// The bindings of `action`, first parameter slowest.
pub(super) fn bindings_of(action: &Action) -> Odometer {
    Odometer::new(action.parameters.iter().map(|parameter| parameter.values.len()).collect())
}

/// A variable that stands twice in `writes`.
pub(super) fn written_twice(writes: impl Iterator<Item = usize>) -> Option<usize> {
    let mut sorted: SmallVec<[usize; 8]> = writes.collect();
    sorted.sort_unstable();
    sorted.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::goap::parse;

    fn model(parameters: &str, effects: &str) -> Model {
        let text = format!(
            r#"{{ "format": "planscope-goap/1", "state": {{ "x": 0, "y": 0, "kind": {{ "enum": ["p", "q"], "value": "p" }} }},
              "actions": [
                {{ "name": "wait" }},
                {{ "name": "go", "parameters": {{ {parameters} }}, "effects": {{ {effects} }} }},
                {{ "name": "end", "preconditions": {{ "x": 1 }}, "effects": {{ "y": 2 }} }}],
              "goals": [{{ "name": "g", "conditions": {{ "y": 2 }} }}] }}"#
        );
        parse(&text).model.expect("the document has no errors")
    }

    fn listed(mut table: InstanceTable, model: &Model) -> (InstanceTable, Vec<GroundAction>) {
        let mut workspace = Workspace::default();
        let instances = std::iter::from_fn(|| table.list_next(model, &mut workspace).cloned()).collect();
        (table, instances)
    }

    #[test]
    fn an_instance_is_the_same_in_whatever_order_it_is_looked_at() {
        let names = r#""a": ["x", "y"], "b": ["x", "y"], "k": ["p", "q"]"#;
        let model = model(names, r#""$a": 1, "$b": { "var": "$a" }, "kind": "$k""#);
        let (table, instances) = listed(InstanceTable::new(&model), &model);
        // Where both are one, the variable is written twice.
        assert_eq!(instances.len(), 6);
        let (mut workspace, count) = (Workspace::default(), instances.len());
        for step in 0..3 * count {
            let number = (step * 5 + step / count) % count;
            assert_eq!(table.at(&model, number, &mut workspace), &instances[number]);
            assert_eq!(table.instance(&model, number), instances[number]);
            let (action, binding) = table.source(number);
            assert_eq!(action as usize, instances[number].action);
            assert_eq!(arguments_of(&model.actions[action as usize], binding), instances[number].arguments);
        }
    }
}
