// SPDX-License-Identifier: EUPL-1.2
//! The queue, in the order of arrival.

use infocig_protocol::{
    desk::{DeskQueue, WaitingConversation},
    id::QueueId,
};
use leptos::prelude::*;

use super::reports::form::Choice;
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
    let waiting = move || state.shown_waiting();
    let length = Memo::new(move |_| state.shown_waiting().len());
    let nobody = move || length.get() == 0 && state.queue.waiting.with(Option::is_some);
    view! {
        <section class="panel" data-part="queue" aria-labelledby="queue" tabindex="-1">
            <h2 class="heading" id="queue">
                {i18n.text("queue.title")}
                <span class="count">{move || text::queue_length(&i18n.words(), length.get())}</span>
            </h2>
            <Filter/>
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
                    key=|waiting| {
                        let fit = text::fit_key(&waiting.fit);
                        (waiting.conversation.clone(), fit, waiting.returned, waiting.queue.clone())
                    }
                    let:waiting
                >
                    <Waiting waiting/>
                </For>
            </ul>
        </section>
    }
}

/// The choice of the queue that is shown, for an advisor of several.
#[component]
fn Filter() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let own = Memo::new(move |_| state.own_queues());
    let several = Memo::new(move |_| own.with(|own| !own.is_empty()));
    let options = Signal::derive(move || {
        let all = (String::new(), i18n.text("queue.all"));
        let named = |one: DeskQueue| (one.id.to_string(), one.name);
        std::iter::once(all).chain(own.get().into_iter().map(named)).collect::<Vec<_>>()
    });
    let chosen = move || state.queue.only.get().map(|only| only.to_string()).unwrap_or_default();
    let choose = Callback::new(move |id: String| state.queue.only.set(QueueId::parse(id).ok()));
    view! {
        <Show when=move || several.get()>
            <Choice id="queue-only" label="queue.which" options chosen=Signal::derive(chosen) choose/>
        </Show>
    }
}

#[component]
fn Waiting(waiting: WaitingConversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let WaitingConversation { conversation, since, person, returned, queue, priority, .. } = waiting.clone();
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
            <InQueue queue=Signal::stored(queue)/>
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

/// The name of a conversation's queue, for an advisor of several.
#[component]
pub(super) fn InQueue(#[prop(into)] queue: Signal<Option<QueueId>>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let name = Memo::new(move |_| queue.with(|queue| state.queue_name(queue.as_ref())));
    move || {
        name.get().map(|name| {
            let words = i18n.fill("queue.in_queue", &[("queue", &name)]);
            view! { <p class="quiet" data-part="queue-name">{words}</p> }
        })
    }
}
