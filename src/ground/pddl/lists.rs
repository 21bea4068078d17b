//! Ascending lists of atoms.

/// Lists up to this length are sorted by insertion.
const SHORT: usize = 12;

pub(super) fn sort(atoms: &mut Vec<u32>) {
    if atoms.len() > SHORT {
        atoms.sort_unstable();
    } else {
        for end in 1..atoms.len() {
            let mut at = end;
            while at > 0 && atoms[at - 1] > atoms[at] {
                atoms.swap(at - 1, at);
                at -= 1;
            }
        }
    }
    atoms.dedup();
}

/// Whether two ascending lists have something in common.
pub(super) fn overlap(left: &[u32], right: &[u32]) -> bool {
    let (mut a, mut b) = (0, 0);
    while a < left.len() && b < right.len() {
        match left[a].cmp(&right[b]) {
            std::cmp::Ordering::Less => a += 1,
            std::cmp::Ordering::Greater => b += 1,
            std::cmp::Ordering::Equal => return true,
        }
    }
    false
}
