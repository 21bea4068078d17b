//! Files in and out: reading what was picked, and downloads.

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Largest file that is read as a document.
const MOST_BYTES: f64 = 1_048_576.0;
/// What the names of documents end in.
pub const EXTENSION: &str = ".goap.json";

/// Reads a picked file as text.
///
/// # Errors
/// Why it could not be read, in a sentence.
pub async fn read(file: &web_sys::File) -> Result<String, String> {
    if file.size() > MOST_BYTES {
        return Err(format!("“{}” is larger than 1 MiB, the most a document may have.", file.name()));
    }
    let unreadable = |_| format!("“{}” could not be read.", file.name());
    let text = JsFuture::from(file.text()).await.map_err(unreadable)?;
    text.as_string().ok_or_else(|| format!("“{}” is not text.", file.name()))
}

/// The name of a document that comes from a file.
pub fn document_name(file: &str) -> String {
    let mut known = [EXTENSION, ".jsonc", ".json"].into_iter();
    let stem = known.find_map(|extension| file.strip_suffix(extension)).unwrap_or(file);
    if stem.trim().is_empty() { "Imported problem".into() } else { stem.to_owned() }
}

/// A name that every file system takes.
pub fn file_name(name: &str, extension: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "-_ ()".contains(c) { c } else { '-' };
    let stem: String = name.chars().map(plain).take(80).collect();
    format!("{}{extension}", stem.trim())
}

/// Hands a text to the browser as a download.
pub fn download(name: &str, text: &str) {
    let parts = Array::of1(&text.into());
    let kind = web_sys::BlobPropertyBag::new();
    kind.set_type("text/plain;charset=utf-8");
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &kind) else { return };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    let link = document().create_element("a").ok();
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok()) {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    let release = move || {
        // An address that is gone already needs no release.
        let _ = web_sys::Url::revoke_object_url(&url);
    };
    set_timeout(release, std::time::Duration::from_secs(10));
}
