// SPDX-License-Identifier: EUPL-1.2
//! The queue, in the order of arrival.

use infocig_protocol::desk::WaitingConversation;
use leptos::prelude::*;

use crate::{
    i18n::I18n,
    intents::Intents,
    state::{Connection, DeskState, minutes_waiting},
    text,
};

#[component]
pub(crate) fn Queue() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let waiting = move || state.queue.waiting.get().unwrap_or_default();
    let length = Memo::new(move |_| state.queue.waiting.with(|waiting| waiting.as_ref().map_or(0, Vec::len)));
    let nobody = move || length.get() == 0 && state.queue.waiting.with(Option::is_some);
    view! {
        <section class="panel" data-part="queue" aria-labelledby="queue" tabindex="-1">
            <h2 class="heading" id="queue">
                {i18n.text("queue.title")}
                <span class="count">{move || text::queue_length(&i18n.words(), length.get())}</span>
            </h2>
            <Show when=nobody>
                <p class="empty">{i18n.text("queue.nobody")}</p>
                <p class="quiet">{i18n.text("queue.nobody_hint")}</p>
            </Show>
            <Show when=move || state.is_full() && length.get() != 0>
                <p class="quiet">{i18n.text("queue.full")}</p>
            </Show>
            <ul class="list">
                // Keyed by the content of a row: the fit of a conversation changes while it waits.
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
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let WaitingConversation { conversation, since, person, returned, priority, .. } = waiting.clone();
    let minutes = Memo::new(move |_| minutes_waiting(since, state.clock.now.get()));
    let id = conversation.to_string();
    let claimed = Memo::new(move |_| state.queue.claims.with(|claims| claims.contains_key(&conversation)));
    let may_take = {
        let waiting = waiting.clone();
        Memo::new(move |_| state.may_take(&waiting))
    };
    let unavailable =
        move || claimed.get() || state.is_full() || state.session.connection.get() != Connection::Live;
    let fit = {
        let (fit, person) = (waiting.fit.clone(), person.clone());
        move || text::fit(&i18n.words(), &fit, &person, may_take.get(), state.assignment_mode())
    };
    let label = text::labelled(&i18n.words(), &i18n.text("queue.take"), &person.name);
    let for_button = StoredValue::new((label, waiting));
    view! {
        <li class="row waiting" data-part="queue-item" data-conversation=id>
            <p class="name">
                {person.name.clone()}
                {returned.then(|| view! { " " <span class="tag">{i18n.text("queue.came_back")}</span> })}
            </p>
            <p class="quiet">{text::capacity(&i18n.words(), &person)}</p>
            <p class="wait">{move || text::waiting(&i18n.words(), minutes.get())}</p>
            <p class="quiet" data-part="fit">{fit}</p>
            {priority.map(|priority| {
                view! { <p class="quiet" data-part="priority">{text::priority(&i18n.words(), priority)}</p> }
            })}
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
                    {move || i18n.text(if claimed.get() { "queue.taking" } else { "queue.take" })}
                </button>
            </Show>
        </li>
    }
}
