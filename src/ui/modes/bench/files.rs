//! Figures that come as files: the sample beside the page, and what a person drops or picks.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::super::files;
use super::super::super::gallery_open::fetched;
use super::Measuring;
use crate::parity::{BYTES_MAX, Platform, Report};
use crate::view::visible::visible;

/// The sample, which was measured natively.
const SAMPLE: &str = "./parity.json";

/// Figures from a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// The figures.
    pub report: Option<Arc<Report>>,
    /// What the file is called.
    pub file: String,
    /// Why the last file was not read.
    pub refused: Option<String>,
}

/// Lays the sample beside, unless a file is there already.
pub fn fetch_sample(measuring: Measuring) {
    measuring.work.run(async move {
        let text = fetched(SAMPLE).await.unwrap_or_default();
        if measuring.native.with_untracked(|native| native.report.is_none()) {
            read(measuring, "the sample of this page", &text);
        }
    });
}

/// Takes the first of the files.
pub fn take(measuring: Measuring, list: Option<web_sys::FileList>) {
    let Some(file) = list.and_then(|list| list.get(0)) else { return };
    measuring.work.run(async move {
        let name = visible(&file.name()).into_owned();
        let read_text = match files::read_bytes(&file, BYTES_MAX).await {
            Ok(bytes) => String::from_utf8(bytes).ok(),
            Err(why) => {
                measuring.native.update(|native| native.refused = Some(why));
                return;
            }
        };
        match read_text {
            Some(text) => read(measuring, &name, &text),
            None => refuse(measuring, &name, "it could not be read as text"),
        }
    });
}

/// Figures of the native program are laid beside; those of a browser stand in the place of this tab's.
fn read(measuring: Measuring, name: &str, text: &str) {
    match Report::read(text) {
        Err(error) => refuse(measuring, name, &error.to_string()),
        Ok(report) if report.machine.platform == Platform::Browser => {
            if measuring.standing.with_untracked(Option::is_some) {
                refuse(measuring, name, "it is of a browser, and this tab is being measured");
                return;
            }
            measuring.here.set(Some(Arc::new(report)));
            measuring.native.update(|native| native.refused = None);
        }
        Ok(report) => measuring.native.set(Given {
            report: Some(Arc::new(report)),
            file: name.to_owned(),
            refused: None,
        }),
    }
}

fn refuse(measuring: Measuring, name: &str, why: &str) {
    measuring.native.update(|native| native.refused = Some(format!("“{name}” is not shown: {why}.")));
}
