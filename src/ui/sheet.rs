//! Which parts of the page are in view: the tab, the left column, the pane of a phone, the gallery.

use leptos::prelude::*;

use super::modes::Mode;

/// A tab of the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Plan,
    Node,
    Timings,
    Runs,
}

impl Tab {
    pub const ALL: [Self; 4] = [Self::Plan, Self::Node, Self::Timings, Self::Runs];

    /// What the tab says.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plan => "Plan",
            Self::Node => "Node",
            Self::Timings => "Timings",
            Self::Runs => "Runs",
        }
    }

    /// For ids and attributes.
    pub fn key(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Node => "node",
            Self::Timings => "timings",
            Self::Runs => "runs",
        }
    }
}

/// A pane; a phone shows one, two columns show one of problem and result beside the scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    Problem,
    #[default]
    Scope,
    Result,
}

impl Pane {
    /// For attributes.
    pub fn key(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Scope => "scope",
            Self::Result => "result",
        }
    }
}

/// Which parts of the page are in view.
#[derive(Clone, Copy, Default)]
pub struct Sheet {
    /// The view of the middle column.
    pub mode: RwSignal<Mode>,
    /// The tab of the result.
    pub tab: RwSignal<Tab>,
    /// Where the page has two columns: whether the left one shows the result.
    pub left_result: RwSignal<bool>,
    /// The pane that a phone shows.
    pub pane: RwSignal<Pane>,
    /// Which of the two PDDL texts is in view, where there is room for one.
    pub text: RwSignal<usize>,
    /// Whether the gallery covers scope and result.
    pub gallery: RwSignal<bool>,
    /// The language that the gallery is filtered by: whether it is PDDL; `None` for all.
    pub language: RwSignal<Option<bool>>,
    /// Whether help is open: what the words mean, and the keys.
    pub help: RwSignal<bool>,
    /// Whether help shows the keys, and not the words.
    pub help_keys: RwSignal<bool>,
    /// Whether the dialog of the engine, which a phone has, is open.
    pub engine: RwSignal<bool>,
}

impl Sheet {
    /// Brings a tab of the result into view, however wide the page is.
    pub fn show_tab(self, tab: Tab) {
        self.tab.set(tab);
        self.left_result.set(true);
        self.pane.set(Pane::Result);
    }

    /// Opens the selected node beside the tree. A phone has room for one of them: there the tree stays, until
    /// the node is pressed `again`.
    pub fn open_node(self, again: bool) {
        self.tab.set(Tab::Node);
        self.left_result.set(true);
        if again {
            self.pane.set(Pane::Result);
        }
    }

    /// Brings the problem into view, however wide the page is.
    pub fn show_problem(self) {
        self.gallery.set(false);
        self.left_result.set(false);
        self.pane.set(Pane::Problem);
    }

    /// Brings a text into view, by its place among those of the document.
    pub fn show_text(self, index: usize) {
        self.show_problem();
        self.text.set(index);
    }
}
