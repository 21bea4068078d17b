//! PLACEHOLDER until the service lands: drop this file on merge.

use std::rc::Rc;

use super::{Job, Request};
use crate::runtime::{Clock, Sleep, Yield};
use crate::store::PatternStore;

/// What a service needs of its platform.
pub struct Environment {
    /// Time.
    pub clock: Rc<dyn Clock>,
    /// Waiting.
    pub sleep: Rc<dyn Sleep>,
    /// Yielding.
    pub yielder: Rc<dyn Yield>,
    /// Patterns.
    pub patterns: Rc<dyn PatternStore>,
}

/// Bounds of a service.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServiceConfig {}

/// The queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the planner is busy; try again when a run has ended")]
pub struct Busy;

/// The service.
#[derive(Clone)]
pub struct Service {
    _environment: Rc<Environment>,
}

impl Service {
    /// A service and the future that runs it.
    pub fn new(
        environment: Environment,
        _config: ServiceConfig,
    ) -> (Self, impl Future<Output = ()> + 'static) {
        (Self { _environment: Rc::new(environment) }, std::future::pending())
    }

    /// Queues a request.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    pub fn submit(&self, _request: Request) -> Result<Job, Busy> {
        Err(Busy)
    }
}
