// SPDX-License-Identifier: EUPL-1.2
//! The log: messages and events in the server's order, then outgoing messages.
//!
//! It follows its end while the end is in sight. Earlier entries are put before it without moving the visible part.

use std::time::Duration;

use infocig_client::dates;
use infocig_protocol::{
    assistant::Passage,
    entry::{Author, Entry, EntryBody},
    links::{self, Piece},
    segnalazione::SegnalazioneState,
};
use leptos::{html, prelude::*};

use super::case::CaseCard;
use crate::{
    dom,
    i18n::I18n,
    intents::Intents,
    state::{
        Connection, Conversation, Delivery, DeliveryMarks, DeskState, OlderEntriesState, Outgoing,
        grouping::continues,
    },
    text,
};

#[component]
pub(crate) fn Log(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let Conversation { entries, outgoing, citizen, .. } = conversation.clone();
    let log = NodeRef::<html::Div>::new();
    follow(log, &conversation);
    announce_news(log, &conversation);
    let was_at = StoredValue::new(0);
    let look = move |_| {
        let Some(log) = log.get_untracked() else { return };
        // Entries that arrive while the log scrolls move its end away; only scrolling up means that the advisor left it.
        let is_at = dom::scrolled(&log);
        let went_up = is_at < was_at.get_value();
        was_at.set_value(is_at);
        let follows = dom::is_at_end(&log) || (state.screen.at_end.get_untracked() && !went_up);
        if follows != state.screen.at_end.get_untracked() {
            state.screen.at_end.set(follows);
        }
    };
    let loading = {
        let entries = entries.clone();
        move || entries.with(Vec::is_empty)
    };
    let marks = {
        let entries = entries.clone();
        Memo::new(move |_| {
            let read_up_to = citizen.with(|citizen| citizen.read_up_to());
            entries.with(|entries| DeliveryMarks::of(entries, read_up_to))
        })
    };
    let each_entry = move || entries.get();
    let each_outgoing = move || outgoing.get();
    let for_pending = conversation.clone();
    view! {
        <div class="log-frame">
            <div
                class="log"
                data-part="log"
                role="log"
                aria-label=i18n.text("log.name")
                tabindex="0"
                node_ref=log
                on:scroll=look
            >
                <Show when=loading>
                    <p class="quiet">{i18n.text("log.loading")}</p>
                </Show>
                <Before conversation=conversation.clone()/>
                <ol class="entries">
                    <For each=each_entry key=|entry| entry.seq let:entry>
                        <LogEntry entry marks conversation=conversation.clone()/>
                    </For>
                    <For each=each_outgoing key=|message| (message.id.clone(), message.refused) let:message>
                        <OutgoingMessage message conversation=for_pending.clone()/>
                    </For>
                </ol>
            </div>
            <Show when=move || !state.screen.at_end.get()>
                <button type="button" class="button to-the-end" on:click=move |_| go_to_the_end(log)>
                    {i18n.text("log.to_the_end")}
                </button>
            </Show>
        </div>
    }
}

/// Keeps the end in sight, or else the part that was visible.
fn follow(log: NodeRef<html::Div>, conversation: &Conversation) {
    let state = expect_context::<DeskState>();
    let was_from_end = StoredValue::new(None);
    let observation = StoredValue::new_local(None);
    log.on_load(move |log| {
        // A panel, an on-screen keyboard or a longer draft takes height from the log without a scroll event.
        let element = log.clone();
        let follow = move || {
            if state.screen.at_end.try_get_untracked() == Some(true) {
                dom::scroll_to_end(&element);
            }
        };
        observation.set_value(dom::on_resize(&log, follow));
    });
    {
        let entries = conversation.entries.clone();
        // Runs before the new entries are laid out: the distance to the end must be the old one.
        ImmediateEffect::new_scoped(move || {
            entries.track();
            if let Some(log) = log.try_get_untracked().flatten()
                && was_from_end.try_get_value() == Some(None)
            {
                was_from_end.set_value(Some(dom::from_end(&log)));
            }
        });
    }
    let Conversation { entries, outgoing, connection, earlier, .. } = conversation.clone();
    Effect::new(move |before: Option<(u64, usize)>| {
        connection.track();
        let first = entries.with(|entries| entries.first().map_or(0, |entry| entry.seq));
        let ours = outgoing.with(Vec::len);
        let (first_before, ours_before) = before.unwrap_or_default();
        let wrote = ours > ours_before;
        let prepended = first < first_before && first > 0;
        let whole = earlier.get_untracked() == OlderEntriesState::None;
        request_animation_frame(move || {
            let from_end = was_from_end.try_get_value().flatten();
            was_from_end.try_set_value(None);
            let Some(log) = log.try_get_untracked().flatten() else { return };
            if wrote || state.screen.at_end.try_get_untracked() == Some(true) {
                dom::scroll_to_end(&log);
            } else if let Some(from_end) = from_end.filter(|_| prepended) {
                dom::scroll_back(&log, from_end);
            }
            if prepended && whole {
                // The focused button was removed.
                dom::adopt_focus(&log);
            }
        });
        (first, ours)
    });
}

