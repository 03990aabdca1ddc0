// SPDX-License-Identifier: EUPL-1.2
//! The choice of the messages that are attached.

use infocig_client::dates;
use infocig_protocol::entry::{Author, Entry};
use leptos::prelude::*;

use super::Form;
use crate::{
    i18n::I18n,
    state::forwarding::{self, Field},
    text,
};

/// The messages that can be attached, each with a checkbox.
#[component]
pub(super) fn Messages(form: Form) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let entries = form.conversation.with_value(|conversation| conversation.entries.clone());
    let person = form.conversation.with_value(|conversation| conversation.person.name.clone());
    let can = Memo::new(move |_| entries.with(|entries| forwarding::attachable(entries)));
    let none = Memo::new(move |_| can.with(Vec::is_empty));
    let count = Memo::new(move |_| form.draft.with(|draft| draft.attached.len()));
    let wrong = form.error(Field::Messages);
    let all = move |_| {
        let every = can.with_untracked(|can| can.iter().map(|entry| entry.seq).collect());
        form.change(|draft| draft.attached = every);
    };
    let nothing = move |_| form.change(|draft| draft.attached.clear());
    let person = StoredValue::new(person);
    view! {
        <fieldset class="attach" aria-describedby="forward-attached forward-messages-error">
            <legend class="label">{i18n.text("forward.messages")}</legend>
            <div class="buttons">
                <button type="button" class="button slim" data-part="forward-all" on:click=all>
                    {i18n.text("forward.all")}
                </button>
                <button type="button" class="button slim" data-part="forward-none" on:click=nothing>
                    {i18n.text("forward.none")}
                </button>
                <p class="quiet" id="forward-attached" role="status">{move || text::attached(&i18n.words(), count.get())}</p>
            </div>
            <p class="error" id="forward-messages-error">{move || wrong.get()}</p>
            <Show when=move || none.get()>
                <p class="quiet">{i18n.text("forward.no_messages")}</p>
            </Show>
            <ul class="attachable">
                <For each=move || can.get() key=|entry| entry.seq let:entry>
                    <Message form entry person=person.get_value()/>
                </For>
            </ul>
        </fieldset>
    }
}

#[component]
fn Message(form: Form, entry: Entry, person: String) -> impl IntoView {
    let ListedMessage { seq, name, at, text } = ListedMessage::of(&entry, &person);
    let goes = Memo::new(move |_| form.draft.with(|draft| draft.attached.contains(&seq)));
    let choose = move |event| {
        let goes = event_target_checked(&event);
        form.change(|draft| forwarding::attach(draft, seq, goes));
    };
    view! {
        <li>
            <label class="option">
                <input
                    type="checkbox"
                    data-part="forward-message"
                    data-seq=seq.to_string()
                    prop:checked=move || goes.get()
                    on:change=choose
                />
                <span class="option-text">
                    <span class="quiet">{name}", "{at}</span>
                    <span class="text" dir="auto">{text}</span>
                </span>
            </label>
        </li>
    }
}

/// A message in a list.
pub(super) struct ListedMessage {
    pub(super) seq: u64,
    pub(super) name: String,
    pub(super) at: String,
    pub(super) text: String,
}

impl ListedMessage {
    pub(super) fn of(entry: &Entry, person: &str) -> Self {
        let (name, text) = entry.message().map_or_else(Default::default, |(_, author, text)| {
            let name = match author {
                Author::Citizen => person,
                Author::Advisor { name } => name.as_str(),
            };
            (name.to_string(), text.clone())
        });
        Self { seq: entry.seq, name, at: dates::clock(entry.at), text }
    }
}
