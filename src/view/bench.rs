//! The figures of a bench as rows, labels and pictures.
//!
//! Each row has a scale of its own, from nothing to what is allowed: bars are the middle half of the rounds, a mark
//! is their median, a tick what is allowed. Pictures are SVG whose texts are labels of this file and figures.

use std::fmt::Write;

use super::format;
use crate::parity::{Comparison, Kind, Machine, Pair, Platform, Report, Row, Spread, Unit, WORST_MAX};

/// Width and height of the picture of a row, in user units.
const BARS: [f64; 2] = [260.0, 34.0];
/// Where nothing is, and how wide what is allowed is drawn at most.
const BARS_SPAN: [f64; 2] = [5.0, 250.0];
/// Width and height of the picture of all rounds.
const DOTS: [f64; 2] = [380.0, 112.0];
/// Where its axis begins and ends.
const DOTS_SPAN: [f64; 2] = [64.0, 372.0];

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchRow {
    /// The name of the workload.
    pub name: String,
    /// What it is.
    pub label: String,
    /// The figure natively, with its unit.
    pub native: String,
    /// The figure here, with its unit.
    pub here: String,
    /// What is allowed here, or natively where that alone is limited.
    pub allowed: String,
    /// How many times as long it takes here.
    pub ratio: String,
    /// Which of these miss what is allowed: the figure natively, the figure here, the ratio.
    pub missed: [bool; 3],
    /// The picture of the spread.
    pub picture: String,
}

/// Rows under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchGroup {
    /// What they have in common.
    pub title: &'static str,
    /// How they count.
    pub note: &'static str,
    /// The rows.
    pub rows: Vec<BenchRow>,
}

/// The rows of a comparison, by kind.
pub fn groups(both: &Comparison) -> Vec<BenchGroup> {
    let group = |kind, title, note| {
        let rows: Vec<_> = both.pairs.iter().filter(|pair| pair.kind == kind).map(row).collect();
        BenchGroup { title, note, rows }
    };
    let groups = [
        group(Kind::Computing, "Computing", "counts in the mean"),
        group(Kind::Serving, "Looking up, writing, waiting", "each with a limit of its own"),
    ];
    groups.into_iter().filter(|group| !group.rows.is_empty()).collect()
}

fn row(pair: &Pair) -> BenchRow {
    let shown =
        |row: Option<&Row>| row.map_or_else(|| "–".to_owned(), |row| with_unit(row.judged(), row.unit));
    let allowed =
        [Platform::Browser, Platform::Native].into_iter().find_map(|platform| pair.allowed(platform));
    BenchRow {
        name: pair.name.clone(),
        label: pair.label.clone(),
        native: shown(pair.native.as_ref()),
        here: shown(pair.browser.as_ref()),
        allowed: allowed.map_or_else(String::new, figure),
        ratio: pair.ratio.map_or_else(String::new, |ratio| format!("{ratio:.2} ×")),
        missed: [
            pair.native.as_ref().is_some_and(|row| row.kept == Some(false)),
            pair.browser.as_ref().is_some_and(|row| row.kept == Some(false)),
            pair.kind == Kind::Computing && pair.ratio.is_some_and(|ratio| ratio > WORST_MAX),
        ],
        picture: bars(pair, allowed),
    }
}

