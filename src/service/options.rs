//! Options of a request by name, as programs give them: checked, with the nearest known name.
//!
//! What is not given has the default of [`Request`]. `timeout_ms: null` and
//! `deadline_ms: null` mean no limit.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{GoalPolicy, KeptPlans, Limits, Request};
use crate::lang::nearest::nearest;
use crate::search::{EngineConfig, HeuristicKind, Heuristics, HeuristicsError, SearchKind, Tie};

/// Every option this reads.
pub const NAMES: [&str; 15] = [
    "search",
    "heuristic",
    "preferred",
    "boost",
    "tie",
    "weight",
    "timeout_ms",
    "deadline_ms",
    "priority",
    "memory_mib",
    "goal",
    "policy",
    "use_cache",
    "reuse",
    "seed",
];

/// The longest time limit: a hundred days, which timers can still count.
const TIMEOUT_MS_MAX: f64 = 8.64e9;

/// The largest memory limit: 16 TiB.
const MEMORY_MIB_MAX: u64 = 1 << 24;

/// Why options were refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OptionError {
    /// There is no option of this name.
    #[error("unknown option {name:?}{}", suggestion(nearest.as_deref()))]
    Unknown {
        /// What was given.
        name: String,
        /// The known name that is nearest to it.
        nearest: Option<String>,
    },
    /// The option's value is not one it can have.
    #[error("option {name:?} must be {expected}, not {given}{}", suggestion(nearest.as_deref()))]
    Value {
        /// The option.
        name: String,
        /// What it can be.
        expected: String,
        /// What was given.
        given: String,
        /// The known value that is nearest to it.
        nearest: Option<String>,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("; did you mean {nearest:?}?")).unwrap_or_default()
}

/// The options of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    engine: EngineConfig,
    policy: GoalPolicy,
    goal: Option<String>,
    limits: Limits,
    deadline: Option<Duration>,
    priority: i8,
    without_kept: bool,
    reuse: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            engine: EngineConfig::auto(),
            policy: GoalPolicy::default(),
            goal: None,
            limits: Limits::default(),
            deadline: None,
            priority: 0,
            without_kept: false,
            reuse: false,
        }
    }
}

impl Options {
    /// Reads options; `also` are names that the caller reads itself.
    ///
    /// # Errors
    /// [`OptionError`] for the first option that is unknown or has a value it cannot have.
    pub fn from_json(options: &Map<String, Value>, also: &[&str]) -> Result<Self, OptionError> {
        let mut read = Self::default();
        read.engine.search = SearchKind::unless_named(options.contains_key("heuristic"));
        for (name, value) in options {
            if !also.contains(&name.as_str()) {
                read.set(name, value, also)?;
            }
        }
        if read.reuse && read.without_kept {
            let expected = "false where \"use_cache\" is false";
            return Err(refused("reuse", expected, &Value::Bool(true), None));
        }
        Ok(read)
    }

    /// `request` with these options.
    pub fn apply(self, request: Request) -> Request {
        Request {
            engine: self.engine,
            goals: self.goal.map_or(self.policy, GoalPolicy::Named),
            limits: self.limits,
            deadline: self.deadline,
            priority: self.priority,
            kept: match (self.without_kept, self.reuse) {
                (true, _) => KeptPlans::Ignore,
                (false, true) => KeptPlans::Reuse,
                (false, false) => KeptPlans::Offer,
            },
            ..request
        }
    }

