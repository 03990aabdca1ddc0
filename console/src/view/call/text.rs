// SPDX-License-Identifier: EUPL-1.2
//! Real-time text in the bar of a call: the lines of both sides, the one that the person is writing, and the advisor's own field.
//!
//! Lines are announced once they are ended; the one that is being written is not, because each letter would interrupt. Each line
//! begins with its writer's name, and one's own stand apart (EN 301 549, 6.2.2.1 to 6.2.2.3).

use infocig_client::{
    call::{
        text::{MAX_LINE_CHARS, TextLine, TextScene},
        words,
    },
    dom::is_composing,
};
use leptos::{ev::KeyboardEvent, html, prelude::*};

use crate::{i18n::I18n, intents::Intents, state::Conversation};

/// The button that switches one's own text on and off, while there is a way for it.
#[component]
pub(super) fn TextButton(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let intents = expect_context::<Intents>();
    let text = conversation.text;
    let id = StoredValue::new(conversation.id);
    let own = Memo::new({
        let text = text.clone();
        move |_| text.with(|text| text.own)
    });
    let is_possible = Memo::new(move |_| text.with(|text| text.available || text.is_shown()));
    view! {
        <Show when=move || is_possible.get()>
            <button
                type="button"
                class="button slim"
                data-part="call-write"
                on:click=move |_| intents.switch_text(&id.get_value(), !own.get_untracked())
            >
                {move || i18n.text(if own.get() { "call.text_off" } else { "call.text_on" })}
            </button>
        </Show>
    }
}

/// The texts, once one side has switched its own on.
#[component]
pub(super) fn TextPane(conversation: Conversation) -> impl IntoView {
    let text = conversation.text.clone();
    let is_shown = Memo::new(move |_| text.with(TextScene::is_shown));
    let conversation = StoredValue::new(conversation);
    view! {
        <Show when=move || is_shown.get()>
            <Texts conversation=conversation.get_value()/>
        </Show>
    }
}

#[component]
fn Texts(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let name = StoredValue::new(conversation.person.name.clone());
    let text = conversation.text.clone();
    let scene = Memo::new(move |_| text.get());
    let own = Memo::new(move |_| scene.with(|scene| scene.own));
    let says = move |key: &'static str| i18n.fill(key, &[("person", &name.get_value())]);
    let written = move |line: &str| words::text(&i18n.words(), line);
    let log = NodeRef::<html::Div>::new();
    let newest = Memo::new(move |_| scene.with(|scene| scene.lines.last().map(|line| line.number)));
    Effect::new(move |_| {
        newest.track();
        if let Some(log) = log.get() {
            request_animation_frame(move || log.set_scroll_top(log.scroll_height()));
        }
    });
    let line = move |TextLine { own, text, .. }: TextLine| {
        let writer = says(if own { "call.text_own" } else { "call.text_other" });
        view! { <p class:own=own><strong>{writer}": "</strong>{written(&text)}</p> }
    };
    let writes = move || scene.with(|scene| scene.other_writes.clone());
    // It scrolls by keys too, once there is something in it.
    let tab = move || if newest.get().is_some() { "0" } else { "-1" };
    view! {
        <div class="call-text" role="group" aria-label=i18n.text("call.text_title") data-part="call-text">
            <p class="quiet" data-part="call-text-note">
                {move || says(if own.get() { "call.text_note" } else { "call.text_read" })}
            </p>
            <div
                class="call-text-lines"
                role="log"
                aria-label=i18n.text("call.text_title")
                tabindex=tab
                data-part="call-text-lines"
                node_ref=log
            >
                <For each=move || scene.with(|scene| scene.lines.clone()) key=|line| line.number children=line/>
            </div>
            <Show when=move || scene.with(|scene| !scene.other_writes.is_empty())>
                <p class="call-text-other" data-part="call-text-other">
                    <strong>{says("call.text_other")}": "</strong>
                    <span data-part="call-text-written">{move || written(&writes())}</span>
                </p>
            </Show>
            <Show when=move || own.get()>
                <Field conversation=conversation.clone()/>
            </Show>
        </div>
    }
}

/// The advisor's own line.
#[component]
fn Field(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let intents = expect_context::<Intents>();
    let id = StoredValue::new(conversation.id);
    let field = NodeRef::<html::Input>::new();
    // The press on the button was a wish to write.
    field.on_load(|field| {
        request_animation_frame(move || {
            let _focused = field.focus();
        });
    });
    let write = move |_| {
        if let Some(field) = field.get_untracked() {
            intents.write_text(&id.get_value(), &field.value());
        }
    };
    let key = move |key: KeyboardEvent| {
        if key.key() == "Enter" && !is_composing(&key) {
            key.prevent_default();
            if let Some(field) = field.get_untracked() {
                field.set_value("");
            }
            intents.end_text_line(&id.get_value());
        }
    };
    view! {
        <label class="call-text-entry">
            <span>{i18n.text("call.text_field")}</span>
            <input
                type="text"
                autocomplete="off"
                class="field"
                enterkeyhint="enter"
                maxlength=MAX_LINE_CHARS
                data-part="call-text-field"
                node_ref=field
                on:input=write
                on:keydown=key
            />
        </label>
    }
}
