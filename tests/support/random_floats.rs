//! Random documents in which floats start far from zero and move in small steps: sums round there, and what was
//! written as three steps may take two or four.

use planscope::hash::SplitMix64;

/// Where a float starts.
const STARTS: [&str; 9] = [
    "0.0",
    "0.3",
    "1000.7",
    "100000.0",
    "123456.789",
    "1000000.1",
    "1700000000.0",
    "-250000.5",
    "4503599627370495.5",
];
/// Steps, as digits.
const STEPS: [&str; 8] = ["0.001", "0.1", "0.9", "0.3", "0.7", "0.25", "1.1", "0.003"];

/// The document of a seed.
pub fn document(seed: u64) -> String {
    let mut random = SplitMix64::new(seed);
    let start = pick(&mut random, &STARTS);
    let step = pick(&mut random, &STEPS);
    let times = 1 + random.below(4);
    let far = (number(start) + number(step) * times as f64).to_string();
    let mut actions = vec![
        r#"{ "name": "start", "effects": { "running": true }, "cost": 1 }"#.to_owned(),
        moving("roll", &change(&mut random, step), cost(&mut random)),
    ];
    if random.below(2) == 0 {
        actions.push(moving("jump", &format!("{}", number(step) * 2.0), cost(&mut random)));
    }
    if random.below(3) > 0 {
        let cost = 2.0 * times as f64 + f64::from(random.below(5) as u32) / 2.0 - 1.0;
        actions.push(format!(
            r#"{{ "name": "tow", "effects": {{ "x": {} }}, "cost": {} }}"#,
            float(&far),
            cost.max(0.5)
        ));
    }
    if random.below(4) == 0 {
        let near = number(start) + number(step);
        let cost = cost(&mut random);
        actions.push(format!(
            r#"{{ "name": "push", "effects": {{ "x": {} }}, "cost": {cost} }}"#,
            float(&near.to_string())
        ));
    }
    let (limit, goal) = goal(&mut random, start, step, &far);
    if limit.contains("limit") && random.below(2) == 0 {
        actions.push(format!(
            r#"{{ "name": "lower", "effects": {{ "limit": {{ "-": {} }} }}, "cost": {} }}"#,
            float(step),
            cost(&mut random)
        ));
    }
    format!(
        r#"{{ "format": "planscope-goap/1", "state": {{ "x": {}, "running": false{limit} }},
  "actions": [ {} ],
  "goals": [ {{ "name": "there", "conditions": {{ {goal} }} }} ] }}"#,
        float(start),
        actions.join(",\n    ")
    )
}

/// More of the state, and the goal.
fn goal(random: &mut SplitMix64, start: &str, step: &str, far: &str) -> (String, String) {
    let far = float(far);
    match random.below(6) {
        0 => (format!(r#", "limit": {far}"#), r#""x": { ">=": { "var": "limit" } }"#.into()),
        1 => (format!(r#", "limit": {far}"#), r#""x": { ">": { "var": "limit" } }"#.into()),
        2 => (String::new(), format!(r#""x": {{ ">": {} }}"#, number(start) + number(step) * 0.5)),
        _ => (String::new(), format!(r#""x": {{ ">=": {far} }}"#)),
    }
}

fn moving(name: &str, by: &str, cost: f64) -> String {
    format!(
        r#"{{ "name": "{name}", "preconditions": {{ "running": true }}, "effects": {{ "x": {{ "+": {} }} }}, "cost": {cost} }}"#,
        float(by)
    )
}

/// A step, sometimes as the sum that a program would have written.
fn change(random: &mut SplitMix64, step: &str) -> String {
    if random.below(4) == 0 { (number(step) + 0.1 - 0.1).to_string() } else { step.to_owned() }
}

fn cost(random: &mut SplitMix64) -> f64 {
    f64::from(1 + random.below(8) as u32) / 2.0
}

fn pick(random: &mut SplitMix64, of: &[&'static str]) -> &'static str {
    of[random.below(of.len() as u64) as usize]
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

/// A number that is read as a float.
fn float(text: &str) -> String {
    if text.contains(['.', 'e']) { text.to_owned() } else { format!("{text}.0") }
}
