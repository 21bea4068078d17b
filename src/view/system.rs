//! What the planner does now, as charts, shares and words.

use std::fmt::Write;
use std::time::Duration;

use super::format;

/// A slice beyond this many milliseconds holds up the page noticeably.
const LONG_MS: f64 = 50.0;
/// Where the chart of slices begins and ends, in milliseconds. What is shorter or longer counts in the outermost bars.
const SHORTEST_MS: f64 = 0.09;
const LONGEST_MS: f64 = 90.0;
/// Room below a chart for its marks, and beside it for its figures.
const FOOT: f64 = 18.0;
const SIDE: f64 = 26.0;

/// Answers over time, as paths of steps, and lines to read them by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// All answers a second.
    pub all: String,
    /// The same as an area.
    pub area: String,
    /// Those of them for which something was kept.
    pub kept: String,
    /// Lines with what they stand for: a height, and its figure.
    pub lines: Vec<(f64, String)>,
    /// Answers in all.
    pub total: u64,
}

/// A chart of stretches of time, oldest first, each of `seconds` with its answers and those from caches.
pub fn answers(stretches: &[(u32, u32)], seconds: f64, width: f64, height: f64) -> Answers {
    let floor = height - FOOT;
    let most = stretches.iter().map(|(all, _)| f64::from(*all) / seconds).fold(0.0, f64::max);
    let top = round_up(most);
    let x = |at: usize| SIDE + at as f64 / stretches.len().max(1) as f64 * (width - SIDE);
    let y = |count: u32| floor - f64::from(count) / seconds / top * (floor - 8.0);
    let steps = |of: fn(&(u32, u32)) -> u32| {
        let mut path = String::new();
        for (at, stretch) in stretches.iter().enumerate() {
            if at == 0 {
                path = format!("M{:.1} {:.1}H{:.1}", x(at), y(of(stretch)), x(at + 1));
            } else {
                // A string takes what is written.
                let _ = write!(path, "V{:.1}H{:.1}", y(of(stretch)), x(at + 1));
            }
        }
        path
    };
    let all = steps(|stretch| stretch.0);
    let area = if all.is_empty() { String::new() } else { format!("{all}V{floor:.1}H{SIDE:.1}Z") };
    let lines = [0.0, 0.5, 1.0].map(|share| (floor - share * (floor - 8.0), figure(share * top)));
    let total = stretches.iter().map(|(all, _)| u64::from(*all)).sum();
    Answers { all, area, kept: steps(|stretch| stretch.1), lines: lines.into(), total }
}

/// The least of 0.2, 0.4, 1, 2, 4, 10 and so on that is no less than `most`.
fn round_up(most: f64) -> f64 {
    let tops = (-1..9).flat_map(|power| [1.0, 2.0, 4.0].map(|digit| digit * 10_f64.powi(power)));
    tops.skip(1).find(|top| *top >= most).unwrap_or(most)
}

fn figure(value: f64) -> String {
    if value > 0.0 && value < 10.0 && value.fract() > 0.0 {
        format!("{value:.1}")
    } else {
        format::count(value as u64)
    }
}

/// Lengths of slices as bars.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slices {
    /// The bars that have any.
    pub bars: Vec<Bar>,
    /// Places with what they stand for.
    pub marks: Vec<(f64, &'static str)>,
    /// Where a slice begins to hold up the page.
    pub long: f64,
    /// The ground line.
    pub floor: f64,
}

/// A bar, and what it stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// In words.
    pub title: String,
}

/// A chart of counts by length, where bucket `i` begins at `lower_ms(i)` milliseconds. Heights go by square roots: one
/// long slice among thousands must be seen.
pub fn slices(counts: &[u64], lower_ms: impl Fn(usize) -> f64, width: f64, height: f64) -> Slices {
    let floor = height - FOOT;
    let span = (LONGEST_MS / SHORTEST_MS).log2();
    let x = |ms: f64| ((ms / SHORTEST_MS).log2() / span * width).clamp(0.0, width);
    let mut bars: Vec<(f64, f64, f64, f64, u64)> = Vec::new();
    for (bucket, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let (from, to) = (lower_ms(bucket), lower_ms(bucket + 1));
        let (left, right) = (x(from.min(LONGEST_MS / 1.42)), x(to.max(SHORTEST_MS * 1.42)));
        match bars.last_mut().filter(|(last, ..)| (*last - left).abs() < 0.5) {
            Some(last) => (last.3, last.4) = (to, last.4 + count),
            None => bars.push((left, right, from, to, count)),
        }
    }
    let most = bars.iter().map(|bar| bar.4).max().unwrap_or(1) as f64;
    let bars = bars.into_iter().map(|(left, right, from, to, count)| {
        let height = ((count as f64 / most).sqrt() * (floor - 8.0)).max(2.0);
        let title = format!("{} to {}: {}", format::millis(from), format::millis(to), format::count(count));
        Bar { x: left, y: floor - height, width: (right - left - 1.0).max(1.0), height, title }
    });
    let marks = [(0.1, "0.1 ms"), (1.0, "1 ms"), (8.0, "8 ms")].map(|(ms, text)| (x(ms), text));
    Slices { bars: bars.collect(), marks: marks.into(), long: x(LONG_MS).round() + 0.5, floor }
}

