//! The engine against a planner that is too simple to be wrong, on a thousand random documents.
//!
//! `CONFORMANCE_TASKS=20000 cargo test --release --test search conformance::` looks at more of them.

use crate::support::brute_force::{Graph, Interpreter};
use crate::support::engines::{HEURISTICS, engine, engines, initial, solve};
use crate::support::{generators, random_goap};
use planscope::ground::goap::{GoapTask, compile};
use planscope::hash::SplitMix64;
use planscope::heuristic::Heuristic;
use planscope::lang::goap::{Model, parse};
use planscope::lang::plan::Step;
use planscope::search::{EngineConfig, HeuristicKind, SearchEnd, SearchKind};
use planscope::validate::{State, replay};

/// Documents that count; see [`tasks`].
const TASKS: usize = 1_000;
/// Documents with more reachable states do not count.
const STATES_MAX: usize = 1_000;
/// How far costs may lie apart.
const TOLERANCE: f64 = 1e-9;

/// A random document and all that is to be known about it.
struct Case<'m> {
    seed: u64,
    text: String,
    model: &'m Model,
    compiled: GoapTask,
}

/// How many documents each test looks at: a share of all that were asked for.
fn tasks(share: usize) -> usize {
    let asked = std::env::var("CONFORMANCE_TASKS").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(TASKS) / share
}

fn checked(seed: u64, text: &str) -> Model {
    let parsed = parse(text);
    let errors: Vec<_> = parsed.diagnostics.iter().filter(|finding| finding.is_error()).collect();
    assert!(errors.is_empty(), "seed {seed}: {errors:#?}\n{text}");
    parsed.model.unwrap()
}

impl Case<'_> {
    fn describe(&self, goal: usize, config: &EngineConfig) -> String {
        format!("seed {}, goal {goal}, {config}\n{}", self.seed, self.text)
    }
}

/// Calls `check` with the first documents whose reachable states can all be seen and that are worth
/// looking at: there is something to do, and for most something to plan.
fn for_each_case(seeds: u64, tasks: usize, mut check: impl FnMut(&Case<'_>, &Interpreter<'_>, &Graph)) {
    let mut seen = 0;
    for seed in seeds.. {
        let text = random_goap::document(seed);
        let model = checked(seed, &text);
        let interpreter = Interpreter::new(&model);
        let Some(graph) = Graph::explore(&interpreter, STATES_MAX) else { continue };
        let is_worth_it = (0..model.goals.len())
            .any(|goal| graph.steps_to(&interpreter, goal).is_some_and(|steps| steps > 2));
        if graph.states.len() < 4 || seed % 64 > 0 && !is_worth_it {
            continue;
        }
        let compiled = compile(&model).unwrap();
        let case = Case { seed, text, model: &model, compiled };
        check(&case, &interpreter, &graph);
        seen += 1;
        if seen == tasks {
            return;
        }
    }
}

/// What the steps cost when the brute force takes them; panics where one does not apply.
fn cost_of(interpreter: &Interpreter<'_>, goal: usize, steps: &[Step]) -> f64 {
    let mut state = interpreter.initial();
    let mut total = 0.0;
    for step in steps {
        let instance = interpreter.instances.iter().find(|instance| {
            let arguments = instance.arguments.iter().map(|argument| &argument.value);
            instance.action.name == step.action && arguments.eq(&step.arguments)
        });
        let (after, cost) = interpreter.apply(&state, instance.unwrap()).unwrap();
        state = after;
        total += cost;
    }
    assert!(interpreter.reaches(&state, goal));
    total
}

