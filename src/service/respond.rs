//! Streams of requests, answered as streams of responses.
//!
//! At most as many requests as asked for are under way at once, and no more are taken from the stream. Dropping the
//! stream of responses cancels them.

use std::rc::Rc;

use futures::{Stream, StreamExt};

use super::response::Response;
use super::{Request, Service};

impl Service {
    /// Answers each request, in the order of the requests. At most `at_once` are under way, those included whose
    /// answers wait for the answer to an earlier one.
    pub fn respond(
        &self,
        requests: impl Stream<Item = Request>,
        at_once: usize,
    ) -> impl Stream<Item = Rc<Response>> {
        requests.map(|request| self.respond_to(request)).buffered(at_once.max(1))
    }

    /// Answers each request, as the answers come, each with the number of its request in the stream, from 0. At most
    /// `at_once` are under way.
    pub fn respond_as_completed(
        &self,
        requests: impl Stream<Item = Request>,
        at_once: usize,
    ) -> impl Stream<Item = (u64, Rc<Response>)> {
        let answers = requests.enumerate().map(|(number, request)| {
            let answer = self.respond_to(request);
            async move { (number as u64, answer.await) }
        });
        answers.buffer_unordered(at_once.max(1))
    }

    /// The answer to a request that waits for its place in the queue. Dropping the future cancels it.
    fn respond_to(&self, request: Request) -> impl Future<Output = Rc<Response>> {
        let submitted = self.submit(request);
        async move { submitted.await.finished().await }
    }
}
