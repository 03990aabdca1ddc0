// SPDX-License-Identifier: EUPL-1.2
//! The person's conversations, and one of them read again.

use infocig_protocol::segnalazione::PastConversation;
use leptos::{html, prelude::*};

use super::{ChatHandle, button, focus_panel, moment, receipt::ReceiptView, status, transcript::Transcript};
use crate::{
    state::{ChatState, Past, Stage},
    text::{self, office as words},
};

/// The list, or the one that was opened.
#[component]
pub(crate) fn History(state: ChatState, chat: ChatHandle, on_back: UnsyncCallback<()>) -> impl IntoView {
    let opened = RwSignal::new(None::<PastConversation>);
    let back = move || {
        opened.set(None);
        chat.with_value(|c| c.look_for_history());
    };
    move || match opened.get() {
        Some(past) => {
            view! { <Reading past chat on_back=UnsyncCallback::new(move |()| back()) /> }.into_any()
        }
        None => view! { <List state chat opened on_back /> }.into_any(),
    }
}

#[component]
fn List(
    state: ChatState,
    chat: ChatHandle,
    opened: RwSignal<Option<PastConversation>>,
    on_back: UnsyncCallback<()>,
) -> impl IntoView {
    let row = move |past: PastConversation| {
        let is_open = past.closed.is_none();
        let at = moment(past.opened);
        let office = past.segnalazioni.iter().map(|one| {
            view! { <p data-part="history-segnalazione">{words::segnalazione(&one.state, one.number.as_deref())}</p> }
        });
        let label = if is_open { words::GO_ON } else { words::OPEN };
        view! {
            <li data-part="history-item">
                <p><strong>{at.clone()}</strong></p>
                <p data-part="history-outcome">{words::past(&past)}</p>
                {office.collect_view()}
                <button type="button" class="button" data-part="history-open" aria-label=format!("{label}: {at}") on:click=move |_| {
                    if is_open {
                        chat.with_value(|c| c.go_on(past.clone()));
                    } else {
                        opened.set(Some(past.clone()));
                    }
                }>
                    {label}
                </button>
            </li>
        }
    };
    let list = move || match state.history.get() {
        Past::Hidden | Past::Coming => status("", "history-coming", words::HISTORY_LOADING),
        Past::Known(past) if past.is_empty() => status("", "history-none", words::HISTORY_NONE),
        Past::Known(past) => view! { <ul>{past.into_iter().map(row).collect_view()}</ul> }.into_any(),
        Past::Failed(trouble) => view! {
            <div role="alert">
                <p>{text::trouble(trouble)}</p>
                {button("button", "history-retry", text::RETRY, move |event| {
                    focus_panel(event);
                    chat.with_value(|c| c.look_for_history());
                })}
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="notice tall" data-part="history-list">
            {heading(words::HISTORY.into())}
            {list}
            {button("button quiet", "back", text::BACK, move |_| on_back.run(()))}
        </div>
    }
}

/// A conversation that is over, beside whatever else goes on: what an office answers still comes.
#[component]
fn Reading(past: PastConversation, chat: ChatHandle, on_back: UnsyncCallback<()>) -> impl IntoView {
    let state = ChatState::new();
    let title = format!("{}, {}", moment(past.opened), words::past(&past));
    let chat = StoredValue::new_local(chat.with_value(|c| c.look_at(&past, state)));
    let ready = Memo::new(move |_| state.is_closed());
    view! {
        <div class="aside">
            {button("button quiet", "history-back", words::HISTORY_BACK, move |_| on_back.run(()))}
            {heading(title)}
        </div>
        <Transcript state chat />
        // The list has another ticket for each.
        {move || {
            let stage = state.stage.get();
            let trouble = if let Stage::Stuck(trouble) = stage { Some(trouble) } else { None };
            trouble.map(|trouble| view! { <p class="error" role="alert" data-part="history-trouble">{text::trouble(trouble)}</p> })
        }}
        {move || if ready.get() {
            view! { <ReceiptView state chat /> }.into_any()
        } else {
            status("presence", "history-link", text::LINK_CONNECTING)
        }}
    }
}

/// A heading that takes the focus when what it stands over comes on screen.
fn heading(title: String) -> impl IntoView {
    let heading = NodeRef::<html::H3>::new();
    heading.on_load(|heading| {
        let _focused = heading.focus();
    });
    view! { <h3 tabindex="-1" node_ref=heading>{title}</h3> }
}
