//! The arguments of atoms and fluents: how many there are, which objects they stand for, and whether their types
//! fit the parameters.

use super::super::codes;
use super::super::model::{FunctionId, Parameter, PredicateId, Term, TypeId};
use super::super::syntax::{Cursor, NodeId, words};
use super::declare::PARAMETERS_MAX;
use super::fit::Fit;
use super::repeats::Kind;
use super::world::World;
use crate::diagnostic::{Diagnostic, Severity, Span};

/// The predicate or function that arguments belong to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Owner {
    Predicate(PredicateId),
    Function(FunctionId),
}

impl Owner {
    /// A number for the kind of owner, and its id.
    fn key(self) -> (u32, u32) {
        match self {
            Self::Predicate(PredicateId(id)) => (0, id),
            Self::Function(FunctionId(id)) => (1, id),
        }
    }
}

impl World {
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

    /// Whether as many arguments stand in a list as are declared. Reported where not; the arguments are not checked
    /// any further then.
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

    /// Reports `- type` among arguments.
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

    /// Reports a list in the place of an object: a function whose value is an object, or a mistake.
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
}
