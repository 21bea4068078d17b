//! Where that stands which the keys of the bar drive.

use leptos::prelude::*;

/// Where a view stands, as the keys show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drive {
    /// Whether something is under way.
    pub running: bool,
    /// Whether it is paused.
    pub paused: bool,
    /// Why Run is not possible now.
    pub blocked: Option<String>,
    /// Whether Step does something.
    pub steps: bool,
}

/// Where the views stand that bring what the keys drive.
#[derive(Clone, Copy, Default)]
pub struct Drives {
    pub batch: RwSignal<Drive>,
    pub bench: RwSignal<Drive>,
}