    fn set(&mut self, name: &str, value: &Value, also: &[&str]) -> Result<(), OptionError> {
        let refuse = |expected: &str| refused(name, expected, value, None);
        match name {
            "search" => self.engine.search = choice(name, value, SearchKind::all())?,
            "heuristic" => self.engine.heuristic = heuristics(name, value)?,
            "preferred" => {
                self.engine.preferred = value.as_bool().ok_or_else(|| refuse("true or false"))?;
            }
            "boost" => {
                let boost = whole(value).and_then(|boost| u32::try_from(boost).ok());
                self.engine.boost = boost.ok_or_else(|| refuse("a whole number, not negative"))?;
            }
            "tie" if value.is_null() => self.engine.tie = None,
            "tie" => self.engine.tie = Some(choice(name, value, Tie::all())?),
            "policy" => {
                let policies = [("priority", GoalPolicy::Priority), ("cheapest", GoalPolicy::Cheapest)];
                self.policy = choice(name, value, &policies)?;
            }
            "weight" => {
                self.engine.weight =
                    number(value, 1.0, 100.0).ok_or_else(|| refuse("a number from 1 to 100"))?;
            }
            "timeout_ms" if value.is_null() => self.limits.timeout = None,
            "timeout_ms" => self.limits.timeout = Some(milliseconds(name, value)?),
            "deadline_ms" if value.is_null() => self.deadline = None,
            "deadline_ms" => self.deadline = Some(milliseconds(name, value)?),
            "priority" => {
                let priority = value.as_f64().filter(|number| number.fract() == 0.0);
                let priority = priority.filter(|number| (-128.0..=127.0).contains(number));
                self.priority = priority.ok_or_else(|| refuse("a whole number from -128 to 127"))? as i8;
            }
            "memory_mib" => {
                let mib = whole(value).filter(|mib| (1..=MEMORY_MIB_MAX).contains(mib));
                self.limits.memory_bytes =
                    mib.ok_or_else(|| refuse("a whole number of MiB, at least 1"))? << 20;
            }
            "seed" => {
                self.engine.seed = whole(value).ok_or_else(|| refuse("a whole number, not negative"))?;
            }
            "use_cache" => {
                self.without_kept = !value.as_bool().ok_or_else(|| refuse("true or false"))?;
            }
            "reuse" => self.reuse = value.as_bool().ok_or_else(|| refuse("true or false"))?,
            "goal" => {
                self.goal = Some(value.as_str().ok_or_else(|| refuse("the name of a goal"))?.to_owned());
            }
            _ => {
                let known = NAMES.iter().chain(also).copied();
                return Err(OptionError::Unknown {
                    name: name.to_owned(),
                    nearest: nearest(name, known).map(str::to_owned),
                });
            }
        }
        Ok(())
    }
}

fn milliseconds(name: &str, value: &Value) -> Result<Duration, OptionError> {
    let expected = "a number of milliseconds, or null for no limit";
    let ms = number(value, 0.0, TIMEOUT_MS_MAX).ok_or_else(|| refused(name, expected, value, None))?;
    Ok(Duration::from_secs_f64(ms / 1e3))
}

/// Names with commas between them.
fn heuristics(name: &str, value: &Value) -> Result<Heuristics, OptionError> {
    let text = value.as_str().unwrap_or_default();
    text.parse().map_err(|error| match error {
        HeuristicsError::Unknown(unknown) => {
            let known = HeuristicKind::all().iter().map(|(known, _)| *known);
            let nearest = nearest(&unknown, known).map(str::to_owned);
            let names: Vec<_> = HeuristicKind::all().iter().map(|(name, _)| format!("{name:?}")).collect();
            let expected = format!("one or more of {}, with commas between them", names.join(", "));
            refused(name, &expected, value, nearest)
        }
        error => refused(name, &format!("a list of heuristics ({error})"), value, None),
    })
}

fn number(value: &Value, least: f64, most: f64) -> Option<f64> {
    value.as_f64().filter(|number| (least..=most).contains(number))
}

/// A whole number that is not negative. Written with a decimal point it is one as well, as far as floats are exact.
fn whole(value: &Value) -> Option<u64> {
    let exact = |number: &f64| number.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(number);
    value.as_u64().or_else(|| value.as_f64().filter(exact).map(|number| number as u64))
}

fn choice<T: Clone>(name: &str, value: &Value, choices: &[(&str, T)]) -> Result<T, OptionError> {
    let given = value.as_str();
    if let Some((_, found)) = choices.iter().find(|(text, _)| given == Some(*text)) {
        return Ok(found.clone());
    }
    let names: Vec<_> = choices.iter().map(|(text, _)| format!("{text:?}")).collect();
    let nearest = given.and_then(|given| nearest(given, choices.iter().map(|(text, _)| *text)));
    Err(refused(name, &format!("one of {}", names.join(", ")), value, nearest.map(str::to_owned)))
}

