//! News between tabs, through a `BroadcastChannel`. A tab does not hear itself.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::store::DocumentId;

/// What happened in another tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Item {
    /// It saved a document.
    Saved(DocumentId),
    /// It deleted a document.
    Deleted(DocumentId),
}

/// The line to the other tabs.
pub struct News {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl News {
    /// Opens the line; `None` where the browser has no such channel.
    pub fn open(name: &str, mut hear: impl FnMut(Item) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // What another version says and this one does not understand is no news.
            let item = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
            if let Some(item) = item {
                hear(item);
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self { channel, _on_message: on_message })
    }

    /// Tells the other tabs. Nobody waits for it and nothing depends on it.
    pub fn tell(&self, item: &Item) {
        if let Ok(text) = serde_json::to_string(item) {
            let _ = self.channel.post_message(&JsValue::from_str(&text));
        }
    }
}

impl Drop for News {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
