// SPDX-License-Identifier: EUPL-1.2
//! The log: who said what and when, in text; what is still on its way; what happened.

use infocig_client::{link::LinkState, page};
use infocig_protocol::{
    entry::{Author, Entry, EntryBody, Phase},
    segnalazione::SegnalazioneState,
};
use leptos::{html, prelude::*};

use super::{ChatHandle, case::card, moment};
use crate::{
    state::{ChatState, Older},
    text,
};

/// The log of the conversation. New lines are announced politely and scrolled to.
#[component]
pub(crate) fn Transcript(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let log = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let _lines = (state.last_seq(), state.pending.with(Vec::len), state.link.get());
        if let Some(log) = log.get() {
            request_animation_frame(move || log.set_scroll_top(log.scroll_height()));
        }
    });
    // Earlier entries must not move what is being read: the distance to the end stays.
    Effect::new(move |first: Option<Option<u64>>| {
        let now = state.entries.with(|entries| entries.first().map(|entry| entry.seq));
        if let (Some(log), Some(Some(before))) = (log.get_untracked(), first)
            && now.is_some_and(|now| now < before)
        {
            let from_end = log.scroll_height() - log.scroll_top();
            request_animation_frame(move || log.set_scroll_top(log.scroll_height() - from_end));
        }
        now
    });
    let on_its_way = move || {
        if state.is_closed() {
            text::NOT_SENT
        } else if state.link.get() == LinkState::Live {
            text::SENDING
        } else {
            text::SENT_LATER
        }
    };
    let typing = move || {
        let advisor = state.phase.with(|phase| match phase {
            Some(Phase::Active { advisor, .. }) => Some(advisor.clone()),
            _ => None,
        });
        advisor.filter(|_| state.advisor_typing.get()).map(|advisor| text::typing(&advisor))
    };
    view! {
        <div class="log" role="log" aria-label=text::LOG tabindex="0" data-part="log" node_ref=log>
            {move || (state.older.get() != Older::None && state.link.get() == LinkState::Live).then(|| view! {
                <button
                    type="button"
                    class="button quiet older"
                    data-part="older"
                    disabled=move || state.older.get() == Older::Coming
                    on:click=move |_| chat.with_value(|c| c.look_back())
                >
                    {move || if state.older.get() == Older::Coming { text::OLDER_COMING } else { text::OLDER }}
                </button>
            })}
            <For each=move || state.entries.get() key=|entry| entry.seq let:entry>
                <Line state entry />
            </For>
            <For each=move || state.pending.get() key=|pending| pending.id.clone() let:pending>
                <article class="message mine" data-part="pending">
                    <p class="meta"><span class="author">{text::YOU}</span></p>
                    <p class="text">{pending.text}</p>
                    <p class="delivery" data-part="delivery">{on_its_way}</p>
                </article>
            </For>
        </div>
        <p class="typing" data-part="typing">{typing}</p>
    }
}

#[component]
fn Line(state: ChatState, entry: Entry) -> impl IntoView {
    // An office answers days later.
    let at = if let EntryBody::Segnalazione { .. } = entry.body {
        moment(entry.at)
    } else {
        page::clock(entry.at)
    };
    let delivery = move || {
        state.delivery(entry.seq).map(|delivery| {
            view! { <p class="delivery" data-part="delivery">{text::delivery(delivery)}</p> }
        })
    };
    match entry.body {
        EntryBody::Message { author: Author::Citizen, text: written, .. } => view! {
            <article class="message mine" data-part="message" data-author="citizen">
                <p class="meta"><span class="author">{text::YOU}</span>" "<time>{at}</time></p>
                <p class="text">{written}</p>
                {delivery}
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
        other @ (EntryBody::Opened {}
        | EntryBody::Assigned { .. }
        | EntryBody::Returned {}
        | EntryBody::Transferred { .. }
        | EntryBody::Joined { .. }
        | EntryBody::Left { .. }
        | EntryBody::Inactive { .. }
        | EntryBody::Stayed {}
        | EntryBody::Question(_)
        | EntryBody::Case { .. }
        | EntryBody::Segnalazione { .. }
        | EntryBody::ClosingSoon { .. }
        | EntryBody::Closed { .. }
        | EntryBody::Unknown {}) => {
            let sentence = text::system_entry(&other, page::clock).map(|sentence| {
                view! { <p class="system" data-part=part(&other)>{sentence}" · "<time>{at}</time></p> }
            });
            view! { {sentence} {more(&other)} }.into_any()
        }
    }
}

/// The name of the part that says what happened.
fn part(body: &EntryBody) -> &'static str {
    if let EntryBody::Segnalazione { .. } = body { "segnalazione" } else { "system" }
}

/// What is shown beside the sentence: a case, the words of an office.
fn more(body: &EntryBody) -> Option<AnyView> {
    if let EntryBody::Case { case, as_of, .. } = body {
        return Some(card(case, *as_of, false));
    }
    let EntryBody::Segnalazione { state: SegnalazioneState::Answered { text }, .. } = body else {
        return None;
    };
    Some(view! { <blockquote data-part="answer">{text.clone()}</blockquote> }.into_any())
}
