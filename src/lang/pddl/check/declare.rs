//! `:constants`, `:objects`, `:predicates` and `:functions`.

use super::super::codes;
use super::super::model::{Function, Object, Parameter, Predicate, TypeId};
use super::super::syntax::{Cursor, NodeId, Symbol, words};
use super::needs::Need;
use super::typed::{Step, TypedList};
use super::world::World;
use crate::diagnostic::{Diagnostic, Span};

/// Parameters in one list, and arguments beyond them, at most.
pub(super) const PARAMETERS_MAX: usize = 1000;

/// Reads objects or constants.
#[derive(Debug)]
pub(super) struct Objects {
    list: TypedList,
    of: Option<NodeId>,
    types: Vec<TypeId>,
}

impl Objects {
    pub(super) fn new(section: NodeId, world: &mut World) -> Self {
        let types = world.types_of(None);
        Self { list: TypedList::new(behind_head(section, world)), of: None, types }
    }

    /// Reads one name; whether there may be more.
    pub(super) fn advance(&mut self, world: &mut World) -> bool {
        match self.list.next(world) {
            Step::More => true,
            Step::Entry(item, of) => {
                if of != self.of {
                    self.types = world.types_of(of);
                    self.of = of;
                    if self.types.len() > 1 {
                        world.lattice.several.push(self.types.clone());
                    }
                }
                world.declare_object(item, &self.types);
                true
            }
            Step::End => false,
        }
    }
}

/// The items after the first word of a list.
pub(super) fn behind_head(list: NodeId, world: &World) -> Cursor {
    let mut cursor = world.tree.cursor(list);
    cursor.take(&world.tree);
    cursor
}

impl World {
    fn declare_object(&mut self, item: NodeId, types: &[TypeId]) {
        let Some(symbol) = self.tree.word(item) else {
            self.gaps.objects = true;
            let help = "write `name` or `name - type`";
            let span = self.tree.opening(item);
            return self.error(
                codes::UNEXPECTED_ITEM,
                span,
                "a list stands where an object is declared",
                help,
            );
        };
        let span = self.tree.span(item);
        if self.tree.name(item).starts_with('?') {
            let message = format!("`{}` is a variable, not an object", self.tree.name(item));
            self.error(codes::UNEXPECTED_ITEM, span, message, "remove the `?`");
        }
        if let Some(before) = self.names.objects.find(symbol) {
            return self.object_again(item, types, before);
        }
        self.names.objects.set(symbol, Some(self.model.objects.len() as u32));
        let name = self.tree.symbols.text(symbol).to_owned();
        self.model.objects.push(Object { name, types: types.to_vec(), span });
    }

    fn object_again(&mut self, item: NodeId, types: &[TypeId], before: u32) {
        let (span, name) = (self.tree.span(item), self.tree.name(item).to_owned());
        let before = &self.model.objects[before as usize];
        let is_same = before.types.is_empty() || types.is_empty() || before.types == types;
        let line = self.line(before.span, span);
        if is_same {
            let message = format!("`{name}` is declared already");
            let help = format!("remove it: {line} declares it with the same type");
            return self.warn(codes::DUPLICATE_DECLARATION, span, message, help);
        }
        let (own, other) = (self.type_text(types), self.type_text(&before.types));
        let message = format!("`{name}` is declared as {own} here and as {other} before");
        let help = format!("declare it once; the other declaration is in {line}");
        self.error(codes::DUPLICATE_OBJECT, span, message, help);
    }

    /// Reads the head `(name ?x - type …)`; none where its name cannot be read.
    pub(super) fn signature(&mut self, list: NodeId, what: &str) -> Option<(NodeId, Symbol, Vec<Parameter>)> {
        let mut cursor = self.tree.cursor(list);
        let opening = self.tree.opening(list);
        let Some(name) = cursor.take(&self.tree) else {
            let (message, help) =
                (format!("the name of the {what} is missing"), "write its name behind the bracket");
            self.error(codes::MISSING_NAME, opening, message, help);
            return None;
        };
        let Some(symbol) = self.tree.word(name) else {
            let message = format!("a list stands where the name of the {what} is expected");
            self.error(codes::UNEXPECTED_ITEM, self.tree.opening(name), message, "write its name first");
            return None;
        };
        if self.tree.name(name).starts_with(['?', ':']) {
            let message = format!("`{}` is not a name for a {what}", self.tree.name(name));
            self.error(codes::MISSING_NAME, self.tree.span(name), message, "write its name first");
            return None;
        }
        let (parameters, _) = self.parameters(cursor);
        Some((name, symbol, parameters))
    }

    /// Reads typed variables, and whether all could be read. Repeated names are not reported here.
    pub(super) fn parameters(&mut self, cursor: Cursor) -> (Vec<Parameter>, bool) {
        let mut list = TypedList::new(cursor);
        let mut parameters = Vec::new();
        let mut is_whole = true;
        let mut last: Option<(Option<NodeId>, Vec<TypeId>)> = None;
        loop {
            let (item, of) = match list.next(self) {
                Step::More => continue,
                Step::Entry(item, of) => (item, of),
                Step::End => return (parameters, is_whole),
            };
            if parameters.len() == PARAMETERS_MAX {
                self.too_many(self.tree.span(item), PARAMETERS_MAX, "parameters in one list");
                return (parameters, false);
            }
            let types = match last.take() {
                Some((before, types)) if before == of => types,
                _ => self.types_of(of),
            };
            last = Some((of, types.clone()));
            is_whole &= self.check_variable(item);
            let name = self.tree.name(item).trim_start_matches('?').to_owned();
            if self.tree.word(item).is_some() {
                parameters.push(Parameter { name, types, span: self.tree.span(item) });
            }
        }
    }

