//! The figures of a recording are those of the search itself: now, and at every time that it was paused at.

use planscope::ground::goap::compile;
use planscope::lang::goap::parse;
use planscope::search::{EngineConfig, HeuristicKind, Heuristics, Planner, Policy, SearchKind};
use planscope::step::{Budget, Progress, Stepper};
use planscope::trace::{Figures, NONE, Recorder, Trace, TraceLimits, posthoc};

/// Boxes on a line of places, carried one at a time; costs that are no whole numbers, so that the task's unit
/// is not 1, and ways that get cheaper after they were expanded.
fn document() -> String {
    let places = 5_i32;
    let mut actions = Vec::new();
    for from in 0..places {
        for to in 0..places {
            if from == to {
                continue;
            }
            let far = (from - to).abs();
            let cost = 0.5 * f64::from(far * far) + 0.25;
            actions.push(format!(
                r#"{{"name":"go{from}{to}","preconditions":{{"at":{from}}},"effects":{{"at":{to}}},"cost":{cost}}}"#
            ));
        }
    }
    for object in 0..3 {
        for place in 0..places {
            actions.push(format!(
                r#"{{"name":"take{object}{place}","preconditions":{{"at":{place},"b{object}":{place},"hand":false}},
                "effects":{{"b{object}":9,"hand":true}},"cost":0.75}}"#
            ));
            actions.push(format!(
                r#"{{"name":"put{object}{place}","preconditions":{{"at":{place},"b{object}":9}},
                "effects":{{"b{object}":{place},"hand":false}},"cost":1.5}}"#
            ));
        }
    }
    format!(
        r#"{{"format":"planscope-goap/1","state":{{"at":0,"hand":false,"b0":0,"b1":1,"b2":2}},
        "actions":[{}],
        "goals":[{{"name":"all away","conditions":{{"b0":4,"b1":3,"b2":0}}}}]}}"#,
        actions.join(",")
    )
}

fn engines() -> Vec<EngineConfig> {
    let of = |search, heuristics: Heuristics| EngineConfig {
        search,
        heuristic: heuristics,
        weight: 3.0,
        ..EngineConfig::default()
    };
    let pair = Heuristics::from(HeuristicKind::Ff).with(HeuristicKind::GoalCount).unwrap();
    let mut all = Vec::new();
    for search in [
        SearchKind::Bfs,
        SearchKind::Ucs,
        SearchKind::Astar,
        SearchKind::Wastar,
        SearchKind::Gbfs,
        SearchKind::Lazy,
        SearchKind::Ehc,
    ] {
        all.push(of(search, HeuristicKind::Ff.into()));
    }
    all.push(of(SearchKind::Gbfs, pair));
    all.push(of(SearchKind::Lazy, pair));
    all.push(of(SearchKind::Astar, HeuristicKind::Add.into()));
    for search in [
        SearchKind::Auto,
        SearchKind::LamaFirst,
        SearchKind::SoftminLama,
        SearchKind::Lama,
        SearchKind::LazyFf,
        SearchKind::Bfws,
        SearchKind::AstarLmcut,
    ] {
        all.push(of(search, HeuristicKind::Ff.into()));
    }
    all
}

fn planner(engine: &EngineConfig) -> (Planner<Recorder>, f64) {
    let parsed = parse(&document());
    let model = parsed.model.unwrap();
    let goap = compile(&model).unwrap();
    let initial: Vec<_> = model.variables.iter().map(|variable| variable.initial.clone()).collect();
    let instance = goap.instance(&model, &initial, 0).unwrap();
    let unit = goap.task.unit;
    let observe = Box::new(move |policy: &Policy| {
        Recorder::new(TraceLimits::default(), unit, policy.h_unit(unit), policy.weight())
    });
    let task = std::sync::Arc::clone(&goap.task);
    (Planner::new(&task, instance, engine, false, 64 << 20, observe), unit)
}

/// The figures of the search that is drawn, from the search itself.
fn own(planner: &Planner<Recorder>, unit: f64) -> Figures {
    let guides = planner.guides();
    let now = planner.observer().trace().now.statistics;
    let (best, initial) = planner.best_and_initial_h();
    let value = |h: i64| h as f64 * guides.policy.h_unit(unit);
    Figures {
        expanded: now.expanded,
        generated: now.generated,
        reopened: now.reopened,
        dead_ends: now.dead_ends,
        registered: now.registered,
        open: planner.open_size() as u64,
        best_h: best.map(value),
        initial_h: initial.map(value),
        ..Figures::default()
    }
}

fn same(of: &str, at: u32, shown: &Figures, own: &Figures) {
    let read = |figures: &Figures| {
        (
            [figures.expanded, figures.generated, figures.reopened, figures.dead_ends],
            (figures.registered, figures.open),
            (figures.best_h, figures.initial_h),
        )
    };
    assert_eq!(read(shown), read(own), "{of}, after {at} expansions");
}

