// SPDX-License-Identifier: EUPL-1.2
//! Ending a conversation: a button, then a question.

use leptos::prelude::*;

use super::Intents;
use crate::{
    host,
    state::{Connection, Conversation, Ending},
    text,
};

/// The way to end a conversation.
#[component]
pub(crate) fn Closing(conversation: Conversation) -> impl IntoView {
    let ending = conversation.ending.clone();
    let asked = {
        let ending = ending.clone();
        Memo::new(move |_| ending.get() != Ending::Open)
    };
    let came_back = StoredValue::new(false);
    move || {
        if asked.get() {
            came_back.set_value(true);
            view! { <Question conversation=conversation.clone()/> }.into_any()
        } else {
            let ending = ending.clone();
            let button = NodeRef::<leptos::html::Button>::new();
            let came_back = came_back.get_value();
            button.on_load(move |button| {
                if came_back {
                    host::focus(&button);
                }
            });
            view! {
                <div class="closing">
                    <button
                        type="button"
                        class="button"
                        data-part="close"
                        node_ref=button
                        on:click=move |_| ending.set(Ending::Asked)
                    >
                        {text::CLOSE}
                    </button>
                </div>
            }
            .into_any()
        }
    }
}

#[component]
fn Question(conversation: Conversation) -> impl IntoView {
    let intents = expect_context::<Intents>();
    let question = text::close_question(&conversation.person.name);
    let Conversation { ending, connection, .. } = conversation.clone();
    let group = NodeRef::<leptos::html::Div>::new();
    group.on_load(|group| host::focus(&group));
    let live = Memo::new(move |_| connection.get() == Connection::Live);
    let said = {
        let ending = ending.clone();
        Memo::new(move |_| ending.get() == Ending::Said)
    };
    // What was said cannot be taken back: it is under way, or leaves when the connection is back.
    let cancel = move || {
        if ending.get_untracked() == Ending::Asked {
            ending.set(Ending::Open);
        }
    };
    let cancel_with_key = {
        let cancel = cancel.clone();
        move |key: leptos::ev::KeyboardEvent| {
            if key.key() == "Escape" {
                cancel();
            }
        }
    };
    let hint = move || match (live.get(), said.get()) {
        (true, _) => text::CLOSE_HINT,
        (false, true) => text::CLOSE_WAITS_FOR_LINK,
        (false, false) => text::CLOSE_NEEDS_LINK,
    };
    view! {
        <div
            class="closing question"
            role="group"
            aria-labelledby="close-question"
            aria-describedby="close-hint"
            tabindex="-1"
            node_ref=group
            on:keydown=cancel_with_key
        >
            <p class="name" id="close-question">{question}</p>
            <p class="quiet" id="close-hint">{hint}</p>
            <div class="buttons">
                <button
                    type="button"
                    class="button primary"
                    data-part="close-confirm"
                    aria-disabled=move || (said.get() || !live.get()).to_string()
                    on:click=move |_| intents.close(&conversation)
                >
                    {move || if said.get() { text::CLOSING } else { text::CLOSE_CONFIRM }}
                </button>
                <button
                    type="button"
                    class="button"
                    data-part="close-cancel"
                    aria-disabled=move || said.get().to_string()
                    on:click=move |_| cancel()
                >
                    {text::CLOSE_CANCEL}
                </button>
            </div>
        </div>
    }
}
