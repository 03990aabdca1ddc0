// SPDX-License-Identifier: EUPL-1.2
//! The dialog of sounds and notifications: switches, the browser's permission, and a trial.

use leptos::prelude::*;

use super::dialog::{Cancel, Modal};
use crate::{
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState, Dialog,
        preferences::{Permission, Preferences},
    },
    text,
};

#[component]
pub(crate) fn AlertChoices() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let sound = move |event| {
        let sound = event_target_checked(&event);
        intents.set_preferences(Preferences { sound, ..state.preferences.chosen.get_untracked() });
    };
    let desktop = move |event| {
        let desktop = event_target_checked(&event);
        intents.set_preferences(Preferences { desktop, ..state.preferences.chosen.get_untracked() });
    };
    let missing = move || matches!(state.preferences.permission.get(), Permission::Missing);
    view! {
        <Modal which=Dialog::Alerts part="alerts" heading=i18n.text("alerts.title")>
            <label class="option">
                <input
                    type="checkbox"
                    data-part="alerts-sound"
                    prop:checked=move || state.preferences.chosen.get().sound
                    on:change=sound
                />
                <span class="option-text">
                    <span class="name">{i18n.text("alerts.sound")}</span>
                    <span class="quiet">{i18n.text("alerts.sound_hint")}</span>
                </span>
            </label>
            <label class="option" class:unavailable=missing>
                <input
                    type="checkbox"
                    data-part="alerts-desktop"
                    disabled=missing
                    prop:checked=move || state.preferences.chosen.get().desktop
                    on:change=desktop
                />
                <span class="option-text">
                    <span class="name">{i18n.text("alerts.desktop")}</span>
                    <span class="quiet">{move || i18n.text(text::permission(state.preferences.permission.get()))}</span>
                </span>
            </label>
            <p role="status">{move || state.preferences.trial.get().map(|trial| text::alert_trial(&i18n.words(), trial))}</p>
            <div class="buttons">
                <button
                    type="button"
                    class="button primary"
                    data-part="alerts-test"
                    on:click=move |_| intents.try_alerts()
                >
                    {i18n.text("alerts.try")}
                </button>
                <Cancel label="action.close"/>
            </div>
        </Modal>
    }
}
