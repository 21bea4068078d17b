//! Planning for a batch: requests go to threads, one search at a time on each, and results come back.

use std::io;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;
use tracing::Span;

use super::pool::{Pool, PoolConfig};
use crate::cli::Storage;
use crate::serve::{Answer, Call, Held, Host, Reply, Work};
use crate::service::{Request, ResultReport};

/// Requests that may wait beside those that are planned for; whoever asks for more at once is told that the
/// planner failed.
const QUEUE: usize = 1024;

/// The threads. What is kept is written before they are gone.
pub struct Planners(Pool);

impl Planners {
    /// Starts the threads. Also answers what a person should be told.
    ///
    /// # Errors
    /// Where the system has no more threads.
    pub fn start(threads: usize, storage: &Storage) -> io::Result<(Self, Vec<String>)> {
        let folder = match storage {
            Storage::Memory => None,
            Storage::Folder(folder) => Some(folder.as_path()),
        };
        let config = PoolConfig { threads, queue: QUEUE, max_in_flight: 1 };
        let (pool, notices) = Pool::start(config, folder)?;
        Ok((Self(pool), notices))
    }

    /// What a person should be told about the storage since the last call.
    pub fn take_notices(&self) -> Vec<String> {
        self.0.take_notices()
    }

    /// Cancels what is under way, and waits until what was found is stored. Answers what a person should be told.
    pub fn end(self) -> Vec<String> {
        self.0.cancel();
        self.0.join();
        self.0.take_notices()
    }

    /// Plans; `None` where the planner failed. Dropping the answer cancels the search.
    pub fn plan(&self, request: Request) -> LocalBoxFuture<'static, Option<ResultReport>> {
        let (reply, answer) = oneshot::channel();
        let work = Work::Plan(Box::new(request));
        let call = Call { work, reply: Reply::Once(reply), held: Held::default(), span: Span::none() };
        // A call that is refused is dropped, and its answer with it.
        let _ = self.0.submit(call);
        let answer = async {
            match answer.await {
                Ok(Answer::Planned(report)) => Some(*report),
                _ => None,
            }
        };
        answer.boxed_local()
    }
}

impl Drop for Planners {
    fn drop(&mut self) {
        self.0.cancel();
        self.0.join();
    }
}
