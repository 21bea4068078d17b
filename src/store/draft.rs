//! Drafts: what was written and not acknowledged as saved when the page went away.
//!
//! A draft is a whole document at the revision that it was written on. What becomes of it is decided
//! against what is stored now: nothing that was written is lost, and nothing that is stored is overwritten.

use super::Document;

/// What becomes of a draft.
#[derive(Clone, Debug, PartialEq)]
pub enum Settled {
    /// It was saved after all.
    Saved,
    /// It is to be saved over what is stored, which is what it was written on.
    Save(Document),
    /// Something else was saved in the meantime: the draft has to be kept as a document of its own.
    Beside(Document),
}

/// Decides about a draft, given what is stored under its id.
pub fn settle(draft: Document, stored: Option<&Document>) -> Settled {
    let Some(stored) = stored else { return Settled::Save(Document { revision: 0, ..draft }) };
    let same_text = stored.text == draft.text && stored.problem == draft.problem;
    if same_text && (stored.revision > draft.revision || same_rest(&draft, stored)) {
        return Settled::Saved;
    }
    if stored.revision == draft.revision { Settled::Save(draft) } else { Settled::Beside(draft) }
}

fn same_rest(one: &Document, other: &Document) -> bool {
    one.name == other.name && one.settings == other.settings && one.last_result == other.last_result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::DocumentId;

    fn document(text: &str, revision: u64) -> Document {
        Document {
            id: DocumentId("a".to_owned()),
            name: "A".to_owned(),
            text: text.to_owned(),
            problem: None,
            settings: "{}".to_owned(),
            last_result: None,
            revision,
            modified_ms: 1.0,
        }
    }

    #[test]
    fn a_draft_is_saved_over_what_it_was_written_on_and_kept_beside_anything_newer() {
        let draft = document("new", 3);
        assert_eq!(settle(draft.clone(), Some(&document("old", 3))), Settled::Save(draft.clone()));
        assert_eq!(settle(draft.clone(), Some(&document("other", 4))), Settled::Beside(draft.clone()));
        // The document was deleted or never saved, so the draft is saved as a new one.
        assert_eq!(settle(draft.clone(), None), Settled::Save(document("new", 0)));
        assert_eq!(settle(draft.clone(), Some(&document("new", 4))), Settled::Saved);
        assert_eq!(settle(draft.clone(), Some(&draft)), Settled::Saved);
        let renamed = Document { name: "B".to_owned(), ..draft.clone() };
        assert_eq!(settle(renamed.clone(), Some(&draft)), Settled::Save(renamed));
    }
}