/// Announces new entries to screen readers, but not a page of earlier ones: announcements are off while one loads.
fn announce_news(log: NodeRef<html::Div>, conversation: &Conversation) {
    let Conversation { entries, earlier, .. } = conversation.clone();
    let loading =
        Memo::new(move |_| entries.with(Vec::is_empty) || earlier.get() == OlderEntriesState::Loading);
    Effect::new(move |_| {
        if loading.get() {
            if let Some(log) = log.get() {
                dom::announce(&log, false);
            }
            return;
        }
        let announce = move || {
            if let Some(log) = log.try_get_untracked().flatten()
                && loading.try_get_untracked() == Some(false)
            {
                dom::announce(&log, true);
            }
        };
        set_timeout(announce, SETTLED_AFTER);
    });
}

/// Scrolls to the newest message. The pressed button is removed then: the log takes its focus.
fn go_to_the_end(log: NodeRef<html::Div>) {
    if let Some(log) = log.try_get_untracked().flatten() {
        dom::scroll_to_end(&log);
        dom::focus(&log);
    }
}

/// The button that loads earlier entries.
#[component]
fn Before(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let intents = expect_context::<Intents>();
    let Conversation { earlier, connection, .. } = conversation.clone();
    let earlier = Memo::new(move |_| earlier.get());
    let coming = move || earlier.get() == OlderEntriesState::Loading;
    let unavailable = move || coming() || connection.get() != Connection::Live;
    let conversation = StoredValue::new(conversation);
    let unavailable = StoredValue::new(unavailable);
    view! {
        <Show when=move || earlier.get() != OlderEntriesState::None>
            <button
                type="button"
                class="button load-earlier"
                data-part="older-entries"
                aria-disabled=move || unavailable.with_value(|unavailable| unavailable().to_string())
                on:click=move |_| conversation.with_value(|conversation| intents.request_older_entries(conversation))
            >
                {move || i18n.text(if coming() { "log.older_entries_loading" } else { "log.older_entries" })}
            </button>
        </Show>
    }
}

#[component]
fn LogEntry(entry: Entry, marks: Memo<DeliveryMarks>, conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let Entry { seq, .. } = entry;
    let at = dates::clock(entry.at);
    let person = &conversation.person.name;
    let (happened, continued) = conversation.entries.with_untracked(|entries| {
        let before = entries.get(..entries.partition_point(|other| other.seq < seq)).unwrap_or_default();
        let happened = text::event(&i18n.words(), &entry.body, person, text::advisor(before));
        let continued = entry.message().zip(before.last());
        (happened, continued.is_some_and(|((_, author, _), before)| continues(before, author, entry.at)))
    });
    match entry.body {
        EntryBody::Message { author: Author::Citizen, text, .. } => view! {
            <li class="message" class:continued=continued data-part="message" data-author="citizen">
                <Bubble name=person.clone() at said=text/>
            </li>
        }
        .into_any(),
        EntryBody::Message { author: Author::Advisor { name }, text, .. } => view! {
            <li class="message" class:continued=continued data-part="message" data-author="advisor">
                <Bubble name at said=text/>
                // Not announced with every message.
                <p class="delivery" aria-live="off">
                    {move || marks.get().under(seq).map(|delivery| view! { <DeliveryLabel delivery/> })}
                </p>
            </li>
        }
        .into_any(),
        EntryBody::Inactive { closes } => view! {
            <li class="event">
                {happened}" "{i18n.fill("event.closes_at", &[("clock", &dates::clock(closes))])}" · "<time>{at}</time>
            </li>
        }
        .into_any(),
        EntryBody::Question(_) => view! {
            <li class="event" data-part="question">{happened}" · "<time>{at}</time></li>
        }
        .into_any(),
        EntryBody::Case { case, as_of, .. } => {
            let id = case.id.to_string();
            view! {
                <li class="event-block" data-part="case-shown" data-case=id>
                    <p class="event">{happened}" · "<time>{at}</time></p>
                    <CaseCard case=*case as_of/>
                </li>
            }
            .into_any()
        }
        EntryBody::Assistant { answer, .. } => view! {
            <li class="event-block" data-part="assistant">
                <p class="event">{happened}" · "<time>{at}</time></p>
                <AssistantAnswer answer/>
            </li>
        }
        .into_any(),
        EntryBody::Segnalazione { number, state, .. } => view! {
            <Segnalazione happened=happened.unwrap_or_default() at number state/>
        }
        .into_any(),
        EntryBody::Opened {}
        | EntryBody::Assigned { .. }
        | EntryBody::ClosingSoon { .. }
        | EntryBody::Returned { .. }
        | EntryBody::Transferred { .. }
        | EntryBody::Joined { .. }
        | EntryBody::Left { .. }
        | EntryBody::Observed { .. }
        | EntryBody::OnHold { .. }
        | EntryBody::Resumed {}
        | EntryBody::Warned {}
        | EntryBody::Blocked { .. }
        | EntryBody::Stayed {}
        | EntryBody::Call { .. }
        | EntryBody::Closed { .. }
        | EntryBody::Unknown {} => happened
            .map(|happened| view! { <li class="event">{happened}" · "<time>{at}</time></li> })
            .into_any(),
    }
}