/// The picture of a row: natively above, here below.
fn bars(pair: &Pair, allowed: Option<f64>) -> String {
    let spreads = [&pair.native, &pair.browser].map(|row| row.as_ref().map(|row| row.spread));
    let largest = spreads.iter().flatten().map(|spread| spread.upper).chain(allowed).fold(0.0, f64::max);
    let [left, right] = BARS_SPAN;
    let x = |value: f64| left + value / largest.max(1e-12) * (right - left);
    let [width, height] = BARS;
    let mut svg = format!("<svg viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\">");
    let _ = write!(svg, "<path class=\"base\" d=\"M{left} 3V31\"/>");
    for (spread, (y, class)) in spreads.into_iter().zip([(11, "nat"), (23, "here")]) {
        let Some(Spread { lower, median, upper, .. }) = spread else { continue };
        let (from, to) = (x(lower), x(upper).max(x(lower) + 2.5));
        let _ = write!(
            svg,
            "<path class=\"way\" d=\"M{left} {y}H{from:.1}\"/><path class=\"{class}\" d=\"M{from:.1} {}H{to:.1}V{}H{from:.1}z\"/>\
             <circle class=\"{class}\" cx=\"{:.1}\" cy=\"{y}\" r=\"3.4\"/>",
            y - 4,
            y + 4,
            x(median)
        );
    }
    if let Some(allowed) = allowed {
        let _ = write!(svg, "<path class=\"allowed\" d=\"M{:.1} 3V31\"/>", x(allowed));
    }
    svg.push_str("</svg>");
    svg
}

/// The picture of every round of a workload: each is a dot, and a line is the median.
pub fn dots(pair: &Pair) -> String {
    let rows = [(&pair.native, 26.0, "Natively", "nat"), (&pair.browser, 64.0, "Here", "here")];
    let all = || rows.iter().filter_map(|(row, ..)| row.as_ref()).flat_map(|row| row.rounds.iter().copied());
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max));
    let ticks = ticks(low, high);
    let (low, high) = match (ticks.first(), ticks.last()) {
        (Some(first), Some(last)) => (low.min(*first), high.max(*last)),
        _ => (low, high),
    };
    let [left, right] = DOTS_SPAN;
    let x = |value: f64| left + (value - low) / (high - low).max(1e-12) * (right - left);
    let [width, height] = DOTS;
    let foot = height - 20.0;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Every round, natively and here\">"
    );
    for tick in ticks {
        let at = x(tick);
        let _ = write!(
            svg,
            "<path class=\"grid\" d=\"M{at:.1} 0V{foot}\"/><text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            height - 5.0,
            figure_of_axis(tick)
        );
    }
    for (row, y, word, class) in rows {
        let Some(row) = row else { continue };
        let _ = write!(svg, "<text x=\"0\" y=\"{}\">{word}</text>", y + 4.0);
        for (at, round) in row.rounds.iter().enumerate() {
            let up = (at % 5) as f64 * 4.0 - 8.0;
            let _ = write!(
                svg,
                "<circle class=\"{class}\" cx=\"{:.1}\" cy=\"{}\" r=\"2.6\"/>",
                x(*round),
                y + up
            );
        }
        let _ = write!(svg, "<path class=\"allowed\" d=\"M{:.1} {}v28\"/>", x(row.spread.median), y - 14.0);
    }
    let _ = write!(svg, "<path class=\"base\" d=\"M{left} {foot}H{right}\"/></svg>");
    svg
}

/// A figure below an axis: as short as it can be.
fn figure_of_axis(tick: f64) -> String {
    let text = format!("{tick:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Two to five round figures that lie within a range.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let span = high - low;
    if !(span > 0.0 && span.is_finite()) {
        return if low.is_finite() { vec![low] } else { Vec::new() };
    }
    let power = libm::pow(10.0, libm::floor(libm::log10(span)));
    let steps = [5.0, 2.0, 1.0, 0.5, 0.2].map(|step| step * power);
    let within = |step: f64| {
        let (first, last) = (libm::ceil(low / step), libm::floor(high / step));
        (first as i64..=last as i64).map(move |at| at as f64 * step)
    };
    let fitting = steps.into_iter().find(|step| within(*step).count() >= 2).unwrap_or(steps[4]);
    within(fitting).take(5).collect()
}

/// What is said of one workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// In a sentence.
    pub say: String,
    /// What its figures count.
    pub unit: &'static str,
    /// Rows of a table: what, natively, here, ratio.
    pub rows: Vec<[String; 4]>,
}

