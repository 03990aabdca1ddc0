// SPDX-License-Identifier: EUPL-1.2
//! Sounds and notifications: what is on, what the browser allows, and a trial.

use leptos::prelude::*;

use super::{Intents, dialog::Modal, handing::Cancel};
use crate::{
    speech::Speech,
    state::{
        DeskState, Dialog,
        alerts::{Choices, Permission},
    },
    text,
};

/// The choices and the trial.
#[component]
pub(crate) fn AlertChoices() -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let sound = move |event| {
        let sound = event_target_checked(&event);
        intents.choose(Choices { sound, ..state.choices.get_untracked() });
    };
    let desktop = move |event| {
        let desktop = event_target_checked(&event);
        intents.choose(Choices { desktop, ..state.choices.get_untracked() });
    };
    let missing = move || matches!(state.permission.get(), Permission::Missing);
    view! {
        <Modal which=Dialog::Alerts part="alerts" heading=speech.say("alerts.title")>
            <label class="option">
                <input
                    type="checkbox"
                    data-part="alerts-sound"
                    prop:checked=move || state.choices.get().sound
                    on:change=sound
                />
                <span class="option-words">
                    <span class="name">{speech.say("alerts.sound")}</span>
                    <span class="quiet">{speech.say("alerts.sound_hint")}</span>
                </span>
            </label>
            <label class="option" class:cannot=missing>
                <input
                    type="checkbox"
                    data-part="alerts-desktop"
                    disabled=missing
                    prop:checked=move || state.choices.get().desktop
                    on:change=desktop
                />
                <span class="option-words">
                    <span class="name">{speech.say("alerts.desktop")}</span>
                    <span class="quiet">{move || speech.say(text::permission(state.permission.get()))}</span>
                </span>
            </label>
            <p role="status">{move || state.tried.get().map(|tried| text::tried(&speech.words(), tried))}</p>
            <div class="buttons">
                <button
                    type="button"
                    class="button primary"
                    data-part="alerts-test"
                    on:click=move |_| intents.try_alerts()
                >
                    {speech.say("alerts.try")}
                </button>
                <Cancel words="do.close"/>
            </div>
        </Modal>
    }
}
