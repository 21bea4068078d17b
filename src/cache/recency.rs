//! Which of the kept things to forget next, in O(1) amortised: the clock algorithm, with ticks for its marks.
//!
//! Each entry has one place in a queue. A place has the tick at which it was taken; the entry knows that tick too, and
//! the tick of its last use. A use writes its tick into the entry and touches nothing else, so that threads that look
//! things up do not wait for one another. What is to be forgotten is looked for at the front of the queue: an entry
//! that was used since it took its place gets one at the back instead, and the first that was not used is forgotten.
//!
//! Each place that goes to the back was paid for by a use, so a place is looked at a constant number of times for
//! each use and each entry. Who owns the entries removes some by themselves; their places are left behind, and swept
//! once they are as many as the others.

use std::collections::VecDeque;

/// Places that may be left behind before it is worth looking for them.
const VACANT_MIN: usize = 16;

/// The queue. It holds keys and ticks; the entries are their owner's.
#[derive(Debug)]
pub struct Recency<K> {
    places: VecDeque<Place<K>>,
    /// Places whose entries are gone, at most.
    vacant: usize,
}

#[derive(Debug)]
struct Place<K> {
    key: K,
    tick: u64,
}

/// What the owner of the entries says about a place, by the tick of the place and those of the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// No entry has this place any more.
    Vacant,
    /// The entry was used at this later tick, which is its place's tick from now on.
    Used(u64),
    /// The entry was not used, or not to be spared: its owner has removed it.
    Forgotten,
}

impl<K> Default for Recency<K> {
    fn default() -> Self {
        Self { places: VecDeque::new(), vacant: 0 }
    }
}

impl<K: Copy> Recency<K> {
    /// Gives a new entry its place.
    pub fn enter(&mut self, key: K, tick: u64) {
        self.places.push_back(Place { key, tick });
    }

    /// Forgets one entry; whether there was one. `look` is asked about places from the front on, and whether an entry
    /// may be spared for its use: each may once.
    pub fn forget_one(&mut self, mut look: impl FnMut(&K, u64, bool) -> Seen) -> bool {
        let mut spared = self.places.len();
        while let Some(place) = self.places.pop_front() {
            match look(&place.key, place.tick, spared > 0) {
                Seen::Vacant => self.vacant = self.vacant.saturating_sub(1),
                Seen::Used(tick) => self.enter(place.key, tick),
                Seen::Forgotten => return true,
            }
            spared = spared.saturating_sub(1);
        }
        false
    }

    /// Notes that the owner removed an entry. `is_there` says whether a place still belongs to one.
    pub fn leave(&mut self, mut is_there: impl FnMut(&K, u64) -> bool) {
        self.vacant += 1;
        if self.vacant >= VACANT_MIN && 2 * self.vacant > self.places.len() {
            self.places.retain(|place| is_there(&place.key, place.tick));
            self.vacant = 0;
        }
    }

    /// Places, those that were left behind included.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// Entries by key: the tick of the place, and of the last use.
    type Entries = HashMap<u32, (u64, u64)>;

    fn forget(recency: &mut Recency<u32>, entries: &mut Entries, looks: &mut u32) -> Option<u32> {
        let mut gone = None;
        recency.forget_one(|&key, tick, spare| {
            *looks += 1;
            match entries.get_mut(&key).filter(|(place, _)| *place == tick) {
                None => Seen::Vacant,
                Some((place, used)) if spare && *used > tick => {
                    *place = *used;
                    Seen::Used(*used)
                }
                Some(_) => {
                    entries.remove(&key);
                    gone = Some(key);
                    Seen::Forgotten
                }
            }
        });
        gone
    }

    fn filled(count: u32) -> (Recency<u32>, Entries) {
        let mut recency = Recency::default();
        let entries = (0..count).map(|key| (key, (u64::from(key), u64::from(key)))).collect();
        (0..count).for_each(|key| recency.enter(key, u64::from(key)));
        (recency, entries)
    }

    #[test]
    fn what_was_not_used_goes_first_in_order_of_entry_and_what_was_used_later() {
        let (mut recency, mut entries) = filled(4);
        entries.get_mut(&0).unwrap().1 = 10;
        entries.get_mut(&2).unwrap().1 = 11;
        let mut looks = 0;
        let order: Vec<_> = (0..5).map(|_| forget(&mut recency, &mut entries, &mut looks)).collect();
        assert_eq!(order, [Some(1), Some(3), Some(0), Some(2), None]);
        assert_eq!(looks, 6, "each place was looked at once, and once more for each use");
    }

    #[test]
    fn where_everything_is_used_all_the_time_something_is_forgotten_all_the_same() {
        let (mut recency, mut entries) = filled(3);
        let mut tick = 100;
        let mut gone = 0;
        let forgot = recency.forget_one(|key, place, spare| {
            tick += 1;
            if spare {
                entries.insert(*key, (tick, tick));
                return Seen::Used(tick);
            }
            assert!(entries[key].0 == place);
            gone += 1;
            Seen::Forgotten
        });
        assert!(forgot && gone == 1 && recency.len() == 2);
    }

    #[test]
    fn places_that_were_left_behind_are_bounded_and_no_place_of_an_entry_is_lost() {
        let (mut recency, mut entries) = filled(8);
        for tick in 100..10_000 {
            entries.insert(99, (tick, tick));
            recency.enter(99, tick);
            entries.remove(&99);
            recency.leave(|key, tick| entries.get(key).is_some_and(|(place, _)| *place == tick));
            assert!(recency.len() <= 2 * (8 + VACANT_MIN), "{}", recency.len());
        }
        let mut looks = 0;
        let mut left: Vec<_> =
            std::iter::from_fn(|| forget(&mut recency, &mut entries, &mut looks)).collect();
        left.sort_unstable();
        assert_eq!(left, (0..8).collect::<Vec<_>>());
    }
}
