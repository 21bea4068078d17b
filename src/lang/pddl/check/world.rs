//! What is known of the model while it is being read.

use super::super::codes;
use super::super::findings::Findings;
use super::super::model::{Condition, Model, ObjectId, Term, Type, TypeId};
use super::super::syntax::{NodeId, Tree, words};
use super::fit::Lattice;
use super::names::{Gaps, Names, Scope};
use super::needs::Needs;
use super::repeats::Repeats;
use crate::diagnostic::{Diagnostic, Span};

/// The model so far, and all that its parts are checked against.
#[derive(Debug)]
pub(super) struct World {
    pub(super) tree: Tree,
    pub(super) findings: Findings,
    pub(super) model: Model,
    pub(super) names: Names,
    pub(super) gaps: Gaps,
    pub(super) scope: Scope,
    pub(super) lattice: Lattice,
    pub(super) needs: Needs,
    pub(super) repeats: Repeats,
    /// Objects below this number are constants. The domain knows only these.
    pub(super) constants: usize,
    /// Indexed by function: whether its values are objects.
    pub(super) is_object_fluent: Vec<bool>,
    /// The type of the function declared last.
    pub(super) object_type: Option<NodeId>,
    /// Indexed by function: its first negative initial value. May be shorter than there are functions.
    pub(super) negative: Vec<Option<Span>>,
    /// Nodes of conditions, effects and expressions that were made.
    pub(super) nodes_made: usize,
}

impl World {
    pub(super) fn new(tree: Tree, findings: Findings) -> Self {
        let (name, span) = ("object".to_owned(), Span::default());
        let object = Type { name, parents: Vec::new(), objects: Vec::new(), span };
        let model = Model { types: vec![object], ..Model::empty() };
        let mut names = Names::default();
        names.types.set(words::OBJECT, Some(0));
        let mut lattice = Lattice::default();
        lattice.supers.push(Vec::new());
        Self {
            tree,
            findings,
            model,
            names,
            gaps: Gaps::default(),
            scope: Scope::default(),
            lattice,
            needs: Needs::default(),
            repeats: Repeats::default(),
            constants: 0,
            is_object_fluent: Vec::new(),
            object_type: None,
            negative: Vec::new(),
            nodes_made: 0,
        }
    }

    pub(super) fn error(
        &mut self,
        code: &str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.findings.push(Diagnostic::error(code, span, message).with_help(help));
    }

    pub(super) fn warn(
        &mut self,
        code: &str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.findings.push(Diagnostic::warning(code, span, message).with_help(help));
    }

    /// Reports that no more of something is read.
    pub(super) fn too_many(&mut self, span: Span, most: usize, what: &str) {
        let help = "split it into several of its kind";
        self.error(codes::TOO_MANY, span, format!("more than {most} {what}"), help);
    }

    /// Whether a place lies in the problem.
    pub(super) fn is_in_problem(&self, span: Span) -> bool {
        self.tree.sources.get(1).is_some_and(|problem| span.start >= problem.start)
    }

    /// `line 12`, or `line 12 of the domain` where that is another text than `from`'s.
    pub(super) fn line(&self, span: Span, from: Span) -> String {
        let line = self.tree.line(span);
        match (self.is_in_problem(span), self.is_in_problem(from)) {
            (true, false) => format!("line {line} of the problem"),
            (false, true) => format!("line {line} of the domain"),
            _ => format!("line {line}"),
        }
    }

    /// The variable or object that a word stands for. Reported where it is none.
    pub(super) fn term(&mut self, node: NodeId) -> Option<Term> {
        let symbol = self.tree.word(node)?;
        if let Some(variable) = self.scope.find(symbol) {
            return Some(Term::Variable(variable));
        }
        if self.tree.name(node).starts_with('?') {
            self.unknown_variable(node);
            return None;
        }
        let object = self.object(node)?;
        Some(Term::Object(object))
    }

    /// The object of a name, as far as its place may know it. Reported where it is none.
    pub(super) fn object(&mut self, node: NodeId) -> Option<ObjectId> {
        let found = self.tree.word(node).and_then(|symbol| self.names.objects.find(symbol));
        let span = self.tree.span(node);
        match found {
            Some(object) if (object as usize) < self.constants || self.is_in_problem(span) => {
                Some(ObjectId(object))
            }
            _ => {
                self.unknown_object(node, found);
                None
            }
        }
    }

    /// `block`, or `either block table`.
    pub(super) fn type_text(&self, types: &[TypeId]) -> String {
        let names: Vec<String> =
            types.iter().map(|one| format!("`{}`", self.model.types[one.0 as usize].name)).collect();
        names.join(" or ")
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let names = &self.names;
        self.tree.memory_bytes()
            + names.objects.memory_bytes()
            + names.types.memory_bytes()
            + names.predicates.memory_bytes()
            + names.functions.memory_bytes()
            + self.model.atoms.memory_bytes()
            + self.model.values.memory_bytes()
            + self.model.objects.capacity() * OBJECT_BYTES
            + self.nodes_made * size_of::<Condition>()
    }
}

/// An object with its name, its types and its places in the lists of its types.
const OBJECT_BYTES: usize = size_of::<super::super::model::Object>() + 32;