#[test]
fn the_figures_of_every_engine_are_its_own_at_every_time() {
    for engine in engines() {
        let of = format!("{:?} by {:?}", engine.search, engine.heuristic);
        let (mut planner, unit) = planner(&engine);
        let mut seen: Vec<Figures> = Vec::new();
        let (mut number, mut steps) = (1, 0);
        loop {
            // One expansion, in slices of a few units; then the search rests.
            let mut left = 1;
            let progress = loop {
                let mut budget = Budget::units(7).with_expansions(left);
                let before = planner.statistics().expanded;
                let progress = planner.step(&mut budget);
                left = left.saturating_sub(planner.statistics().expanded - before);
                let rests = left == 0 && !planner.is_mid_expansion() && budget.units_left() > 0;
                if rests || matches!(progress, Progress::Done(_)) {
                    break progress;
                }
            };
            if planner.guides().number != number {
                number = planner.guides().number;
                seen.clear();
            }
            let trace = planner.observer().trace();
            let figures = Figures::at(trace, None);
            let is_over = matches!(progress, Progress::Done(_));
            // In the end the search that found the plan is drawn, which need not be the last that ran.
            if !is_over || planner.passes() == 1 {
                same(&of, trace.expansions() as u32, &figures, &own(&planner, unit));
            }
            if is_over {
                break;
            }
            steps += 1;
            if trace.expansions() == seen.len() + 1 {
                seen.push(figures);
            } else {
                // A new pass has begun, or the step went on to the next one.
                seen = (1..=trace.expansions() as u32).map(|time| Figures::at(trace, Some(time))).collect();
            }
            if steps > 4_000 {
                break;
            }
        }
        let trace = planner.observer().trace();
        if planner.guides().number == number {
            for (time, figures) in (1..trace.expansions() as u32).zip(&seen) {
                same(&of, time, &Figures::at(trace, Some(time)), figures);
            }
        }
        laws(&of, trace);
    }
}

/// What holds of every recording, at any time.
fn laws(of: &str, trace: &Trace) {
    assert!(trace.generated_at.is_sorted(), "{of}");
    let mut last = Figures::default();
    // The last expansion is now, when the search may have gone on to what ends it.
    for time in 1..trace.expansions() as u32 {
        let figures = Figures::at(trace, Some(time));
        let until = |at: &u32| *at <= time;
        let reopened = trace.arrivals.iter().filter(|arrival| arrival.at <= time && arrival.reopened).count();
        assert_eq!(figures.reopened, reopened as u64, "{of}: reopened after {time}");
        assert_eq!(
            figures.registered,
            trace.generated_at.iter().filter(|at| until(at)).count() as u64,
            "{of}"
        );
        let least = (0..trace.nodes_at(Some(time))).filter_map(|node| trace.h_value(trace.h[node]));
        let least = least.fold(f64::INFINITY, f64::min);
        assert!(figures.best_h.unwrap() <= least, "{of}: best h after {time}");
        assert!(figures.generated >= last.generated && figures.dead_ends >= last.dead_ends, "{of}");
        last = figures;
    }
    for arrival in trace.arrivals.iter().filter(|arrival| arrival.reopened) {
        assert!(arrival.cheaper && trace.expanded_at[arrival.node as usize] < arrival.at, "{of}");
    }
    for node in 0..trace.len() {
        let parent = trace.parent[node];
        let born = trace.generated_at[node];
        // Whoever is generated has a parent that was expanded by then.
        assert!(parent == NONE || trace.expanded_at[parent as usize] <= born, "{of}: node {node}");
        assert!(trace.expanded_at[node] == NONE || trace.expanded_at[node] >= born, "{of}: node {node}");
    }
}

#[test]
fn only_searches_that_reopen_show_reopened_nodes() {
    let mut some = false;
    for engine in engines() {
        let (mut planner, _) = planner(&engine);
        let mut units = 0;
        while planner.step(&mut Budget::units(2_000)) == Progress::Pending && units < 200 {
            units += 1;
        }
        let trace = planner.observer().trace();
        let marked = trace.reopened_at.iter().filter(|&&at| at != NONE).count() as u64;
        let reopened = Figures::at(trace, None).reopened;
        assert_eq!(marked == 0, reopened == 0, "{:?}", engine.search);
        assert!(marked <= reopened, "{:?}", engine.search);
        let never =
            [SearchKind::Gbfs, SearchKind::Lazy, SearchKind::LamaFirst, SearchKind::Bfws, SearchKind::Bfs];
        assert!(!never.contains(&engine.search) || reopened == 0, "{:?}", engine.search);
        some |= reopened > 0;
    }
    assert!(some, "the document was chosen so that something is reopened");
}

#[test]
fn a_lazy_search_exports_a_state_when_it_is_its_turn() {
    let engine = EngineConfig { search: SearchKind::Lazy, ..EngineConfig::default() };
    let (mut planner, _) = planner(&engine);
    while planner.step(&mut Budget::units(2_000)) == Progress::Pending {}
    let trace = planner.observer().trace();
    assert!(trace.is_lazy);
    let mut text = String::new();
    posthoc::write(trace, u64::MAX, &|operator| operator.to_string(), &mut text).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut known = vec![false; trace.len()];
    let mut expanded = vec![false; trace.len()];
    for event in json["events"].as_array().unwrap() {
        let node = event["id"].as_u64().unwrap() as usize;
        match event["type"].as_str().unwrap() {
            "generating" => {
                let parent = event["pId"].as_u64().unwrap() as usize;
                assert!(expanded[parent], "node {node} is generated before its parent {parent} is expanded");
                known[node] = true;
            }
            "source" => known[node] = true,
            "expanding" => {
                assert!(known[node], "node {node} is expanded before it is generated");
                expanded[node] = true;
            }
            _ => {}
        }
    }
}
