// SPDX-License-Identifier: EUPL-1.2
//! Documents a person takes away: opened in a tab of their own, or saved.

use std::time::Duration;

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::effects::after;

/// Opens a page in a new tab; where the browser does not let us, saves it. `None` if neither can be done.
///
/// Its address is good for as long as this page is there, so that the tab can be loaded again.
pub(crate) fn open(page: &str, name: &str) -> Option<()> {
    let url = address(page, "text/html;charset=utf-8")?;
    match window().open_with_url_and_target(&url, "_blank") {
        Ok(Some(_tab)) => Some(()),
        Ok(None) | Err(_) => download(&url, name),
    }
}

/// Saves a text under a name.
pub(crate) fn save(text: &str, name: &str) -> Option<()> {
    let url = address(text, "text/plain;charset=utf-8")?;
    download(&url, name)?;
    after(SAVED_WITHIN, move || drop(Url::revoke_object_url(&url)));
    Some(())
}

/// An address of a text.
fn address(text: &str, kind: &str) -> Option<String> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

fn download(url: &str, name: &str) -> Option<()> {
    let link: HtmlAnchorElement = document().create_element("a").ok()?.unchecked_into();
    link.set_href(url);
    link.set_download(name);
    link.click();
    Some(())
}

const SAVED_WITHIN: Duration = Duration::from_mins(1);
