//! Finds the known name that was probably meant by a misspelt one.

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
    let letters = without_digits(&name);
    let (mut best, mut best_distance) = (None, name.len().max(1));
    let (mut rows, mut chars) = (Rows::default(), Vec::with_capacity(MAX_LENGTH + 1));
    let near = |candidate: &&str| candidate.len().abs_diff(name.len()) <= MAX_LENGTH;
    for candidate in candidates.filter(near).take(MAX_CANDIDATES) {
        chars.clear();
        chars.extend(candidate.chars().flat_map(char::to_lowercase).take(MAX_LENGTH + 1));
        let allowed = (name.len().max(chars.len()) / 3).max(1).min(best_distance - 1);
        if chars.len() > MAX_LENGTH || chars.len().abs_diff(name.len()) > allowed {
            continue;
        }
        // `b7` is a sibling of `b1`, not another spelling of it.
        if candidate == own || (letters.len() < name.len() && without_digits(&chars) == letters) {
            continue;
        }
        if let Some(distance) = rows.distance(&name, &chars, allowed) {
            (best, best_distance) = (Some(candidate), distance);
            if distance == 0 {
                break;
            }
        }
    }
    best
}

fn without_digits(name: &[char]) -> Vec<char> {
    name.iter().copied().filter(|c| !c.is_ascii_digit()).collect()
}

/// Rows of the table of distances, kept between candidates.
#[derive(Default)]
struct Rows {
    before: Vec<usize>,
    last: Vec<usize>,
    row: Vec<usize>,
}

impl Rows {
    /// Optimal string alignment distance up to `limit`; `None` beyond it, which shows as soon as no cell of a
    /// row, nor of the one before it, is within the limit. O(limit × length).
    fn distance(&mut self, a: &[char], b: &[char], limit: usize) -> Option<usize> {
        let beyond = limit + 1;
        self.before = vec_of(std::mem::take(&mut self.before), b.len() + 1, beyond);
        self.row = vec_of(std::mem::take(&mut self.row), b.len() + 1, beyond);
        self.last.clear();
        self.last.extend((0..=b.len()).map(|at| at.min(beyond)));
        let mut least_before = 0;
        for i in 1..=a.len() {
            // Cells farther from the diagonal than the limit are beyond it.
            let (from, to) = (i.saturating_sub(limit).max(1), b.len().min(i + limit));
            self.row.fill(beyond);
            if i <= limit {
                self.row[0] = i;
            }
            let mut least = self.row[0];
            for j in from..=to {
                let replace = self.last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut cell = replace.min(self.last[j] + 1).min(self.row[j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    cell = cell.min(self.before[j - 2] + 1);
                }
                self.row[j] = cell.min(beyond);
                least = least.min(cell);
            }
            if least.min(least_before) > limit {
                return None;
            }
            least_before = least;
            std::mem::swap(&mut self.before, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.row);
        }
        Some(self.last[b.len()]).filter(|&distance| distance <= limit)
    }
}

fn vec_of(mut vec: Vec<usize>, length: usize, value: usize) -> Vec<usize> {
    vec.clear();
    vec.resize(length, value);
    vec
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
