//! Futures of the page: they run on the page's thread and end with it.

use std::cell::RefCell;
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use leptos::prelude::*;

type Slot = Rc<RefCell<Option<LocalBoxFuture<'static, ()>>>>;

/// Runs futures; they are dropped with the component that made this.
#[derive(Clone, Copy)]
pub struct Tasks(Action<Slot, ()>);

impl Tasks {
    /// Runs them under the current owner.
    pub fn of_owner() -> Self {
        Self(Action::new_unsync_local(|slot: &Slot| {
            let future = slot.borrow_mut().take();
            async move {
                if let Some(future) = future {
                    future.await;
                }
            }
        }))
    }

    pub fn run(self, future: impl Future<Output = ()> + 'static) {
        self.0.dispatch_local(Rc::new(RefCell::new(Some(Box::pin(future)))));
    }
}
