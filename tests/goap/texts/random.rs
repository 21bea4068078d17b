//! Random documents that use every kind of variable, condition, effect and cost.

use planscope::hash::SplitMix64;

/// Writes one document; equal seeds give equal texts.
pub struct Generator(SplitMix64);

const BOOLS: [&str; 2] = ["b0", "b1"];
const INTS: [&str; 4] = ["i0", "r0", "r1", "d_x"];
const FLOATS: [&str; 2] = ["f0", "q0"];
const ENUMS: [&str; 2] = ["e0", "e1"];
const SYMBOLS: [[&str; 3]; 2] = [["x", "y", "z"], ["y", "z", "w"]];

impl Generator {
    /// A generator of documents.
    pub fn new(seed: u64) -> Self {
        Self(SplitMix64::new(seed))
    }

    fn below(&mut self, n: u64) -> u64 {
        self.0.below(n)
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    /// A document with a few actions and goals.
    pub fn document(&mut self) -> String {
        let state = format!(
            r#""b0": false, "b1": {}, "i0": {}, "r0": {{"int": [0, 4], "value": {}}}, "r1": {{"int": [-2, 3], "value": 0}},
            "d_x": 1, "d_y": 2, "d_z": 3, "f0": 0.5, "q0": {{"float": [0, 2], "value": {}}},
            "e0": {{"enum": ["x", "y", "z"], "value": "{}"}}, "e1": {{"enum": ["y", "z", "w"], "value": "w"}}"#,
            self.below(2) == 0,
            self.below(5) as i64 - 2,
            self.below(5),
            self.below(3),
            self.pick(&["x", "y", "z"]),
        );
        let actions: Vec<_> = (0..=1 + self.below(5)).map(|at| self.action(at)).collect();
        let goals: Vec<_> = (0..=self.below(2)).map(|at| self.goal(at)).collect();
        let metric = self.pick(&["{}", r#"{"cost": 2, "duration": 0.5}"#, r#"{"risk": 1, "cost": 1}"#]);
        format!(
            r#"{{"format": "planscope-goap/1", "state": {{{state}}}, "actions": [{}], "goals": [{}], "metric": {metric}}}"#,
            actions.join(",\n"),
            goals.join(",\n")
        )
    }

    fn goal(&mut self, at: u64) -> String {
        let conditions = self.conditions(2, None);
        format!(r#"{{"name": "goal{at}", "priority": {}, "conditions": {conditions}}}"#, self.below(5))
    }

    fn action(&mut self, at: u64) -> String {
        let (declared, parameter) = match self.below(4) {
            0 => (r#""parameters": {"p": "e0"},"#, Some('e')),
            1 => (r#""parameters": {"p": [0, 1, 3]},"#, Some('n')),
            _ => ("", None),
        };
        let preconditions = self.conditions(2, parameter);
        let effects = self.effects(parameter);
        let cost = match (self.below(3), parameter) {
            (0, Some('e')) => r#"{"base": 1, "per": {"d_$p": 0.5, "q0": 1}}"#,
            (0 | 1, _) => r#"{"per": {"r0": 0.1, "q0": 0.25}}"#,
            _ => "2",
        };
        let (duration, confidence) = (self.below(3), 50 + self.below(51));
        format!(
            r#"{{"name": "a{at}", {declared} "preconditions": {preconditions}, "effects": {effects},
            "cost": {cost}, "duration": {duration}.5, "confidence": {confidence}}}"#
        )
    }

    fn conditions(&mut self, depth: u32, parameter: Option<char>) -> String {
        let mut members: Vec<(String, String)> = Vec::new();
        for _ in 0..self.below(4) {
            let (key, value) = self.condition(depth, parameter);
            if members.iter().all(|(other, _)| *other != key) {
                members.push((key, value));
            }
        }
        let members: Vec<_> = members.into_iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
        format!("{{{}}}", members.join(", "))
    }

    fn condition(&mut self, depth: u32, parameter: Option<char>) -> (String, String) {
        if depth > 0 && self.below(4) == 0 {
            let inner: Vec<_> = (0..self.below(3)).map(|_| self.conditions(depth - 1, parameter)).collect();
            return match self.below(3) {
                0 => ("any".to_owned(), format!("[{}]", inner.join(", "))),
                1 => ("all".to_owned(), format!("[{}]", inner.join(", "))),
                _ => ("not".to_owned(), self.conditions(depth - 1, parameter)),
            };
        }
        match self.below(5) {
            0 => (self.pick(&BOOLS).to_owned(), self.pick(&["true", "false", r#"{"var": "b1"}"#]).to_owned()),
            1 => self.symbol_condition(parameter),
            2 => {
                let operator = self.pick(&["<", "<=", ">", ">=", "!=", "=="]);
                let right = self.pick(&["0.5", "1", r#"{"var": "i0"}"#, r#"{"var": "q0"}"#]);
                (self.pick(&FLOATS).to_owned(), format!(r#"{{"{operator}": {right}}}"#))
            }
            _ => {
                let operator = self.pick(&["<", "<=", ">", ">=", "!=", "=="]);
                let right = match parameter {
                    Some('n') => r#""$p""#,
                    _ => self.pick(&["0", "1", "2", "3", r#"{"var": "r1"}"#, r#"{"var": "d_y"}"#]),
                };
                (self.pick(&INTS).to_owned(), format!(r#"{{"{operator}": {right}}}"#))
            }
        }
    }

    fn symbol_condition(&mut self, parameter: Option<char>) -> (String, String) {
        let which = self.below(2) as usize;
        let operator = self.pick(&["==", "!="]);
        let right = match (parameter, which, self.below(3)) {
            (Some('e'), 0, 0 | 1) => r#""$p""#.to_owned(),
            (_, _, 0) => r#"{"var": "e1"}"#.to_owned(),
            _ => format!("\"{}\"", self.pick(&SYMBOLS[which])),
        };
        (ENUMS[which].to_owned(), format!(r#"{{"{operator}": {right}}}"#))
    }

    fn effects(&mut self, parameter: Option<char>) -> String {
        let mut members: Vec<(String, String)> = Vec::new();
        for _ in 0..=self.below(3) {
            let (key, value) = self.effect(parameter);
            if members.iter().all(|(other, _)| *other != key) {
                members.push((key, value));
            }
        }
        let members: Vec<_> = members.into_iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
        format!("{{{}}}", members.join(", "))
    }

    fn effect(&mut self, parameter: Option<char>) -> (String, String) {
        match self.below(6) {
            0 => (
                self.pick(&BOOLS).to_owned(),
                self.pick(&["true", "false", r#"{"set": {"var": "b0"}}"#]).to_owned(),
            ),
            1 if parameter == Some('e') => {
                let (variable, value) =
                    if self.below(2) == 0 { ("e0", r#""$p""#) } else { ("d_$p", r#"{"-": 1}"#) };
                (variable.to_owned(), value.to_owned())
            }
            1 => {
                let which = self.below(2) as usize;
                let value = match self.below(3) {
                    0 => r#"{"set": {"var": "e0"}}"#.to_owned(),
                    _ => format!("\"{}\"", self.pick(&SYMBOLS[which])),
                };
                (ENUMS[which].to_owned(), value)
            }
            2 => {
                let value = self.pick(&[
                    r#"{"+": 0.25}"#,
                    r#"{"-": 0.5}"#,
                    "1",
                    r#"{"+": {"var": "r0"}}"#,
                    r#"{"set": {"var": "q0"}}"#,
                ]);
                (self.pick(&FLOATS).to_owned(), value.to_owned())
            }
            _ => {
                let value = match (parameter, self.below(2)) {
                    (Some('n'), 0) => r#"{"+": "$p"}"#,
                    _ => self.pick(&[
                        r#"{"+": 1}"#,
                        r#"{"-": 1}"#,
                        r#"{"+": 2}"#,
                        "3",
                        r#"{"set": {"var": "r1"}}"#,
                        r#"{"-": {"var": "r0"}}"#,
                    ]),
                };
                (self.pick(&INTS).to_owned(), value.to_owned())
            }
        }
    }
}
