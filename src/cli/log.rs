//! `--log-format` and `PLANSCOPE_LOG`: what is logged, on standard error.

use clap::ValueEnum;

use super::Host;
use super::input::Refusal;

/// The variable of the environment that says what is logged.
const VARIABLE: &str = "PLANSCOPE_LOG";

/// What a server logs by itself: warnings, and what it has done when it ends. Spans of requests are there so that a
/// warning names its request.
const OF_SERVER: &str = "warn,planscope::http=info,planscope::request=info,planscope::summary=info";
/// What a run logs where a format is asked for and nothing else.
const OF_RUN: &str = "warn";

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// Who logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logs {
    /// A server, which always does.
    Server,
    /// A run, which does where that is asked for.
    Run,
}

/// Starts the log, if there is to be one.
///
/// # Errors
/// A [`Refusal`] where the variable does not say what is to be logged.
pub fn start(host: &dyn Host, logs: Logs, format: Option<LogFormat>) -> Result<(), Box<Refusal>> {
    let refuse = |why: &str| {
        Box::new(Refusal::usage(&format!(
            "{VARIABLE} does not say what to log: {why}; it is a level (error, warn, info, debug, trace, off) or a list \
             as in planscope=debug,planscope::slice=trace"
        )))
    };
    let asked = host.variable(VARIABLE).filter(|asked| !asked.is_empty());
    if logs == Logs::Run && asked.is_none() && format.is_none() {
        return Ok(());
    }
    let asked = asked.map(|asked| asked.into_string().map_err(|_| refuse("it is not UTF-8"))).transpose()?;
    if let Some(word) = asked.as_deref().and_then(unknown_word) {
        return Err(refuse(&format!("{word:?} is not a level")));
    }
    let otherwise = if logs == Logs::Server { OF_SERVER } else { OF_RUN };
    let directives = asked.as_deref().unwrap_or(otherwise);
    host.start_log(format.unwrap_or_default(), directives).map_err(|why| refuse(&why))
}

/// A word that stands by itself and is neither a level nor a part of this program. The language of the directives
/// takes it for the name of a part, of which everything is to be logged; but it is a level that was mistyped.
fn unknown_word(directives: &str) -> Option<&str> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let is_known = |word: &str| {
        word.contains(['=', '[', ']'])
            || word.starts_with("planscope")
            || word.parse::<u8>().is_ok_and(|level| level <= 5)
            || LEVELS.iter().any(|level| word.eq_ignore_ascii_case(level))
    };
    directives.split(',').map(str::trim).find(|word| !word.is_empty() && !is_known(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_level_is_found() {
        assert_eq!(unknown_word("debgu"), Some("debgu"));
        assert_eq!(unknown_word("warn, lous"), Some("lous"));
        for fine in [
            "DEBUG",
            "warn,planscope::slice=trace",
            "planscope",
            "[request{id=3}]=trace",
            "hyper=info",
            "3",
            "",
        ] {
            assert_eq!(unknown_word(fine), None, "{fine}");
        }
    }
}
