//! The one service of this page or worker, made when it is first needed.

use std::cell::OnceCell;
use std::rc::Rc;

use super::arrival;
use super::database::Database;
use super::documents::IdbDocuments;
use super::globals::spawn;
use super::patterns::IdbPatterns;
use super::time::wall_clock_ms;
use super::warm;
use super::yielder::pacing;
use crate::cache::HashPatternCache;
use crate::service::{
    Busy, Environment, Job, LayeredPatterns, Request, Response, Service, ServiceConfig, Session,
};

/// The name of the database, and of the channel between tabs.
const NAME: &str = "planscope";

thread_local! {
    static SHARED: OnceCell<Rc<Engine>> = const { OnceCell::new() };
}

/// A running service with the storage of this browser.
pub struct Engine {
    /// The service; its future is spawned.
    pub(super) service: Service,
    pub(super) patterns: Rc<LayeredPatterns>,
    pub(super) disk: Rc<IdbPatterns>,
    pub(super) database: Rc<Database>,
    /// The documents.
    pub documents: Rc<IdbDocuments>,
}

impl Engine {
    /// The engine that everything here shares.
    pub fn shared() -> Rc<Self> {
        SHARED.with(|shared| Rc::clone(shared.get_or_init(|| Rc::new(Self::start()))))
    }

    /// Puts a request into the service's queue.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    pub fn submit(&self, request: Request) -> Result<Job, Busy> {
        warm::end();
        self.service.try_submit(request)
    }

    /// Reads and compiles a problem for many plans.
    ///
    /// # Errors
    /// The response that says why not.
    pub async fn open(&self, request: Request) -> Result<Session, Rc<Response>> {
        warm::end();
        Session::open(&self.service, request).await
    }

    fn start() -> Self {
        let database = Database::new(NAME);
        let disk = Rc::new(IdbPatterns::new(Rc::clone(&database)));
        let cache = Rc::new(HashPatternCache::default());
        let patterns = Rc::new(LayeredPatterns::new(cache, Some(Rc::clone(&disk) as _), wall_clock_ms));
        let environment =
            Environment { gate: arrival::gate(), ..Environment::new(pacing(), Rc::clone(&patterns) as _) };
        let (service, running) = Service::new(environment, ServiceConfig::default());
        spawn(running);
        let documents = Rc::new(IdbDocuments::new(Rc::clone(&database), NAME));
        Self { service, patterns, disk, database, documents }
    }
}
