//! A domain and a problem, split at the first NUL: parsed, grounded, searched for a while. Findings have
//! places within the texts, and slices change nothing. Plans that are found hold; engines agree on whether
//! there is one and, where they are optimal, on its cost; so does, for tasks that are small enough, a search
//! of the lifted model that sees every state.
#![no_main]

#[path = "../../tests/support/lifted_brute/mod.rs"]
#[allow(dead_code, reason = "made for tests")]
mod lifted_brute;
#[path = "../../tests/support/random_pddl/mod.rs"]
#[allow(dead_code, reason = "made for tests")]
mod random_pddl;
mod support;

use std::sync::Arc;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use lifted_brute::{Answer, Written};
use planscope::ground::pddl::{Failure, Ground, GroundOptions, PddlTask};
use planscope::ground::sas;
use planscope::lang::pddl::model::{Condition, ConditionKind, Effect, EffectKind, Parameter};
use planscope::lang::pddl::{Model, Parse, Parsed, canonical, parse, text};
use planscope::step::{Budget, Progress, Stepper};
use planscope::validate::pddl::replay;
use random_pddl::Features;
use support::engines::{self, Costs, Found};
use support::findings;
use support::mutate::{Language, mutate_input, write_input};

/// Units that grounding may take: enough for small tasks; the rest is given up.
const UNITS: u64 = 20_000;
const MEMORY: u64 = 64 << 20;
/// Units of a slice where the same is done in slices.
const SLICE: u64 = 3;
/// What a task that is written out may have of each.
const OBJECTS_MAX: usize = 4;
const VARIABLES_MAX: usize = 4;
const STATES_MAX: usize = 300;

/// One of so many mutations takes a small random task in place of the input.
const FRESH_EVERY: u32 = 32;

const PDDL: Language = Language {
    separators: b";",
    comma: " ",
    words: &[
        ":requirements",
        ":types",
        ":constants",
        ":predicates",
        ":functions",
        ":derived",
        ":action",
        ":parameters",
        ":precondition",
        ":effect",
        ":objects",
        ":init",
        ":goal",
        ":metric",
        ":domain",
        ":durative-action",
        ":constraints",
        "define",
        "domain",
        "problem",
        "and",
        "or",
        "not",
        "imply",
        "forall",
        "exists",
        "when",
        "=",
        "<",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "assign",
        "increase",
        "decrease",
        "scale-up",
        "minimize",
        "maximize",
        "either",
        "object",
        "number",
        "total-cost",
        "total-time",
        "?x",
        "?y",
        "x",
        "0",
        "1",
        "2",
        "-1",
        "0.5",
        "1e3",
        "()",
        "(= ?x ?y)",
        "(total-cost)",
        "(increase (total-cost) 1)",
        "(= (total-cost) 0)",
        "(:metric minimize (total-cost))",
    ],
    frames: &[
        "(not @)",
        "(and @)",
        "(or @)",
        "(or @ (not @))",
        "(imply @ @)",
        "(forall (?x) @)",
        "(exists (?y) @)",
        "(when (and) @)",
        "(when @ @)",
        "(and @ (not @))",
        "(@)",
        "@ - object",
        "(either @ object)",
        "@ ?x",
        "(= @ @)",
        "(+ @ 1)",
        "(:derived @ (and))",
        "(forall (?x - object) (when (and) @))",
        ";@\n",
        "«@",
    ],
};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if seed % FRESH_EVERY == 1 {
        let task = random_pddl::task(u64::from(seed), Features::ALL);
        return write_input(data, max_size, &format!("{}\0{}", task.domain, task.problem));
    }
    mutate_input(data, size, max_size, seed, &PDDL)
});

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (domain, problem) = text.split_once('\0').unwrap_or((text, ""));
    let parsed = parse(domain, problem);
    check_reading(domain, problem, &parsed);
    let Some(model) = parsed.model.map(Arc::new) else { return };
    let mut costs = Costs::default();
    for (invariants, relevance) in [(true, true), (false, false)] {
        let options = GroundOptions { memory_bytes: MEMORY, invariants, relevance };
        match ground(&model, options) {
            Some(Ok(task)) => check_task(&model, &task, data, &mut costs),
            Some(Err(Failure::Diagnostics(found))) => {
                assert!(!found.is_empty());
                findings::check(&found, &[domain, problem]);
            }
            _ => {}
        }
    }
    if !costs.is_empty() && is_small(&model) {
        match Written::new(&model).solve(STATES_MAX) {
            Answer::Solved { cost, .. } => costs.push(Some(cost), true),
            Answer::Unsolvable => costs.push(None, true),
            Answer::TooLarge => {}
        }
    }
    costs.check();
});