/// The answer of the automatic assistant, as the person was shown it: its texts are folded, because advisors know them.
#[component]
fn AssistantAnswer(answer: Vec<Passage>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    if answer.is_empty() {
        return view! { <p class="quiet" data-part="assistant-unknown">{i18n.text("assistant.unknown")}</p> }
            .into_any();
    }
    let passage = |Passage { entry, title, text, language }| {
        let text = view! { <p class="text" lang=language.as_str() translate="yes">{with_links(&text)}</p> };
        match entry {
            None => text.into_any(),
            Some(_) => view! {
                <details>
                    <summary lang=language.as_str()>{title}</summary>
                    {text}
                </details>
            }
            .into_any(),
        }
    };
    view! { <div class="case-card assistant">{answer.into_iter().map(passage).collect_view()}</div> }
        .into_any()
}

/// The state of a segnalazione; the office's answer verbatim.
#[component]
fn Segnalazione(
    happened: String,
    at: String,
    number: Option<String>,
    state: SegnalazioneState,
) -> impl IntoView {
    let key = text::segnalazione_key(&state);
    if let SegnalazioneState::Answered { text } = state {
        return view! {
            <li class="event-block answer" data-part="segnalazione" data-state=key data-number=number>
                <Bubble name=happened at said=text/>
            </li>
        }
        .into_any();
    }
    view! {
        <li class="event" data-part="segnalazione" data-state=key data-number=number>
            {happened}" · "<time>{at}</time>
        </li>
    }
    .into_any()
}

/// A text with its links.
pub(super) fn with_links(said: &str) -> Vec<AnyView> {
    let piece = |piece| match piece {
        Piece::Words(words) => words.to_string().into_any(),
        Piece::Link(link) => {
            let (href, link) = (link.to_string(), link.to_string());
            view! { <a href=href target="_blank" rel="noopener noreferrer">{link}</a> }.into_any()
        }
    };
    links::pieces(said).into_iter().map(piece).collect()
}

/// A message: author, time, text.
#[component]
pub(super) fn Bubble(name: String, at: String, said: String) -> impl IntoView {
    view! {
        <div class="bubble">
            <p class="byline"><span class="author">{name}</span>" "<time>{at}</time></p>
            <p class="text" dir="auto" translate="yes">{with_links(&said)}</p>
        </div>
    }
}

#[component]
fn OutgoingMessage(message: Outgoing, conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let refused = message.refused;
    // As its entry will be: a message that is acknowledged must not change its height.
    let continued = {
        let author = Author::Advisor { name: state.session.advisor.get_untracked() };
        let (id, now) = (message.id.clone(), state.clock.now.get_untracked());
        let follows =
            conversation.outgoing.with_untracked(|outgoing| outgoing.first().is_some_and(|one| one.id != id));
        let last = |entries: &Vec<Entry>| entries.last().is_some_and(|last| continues(last, &author, now));
        follows || conversation.entries.with_untracked(last)
    };
    let connection = conversation.connection.clone();
    let held = move || refused.is_none() && Delivery::pending(connection.get()) != Delivery::Sending;
    let delivery = move || match refused {
        Some(code) => {
            view! { <span data-part="delivery">{i18n.text(text::not_sent(code))}</span> }.into_any()
        }
        None => {
            view! { <DeliveryLabel delivery=Delivery::pending(conversation.connection.get())/> }.into_any()
        }
    };
    view! {
        <li
            class="message pending"
            class:refused=refused.is_some()
            class:held=held
            class:continued=continued
            data-part="pending"
            data-author="advisor"
        >
            <div class="bubble">
                <p class="byline"><span class="author">{move || state.session.advisor.get()}</span></p>
                <p class="text" dir="auto">{message.text}</p>
            </div>
            <p class="delivery" aria-live=refused.is_none().then_some("off")>{delivery}</p>
        </li>
    }
}

#[component]
fn DeliveryLabel(delivery: Delivery) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    view! { <span data-part="delivery">{i18n.text(text::delivery(delivery))}</span> }
}

const SETTLED_AFTER: Duration = Duration::from_millis(500);
