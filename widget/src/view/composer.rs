// SPDX-License-Identifier: EUPL-1.2
//! Where a person writes. The text stays until it has been taken over: through a reload, and when the panel is put away.

use infocig_protocol::{limits::MAX_MESSAGE_CHARS, problem::Code};
use leptos::{html, prelude::*};

use super::{ChatHandle, button};
use crate::{
    sensitive::{self, Kind},
    state::ChatState,
    text,
};

/// Another tab writes; this one reads along.
#[component]
pub(crate) fn Elsewhere(chat: ChatHandle) -> impl IntoView {
    view! {
        <div class="composer" data-part="elsewhere-tab">
            <p>{text::WRITING_ELSEWHERE}</p>
            <div class="actions">
                {button("button", "write-here", text::WRITE_HERE, move |_| chat.with_value(|c| c.write_here()))}
            </div>
        </div>
    }
}

/// Below so many characters left, they are counted.
const WARN_BELOW: usize = 200;

/// How many characters are left of so many, once that is worth knowing.
pub(crate) fn left(of: usize, written: Signal<usize>) -> impl IntoView {
    let left = Memo::new(move |_| Some(of.saturating_sub(written.get())).filter(|left| *left < WARN_BELOW));
    move || {
        left.get().map(|left| view! { <p class="hint" data-part="left">{text::characters_left(left)}</p> })
    }
}

/// The field and the button. Enter sends, Shift+Enter begins a new line.
#[component]
pub(crate) fn Composer(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let field = NodeRef::<html::Textarea>::new();
    // What was found in the text, while it is asked whether it may leave.
    let found = RwSignal::new(Vec::<Kind>::new());
    let focus = move || {
        if let Some(field) = field.get_untracked() {
            let _focused = field.focus();
        }
    };
    let post = move |text: String| {
        found.set(Vec::new());
        let _taken_over = chat.with_value(|chat| chat.post(text));
        focus();
    };
    let send = move || {
        let written = state.draft.get_untracked();
        let refused = if written.trim().is_empty() {
            Some(Code::MessageEmpty)
        } else if written.chars().count() > MAX_MESSAGE_CHARS {
            Some(Code::MessageTooLong)
        } else {
            None
        };
        let kinds = sensitive::kinds(&written);
        if refused.is_some() {
            state.not_sent.set(refused);
            focus();
        } else if kinds.is_empty() {
            post(written);
        } else {
            found.set(kinds);
        }
    };
    let caution = move || {
        let kinds = found.get();
        (!kinds.is_empty()).then(|| {
            view! {
                <Caution
                    kinds
                    on_mask=move || post(sensitive::mask(&state.draft.get_untracked()))
                    on_send=move || post(state.draft.get_untracked())
                    on_edit=move || {
                        found.set(Vec::new());
                        focus();
                    }
                />
            }
        })
    };
    let left =
        left(MAX_MESSAGE_CHARS, Signal::derive(move || state.draft.with(|draft| draft.chars().count())));
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
                on:input=move |event| {
                    found.set(Vec::new());
                    chat.with_value(|chat| chat.write(event_target_value(&event)));
                }
                on:keydown=move |event| {
                    if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
                        event.prevent_default();
                        send();
                    }
                }
            ></textarea>
            {move || state.not_sent.get().map(|code| view! { <p class="error" role="alert">{text::not_sent(code)}</p> })}
            {caution}
            {left}
            <div class="actions">
                <p id="hint" class="hint">{text::WRITE_HINT}</p>
                <button type="submit" class="button primary" data-part="send">{text::SEND}</button>
            </div>
        </form>
    }
}

/// Something in the text is better not written: whoever wrote it decides. Nothing has left.
#[component]
pub(crate) fn Caution(
    kinds: Vec<Kind>,
    on_mask: impl Fn() + 'static,
    on_send: impl Fn() + 'static,
    on_edit: impl Fn() + 'static,
) -> impl IntoView {
    let ask = NodeRef::<html::Div>::new();
    ask.on_load(|ask| {
        let _focused = ask.focus();
    });
    view! {
        <div
            class="ask"
            role="alertdialog"
            aria-labelledby="caution"
            data-part="caution"
            tabindex="-1"
            node_ref=ask
        >
            <p id="caution">{text::caution(&kinds)}</p>
            <div class="actions">
                {button("button primary", "caution-mask", text::MASK, move |_| on_mask())}
                {button("button", "caution-send", text::SEND_AS_IS, move |_| on_send())}
                {button("button quiet", "caution-edit", text::EDIT, move |_| on_edit())}
            </div>
        </div>
    }
}
