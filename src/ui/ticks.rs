//! One timer for the whole page; it stands still when there is nothing to do.
//!
//! It calls at the beginning of a frame, so that what follows is laid out and painted once, with all that this frame
//! draws. A page that is not in view has no frames: the call comes when it is seen again.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

/// Calls back again and again, for as long as the callback names a pause until the next call.
#[derive(Clone, Copy)]
pub struct Ticks {
    pending: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    each: StoredValue<Box<dyn Fn() -> Option<Duration>>, LocalStorage>,
}

impl Ticks {
    /// A timer at rest over `each`, which answers the pause until it is called again. It ends with its owner.
    pub fn new(each: impl Fn() -> Option<Duration> + 'static) -> Self {
        let ticks = Self {
            pending: StoredValue::new_local(None),
            each: StoredValue::new_local(Box::new(each) as Box<dyn Fn() -> Option<Duration>>),
        };
        on_cleanup(move || {
            if let Some(Some(handle)) = ticks.pending.try_get_value() {
                handle.clear();
            }
        });
        ticks
    }

    /// Starts the timer where it is at rest; the first call comes at once.
    pub fn wake(self) {
        if self.pending.with_value(Option::is_none) {
            self.call_after(Duration::ZERO);
        }
    }

    fn call_after(self, pause: Duration) {
        let tick = move || {
            self.pending.try_update_value(|pending| *pending = None);
            if let Some(Some(pause)) = self.each.try_with_value(|each| each()) {
                self.call_after(pause);
            }
        };
        let wait = set_timeout_with_handle(move || request_animation_frame(tick), pause);
        self.pending.set_value(wait.ok());
    }
}
