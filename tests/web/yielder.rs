//! Yielding gives the event loop its turn.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures::future::join_all;
use planscope::platform::browser::{ChannelYield, PerformanceClock, TimerSleep};
use planscope::runtime::{Clock, Sleep, Yield};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_test::wasm_bindgen_test;

/// Works for `slice` without giving the thread back.
fn work(slice: Duration) {
    let begin = PerformanceClock.now();
    while PerformanceClock.now() - begin < slice {}
}

fn count_frames(frames: Rc<Cell<u32>>) {
    let next = Closure::once_into_js(move || {
        frames.set(frames.get() + 1);
        count_frames(frames);
    });
    let window = web_sys::window().expect("a window");
    window.request_animation_frame(next.unchecked_ref()).expect("a frame");
}

#[wasm_bindgen_test]
async fn frames_go_on_while_slices_yield() {
    let (frames, yielder) = (Rc::new(Cell::new(0)), ChannelYield::new());
    count_frames(Rc::clone(&frames));
    let begin = PerformanceClock.now();
    let mut slices = 0;
    while PerformanceClock.now() - begin < Duration::from_millis(600) {
        work(Duration::from_millis(4));
        yielder.yield_now().await;
        slices += 1;
    }
    assert!(frames.get() >= 5, "{} frames in {slices} slices", frames.get());
    assert!(slices >= 30, "{slices} slices");
}

#[wasm_bindgen_test]
async fn timers_fire_while_slices_yield() {
    let (fired, yielder) = (Rc::new(Cell::new(false)), ChannelYield::new());
    let timer = Rc::clone(&fired);
    wasm_bindgen_futures::spawn_local(async move {
        TimerSleep.sleep(Duration::from_millis(20)).await;
        timer.set(true);
    });
    let begin = PerformanceClock.now();
    while !fired.get() && PerformanceClock.now() - begin < Duration::from_secs(5) {
        work(Duration::from_millis(2));
        yielder.yield_now().await;
    }
    assert!(fired.get());
}

#[wasm_bindgen_test]
async fn several_waiters_take_turns() {
    let (yielder, order) = (ChannelYield::new(), RefCell::new(Vec::new()));
    join_all((0..3).map(|waiter| {
        let (yielder, order) = (&yielder, &order);
        async move {
            for round in 0..10 {
                yielder.yield_now().await;
                order.borrow_mut().push((round, waiter));
            }
        }
    }))
    .await;
    let order = order.into_inner();
    assert_eq!(order.len(), 30);
    assert!(order.is_sorted(), "{order:?}");
}

#[wasm_bindgen_test]
async fn a_waiter_that_gives_up_does_not_hold_up_the_others() {
    let yielder = ChannelYield::new();
    drop(yielder.yield_now());
    yielder.yield_now().await;
    yielder.yield_now().await;
}

#[wasm_bindgen_test]
async fn sleep_waits_at_least_as_long_as_it_is_told() {
    let begin = PerformanceClock.now();
    TimerSleep.sleep(Duration::from_micros(20_300)).await;
    assert!(PerformanceClock.now() - begin >= Duration::from_millis(20));
}