/// Reads a figure of a spread.
type Read = fn(Spread) -> f64;

/// What is said of a workload.
pub fn told(pair: &Pair) -> Told {
    let unit = match pair.unit {
        Unit::Milliseconds => "milliseconds",
        Unit::Microseconds => "microseconds",
        Unit::PerSecond => "a second",
        Unit::Megabytes => "megabytes",
    };
    let say = match (pair.ratio, &pair.browser) {
        (Some(ratio), _) if ratio >= 1.0 => format!("{}: {ratio:.2} times as long here", pair.label),
        (Some(ratio), _) => format!("{}: {:.2} times as fast here", pair.label, 1.0 / ratio.max(1e-9)),
        (None, Some(_)) => format!("{}: measured here alone", pair.label),
        (None, None) => format!("{}: measured natively alone", pair.label),
    };
    let spreads = [&pair.native, &pair.browser].map(|row| row.as_ref().map(|row| row.spread));
    let of =
        |read: &dyn Fn(Spread) -> String| spreads.map(|spread| spread.map_or_else(|| "–".to_owned(), read));
    let line = |word: &str, read: Read| {
        let [native, here] = of(&|spread| figure(read(spread)));
        let ratio = match spreads {
            [Some(native), Some(here)] if read(native) > 0.0 && read(here) > 0.0 => {
                let ratio = read(here) / read(native);
                format!("{:.2}", if pair.unit.is_rate() { 1.0 / ratio } else { ratio })
            }
            _ => String::new(),
        };
        [word.to_owned(), native, here, ratio]
    };
    let [native, here] = of(&|spread| format!("{} to {}", figure(spread.lower), figure(spread.upper)));
    let half = ["Middle half".to_owned(), native, here, String::new()];
    let (least, most): (Read, Read) = (|spread| spread.least, |spread| spread.most);
    let (best, worst) = if pair.unit.is_rate() { (most, least) } else { (least, most) };
    let mut rows =
        vec![line("Median", |spread| spread.median), half, line("Best", best), line("Worst", worst)];
    let counted = [&pair.native, &pair.browser].map(|row| {
        row.as_ref().map_or_else(String::new, |row| {
            format!("{} × {}", row.rounds.len(), format::count(row.per_round))
        })
    });
    let [native, here] = counted;
    rows.push(["Rounds × repetitions".to_owned(), native, here, String::new()]);
    Told { say, unit, rows }
}

/// What a report was measured by, as terms and words.
pub fn origin(report: &Report) -> Vec<(&'static str, String)> {
    let Machine { platform, name, threads, target, build } = &report.machine;
    let place = match platform {
        Platform::Native => "Processor",
        Platform::Browser => "Browser",
    };
    let mut terms = vec![(place, name.clone())];
    if *threads > 0 {
        terms.push(("Threads", format!("1 of {threads}")));
    }
    let day = report.measured.replacen('T', ", ", 1).replace('Z', " UTC");
    terms.extend([
        ("System", target.clone()),
        ("Clock", format!("{} µs", figure(report.clock_us))),
        ("Build", build.clone()),
        ("Measured", day),
    ]);
    terms
}

fn with_unit(value: f64, unit: Unit) -> String {
    format!("{} {unit}", figure(value))
}

