// SPDX-License-Identifier: EUPL-1.2
//! What survives a reload: drafts and unsent messages, in the tab's own storage, for one advisor at a time; and what was
//! chosen on this device, which is nobody's secret, in the browser's.
//!
//! What was written ends with the tab, and no other tab reads it. Without storage everything lives as long as the page.

use infocig_client::session::Pending;
use infocig_protocol::{id::ConversationId, segnalazione::SegnalazioneDraft};
use web_sys::Storage;

use crate::state::alerts::Choices;

/// Whose what is kept from now on is. What another advisor left is forgotten.
pub(crate) fn belong_to(advisor: &str) {
    if read(ADVISOR).as_deref() != Some(advisor) {
        forget_everything();
        write(ADVISOR, advisor);
    }
}

/// What an earlier life of the page left written in a conversation.
pub(crate) fn draft(conversation: &ConversationId) -> String {
    read(&key(DRAFT, conversation)).unwrap_or_default()
}

/// Keeps what is written in a conversation.
pub(crate) fn keep_draft(conversation: &ConversationId, draft: &str) {
    write(&key(DRAFT, conversation), draft);
}

/// What an earlier life of the page left unsent in a conversation, oldest first.
pub(crate) fn unsent(conversation: &ConversationId) -> Vec<Pending> {
    let kept = read(&key(UNSENT, conversation));
    kept.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
}

/// Keeps what is unsent in a conversation.
pub(crate) fn keep_unsent<'a>(conversation: &ConversationId, messages: impl Iterator<Item = &'a Pending>) {
    let messages: Vec<&Pending> = messages.collect();
    let json = if messages.is_empty() { Ok(String::new()) } else { serde_json::to_string(&messages) };
    write(&key(UNSENT, conversation), &json.unwrap_or_default());
}

/// What an earlier life of the page left written as a note.
pub(crate) fn note(conversation: &ConversationId) -> String {
    read(&key(NOTE, conversation)).unwrap_or_default()
}

/// Keeps what is written as a note.
pub(crate) fn keep_note(conversation: &ConversationId, note: &str) {
    write(&key(NOTE, conversation), note);
}

/// What an earlier life of the page left written to an office, and whether it was sent.
pub(crate) fn forwarding(conversation: &ConversationId) -> Option<(bool, SegnalazioneDraft)> {
    serde_json::from_str(&read(&key(FORWARDING, conversation))?).ok()
}

/// Keeps what is written to an office, and whether it was sent.
pub(crate) fn keep_forwarding(conversation: &ConversationId, written: Option<(bool, &SegnalazioneDraft)>) {
    let json = written.and_then(|written| serde_json::to_string(&written).ok());
    write(&key(FORWARDING, conversation), &json.unwrap_or_default());
}

/// What was chosen on this device.
pub(crate) fn choices() -> Choices {
    let kept = device().and_then(|storage| storage.get_item(CHOICES).ok().flatten());
    Choices::read(kept.as_deref())
}

/// Keeps what is chosen on this device.
pub(crate) fn keep_choices(choices: Choices) {
    if let Some(storage) = device() {
        let _full = storage.set_item(CHOICES, &choices.written());
    }
}

/// Forgets what was kept of a conversation.
pub(crate) fn forget(conversation: &ConversationId) {
    for kind in KINDS {
        write(&key(kind, conversation), "");
    }
}

/// Forgets what was kept of conversations that are not this advisor's.
pub(crate) fn forget_except(mine: impl Fn(&str) -> bool) {
    forget_where(|key| {
        let conversation = KINDS.into_iter().find_map(|kind| key.strip_prefix(kind));
        conversation.is_some_and(|conversation| !mine(conversation))
    });
}

/// Forgets all there is.
pub(crate) fn forget_everything() {
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

/// Keeps a value; an empty one is taken away.
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
const KINDS: [&str; 4] = [DRAFT, UNSENT, NOTE, FORWARDING];
const CHOICES: &str = "info-cig-console/choices";
