//! The views of the middle column: the search, and what else the planner can be watched at. Each but the search
//! stands in a folder of its own here, and may bring what stands in the left and the right column beside it.
//!
//! Views other than the search are part of the half of the page's code that comes after the first paint: nothing
//! of a view is entered before the engine's code is there. A view is added by a [`Mode`], its words there, and an
//! arm in each function of [`content`].

pub mod batch;
pub mod bench;
mod content;
mod keys;
mod system;
mod tabs;

pub use self::content::{Cells, Left, Middle, Right, take};
pub use self::keys::Press;
pub use self::tabs::ModeTabs;
pub use super::drive::Drive;

/// A view of the middle column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Search,
    Batch,
    Bench,
    System,
}

impl Mode {
    /// In the order of their tabs.
    pub const ALL: [Self; 4] = [Self::Search, Self::Batch, Self::Bench, Self::System];

    /// What the tab says.
    pub fn word(self) -> &'static str {
        match self {
            Self::Search => "Search",
            Self::Batch => "Batch",
            Self::Bench => "Bench",
            Self::System => "System",
        }
    }

    /// For ids and attributes.
    pub fn key(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Batch => "batch",
            Self::Bench => "bench",
            Self::System => "system",
        }
    }

    /// What stands in the left and the right column, where that is not the problem and the result.
    pub fn sides(self) -> Option<[&'static str; 2]> {
        match self {
            Self::Search | Self::System => None,
            Self::Batch => Some(["Tasks", "Summary"]),
            Self::Bench => Some(["Setup", "Workload"]),
        }
    }

    /// Whether the view stands to the right of the row of tabs, apart from those of the open document.
    pub fn is_apart(self) -> bool {
        self != Self::Search
    }
}
