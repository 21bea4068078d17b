//! The document as a whole, checked in pieces that can be interrupted between any two.

use std::collections::HashMap;

use super::super::codes;
use super::super::findings::Findings;
use super::super::model::{Action, Goal, Metric, Model, Number};
use super::super::syntax::{Data, NodeId, Tree, quoted, shortened};
use super::declared::Declared;
use super::keys;
use super::reader::{Fields, Reader};
use super::verify::{Context, Verifier};
use crate::diagnostic::{Diagnostic, Span};

/// Ground instances a document may have.
pub const MAX_INSTANCES: u64 = 1_000_000;

/// Conditions, effects and factors that all ground instances together may have.
pub const MAX_PARTS: u64 = 10_000_000;

/// Checks one document.
#[derive(Debug)]
pub(in super::super) struct Check {
    tree: Tree,
    pass: Pass,
    sections: Sections,
    cursor: usize,
    declared: Declared,
    metric: Option<Metric>,
    name: Option<String>,
    actions: Vec<Action>,
    goals: Vec<Goal>,
    action_names: HashMap<String, Span>,
    goal_names: HashMap<String, Span>,
    verifiers: Vec<Verifier>,
    instances: u64,
    parts: u64,
    weight_reported: bool,
    buffers: [String; 2],
}

/// The passes of the check over a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Document,
    State,
    Actions,
    Goals,
    Verify,
    Done,
}

/// Where the parts of the document stand.
#[derive(Debug, Default)]
struct Sections {
    state: Option<NodeId>,
    actions: Vec<NodeId>,
    goals: Vec<NodeId>,
}

impl Check {
    pub fn new(tree: Tree) -> Self {
        Self {
            tree,
            pass: Pass::Document,
            sections: Sections::default(),
            cursor: 0,
            declared: Declared::default(),
            metric: None,
            name: None,
            actions: Vec::new(),
            goals: Vec::new(),
            action_names: HashMap::new(),
            goal_names: HashMap::new(),
            verifiers: Vec::new(),
            instances: 0,
            parts: 0,
            weight_reported: false,
            buffers: Default::default(),
        }
    }

    /// Checks one piece; whether there was one.
    pub fn advance(&mut self, findings: &mut Findings) -> bool {
        let more = match self.pass {
            Pass::Document => self.document(findings),
            Pass::State => self.variable(findings),
            Pass::Actions => self.action(findings),
            Pass::Goals => self.goal(findings),
            Pass::Verify => self.verify(findings),
            Pass::Done => return false,
        };
        if !more {
            self.cursor = 0;
            self.pass = self.pass.next();
        }
        true
    }

    /// The model; only where `findings` has no errors.
    pub fn into_model(self, findings: &Findings) -> Option<Model> {
        let sound = self.pass == Pass::Done && !findings.has_errors();
        let metric = self.metric.filter(|_| sound)?;
        Some(Model {
            name: self.name.unwrap_or_default(),
            variables: self.declared.variables,
            actions: self.actions,
            goals: self.goals,
            metric,
        })
    }

    fn document(&mut self, findings: &mut Findings) -> bool {
        let mut reader = Reader { tree: &self.tree, findings };
        let root = reader.tree.root;
        let Some(fields) = root.and_then(|root| reader.fields(root, keys::DOCUMENT, "a document")) else {
            self.declared.unknown = true;
            return false;
        };
        reader.format(fields);
        if let Some(id) = fields.get("$schema") {
            reader.string(id, "the address of a schema");
        }
        self.name =
            fields.get("name").and_then(|id| reader.string(id, "a name in quotes")).map(str::to_owned);
        self.sections.state = reader.required(fields, "state", "the document", "\"state\": { … }");
        self.declared.unknown = self.sections.state.is_none_or(|id| !reader.is_object(id));
        if let Some(id) = self.sections.state.filter(|_| self.declared.unknown) {
            reader.wrong_type(id, "an object of variables");
        }
        self.sections.actions = reader.section(fields, "actions").unwrap_or_default().to_vec();
        self.sections.goals = reader.goal_list(fields);
        self.metric = match fields.get("metric") {
            Some(id) => reader.metric(id),
            None => Some(Metric {
                cost: Number::default_of(1),
                duration: Number::default_of(0),
                risk: Number::default_of(0),
            }),
        };
        false
    }

    fn variable(&mut self, findings: &mut Findings) -> bool {
        let mut reader = Reader { tree: &self.tree, findings };
        let Some(state) = self.sections.state.map(|id| reader.node(id)) else { return false };
        let Data::Object(members) = &state.data else { return false };
        let Some(member) = members.get(self.cursor) else { return false };
        self.cursor += 1;
        let variable = reader.variable(member);
        self.declared.add(member, variable);
        true
    }

