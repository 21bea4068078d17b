//! Files in and out: reading what was picked, and downloads.

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::service::Problem;
use crate::view::incoming::PDDL_BYTES;

/// Reads a picked file as text.
///
/// # Errors
/// Why it could not be read, in a sentence.
pub async fn read(file: &web_sys::File) -> Result<String, String> {
    let refuse = |why: &str| ["“", &file.name(), "” ", why].concat();
    if file.size() > PDDL_BYTES as f64 {
        return Err(refuse("is larger than 16 MiB, the most a file of PDDL may have."));
    }
    let bytes = JsFuture::from(file.array_buffer()).await.map_err(|_| refuse("could not be read."))?;
    String::from_utf8(Uint8Array::new(&bytes).to_vec()).map_err(|error| {
        let sound = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let line = sound.matches('\n').count() + 1;
        refuse(
            &[
                "is not UTF-8 text: line ",
                &line.to_string(),
                " has a byte that belongs to no character. Save the file as UTF-8.",
            ]
            .concat(),
        )
    })
}

/// Hands the texts of a document out as files.
pub fn export(name: &str, problem: &Problem) {
    match problem {
        Problem::Goap { text } => download(&file_name(name, ".goap.json"), text),
        Problem::Pddl { domain, problem } => {
            download(&file_name(name, ".domain.pddl"), domain);
            download(&file_name(name, ".problem.pddl"), problem);
        }
    }
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
