//! Giving the thread back to the browser: a macrotask through a message channel.
//!
//! A future that wakes itself runs on in the same task and lets nothing paint. A posted message is
//! a task of its own, so frames, timers and input get their turn. One channel serves everybody:
//! each waiter posts one message, and each message wakes the waiter that has waited longest.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{MessageChannel, MessageEvent};

use super::time::{PerformanceClock, TimerSleep};
use crate::runtime::{Pacing, Sleep, Yield};

type Waiting = Rc<RefCell<VecDeque<oneshot::Sender<()>>>>;

/// Yields through a message channel, or through timers where there is none.
pub struct ChannelYield {
    waiting: Waiting,
    channel: Option<Channel>,
}

/// The browser's time.
pub fn pacing() -> Pacing {
    Pacing {
        clock: Rc::new(PerformanceClock),
        sleep: Rc::new(TimerSleep),
        yielder: Rc::new(ChannelYield::new()),
    }
}

struct Channel {
    ports: MessageChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl ChannelYield {
    /// Opens the channel.
    pub fn new() -> Self {
        let waiting = Waiting::default();
        let channel = Channel::open(&waiting);
        Self { waiting, channel }
    }
}

impl Default for ChannelYield {
    fn default() -> Self {
        Self::new()
    }
}

impl Yield for ChannelYield {
    fn yield_now(&self) -> LocalBoxFuture<'static, ()> {
        let Some(channel) = &self.channel else {
            return TimerSleep.sleep(std::time::Duration::ZERO);
        };
        let (sender, receiver) = oneshot::channel();
        self.waiting.borrow_mut().push_back(sender);
        if channel.ports.port2().post_message(&JsValue::NULL).is_err() {
            self.waiting.borrow_mut().pop_back();
            return TimerSleep.sleep(std::time::Duration::ZERO);
        }
        receiver.map(|_| ()).boxed_local()
    }
}

impl Channel {
    fn open(waiting: &Waiting) -> Option<Self> {
        let ports = MessageChannel::new().ok()?;
        let waiting = Rc::clone(waiting);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |_| {
            let next = waiting.borrow_mut().pop_front();
            if let Some(sender) = next {
                // A waiter that gave up does not need to be woken.
                let _ = sender.send(());
            }
        });
        ports.port1().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self { ports, _on_message: on_message })
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.ports.port1().set_onmessage(None);
        self.ports.port1().close();
        self.ports.port2().close();
    }
}
