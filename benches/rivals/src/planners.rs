//! Each planner behind the same closure: everything is prepared, then asked for a plan.

use std::sync::Arc;

use planscope::search::{EngineConfig, HeuristicKind, NoObserver, Policy, Search, SearchEnd, SearchKind};

use crate::facts::Facts;

/// A plan in numbers.
#[derive(Clone, Copy)]
pub struct Answer {
    /// Its cost.
    pub cost: f64,
    /// Its steps.
    pub steps: usize,
}

/// A prepared task: each call makes a plan from scratch.
pub type Ready = Box<dyn FnMut() -> Answer>;

/// A planner.
pub struct Planner {
    /// As shown.
    pub name: &'static str,
    /// Whether it is another's.
    pub is_rival: bool,
    /// Makes a task ready for it.
    pub prepare: fn(&Facts) -> Ready,
}

/// All of them; this engine's optimal search first, which the others are compared with.
pub fn all() -> Vec<Planner> {
    let planner = |name, is_rival, prepare| Planner { name, is_rival, prepare };
    vec![
        planner("planscope A* hmax", false, |facts| own(facts, SearchKind::Astar, HeuristicKind::Hmax)),
        planner("planscope A* blind", false, |facts| own(facts, SearchKind::Astar, HeuristicKind::Blind)),
        planner("planscope greedy FF", false, |facts| own(facts, SearchKind::Gbfs, HeuristicKind::Ff)),
        planner("rust_goap 0.1.0", true, by_rust_goap),
        planner("dogoap 0.5.0", true, by_dogoap),
        planner("goap 0.1.0", true, by_goap),
    ]
}

fn own(facts: &Facts, search: SearchKind, heuristic: HeuristicKind) -> Ready {
    let config = EngineConfig { search, heuristic: heuristic.into(), ..EngineConfig::default() };
    let task = Arc::clone(&facts.compiled.task);
    let values: Vec<_> = facts.model.variables.iter().map(|one| one.initial.clone()).collect();
    let instance = facts.compiled.instance(&facts.model, &values, 0).expect("an initial state");
    Box::new(move || {
        let instance = instance.clone();
        let heuristic = config.heuristic_for(&task, &instance);
        let policy = Policy::new(&config);
        let search = Search::new(&task, instance, heuristic, policy, 1 << 32, NoObserver);
        let finished = planscope::step::run(search);
        assert_eq!(finished.end, SearchEnd::Solved);
        Answer { cost: finished.cost as f64 * task.unit, steps: finished.plan.len() }
    })
}

fn by_rust_goap(facts: &Facts) -> Ready {
    use rust_goap::prelude::{Action, Assert, Effect, Goal, Mutation, WorldState, make_plan};
    let start = facts.initial.iter().fold(WorldState::new(), |state, (name, is)| state.set(name, *is));
    let goal = facts.goal.iter().fold(Goal::new(), |goal, (name, is)| goal.with(name, Assert::eq(*is)));
    let actions: Vec<Action> = facts
        .actions
        .iter()
        .map(|action| {
            let mutations = action.does.iter().map(|(name, becomes)| Mutation::set(name, *becomes)).collect();
            let needs = action.needs.iter().map(|(name, is)| (name.clone(), Assert::eq(*is)));
            let made = Action::new(&action.name).with_effect(Effect { mutations, cost: action.cost });
            needs.fold(made, Action::with_precondition)
        })
        .collect();
    Box::new(move || {
        let (nodes, cost) = make_plan(&start, &actions, &goal).expect("a plan");
        Answer { cost: cost as f64, steps: nodes.len() - 1 }
    })
}

fn by_dogoap(facts: &Facts) -> Ready {
    use dogoap::prelude::{Action, Compare, Datum, Goal, LocalState, Mutator, make_plan};
    let start = facts
        .initial
        .iter()
        .fold(LocalState::new(), |state, (name, is)| state.with_datum(name, Datum::Bool(*is)));
    let equal = |is: bool| Compare::Equals(Datum::Bool(is));
    let goal = facts.goal.iter().fold(Goal::new(), |goal, (name, is)| goal.with_req(name, equal(*is)));
    let actions: Vec<Action> = facts
        .actions
        .iter()
        .map(|action| {
            let made = Action::new(&action.name);
            let needs = action.needs.iter();
            let made = needs.fold(made, |made, (name, is)| made.with_precondition(name, equal(*is)));
            let does = action.does.iter();
            let made = does.fold(made, |made, (name, becomes)| {
                made.add_mutator(Mutator::Set(name.clone(), Datum::Bool(*becomes)))
            });
            made.set_cost(action.cost)
        })
        .collect();
    Box::new(move || {
        let (nodes, cost) = make_plan(&start, &actions, &goal).expect("a plan");
        Answer { cost: cost as f64, steps: nodes.len() - 1 }
    })
}

fn by_goap(facts: &Facts) -> Ready {
    use goap::prelude::{Action, Goal, Planner, State};
    let initial = facts.initial.iter();
    let start = initial.fold(State::new(), |state, (name, is)| state.set(name, *is)).build();
    let goal = facts.goal.iter().fold(Goal::new("goal"), |goal, (name, is)| goal.requires(name, *is)).build();
    let actions: Vec<Action> = facts
        .actions
        .iter()
        .map(|action| {
            let made = Action::new(&action.name).cost(action.cost as f64);
            let made = action.needs.iter().fold(made, |made, (name, is)| made.requires(name, *is));
            action.does.iter().fold(made, |made, (name, becomes)| made.sets(name, *becomes)).build()
        })
        .collect();
    Box::new(move || {
        let plan = Planner::new().plan(start.clone(), &goal, &actions).expect("a plan");
        Answer { cost: plan.cost, steps: plan.actions.len() }
    })
}
