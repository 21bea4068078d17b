//! `:types`: names first, then what stands behind each `-`; at last the members of each type.

use super::super::codes;
use super::super::model::{ObjectId, Type, TypeId};
use super::super::syntax::{Cursor, NodeId, Symbol, words};
use super::typed::{EITHER_MAX, Step, TypedList};
use super::world::World;

/// Members of all types together, at most.
const MEMBERS_MAX: usize = 1 << 26;

/// Reads one `:types` section.
#[derive(Debug)]
pub(super) struct Types {
    names: Cursor,
    is_behind_hyphen: bool,
    list: TypedList,
}

impl Types {
    pub(super) fn new(section: NodeId, world: &World) -> Self {
        let mut cursor = world.tree.cursor(section);
        cursor.take(&world.tree);
        Self { names: cursor, is_behind_hyphen: false, list: TypedList::new(cursor) }
    }

    /// Reads one name; whether there may be more.
    pub(super) fn advance(&mut self, world: &mut World) -> bool {
        if let Some(item) = self.names.take(&world.tree) {
            let is_hyphen = world.tree.word(item) == Some(words::MINUS);
            let is_glued = !is_hyphen && world.tree.name(item).starts_with('-');
            if !is_hyphen && !is_glued && !self.is_behind_hyphen {
                world.declare_type(item);
            }
            self.is_behind_hyphen = is_hyphen;
            return true;
        }
        match self.list.next(world) {
            Step::More => true,
            Step::Entry(item, of) => {
                world.relate_type(item, of);
                true
            }
            Step::End => false,
        }
    }
}

impl World {
    fn declare_type(&mut self, item: NodeId) {
        let Some(symbol) = self.tree.word(item) else {
            let help = "write `type` or `type - supertype`";
            let span = self.tree.opening(item);
            return self.error(codes::UNEXPECTED_ITEM, span, "a list stands where a type is declared", help);
        };
        let span = self.tree.span(item);
        if symbol == words::NUMBER {
            let help = "give the type another name";
            self.error(codes::RESERVED_NAME, span, "`number` is the type of numeric functions", help);
        }
        if self.names.types.find(symbol).is_none() {
            self.add_type(symbol, item);
        } else if symbol == words::OBJECT {
            self.model.types[0].span = span;
            let help = "remove it: `object` is always there, above all types";
            self.warn(codes::DUPLICATE_DECLARATION, span, "`object` is declared already", help);
        }
    }

    fn add_type(&mut self, symbol: Symbol, item: NodeId) -> TypeId {
        let id = TypeId(self.model.types.len() as u32);
        self.names.types.set(symbol, Some(id.0));
        self.model.types.push(Type {
            name: self.tree.symbols.text(symbol).to_owned(),
            parents: Vec::new(),
            objects: Vec::new(),
            span: self.tree.span(item),
        });
        self.lattice.supers.push(Vec::new());
        id
    }

    /// Gives a type the supertypes behind its `-`.
    fn relate_type(&mut self, item: NodeId, of: Option<NodeId>) {
        let Some(symbol) = self.tree.word(item) else { return };
        let Some(own) = self.names.types.find(symbol) else { return };
        let Some(of) = of else { return };
        self.needs.typing(self.tree.span(of));
        let items: Vec<NodeId> = if self.tree.is_list(of) {
            self.tree.items(of).skip(1).take(EITHER_MAX + 1).collect()
        } else {
            vec![of]
        };
        for item in items {
            let Some(above) = self.supertype(item) else { continue };
            let supers = &mut self.lattice.supers[own as usize];
            if supers.len() >= EITHER_MAX {
                return self.too_many(self.tree.span(of), EITHER_MAX, "supertypes of one type");
            }
            if !supers.contains(&above) && (own, above.0) != (0, 0) {
                supers.push(above);
            }
        }
    }

