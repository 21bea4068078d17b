//! Planscope: a planning playground that runs wholly in the browser tab, and natively.
//!
//! A person writes a planning problem (Goal-Oriented Action Planning as JSON, or PDDL), presses Run,
//! watches the search grow and gets a plan that has passed the validator. The same engine, behind
//! the feature `native`, is a command-line planner and a service on Tokio, `DashMap` and redb.
//!
//! ```
//! let text = r#"{
//!   "format": "planscope-goap/1",
//!   "state": { "has_axe": false, "wood": 0 },
//!   "actions": [
//!     { "name": "buy_axe", "effects": { "has_axe": true }, "cost": 3 },
//!     { "name": "chop", "preconditions": { "has_axe": true }, "effects": { "wood": { "+": 1 } } }
//!   ],
//!   "goals": [ { "name": "stock up", "conditions": { "wood": { ">=": 2 } } } ]
//! }"#;
//!
//! use planscope::lang::goap::parse;
//! use planscope::search::{EngineConfig, HeuristicKind, NoObserver, Policy, Search, SearchEnd};
//!
//! let parsed = parse(text);
//! let model = parsed.model.expect("the document has no errors");
//! let goap = planscope::ground::goap::compile(&model).expect("costs that fit");
//! let initial: Vec<_> = model.variables.iter().map(|variable| variable.initial.clone()).collect();
//! let instance = goap.instance(&model, &initial, 0).expect("values of the document");
//!
//! let engine = EngineConfig { heuristic: HeuristicKind::Hmax.into(), ..EngineConfig::default() };
//! let heuristic = engine.heuristic_for(&goap.task, &instance);
//! let policy = Policy::new(&engine);
//! let search = Search::new(&goap.task, instance, heuristic, policy, 64 << 20, NoObserver);
//! let finished = planscope::step::run(search);
//!
//! assert_eq!(finished.end, SearchEnd::Solved);
//! let steps: Vec<_> = finished.plan.iter().filter_map(|&id| goap.step(&model, id)).collect();
//! assert_eq!(steps.len(), 3);
//! let goal = &model.goals[0].conditions;
//! let state = planscope::validate::Validator::new(&model).initial();
//! assert!(planscope::validate::replay(&model, state, goal, &steps).is_ok());
//! ```
//!
//! # Where things live
//! A module imports only from modules above it in this list; `tests/layering.rs` checks that. Everything is
//! one crate except the page, which is a package of its own in `src/ui/`: the page is built for size, the
//! engine for speed.
//!
//! | module | what lives there |
//! |---|---|
//! | [`diagnostic`] | spans, severities, findings with a place and a way out |
//! | [`hash`] | hashes and random numbers that are equal on every platform |
//! | [`examples`] | seeded generators of problems |
//! | [`step`] | budgets and steppers: work in bounded pieces |
//! | [`task`] | the grounded task: packed states, operators, registry, successor generator |
//! | [`lang`] | GOAP documents and PDDL to checked models; plan files |
//! | [`ground`] | a model to a task; SAS+ |
//! | [`validate`] | the validators, on the source models; they share no code with `ground` |
//! | [`heuristic`] | blind, goal count, hmax, hadd, FF, LM-cut, landmarks, novelty |
//! | [`search`] | eager and lazy best-first search, configured; presets; observers and statistics |
//! | [`trace`] | a bounded recording of a search; Posthoc traces |
//! | [`plan`] | plans after the search: reports, patterns, why there is none |
//! | [`runtime`] | the driver that owns time; the virtual clock |
//! | [`cache`], [`store`] | bounded memory of tasks and patterns; what outlives the process |
//! | [`service`] | requests, the bounded queue, jobs, responses |
//! | [`parity`] | the same seeded work, measured on every platform |
//! | [`score`] | pure: runs of engines on tasks to scores and tables |
//! | [`view`] | pure: a recording to rectangles, charts and labels |
//! | `serve` (feature `native`) | the planner over HTTP, over the small trait `serve::Host` |
//! | `ui` (package in `src/ui/`) | the page, in Leptos, over the small trait `ui::Host` |
//! | `cli` (feature `native`) | the command line, over the small trait `cli::Host` |
//! | [`platform`] | browser, native host, or neither: clocks, storage, spawning |
//!
//! # How a request travels
//! ```text
//!  request ──► queue ──► job: parse ─► ground ─► search ─► validate ──► answer
//!              64 wait    │     │        │         │          │          planned, no plan, invalid,
//!              priority   │     └ cache of tasks ──┘          │          unsupported, busy, fault
//!              deadline   │       one compiles for all        │
//!                         └ kept plans: memory, then disk ────┴► kept, by one writer
//! ```
//!
//! A request enters the bounded queue of a [`service::Service`] and becomes a job; where the queue is full, it waits
//! for a place in turn or is told so. Priorities age, a deadline counts the wait too, and jobs side by side get equal
//! shares of the time that is worked. A service that shuts down drains first; each request has one
//! [`service::Answer`], and [`service::Job::events`] tells on the way what happens. The job parses and checks
//! the text, chooses the goals, asks the store for a kept plan, finds the task in the cache or compiles it,
//! and runs a search for each goal. A plan becomes the answer only after it was replayed on the source model.
//! A kept plan is offered beside the answer, or is the answer if the request asks for that. Whatever a job
//! waits for is raced against its cancellation and deadline ([`runtime::Bounds`]). What happens on the way is told
//! under one set of names to whoever listens ([`runtime::spans`]), and counted in one place ([`service::meters`]).
//!
//! Each of these parts is a [`step::Stepper`]: it does a bounded amount of work and returns. One
//! [`runtime::drive`] hands out the budgets, measures each slice, and yields to the event loop. So a page
//! stays responsive, and every job can be paused, stepped, cancelled and bounded.
//!
//! # What holds
//! - `cfg(target_…)` stands only in `platform/mod.rs`; `cfg(feature = …)` only here and in
//!   `platform/**/mod.rs`. Outside of `platform` there is no clock, timer, thread, spawn or file.
//! - Same seed, same search: the order of expansion does not depend on how the work is sliced, on who
//!   observes it, or on the platform. A checked-in file of trace hashes verifies that.
//! - Ends are values: solved, unsolvable (proven), exhausted, time limit, memory limit, cancelled,
//!   and fault, which is the planner's own. A limit is never called unsolvable.
//! - Every plan that leaves the service has passed the validator.
//! - The page starts without the engine: a release build cuts its wasm in two, and the half that parses,
//!   grounds, searches and replays is fetched after the first paint. Nothing enters it before the
//!   [`service::Gate`] is open. Where code comes in one piece, the gate is open from the start.
//! - Every queue, cache, trace and history is bounded in items and in bytes.
//! - Stored bytes are versioned, checksummed, little-endian and of fixed width; a record is
//!   acknowledged as saved only when its transaction has completed. Natively one thread writes, all that waits in
//!   one transaction; what uses a kept plan is counted in batches, and waits for no disk.
//! - A kept plan gives way to a better one only, and goes when nobody has used it for thirty days.
//!
//! # Libraries that were considered and are not used
//! `arc-swap`: nothing is swapped while it is read; compiled tasks are immutable behind `Arc`, and
//! the task cache hands out clones. `typed-arena`: the arenas are segmented columns of plain data
//! (`task::Column`) that account for their bytes and can refuse to grow, which an arena of typed
//! references cannot. `once_cell`: the standard library has it now (`std::cell::OnceCell`).
//! `tracing-web`: see `platform::browser::timing`, which does its part in a file.
//! `async-trait`: traits that must be objects answer `LocalBoxFuture`s; the rest are generic. A
//! connection pool: there is one `IndexedDB` connection a tab and one redb database a process, and
//! both are made for sharing.

pub mod cache;
#[cfg(feature = "native")]
pub mod cli;
pub mod diagnostic;
pub mod examples;
pub mod ground;
pub mod hash;
pub mod heuristic;
pub mod lang;
pub mod parity;
pub mod plan;
pub mod platform;
pub mod runtime;
pub mod score;
pub mod search;
#[cfg(feature = "native")]
pub mod serve;
pub mod service;
pub mod step;
pub mod store;
pub mod task;
pub mod trace;
pub mod validate;
pub mod view;