#[test]
fn optimal_engines_find_the_brute_force_optimum_on_1000_random_tasks() {
    let (mut solved, mut steps, mut states, mut unsolvable) = (0, 0, 0, 0);
    for_each_case(0, tasks(1), |case, interpreter, graph| {
        states += graph.states.len();
        for goal in 0..case.model.goals.len() {
            let optimum = graph.optimum(interpreter, goal);
            for heuristic in [HeuristicKind::Blind, HeuristicKind::Hmax, HeuristicKind::Lmcut] {
                let config = engine(SearchKind::Astar, heuristic);
                let found = solve(case.model, &case.compiled, goal, &config);
                let Some(optimum) = optimum else {
                    assert_eq!(found.end, SearchEnd::Unsolvable, "{}", case.describe(goal, &config));
                    unsolvable += 1;
                    continue;
                };
                assert_eq!(found.end, SearchEnd::Solved, "{}", case.describe(goal, &config));
                // Where a plan costs next to nothing, rounding of computed costs could have decided.
                assert!(found.is_optimal || found.cost < 1e-3, "{}", case.describe(goal, &config));
                let cost = cost_of(interpreter, goal, &found.steps);
                // The search adds costs that were rounded one by one.
                let rounding = TOLERANCE * (1 + found.steps.len()) as f64;
                assert!(
                    (cost - optimum).abs() <= TOLERANCE && (found.cost - optimum).abs() <= rounding,
                    "cost {cost} (by search {}), optimum {optimum}; {}",
                    found.cost,
                    case.describe(goal, &config)
                );
                solved += 1;
                steps += found.steps.len();
            }
        }
    });
    // The documents are worth looking at: many have a plan, and not a short one.
    let tasks = tasks(1);
    assert!(solved > tasks && steps > 2 * solved && unsolvable > tasks / 4 && states > 20 * tasks);
}

#[test]
fn plans_of_every_engine_hold_and_proofs_are_right() {
    for_each_case(100_000, tasks(4), |case, interpreter, graph| {
        for (goal, declared) in case.model.goals.iter().enumerate().take(1) {
            let optimum = graph.optimum(interpreter, goal);
            for config in engines() {
                let found = solve(case.model, &case.compiled, goal, &config);
                let Some(optimum) = optimum else {
                    assert_eq!(found.end, SearchEnd::Unsolvable, "{}", case.describe(goal, &config));
                    continue;
                };
                assert_eq!(found.end, SearchEnd::Solved, "{}", case.describe(goal, &config));
                let begin = State { values: initial(case.model) };
                let replayed = replay(case.model, begin, &declared.conditions, &found.steps);
                let replayed =
                    replayed.unwrap_or_else(|one| panic!("{one}; {}", case.describe(goal, &config)));
                let cost = cost_of(interpreter, goal, &found.steps);
                assert!((cost - replayed.total).abs() <= TOLERANCE, "{}", case.describe(goal, &config));
                assert!(cost >= optimum - TOLERANCE, "{}", case.describe(goal, &config));
                if found.is_optimal {
                    assert!((cost - optimum).abs() <= TOLERANCE, "{}", case.describe(goal, &config));
                }
                if config.search == SearchKind::Wastar && config.heuristic.are_admissible() {
                    let bound = optimum * config.weight + TOLERANCE;
                    assert!(cost <= bound, "{cost} > {bound}: {}", case.describe(goal, &config));
                }
            }
        }
    });
}

#[test]
fn estimates_are_admissible_and_dead_ends_are_dead_in_every_state() {
    for_each_case(200_000, tasks(4), |case, interpreter, graph| {
        let GoapTask { task, .. } = &case.compiled;
        let goal = case.model.goals.len() - 1;
        let instance = case.compiled.instance(case.model, &initial(case.model), goal).unwrap();
        let exact = graph.distances_to(interpreter, goal);
        let mut heuristics: Vec<(EngineConfig, Box<dyn Heuristic>)> = Vec::new();
        for (search, heuristic) in [SearchKind::Astar, SearchKind::Gbfs]
            .into_iter()
            .flat_map(|search| HEURISTICS.map(|heuristic| (search, heuristic)))
        {
            let config = engine(search, heuristic);
            heuristics.push((config, config.heuristic_for(task, &instance)));
        }
        for (state, exact) in graph.states.iter().zip(exact) {
            let packed = case.compiled.pack(case.model, state).unwrap();
            let mut hmax = 0;
            for (config, heuristic) in &mut heuristics {
                let Some(h) = heuristic.evaluate(&packed) else {
                    assert!(exact.is_infinite(), "{state:?} is alive; {}", case.describe(goal, config));
                    continue;
                };
                assert!(h >= 0);
                if config.search == SearchKind::Astar {
                    match config.heuristic.first() {
                        HeuristicKind::Hmax => hmax = h,
                        HeuristicKind::Lmcut => {
                            assert!(
                                h >= hmax,
                                "{state:?}: LM-cut {h} < hmax {hmax}; {}",
                                case.describe(goal, config)
                            );
                        }
                        _ => {}
                    }
                }
                if config.search == SearchKind::Astar && config.heuristic.are_admissible() {
                    let h = h as f64 * task.unit;
                    assert!(h <= exact + 1e-7, "{state:?}: {h} > {exact}; {}", case.describe(goal, config));
                }
            }
        }
    });
}