    /// A supertype. A type that is only used as a supertype counts as declared.
    fn supertype(&mut self, item: NodeId) -> Option<TypeId> {
        let Some(symbol) = self.tree.word(item) else {
            self.unknown_type(item);
            return None;
        };
        if let Some(found) = self.names.types.find(symbol) {
            return Some(TypeId(found));
        }
        let name = self.tree.name(item);
        let message = format!("the supertype `{name}` is not declared itself");
        let help = format!("add `{name}` to `:types`; it is taken for a subtype of `object`");
        self.warn(codes::IMPLICIT_TYPE, self.tree.span(item), message, help);
        Some(self.add_type(symbol, item))
    }

    /// A type without any other supertype is a subtype of `object`.
    fn has_parents(&mut self, own: usize) {
        if own == 0 {
            return self.check_object_cycle();
        }
        if self.model.types[own].parents.is_empty() {
            self.model.types[own].parents.push(TypeId(0));
        }
    }

    fn add_parent(&mut self, own: usize, above: TypeId) {
        if !self.model.types[own].parents.contains(&above) {
            self.model.types[own].parents.push(above);
        }
    }

    fn cyclic(&mut self, own: usize, above: TypeId) {
        let (own, above) = (&self.model.types[own], &self.model.types[above.0 as usize]);
        let message = format!("the type `{}` is its own supertype by way of `{}`", own.name, above.name);
        let span = own.span;
        let help = "remove one of the supertypes; their objects are taken to be of either type";
        self.warn(codes::CYCLIC_TYPES, span, message, help);
    }

    fn check_object_cycle(&mut self) {
        let Some(&above) = self.lattice.supers[0].first() else { return };
        let message =
            format!("`object` is declared a subtype of `{}`", self.model.types[above.0 as usize].name);
        let help = "`object` is above all types; remove its supertype";
        self.warn(codes::CYCLIC_TYPES, self.model.types[0].span, message, help);
    }
}

/// Fills in the model's supertypes, which have no cycles, and reports those that are declared.
#[derive(Debug, Default)]
pub(super) struct Closing {
    root: usize,
    state: Vec<Seen>,
    path: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Seen {
    #[default]
    Never,
    OnPath,
    Done,
}

impl Closing {
    /// Follows one supertype; whether there may be more.
    pub(super) fn advance(&mut self, world: &mut World) -> bool {
        self.state.resize(world.model.types.len(), Seen::Never);
        let Some(&mut (own, ref mut next)) = self.path.last_mut() else {
            let root = self.root;
            self.root += 1;
            if self.state.get(root) == Some(&Seen::Never) {
                self.state[root] = Seen::OnPath;
                self.path.push((root, 0));
            }
            return root < self.state.len();
        };
        // `object` has no supertypes, whatever is declared.
        let above = world.lattice.supers[own].get(*next).copied().filter(|_| own != 0);
        *next += 1;
        let Some(above) = above else {
            self.state[own] = Seen::Done;
            self.path.pop();
            world.has_parents(own);
            return true;
        };
        match self.state[above.0 as usize] {
            Seen::OnPath => world.cyclic(own, above),
            seen => {
                world.add_parent(own, above);
                if seen == Seen::Never {
                    self.state[above.0 as usize] = Seen::OnPath;
                    self.path.push((above.0 as usize, 0));
                }
            }
        }
        true
    }
}

/// Enters each object into the lists of its types.
#[derive(Debug, Default)]
pub(super) struct Members {
    next: usize,
    total: usize,
    /// Types of the last object, and all above them.
    types: Vec<TypeId>,
    above: Vec<TypeId>,
}

impl Members {
    /// Enters one object; whether there may be more.
    pub(super) fn advance(&mut self, world: &mut World) -> bool {
        let Some(object) = world.model.objects.get(self.next) else { return false };
        if self.next == 0 || object.types != self.types {
            self.types.clone_from(&object.types);
            self.above = world.lattice.ancestors(&self.types);
        }
        self.total += self.above.len();
        if self.total > MEMBERS_MAX {
            let span = object.span;
            let message = format!("the types have more than {MEMBERS_MAX} members in all");
            let help = "use fewer objects, or fewer types above each other";
            world.error(codes::TOO_MANY, span, message, help);
            return false;
        }
        let id = ObjectId(self.next as u32);
        for one in &self.above {
            world.model.types[one.0 as usize].objects.push(id);
        }
        self.next += 1;
        true
    }
}
