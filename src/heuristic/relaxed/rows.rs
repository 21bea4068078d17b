//! Rows of ids, and turning them round in bounded pieces.

use super::super::EDGES_PER_UNIT;
use crate::step::Budget;

/// Items that are looked at in one piece of work.
pub(super) const ITEMS_PER_PIECE: usize = 1 << 10;

/// Rows of `u32`, one after the other.
#[derive(Clone, Debug)]
pub(in crate::heuristic) struct Rows {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Default for Rows {
    fn default() -> Self {
        Self { starts: vec![0], items: Vec::new() }
    }
}

impl Rows {
    /// Rows from `(row, item)` pairs, in the order of the pairs within a row.
    pub(in crate::heuristic) fn new(rows: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0u32; rows + 1];
        for (row, _) in pairs.clone() {
            starts[row as usize + 1] += 1;
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        let mut items = vec![0; starts[rows] as usize];
        for (row, item) in pairs {
            items[next[row as usize] as usize] = item;
            next[row as usize] += 1;
        }
        Self { starts, items }
    }

    /// Adds a row behind the others.
    pub(in crate::heuristic) fn push(&mut self, row: impl IntoIterator<Item = u32>) {
        self.items.extend(row);
        self.starts.push(self.items.len() as u32);
    }

    /// A row's items, to be changed.
    pub(super) fn row_mut(&mut self, row: usize) -> &mut [u32] {
        let range = self.range(row);
        &mut self.items[range]
    }

    /// The items of all rows, to be changed.
    pub(super) fn items_mut(&mut self) -> &mut [u32] {
        &mut self.items
    }

    /// Per item the rows that it is in, in their order. O(rows + items).
    pub(in crate::heuristic) fn transposed(&self, items: usize) -> Self {
        let mut transposing = Transposing::new(items);
        loop {
            if let Some(transposed) = transposing.step(self, &mut Budget::unlimited()) {
                return transposed;
            }
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// The items of all rows.
    pub(super) fn items(&self) -> &[u32] {
        &self.items
    }

    /// Items of all rows.
    pub(in crate::heuristic) fn len(&self) -> usize {
        self.items.len()
    }

    /// The items of a row.
    #[inline]
    pub(in crate::heuristic) fn row(&self, row: usize) -> &[u32] {
        &self.items[self.range(row)]
    }

    /// Where a row's items lie, for columns parallel to them.
    #[inline]
    pub(in crate::heuristic) fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.starts[row] as usize..self.starts[row + 1] as usize
    }

    /// The item at a place given by [`range`](Self::range).
    #[inline]
    pub(in crate::heuristic) fn item(&self, place: usize) -> u32 {
        self.items[place]
    }

    /// Whether no row has an item.
    pub(in crate::heuristic) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Bytes held.
    pub(in crate::heuristic) fn memory_bytes(&self) -> usize {
        (self.starts.capacity() + self.items.capacity()) * 4
    }
}

/// Rows on the way to those that [`Rows::transposed`] answers: items are counted, then placed.
#[derive(Debug)]
pub(in crate::heuristic) struct Transposing {
    found: Rows,
    /// Where the next row goes under each item, once all are counted.
    next: Vec<u32>,
    /// Items that were counted, then rows that were placed.
    done: usize,
}

impl Transposing {
    /// Not begun, for so many different items.
    pub(in crate::heuristic) fn new(items: usize) -> Self {
        Self { found: Rows { starts: vec![0; items + 1], items: Vec::new() }, next: Vec::new(), done: 0 }
    }

    /// Works on, always with the same rows; the transposed ones once they are there.
    pub(in crate::heuristic) fn step(&mut self, rows: &Rows, budget: &mut Budget) -> Option<Rows> {
        let Self { found, next, done } = self;
        while next.is_empty() {
            if budget.is_spent() {
                return None;
            }
            budget.spend((ITEMS_PER_PIECE / EDGES_PER_UNIT) as u64);
            let to = rows.items.len().min(*done + ITEMS_PER_PIECE);
            rows.items[*done..to].iter().for_each(|&item| found.starts[item as usize + 1] += 1);
            *done = to;
            if to == rows.items.len() {
                for item in 1..found.starts.len() {
                    found.starts[item] += found.starts[item - 1];
                }
                next.clone_from(&found.starts);
                found.items = vec![0; to];
                *done = 0;
            }
        }
        while *done < rows.count() {
            if budget.is_spent() {
                return None;
            }
            budget.spend((ITEMS_PER_PIECE / EDGES_PER_UNIT) as u64);
            let mut looked_at = 0;
            while *done < rows.count() && looked_at < ITEMS_PER_PIECE {
                let row = rows.row(*done);
                for &item in row {
                    let place = &mut next[item as usize];
                    found.items[*place as usize] = *done as u32;
                    *place += 1;
                }
                looked_at += 1 + row.len();
                *done += 1;
            }
        }
        Some(std::mem::take(found))
    }

    /// Bytes held.
    pub(in crate::heuristic) fn memory_bytes(&self) -> usize {
        self.found.memory_bytes() + self.next.len() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_turned_round_the_same_however_the_work_is_cut() {
        let pairs = (0..5_000u32).map(|row| (row, row * 7 % 300)).chain([(4_999, 2), (17, 299)]);
        let rows = Rows::new(5_000, pairs);
        let whole = rows.transposed(300);
        let (mut transposing, mut pieces) = (Transposing::new(300), 1);
        let cut = loop {
            if let Some(found) = transposing.step(&rows, &mut Budget::units(1)) {
                break found;
            }
            pieces += 1;
        };
        assert!(pieces > 10, "{pieces}");
        assert_eq!((&cut.starts, &cut.items), (&whole.starts, &whole.items));
        assert_eq!(whole.row(299), rows_with(&rows, 299));
    }

    fn rows_with(rows: &Rows, item: u32) -> Vec<u32> {
        (0..rows.count() as u32).filter(|&row| rows.row(row as usize).contains(&item)).collect()
    }
}
