// SPDX-License-Identifier: EUPL-1.2
//! The panel of the person's earlier conversations: a list, and the log of the open one, marked as an earlier one.

use infocig_client::dates;
use infocig_protocol::{
    entry::{Author, Entry, EntryBody},
    frame::EarlierConversation,
    id::ConversationId,
    segnalazione::SegnalazioneState,
};
use leptos::{html, prelude::*};

use super::{case::CaseCard, day, log::Bubble, moment};
use crate::{
    dom,
    i18n::I18n,
    intents::Intents,
    state::{Connection, Conversation, OlderEntriesState},
    text,
};

#[component]
pub(crate) fn HistoryPanel(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let Conversation { history, phase, .. } = conversation.clone();
    let listed = {
        let history = history.clone();
        move || history.with(|history| history.listed.clone())
    };
    // "None" is known only once the server has sent the conversation's state.
    let none =
        Memo::new(move |_| phase.with(Option::is_some) && history.with(|history| history.listed.is_empty()));
    view! {
        <section class="side-panel" data-part="history" aria-labelledby="history-heading">
            <h3 class="subheading" id="history-heading">{i18n.text("history.title")}</h3>
            <Show when=move || none.get()>
                <p class="quiet" data-part="history-none">{i18n.text("history.none")}</p>
            </Show>
            <ol class="side-list">
                <For each=listed key=|one| one.conversation.clone() let:one>
                    <Item one conversation=conversation.clone()/>
                </For>
            </ol>
        </section>
    }
}

#[component]
fn Item(one: EarlierConversation, conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let intents = expect_context::<Intents>();
    let EarlierConversation { conversation: id, opened, outcome, advisor, preview, segnalazioni, .. } = one;
    let forwarded = (!segnalazioni.is_empty()).then(|| {
        let lines = segnalazioni
            .iter()
            .map(|one| view! { <li data-part="history-segnalazione">{text::history_segnalazione(&i18n.words(), one)}</li> })
            .collect_view();
        view! { <ul class="history-segnalazioni" aria-label=i18n.text("reports.title")>{lines}</ul> }
    });
    let (day, began) = (day(i18n, opened), moment(i18n, opened));
    let history = conversation.history.clone();
    let which = id.clone();
    let open = Memo::new(move |_| history.with(|history| history.open.as_ref() == Some(&which)));
    let button = NodeRef::<html::Button>::new();
    let shared = StoredValue::new((conversation, id, day));
    let toggle = move || shared.with_value(|(conversation, id, _)| intents.toggle_history(conversation, id));
    let close = Callback::new(move |()| {
        toggle();
        // The focused button was removed with the log.
        if let Some(button) = button.try_get_untracked().flatten() {
            dom::focus(&button);
        }
    });
    view! {
        <li class="history-item" data-part="history-item">
            <button
                type="button"
                class="row choice"
                data-part="history-toggle"
                aria-expanded=move || open.get().to_string()
                node_ref=button
                on:click=move |_| toggle()
            >
                <span class="name">{began}</span>
                {preview.map(|preview| view! { <span class="message-preview" dir="auto" data-part="history-preview">{preview}</span> })}
                {outcome.map(|outcome| view! { <span class="tag">{i18n.text(text::outcome(outcome))}</span> })}
                <span class="waiting-time">{text::history_advisor(&i18n.words(), advisor.as_deref())}</span>
            </button>
            {forwarded}
            <Show when=move || open.get()>
                {move || {
                    let (conversation, id, day) = shared.get_value();
                    view! { <HistoryLog conversation id day close/> }
                }}
            </Show>
        </li>
    }
}

#[component]
fn HistoryLog(
    conversation: Conversation,
    id: ConversationId,
    day: String,
    close: Callback<()>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let intents = expect_context::<Intents>();
    let Conversation { history, connection, person, .. } = conversation.clone();
    let person = person.name;
    let log = Memo::new(move |_| history.with(|history| history.log(&id).cloned().unwrap_or_default()));
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
                line(i18n, entry, &person, before.as_deref())
            };
            log.entries.iter().map(line).collect_view()
        })
    };
    let unavailable = move || earlier() == OlderEntriesState::Loading || connection.get() != Connection::Live;
    let unavailable = Signal::derive(unavailable);
    let region = NodeRef::<html::Div>::new();
    // The button that loads pages is removed with the last one.
    Effect::new(move |_| {
        if earlier() == OlderEntriesState::None
            && let Some(region) = region.get()
        {
            dom::adopt_focus(&region);
        }
    });
    let conversation = StoredValue::new(conversation);
    view! {
        <div class="history-log" data-part="history-log" role="region" aria-label=i18n.fill("history.log", &[("day", &day)]) tabindex="0" node_ref=region>
            <p class="history-mark">{i18n.fill("history.mark", &[("day", &day)])}</p>
            <Show when=move || earlier() != OlderEntriesState::None>
                <button
                    type="button"
                    class="button slim load-earlier"
                    data-part="history-older-entries"
                    aria-disabled=move || unavailable.get().to_string()
                    on:click=move |_| conversation.with_value(|conversation| intents.more_history(conversation))
                >
                    {move || {
                        i18n.text(match (earlier(), none_yet()) {
                            (OlderEntriesState::Loading, _) => "log.loading",
                            (_, true) => "history.read",
                            (_, false) => "history.older",
                        })
                    }}
                </button>
            </Show>
            <ol class="entries">{lines}</ol>
            <button type="button" class="button slim" data-part="history-close" on:click=move |_| close.run(())>
                {i18n.text("history.close")}
            </button>
        </div>
    }
}

fn line(i18n: I18n, entry: &Entry, person: &str, advisor: Option<&str>) -> AnyView {
    let at = dates::clock(entry.at);
    let EntryBody::Message { author, text, .. } = &entry.body else {
        let happened = text::event(&i18n.words(), &entry.body, person, advisor);
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
                <li class="event-block">
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
        <li class="message" data-part="history-message" data-author=side>
            <Bubble name=name.to_string() at said=text.clone()/>
        </li>
    }
    .into_any()
}