/// A figure with three digits, at least.
fn figure(value: f64) -> String {
    match value {
        1_000.0.. => format::count(value.round() as u64),
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reports of both platforms, by rounds of a workload each.
    fn both(name: &str, kind: &str, unit: &str, limit: &str, native: &str, here: &str) -> Comparison {
        let report = |platform: &str, rounds: &str| {
            let text = format!(
                r#"{{"format":"planscope-parity/1","machine":{{"platform":"{platform}","name":"x","threads":2,
                "target":"t","build":"b"}},"measured":"2026-11-30T20:16:17Z","seconds":1,"clock_us":5,"complete":true,
                "workloads":[{{"name":"{name}","label":"Work","kind":"{kind}","unit":"{unit}","per_round":10,
                "limit":{limit},"judged":"median","rounds":{rounds}}}]}}"#
            );
            Report::read(&text).expect("a report")
        };
        let (native, here) = (report("native", native), report("browser", here));
        Comparison::new(Some(&native), Some(&here))
    }

    #[test]
    fn a_row_is_scaled_to_what_is_allowed_and_says_what_is_missed() {
        let both = both("parse", "computing", "ms", "null", "[2, 2, 2]", "[4, 4, 4]");
        let groups = groups(&both);
        let row = &groups[0].rows[0];
        assert_eq!(
            [&*row.native, &*row.here, &*row.allowed, &*row.ratio],
            ["2.00 ms", "4.00 ms", "5.00", "2.00 ×"]
        );
        assert_eq!(row.missed, [false; 3]);
        // What is allowed stands at the end of the scale, the median here at four fifths of it.
        assert!(row.picture.contains("class=\"allowed\" d=\"M250.0 3V31\""), "{}", row.picture);
        assert!(row.picture.contains("class=\"here\" cx=\"201.0\""), "{}", row.picture);
    }

    #[test]
    fn rates_are_held_to_a_least_and_compare_the_other_way_round() {
        let both = both("cached-1", "serving", "/s", "8000", "[20000]", "[5000]");
        let groups = groups(&both);
        assert_eq!(groups[0].title, "Looking up, writing, waiting");
        let row = &groups[0].rows[0];
        assert_eq!([&*row.here, &*row.ratio], ["5,000 /s", "4.00 ×"]);
        assert_eq!(row.missed, [false, true, false]);
        let told = told(&both.pairs[0]);
        assert_eq!(told.say, "Work: 4.00 times as long here");
        assert_eq!(told.rows[2], ["Best", "20,000", "5,000", "4.00"].map(str::to_owned));
    }

    #[test]
    fn every_round_is_a_dot_within_the_picture() {
        let both = both("parse", "computing", "ms", "null", "[1.1, 1.2, 1.9]", "[2.4, 2.2]");
        let picture = dots(&both.pairs[0]);
        assert_eq!(picture.matches("<circle class=\"nat\"").count(), 3);
        assert_eq!(picture.matches("<circle class=\"here\"").count(), 2);
        for part in picture.split("cx=\"").skip(1) {
            let x: f64 = part.split('"').next().and_then(|x| x.parse().ok()).expect("a place");
            assert!((DOTS_SPAN[0]..=DOTS_SPAN[1]).contains(&x), "{x}");
        }
    }

    #[test]
    fn ticks_are_round_figures_within_the_range() {
        assert_eq!(ticks(103.0, 214.0), [200.0 - 50.0, 200.0]);
        assert_eq!(ticks(0.0, 1.0), [0.0, 1.0]);
        assert_eq!(ticks(3.0, 3.0), [3.0]);
        assert!(ticks(f64::INFINITY, 0.0).is_empty());
        for (low, high) in [(0.013, 0.0131), (1.0, 7.0), (99.0, 101.0), (5e3, 9e4)] {
            let found = ticks(low, high);
            assert!((2..=5).contains(&found.len()), "{low} to {high}: {found:?}");
            assert!(found.iter().all(|tick| (low..=high).contains(tick)), "{low} to {high}: {found:?}");
        }
    }

    #[test]
    fn where_one_side_is_missing_nothing_is_compared() {
        let native = both("kept-p99", "serving", "µs", "0.5", "[0.4]", "[1]");
        let pair = Pair { browser: None, ratio: None, ..native.pairs[0].clone() };
        assert_eq!(told(&pair).say, "Work: measured natively alone");
        let row = row(&pair);
        assert_eq!([&*row.here, &*row.allowed, &*row.ratio], ["–", "0.500", ""]);
        assert!(dots(&pair).contains("Natively") && !dots(&pair).contains("Here<"));
    }
}
