// SPDX-License-Identifier: EUPL-1.2
//! What was said and what happened, in the server's order; then what is still on its way.

use infocig_client::page;
use infocig_protocol::entry::{Author, Entry, EntryBody};
use leptos::prelude::*;

use crate::{
    host,
    state::{Conversation, DeskState, Outgoing},
    text,
};

/// The log of a conversation. It follows its end while the end is on screen.
#[component]
pub(crate) fn Log(conversation: Conversation) -> impl IntoView {
    let Conversation { entries, outgoing, .. } = conversation.clone();
    let log = NodeRef::<leptos::html::Div>::new();
    let at_end = RwSignal::new(true);
    let to_the_end = move || {
        if let Some(log) = log.try_get_untracked().flatten() {
            host::scroll_to_end(&log);
        }
    };
    {
        let (entries, outgoing) = (entries.clone(), outgoing.clone());
        Effect::new(move |before: Option<usize>| {
            entries.track();
            let ours = outgoing.with(Vec::len);
            let wrote = ours > before.unwrap_or(0);
            if wrote || at_end.get_untracked() {
                request_animation_frame(to_the_end);
            }
            ours
        });
    }
    let was_at = StoredValue::new(0);
    let look = move |_| {
        let Some(log) = log.get_untracked() else { return };
        // Lines that arrive while the log scrolls move its end, not the reader: only scrolling up leaves it.
        let is_at = host::scrolled(&log);
        let went_up = is_at < was_at.get_value();
        was_at.set_value(is_at);
        let follows = host::is_at_end(&log) || (at_end.get_untracked() && !went_up);
        if follows != at_end.get_untracked() {
            at_end.set(follows);
        }
    };
    let loading = {
        let entries = entries.clone();
        move || entries.with(Vec::is_empty)
    };
    let each_entry = move || entries.get();
    let each_outgoing = move || outgoing.get();
    view! {
        <div class="log-frame">
            <div
                class="log"
                data-part="log"
                role="log"
                aria-label=text::LOG
                tabindex="0"
                node_ref=log
                on:scroll=look
            >
                <Show when=loading>
                    <p class="quiet">{text::LOADING}</p>
                </Show>
                <ol class="lines">
                    <For each=each_entry key=|entry| entry.seq let:entry>
                        <Line entry conversation=conversation.clone()/>
                    </For>
                    <For each=each_outgoing key=|message| (message.id.clone(), message.refused) let:message>
                        <OnItsWay message/>
                    </For>
                </ol>
            </div>
            <Show when=move || !at_end.get()>
                <button type="button" class="button to-the-end" on:click=move |_| to_the_end()>
                    {text::TO_THE_END}
                </button>
            </Show>
        </div>
    }
}

#[component]
fn Line(entry: Entry, conversation: Conversation) -> impl IntoView {
    let at = page::clock(entry.at);
    let person = &conversation.person.name;
    let happened = conversation
        .entries
        .with_untracked(|entries| text::event(&entry.body, person, text::advisor(entries)));
    let (author, name, text) = match entry.body {
        EntryBody::Message { author: Author::Citizen, text, .. } => ("citizen", person.clone(), text),
        EntryBody::Message { author: Author::Advisor { name }, text, .. } => ("advisor", name, text),
        EntryBody::Opened
        | EntryBody::Assigned { .. }
        | EntryBody::ClosingSoon { .. }
        | EntryBody::Closed { .. }
        | EntryBody::Unknown => {
            return happened.map(|happened| {
                view! { <li class="event">{happened}" · "<time>{at}</time></li> }.into_any()
            });
        }
    };
    let message = view! {
        <li class="message" data-part="message" data-author=author>
            <p class="by"><span class="author">{name}</span>" "<time>{at}</time></p>
            <p class="said">{text}</p>
        </li>
    };
    Some(message.into_any())
}

#[component]
fn OnItsWay(message: Outgoing) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let how = message.refused.map_or(text::SENDING, text::not_sent);
    view! {
        <li
            class="message pending"
            class:refused=message.refused.is_some()
            data-part="pending"
            data-author="advisor"
        >
            <p class="by">
                <span class="author">{move || state.advisor.get()}</span>" "
                <span class="how">{how}</span>
            </p>
            <p class="said">{message.text}</p>
        </li>
    }
}
