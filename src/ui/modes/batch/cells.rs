//! The settings of a batch, in the bar.

use leptos::prelude::*;

use super::super::super::bar::limit_field::LimitField;
use super::super::super::bar::number_cell::NumberCell;
use super::super::super::workbench::Workbench;
use super::Batch;
use crate::view::limits;

/// Choices of how many runs share the thread.
const AT_ONCE: [usize; 4] = [1, 2, 4, 8];

/// The cells.
pub fn cells(bench: Workbench, batch: Batch) -> AnyView {
    let time = Signal::derive(move || batch.limits.with(|limits| limits::time_text(limits.timeout)));
    let memory = Signal::derive(move || batch.limits.with(|limits| limits::memory_text(limits.memory_bytes)));
    view! {
        <LimitField
            caption="Time limit"
            place="batch"
            draft=batch.time
            value=time
            apply=|bench, text| {
                let timeout = limits::time(text)?;
                Batch::of(bench).limits.update(|limits| limits.timeout = timeout);
                Ok(())
            }
            check=|text| limits::time(text).err()
            bench
        />
        <LimitField
            caption="Memory limit"
            place="batch"
            draft=batch.memory
            value=memory
            apply=|bench, text| {
                let bytes = limits::memory(text)?;
                Batch::of(bench).limits.update(|limits| limits.memory_bytes = bytes);
                Ok(())
            }
            check=|text| limits::memory(text).err()
            bench
        />
        <NumberCell caption="At once" choices=&AT_ONCE chosen=batch.at_once is_fixed=batch.running />
    }
    .into_any()
}
