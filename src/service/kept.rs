//! Plans kept from earlier requests: offered beside the search, or used as the answer if the request asks for
//! that.
//!
//! The store is asked once the goals are known, and answers while the task is compiled and searched: no
//! search waits for it. Its plan is replayed on the text of the request before it is trusted. Changes to the
//! store wait until the job is answered (`upkeep`).

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{Either, LocalBoxFuture, select};
use tracing::Instrument;

use super::goals::Candidates;
use super::offer::Offer;
use super::response::{Provenance, Response};
use super::subject::Model;
use super::upkeep::Upkeep;
use super::verdict::GoalVerdict;
use super::work::Work;
use super::{GoalPolicy, KeptPlans, Request};
use crate::plan::{Guarantee, Pattern, Use};
use crate::runtime::{Stop, spans};
use crate::search::{Optimality, Outcome, Policy};
use crate::store::StoreError;

/// How long a job that was asked to answer with a kept plan waits for the store before it searches.
const PATIENCE: Duration = Duration::from_millis(500);

type Found = Result<Option<Pattern>, StoreError>;

/// A question to the store, which answers beside the work of the job.
pub(super) struct Lookup<'a> {
    goal: usize,
    waiting: Option<LocalBoxFuture<'a, Found>>,
    found: Option<Pattern>,
}

impl Lookup<'_> {
    /// Does `work`, and receives the store's answer in the meantime.
    pub(super) async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|context| {
            self.listen(context);
            work.as_mut().poll(context)
        })
        .await
    }

    /// Resolves once the store has answered.
    async fn answered(&mut self) {
        poll_fn(|context| {
            self.listen(context);
            if self.waiting.is_none() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    fn listen(&mut self, context: &mut Context<'_>) {
        if let Some(waiting) = &mut self.waiting
            && let Poll::Ready(found) = waiting.as_mut().poll(context)
        {
            self.waiting = None;
            // A store that fails has nothing to offer.
            self.found = found.ok().flatten();
            spans::cache("pattern", self.found.is_some());
        }
    }
}

impl<'a> Work<'a> {
    /// Asks the store for a plan for the first candidate. If the cheapest plan of several candidates is
    /// wanted, the store is not asked: a plan is kept for one goal.
    pub(super) fn look_up(&self, model: &Model, candidates: &Candidates) -> Lookup<'a> {
        let goal = candidates.goals[0];
        let is_open = self.request.goals == GoalPolicy::Cheapest && candidates.goals.len() > 1;
        let is_asked = self.request.kept != KeptPlans::Ignore && !is_open;
        let environment = self.environment;
        let find = |key| environment.patterns.get(key).instrument(spans::store("find")).boxed_local();
        let waiting = is_asked.then(|| find(self.keys.pattern(model, goal)));
        Lookup { goal, waiting, found: None }
    }

    /// Answers with a kept plan if the request asks for that, the plan still holds, and its guarantee suffices.
    pub(super) async fn answer_with_kept(
        &mut self,
        model: &Model,
        lookup: &mut Lookup<'_>,
        candidates: &mut Candidates,
    ) -> Result<bool, Stop> {
        if self.request.kept != KeptPlans::Reuse {
            return Ok(false);
        }
        let sleep = self.environment.pacing.sleep.sleep(PATIENCE);
        let patient = async {
            match select(pin!(lookup.answered()), sleep).await {
                Either::Left(_) | Either::Right(_) => {}
            }
        };
        self.wait(patient).await?;
        let wants_optimal = self.request.wants_optimal();
        let suffices = |kept: &Pattern| !wants_optimal || kept.guarantee == Guarantee::Optimal;
        let Some(pattern) = lookup.found.take_if(|kept| suffices(kept)) else { return Ok(false) };
        let used = Use::Held { saved_ms: pattern.found_in_ms };
        let Some(offer) = self.replay_kept(model, lookup.goal, pattern).await? else { return Ok(false) };
        candidates.note(lookup.goal, GoalVerdict::Planned { cost: offer.plan.cost, chosen: true });
        self.response.goals = candidates.reports();
        self.response.answer_with(Offer { uses: offer.uses + 1, successes: offer.successes + 1, ..offer });
        self.upkeep.push(Upkeep::Used(self.keys.pattern(model, lookup.goal), used));
        Ok(true)
    }

    /// Offers what the store has answered by now.
    pub(super) async fn offer(&mut self, model: &Model, lookup: &mut Lookup<'_>) -> Result<(), Stop> {
        if let Some(pattern) = lookup.found.take()
            && let Some(offer) = self.replay_kept(model, lookup.goal, pattern).await?
        {
            self.core.offer(offer);
        }
        Ok(())
    }

    /// A kept plan as an offer; `None` if it no longer holds, or costs something else than when it was kept.
    async fn replay_kept(
        &mut self,
        model: &Model,
        goal: usize,
        pattern: Pattern,
    ) -> Result<Option<Offer>, Stop> {
        let plan = self.replay(model, goal, pattern.steps.to_vec()).await?;
        let Some(plan) = plan.filter(|plan| is_same_cost(plan.cost, pattern.cost)) else {
            self.upkeep.push(Upkeep::Forget(pattern.key));
            return Ok(None);
        };
        Ok(Some(Offer {
            goal: model.goal_name(goal).to_owned(),
            plan,
            optimal: pattern.guarantee == Guarantee::Optimal,
            engine: pattern.engine,
            kept_ms: pattern.created_ms,
            uses: pattern.uses,
            successes: pattern.successes,
        }))
    }
}

/// Whether the cost of a replay equals the cost that was written down, but for rounding.
fn is_same_cost(added: f64, written: f64) -> bool {
    (added - written).abs() <= 1e-9 * added.abs().max(1.0)
}

impl Offer {
    /// Whether this plan is better than the answer: the answer has no plan, or this plan costs less, or this plan
    /// is proven optimal and the answer's is not.
    pub(super) fn betters(&self, response: &Response) -> bool {
        match &response.plan {
            None => response.outcome.is_some(),
            Some(plan) if self.plan.cost < plan.cost => true,
            Some(plan) => self.plan.cost <= plan.cost && self.optimal && !response.optimal,
        }
    }
}

impl Response {
    /// The answer that a kept plan is.
    pub fn of_offer(offer: &Offer) -> Self {
        let mut response = Self::empty();
        response.answer_with(offer.clone());
        response
    }

    /// Answers with a kept plan.
    fn answer_with(&mut self, offer: Offer) {
        self.goal = Some(offer.goal);
        self.outcome = Some(Outcome::Solved);
        self.message = "a kept plan was checked by replay; nothing was searched".into();
        self.optimal = offer.optimal;
        let engine = &offer.engine;
        self.optimality = if offer.optimal {
            format!("proven optimal when it was found by {engine}")
        } else {
            format!("not claimed optimal: it was not when it was found by {engine}")
        };
        self.provenance =
            Provenance::Pattern { engine: offer.engine, uses: offer.uses, successes: offer.successes };
        self.plan = Some(offer.plan);
    }
}

impl Request {
    /// Whether the engine aims at optimal plans. Then only a kept plan that is proven optimal may replace its
    /// answer.
    pub(super) fn wants_optimal(&self) -> bool {
        let is_admissible = Policy::heuristics(&self.engine).are_admissible();
        let optimality = Policy::new(&self.engine).optimality(is_admissible, false);
        optimality == Optimality::Proven || self.engine.search.aims_at_optimal()
    }
}
