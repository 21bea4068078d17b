//! `(define (domain …) …)`: what kind of file it is, and where its sections stand.

use super::super::codes;
use super::super::syntax::{Cursor, NodeId, Symbol, words};
use super::needs::Need;
use super::world::World;
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::nearest::nearest;

/// The sections of both files by what they hold, in the order of the texts.
#[derive(Debug, Default)]
pub(super) struct Sections {
    pub(super) requirements: Vec<NodeId>,
    pub(super) types: Vec<NodeId>,
    pub(super) constants: Vec<NodeId>,
    pub(super) objects: Vec<NodeId>,
    pub(super) predicates: Vec<NodeId>,
    pub(super) functions: Vec<NodeId>,
    pub(super) derived: Vec<NodeId>,
    pub(super) actions: Vec<NodeId>,
    pub(super) init: Vec<NodeId>,
    pub(super) goal: Vec<NodeId>,
    pub(super) metric: Vec<NodeId>,
    names_domain: bool,
}

const OF_DOMAIN: &[Symbol] = &[
    words::REQUIREMENTS,
    words::TYPES,
    words::CONSTANTS,
    words::PREDICATES,
    words::FUNCTIONS,
    words::ACTION,
    words::DERIVED,
    words::DURATIVE_ACTION,
    words::PROCESS,
    words::EVENT,
    words::CONSTRAINTS,
];

const OF_PROBLEM: &[Symbol] = &[
    words::SECTION_DOMAIN,
    words::REQUIREMENTS,
    words::OBJECTS,
    words::INIT,
    words::GOAL,
    words::METRIC,
    words::LENGTH,
    words::CONSTRAINTS,
];

/// Reads the outermost list of one file.
#[derive(Debug)]
pub(super) struct Layout {
    source: usize,
    cursor: Cursor,
}

impl Layout {
    /// Reads the head of a file. None where nothing can be made of the rest.
    pub(super) fn new(source: usize, world: &mut World) -> Option<Self> {
        let root = world.tree.sources[source].root?;
        let mut cursor = world.tree.cursor(root);
        let define = cursor.take(&world.tree);
        let (kind, other) = if source == 0 { ("domain", "problem") } else { ("problem", "domain") };
        let wanted = if source == 0 { words::DOMAIN } else { words::PROBLEM };
        if define.and_then(|define| world.tree.word(define)) != Some(words::DEFINE) {
            let span = define.map_or_else(|| world.tree.span(root), |define| world.tree.opening(define));
            let message = format!("a {kind} begins with `(define ({kind} …) …)`");
            world.error(codes::NOT_A_DEFINITION, span, message, "write `define` behind the first bracket");
            return None;
        }
        let header = cursor.peek();
        let head = header.and_then(|header| world.tree.head(header));
        let Some(header) = header.filter(|_| head.is_some()) else {
            let span = define.map_or_else(Span::default, |define| world.tree.span(define));
            let help = format!("write `({kind} name)` behind `define`");
            world.error(codes::MISSING_NAME, span, format!("the name of the {kind} is missing"), help);
            return Some(Self { source, cursor });
        };
        if head == Some(wanted) {
            cursor.take(&world.tree);
            world.header(header, source, kind);
            return Some(Self { source, cursor });
        }
        let span = world.tree.span(header);
        if head == Some(words::DOMAIN) || head == Some(words::PROBLEM) {
            let message = format!("this is a {other} where a {kind} is expected");
            let help = "give the domain first, then the problem";
            world.error(codes::OTHER_KIND, span, message, help);
            return None;
        }
        let help = format!("write `({kind} name)` behind `define`");
        world.error(codes::MISSING_NAME, span, format!("the name of the {kind} is missing"), help);
        Some(Self { source, cursor })
    }

    /// Sorts one section; whether there may be more.
    pub(super) fn advance(&mut self, sections: &mut Sections, world: &mut World) -> bool {
        let Some(item) = self.cursor.take(&world.tree) else { return false };
        let known = if self.source == 0 { OF_DOMAIN } else { OF_PROBLEM };
        match world.tree.head(item) {
            Some(symbol) if known.contains(&symbol) => sections.sort(item, symbol, world),
            _ => {
                // A misspelt section is read as the one that was probably meant, so that its declarations are not
                // missing.
                if let Some(symbol) = world.unknown_section(item, self.source, known) {
                    sections.sort(item, symbol, world);
                }
            }
        }
        true
    }
}

impl Sections {
    fn sort(&mut self, item: NodeId, symbol: Symbol, world: &mut World) {
        let span = world.tree.opening(item);
        let (list, is_once) = match symbol {
            words::REQUIREMENTS => (&mut self.requirements, false),
            words::TYPES => (&mut self.types, false),
            words::CONSTANTS => (&mut self.constants, false),
            words::OBJECTS => (&mut self.objects, false),
            words::PREDICATES => (&mut self.predicates, false),
            words::FUNCTIONS => (&mut self.functions, false),
            words::DERIVED => return self.derived.push(item),
            words::ACTION => return self.actions.push(item),
            words::INIT => (&mut self.init, true),
            words::GOAL => (&mut self.goal, true),
            words::METRIC => (&mut self.metric, true),
            words::SECTION_DOMAIN => return self.names_domain(item, world),
            words::LENGTH => {
                let help = "remove it: plans may have any length";
                let message = "`:length` is out of use and is passed over";
                return world.warn(codes::IGNORED, span, message, help);
            }
            words::CONSTRAINTS => return world.unsupported(Need::Constraints, world.tree.head_span(item)),
            words::DURATIVE_ACTION => return world.unsupported(Need::Temporal, world.tree.head_span(item)),
            _ => return world.unsupported(Need::Continuous, world.tree.head_span(item)),
        };
        list.push(item);
        let Some(&before) = list.first().filter(|&&before| before != item) else { return };
        let (span, before) = (world.tree.head_span(item), world.tree.span(before));
        if world.is_in_problem(before) != world.is_in_problem(span) {
            return;
        }
        let name = world.tree.symbols.text(symbol);
        let message = format!("`{name}` stands here for the second time");
        let help = format!("the first one is in {}", world.line(before, span));
        if is_once {
            world.error(codes::DUPLICATE_SECTION, span, message, help + "; keep one of them");
        } else {
            world.warn(codes::DUPLICATE_DECLARATION, span, message, help + "; what both declare is kept");
        }
    }

