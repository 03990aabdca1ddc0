// SPDX-License-Identifier: EUPL-1.2
//! Where a person writes. The text stays until it has been taken over: through a reload, and when the panel is put away.

use infocig_protocol::{limits::MAX_MESSAGE_CHARS, problem::Code};
use leptos::{html, prelude::*};

use super::ChatHandle;
use crate::{state::ChatState, text};

/// Another tab writes; this one reads along.
#[component]
pub(crate) fn Elsewhere(chat: ChatHandle) -> impl IntoView {
    view! {
        <div class="composer" data-part="elsewhere-tab">
            <p>{text::WRITING_ELSEWHERE}</p>
            <div class="actions">
                <button type="button" class="button" data-part="write-here" on:click=move |_| chat.with_value(|c| c.write_here())>
                    {text::WRITE_HERE}
                </button>
            </div>
        </div>
    }
}

/// Below so many characters left, they are counted.
const WARN_BELOW: usize = 200;

/// The field and the button. Enter sends, Shift+Enter begins a new line.
#[component]
pub(crate) fn Composer(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let field = NodeRef::<html::Textarea>::new();
    let send = move || {
        let written = state.draft.get_untracked();
        let refused = if written.trim().is_empty() {
            Some(Code::MessageEmpty)
        } else if written.chars().count() > MAX_MESSAGE_CHARS {
            Some(Code::MessageTooLong)
        } else {
            None
        };
        if refused.is_some() {
            state.not_sent.set(refused);
        } else {
            let _taken_over = chat.with_value(|chat| chat.post(written));
        }
        if let Some(field) = field.get_untracked() {
            let _focused = field.focus();
        }
    };
    let left = move || {
        let left = state.draft.with(|draft| MAX_MESSAGE_CHARS.saturating_sub(draft.chars().count()));
        (left < WARN_BELOW).then(|| text::characters_left(left))
    };
    view! {
        <form
            class="composer"
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <label for="composer">{text::WRITE}</label>
            <textarea
                id="composer"
                data-part="composer"
                rows="2"
                aria-describedby="hint"
                node_ref=field
                prop:value=move || state.draft.get()
                on:input=move |event| chat.with_value(|chat| chat.write(event_target_value(&event)))
                on:keydown=move |event| {
                    if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
                        event.prevent_default();
                        send();
                    }
                }
            ></textarea>
            {move || state.not_sent.get().map(|code| view! { <p class="error" role="alert">{text::not_sent(code)}</p> })}
            {move || left().map(|left| view! { <p class="hint" data-part="left">{left}</p> })}
            <div class="actions">
                <p id="hint" class="hint">{text::WRITE_HINT}</p>
                <button type="submit" class="button primary" data-part="send">{text::SEND}</button>
            </div>
        </form>
    }
}
