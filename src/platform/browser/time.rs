//! Time in the browser. `performance.now()` is monotonic and steps by 0.1 ms or less.

use std::time::Duration;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::runtime::{Clock, Sleep};

/// The longest a browser's timer waits: beyond it, timers fire at once.
const TIMER_MAX: Duration = Duration::from_millis(i32::MAX as u64);

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// `performance.now()`.
#[derive(Clone, Copy, Debug, Default)]
pub struct PerformanceClock;

impl Clock for PerformanceClock {
    fn now(&self) -> Duration {
        Duration::from_secs_f64(performance_now() / 1e3)
    }
}

/// `setTimeout`.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimerSleep;

impl Sleep for TimerSleep {
    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        // Rounded up: a timer must not fire before its time.
        let whole = Duration::from_millis(duration.as_millis() as u64);
        let millisecond = Duration::from_millis(u64::from(whole < duration));
        gloo_timers::future::sleep((whole + millisecond).min(TIMER_MAX)).boxed_local()
    }
}

/// Milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "this is where the browser's clock is read")]
pub fn wall_clock_ms() -> f64 {
    js_sys::Date::now()
}

/// Milliseconds on the monotonic clock.
pub fn now_ms() -> f64 {
    performance_now()
}
