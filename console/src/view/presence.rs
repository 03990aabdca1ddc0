// SPDX-License-Identifier: EUPL-1.2
//! The switch of the advisor's presence, its meaning, and the colleagues.

use infocig_protocol::desk::{Colleague, Presence};
use leptos::prelude::*;

use crate::{
    i18n::I18n,
    intents::Intents,
    state::{Connection, DeskState},
    text,
};

const CHOICES: [(Presence, &str); 4] = [
    (Presence::Supervising, "supervising"),
    (Presence::Available, "available"),
    (Presence::Paused, "paused"),
    (Presence::Leaving, "leaving"),
];

/// The switch and the meaning of the current presence.
#[component]
pub(crate) fn PresenceSwitch() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let live = move || state.session.connection.get() == Connection::Live;
    let means = Memo::new(move |_| {
        if state.presence.requested.get().is_some() {
            return i18n.text("presence.coming");
        }
        state
            .presence
            .current
            .get()
            .map(|presence| {
                text::presence_means(&i18n.words(), presence, state.assignment_mode(), state.load())
            })
            .unwrap_or_default()
    });
    let supervises = Memo::new(move |_| state.supervises());
    let buttons = CHOICES.map(|(presence, word)| {
        let is = move || state.presence.requested.get().or(state.presence.current.get()) == Some(presence);
        let button = move || {
            view! {
                <button
                    type="button"
                    class="button"
                    data-presence=word
                    aria-pressed=move || is().to_string()
                    aria-disabled=move || (!live()).to_string()
                    on:click=move |_| intents.set_presence(presence)
                >
                    {i18n.text(text::presence_word(presence))}
                </button>
            }
        };
        view! {
            <Show when=move || presence != Presence::Supervising || supervises.get()>{button()}</Show>
        }
    });
    view! {
        <div class="presence-bar">
            <div
                class="switch"
                role="group"
                aria-label=i18n.text("presence.title")
                aria-describedby="presence-hint"
                tabindex="-1"
                data-part="presence-switch"
            >
                {buttons}
            </div>
            <p class="quiet" id="presence-hint" data-part="presence-hint">{move || means.get()}</p>
        </div>
    }
}

/// Everybody else at the desk.
#[component]
pub(crate) fn Colleagues() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let others = Memo::new(move |_| state.others());
    let capacity = Memo::new(move |_| {
        state.session.welcome.with(|welcome| welcome.as_ref().map_or(0, |welcome| welcome.capacity))
    });
    let how_many = move || text::how_many_colleagues(&i18n.words(), others.with(Vec::len));
    let rows = move || {
        others
            .get()
            .into_iter()
            .map(|one: Colleague| {
                let status = text::colleague(&i18n.words(), &one, capacity.get());
                view! {
                    <li class="colleague" data-part="colleague">
                        <span class="name">{one.name}</span>
                        " "
                        <span class="quiet">{status}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <details class="panel colleagues" data-part="colleagues">
            <summary>
                <span class="summary-heading">{i18n.text("colleagues.title")}</span>
                " "
                <span class="count">{how_many}</span>
            </summary>
            <ul class="list">{rows}</ul>
            <Show when=move || others.with(Vec::is_empty)>
                <p class="quiet">{i18n.text("colleagues.none")}</p>
            </Show>
        </details>
    }
}
