// SPDX-License-Identifier: EUPL-1.2
//! The advisor's own conversations, with what is unread in them.

use leptos::prelude::*;

use crate::{
    state::{Conversation, DeskState},
    text,
};

/// Every conversation of the advisor.
#[component]
pub(crate) fn Mine() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let none = move || state.conversations.with(Vec::is_empty);
    view! {
        <section class="panel" data-part="mine" aria-labelledby="mine">
            <h2 class="heading" id="mine">{text::MINE}</h2>
            <Show when=none>
                <p class="empty">{text::NONE_MINE}</p>
            </Show>
            <ul class="list">
                <For each=move || state.conversations.get() key=|one| one.id.clone() let:conversation>
                    <Item conversation/>
                </For>
            </ul>
        </section>
    }
}

#[component]
fn Item(conversation: Conversation) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let id = conversation.id.clone();
    let attribute = id.to_string();
    let name = conversation.person.name.clone();
    let selected = {
        let id = id.clone();
        Memo::new(move |_| state.selected.with(|selected| selected.as_ref() == Some(&id)))
    };
    let unread = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.unread())
    };
    let phase = {
        let Conversation { phase, held, .. } = conversation.clone();
        move || phase.with(|phase| text::phase(phase.as_ref(), held.get()))
    };
    let last_line = {
        let name = name.clone();
        move || conversation.entries.with(|entries| text::last_line(entries, &name))
    };
    view! {
        <li data-part="conversation-item" data-conversation=attribute>
            <button
                type="button"
                class="row choice"
                aria-current=move || selected.get().then_some("true")
                on:click=move |_| state.select(&id)
            >
                <span class="name">{name}</span>
                <span class="tags">
                    <Show when=move || { unread.get() > 0 }>
                        <span class="unread">{move || text::unread(unread.get())}</span>
                    </Show>
                    <span class="tag">{phase}</span>
                </span>
                <span class="last-line quiet">{last_line}</span>
            </button>
        </li>
    }
}
