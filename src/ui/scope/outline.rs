//! The tree for those who do not see it: a list of the selected node, its parent, siblings and
//! children. It takes the keyboard focus of the whole tree; the canvas shows where that is.

use leptos::attr::custom::custom_attribute;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::desk::Desk;
use super::facts::Told;

/// The list.
#[component]
pub fn Outline(desk: Desk, on_key: impl Fn(KeyboardEvent) + 'static) -> impl IntoView {
    let empty = Memo::new(move |_| desk.told.with(Vec::is_empty));
    let on_key = StoredValue::new_local(on_key);
    let current = move || {
        let selected = desk.selected.get().unwrap_or(0);
        desk.told.with(|told| told.iter().any(|(told, _)| told.line.node == selected)).then(|| id(selected))
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
                <For each=move || desk.told.get() key=|(told, name)| (told.clone(), name.clone()) let:line>
                    <Item desk told=line.0 name=line.1 />
                </For>
            </ul>
        </Show>
    }
}

#[component]
fn Item(desk: Desk, told: Told, name: String) -> impl IntoView {
    let Told { line, text, .. } = told;
    let level = custom_attribute("aria-level", line.level.to_string());
    view! {
        <li
            role="treeitem"
            id=id(line.node)
            aria-posinset=line.position.to_string()
            aria-setsize=line.siblings.to_string()
            aria-selected=move || (desk.selected.get() == Some(line.node)).to_string()
            on:click=move |_| desk.selected.set(Some(line.node))
            {..level}
        >
            {format!("{name}, {text}")}
        </li>
    }
}

fn id(node: u32) -> String {
    format!("scope-node-{node}")
}
