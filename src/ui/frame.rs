//! One loop over animation frames for the whole page; it stands still when there is nothing to do.

use leptos::prelude::*;

/// Calls back once per animation frame for as long as the callback asks for another.
#[derive(Clone, Copy)]
pub struct FrameLoop {
    pending: StoredValue<Option<AnimationFrameRequestHandle>, LocalStorage>,
    each: StoredValue<Box<dyn Fn() -> bool>, LocalStorage>,
}

impl FrameLoop {
    /// A loop at rest over `each`, which says whether to go on. It ends with its owner.
    pub fn new(each: impl Fn() -> bool + 'static) -> Self {
        let frames = Self {
            pending: StoredValue::new_local(None),
            each: StoredValue::new_local(Box::new(each) as Box<dyn Fn() -> bool>),
        };
        on_cleanup(move || {
            if let Some(Some(handle)) = frames.pending.try_get_value() {
                handle.cancel();
            }
        });
        frames
    }

    /// Starts the loop where it is at rest.
    pub fn wake(self) {
        if self.pending.with_value(Option::is_none) {
            self.request();
        }
    }

    fn request(self) {
        let handle = request_animation_frame_with_handle(move || {
            self.pending.try_update_value(|pending| *pending = None);
            if self.each.try_with_value(|each| each()) == Some(true) {
                self.request();
            }
        });
        self.pending.set_value(handle.ok());
    }
}
