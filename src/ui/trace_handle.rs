//! How the scope reaches the recording: a cheap handle that lends the [`Trace`] for the length of a call.
//!
//! Nothing is copied and nothing crosses a signal: whoever draws borrows the recording for the
//! length of one call, which must not call back into the job.

use std::rc::Rc;

use crate::trace::Trace;

/// Shows the recording to its argument and says whether it did.
type Lend = dyn Fn(&mut dyn FnMut(&Trace)) -> bool;

/// Lends a recording, where there is one.
#[derive(Clone)]
pub struct TraceHandle(Rc<Lend>);

impl TraceHandle {
    /// A handle over `f`, which shows the recording to its argument and says whether it did.
    pub fn new(f: impl Fn(&mut dyn FnMut(&Trace)) -> bool + 'static) -> Self {
        Self(Rc::new(f))
    }

    /// Reads the recording; `None` where there is none.
    pub fn with<R>(&self, read: impl FnOnce(&Trace) -> R) -> Option<R> {
        let mut read = Some(read);
        let mut seen = None;
        (self.0)(&mut |trace| {
            if let Some(read) = read.take() {
                seen = Some(read(trace));
            }
        });
        seen
    }
}
