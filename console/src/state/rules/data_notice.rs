// SPDX-License-Identifier: EUPL-1.2
//! What people are told about their data before they write, by form: the administration's own words in five languages.
//!
//! How long what is kept is said by the service from the periods ([`super::retention`]) and is not written here.

use serde_json::Value;

use super::{
    FiveTexts,
    document::{is_json, put_at, value_at, without},
};

/// The texts of a draft; empty where it has none.
pub fn data_notice(document: &str) -> FiveTexts {
    value_at(document, PATH).map(|text| FiveTexts::of_value(&text)).unwrap_or_default()
}

/// The draft with other texts, or without a notice where all are blank; `None` where Italian alone is missing, or for a draft
/// that is no JSON.
pub fn put_data_notice(document: &str, texts: &FiveTexts) -> Option<String> {
    if !is_json(document) {
        return None;
    }
    let said = texts.to_members();
    if said.values().all(|text| text.as_str().is_none_or(|text| text.trim().is_empty())) {
        let is_there = value_at(document, SECTION).is_some();
        return if is_there { without(document, SECTION) } else { Some(document.into()) };
    }
    if texts.it.trim().is_empty() {
        return None;
    }
    let text = Value::Object(said);
    match value_at(document, SECTION) {
        Some(_) => put_at(document, PATH, &text.to_string()),
        None => put_at(document, SECTION, &format!("{{ \"text\": {text} }}")),
    }
}

const SECTION: &[&str] = &["data_notice"];
const PATH: &[&str] = &["data_notice", "text"];
