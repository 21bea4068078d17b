//! The known name that was probably meant.

/// Names longer than this are not compared: nobody mistypes them, and the work is quadratic.
const MAX_LENGTH: usize = 64;

/// Candidates compared at most, so that a long list of mistakes stays quick to report.
const MAX_CANDIDATES: usize = 2000;

/// The candidate nearest to `own` by edit distance (insert, delete, replace, swap neighbours),
/// the earliest of equals; `None` where nothing is near. Letter case costs nothing. The name itself is never
/// meant, nor one that differs in digits alone.
pub fn nearest<'a>(own: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = own.chars().flat_map(char::to_lowercase).take(MAX_LENGTH + 1).collect();
    if name.len() > MAX_LENGTH {
        return None;
    }
    let mut best = None;
    let mut best_distance = usize::MAX;
    let letters = without_digits(&name);
    let near = |candidate: &&str| candidate.len().abs_diff(name.len()) <= MAX_LENGTH;
    for candidate in candidates.filter(near).take(MAX_CANDIDATES) {
        let chars: Vec<char> = candidate.chars().flat_map(char::to_lowercase).take(MAX_LENGTH + 1).collect();
        let allowed = (name.len().max(chars.len()) / 3).max(1).min(best_distance.saturating_sub(1));
        if chars.len() > MAX_LENGTH || chars.len().abs_diff(name.len()) > allowed {
            continue;
        }
        // `b7` is a sibling of `b1`, not another spelling of it.
        if candidate == own || (letters.len() < name.len() && without_digits(&chars) == letters) {
            continue;
        }
        let distance = distance(&name, &chars);
        if distance <= allowed && distance < best_distance && distance < name.len().max(1) {
            (best, best_distance) = (Some(candidate), distance);
        }
    }
    best
}

fn without_digits(name: &[char]) -> Vec<char> {
    name.iter().copied().filter(|c| !c.is_ascii_digit()).collect()
}

/// Optimal string alignment distance, by three rows of the usual table.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replace = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replace.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    fn check(name: &str, candidates: &[&'static str], expected: Option<&str>) {
        assert_eq!(nearest(name, candidates.iter().copied()), expected, "{name}");
    }

    #[test]
    fn finds_what_was_probably_meant() {
        check("efects", &["name", "effects"], Some("effects"));
        check("Wood", &["gold", "wood"], Some("wood"));
        check("colas", &["coals"], Some("coals"));
        check("axe", &["fireplace"], None);
        check("x", &["y"], None);
        check("", &["y"], None);
    }

    #[test]
    fn neither_the_name_itself_nor_a_sibling_was_meant() {
        check("and", &["and"], None);
        check("b7", &["b1", "b17"], None);
        check("blok7", &["block7"], Some("block7"));
    }
}
