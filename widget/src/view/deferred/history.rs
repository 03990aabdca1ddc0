// SPDX-License-Identifier: EUPL-1.2
//! The person's conversations, and one of them read again.

use infocig_protocol::segnalazione::PastConversation;
use leptos::prelude::*;

use super::receipt::Receipt;
use crate::{
    effects::on_change,
    state::{Past, Shared, Stage, Trouble},
    text::{self, office as words},
    ui::{Ui, act},
    view::{
        button::Button,
        chunk_place::place,
        conversation::ConversationChunk,
        notice::Back,
        once::{all, nothing, once, optional},
        pieces::{Block, Heading, Paragraph},
        switch::Switch,
    },
};

/// The list, or the one that was opened.
#[component]
pub(crate) fn History() -> impl IntoView {
    let ui = Ui::current();
    let opened = RwSignal::new(None::<PastConversation>);
    let coming = move || ui.state.read(|s| s.history == Past::Coming);
    on_change(coming, move || {
        if coming() {
            ui.act(|chat| chat.find_history());
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
                    Past::Hidden | Past::Coming => status("history-coming", "history.coming"),
                    Past::Known(past) if past.is_empty() => status("history-none", "history.none"),
                    Past::Known(past) => once(view! {
                        <ul>{all(past.into_iter().map(|past| view! { <Row past opened/> }))}</ul>
                    }),
                    Past::Failed(trouble) => once(view! { <Failed trouble/> }),
                }}
            </Switch>
            <Back/>
        </Block>
    })
}

#[component]
fn Failed(trouble: Trouble) -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Block role="alert">
            <Paragraph text=ui.text(text::trouble(trouble))/>
            <Button
                class="button"
                part="history-retry"
                label=ui.text("panel.retry")
                on_press=|| act(|chat| chat.look_for_history())
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
        view! { <p dir="auto" data-part="history-begins">{preview}</p> }
    }));
    let office = past.segnalazioni.iter().map(|one| {
        let said = ui.words(|all| words::segnalazione(all, &one.state, one.number.as_deref()));
        view! { <Paragraph part="history-segnalazione" text=said/> }
    });
    let (outcome, office) = (ui.text(words::past(&past)), all(office));
    let open = move || {
        if is_open {
            ui.act(|chat| chat.go_on(past.clone()));
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

/// A conversation that is over, beside whatever else goes on: what an office answers still comes.
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
    // What is below reads the state of this conversation, and acts on it.
    let Some(ui) = outside.beside(chat.look_at(chunk, &past, state)) else { return nothing() };
    provide_context(ui);
    let back = move || {
        opened.set(None);
        outside.act(|chat| chat.look_for_history());
    };
    let stuck = move || match state.read(|s| s.stage.clone()) {
        Stage::Stuck(trouble) => Some(trouble),
        Stage::Idle | Stage::Entering | Stage::Refused(_) | Stage::Writing | Stage::Inside => None,
    };
    let say = move |trouble| {
        let said = ui.text(text::trouble(trouble));
        view! { <Paragraph class="error" role="alert" part="history-trouble" text=said/> }
    };
    once(view! {
        <Block class="inside">
            <Block class="aside">
                <Button class="button quiet" part="history-back" label=ui.text("history.back") on_press=back/>
                <Heading focused=true text=title/>
            </Block>
            {(chunk.log)()}
            // The list has another ticket for each.
            <Switch on=stuck let:trouble>{optional(trouble.map(say))}</Switch>
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
