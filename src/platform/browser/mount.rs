//! The page: the host of `ui`, and putting the page into the document.