    fn names_domain(&mut self, item: NodeId, world: &mut World) {
        self.names_domain = true;
        let name = world.tree.items(item).nth(1);
        let Some(name) = name.filter(|&name| world.tree.word(name).is_some()) else {
            let span = world.tree.head_span(item);
            let help = "write `(:domain name)`";
            return world.warn(codes::NO_DOMAIN, span, "the name of the domain is missing", help);
        };
        let domain = world.model.domain.clone();
        if domain.is_empty() || world.tree.name(name) == domain {
            return;
        }
        let span = world.tree.span(name);
        let message = format!("the problem is for `{}`, but the domain is `{domain}`", world.tree.name(name));
        let finding = Diagnostic::warning(codes::OTHER_DOMAIN, span, message)
            .with_help("check that the files belong together")
            .with_fix(format!("Change to `{domain}`"), span, domain);
        world.findings.push(finding);
    }

    /// A name that a text with broken brackets does not declare may be declared where the text cannot be read.
    pub(super) fn leave_gaps(&self, world: &mut World) {
        let is_whole = |source: usize| world.tree.sources.get(source).is_none_or(|source| source.is_sound);
        let (domain, problem) = (is_whole(0), is_whole(1));
        world.gaps.types |= !domain && self.types.is_empty();
        world.gaps.predicates |= !domain && self.predicates.is_empty();
        world.gaps.functions |= !domain && self.functions.is_empty();
        world.gaps.objects |= !domain && self.constants.is_empty() || !problem && self.objects.is_empty();
    }

    /// Reports what a problem lacks.
    pub(super) fn check_problem(&self, world: &mut World) {
        let Some(root) = world.tree.sources[1].root else { return };
        let header = world.tree.items(root).nth(1).unwrap_or(root);
        let span = world.tree.span(header);
        if !world.tree.sources[1].is_sound {
            return;
        }
        if !self.names_domain {
            let help = format!("add `(:domain {})`", world.model.domain);
            world.warn(codes::NO_DOMAIN, span, "the problem does not name its domain", help);
        }
        if self.init.is_empty() {
            let help = "add `(:init …)` with the facts that hold at first";
            world.warn(codes::NO_INIT, span, "the problem has no `:init`: no fact holds at first", help);
        }
        if self.goal.is_empty() {
            world.error(codes::NO_GOAL, span, "the problem has no goal", "add `(:goal …)`");
        }
    }
}

impl World {
    fn header(&mut self, header: NodeId, source: usize, kind: &str) {
        let end = self.tree.span(header).end;
        if source == 0 {
            self.needs.place = Some(Span { start: end, end });
        }
        let name = self.tree.items(header).nth(1).filter(|&name| self.tree.word(name).is_some());
        let extra = self.tree.items(header).nth(2);
        let Some(name) = name else {
            let help = format!("write `({kind} name)`");
            let span = self.tree.span(header);
            return self.error(codes::MISSING_NAME, span, format!("the name of the {kind} is missing"), help);
        };
        if let Some(extra) = extra {
            let span = self.tree.opening(extra);
            let message = format!("the {kind} has one name");
            self.error(codes::WRONG_PARTS, span, message, "put `-` between the words of a name");
        }
        let text = self.tree.name(name).to_owned();
        if source == 0 {
            self.model.domain = text;
        } else {
            self.model.problem = text;
        }
    }

    /// Reports an item that is no section. The section that was probably meant.
    fn unknown_section(&mut self, item: NodeId, source: usize, known: &[Symbol]) -> Option<Symbol> {
        let (kind, other) = if source == 0 { ("domain", "problem") } else { ("problem", "domain") };
        let name = self.tree.items(item).next().filter(|_| self.tree.head(item).is_some()).unwrap_or(item);
        let span = self.tree.opening(name);
        let text = self.tree.name(name);
        let code = codes::UNKNOWN_SECTION;
        let others = if source == 0 { OF_PROBLEM } else { OF_DOMAIN };
        if text.is_empty() || self.tree.word(item).is_some() {
            let message = format!("this is not a section of a {kind}");
            let help = "a section begins with `(` and a word such as `:action`; check the brackets";
            self.error(codes::UNEXPECTED_ITEM, span, message, help);
            return None;
        }
        if self.tree.head(item).is_some_and(|symbol| others.contains(&symbol)) {
            let message = format!("`{text}` belongs into the {other}");
            self.error(code, span, message, format!("move it to the {other}"));
            return None;
        }
        let near = nearest(text, known.iter().map(|&symbol| self.tree.symbols.text(symbol)));
        let finding = Diagnostic::error(code, span, format!("a {kind} has no section `{text}`"));
        self.findings.push(match near {
            Some(near) => finding.with_help(format!("did you mean `{near}`?")).with_fix(
                format!("Change to `{near}`"),
                span,
                near,
            ),
            None => finding.with_help("remove it, or check the brackets"),
        });
        known.iter().copied().find(|&symbol| near == Some(self.tree.symbols.text(symbol)))
    }
}
