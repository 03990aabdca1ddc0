// SPDX-License-Identifier: EUPL-1.2
//! A quick reply by form: it becomes an element of the draft's `desk.replies`, or replaces one.

use std::collections::BTreeMap;

use super::{
    document::{added, removed, replaced, rows},
    prefixed,
    strike::quoted,
};

/// The form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyForm {
    pub name: String,
    pub text: String,
    /// The place of the reply that is being changed; none for a new one.
    pub index: Option<usize>,
    /// Whether somebody has tried to add it: errors show from then on.
    pub tried: bool,
}

/// A quick reply of the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenReply {
    pub id: String,
    pub name: String,
    pub text: String,
}

impl ReplyForm {
    /// A form with a reply of the draft, to change it.
    pub fn of(reply: &WrittenReply, index: usize) -> Self {
        Self { name: reply.name.clone(), text: reply.text.clone(), index: Some(index), tried: false }
    }

    /// Whether both fields are filled in.
    pub fn is_whole(&self) -> bool {
        !self.name.trim().is_empty() && !self.text.trim().is_empty()
    }

    /// The draft with this reply; `None` for a form that is not whole, or a draft that is no JSON.
    pub fn put_into(&self, document: &str) -> Option<String> {
        if !self.is_whole() {
            return None;
        }
        let all = replies(document)?;
        let before = self.index.and_then(|index| all.get(index));
        let id = before.map_or_else(|| free_id(&self.name, &all), |before| before.id.clone());
        let element = format!(
            "{{\n  \"id\": {},\n  \"name\": {},\n  \"text\": {}\n}}",
            quoted(&id),
            quoted(self.name.trim()),
            quoted(self.text.trim())
        );
        match (self.index, before) {
            (Some(index), Some(_)) => replaced(document, &REPLIES, index, &element),
            _ => added(document, &REPLIES, &element),
        }
    }

    pub(super) fn written(&self) -> Vec<(String, String)> {
        let index = self.index.map_or_else(String::new, |index| index.to_string());
        prefixed("reply", &[("name", &self.name), ("text", &self.text), ("index", &index)])
    }

    pub(super) fn restored(draft: &BTreeMap<String, String>) -> Self {
        let field = |name: &str| draft.get(&format!("reply.{name}")).cloned().unwrap_or_default();
        Self { name: field("name"), text: field("text"), index: field("index").parse().ok(), tried: false }
    }
}

/// The quick replies of a draft, in its order; `None` for a draft that is no JSON.
pub fn replies(document: &str) -> Option<Vec<WrittenReply>> {
    let found = rows(document, &REPLIES)?.into_iter().map(|row| {
        let text = |name: &str| row.value.get(name).and_then(|value| value.as_str()).unwrap_or_default();
        WrittenReply { id: text("id").into(), name: text("name").into(), text: text("text").into() }
    });
    Some(found.collect())
}

/// The draft without one of its quick replies.
pub fn without_reply(document: &str, index: usize) -> Option<String> {
    removed(document, &REPLIES, index)
}

/// An id that no other reply has, made of its name.
fn free_id(name: &str, all: &[WrittenReply]) -> String {
    let small = name.to_lowercase();
    let words: String =
        small.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '-' }).collect();
    let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
    let id = if words.is_empty() { "risposta".to_string() } else { words.join("-") };
    let is_free = |id: &String| all.iter().all(|one| one.id != *id);
    let numbered = (2..).map(|number: u32| format!("{id}-{number}"));
    std::iter::once(id.clone()).chain(numbered).find(is_free).unwrap_or(id)
}

const REPLIES: [&str; 2] = ["desk", "replies"];
