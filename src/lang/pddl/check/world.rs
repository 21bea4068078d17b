//! What is known of the model while it is being read.

use super::super::codes;
use super::super::findings::Findings;
use super::super::model::{
    Condition, FunctionId, InitialAtoms, InitialValues, Metric, Model, ObjectId, Parameter, PredicateId,
    Term, Type, TypeId,
};
use super::super::syntax::{Cursor, NodeId, Tree, words};
use super::declare::PARAMETERS_MAX;
use super::fit::{Fit, Lattice};
use super::names::{Gaps, Names, Scope};
use super::needs::Needs;
use super::repeats::{Kind, Repeats};
use crate::diagnostic::{Diagnostic, Severity, Span};

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
    /// Objects below this number are constants: the domain knows no others.
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

/// Whose parameters arguments stand for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Owner {
    Predicate(PredicateId),
    Function(FunctionId),
}

impl Owner {
    /// Which of both it is, and its id.
    fn key(self) -> (u32, u32) {
        match self {
            Self::Predicate(PredicateId(id)) => (0, id),
            Self::Function(FunctionId(id)) => (1, id),
        }
    }
}

impl World {
    pub(super) fn new(tree: Tree, findings: Findings) -> Self {
        let (name, span) = ("object".to_owned(), Span::default());
        let object = Type { name, parents: Vec::new(), objects: Vec::new(), span };
        let model = Model {
            domain: String::new(),
            problem: String::new(),
            types: vec![object],
            objects: Vec::new(),
            predicates: Vec::new(),
            functions: Vec::new(),
            actions: Vec::new(),
            axioms: Vec::new(),
            atoms: InitialAtoms::default(),
            values: InitialValues::default(),
            goal: Condition::always(Span::default()),
            metric: Metric::Steps,
        };
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

    /// Parameters of a predicate or function.
    pub(super) fn parameters_of(&self, owner: Owner) -> &[Parameter] {
        match owner {
            Owner::Predicate(id) => &self.model.predicates[id.0 as usize].parameters,
            Owner::Function(id) => &self.model.functions[id.0 as usize].parameters,
        }
    }

    /// Name of a predicate or function, and where it is declared.
    pub(super) fn declaration_of(&self, owner: Owner) -> (&str, Span) {
        match owner {
            Owner::Predicate(PredicateId(id)) => {
                let found = &self.model.predicates[id as usize];
                (&found.name, found.span)
            }
            Owner::Function(FunctionId(id)) => {
                let found = &self.model.functions[id as usize];
                (&found.name, found.span)
            }
        }
    }

    /// The arguments in a list, checked. None where they are wrong, which is reported.
    pub(super) fn arguments(&mut self, owner: Owner, mut cursor: Cursor, place: Span) -> Option<Vec<Term>> {
        let arity = self.parameters_of(owner).len();
        if !self.has_arity(owner, cursor, place) {
            return None;
        }
        let mut terms = Vec::with_capacity(arity);
        while let Some(item) = cursor.take(&self.tree) {
            let term = if self.tree.is_list(item) { self.nested(item) } else { self.term(item) };
            let index = terms.len();
            match term {
                Some(term) => {
                    self.check_fit(item, term, owner, index);
                    terms.push(Some(term));
                }
                None => terms.push(None),
            }
        }
        terms.into_iter().collect()
    }

    /// Whether as many arguments stand in a list as are declared. Reported where not: what they are is not
    /// looked at then.
    pub(super) fn has_arity(&mut self, owner: Owner, mut cursor: Cursor, place: Span) -> bool {
        let arity = self.parameters_of(owner).len();
        let mut count = 0;
        while let Some(item) = cursor.take(&self.tree).filter(|_| count <= PARAMETERS_MAX) {
            if self.tree.word(item) == Some(words::MINUS) {
                self.typed_argument(item, cursor);
                return false;
            }
            count += 1;
        }
        if count != arity {
            self.wrong_arity(owner, count, place);
        }
        count == arity
    }

    /// `- type` among arguments.
    fn typed_argument(&mut self, hyphen: NodeId, cursor: Cursor) {
        let span =
            cursor.peek().map_or(self.tree.span(hyphen), |of| self.tree.span(hyphen).to(self.tree.span(of)));
        let message = "a type stands among arguments";
        let finding = Diagnostic::error(codes::UNEXPECTED_ITEM, span, message)
            .with_help("types stand where variables and objects are declared; use the name alone here")
            .with_fix("Remove the type", span, "");
        self.findings.push(finding);
    }

    pub(super) fn wrong_arity(&mut self, owner: Owner, count: usize, place: Span) {
        let (kind, id) = owner.key();
        if !self.repeats.is_first((Kind::Arity, [kind, id, count as u32]), &mut self.findings) {
            return;
        }
        let (name, declared) = self.declaration_of(owner);
        let parameters = self.parameters_of(owner);
        let arity = parameters.len();
        let plural = if arity == 1 { "" } else { "s" };
        let shown = if count > PARAMETERS_MAX { "many more".to_owned() } else { count.to_string() };
        let message = format!("`{name}` takes {arity} argument{plural}, but {shown} stand here");
        let mut signature = format!("({name}");
        for parameter in parameters {
            signature += " ?";
            signature += &parameter.name;
        }
        let help = format!("it is declared as `{signature})` in {}", self.line(declared, place));
        self.error(codes::WRONG_ARITY, place, message, help);
    }

    /// A list in the place of an object: a function whose value is an object, or a mistake.
    pub(super) fn nested(&mut self, list: NodeId) -> Option<Term> {
        let head = self.tree.head(list);
        let function = head.and_then(|symbol| self.names.functions.find(symbol));
        let span = self.tree.opening(list);
        match function {
            // Reported where it is declared.
            Some(function) if self.is_object_fluent[function as usize] => {}
            Some(_) => {
                let help = "compare numbers with `=`, `<`, `<=`, `>` or `>=`";
                let message = "a number stands where an object is expected";
                self.error(codes::UNEXPECTED_ITEM, span, message, help);
            }
            None => {
                let help = "arguments are variables and names of objects; check the brackets";
                let message = "a list stands where an object is expected";
                self.error(codes::UNEXPECTED_ITEM, span, message, help);
            }
        }
        None
    }

    /// Checks the type of an argument against a parameter's.
    pub(super) fn check_fit(&mut self, node: NodeId, term: Term, owner: Owner, index: usize) {
        let Self { lattice, model, scope, .. } = self;
        let own = match term {
            Term::Variable(variable) => scope.types(variable),
            Term::Object(object) => &model.objects[object.0 as usize].types,
        };
        let wanted = match owner {
            Owner::Predicate(id) => &model.predicates[id.0 as usize].parameters[index].types,
            Owner::Function(id) => &model.functions[id.0 as usize].parameters[index].types,
        };
        if own.is_empty() || wanted.is_empty() {
            return;
        }
        let fit = lattice.fit(own, wanted);
        let severity = match fit {
            Fit::Inside => return,
            Fit::Partly => Severity::Warning,
            Fit::Never => Severity::Error,
        };
        let (own, wanted) = (own.to_vec(), wanted[0].0);
        let is_news = match fit {
            Fit::Never => self.is_news_of_argument(node, &own, wanted, owner, index),
            Fit::Inside | Fit::Partly => self.findings.wants(severity),
        };
        if is_news {
            self.unfit(node, &own, owner, index, fit);
        }
    }

    /// Whether neither this argument nor this parameter was found to be of the wrong type before: either may be
    /// declared with the wrong one.
    fn is_news_of_argument(
        &mut self,
        node: NodeId,
        own: &[TypeId],
        wanted: u32,
        owner: Owner,
        index: usize,
    ) -> bool {
        let Some(symbol) = self.tree.word(node) else { return true };
        let scope = if self.tree.name(node).starts_with('?') { self.scope.number } else { 0 };
        let (kind, id) = owner.key();
        let argument = (Kind::Argument, [symbol.0, scope, wanted]);
        let parameter = (Kind::Parameter, [id * 2 + kind, index as u32, own[0].0]);
        self.repeats.is_first_of_both(argument, parameter, &mut self.findings)
    }

    fn unfit(&mut self, node: NodeId, own: &[TypeId], owner: Owner, index: usize, fit: Fit) {
        let parameter = &self.parameters_of(owner)[index];
        let span = self.tree.span(node);
        let (name, own, wanted) =
            (self.tree.name(node), self.type_text(own), self.type_text(&parameter.types));
        let line = self.line(parameter.span, span);
        let what = self.declaration_of(owner).0;
        if fit == Fit::Never {
            let message = format!("`{name}` is of type {own}, but `{what}` takes {wanted} here");
            let help = format!("`{what}` is declared in {line}; no object can be both");
            self.error(codes::WRONG_TYPE, span, message, help);
        } else {
            let message = format!("`{name}` is of type {own}, of which only a part fits `{what}`");
            let help = format!("`{what}` takes {wanted} here, as declared in {line}");
            self.warn(codes::WIDE_TYPE, span, message, help);
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
