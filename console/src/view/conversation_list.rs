// SPDX-License-Identifier: EUPL-1.2
//! The list of the advisor's conversations, the longest wait first. Its order is frozen while the pointer or the focus is in it.

use infocig_client::dates::clock;
use leptos::prelude::*;

use super::Order;
use crate::{
    i18n::I18n,
    state::{Conversation, DeskState, assignment::Assignment, offer::seconds_left},
    text,
};

#[component]
pub(crate) fn ConversationList() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let Order(order) = expect_context();
    let none = Memo::new(move |_| order.with(Vec::is_empty));
    let listed = move || {
        let all = state.conversations.get();
        let find = |id| all.iter().find(|one| one.id == id).cloned();
        order.get().into_iter().filter_map(find).collect::<Vec<Conversation>>()
    };
    let load = move || state.load().map(|(load, capacity)| text::places(&i18n.words(), load, capacity));
    let offered = move || state.load().is_some_and(|(load, _)| load > 0);
    let hold = move |held: bool| {
        if state.screen.list_held.get_untracked() != held {
            state.screen.list_held.set(held);
        }
    };
    view! {
        <section class="panel" data-part="conversation-list" aria-labelledby="conversation-list">
            <h2 class="heading" id="conversation-list">{i18n.text("conversation_list.title")} <span class="count">{load}</span></h2>
            <Show when=move || none.get()>
                <p class="empty">{move || i18n.text(if offered() { "conversation_list.empty_offered" } else { "conversation_list.empty" })}</p>
            </Show>
            <ul
                class="list"
                on:pointerenter=move |_| hold(true)
                on:pointerleave=move |_| hold(false)
                on:focusin=move |_| hold(true)
                on:focusout=move |_| hold(false)
            >
                <For each=listed key=|one| one.id.clone() let:conversation>
                    <Item conversation/>
                </For>
            </ul>
        </section>
    }
}

#[component]
fn Item(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let id = conversation.id.clone();
    let attribute = id.to_string();
    let name = conversation.person.name.clone();
    let selected = {
        let id = id.clone();
        Memo::new(move |_| state.screen.selected.with(|selected| selected.as_ref() == Some(&id)))
    };
    let unread = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.unread())
    };
    let status = {
        let Conversation { phase, held, assignment, .. } = conversation.clone();
        move || {
            let assignment = assignment.with(|assignment| {
                text::assignment(&i18n.words(), assignment.as_ref().map(|assignment| &assignment.state))
            });
            assignment
                .unwrap_or_else(|| phase.with(|phase| i18n.text(text::phase(phase.as_ref(), held.get()))))
        }
    };
    let waits = {
        let conversation = conversation.clone();
        Memo::new(move |_| {
            let now = state.clock.now.get();
            let assignment = conversation.assignment.get();
            if let Some((until, _)) = assignment.as_ref().and_then(Assignment::wrap_up) {
                return Some((false, text::wrap_up_left(&i18n.words(), seconds_left(until, now))));
            }
            let hold = assignment.as_ref().and_then(Assignment::on_hold);
            if let Some(hold) = hold.filter(|hold| !hold.due) {
                return Some((
                    false,
                    i18n.fill("conversation_list.back_at", &[("time", &clock(hold.until))]),
                ));
            }
            if let Some(since) = conversation.waits_since() {
                return Some((
                    true,
                    text::waits_on_me(&i18n.words(), (now.as_millis() - since.as_millis()).max(0) / 1_000),
                ));
            }
            let answers =
                assignment.is_some_and(|assignment| assignment.holds()) && conversation.is_writable();
            answers.then(|| (false, i18n.text("conversation_list.answered")))
        })
    };
    let pressing = move || waits.with(|waits| waits.as_ref().is_some_and(|(pressing, _)| *pressing));
    let last_line = {
        let name = name.clone();
        move || conversation.entries.with(|entries| text::last_line(&i18n.words(), entries, &name))
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
                        <span class="unread">{move || i18n.words().count("conversation_list.unread", unread.get() as u64)}</span>
                    </Show>
                    <span class="tag" data-part="assignment">{status}</span>
                </span>
                <span class="last-message quiet">{last_line}</span>
                <span class="waiting-time" class:urgent=pressing>
                    {move || waits.with(|waits| waits.as_ref().map(|(_, words)| words.clone()))}
                </span>
            </button>
        </li>
    }
}
