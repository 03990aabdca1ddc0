// SPDX-License-Identifier: EUPL-1.2
//! `LANGUAGE_MODEL`: a model at an address that speaks as `OpenAI`'s does. Without the setting none is asked.

use serde::Deserialize;
use serde_json::error::Category;

use super::{is_address, wrong};
use crate::problem::Fault;

/// The language model beside the assistant.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageModel {
    /// Where it is: `/chat/completions` is added.
    pub address: String,
    /// The name of the model there.
    pub model: String,
    /// The key that opens it.
    pub key: Option<String>,
}

impl std::fmt::Debug for LanguageModel {
    /// Without what nobody else may know.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LanguageModel").field("address", &self.address).finish_non_exhaustive()
    }
}

impl LanguageModel {
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let wrong = |reason: &str| wrong("LANGUAGE_MODEL", reason);
        // An error of serde about a member of the wrong type repeats its value, and one member is secret.
        let read: Self = serde_json::from_str(text).map_err(|error| match error.classify() {
            Category::Data if !error.to_string().starts_with("invalid") => wrong(&error.to_string()),
            Category::Data => wrong("has a member of another type than it must have"),
            Category::Io | Category::Syntax | Category::Eof => wrong(&format!("is not JSON: {error}")),
        })?;
        if !is_address(&read.address) {
            return Err(wrong("address must be http(s)://host/path without a slash at the end"));
        }
        if read.model.trim().is_empty() {
            return Err(wrong("model must not be empty"));
        }
        let is_key = |key: &String| !key.is_empty() && key.bytes().all(|b| b.is_ascii_graphic());
        if !read.key.as_ref().is_none_or(is_key) {
            return Err(wrong("key must be ASCII characters without blanks"));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_its_sentence_and_none_repeats_the_key() {
        let read =
            LanguageModel::parse(r#"{"address":"http://127.0.0.1:8080/v1","model":"m","key":"s3cret"}"#);
        assert!(!format!("{:?}", read.unwrap()).contains("s3cret"));
        assert!(LanguageModel::parse(r#"{"address":"https://model.example/v1","model":"m"}"#).is_ok());
        for (text, expected) in [
            (r#"{"address":"https://model.example/v1/","model":"m"}"#, "without a slash"),
            (r#"{"address":"model.example","model":"m"}"#, "address must be"),
            (r#"{"address":"https://model.example","model":" "}"#, "model must not"),
            (r#"{"address":"https://model.example","model":"m","key":"s3cret key"}"#, "without blanks"),
            (r#"{"address":"https://model.example","model":"m","key":["s3cret"]}"#, "another type"),
            (r#"{"address":"https://model.example"}"#, "missing field"),
            ("x", "is not JSON"),
        ] {
            let fault = LanguageModel::parse(text).unwrap_err().to_string();
            assert!(fault.contains("LANGUAGE_MODEL") && fault.contains(expected), "{text}: {fault}");
            assert!(!fault.contains("s3cret"), "{fault}");
        }
    }
}
