//! What grounding has come to: growing while it goes on, and afterwards.

use leptos::prelude::*;

use crate::service::GroundReport;
use crate::view::format;

/// The counts of everything.
pub fn grounding(report: &GroundReport) -> impl IntoView + use<> {
    let counts = report.counts;
    let rows = [
        ("Atoms", counts.atoms),
        ("Operators", counts.operators),
        ("Axioms", counts.axioms),
        ("Variables", counts.variables),
        ("Mutex groups", counts.mutex_groups),
        ("Numbers", counts.slots),
        ("Static facts", counts.static_facts),
        ("Instances", counts.instances),
    ];
    let rows = rows.into_iter().filter(|(word, count)| *count > 0 || matches!(*word, "Atoms" | "Operators"));
    let rows = rows.map(|(word, count)| {
        view! {
            <div>
                <dt>{word}</dt>
                <dd>{format::count(count as u64)}</dd>
            </div>
        }
    });
    view! {
        <div class="h">
            <h2>"Grounding"</h2>
            <span class="sub">"what the problem comes to"</span>
        </div>
        <dl class="cnt">{rows.collect_view()}</dl>
    }
}
