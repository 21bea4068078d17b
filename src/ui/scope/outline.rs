//! The tree for those who do not see it: a list of the selected node, its parent, siblings and
//! children. It takes the keyboard focus of the whole tree; the canvas shows where that is.

use leptos::attr::custom::custom_attribute;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::signals::ScopeSignals;
use super::statistics::OutlineItem;

/// The list.
#[component]
pub fn Outline(signals: ScopeSignals, on_key: impl Fn(KeyboardEvent) + 'static) -> impl IntoView {
    let empty = Memo::new(move |_| signals.outline.with(Vec::is_empty));
    let on_key = StoredValue::new_local(on_key);
    let current = move || {
        let selected = signals.selected.get().unwrap_or(0);
        signals
            .outline
            .with(|items| items.iter().any(|(item, _)| item.line.node == selected))
            .then(|| id(selected))
    };
    view! {
        <Show when=move || !empty.get()>
            <ul
                class="outline"
                role="tree"
                tabindex="0"
                aria-label="Search tree: arrows walk it, Shift and arrows follow the order of discovery, plus, minus and 0 zoom"
                aria-activedescendant=current
                on:keydown=move |event| on_key.with_value(|on_key| on_key(event))
            >
                <For each=move || signals.outline.get() key=|(item, name)| (item.clone(), name.clone()) let:listed>
                    <Item signals item=listed.0 name=listed.1 />
                </For>
            </ul>
        </Show>
    }
}

#[component]
fn Item(signals: ScopeSignals, item: OutlineItem, name: String) -> impl IntoView {
    let OutlineItem { line, text, .. } = item;
    let level = custom_attribute("aria-level", line.level.to_string());
    view! {
        <li
            role="treeitem"
            id=id(line.node)
            aria-posinset=line.position.to_string()
            aria-setsize=line.siblings.to_string()
            aria-selected=move || (signals.selected.get() == Some(line.node)).to_string()
            on:click=move |_| signals.selected.set(Some(line.node))
            {..level}
        >
            {format!("{name}, {text}")}
        </li>
    }
}

fn id(node: u32) -> String {
    format!("scope-node-{node}")
}
