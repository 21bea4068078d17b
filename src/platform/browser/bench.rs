//! `window.planscope.bench`: the workloads, measured in this tab.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::rc::Rc;

use js_sys::{Array, Function};
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use web_sys::AbortSignal;

use super::calls::{Abort, to_js};
use super::lab::BrowserLab;
use super::options::{entries, object, type_error};
use crate::parity::{self, Event, Options};

/// What `on_progress` is told.
#[derive(Serialize)]
struct Told {
    workload: &'static str,
    label: &'static str,
    index: usize,
    workloads: usize,
    round: u32,
    rounds: u32,
}

/// [`bench`](super::api::bench), once the engine is there.
///
/// # Errors
/// A `TypeError` for wrong options.
pub async fn measured(options: JsValue) -> Result<JsValue, JsValue> {
    let asked = read(&options)?;
    let signal: Option<AbortSignal> = object(&options, "signal", "an AbortSignal")?;
    let on_progress: Option<Function> = object(&options, "on_progress", "a function")?;
    let is_aborted = Rc::new(Cell::new(false));
    let told = Rc::clone(&is_aborted);
    let abort = signal.map(|signal| Abort::new(signal, move || told.set(true)));
    let mut tell = |event: &Event<'_>| {
        if let (Some(callback), Event::Round { workload, index, workloads, round, rounds }) =
            (&on_progress, *event)
        {
            let told =
                Told { workload: workload.name, label: workload.label, index, workloads, round, rounds };
            if let Err(error) = to_js(&told).and_then(|told| callback.call1(&JsValue::UNDEFINED, &told)) {
                web_sys::console::error_2(&"planscope: on_progress threw".into(), &error);
            }
        }
        if is_aborted.get() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let report = parity::measure(&BrowserLab::open(), &asked, &mut tell).await;
    drop(abort);
    to_js(&report)
}

/// What is to be measured.
fn read(options: &JsValue) -> Result<Options, JsValue> {
    let known = ["rounds", "only", "on_progress", "signal"];
    let (mut rounds, mut only) = (None, Vec::new());
    for (name, value) in entries(options)? {
        match name.as_str() {
            "rounds" => {
                let whole =
                    value.as_f64().filter(|rounds| rounds.fract() == 0.0 && (1.0..=1e3).contains(rounds));
                rounds =
                    Some(whole.ok_or_else(|| {
                        type_error("option \"rounds\" must be a whole number from 1 to 1000")
                    })?);
            }
            "only" => {
                let names = value.dyn_ref::<Array>().into_iter().flat_map(Array::iter);
                let texts: Option<Vec<String>> = names.map(|name| name.as_string()).collect();
                let wrong = || type_error("option \"only\" must be a list of names");
                only = texts.filter(|_| value.is_array()).ok_or_else(wrong)?;
            }
            name if known.contains(&name) => {}
            name => return Err(type_error(&format!("unknown option {name:?}"))),
        }
    }
    Options::new(rounds.map(|rounds| rounds as u32), &only).map_err(|error| type_error(&error.to_string()))
}
