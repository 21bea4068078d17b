//! Plans found over time, as SVG: for each engine a line that steps up where a run found its plan.

use std::fmt::Write;

use super::Comparison;
use super::markup::escaped;

/// The room that labels take of the picture, in user units.
const LEFT: f64 = 48.0;
const BOTTOM: f64 = 34.0;
const TOP: f64 = 10.0;
const RIGHT: f64 = 24.0;

/// Colours that the page defines, `--line-0` and so on.
pub const COLOURS: usize = 8;

/// Seconds below which runs are drawn as if they had taken so long: less is noise of the clock.
const SECONDS_MIN: f64 = 1e-4;

/// The picture, `width` by `height` user units; empty where no run has a plan. The scale of time is logarithmic.
pub fn write(comparison: &Comparison, [width, height]: [f64; 2]) -> String {
    let times: Vec<Vec<f64>> =
        (0..comparison.engines().len()).map(|engine| times(comparison, engine)).collect();
    let all = || times.iter().flatten().copied();
    let most = times.iter().map(Vec::len).max().unwrap_or(0);
    if most == 0 {
        return String::new();
    }
    // Whole powers of ten, one apart at least.
    let low = libm::floor(libm::log10(all().fold(f64::INFINITY, f64::min)));
    let high = libm::ceil(libm::log10(all().fold(0.0, f64::max))).max(low + 1.0);
    let x = |seconds: f64| LEFT + (width - LEFT - RIGHT) * (libm::log10(seconds) - low) / (high - low);
    let y = |plans: usize| height - BOTTOM - (height - BOTTOM - TOP) * plans as f64 / most as f64;

    let mut svg = format!(
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Plans found over time, by engine\">\n"
    );
    let mut power = low;
    while power <= high {
        let (at, label) = (x(libm::pow(10.0, power)), seconds_text(libm::pow(10.0, power)));
        let (bottom, below) = (height - BOTTOM, height - BOTTOM + 20.0);
        let _ = writeln!(svg, "<path class=\"grid\" d=\"M{at:.1} {TOP}V{bottom}\"/>");
        let _ = writeln!(svg, "<text x=\"{at:.1}\" y=\"{below}\" text-anchor=\"middle\">{label}</text>");
        power += 1.0;
    }
    for plans in ticks(most) {
        let (at, right) = (y(plans), width - RIGHT);
        let _ = writeln!(svg, "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{right}\"/>");
        let (left, base) = (LEFT - 8.0, at + 4.0);
        let _ = writeln!(svg, "<text x=\"{left}\" y=\"{base:.1}\" text-anchor=\"end\">{plans}</text>");
    }
    for (engine, times) in times.iter().enumerate().filter(|(_, times)| !times.is_empty()) {
        let mut path = format!("M{:.1} {:.1}", x(times[0]), y(0));
        for (at, &seconds) in times.iter().enumerate() {
            let _ = write!(path, "H{:.1}V{:.1}", x(seconds), y(at + 1));
        }
        let _ = write!(path, "H{:.1}", width - RIGHT);
        let name = escaped(&comparison.engines()[engine]);
        let _ = writeln!(svg, "<path class=\"{}\" d=\"{path}\"><title>{name}</title></path>", class(engine));
    }
    svg.push_str("</svg>\n");
    svg
}

/// The classes of an engine's line: its colour, and dashes where colours have been used up.
pub fn class(engine: usize) -> String {
    let dashed = if engine >= COLOURS { " dashed" } else { "" };
    format!("line c{}{dashed}", engine % COLOURS)
}

/// Seconds of an engine's runs with a plan, in rising order.
fn times(comparison: &Comparison, engine: usize) -> Vec<f64> {
    let cells = comparison.of(None).filter_map(|task| comparison.cell(task, engine));
    let solved = cells.filter(|cell| cell.cost().is_some());
    let mut times: Vec<f64> = solved.map(|cell| cell.seconds.max(SECONDS_MIN)).collect();
    times.sort_by(f64::total_cmp);
    times
}

/// Some round numbers from 0 to `most`.
fn ticks(most: usize) -> Vec<usize> {
    let steps = std::iter::successors(Some(1_usize), |power| power.checked_mul(10));
    let steps = steps.flat_map(|power| [power, power.saturating_mul(2), power.saturating_mul(5)]);
    let step = steps.into_iter().find(|step| most / step <= 6).unwrap_or(most);
    (0..=most).step_by(step.max(1)).collect()
}

/// Seconds as a person reads them.
pub fn seconds_text(seconds: f64) -> String {
    match seconds {
        s if s < 0.000_999_5 => format!("{:.0} µs", s * 1e6),
        s if s < 0.009_995 => format!("{:.1} ms", s * 1e3).replace(".0 ms", " ms"),
        s if s < 0.999_5 => format!("{:.0} ms", s * 1e3),
        s if s < 9.95 => format!("{s:.1} s").replace(".0 s", " s"),
        s => format!("{s:.0} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_few_and_round() {
        assert_eq!(ticks(3), [0, 1, 2, 3]);
        assert_eq!(ticks(12), [0, 2, 4, 6, 8, 10, 12]);
        assert_eq!(ticks(10_000), [0, 2000, 4000, 6000, 8000, 10_000]);
    }

    #[test]
    fn seconds_have_a_unit_that_fits() {
        let texts = [0.000_25, 0.001, 0.001_5, 0.25, 1.0, 2.345, 61.2].map(seconds_text);
        assert_eq!(texts, ["250 µs", "1 ms", "1.5 ms", "250 ms", "1 s", "2.3 s", "61 s"]);
    }
}