/// Applicable steps with the packed state after each and its cost, as the task has them.
fn successors(case: &Case<'_>, state: &[u64]) -> Vec<(Step, Vec<u64>, f64)> {
    let task = &case.compiled.task;
    let (mut stack, mut candidates) = (Vec::new(), Vec::new());
    task.successors.facts_hold(&task.layout, state, &mut stack, &mut candidates);
    let mut found = Vec::new();
    for id in candidates {
        let operator = &task.operators[id.0 as usize];
        assert!(!operator.precondition.is_false);
        let mut after = state.to_vec();
        if !operator.precondition.rest_holds(&task.layout, state) {
            continue;
        }
        let Some(cost) = task.apply(operator, state, &mut after) else { continue };
        found.push((case.compiled.step(case.model, id).unwrap(), after, cost as f64 * task.unit));
    }
    found
}

#[test]
fn successors_of_the_compiled_task_are_those_of_the_source_model() {
    for_each_case(300_000, tasks(4), |case, _, graph| {
        let interpreter = Interpreter::new(case.model);
        let mut random = SplitMix64::new(case.seed);
        for _ in 0..40 {
            let at = random.below(graph.states.len() as u64) as usize;
            let packed = case.compiled.pack(case.model, &graph.states[at]).unwrap();
            let mut compiled = successors(case, &packed);
            for &(instance, next, cost) in &graph.edges[at] {
                let instance = &interpreter.instances[instance];
                let arguments = instance.arguments.iter().map(|argument| argument.value.clone());
                let step = Step { action: instance.action.name.clone(), arguments: arguments.collect() };
                let after = case.compiled.pack(case.model, &graph.states[next]).unwrap();
                let Some(place) = compiled.iter().position(|one| one.0 == step) else {
                    assert_eq!(after, packed, "{step:?} is missing; seed {}\n{}", case.seed, case.text);
                    continue;
                };
                let (_, written, paid) = compiled.swap_remove(place);
                assert_eq!(written, after, "{step:?}; seed {}\n{}", case.seed, case.text);
                assert!((paid - cost).abs() <= TOLERANCE, "{step:?}; seed {}\n{}", case.seed, case.text);
            }
            assert!(compiled.is_empty(), "too many: {compiled:?}; seed {}\n{}", case.seed, case.text);
        }
    });
}

#[test]
fn benchmark_tasks_have_their_known_optimal_costs() {
    for (text, actions, cost, length) in [
        (generators::classic(), 10, 18.0_f64, 8),
        (generators::craft100(), 100, 22.0, 13),
        (generators::craft1000(), 1000, 16.0, 10),
    ] {
        let parsed = parse(&text);
        let errors: Vec<_> = parsed.diagnostics.iter().filter(|finding| finding.is_error()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let model = parsed.model.unwrap();
        assert_eq!(model.actions.len(), actions);
        let compiled = compile(&model).unwrap();
        let found = solve(&model, &compiled, 0, &engine(SearchKind::Astar, HeuristicKind::Hmax));
        assert_eq!((found.cost.to_bits(), found.steps.len()), (cost.to_bits(), length));
    }
}

#[test]
fn generated_families_are_valid_and_solved_as_they_should_be() {
    for (text, is_solvable) in [
        (generators::delivery(1, 3, 2), true),
        (generators::economy(1, 3, 20), true),
        (generators::pancakes(1, 6), true),
        (generators::switchboard(1, 8), false),
    ] {
        let parsed = parse(&text);
        let errors: Vec<_> = parsed.diagnostics.iter().filter(|finding| finding.is_error()).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{text}");
        let model = parsed.model.unwrap();
        let compiled = compile(&model).unwrap();
        let costs = [HeuristicKind::Blind, HeuristicKind::Hmax].map(|heuristic| {
            let found = solve(&model, &compiled, 0, &engine(SearchKind::Astar, heuristic));
            assert_eq!(found.end == SearchEnd::Solved, is_solvable, "{}", model.name);
            found.cost
        });
        assert!((costs[0] - costs[1]).abs() < 1e-9);
    }
}
