// SPDX-License-Identifier: EUPL-1.2
//! Whether the advisor takes what comes, what that means, and who else is at the desk.

use infocig_protocol::desk::{Colleague, Presence};
use leptos::prelude::*;

use super::Intents;
use crate::{
    speech::Speech,
    state::{Connection, DeskState},
    text,
};

const CHOICES: [(Presence, &str); 3] =
    [(Presence::Available, "available"), (Presence::Paused, "paused"), (Presence::Leaving, "leaving")];

/// The switch, with what it means.
#[component]
pub(crate) fn PresenceSwitch() -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let live = move || state.connection.get() == Connection::Live;
    let means = Memo::new(move |_| {
        if state.wanted_presence.get().is_some() {
            return speech.say("presence.coming");
        }
        state
            .presence
            .get()
            .map(|presence| text::presence_means(&speech.words(), presence, state.assignment(), state.load()))
            .unwrap_or_default()
    });
    let buttons = CHOICES.map(|(presence, word)| {
        let is = move || state.wanted_presence.get().or(state.presence.get()) == Some(presence);
        view! {
            <button
                type="button"
                class="button"
                data-presence=word
                aria-pressed=move || is().to_string()
                aria-disabled=move || (!live()).to_string()
                on:click=move |_| intents.be(presence)
            >
                {speech.say(text::presence_word(presence))}
            </button>
        }
    });
    view! {
        <div class="presence-bar">
            <div
                class="switch"
                role="group"
                aria-label=speech.say("presence.title")
                aria-describedby="presence-means"
                tabindex="-1"
                data-part="presence-switch"
            >
                {buttons}
            </div>
            <p class="quiet" id="presence-means" data-part="presence-means">{move || means.get()}</p>
        </div>
    }
}

/// Everybody else at the desk.
#[component]
pub(crate) fn Colleagues() -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let others = Memo::new(move |_| state.others());
    let capacity = Memo::new(move |_| {
        state.welcome.with(|welcome| welcome.as_ref().map_or(0, |welcome| welcome.capacity))
    });
    let how_many = move || text::how_many_colleagues(&speech.words(), others.with(Vec::len));
    let rows = move || {
        others
            .get()
            .into_iter()
            .map(|one: Colleague| {
                let stands = text::colleague(&speech.words(), &one, capacity.get());
                view! {
                    <li class="colleague" data-part="colleague">
                        <span class="name">{one.name}</span>
                        " "
                        <span class="quiet">{stands}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <details class="panel colleagues" data-part="colleagues">
            <summary>
                <span class="summary-heading">{speech.say("colleagues.title")}</span>
                " "
                <span class="count">{how_many}</span>
            </summary>
            <ul class="list">{rows}</ul>
            <Show when=move || others.with(Vec::is_empty)>
                <p class="quiet">{speech.say("colleagues.none")}</p>
            </Show>
        </details>
    }
}
