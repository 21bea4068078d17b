//! What a person types for a limit, read strictly: a text that does not read is said to be
//! wrong and is never replaced in silence.

use std::time::Duration;

const WORDS_FOR_NONE: [&str; 4] = ["none", "no limit", "off", "∞"];
/// Longest time limit: a day.
const MOST_SECONDS: f64 = 86_400.0;
/// Largest memory limit: what a tab can address.
const MOST_MIB: f64 = 4_096.0;

/// A time limit such as `10 s`, `500 ms`, `2 min` or `none`; a bare number is seconds.
///
/// # Errors
/// What is wrong with the text, in a sentence.
pub fn time(text: &str) -> Result<Option<Duration>, String> {
    let text = text.trim().to_lowercase();
    if WORDS_FOR_NONE.contains(&text.as_str()) {
        return Ok(None);
    }
    let (figure, unit) = split(&text);
    let scale = match unit {
        "" | "s" | "sec" | "second" | "seconds" => 1.0,
        "ms" => 0.001,
        "m" | "min" | "minute" | "minutes" => 60.0,
        "h" => 3_600.0,
        _ => return Err(time_help()),
    };
    let seconds = figure.parse::<f64>().map_err(|_| time_help())? * scale;
    if !(seconds > 0.0 && seconds <= MOST_SECONDS) {
        return Err("A time limit lies above 0 and within a day; “none” lifts it.".into());
    }
    Ok(Some(Duration::from_secs_f64(seconds)))
}

fn time_help() -> String {
    "Write a time such as 10 s, 500 ms or 2 min, or “none”.".into()
}

/// A memory limit such as `256 MiB` or `1 GiB`, in bytes; a bare number is MiB.
///
/// # Errors
/// What is wrong with the text, in a sentence.
pub fn memory(text: &str) -> Result<u64, String> {
    let help = || "Write a size such as 256 MiB or 1 GiB.".to_owned();
    let text = text.trim().to_lowercase();
    let (figure, unit) = split(&text);
    let scale = match unit {
        "" | "m" | "mb" | "mib" => 1.0,
        "k" | "kb" | "kib" => 1.0 / 1_024.0,
        "g" | "gb" | "gib" => 1_024.0,
        _ => return Err(help()),
    };
    let mib = figure.parse::<f64>().map_err(|_| help())? * scale;
    if !(1.0..=MOST_MIB).contains(&mib) {
        return Err("A memory limit lies between 1 MiB and 4 GiB.".into());
    }
    Ok((mib * 1_048_576.0).round() as u64)
}

/// A weight of h, from 1 to 100.
///
/// # Errors
/// What is wrong with the text, in a sentence.
pub fn weight(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(weight) if (1.0..=100.0).contains(&weight) => Ok(weight),
        _ => Err("A weight is a number from 1 to 100.".into()),
    }
}

fn split(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

/// A time limit as [`time`] reads it.
pub fn time_text(limit: Option<Duration>) -> String {
    let Some(limit) = limit else { return "none".into() };
    let ms = limit.as_millis();
    match ms {
        _ if ms.is_multiple_of(60_000) && ms > 0 => format!("{} min", ms / 60_000),
        _ if ms < 1_000 => format!("{ms} ms"),
        _ => format!("{} s", limit.as_secs_f64()),
    }
}

/// A memory limit as [`memory`] reads it.
pub fn memory_text(bytes: u64) -> String {
    let mib = bytes as f64 / 1_048_576.0;
    if mib >= 1_024.0 && (mib % 512.0) == 0.0 {
        format!("{} GiB", mib / 1_024.0)
    } else {
        format!("{mib} MiB")
    }
}

/// The next time limit worth trying after `limit` was too short.
pub fn longer(limit: Duration) -> Option<Duration> {
    const STEPS: [u64; 7] = [1, 10, 60, 300, 1_800, 7_200, 86_400];
    STEPS.into_iter().map(Duration::from_secs).find(|step| *step > limit)
}

/// The next memory limit worth trying after `bytes` was too little.
pub fn larger(bytes: u64) -> Option<u64> {
    [64, 256, 1_024, 2_048, 4_096].into_iter().map(|mib: u64| mib << 20).find(|step| *step > bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for limit in [Some(Duration::from_secs(10)), Some(Duration::from_millis(250)), None] {
            assert_eq!(time(&time_text(limit)), Ok(limit));
        }
        for bytes in [256 << 20, 1 << 30, 3 << 29] {
            assert_eq!(memory(&memory_text(bytes)), Ok(bytes));
        }
    }

    #[test]
    fn a_bare_number_has_the_usual_unit() {
        assert_eq!(time("2"), Ok(Some(Duration::from_secs(2))));
        assert_eq!(memory("64"), Ok(64 << 20));
        assert_eq!(time(" 2 Min "), Ok(Some(Duration::from_mins(2))));
    }

    #[test]
    fn nonsense_is_refused_with_a_way_out() {
        for text in ["", "soon", "10 parsecs", "-3 s", "0", "1e9 s", "2 days"] {
            assert!(time(text).is_err(), "{text}");
        }
        for text in ["", "much", "0", "9 GiB", "-1 MiB", "NaN"] {
            assert!(memory(text).is_err(), "{text}");
        }
        for text in ["", "0.5", "101", "inf", "NaN"] {
            assert!(weight(text).is_err(), "{text}");
        }
    }

    #[test]
    fn there_is_a_next_limit_until_there_is_none() {
        assert_eq!(longer(Duration::from_secs(10)), Some(Duration::from_mins(1)));
        assert_eq!(longer(Duration::from_hours(24)), None);
        assert_eq!(larger(256 << 20), Some(1 << 30));
        assert_eq!(larger(4_096 << 20), None);
    }
}
