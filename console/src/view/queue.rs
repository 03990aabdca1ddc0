// SPDX-License-Identifier: EUPL-1.2
//! The queue: who waits, first come first.

use infocig_protocol::desk::WaitingConversation;
use leptos::prelude::*;

use super::Intents;
use crate::{
    speech::Speech,
    state::{Connection, DeskState, minutes_waiting},
    text,
};

/// Everybody who waits.
#[component]
pub(crate) fn Queue() -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let waiting = move || state.waiting.get().unwrap_or_default();
    let length = Memo::new(move |_| state.waiting.with(|waiting| waiting.as_ref().map_or(0, Vec::len)));
    let nobody = move || length.get() == 0 && state.waiting.with(Option::is_some);
    view! {
        <section class="panel" data-part="queue" aria-labelledby="queue" tabindex="-1">
            <h2 class="heading" id="queue">
                {speech.say("queue.title")}
                <span class="count">{move || text::queue_length(&speech.words(), length.get())}</span>
            </h2>
            <Show when=nobody>
                <p class="empty">{speech.say("queue.nobody")}</p>
                <p class="quiet">{speech.say("queue.nobody_hint")}</p>
            </Show>
            <Show when=move || state.is_full() && length.get() != 0>
                <p class="quiet">{speech.say("queue.full")}</p>
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
    let speech = expect_context::<Speech>();
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
        move || text::fit(&speech.words(), &fit, &person, may_take.get(), state.assignment())
    };
    let label = text::labelled(&speech.words(), &speech.say("queue.take"), &person.name);
    let for_button = StoredValue::new((label, waiting));
    view! {
        <li class="row waiting" data-part="queue-item" data-conversation=id>
            <p class="name">
                {person.name.clone()}
                {returned.then(|| view! { " " <span class="tag">{speech.say("queue.came_back")}</span> })}
            </p>
            <p class="quiet">{text::capacity(&speech.words(), &person)}</p>
            <p class="wait">{move || text::waiting(&speech.words(), minutes.get())}</p>
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
                    {move || speech.say(if taking.get() { "queue.taking" } else { "queue.take" })}
                </button>
            </Show>
        </li>
    }
}