fn check_reading(domain: &str, problem: &str, parsed: &Parsed) {
    let texts = [domain, problem];
    findings::check(&parsed.diagnostics, &texts);
    assert_eq!(parsed.model.is_some(), !parsed.diagnostics.iter().any(|finding| finding.is_error()));
    let mut sliced = Parse::new(domain.into(), problem.into());
    let sliced = loop {
        if let Progress::Done(sliced) = sliced.step(&mut Budget::units(SLICE)) {
            break sliced;
        }
    };
    assert_eq!(sliced.diagnostics, parsed.diagnostics);
    let bytes = |parsed: &Parsed| {
        let model = parsed.model.as_ref();
        model.map(|model| (canonical::domain_bytes(model), canonical::instance_bytes(model)))
    };
    assert_eq!(bytes(&sliced), bytes(parsed));
    if let Some(mended) = parsed.diagnostics.first().and_then(|first| findings::mended(first, &texts)) {
        let again = parse(&mended[0], &mended[1]);
        findings::check(&again.diagnostics, &[&mended[0], &mended[1]]);
    }
}

/// `None` where it takes too long.
fn ground(model: &Arc<Model>, options: GroundOptions) -> Option<Result<PddlTask, Failure>> {
    let mut ground = Ground::new(Arc::clone(model), options);
    let mut budget = Budget::units(UNITS);
    loop {
        match ground.step(&mut budget) {
            Progress::Done(result) => return Some(result),
            Progress::Pending if budget.is_spent() => return None,
            Progress::Pending => {}
        }
    }
}

/// Searches the task with the engines that the input picks; adds what they came to.
fn check_task(model: &Model, task: &PddlTask, input: &[u8], costs: &mut Costs) {
    text::condition(model, &model.goal, &mut |_| String::new());
    let operator = |id| format!("{:?}", task.step(model, id));
    let names = sas::Names { fact: &|fact| task.fact_name(model, fact), operator: &operator };
    let _ = sas::write(&task.task, &task.instance, &[], names, &mut String::new());
    task.state(model, &task.instance.initial);
    for engine in &engines::engines(input) {
        match engines::search(&task.task, &task.instance, engine, task.has_uniform_cost) {
            Some(Found::Plan(plan, cost, is_least)) => {
                let steps: Vec<_> = plan.iter().filter_map(|&id| task.step(model, id)).collect();
                assert_eq!(steps.len(), plan.len());
                let replayed = replay(model, &steps).expect("a plan that holds");
                costs.plan(replayed.total, cost as f64 * task.task.unit, is_least);
            }
            Some(Found::Nothing) => costs.push(None, true),
            None => {}
        }
    }
}

/// Whether it can be written out.
fn is_small(model: &Model) -> bool {
    let actions = model.actions.iter().all(|action| {
        let width = action.parameters.len();
        let effects = action.effects.iter().map(|effect| effect_width(effect, width)).max();
        condition_width(&action.precondition, width).max(effects.unwrap_or(0)) <= VARIABLES_MAX
    });
    let axioms = model.axioms.iter();
    model.objects.len() <= OBJECTS_MAX
        && actions
        && axioms.map(|axiom| condition_width(&axiom.condition, axiom.parameters.len())).max().unwrap_or(0)
            <= VARIABLES_MAX
        && condition_width(&model.goal, 0) <= VARIABLES_MAX
        && model.predicates.iter().all(|one| one.parameters.len() <= VARIABLES_MAX)
        && model.functions.iter().all(|one| one.parameters.len() <= VARIABLES_MAX)
}

/// The most variables at any place within, if there are so many outside.
fn condition_width(condition: &Condition, outside: usize) -> usize {
    let quantified = |parameters: &[Parameter], body| condition_width(body, outside + parameters.len());
    let widest = |parts: &[Condition]| parts.iter().map(|part| condition_width(part, outside)).max();
    match &condition.kind {
        ConditionKind::Not(part) => condition_width(part, outside),
        ConditionKind::And(parts) | ConditionKind::Or(parts) => widest(parts).unwrap_or(outside),
        ConditionKind::Imply(sides) => widest(&sides[..]).unwrap_or(outside),
        ConditionKind::Forall(inner) | ConditionKind::Exists(inner) => {
            quantified(&inner.parameters, &inner.body)
        }
        _ => outside,
    }
}

fn effect_width(effect: &Effect, outside: usize) -> usize {
    let widest = |parts: &[Effect], outside| parts.iter().map(|part| effect_width(part, outside)).max();
    match &effect.kind {
        EffectKind::Forall(inner) => {
            let outside = outside + inner.parameters.len();
            widest(&inner.body, outside).unwrap_or(outside)
        }
        EffectKind::When(condition, inner) => {
            condition_width(condition, outside).max(widest(inner, outside).unwrap_or(outside))
        }
        _ => outside,
    }
}