/// Who had which share of the time that was worked since `before`: numbers of requests with their time of work. A
/// request is `None` where nothing was worked, and where it does not work.
pub fn shares(before: &[(u64, Duration)], now: &[(u64, Duration)]) -> Vec<Option<f64>> {
    let since = |&(id, worked): &(u64, Duration)| {
        let known =
            before.iter().find(|(known, _)| *known == id).map_or(Duration::ZERO, |(_, worked)| *worked);
        worked.saturating_sub(known).as_secs_f64()
    };
    let all: f64 = now.iter().map(since).sum();
    now.iter().map(|one| (all > 0.0 && since(one) > 0.0).then(|| since(one) / all)).collect()
}

/// Hits of all lookups, from 0 to 1; `None` where there were none.
pub fn hit_rate(hits: u64, misses: u64) -> Option<f64> {
    (hits + misses > 0).then(|| hits as f64 / (hits + misses) as f64)
}

/// `94.1 % of 34`, or a dash.
pub fn hits(hits: u64, misses: u64) -> String {
    match hit_rate(hits, misses) {
        Some(rate) => format!("{:.1} % of {}", rate * 100.0, format::count(hits + misses)),
        None => "–".to_owned(),
    }
}

/// `4.20 of 16.0 MiB`.
pub fn room(used: u64, most: u64) -> String {
    let (used, most) = (format::bytes(used), format::bytes(most));
    if used.unit == most.unit { format!("{} of {most}", used.figure) } else { format!("{used} of {most}") }
}

/// How long something is going on: seconds, then minutes, then hours.
pub fn going_on(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format::plural(seconds, "second", "seconds"),
        seconds @ 60..7_200 => format::plural(seconds / 60, "minute", "minutes"),
        seconds => format::plural(seconds / 3_600, "hour", "hours"),
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "places and tops are exact")]
mod tests {
    use super::*;

    #[test]
    fn answers_are_steps_below_a_round_top() {
        let chart = answers(&[(0, 0), (35, 10), (70, 70)], 10.0, 326.0, 118.0);
        assert_eq!(chart.total, 105);
        assert_eq!(chart.lines.iter().map(|line| &line.1[..]).collect::<Vec<_>>(), ["0", "5", "10"]);
        assert_eq!(chart.lines[0].0, 100.0);
        assert_eq!(chart.all, "M26.0 100.0H126.0V67.8H226.0V35.6H326.0");
        assert!(chart.area.starts_with(&chart.all) && chart.area.ends_with("V100.0H26.0Z"));
        assert_eq!(chart.kept, "M26.0 100.0H126.0V90.8H226.0V35.6H326.0");
    }

    #[test]
    fn tops_are_round() {
        let tops = [0.0, 0.3, 1.0, 3.0, 7.0, 11.0, 39.0, 41.0, 5_000.0].map(round_up);
        assert_eq!(tops, [0.2, 0.4, 1.0, 4.0, 10.0, 20.0, 40.0, 100.0, 10_000.0]);
    }

    #[test]
    fn every_slice_has_a_bar_and_those_beyond_the_edges_count_in_the_outermost() {
        let lower = |bucket: usize| 2_f64.powf(bucket as f64 / 2.0) / 128.0;
        let mut counts = [0; 48];
        (counts[0], counts[3], counts[14], counts[40], counts[47]) = (5, 4, 9, 1, 1);
        let chart = slices(&counts, lower, 300.0, 118.0);
        assert_eq!(chart.bars.len(), 3, "{:?}", chart.bars);
        assert_eq!(chart.bars[0].x, 0.0);
        let last = &chart.bars[2];
        assert!(last.x + last.width <= 300.0 && last.x > chart.long - 1.0, "{last:?}");
        assert!(chart.bars[0].title.ends_with(": 9") && last.title.ends_with(": 2"), "{:?}", chart.bars);
        assert_eq!((chart.bars[0].height, chart.bars[0].y), (92.0, 8.0));
        assert!(slices(&[0; 48], lower, 300.0, 118.0).bars.is_empty());
    }

    #[test]
    fn shares_are_of_what_was_worked_since() {
        let ms = Duration::from_millis;
        let before = [(1, ms(100)), (2, ms(50)), (3, ms(7))];
        let now = [(1, ms(130)), (2, ms(50)), (4, ms(10))];
        assert_eq!(shares(&before, &now), [Some(0.75), None, Some(0.25)]);
        assert_eq!(shares(&now, &now), [None, None, None]);
    }

    #[test]
    fn words_have_counts_and_units() {
        assert_eq!(hits(32, 2), "94.1 % of 34");
        assert_eq!(hits(0, 0), "–");
        assert_eq!(room(4_404_019, 16 << 20), "4.20 of 16.0 MiB");
        assert_eq!(room(92_160, 8 << 20), "90.0 KiB of 8.00 MiB");
        assert_eq!(going_on(Duration::from_secs(1)), "1 second");
        assert_eq!(going_on(Duration::from_mins(14)), "14 minutes");
        assert_eq!(going_on(Duration::from_hours(2)), "2 hours");
    }
}
