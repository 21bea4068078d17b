//! Files in and out: reading what was picked, and downloads.

use js_sys::{Array, Function, Reflect, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::lang::bytes;
use crate::service::Problem;
use crate::view::incoming::{GOAP_BYTES, PDDL_BYTES};

/// Reads a picked file as text; with a sentence where its bytes were not UTF-8.
///
/// # Errors
/// Why it could not be read, in a sentence.
pub async fn read(file: &web_sys::File) -> Result<(String, Option<String>), String> {
    let refuse = |why: &str| ["“", &file.name(), "” ", why].concat();
    let is_json = [".json", ".jsonc"].iter().any(|end| file.name().to_lowercase().ends_with(end));
    if is_json && file.size() > GOAP_BYTES as f64 {
        return Err(refuse("is larger than 1 MiB, the most a GOAP document may have."));
    }
    if file.size() > PDDL_BYTES as f64 {
        return Err(refuse("is larger than 16 MiB, the most a file of PDDL may have."));
    }
    let bytes = JsFuture::from(file.array_buffer()).await.map_err(|_| refuse("could not be read."))?;
    let decoded = bytes::decode(Uint8Array::new(&bytes).to_vec());
    let remark =
        decoded.other.map(|other| refuse(&["is not UTF-8: it is read as ", other.name(), "."].concat()));
    Ok((decoded.text, remark))
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

/// Copies a text; says whether the browser did.
pub async fn copy(text: &str) -> bool {
    // A page of plain HTTP has no clipboard.
    let navigator = window().navigator();
    let has_clipboard = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|own| own.is_object());
    if has_clipboard && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok() {
        return true;
    }
    copy_selected(text).unwrap_or(false)
}

/// Copies through a selection, the way from before there was a clipboard to write to.
fn copy_selected(text: &str) -> Option<bool> {
    let field = document().create_element("textarea").ok()?;
    let field: web_sys::HtmlTextAreaElement = field.dyn_into().ok()?;
    field.set_value(text);
    field.set_class_name("vh");
    let focused = document().active_element();
    document().body()?.append_child(&field).ok()?;
    field.select();
    let command = Reflect::get(&document(), &"execCommand".into()).ok()?.dyn_into::<Function>().ok()?;
    let done = command.call1(&document(), &"copy".into()).is_ok_and(|done| done.is_truthy());
    field.remove();
    if let Some(focused) = focused.and_then(|focused| focused.dyn_into::<web_sys::HtmlElement>().ok()) {
        // It had the focus a moment ago.
        let _ = focused.focus();
    }
    Some(done)
}

/// The bytes of a picked file, of at most so many.
///
/// # Errors
/// Why it could not be read, in a sentence.
pub async fn read_bytes(file: &web_sys::File, most: usize) -> Result<Vec<u8>, String> {
    let refuse = |why: &str| ["“", &file.name(), "” ", why].concat();
    if file.size() > most as f64 {
        return Err(refuse(&format!("is larger than {} MiB, the most such a file may have.", most >> 20)));
    }
    let bytes = JsFuture::from(file.array_buffer()).await.map_err(|_| refuse("could not be read."))?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

/// Hands bytes to the browser as a download.
pub fn download_bytes(name: &str, bytes: &[u8]) {
    hand_out(name, &Uint8Array::from(bytes).into(), "application/octet-stream");
}

/// Hands a text to the browser as a download.
pub fn download(name: &str, text: &str) {
    hand_out(name, &text.into(), "text/plain;charset=utf-8");
}

fn hand_out(name: &str, content: &JsValue, kind_of_content: &str) {
    let parts = Array::of1(content);
    let kind = web_sys::BlobPropertyBag::new();
    kind.set_type(kind_of_content);
    let Ok(blob) = web_sys::Blob::new_with_buffer_source_sequence_and_options(&parts, &kind) else { return };
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
