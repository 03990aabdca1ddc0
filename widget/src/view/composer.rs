// SPDX-License-Identifier: EUPL-1.2
//! Where a person writes. The text stays in the field until it has been taken over.

use infocig_protocol::{limits::MAX_MESSAGE_CHARS, problem::Code};
use leptos::{html, prelude::*};

use super::ChatHandle;
use crate::{state::ChatState, text};

/// The field and the button. Enter sends, Shift+Enter begins a new line.
#[component]
pub(crate) fn Composer(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let field = NodeRef::<html::Textarea>::new();
    let send = move || {
        let Some(field) = field.get_untracked() else {
            return;
        };
        let written = field.value();
        let refused = if written.trim().is_empty() {
            Some(Code::MessageEmpty)
        } else if written.chars().count() > MAX_MESSAGE_CHARS {
            Some(Code::MessageTooLong)
        } else {
            None
        };
        if refused.is_some() {
            state.not_sent.set(refused);
        } else if chat.with_value(|chat| chat.post(written)) {
            field.set_value("");
        }
        let _focused = field.focus();
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
                on:keydown=move |event| {
                    if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
                        event.prevent_default();
                        send();
                    }
                }
            ></textarea>
            {move || state.not_sent.get().map(|code| view! { <p class="error" role="alert">{text::not_sent(code)}</p> })}
            <div class="actions">
                <p id="hint" class="hint">{text::WRITE_HINT}</p>
                <button type="submit" class="button primary" data-part="send">{text::SEND}</button>
            </div>
        </form>
    }
}
