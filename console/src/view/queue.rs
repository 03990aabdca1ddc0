// SPDX-License-Identifier: EUPL-1.2
//! The queue: who waits, first come first.

use infocig_protocol::desk::WaitingConversation;
use leptos::prelude::*;

use super::Intents;
use crate::{
    state::{Connection, DeskState, minutes_waiting},
    text,
};

/// Everybody who waits.
#[component]
pub(crate) fn Queue() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let waiting = move || state.waiting.get().unwrap_or_default();
    let length = Memo::new(move |_| state.waiting.with(|waiting| waiting.as_ref().map_or(0, Vec::len)));
    let nobody = move || length.get() == 0 && state.waiting.with(Option::is_some);
    view! {
        <section class="panel" data-part="queue" aria-labelledby="queue" tabindex="-1">
            <h2 class="heading" id="queue">
                {text::QUEUE}
                <span class="count">{move || text::queue_length(length.get())}</span>
            </h2>
            <Show when=nobody>
                <p class="empty">{text::NOBODY_WAITS}</p>
                <p class="quiet">{text::NOBODY_WAITS_HINT}</p>
            </Show>
            <Show when=move || state.is_full() && length.get() != 0>
                <p class="quiet">{text::FULL}</p>
            </Show>
            <ul class="list">
                // A row that changed is another row: what fits whom changes with time.
                <For
                    each=waiting
                    key=|waiting| (waiting.conversation.clone(), text::fit_key(&waiting.fit), waiting.returned)
                    let:waiting
                >
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
    let WaitingConversation { conversation, since, person, returned, .. } = waiting.clone();
    let minutes = Memo::new(move |_| minutes_waiting(since, state.now.get()));
    let id = conversation.to_string();
    let taking = Memo::new(move |_| state.taking.with(|taking| taking.contains_key(&conversation)));
    let may_take = {
        let waiting = waiting.clone();
        Memo::new(move |_| state.may_take(&waiting))
    };
    let unavailable = move || taking.get() || state.is_full() || state.connection.get() != Connection::Live;
    let fit = {
        let (fit, person) = (waiting.fit.clone(), person.clone());
        move || text::fit(&fit, &person, may_take.get(), state.assignment())
    };
    let label = text::take_whom(&person.name);
    let for_button = StoredValue::new((label, waiting));
    view! {
        <li class="row waiting" data-part="queue-item" data-conversation=id>
            <p class="name">
                {person.name.clone()}
                {returned.then(|| view! { " " <span class="tag">{text::CAME_BACK}</span> })}
            </p>
            <p class="quiet">{text::capacity(&person)}</p>
            <p class="wait">{move || text::waiting(minutes.get())}</p>
            <p class="quiet" data-part="fit">{fit}</p>
            <Show when=move || may_take.get()>
                <button
                    type="button"
                    class="button primary"
                    data-part="take"
                    aria-label=for_button.with_value(|(label, _)| label.clone())
                    aria-disabled=move || unavailable().to_string()
                    on:click=move |_| {
                        if !untrack(unavailable) {
                            for_button.with_value(|(_, waiting)| intents.take(waiting));
                        }
                    }
                >
                    {move || if taking.get() { text::TAKING } else { text::TAKE }}
                </button>
            </Show>
        </li>
    }
}
