// SPDX-License-Identifier: EUPL-1.2
//! The queue: who waits, first come first.

use infocig_protocol::desk::WaitingConversation;
use leptos::prelude::*;

use super::Intents;
use crate::{
    host,
    state::{Connection, DeskState, NotTaken, minutes_waiting},
    text,
};

/// Everybody who waits.
#[component]
pub(crate) fn Queue() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let waiting = move || state.waiting.get().unwrap_or_default();
    let length = Memo::new(move |_| state.waiting.with(|waiting| waiting.as_ref().map_or(0, Vec::len)));
    let nobody = move || length.get() == 0 && state.waiting.with(Option::is_some);
    let refused = move || state.not_taken.get().map(|not_taken| view! { <CouldNotTake not_taken/> });
    view! {
        <section class="panel" data-part="queue" aria-labelledby="queue">
            <h2 class="heading" id="queue">
                {text::QUEUE}
                <span class="count">{move || text::queue_length(length.get())}</span>
            </h2>
            {refused}
            <Show when=nobody>
                <p class="empty">{text::NOBODY_WAITS}</p>
                <p class="quiet">{text::NOBODY_WAITS_HINT}</p>
            </Show>
            <ul class="list">
                <For each=waiting key=|waiting| waiting.conversation.clone() let:waiting>
                    <Waiting waiting/>
                </For>
            </ul>
        </section>
    }
}

#[component]
fn Waiting(waiting: WaitingConversation) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let WaitingConversation { conversation, since, person } = waiting.clone();
    let minutes = Memo::new(move |_| minutes_waiting(since, state.now.get()));
    let id = conversation.to_string();
    let taking = Memo::new(move |_| state.taking.with(|taking| taking.contains_key(&conversation)));
    let unavailable = move || taking.get() || state.connection.get() != Connection::Live;
    view! {
        <li class="row waiting" data-part="queue-item" data-conversation=id>
            <p class="name">{person.name.clone()}</p>
            <p class="quiet">{text::capacity(&person)}</p>
            <p class="quiet">{move || text::waiting(minutes.get())}</p>
            <button
                type="button"
                class="button primary"
                data-part="take"
                aria-label=text::take_whom(&person.name)
                aria-disabled=move || unavailable().to_string()
                on:click=move |_| intents.take(&waiting)
            >
                {move || if taking.get() { text::TAKING } else { text::TAKE }}
            </button>
        </li>
    }
}

#[component]
fn CouldNotTake(not_taken: NotTaken) -> impl IntoView {
    let line = NodeRef::<leptos::html::P>::new();
    // The button that had the focus went away with its row.
    line.on_load(|line| host::focus(&line));
    view! {
        <p class="notice" role="alert" tabindex="-1" node_ref=line>{text::not_taken(&not_taken)}</p>
    }
}
