//! A problem that is planned for again and again, from a state of the world that changes.
//!
//! A [`Session`] reads and compiles its problem once. Then what was seen of the world is written into its state, and
//! each plan is for the state as it is. A GOAP document is never compiled again, since its task does not depend on
//! the state. A PDDL task depends on it: after an observation it is grounded anew, unless the cache has it.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::observed::ObserveError;
use super::replay::Checking;
use super::subject::{Model, Opened};
use super::{Busy, GoalPolicy, Job, Request, Response, Service, Until};
use crate::lang::plan::Step;
use crate::plan::Plan;
use crate::runtime::in_slices;
use crate::validate::Violation;

/// A problem that was read and compiled, with a present state. Clones share the problem and have states of their
/// own.
///
/// ```
/// # use std::rc::Rc;
/// # use planscope::cache::HashPatternCache;
/// # use planscope::runtime::sim::Sim;
/// # use planscope::service::{Environment, LayeredPatterns, Service, ServiceConfig};
/// use planscope::service::{Problem, Request, Session};
/// use serde_json::json;
///
/// const TEXT: &str = r#"{
///   "format": "planscope-goap/1",
///   "state": { "wood": 0, "coins": 0 },
///   "actions": [
///     { "name": "chop", "effects": { "wood": { "+": 1 } } },
///     { "name": "sell", "preconditions": { "wood": { ">=": 1 } },
///       "effects": { "wood": { "-": 1 }, "coins": { "+": 2 } } }
///   ],
///   "goals": [ { "name": "earn", "conditions": { "coins": { ">=": 4 } } } ]
/// }"#;
///
/// # let sim = Sim::default();
/// # let patterns = LayeredPatterns::new(Rc::new(HashPatternCache::default()), None, || 1.0);
/// # let environment = Environment::new(sim.pacing(), Rc::new(patterns));
/// # let (service, running) = Service::new(environment, ServiceConfig::default());
/// # let example = async move {
/// let request = Request::new(Problem::Goap { text: TEXT.into() });
/// let mut session = Session::open(&service, request).await.expect("the document has no errors");
/// let plan = session.plan().expect("the queue has room").finished().await.plan.clone().unwrap();
/// assert_eq!(plan.steps.len(), 4);
///
/// // The world turned out otherwise: somebody left wood.
/// let facts = json!({ "wood": 2 });
/// session.observe(facts.as_object().unwrap()).expect("the document has this variable");
/// let plan = session.plan().expect("the queue has room").finished().await.plan.clone().unwrap();
/// assert_eq!(plan.steps.len(), 2);
/// # };
/// # sim.run(async { futures::join!(running, example) });
/// ```
#[derive(Clone)]
pub struct Session {
    service: Service,
    request: Request,
    opened: Opened,
}

impl Session {
    /// Reads and compiles the problem of a request. The plans of the session are for the request's goals, by its
    /// engine and within its limits.
    ///
    /// # Errors
    /// The response that says why not: the problem has errors, a limit was reached, or the service shut down.
    pub async fn open(service: &Service, request: Request) -> Result<Self, Rc<Response>> {
        let compile = Request { until: Until::Ground, trace: None, paused: false, ..request.clone() };
        let response = service.submit(compile).await.finished().await;
        let Some(subject) = &response.compiled else { return Err(response) };
        let opened = Opened { model: subject.model(), compiled: Some(subject.compiled()) };
        Ok(Self { service: service.clone(), request, opened })
    }

    /// What the plans of the session are asked for with.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The present state: the variables of a GOAP document by name, or the atoms that hold and the numbers of a PDDL
    /// problem.
    pub fn state(&self) -> BTreeMap<String, Value> {
        self.opened.model.facts()
    }

    /// Writes what was seen into the present state, all of it or nothing: `{"wood": 3}`, or
    /// `{"(at truck depot)": true, "(fuel truck)": 7}`. O(state), and O(model) where a clone or a job under way has
    /// the model too.
    ///
    /// # Errors
    /// [`ObserveError`] for the first fact that the model cannot have.
    pub fn observe(&mut self, facts: &Map<String, Value>) -> Result<(), ObserveError> {
        self.opened.model.observe(facts)?;
        if matches!(self.opened.model, Model::Pddl(_)) {
            self.opened.compiled = None;
        }
        Ok(())
    }

    /// Plans from the present state for the goals of the session.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    pub fn plan(&self) -> Result<Job, Busy> {
        self.plan_as(self.request.clone())
    }

    /// Plans from the present state for the goal of this name, whatever its `when` says.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    pub fn plan_for(&self, goal: &str) -> Result<Job, Busy> {
        self.plan_as(Request { goals: GoalPolicy::Named(goal.to_owned()), ..self.request.clone() })
    }

    /// Plans from the present state as the request says; its problem is replaced by that of the session.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    pub fn plan_as(&self, request: Request) -> Result<Job, Busy> {
        let problem = self.request.problem.clone();
        self.service.try_submit(Request { problem, opened: Some(self.opened.clone()), ..request })
    }

    /// Whether a plan holds from the present state, without a search: the plan with costs and changes, or why it
    /// does not hold. The goal is the first one where none is named. Works in slices.
    ///
    /// # Errors
    /// The [`Violation`], or `None` where there is no goal of this name.
    pub async fn check(&self, steps: Vec<Step>, goal: Option<&str>) -> Result<Plan, Option<Violation>> {
        let model = &self.opened.model;
        let at = goal.map_or(Some(0), |name| model.goals().iter().position(|goal| goal.name == name));
        let checking = Checking::new(model, at.ok_or(None)?, steps);
        in_slices(&self.service.environment.pacing, checking).await.map_err(Some)
    }
}
