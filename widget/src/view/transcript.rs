// SPDX-License-Identifier: EUPL-1.2
//! The log: who said what and when, in text; what is still on its way; what happened.

use infocig_client::page;
use infocig_protocol::entry::{Author, Entry, EntryBody};
use leptos::{html, prelude::*};

use crate::{state::ChatState, text};

/// The log of the conversation. New lines are announced politely and scrolled to.
#[component]
pub(crate) fn Transcript(state: ChatState) -> impl IntoView {
    let log = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let _lines = (state.entries.with(Vec::len), state.pending.with(Vec::len));
        if let Some(log) = log.get() {
            request_animation_frame(move || log.set_scroll_top(log.scroll_height()));
        }
    });
    view! {
        <div class="log" role="log" aria-label=text::LOG tabindex="0" data-part="log" node_ref=log>
            <For each=move || state.entries.get() key=|entry| entry.seq let:entry>
                <Line entry />
            </For>
            <For each=move || state.pending.get() key=|pending| pending.id.clone() let:pending>
                <article class="message mine" data-part="pending">
                    <p class="meta"><span class="author">{text::YOU}</span></p>
                    <p class="text">{pending.text}</p>
                    <p class="delivery">{move || if state.is_closed() { text::NOT_SENT } else { text::SENDING }}</p>
                </article>
            </For>
        </div>
    }
}

#[component]
fn Line(entry: Entry) -> impl IntoView {
    let at = page::clock(entry.at);
    match entry.body {
        EntryBody::Message { author: Author::Citizen, text: written, .. } => view! {
            <article class="message mine" data-part="message" data-author="citizen">
                <p class="meta"><span class="author">{text::YOU}</span>" "<time>{at}</time></p>
                <p class="text">{written}</p>
                <p class="delivery">{text::DELIVERED}</p>
            </article>
        }
        .into_any(),
        EntryBody::Message { author: Author::Advisor { name }, text: written, .. } => view! {
            <article class="message" data-part="message" data-author="advisor">
                <p class="meta"><span class="author">{name}</span>" "<time>{at}</time></p>
                <p class="text">{written}</p>
            </article>
        }
        .into_any(),
        other @ (EntryBody::Opened
        | EntryBody::Assigned { .. }
        | EntryBody::ClosingSoon { .. }
        | EntryBody::Closed { .. }
        | EntryBody::Unknown) => text::system_entry(&other, page::clock)
            .map(|sentence| view! { <p class="system" data-part="system">{sentence}" · "<time>{at}</time></p> })
            .into_any(),
    }
}
