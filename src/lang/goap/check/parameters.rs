//! Parameters and the values they range over.

use super::super::codes;
use super::super::model::{Argument, Parameter, Value};
use super::super::syntax::{Data, Member, NodeId, quoted, shortened};
use super::declared::Declared;
use super::reader::Reader;
use super::scope::Scope;
use crate::diagnostic::Diagnostic;

impl Reader<'_> {
    /// The scope that the parameters in the object `id` open.
    pub fn parameters(&mut self, id: NodeId, declared: &Declared) -> Scope {
        let mut scope = Scope::default();
        let Some(fields) = self.object(id, "an object of parameters, such as { \"to\": \"location\" }")
        else {
            scope.broken = true;
            return scope;
        };
        for member in fields.members {
            if member.key.is_empty() {
                self.empty_name(member.key_span);
                continue;
            }
            let name = member.key.replace('$', "");
            if name != member.key {
                self.dollar(member, &name);
            }
            let values = self.values(member, declared);
            scope.broken |= values.is_none();
            scope.used.push(false);
            scope.parameters.push(Parameter {
                name,
                span: member.key_span,
                values: values.unwrap_or_default(),
            });
        }
        scope
    }

    /// A reference is `$` and the name: a name with a `$` of its own could not be told from it.
    fn dollar(&mut self, member: &Member, right: &str) {
        let key = shortened(&member.key);
        let report = Diagnostic::error(
            codes::RESERVED_NAME,
            member.key_span,
            format!("the parameter's name \"{key}\" contains `$`"),
        )
        .with_help("declare it without; `$` stands before the name where it is used");
        self.findings.push(match right {
            "" => report,
            right => report.with_fix(format!("Change to {}", quoted(right)), member.key_span, quoted(right)),
        });
    }

    fn values(&mut self, member: &Member, declared: &Declared) -> Option<Vec<Argument>> {
        match &self.node(member.value).data {
            Data::String(name) => {
                let values = self.enum_values(name, self.span(member.value), declared)?;
                let argument =
                    |value: &String| Argument { value: Value::Symbol(value.clone()), text: value.clone() };
                Some(values.iter().map(argument).collect())
            }
            Data::Array(elements) => self.listed(elements),
            _ => {
                self.wrong_type(member.value, "the name of an enum variable, or a list of values");
                None
            }
        }
    }

    fn listed(&mut self, elements: &[NodeId]) -> Option<Vec<Argument>> {
        let mut values = Vec::with_capacity(elements.len());
        let mut sound = true;
        for &element in elements {
            let text = match &self.node(element).data {
                Data::String(text) => text.as_str(),
                _ => self.tree.text(element),
            };
            match self.literal(element, "a bool, a number or a string") {
                Some(value) => values.push((element, Argument { value, text: text.to_owned() })),
                None => sound = false,
            }
        }
        sound &= self.one_type(&mut values);
        self.drop_duplicates(&mut values);
        sound.then(|| values.into_iter().map(|(_, argument)| argument).collect())
    }

    /// Makes floats of all numbers where one is a float; reports the first value of another type.
    fn one_type(&mut self, values: &mut [(NodeId, Argument)]) -> bool {
        let Some(first) = values.first().map(|(_, argument)| type_name(&argument.value)) else { return true };
        let odd = values.iter().find(|(_, argument)| type_name(&argument.value) != first);
        if let Some((id, argument)) = odd {
            let found = type_name(&argument.value);
            self.findings.push(
                Diagnostic::error(
                    codes::MIXED_TYPES,
                    self.span(*id),
                    format!("this is a {found}, and the values before it are {first}s"),
                )
                .with_help("the values of a parameter are of one type"),
            );
            return false;
        }
        if values.iter().any(|(_, argument)| matches!(argument.value, Value::Float(_))) {
            for (_, argument) in values {
                if let Value::Int(value) = argument.value {
                    argument.value = Value::Float(value as f64);
                }
            }
        }
        true
    }

    fn drop_duplicates(&mut self, values: &mut Vec<(NodeId, Argument)>) {
        let mut seen = std::collections::HashSet::new();
        values.retain(|(id, argument)| {
            let is_first = seen.insert(argument.value.to_string());
            if !is_first {
                self.duplicate_value(*id, &argument.text);
            }
            is_first
        });
    }

    /// Warns of parameters that nothing refers to.
    pub fn unused_parameters(&mut self, scope: &Scope) {
        if scope.undeclared {
            return;
        }
        let unused = scope.parameters.iter().zip(&scope.used).filter(|(_, used)| !**used);
        for (parameter, _) in unused {
            let name = shortened(&parameter.name);
            self.findings.push(
                Diagnostic::warning(
                    codes::UNUSED_PARAMETER,
                    parameter.span,
                    format!("the parameter `{name}` is never used"),
                )
                .with_help(format!("use it as ${name}, or remove it: it only multiplies equal actions")),
            );
        }
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::Float(_) => "number",
        Value::Symbol(_) => "string",
    }
}
