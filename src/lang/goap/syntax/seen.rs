//! Repeated keys of one object, found in constant time each, without an index for small objects.

use std::collections::HashMap;

use super::tree::Member;
use crate::diagnostic::Span;

/// Up to so many members, comparing with each is quicker than an index.
const FEW: usize = 16;

/// The keys of an object, indexed once there are many.
#[derive(Debug, Default)]
pub(super) struct Seen(HashMap<String, Span>);

impl Seen {
    /// Where `key` stands among `members`, which only grow and have no key twice.
    pub fn find(&mut self, members: &[Member], key: &str) -> Option<Span> {
        if members.len() < FEW {
            return members.iter().find(|member| member.key == key).map(|member| member.key_span);
        }
        for member in members.iter().skip(self.0.len()) {
            self.0.insert(member.key.clone(), member.key_span);
        }
        self.0.get(key).copied()
    }
}
