// SPDX-License-Identifier: EUPL-1.2
//! The message field. A draft belongs to its conversation and stays there when another one is selected. Before a text with
//! sensitive data leaves, its author is asked, as the person is on their side.

use infocig_client::dom::{has_coarse_pointer, is_composing};
use infocig_protocol::{
    limits::MAX_MESSAGE_CHARS,
    sensitive::{self, Kind},
};
use leptos::prelude::*;

use super::{
    replies::Replies,
    suggestions::{SuggestButton, Suggestions},
};
use crate::{
    dom,
    i18n::I18n,
    intents::Intents,
    state::{Conversation, DeskState},
    text,
};

#[component]
pub(crate) fn Composer(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let draft = conversation.draft.clone();
    let label = i18n.fill("composer.label", &[("name", &conversation.person.name)]);
    let area = NodeRef::<leptos::html::Textarea>::new();
    // The field is made when the advisor opens the conversation: writing is the next step.
    area.on_load(|area| dom::focus(&area));

    let length = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.draft_chars())
    };
    let room = move || {
        let length = length.get();
        (length + NEAR_THE_LIMIT >= MAX_MESSAGE_CHARS).then(|| text::room_left(&i18n.words(), length))
    };
    let too_long = move || length.get() > MAX_MESSAGE_CHARS;
    let write = {
        let conversation = conversation.clone();
        move |event| {
            state.screen.files_refused.set(false);
            intents.write(&conversation, event_target_value(&event));
        }
    };
    let panels = StoredValue::new(conversation.clone());
    let suggestions_shown = {
        let suggestions = conversation.suggestions.clone();
        Memo::new(move |_| suggestions.with(|suggestions| suggestions.shown))
    };
    // The text that was asked about, and what is in it.
    let asked = RwSignal::new(None::<(String, Vec<Kind>)>);
    let send = {
        let (conversation, draft) = (conversation.clone(), draft.clone());
        move || {
            let text = draft.get_untracked();
            let kinds = sensitive::kinds(&text);
            if kinds.is_empty() {
                intents.send(&conversation);
            } else {
                asked.set(Some((text, kinds)));
            }
        }
    };
    let prompt = {
        let draft = draft.clone();
        move || {
            let (text, kinds) = asked.get()?;
            if draft.with(|draft| *draft != text) {
                return None;
            }
            let (masks, sends) = (conversation.clone(), conversation.clone());
            let mask = move |()| {
                intents.write(&masks, sensitive::mask(&text));
                intents.send(&masks);
                finish(asked, area);
            };
            let send = move |()| {
                intents.send(&sends);
                finish(asked, area);
            };
            let edit = move |()| finish(asked, area);
            Some(view! {
                <SensitiveDataPrompt
                    kinds
                    mask=Callback::new(mask)
                    send=Callback::new(send)
                    edit=Callback::new(edit)
                />
            })
        }
    };
    // On-screen keyboards have no Shift+Enter: there Enter begins a new line.
    let touched = has_coarse_pointer();
    let send_with_key = {
        let send = send.clone();
        let draft = draft.clone();
        move |key: leptos::ev::KeyboardEvent| {
            if key.key() == "/" && !is_composing(&key) && draft.with_untracked(String::is_empty) {
                key.prevent_default();
                state.screen.replies_open.set(true);
                return;
            }
            // While an input method composes, Enter accepts its suggestion.
            let sends = if touched { key.ctrl_key() || key.meta_key() } else { !key.shift_key() };
            if key.key() == "Enter" && sends && !is_composing(&key) {
                key.prevent_default();
                send();
            }
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send();
        if let Some(area) = area.get_untracked() {
            dom::focus(&area);
        }
    };
    view! {
        <div class="composer-area">
        // One panel at a time: both lie over the log.
        <Show when=move || state.screen.replies_open.get()>
            <Replies conversation=panels.get_value()/>
        </Show>
        <Show when=move || suggestions_shown.get() && !state.screen.replies_open.get()>
            <Suggestions conversation=panels.get_value()/>
        </Show>
        {prompt}
        <form class="composer" on:submit=submit>
            <label class="visually-hidden" for="draft">{label.clone()}</label>
            <textarea
                id="draft"
                class="draft"
                dir="auto"
                data-part="composer"
                rows="2"
                placeholder=label
                aria-describedby="draft-hint draft-remaining"
                aria-invalid=move || too_long().then_some("true")
                prop:value=move || draft.get()
                node_ref=area
                on:input=write
                on:keydown=send_with_key
            ></textarea>
            <button type="submit" class="button primary" data-part="send">{i18n.text("composer.send")}</button>
            <div class="below">
                <p class="quiet" id="draft-hint">{(!touched).then(|| i18n.text("composer.hint"))}</p>
                <SuggestButton conversation=panels.get_value()/>
            </div>
            <p class="remaining" class:error=too_long id="draft-remaining" role="status">{room}</p>
            <div class="remaining error" role="status">
                {move || {
                    state.screen.files_refused.get().then(|| {
                        view! { <p data-part="no-files">{i18n.text("composer.no_files")}</p> }
                    })
                }}
            </div>
        </form>
        </div>
    }
}

/// The question is answered: back to the field.
fn finish(asked: RwSignal<Option<(String, Vec<Kind>)>>, area: NodeRef<leptos::html::Textarea>) {
    asked.set(None);
    if let Some(area) = area.get_untracked() {
        dom::focus(&area);
    }
}

/// Names the kinds of sensitive data in the text, and lets its author mask them, send them, or edit the text.
#[component]
fn SensitiveDataPrompt(
    kinds: Vec<Kind>,
    mask: Callback<()>,
    send: Callback<()>,
    edit: Callback<()>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let first = NodeRef::<leptos::html::Button>::new();
    // The question stands before the next key: Enter would else send what is asked about.
    first.on_load(|button| dom::focus(&button));
    view! {
        <div class="notice" role="group" aria-labelledby="sensitive-data" data-part="sensitive-data">
            <p id="sensitive-data">{text::sensitive_data_found(&i18n.words(), &kinds)}</p>
            <div class="buttons">
                <button
                    type="button"
                    class="button primary"
                    data-part="sensitive-data-mask"
                    aria-describedby="sensitive-data"
                    node_ref=first
                    on:click=move |_| mask.run(())
                >
                    {i18n.text("sensitive_data.mask")}
                </button>
                <button type="button" class="button" data-part="sensitive-data-send" on:click=move |_| send.run(())>
                    {i18n.text("sensitive_data.send")}
                </button>
                <button type="button" class="button" data-part="sensitive-data-edit" on:click=move |_| edit.run(())>
                    {i18n.text("sensitive_data.edit")}
                </button>
            </div>
        </div>
    }
}

const NEAR_THE_LIMIT: usize = 300;