fn refused(name: &str, expected: &str, value: &Value, nearest: Option<String>) -> OptionError {
    let given: String = value.to_string().chars().take(60).collect();
    OptionError::Value { name: name.to_owned(), expected: expected.to_owned(), given, nearest }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::Problem;

    fn read(options: &Value) -> Result<Request, String> {
        let options = options.as_object().unwrap();
        let request = Request::new(Problem::Goap { text: "{}".into() });
        let read = Options::from_json(options, &["signal"]).map_err(|error| error.to_string())?;
        Ok(read.apply(request))
    }

    #[test]
    fn what_is_not_given_has_the_default() {
        let plain = Request::new(Problem::Goap { text: "{}".into() });
        assert_eq!(read(&json!({})), Ok(Request { engine: EngineConfig::auto(), ..plain }));
    }

    #[test]
    fn every_option_is_read() {
        let request = read(&json!({
            "search": "wastar", "heuristic": "goal-count,ff", "weight": 3, "preferred": false, "boost": 7, "tie": "fifo", "timeout_ms": 1500, "memory_mib": 64, "deadline_ms": 2500, "priority": -3,
            "goal": "warm", "policy": "cheapest", "use_cache": false, "seed": 7, "signal": {}
        }))
        .unwrap();
        assert_eq!(request.engine.search, SearchKind::Wastar);
        assert_eq!(request.engine.heuristic.to_string(), "goal-count,ff");
        assert!(!request.engine.preferred);
        assert_eq!((request.engine.boost, request.engine.tie), (7, Some(Tie::Fifo)));
        assert_eq!((request.engine.weight, request.engine.seed), (3.0, 7));
        assert_eq!(request.limits.timeout, Some(Duration::from_millis(1500)));
        assert_eq!(request.limits.memory_bytes, 64 << 20);
        assert_eq!((request.deadline, request.priority), (Some(Duration::from_millis(2500)), -3));
        assert_eq!(request.goals, GoalPolicy::Named("warm".to_owned()));
        assert_eq!(request.kept, KeptPlans::Ignore);
        assert_eq!(
            read(&json!({"seed": 7.0, "memory_mib": 64.0})),
            read(&json!({"seed": 7, "memory_mib": 64}))
        );
        assert!(read(&json!({"seed": 7.5})).is_err() && read(&json!({"seed": -1.0})).is_err());
        assert_eq!(read(&json!({"reuse": true})).unwrap().kept, KeptPlans::Reuse);
        assert_eq!(read(&json!({"use_cache": true})).unwrap().kept, KeptPlans::Offer);
        assert_eq!(read(&json!({"timeout_ms": null})).unwrap().limits.timeout, None);
        assert_eq!(read(&json!({"deadline_ms": null, "priority": 5.0})).unwrap().deadline, None);
        assert!(read(&json!({"priority": 0.5})).is_err() && read(&json!({"priority": 128})).is_err());
    }

    #[test]
    fn refusals_name_the_option_and_the_nearest_known_name() {
        for (options, message) in [
            (json!({"timeout": 5}), "unknown option \"timeout\"; did you mean \"timeout_ms\"?"),
            (json!({"Search": "bfs"}), "unknown option \"Search\"; did you mean \"search\"?"),
            (json!({"sgnal": 1}), "unknown option \"sgnal\"; did you mean \"signal\"?"),
            (json!({"colour": 1}), "unknown option \"colour\""),
            (
                json!({"search": "a-star"}),
                "option \"search\" must be one of \"bfs\", \"ucs\", \"astar\", \"wastar\", \"gbfs\", \
                 \"lazy\", \"ehc\", \"astar-lmcut\", \"lazy-ff\", \"lama-first\", \"lama\", \"softmin-lama\", \
                 \"bfws\", \"auto\", not \"a-star\"; did you mean \"astar\"?",
            ),
            (json!({"weight": 0.5}), "option \"weight\" must be a number from 1 to 100, not 0.5"),
            (
                json!({"memory_mib": 1.5}),
                "option \"memory_mib\" must be a whole number of MiB, at least 1, not 1.5",
            ),
            (
                json!({"reuse": true, "use_cache": false}),
                "option \"reuse\" must be false where \"use_cache\" is false, not true",
            ),
            (json!({"use_cache": "no"}), "option \"use_cache\" must be true or false, not \"no\""),
        ] {
            assert_eq!(read(&options).unwrap_err(), message);
        }
    }
}