    fn action(&mut self, findings: &mut Findings) -> bool {
        let Some(&id) = self.sections.actions.get(self.cursor) else { return false };
        self.cursor += 1;
        let mut reader = Reader { tree: &self.tree, findings };
        let Some(read) = reader.action(id, &self.declared) else { return true };
        let (name, span) = read.name;
        if let Some(name) = name {
            match self.action_names.get(&name) {
                Some(&first) => reader.duplicate_name("action", &name, span, first),
                None => drop(self.action_names.insert(name, span)),
            }
        }
        let verifier = Verifier::new(read.scope, read.action.clone());
        if self.is_within_limits(&verifier, span, findings) {
            self.verifiers.push(verifier);
        }
        self.actions.extend(read.action);
        true
    }

    fn is_within_limits(&mut self, verifier: &Verifier, span: Span, findings: &mut Findings) -> bool {
        let (instances, parts) = verifier.parts().unwrap_or((u64::MAX, u64::MAX));
        let within = self.instances.saturating_add(instances) <= MAX_INSTANCES
            && self.parts.saturating_add(parts) <= MAX_PARTS;
        if within {
            self.instances += instances;
            self.parts += parts;
            return true;
        }
        let count = if instances == u64::MAX { "too many".to_owned() } else { instances.to_string() };
        findings.push(
            Diagnostic::error(
                codes::TOO_MANY_INSTANCES,
                span,
                format!(
                    "with {count} instances of this action the document has more than can be planned with"
                ),
            )
            .with_help(format!(
                "up to {MAX_INSTANCES} instances with {MAX_PARTS} conditions and effects in all; \
                 use fewer parameters or shorter ranges"
            )),
        );
        false
    }

    fn goal(&mut self, findings: &mut Findings) -> bool {
        let Some(&id) = self.sections.goals.get(self.cursor) else { return false };
        self.cursor += 1;
        let mut reader = Reader { tree: &self.tree, findings };
        let Some(read) = reader.goal(id) else { return true };
        if let Some((name, span)) = read.name {
            match self.goal_names.get(&name) {
                Some(&first) => reader.duplicate_name("goal", &name, span, first),
                None => drop(self.goal_names.insert(name, span)),
            }
        }
        self.goals.extend(read.goal);
        self.verifiers.push(Verifier::new(read.scope, None));
        true
    }

    fn verify(&mut self, findings: &mut Findings) -> bool {
        let Some(verifier) = self.verifiers.get_mut(self.cursor) else { return false };
        let mut context = Context {
            declared: &self.declared,
            metric: self.metric.as_ref(),
            findings,
            weight_reported: &mut self.weight_reported,
            buffers: &mut self.buffers,
        };
        if !verifier.advance(&mut context) {
            self.cursor += 1;
        }
        true
    }
}

impl Pass {
    fn next(self) -> Self {
        match self {
            Self::Document => Self::State,
            Self::State => Self::Actions,
            Self::Actions => Self::Goals,
            Self::Goals => Self::Verify,
            Self::Verify | Self::Done => Self::Done,
        }
    }
}

impl<'a> Reader<'a> {
    fn is_object(&self, id: NodeId) -> bool {
        matches!(self.node(id).data, Data::Object(_))
    }

    fn format(&mut self, fields: Fields<'a>) {
        let line = format!("\"format\": {}", quoted(keys::FORMAT));
        let Some(id) = fields.get("format") else {
            let brace = Span::new(fields.span.start as usize, fields.span.start as usize + 1);
            let at = Span::new(brace.end as usize, brace.end as usize);
            let comma = if fields.members.is_empty() { "" } else { "," };
            self.findings.push(
                Diagnostic::error(codes::MISSING_KEY, brace, "the document has no \"format\"")
                    .with_help(format!("add {line}"))
                    .with_fix("Add the format", at, format!("\n  {line}{comma}")),
            );
            return;
        };
        let Some(format) = self.string(id, &quoted(keys::FORMAT)) else { return };
        if format != keys::FORMAT {
            let message = format!("\"{}\" is not a format that can be read", shortened(format));
            self.findings.push(
                Diagnostic::error(codes::WRONG_FORMAT, self.span(id), message)
                    .with_help(format!("the format is \"{}\"", keys::FORMAT))
                    .with_fix("Change the format", self.span(id), quoted(keys::FORMAT)),
            );
        }
    }

    fn section(&mut self, fields: Fields<'a>, key: &str) -> Option<&'a [NodeId]> {
        let id = self.required(fields, key, "the document", &format!("\"{key}\": [ … ]"))?;
        self.array(id, &format!("a list of {key}"))
    }

    fn goal_list(&mut self, fields: Fields<'a>) -> Vec<NodeId> {
        let Some(goals) = self.section(fields, "goals") else { return Vec::new() };
        if let (true, Some(id)) = (goals.is_empty(), fields.get("goals")) {
            self.findings.push(
                Diagnostic::error(codes::EMPTY_GOALS, self.span(id), "there is no goal to plan for")
                    .with_help("add one: { \"name\": \"…\", \"conditions\": { … } }"),
            );
        }
        goals.to_vec()
    }
}
