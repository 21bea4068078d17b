//! The scope.

use std::rc::Rc;

use leptos::prelude::*;

use super::trace_handle::TraceHandle;
use crate::service::SliceReport;

/// Stands in for the scope.
#[component]
pub fn Scope(
    trace: TraceHandle,
    version: Signal<u64>,
    selected: RwSignal<Option<u32>>,
    cursor: RwSignal<Option<u32>>,
    labels: Rc<dyn Fn(u32) -> Option<String>>,
    slices: Rc<dyn Fn() -> SliceReport>,
    running: Signal<bool>,
    theme_version: Signal<u32>,
) -> impl IntoView {
    let _ = (selected, cursor, labels, slices, running, theme_version);
    let trace = StoredValue::new_local(trace);
    view! {
        <div class="legend"></div>
        <div class="tree">{move || { version.track(); trace.with_value(|trace| trace.with(|trace| trace.len())) }}</div>
        <div class="time"></div>
    }
}
