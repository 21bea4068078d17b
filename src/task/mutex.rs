//! Mutex groups that are not implied by the domain of one variable.

use super::Fact;

/// Sets of facts of which at most one holds in any reachable state. The facts of one variable exclude each other
/// anyway: a group of facts of one variable alone is not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MutexGroups {
    starts: Vec<u32>,
    facts: Vec<Fact>,
}

impl Default for MutexGroups {
    fn default() -> Self {
        Self { starts: vec![0], facts: Vec::new() }
    }
}

impl MutexGroups {
    /// Adds a group, unless its facts are all of one variable.
    pub fn push(&mut self, group: impl IntoIterator<Item = Fact>) {
        let start = self.facts.len();
        self.facts.extend(group);
        let added = &self.facts[start..];
        if added.iter().all(|fact| fact.variable == added[0].variable) {
            self.facts.truncate(start);
        } else {
            self.starts.push(self.facts.len() as u32);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[Fact]> {
        self.starts.windows(2).map(|ends| &self.facts[ends[0] as usize..ends[1] as usize])
    }

    /// Gives back what was reserved and not used.
    pub fn shrink_to_fit(&mut self) {
        self.starts.shrink_to_fit();
        self.facts.shrink_to_fit();
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.starts.capacity() * 4 + self.facts.capacity() * size_of::<Fact>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::VariableId;

    #[test]
    fn groups_of_one_variable_go_without_saying() {
        let fact = |variable, value| Fact { variable: VariableId(variable), value };
        let mut groups = MutexGroups::default();
        groups.push([fact(0, 0), fact(0, 1)]);
        groups.push([]);
        groups.push([fact(0, 1), fact(1, 0)]);
        assert_eq!(groups.len(), 1);
        assert_eq!(groups.iter().next(), Some(&[fact(0, 1), fact(1, 0)][..]));
    }
}
