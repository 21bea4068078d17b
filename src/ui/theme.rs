//! Light, dark or as the system has it; kept in `localStorage`.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

const KEY: &str = "planscope.theme";

/// Which theme a person asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    #[default]
    System,
    Light,
    Dark,
}

impl Choice {
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// The theme of the page.
#[derive(Clone, Copy)]
pub struct Theme {
    /// What was asked for.
    pub choice: RwSignal<Choice>,
    /// Counts changes of colour, whoever made them; canvases read their colours again.
    pub version: RwSignal<u32>,
}

impl Theme {
    /// Reads what was asked for before and follows the system from here on.
    pub fn restored() -> Self {
        let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let choice = match kept.as_deref() {
            Some("light") => Choice::Light,
            Some("dark") => Choice::Dark,
            _ => Choice::System,
        };
        let theme = Self { choice: RwSignal::new(choice), version: RwSignal::new(0) };
        apply(choice);
        theme.follow_system();
        theme
    }

    /// Turns to the next of system, light and dark, and keeps it.
    pub fn turn(self) {
        let choice = self.choice.get_untracked().next();
        self.choice.set(choice);
        apply(choice);
        if let Some(storage) = storage() {
            // A full or forbidden storage only costs the memory of the choice.
            let _ = storage.set_item(KEY, choice.word());
        }
        self.version.update(|version| *version += 1);
    }

    fn follow_system(self) {
        for wanted in ["(prefers-color-scheme: dark)", "(forced-colors: active)"] {
            self.follow(wanted);
        }
    }

    fn follow(self, wanted: &str) {
        let Some(query) = window().match_media(wanted).ok().flatten() else { return };
        let listener = Closure::<dyn Fn()>::new(move || {
            self.version.try_update(|version| *version += 1);
        });
        let callback = listener.as_ref().unchecked_ref();
        if query.add_event_listener_with_callback("change", callback).is_ok() {
            let kept = StoredValue::new_local((query, listener));
            on_cleanup(move || {
                kept.try_with_value(|(query, listener)| {
                    let callback = listener.as_ref().unchecked_ref();
                    query.remove_event_listener_with_callback("change", callback).ok()
                });
            });
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn apply(choice: Choice) {
    let Some(root) = document().document_element() else { return };
    let done = match choice {
        Choice::System => root.remove_attribute("data-theme"),
        Choice::Light | Choice::Dark => root.set_attribute("data-theme", choice.word()),
    };
    debug_assert!(done.is_ok());
}
