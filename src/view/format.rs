//! Figures as a person reads them. Costs keep every digit; times and sizes keep three.

use std::time::Duration;

/// A figure and its unit, set apart because they are set in different sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// The figure.
    pub figure: String,
    /// Its unit.
    pub unit: &'static str,
}

impl Quantity {
    fn new(figure: String, unit: &'static str) -> Self {
        Self { figure, unit }
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.figure, self.unit)
    }
}

/// `1472` as `1,472`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count in at most four characters: `987`, `12k`, `1.2M`.
pub fn short_count(value: u32) -> String {
    match value {
        0..1_000 => value.to_string(),
        1_000..10_000 => format!("{:.1}k", f64::from(value / 100) / 10.0),
        10_000..1_000_000 => format!("{}k", value / 1_000),
        _ => format!("{:.1}M", f64::from(value / 100_000) / 10.0),
    }
}

/// A cost with all of its digits, down to the 10⁻⁹ that the metric keeps.
pub fn cost(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "–".into() } else { "∞".into() };
    }
    let text = format!("{value:.9}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// A cost that may be unknown; a dead end's h is infinite.
pub fn cost_or_infinite(value: Option<f64>) -> String {
    value.map_or_else(|| "∞".into(), cost)
}

/// Three significant digits, no exponent.
fn significant(value: f64) -> String {
    match value.abs() {
        0.0 => "0".into(),
        v if v >= 99.95 => count(value.round().max(0.0) as u64),
        v if v >= 9.995 => format!("{value:.1}"),
        v if v >= 0.0995 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// Milliseconds as milliseconds, seconds or minutes.
pub fn millis(ms: f64) -> Quantity {
    if ms < 1_000.0 {
        Quantity::new(significant(ms), "ms")
    } else if ms < 120_000.0 {
        Quantity::new(significant(ms / 1_000.0), "s")
    } else {
        Quantity::new(significant(ms / 60_000.0), "min")
    }
}

/// A duration as milliseconds, seconds or minutes.
pub fn duration(value: Duration) -> Quantity {
    millis(value.as_secs_f64() * 1_000.0)
}

/// Whole and tenth seconds, for a clock that ticks.
pub fn seconds(value: Duration) -> String {
    format!("{:.1} s", value.as_secs_f64())
}

/// Bytes as KiB, MiB or GiB.
pub fn bytes(value: u64) -> Quantity {
    let kib = value as f64 / 1_024.0;
    if kib < 1_000.0 {
        Quantity::new(significant(kib), "KiB")
    } else if kib < 1_024_000.0 {
        Quantity::new(significant(kib / 1_024.0), "MiB")
    } else {
        Quantity::new(significant(kib / 1_048_576.0), "GiB")
    }
}

/// How many a second, to three digits; `–` where no time has passed.
pub fn rate(events: u64, time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds <= 0.0 || events == 0 {
        return "–".into();
    }
    let rate = events as f64 / seconds;
    let scale = 10_f64.powi((rate.log10().floor() as i32 - 2).max(0));
    count(((rate / scale).round() * scale) as u64)
}

/// `1 step`, `2 steps`.
pub fn plural(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}

/// How long ago, in words; both in milliseconds since 1970.
pub fn ago(then_ms: f64, now_ms: f64) -> String {
    let minutes = ((now_ms - then_ms) / 60_000.0).max(0.0) as u64;
    match minutes {
        0 => "just now".into(),
        1..60 => format!("{minutes} min ago"),
        60..1_440 => format!("{} h ago", minutes / 60),
        _ => plural(minutes / 1_440, "day ago", "days ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_thousands() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_472), "1,472");
        assert_eq!(count(12_345_678), "12,345,678");
    }

    #[test]
    fn a_cost_hides_no_digit() {
        assert_eq!(cost(33.0), "33");
        assert_eq!(cost(0.1 + 0.2), "0.3");
        assert_eq!(cost(2.693_147_181), "2.693147181");
        assert_eq!(cost(-0.0), "0");
        assert_eq!(cost(f64::INFINITY), "∞");
    }

    #[test]
    fn times_keep_three_digits() {
        assert_eq!(millis(0.0).to_string(), "0 ms");
        assert_eq!(millis(0.0421).to_string(), "0.042 ms");
        assert_eq!(millis(4.126).to_string(), "4.13 ms");
        assert_eq!(millis(99.96).to_string(), "100 ms");
        assert_eq!(millis(1_250.0).to_string(), "1.25 s");
        assert_eq!(millis(150_000.0).to_string(), "2.50 min");
    }

    #[test]
    fn sizes_change_their_unit() {
        assert_eq!(bytes(512).to_string(), "0.50 KiB");
        assert_eq!(bytes(256 << 20).to_string(), "256 MiB");
        assert_eq!(bytes(3 << 30).to_string(), "3.00 GiB");
    }

    #[test]
    fn rates_are_rounded_to_three_digits() {
        assert_eq!(rate(123_456, Duration::from_secs(1)), "123,000");
        assert_eq!(rate(0, Duration::from_secs(1)), "–");
        assert_eq!(rate(5, Duration::ZERO), "–");
    }
}
