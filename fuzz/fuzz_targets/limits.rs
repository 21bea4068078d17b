//! PDDL of at most ten kilobytes against small limits and a clock, that of the processor. Grounding, replaying a plan and explaining
//! that there is none are cut into slices; no slice takes longer than a limit may be overrun by.
#![no_main]

#[path = "../../tests/support/large_pddl.rs"]
mod large_pddl;
mod support;

use std::sync::Arc;
use std::time::Duration;

use cpu_time::ThreadTime;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use planscope::ground::pddl::{Ground, GroundOptions, PddlTask};
use planscope::lang::pddl::{Model, parse};
use planscope::lang::plan::Step;
use planscope::plan::explain_pddl::Explaining;
use planscope::step::{Budget, Progress, Stepper};
use planscope::task::OperatorId;
use planscope::validate::pddl::Replaying;
use support::mutate::write_input;

/// Longest input.
const BYTES_MAX: usize = 10 << 10;
/// Time that each part may take before it is given up.
const DEADLINE: Duration = Duration::from_millis(300);
/// Time by which it may overrun that.
const OVERRUN: Duration = Duration::from_millis(200);
const MEMORY: u64 = 64 << 20;
/// Units of a slice.
const SLICE: u64 = 64;
/// Steps of a plan that is replayed.
const STEPS_MAX: usize = 4;

// Every input is a generated task, mutated by single bytes now and then: what matters is what it means.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if seed % 4 != 0 && size > 0 {
        let at = seed as usize / 4 % size;
        data[at] = b"() ?0123456789abcxyz"[seed as usize % 20];
        return size;
    }
    let (domain, problem) = large_pddl::task(u64::from(seed), 10 + u64::from(seed) % 400);
    write_input(data, max_size, &format!("{domain}\0{problem}"))
});

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if text.len() > BYTES_MAX {
        return;
    }
    let (domain, problem) = text.split_once('\0').unwrap_or((text, ""));
    let Some(model) = parse(domain, problem).model.map(Arc::new) else { return };
    let options = GroundOptions { memory_bytes: MEMORY, ..GroundOptions::default() };
    let Some(Ok(task)) = within("grounding", Ground::new(Arc::clone(&model), options)) else { return };
    if task.instance.goal.is_false {
        within("explaining", Explaining::new(&model, task.reached(), String::new()));
    }
    within("replaying", Replaying::new(&model, first_steps(&model, &task)));
});

/// Runs a stepper in slices until it is done or its time is over.
fn within<S: Stepper>(name: &str, mut stepper: S) -> Option<S::Output> {
    let started = ThreadTime::now();
    loop {
        let progress = stepper.step(&mut Budget::units(SLICE));
        let used = started.elapsed();
        assert!(used < DEADLINE + OVERRUN, "{name} took {used:?}");
        match progress {
            Progress::Done(output) => return Some(output),
            Progress::Pending if used > DEADLINE => return None,
            Progress::Pending => {}
        }
    }
}

/// A plan that may be none: the first operators, each once.
fn first_steps(model: &Model, task: &PddlTask) -> Vec<Step> {
    let operators = 0..task.task.operators.len().min(STEPS_MAX) as u32;
    operators.filter_map(|id| task.step(model, OperatorId(id))).collect()
}
