//! The picture of the first screen: a small search tree that grows, and its plan.
//!
//! It is drawn once; the styles let its parts appear one after another. With reduced motion the whole
//! tree stands there from the start.

use leptos::prelude::*;

/// A node: where it stands, its parent, and when it appears, as the number of a class.
struct Node {
    x: u32,
    y: u32,
    parent: Option<usize>,
    at: u32,
}

const fn node(x: u32, y: u32, parent: usize, at: u32) -> Node {
    Node { x, y, parent: Some(parent), at }
}

const NODES: [Node; 14] = [
    Node { x: 120, y: 12, parent: None, at: 0 },
    node(60, 42, 0, 1),
    node(120, 42, 0, 1),
    node(180, 42, 0, 1),
    node(160, 72, 3, 2),
    node(200, 72, 3, 2),
    node(40, 72, 1, 3),
    node(80, 72, 1, 3),
    node(150, 102, 4, 4),
    node(174, 102, 4, 4),
    node(66, 102, 7, 5),
    node(94, 102, 7, 5),
    node(84, 132, 11, 6),
    node(108, 132, 11, 6),
];

/// The plan, from the root to the goal.
const PLAN: [usize; 5] = [0, 1, 7, 11, 13];

/// The picture; it says nothing that the words beside it do not.
#[component]
pub fn GrowingTree() -> impl IntoView {
    let edges = NODES.iter().filter_map(|node| {
        let parent = &NODES[node.parent?];
        Some(view! { <path class=format!("edge t{}", node.at) d=comb(parent, node) /> })
    });
    let plan = PLAN.windows(2).map(|pair| {
        view! { <path class="way t7" d=comb(&NODES[pair[0]], &NODES[pair[1]]) /> }
    });
    let goal = &NODES[PLAN[PLAN.len() - 1]];
    let discs = NODES.iter().enumerate().filter(|(at, _)| *at != PLAN[PLAN.len() - 1]).map(|(_, node)| {
        view! { <circle class=format!("node t{}", node.at) cx=node.x cy=node.y r="4" /> }
    });
    let diamond = format!("M{} {}l6 6l-6 6l-6-6z", goal.x, goal.y - 6);
    view! {
        <svg class="growing" viewBox="0 0 240 146" aria-hidden="true">
            {edges.collect_view()}
            {plan.collect_view()}
            {discs.collect_view()}
            <path class="goal t6" d=diamond />
        </svg>
    }
}

/// Down, across and down again, as the scope draws its edges.
fn comb(from: &Node, to: &Node) -> String {
    let back = to.y - 14;
    format!("M{} {}V{back}H{}V{}", from.x, from.y, to.x, to.y)
}
