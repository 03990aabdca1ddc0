// SPDX-License-Identifier: EUPL-1.2
//! Writing to the office when nobody can answer. The text stays until it is known to have arrived.

use infocig_protocol::limits::MAX_DESCRIPTION_CHARS;
use leptos::{html, prelude::*};

use super::{
    ChatHandle, button,
    composer::{Caution, left},
};
use crate::{
    sensitive::{self, Kind},
    state::{ChatState, Sending, Unwritten},
    text::{self, office as words},
};

/// The form, where writing is what is left to do.
#[component]
pub(crate) fn Write(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let may_write = Memo::new(move |_| state.may_write());
    move || may_write.get().then(|| view! { <Form state chat /> }.into_any())
}

#[component]
fn Form(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let field = NodeRef::<html::Textarea>::new();
    let left = left(MAX_DESCRIPTION_CHARS, Signal::derive(move || state.request_text().chars().count()));
    let sending = Memo::new(move |_| state.request.with(|letter| letter.sending));
    let failed = move || match sending.get() {
        Sending::Failed(why) => Some(why),
        Sending::No | Sending::UnderWay => None,
    };
    let label = move || match sending.get() {
        Sending::UnderWay => words::WRITE_SENDING,
        Sending::Failed(Unwritten::Stuck(_)) => text::RETRY,
        Sending::Failed(_) | Sending::No => words::WRITE_SEND,
    };
    // What was found in the text, while it is asked whether it may leave.
    let found = RwSignal::new(Vec::<Kind>::new());
    let send = move || {
        found.set(Vec::new());
        chat.with_value(|c| c.send_request());
    };
    let caution = move || {
        let kinds = found.get();
        (!kinds.is_empty()).then(|| {
            view! {
                <Caution
                    kinds
                    on_mask=move || {
                        let masked = sensitive::mask(&state.request_text());
                        chat.with_value(|c| c.write_request(masked));
                        send();
                    }
                    on_send=send
                    on_edit=move || {
                        found.set(Vec::new());
                        if let Some(field) = field.get_untracked() {
                            let _focused = field.focus();
                        }
                    }
                />
            }
        })
    };
    let of_text = move || matches!(failed(), Some(Unwritten::Empty | Unwritten::TooLong));
    view! {
        <form
            class="aside"
            data-part="write"
            aria-labelledby="write-title"
            on:submit=move |event| {
                event.prevent_default();
                let kinds = sensitive::kinds(&untrack(|| state.request_text()));
                if !kinds.is_empty() {
                    found.set(kinds);
                    return;
                }
                send();
                if let Some(field) = field.get_untracked().filter(|_| untrack(of_text)) {
                    let _focused = field.focus();
                }
            }
        >
            <h3 id="write-title">{words::WRITE_TO_OFFICE}</h3>
            <p id="write-help">{words::WRITE_HELP}</p>
            <label for="write">{words::WRITE_TEXT}</label>
            <textarea
                id="write"
                data-part="write-text"
                rows="5"
                aria-describedby="write-help"
                aria-invalid=move || of_text().to_string()
                readonly=move || sending.get() == Sending::UnderWay
                node_ref=field
                prop:value=move || state.request_text()
                on:input=move |event| {
                    found.set(Vec::new());
                    chat.with_value(|c| c.write_request(event_target_value(&event)));
                }
            ></textarea>
            {move || failed().map(|why| view! { <p class="error" role="alert" data-part="write-error">{words::unwritten(why)}</p> })}
            {move || matches!(failed(), Some(Unwritten::Pending | Unwritten::Open)).then(|| {
                button("button", "write-history", words::HISTORY, move |_| chat.with_value(|c| c.look_for_history()))
            })}
            {caution}
            {left}
            <div class="actions">
                <button type="submit" class="button primary" data-part="write-send">{label}</button>
            </div>
        </form>
    }
}
