// SPDX-License-Identifier: EUPL-1.2
//! The person's conversations, and the log of one of them.

use infocig_protocol::segnalazione::PastConversation;
use leptos::prelude::*;

use super::receipt::Receipt;
use crate::{
    actions::chunks::ConversationChunk,
    effects::on_change,
    once::{all, nothing, once, optional},
    state::{HistoryState, ServiceError, Shared, Stage},
    text::{self, deferred::office as words, segnalazione::segnalazione},
    ui::{Ui, act},
    view::{
        button::Button,
        chunk_place::place,
        notice::Back,
        pieces::{Block, Heading, Paragraph},
        switch::Switch,
    },
};

/// The list, or the conversation that was opened.
#[component]
pub(crate) fn History() -> impl IntoView {
    let ui = Ui::current();
    let opened = RwSignal::new(None::<PastConversation>);
    let coming = move || ui.state.read(|s| s.history == HistoryState::Loading);
    on_change(coming, move || {
        if coming() {
            ui.act(|chat| chat.load_history());
        }
    });
    once(view! {
        <Block class="inside">
            <Switch on=move || opened.get() let:past>
                {match past {
                    Some(past) => place(ui.conversation(), move |chunk| {
                        once(view! { <PastConversationLog chunk past=past.clone() opened/> })
                    }),
                    None => once(view! { <List opened/> }),
                }}
            </Switch>
        </Block>
    })
}

#[component]
fn List(opened: RwSignal<Option<PastConversation>>) -> impl IntoView {
    let ui = Ui::current();
    let status = move |part, key| once(view! { <Paragraph role="status" part text=ui.text(key)/> });
    once(view! {
        <Block class="notice tall" part="history-list">
            <Heading focused=true text=ui.text("history.title")/>
            <Switch on=move || ui.state.read(|s| s.history.clone()) let:history>
                {match history {
                    HistoryState::Hidden | HistoryState::Loading => status("history-coming", "history.coming"),
                    HistoryState::Loaded(past) if past.is_empty() => status("history-none", "history.none"),
                    HistoryState::Loaded(past) => once(view! {
                        <ul>{all(past.into_iter().map(|past| view! { <Row past opened/> }))}</ul>
                    }),
                    HistoryState::Failed(error) => once(view! { <Failed error/> }),
                }}
            </Switch>
            <Back/>
        </Block>
    })
}

#[component]
fn Failed(error: ServiceError) -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Block role="alert">
            <Paragraph text=ui.text(text::service_error(error))/>
            <Button
                class="button"
                part="history-retry"
                label=ui.text("panel.retry")
                on_press=|| act(|chat| chat.open_history())
            />
        </Block>
    })
}

#[component]
fn Row(past: PastConversation, opened: RwSignal<Option<PastConversation>>) -> impl IntoView {
    let ui = Ui::current();
    let is_open = past.closed.is_none();
    let at = ui.moment(past.opened);
    let label = ui.text(if is_open { "history.go_on" } else { "history.open" });
    let name = [&*label, ": ", &at].concat();
    let preview = optional(past.preview.clone().map(|preview| {
        view! { <p dir="auto" data-part="history-preview">{preview}</p> }
    }));
    let office = past.segnalazioni.iter().map(|one| {
        let said = ui.words(|all| segnalazione(all, &one.state, one.number.as_deref()));
        view! { <Paragraph part="history-segnalazione" text=said/> }
    });
    let (outcome, office) = (ui.text(words::past(&past)), all(office));
    let open = move || {
        if is_open {
            ui.act(|chat| chat.resume(past.clone()));
        } else {
            opened.set(Some(past.clone()));
        }
    };
    once(view! {
        <li data-part="history-item">
            <p><strong>{at}</strong></p>
            {preview}
            <Paragraph part="history-outcome" text=outcome/>
            {office}
            <Button class="button" part="history-open" label on_press=open attr:aria-label=name/>
        </li>
    })
}

/// A conversation of the past with a state and a link of its own, because an office may still answer in it.
#[component]
fn PastConversationLog(
    chunk: ConversationChunk,
    past: PastConversation,
    opened: RwSignal<Option<PastConversation>>,
) -> impl IntoView {
    let outside = Ui::current();
    let state = Shared::new();
    let title = [outside.moment(past.opened), outside.text(words::past(&past))].join(", ");
    let Some(chat) = outside.chat() else { return nothing() };
    // The views below use the context of the past conversation.
    let Some(ui) = outside.beside(chat.open_past_conversation(chunk, &past, state)) else { return nothing() };
    provide_context(ui);
    let back = move || {
        opened.set(None);
        outside.act(|chat| chat.open_history());
    };
    let failed = move || match state.read(|s| s.stage.clone()) {
        Stage::Failed(error) => Some(error),
        Stage::Idle | Stage::Entering | Stage::Refused(_) | Stage::Writing | Stage::InConversation => None,
    };
    let say = move |error| {
        let said = ui.text(text::service_error(error));
        view! { <Paragraph class="error" role="alert" part="history-error" text=said/> }
    };
    once(view! {
        <Block class="inside">
            <Block class="aside">
                <Button class="button quiet" part="history-back" label=ui.text("history.back") on_press=back/>
                <Heading focused=true text=title/>
            </Block>
            {(chunk.log)()}
            // No ticket is renewed here: the list, loaded again, has a new one for each conversation.
            <Switch on=failed let:error>{optional(error.map(say))}</Switch>
            <Switch on=move || state.read(|s| s.is_closed()) let:closed>
                {if closed {
                    once(view! { <Receipt/> })
                } else {
                    once(view! {
                        <Paragraph
                            class="presence"
                            role="status"
                            part="history-link"
                            text=ui.text("phase.connecting")
                        />
                    })
                }}
            </Switch>
        </Block>
    })
}
