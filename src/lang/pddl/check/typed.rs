//! Typed lists: names, `-`, and the type of all names since the type before.

use super::super::codes;
use super::super::model::TypeId;
use super::super::syntax::{Cursor, NodeId, words};
use super::world::World;
use crate::diagnostic::Diagnostic;

/// Types in one `either`, and supertypes of one type, at most.
pub(super) const EITHER_MAX: usize = 64;

/// Reads a typed list name by name.
#[derive(Clone, Debug, Default)]
pub(super) struct TypedList {
    cursor: Cursor,
    pending: Vec<NodeId>,
    emitted: usize,
    of: Option<NodeId>,
    is_group_read: bool,
}

/// The result of one step of reading.
pub(super) enum Step {
    /// Nothing yet.
    More,
    /// A name, or a list in its place, and the node of its type.
    Entry(NodeId, Option<NodeId>),
    /// The list is read.
    End,
}

impl TypedList {
    /// Reads what is left of a list.
    pub(super) fn new(cursor: Cursor) -> Self {
        Self { cursor, ..Self::default() }
    }

    pub(super) fn next(&mut self, world: &mut World) -> Step {
        if self.is_group_read {
            if let Some(&item) = self.pending.get(self.emitted) {
                self.emitted += 1;
                return Step::Entry(item, self.of);
            }
            (self.is_group_read, self.emitted, self.of) = (false, 0, None);
            self.pending.clear();
        }
        let Some(item) = self.cursor.take(&world.tree) else {
            self.is_group_read = true;
            return if self.pending.is_empty() { Step::End } else { Step::More };
        };
        if world.tree.word(item) == Some(words::MINUS) {
            self.hyphen(item, world);
        } else if world.is_glued_type(item) {
            self.is_group_read = true;
            self.of = Some(item);
        } else {
            self.pending.push(item);
            if world.is_glued_name(item, self.cursor) {
                let of = self.cursor.take(&world.tree);
                self.is_group_read = true;
                self.of = of;
            }
        }
        Step::More
    }

    fn hyphen(&mut self, hyphen: NodeId, world: &mut World) {
        let of = self.cursor.peek().filter(|&of| world.tree.word(of) != Some(words::MINUS));
        self.is_group_read = true;
        let span = world.tree.span(hyphen);
        let Some(of) = of else {
            world.findings.push(
                Diagnostic::error(codes::BAD_TYPED_LIST, span, "a type is missing behind `-`")
                    .with_help("write `name - type`, or remove the `-`"),
            );
            return;
        };
        let is_type = world.tree.word(of).is_some() || world.tree.head(of) == Some(words::EITHER);
        if !is_type {
            world.findings.push(
                Diagnostic::error(codes::BAD_TYPED_LIST, world.tree.opening(of), "this is not a type")
                    .with_help("write the name of a type behind `-`, or `(either type type)`"),
            );
            // The list may be the next entry, and the type was forgotten.
            self.cursor = if world.tree.is_list(of) { self.cursor } else { skip(self.cursor, world) };
            return;
        }
        self.cursor = skip(self.cursor, world);
        if self.pending.is_empty() {
            world.findings.push(
                Diagnostic::warning(codes::IGNORED, span, "no name stands before this type")
                    .with_help("write `name - type`, or remove it"),
            );
        }
        self.of = Some(of);
    }
}

fn skip(mut cursor: Cursor, world: &World) -> Cursor {
    cursor.take(&world.tree);
    cursor
}

impl World {
    /// Whether this is `-type`, where a space was forgotten. It is reported, and the word is `type` from then on.
    fn is_glued_type(&mut self, item: NodeId) -> bool {
        let Some(name) = self.tree.name(item).strip_prefix('-') else { return false };
        if name.is_empty() || name.starts_with('-') {
            return false;
        }
        let name = name.to_owned();
        let span = self.tree.span(item);
        self.findings.push(
            Diagnostic::error(codes::BAD_TYPED_LIST, span, format!("a space is missing in `-{name}`"))
                .with_help(format!("write `- {name}`"))
                .with_fix("Add the space", span, format!("- {name}")),
        );
        self.tree.rename(item, &name);
        true
    }

    /// Whether this is `name-` in front of a type, where a space was forgotten. It is reported, and the word is
    /// `name` from then on.
    fn is_glued_name(&mut self, item: NodeId, behind: Cursor) -> bool {
        let Some(name) = self.tree.name(item).strip_suffix('-').filter(|name| !name.is_empty()) else {
            return false;
        };
        let next = behind.peek();
        let is_type = |next| {
            let word = self.tree.word(next).and_then(|symbol| self.names.types.find(symbol));
            word.is_some() || self.tree.head(next) == Some(words::EITHER)
        };
        if !next.is_some_and(is_type) {
            return false;
        }
        let name = name.to_owned();
        let span = self.tree.span(item);
        self.findings.push(
            Diagnostic::error(codes::BAD_TYPED_LIST, span, format!("a space is missing in `{name}-`"))
                .with_help(format!("write `{name} - type`"))
                .with_fix("Add the space", span, format!("{name} -")),
        );
        self.tree.rename(item, &name);
        true
    }

    /// The types that a node of types names: `object` where there is none. Empty where one could not be
    /// read, which is reported.
    pub(super) fn types_of(&mut self, of: Option<NodeId>) -> Vec<TypeId> {
        let Some(of) = of else { return vec![TypeId(0)] };
        self.needs.typing(self.tree.span(of));
        if self.tree.word(of).is_some() {
            return self.type_named(of).into_iter().collect();
        }
        let mut cursor = self.tree.cursor(of);
        cursor.take(&self.tree);
        let mut types: Vec<TypeId> = Vec::new();
        let mut is_whole = cursor.peek().is_some();
        if !is_whole {
            self.findings.push(
                Diagnostic::error(codes::BAD_TYPED_LIST, self.tree.span(of), "`either` without types")
                    .with_help("write `(either type type)`"),
            );
        }
        while let Some(item) = cursor.take(&self.tree) {
            if types.len() == EITHER_MAX {
                self.too_many(self.tree.span(item), EITHER_MAX, "types in one `either`");
                return types;
            }
            match self.type_named(item) {
                Some(one) if !types.contains(&one) => types.push(one),
                Some(_) => {}
                None => is_whole = false,
            }
        }
        if is_whole { types } else { Vec::new() }
    }

    fn type_named(&mut self, node: NodeId) -> Option<TypeId> {
        let found = self.tree.word(node).and_then(|symbol| self.names.types.find(symbol));
        if found.is_none() {
            self.unknown_type(node);
        }
        found.map(TypeId)
    }
}
