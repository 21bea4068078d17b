//! What stands in place of a problem while there is none, or while the gallery is open.

use leptos::prelude::*;

use super::super::bar::document_panel::OpenFiles;
use super::super::gallery::NewProblem;
use super::super::icon::Icon;
use super::Workbench;

/// How the scope draws what, and what it means.
const SIGNS: [(&str, &str, &str); 6] = [
    ("n-closed", "Expanded", "The planner looked at what can follow."),
    ("n-open", "Open", "Known, and still waiting its turn."),
    ("n-reopened", "Reopened", "Looked at again, on a cheaper path."),
    ("n-dead", "Dead end", "The goal cannot be reached from here."),
    ("n-fold", "Folded", "A subtree too small to draw at this zoom."),
    ("n-goal", "Goal", "The plan is the line from the root to here."),
];

/// Ways to begin, and how to read the scope.
#[component]
pub fn Starter(bench: Workbench) -> impl IntoView {
    view! {
        <div class="starter">
            <h2>"Start from nothing"</h2>
            <p>"The text stays in this browser. Nothing is sent anywhere."</p>
            <ul class="starts">
                <li>
                    <NewProblem bench is_pddl=false done=|()| () />
                    <span>"State, actions and goals as JSON"</span>
                </li>
                <li>
                    <NewProblem bench is_pddl=true done=|()| () />
                    <span>"A domain and a problem, in two texts"</span>
                </li>
                <li>
                    <OpenFiles bench done=|()| () />
                    <span>".goap.json, or a domain and a problem as .pddl; they can be dropped here too"</span>
                </li>
            </ul>
            <h2>"How to read the scope"</h2>
            <ul class="keyread">
                {SIGNS
                    .into_iter()
                    .map(|(shape, word, meaning)| {
                        view! {
                            <li class:goal=shape == "n-goal">
                                <Icon name=shape class="n" />
                                <b>{word}</b>
                                <span>{meaning}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <div class="rampkey">
                <div class="rampbar"></div>
                <div>
                    <span>"near the goal"</span>
                    <span>"far from it"</span>
                </div>
            </div>
        </div>
    }
}
