// SPDX-License-Identifier: EUPL-1.2
//! What the person came with before, beside the conversation: a list, and the log of the one that is open, marked as past.

use infocig_client::dates;
use infocig_protocol::{
    entry::{Author, Entry, EntryBody},
    frame::EarlierConversation,
    id::ConversationId,
    segnalazione::SegnalazioneState,
};
use leptos::{html, prelude::*};

use super::{Intents, case::CaseCard, day, log::Bubble, moment};
use crate::{
    host,
    speech::Speech,
    state::{Connection, Conversation, Earlier},
    text,
};

/// The earlier conversations of the person.
#[component]
pub(crate) fn PastTalks(conversation: Conversation) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let Conversation { past, phase, .. } = conversation.clone();
    let listed = {
        let past = past.clone();
        move || past.with(|past| past.listed.clone())
    };
    // Before the server has said who this is, nothing is known.
    let none = Memo::new(move |_| phase.with(Option::is_some) && past.with(|past| past.listed.is_empty()));
    view! {
        <section class="past" data-part="past" aria-labelledby="past-heading">
            <h3 class="past-heading" id="past-heading">{speech.say("past.title")}</h3>
            <Show when=move || none.get()>
                <p class="quiet" data-part="past-none">{speech.say("past.none")}</p>
            </Show>
            <ol class="past-list">
                <For each=listed key=|one| one.conversation.clone() let:one>
                    <Item one conversation=conversation.clone()/>
                </For>
            </ol>
        </section>
    }
}

#[component]
fn Item(one: EarlierConversation, conversation: Conversation) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let intents = expect_context::<Intents>();
    let EarlierConversation { conversation: id, opened, outcome, advisor, preview, segnalazioni, .. } = one;
    let forwarded = (!segnalazioni.is_empty()).then(|| {
        let lines = segnalazioni
            .iter()
            .map(|one| view! { <li data-part="past-segnalazione">{text::past_segnalazione(&speech.words(), one)}</li> })
            .collect_view();
        view! { <ul class="past-segnalazioni" aria-label=speech.say("reports.title")>{lines}</ul> }
    });
    let (day, began) = (day(speech, opened), moment(speech, opened));
    let past = conversation.past.clone();
    let which = id.clone();
    let open = Memo::new(move |_| past.with(|past| past.open.as_ref() == Some(&which)));
    let button = NodeRef::<html::Button>::new();
    let shared = StoredValue::new((conversation, id, day));
    let toggle = move || shared.with_value(|(conversation, id, _)| intents.toggle_past(conversation, id));
    let close = Callback::new(move |()| {
        toggle();
        // What was pressed is gone with the log.
        if let Some(button) = button.try_get_untracked().flatten() {
            host::focus(&button);
        }
    });
    view! {
        <li class="past-item" data-part="past-item">
            <button
                type="button"
                class="row choice"
                data-part="past-toggle"
                aria-expanded=move || open.get().to_string()
                node_ref=button
                on:click=move |_| toggle()
            >
                <span class="name">{began}</span>
                {preview.map(|preview| view! { <span class="begins" dir="auto" data-part="past-begins">{preview}</span> })}
                {outcome.map(|outcome| view! { <span class="tag">{speech.say(text::outcome(outcome))}</span> })}
                <span class="on-me">{text::past_advisor(&speech.words(), advisor.as_deref())}</span>
            </button>
            {forwarded}
            <Show when=move || open.get()>
                {move || {
                    let (conversation, id, day) = shared.get_value();
                    view! { <PastLog conversation id day close/> }
                }}
            </Show>
        </li>
    }
}

#[component]
fn PastLog(
    conversation: Conversation,
    id: ConversationId,
    day: String,
    close: Callback<()>,
) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let intents = expect_context::<Intents>();
    let Conversation { past, connection, person, .. } = conversation.clone();
    let person = person.name;
    let log = Memo::new(move |_| past.with(|past| past.log(&id).cloned().unwrap_or_default()));
    let earlier = move || log.with(|log| log.earlier);
    let none_yet = move || log.with(|log| log.entries.is_empty());
    let lines = move || {
        log.with(|log| {
            let mut advisor = None;
            let line = |entry: &Entry| {
                let before = advisor.clone();
                if let Some(name) = text::advisor(std::slice::from_ref(entry)) {
                    advisor = Some(name.to_string());
                }
                line(speech, entry, &person, before.as_deref())
            };
            log.entries.iter().map(line).collect_view()
        })
    };
    let unavailable = move || earlier() == Earlier::Coming || connection.get() != Connection::Live;
    let unavailable = Signal::derive(unavailable);
    let place = NodeRef::<html::Div>::new();
    // The button that was pressed goes away with the last page.
    Effect::new(move |_| {
        if earlier() == Earlier::None
            && let Some(place) = place.get()
        {
            host::adopt_focus(&place);
        }
    });
    let conversation = StoredValue::new(conversation);
    view! {
        <div class="past-log" data-part="past-log" role="region" aria-label=speech.fill("past.log", &[("day", &day)]) tabindex="0" node_ref=place>
            <p class="past-mark">{speech.fill("past.mark", &[("day", &day)])}</p>
            <Show when=move || earlier() != Earlier::None>
                <button
                    type="button"
                    class="button slim before"
                    data-part="past-older"
                    aria-disabled=move || unavailable.get().to_string()
                    on:click=move |_| conversation.with_value(|conversation| intents.more_past(conversation))
                >
                    {move || {
                        speech.say(match (earlier(), none_yet()) {
                            (Earlier::Coming, _) => "log.loading",
                            (_, true) => "past.read",
                            (_, false) => "past.older",
                        })
                    }}
                </button>
            </Show>
            <ol class="lines">{lines}</ol>
            <button type="button" class="button slim" data-part="past-close" on:click=move |_| close.run(())>
                {speech.say("past.close")}
            </button>
        </div>
    }
}

fn line(speech: Speech, entry: &Entry, person: &str, advisor: Option<&str>) -> AnyView {
    let at = dates::clock(entry.at);
    let EntryBody::Message { author, text, .. } = &entry.body else {
        let happened = text::event(&speech.words(), &entry.body, person, advisor);
        if let EntryBody::Segnalazione { state: SegnalazioneState::Answered { text }, .. } = &entry.body {
            return view! {
                <li class="message">
                    <Bubble name=happened.unwrap_or_default() at said=text.clone()/>
                </li>
            }
            .into_any();
        }
        if let EntryBody::Case { case, as_of, .. } = &entry.body {
            return view! {
                <li class="happened">
                    <p class="event">{happened}" · "<time>{at}</time></p>
                    <CaseCard case=(**case).clone() as_of=*as_of/>
                </li>
            }
            .into_any();
        }
        return happened
            .map(|happened| view! { <li class="event">{happened}" · "<time>{at}</time></li> })
            .into_any();
    };
    let (side, name) = match author {
        Author::Citizen => ("citizen", person),
        Author::Advisor { name } => ("advisor", name.as_str()),
    };
    view! {
        <li class="message" data-part="past-message" data-author=side>
            <Bubble name=name.to_string() at said=text.clone()/>
        </li>
    }
    .into_any()
}