    /// Whether an item that declares a variable is one. Reported where not.
    fn check_variable(&mut self, item: NodeId) -> bool {
        if self.tree.is_list(item) {
            let help = "write variables as `?name - type`";
            let span = self.tree.opening(item);
            self.error(codes::UNEXPECTED_ITEM, span, "a list stands where a variable is declared", help);
            return false;
        }
        let (span, name) = (self.tree.span(item), self.tree.name(item));
        if name.starts_with('?') {
            return true;
        }
        let finding = Diagnostic::error(codes::NOT_A_VARIABLE, span, format!("`{name}` is not a variable"))
            .with_help("variables begin with `?`")
            .with_fix("Add the `?`", span, format!("?{name}"));
        self.findings.push(finding);
        false
    }

    /// Reads one item of `:predicates`.
    pub(super) fn predicate(&mut self, item: NodeId) {
        if !self.tree.is_list(item) {
            self.gaps.predicates = true;
            let help = "write `(name ?x - type)`";
            let span = self.tree.span(item);
            return self.error(codes::UNEXPECTED_ITEM, span, "a predicate is declared in brackets", help);
        }
        let Some((name, symbol, parameters)) = self.signature(item, "predicate") else {
            self.gaps.predicates = true;
            return;
        };
        let span = self.tree.span(name);
        if symbol == words::EQUAL {
            let help = "remove it: `=` is always there";
            return self.warn(codes::DUPLICATE_DECLARATION, span, "`=` is declared already", help);
        }
        let name = self.tree.name(name).to_owned();
        self.check_reserved(symbol, span);
        if let Some(before) = self.names.predicates.find(symbol) {
            let before = &self.model.predicates[before as usize];
            let is_same = same_types(&before.parameters, &parameters);
            return self.declared_again(codes::DUPLICATE_PREDICATE, &name, span, before.span, is_same);
        }
        self.names.predicates.set(symbol, Some(self.model.predicates.len() as u32));
        self.model.predicates.push(Predicate { name, parameters, span, stratum: None });
    }

    fn check_reserved(&mut self, symbol: Symbol, span: Span) {
        let connectives = [words::AND, words::OR, words::NOT, words::IMPLY, words::FORALL, words::EXISTS];
        if connectives.contains(&symbol) || symbol == words::WHEN {
            let message = format!("`{}` is a word of the language", self.tree.symbols.text(symbol));
            self.error(codes::RESERVED_NAME, span, message, "give the predicate another name");
        }
    }

    fn declared_again(&mut self, code: &str, name: &str, span: Span, before: Span, is_same: bool) {
        let line = self.line(before, span);
        let message = format!("`{name}` is declared already");
        if is_same {
            let help = format!("remove it: {line} declares the same");
            self.warn(codes::DUPLICATE_DECLARATION, span, message, help);
        } else {
            let message = message + " with other parameters";
            let help = format!("give it another name; the other declaration is in {line}");
            self.error(code, span, message, help);
        }
    }

    /// Declares a function, whose values are of the type `of`.
    pub(super) fn function(&mut self, item: NodeId, of: Option<NodeId>) {
        if !self.tree.is_list(item) {
            self.gaps.functions = true;
            let help = "write `(name ?x - type)`";
            let span = self.tree.span(item);
            return self.error(codes::UNEXPECTED_ITEM, span, "a function is declared in brackets", help);
        }
        let is_object = of.is_some_and(|of| self.tree.word(of) != Some(words::NUMBER));
        let is_reported = std::mem::replace(&mut self.object_type, of) == of;
        if let Some(of) = of.filter(|_| is_object && !is_reported) {
            self.needs.note(Need::ObjectFluents, self.tree.span(of));
            let help = "use a predicate with one more parameter, or a function to `number`";
            let message = "functions whose values are objects are not supported";
            self.error(codes::OBJECT_FLUENTS, self.tree.span(of), message, help);
        }
        let Some((name, symbol, parameters)) = self.signature(item, "function") else {
            self.gaps.functions = true;
            return;
        };
        let span = self.tree.span(name);
        let name = self.tree.name(name).to_owned();
        if let Some(before) = self.names.functions.find(symbol) {
            let is_same = same_types(&self.model.functions[before as usize].parameters, &parameters)
                && self.is_object_fluent[before as usize] == is_object;
            let before = self.model.functions[before as usize].span;
            return self.declared_again(codes::DUPLICATE_FUNCTION, &name, span, before, is_same);
        }
        self.add_function(symbol, name, parameters, span);
        if let Some(last) = self.is_object_fluent.last_mut() {
            *last = is_object;
        }
    }

    pub(super) fn add_function(
        &mut self,
        symbol: Symbol,
        name: String,
        parameters: Vec<Parameter>,
        span: Span,
    ) {
        self.names.functions.set(symbol, Some(self.model.functions.len() as u32));
        self.model.functions.push(Function { name, parameters, span });
        self.is_object_fluent.push(false);
    }
}

fn same_types(one: &[Parameter], other: &[Parameter]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.types == other.types)
}
