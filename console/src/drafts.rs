// SPDX-License-Identifier: EUPL-1.2
//! Storage that survives a reload: drafts, unsent messages and topics of the tab, and the preferences of the device.
//!
//! Drafts lie in the tab's `sessionStorage`, for one advisor at a time: they end with the tab, and no other tab reads them.
//! Preferences lie in `localStorage`, for all advisors at this device. Without storage everything lasts as long as the page.

use std::collections::BTreeMap;

use infocig_client::session::Pending;
use infocig_protocol::{
    entry::Outcome, id::ConversationId, segnalazione::SegnalazioneDraft, topic::TopicPath,
};
use web_sys::Storage;

use crate::state::preferences::Preferences;

/// The drafts are this advisor's from now on. Those of another advisor are removed.
pub(crate) fn bind_to_advisor(advisor: &str) {
    if read(ADVISOR).as_deref() != Some(advisor) {
        forget_all();
        write(ADVISOR, advisor);
    }
}

/// The stored draft of a conversation; empty if there is none.
pub(crate) fn draft(conversation: &ConversationId) -> String {
    read(&key(DRAFT, conversation)).unwrap_or_default()
}

/// Stores the draft of a conversation.
pub(crate) fn persist_draft(conversation: &ConversationId, draft: &str) {
    write(&key(DRAFT, conversation), draft);
}

/// The stored unsent messages of a conversation, oldest first.
pub(crate) fn unsent(conversation: &ConversationId) -> Vec<Pending> {
    let stored = read(&key(UNSENT, conversation));
    stored.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
}

/// Stores the unsent messages of a conversation.
pub(crate) fn persist_unsent<'a>(conversation: &ConversationId, messages: impl Iterator<Item = &'a Pending>) {
    let messages: Vec<&Pending> = messages.collect();
    let json = if messages.is_empty() { Ok(String::new()) } else { serde_json::to_string(&messages) };
    write(&key(UNSENT, conversation), &json.unwrap_or_default());
}

/// The stored note draft of a conversation; empty if there is none.
pub(crate) fn note(conversation: &ConversationId) -> String {
    read(&key(NOTE, conversation)).unwrap_or_default()
}

/// Stores the note draft of a conversation.
pub(crate) fn persist_note(conversation: &ConversationId, note: &str) {
    write(&key(NOTE, conversation), note);
}

/// The stored segnalazione of a conversation, and whether it was sent.
pub(crate) fn forwarding(conversation: &ConversationId) -> Option<(bool, SegnalazioneDraft)> {
    serde_json::from_str(&read(&key(FORWARDING, conversation))?).ok()
}

/// Stores the segnalazione of a conversation, and whether it was sent.
pub(crate) fn persist_forwarding(conversation: &ConversationId, written: Option<(bool, &SegnalazioneDraft)>) {
    let json = written.and_then(|written| serde_json::to_string(&written).ok());
    write(&key(FORWARDING, conversation), &json.unwrap_or_default());
}

/// The stored topic and outcome for the end of a conversation.
pub(crate) fn topic(conversation: &ConversationId) -> Option<(TopicPath, Option<Outcome>)> {
    serde_json::from_str(&read(&key(TOPIC, conversation))?).ok()
}

/// Stores the topic and the outcome for the end of a conversation.
pub(crate) fn persist_topic(conversation: &ConversationId, path: &TopicPath, outcome: Option<Outcome>) {
    let json = serde_json::to_string(&(path, outcome));
    write(&key(TOPIC, conversation), &json.unwrap_or_default());
}

/// What an administrator had typed about the rules, by the name of its field.
pub(crate) fn rules() -> BTreeMap<String, String> {
    read(RULES).and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
}

/// Stores what an administrator has typed about the rules.
pub(crate) fn persist_rules(fields: &BTreeMap<String, String>) {
    let json = if fields.is_empty() { Ok(String::new()) } else { serde_json::to_string(fields) };
    write(RULES, &json.unwrap_or_default());
}

/// The stored preferences.
pub(crate) fn preferences() -> Preferences {
    let stored = device().and_then(|storage| storage.get_item(PREFERENCES).ok().flatten());
    Preferences::read(stored.as_deref())
}

/// Stores the preferences.
pub(crate) fn persist_preferences(preferences: Preferences) {
    if let Some(storage) = device() {
        let _full = storage.set_item(PREFERENCES, &preferences.written());
    }
}

/// Removes everything of a closed conversation except its topic, which its wrap-up still needs.
pub(crate) fn forget_closed(conversation: &ConversationId) {
    for kind in KINDS.into_iter().filter(|kind| *kind != TOPIC) {
        write(&key(kind, conversation), "");
    }
}

/// Removes everything of conversations for which `mine` is false.
pub(crate) fn retain(mine: impl Fn(&str) -> bool) {
    forget_where(|key| {
        let conversation = KINDS.into_iter().find_map(|kind| key.strip_prefix(kind));
        conversation.is_some_and(|conversation| !mine(conversation))
    });
}

/// Removes everything.
pub(crate) fn forget_all() {
    forget_where(|key| key.starts_with(OURS));
}

fn forget_where(condition: impl Fn(&str) -> bool) {
    let Some(storage) = storage() else { return };
    let keys: Vec<String> =
        (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok().flatten()).collect();
    for key in keys.iter().filter(|key| condition(key)) {
        let _gone = storage.remove_item(key);
    }
}

fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Stores a value; an empty one is removed.
fn write(key: &str, value: &str) {
    let Some(storage) = storage() else { return };
    let _full = if value.is_empty() { storage.remove_item(key) } else { storage.set_item(key, value) };
}

fn key(kind: &str, conversation: &ConversationId) -> String {
    format!("{kind}{conversation}")
}

fn storage() -> Option<Storage> {
    web_sys::window().and_then(|window| window.session_storage().ok().flatten())
}

fn device() -> Option<Storage> {
    web_sys::window().and_then(|window| window.local_storage().ok().flatten())
}

const OURS: &str = "info-cig-console/";
const ADVISOR: &str = "info-cig-console/advisor";
const DRAFT: &str = "info-cig-console/draft/";
const UNSENT: &str = "info-cig-console/unsent/";
const NOTE: &str = "info-cig-console/note/";
const FORWARDING: &str = "info-cig-console/segnalazione/";
const TOPIC: &str = "info-cig-console/topic/";
const RULES: &str = "info-cig-console/rules";
const KINDS: [&str; 5] = [DRAFT, UNSENT, NOTE, FORWARDING, TOPIC];
const PREFERENCES: &str = "info-cig-console/choices";
