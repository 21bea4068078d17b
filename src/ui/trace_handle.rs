//! How the scope reaches the recording: a cheap handle that lends the [`Trace`] for a look.
//!
//! Nothing is copied and nothing crosses a signal: whoever draws borrows the recording for the
//! length of one frame. The look must not call back into the job.

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

    /// Looks at the recording; `None` where there is none.
    pub fn with<R>(&self, look: impl FnOnce(&Trace) -> R) -> Option<R> {
        let mut look = Some(look);
        let mut seen = None;
        (self.0)(&mut |trace| {
            if let Some(look) = look.take() {
                seen = Some(look(trace));
            }
        });
        seen
    }
}
